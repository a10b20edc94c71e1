"""Watching a model train: one space after the other into one bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.bundle import Bundle, read_manifest, verify
from emblink.bundle.schema import Manifest, WatchInfo
from emblink.errors import InputError
from emblink.types import AnyArray
from emblink.watch import Written, join

N, DIMS = 120, 12
LABELS = np.array([f"kind {one % 4}" for one in range(N)])


def at_step(step: int, *, merged: bool = False, n: int = N) -> AnyArray:
    """Vectors of a model in whose space four kinds come apart, two of which may be one."""
    rng = np.random.default_rng(5)
    centres, own = rng.normal(size=(4, DIMS)), rng.normal(size=(n, DIMS))
    if merged:
        centres[1] = centres[0]
    noise = np.random.default_rng(step).normal(size=(n, DIMS))
    kinds = np.arange(n) % 4
    vectors: AnyArray = (centres[kinds] * min(2.0, 0.4 * step) + own + 0.2 * noise).astype("f4")
    return vectors


def watch_of(path: Path, said: list[str], **options: Any) -> eb.Watch:
    return eb.Watch(path, labels=LABELS, notice=said.append, **{"nice": 0, **options})


def info_of(path: Path) -> tuple[Manifest, WatchInfo]:
    manifest = read_manifest(path)
    assert manifest.watch is not None
    return manifest, manifest.watch


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, list[Written], list[str]]:
    """A run of five steps, one of which holds NaN."""
    path = tmp_path_factory.mktemp("watched") / "run.emblink"
    said: list[str] = []
    with watch_of(path, said) as watch:
        for step in range(5):
            vectors = at_step(step)
            if step == 3:
                vectors[7, 2] = np.nan
            assert watch.log(100 * step, vectors, loss=1 / (step + 1), time=float(step))
    return path, watch.written, said


@pytest.mark.slow
def test_steps_stand_in_order_with_time_and_loss(
    run: tuple[Path, list[Written], list[str]],
) -> None:
    manifest, info = info_of(run[0])
    assert [one.name for one in manifest.spaces] == ["step 0", "step 100", "step 200", "step 400"]
    assert [(one.step, one.time, one.loss) for one in info.steps] == [
        (0, 0.0, 1.0),
        (100, 1.0, 1 / 2),
        (200, 2.0, 1 / 3),
        (400, 4.0, 1 / 5),
    ]
    assert info.finished


@pytest.mark.slow
def test_each_step_is_compared_with_the_one_before_and_with_the_first(
    run: tuple[Path, list[Written], list[str]],
) -> None:
    manifest, _ = info_of(run[0])
    assert {(one.a, one.b) for one in manifest.pairs} == {
        ("step 0", "step 100"),
        ("step 100", "step 200"),
        ("step 200", "step 400"),
        ("step 0", "step 200"),
        ("step 0", "step 400"),
    }


@pytest.mark.slow
def test_a_step_with_nan_is_left_out_and_said(run: tuple[Path, list[Written], list[str]]) -> None:
    path, written, said = run
    assert [one.step for one in written if one.why] == [300]
    assert any("step 300 is left out" in one and "NaN" in one for one in said)
    assert [one.step for one in info_of(path)[1].left_out] == [300]


@pytest.mark.slow
def test_a_watched_bundle_is_as_written_and_opens(
    run: tuple[Path, list[Written], list[str]],
) -> None:
    assert verify(run[0]).faults == []
    comparison = eb.open(run[0])
    assert comparison.pair("step 200", "step 400").scores["neighborhood_overlap"]["value"] > 0


@pytest.mark.slow
def test_numbers_of_a_step_are_those_of_a_comparison(
    run: tuple[Path, list[Written], list[str]],
) -> None:
    spaces = {"step 200": at_step(2), "step 400": at_step(4)}
    alone = eb.compare(spaces, labels=LABELS).pair("step 200", "step 400")
    watched = eb.open(run[0]).pair("step 200", "step 400")
    for name in ("neighborhood_overlap", "linear_cka", "procrustes_similarity"):
        assert watched.scores[name]["value"] == pytest.approx(
            alone.scores[name]["value"], abs=1e-12
        )
    kept = {one.step: one.kept for one in run[1]}
    assert kept[400] == pytest.approx(alone.scores["neighborhood_overlap"]["value"], abs=1e-12)


@pytest.mark.slow
def test_what_was_learnt_is_said_in_order(run: tuple[Path, list[Written], list[str]]) -> None:
    learnt = info_of(run[0])[1].learnt
    steps = [int(one.split()[2].strip(":").replace(",", "")) for one in learnt if one[:2] == "By"]
    assert steps
    assert steps == sorted(steps)
    told = " ".join(learnt)
    assert all(f"kind {kind}" in told for kind in range(4))


@pytest.mark.slow
def test_later_steps_leave_earlier_pictures_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "run.emblink"
    with watch_of(path, []) as watch:
        watch.log(0, at_step(0))
        watch.log(1, at_step(1))
    before = [np.array(Bundle(path).projection(name).coords) for name in ("step 0", "step 1")]
    with watch_of(path, []) as watch:
        watch.log(2, at_step(2))
    for name, coords in zip(("step 0", "step 1"), before, strict=True):
        assert np.array_equal(Bundle(path).projection(name).coords, coords)


@pytest.mark.slow
def test_a_merge_of_two_classes_is_the_first_finding_of_its_step(tmp_path: Path) -> None:
    path = tmp_path / "run.emblink"
    said: list[str] = []
    with watch_of(path, said) as watch:
        for step in (10, 11, 12):
            watch.log(step, at_step(step, merged=step == 12))
    manifest, info = info_of(path)
    (report,) = [
        one for one in manifest.report["pairs"] if one["b"] == "step 12" and one["a"] == "step 11"
    ]
    assert "kind 0" in report["findings"][0]["title"]
    assert "kind 1" in report["findings"][0]["title"]
    first = info.alerts[0]
    assert first.step == 12
    assert "kind 0" in first.sentence
    assert "kind 1" in first.sentence
    assert first.sentence in said
    assert not [one for one in info.alerts if one.step < 12]


def test_other_ranks_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("RANK", "1"), ("SLURM_PROCID", "3"), ("LOCAL_RANK", "2")):
        with monkeypatch.context() as context:
            context.setenv(name, value)
            watch = watch_of(tmp_path / "run.emblink", [])
            assert not watch.log(0, at_step(0))
            watch.close()
    assert not (tmp_path / "run.emblink").exists()


def test_the_rank_of_all_counts_before_that_of_a_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANK", "8")
    monkeypatch.setenv("LOCAL_RANK", "0")
    assert not watch_of(tmp_path / "run.emblink", []).active
    assert watch_of(tmp_path / "run.emblink", [], rank=0).active


def test_the_first_step_refuses_what_does_not_fit(tmp_path: Path) -> None:
    watch = watch_of(tmp_path / "run.emblink", [])
    with pytest.raises(InputError, match="shape"):
        watch.log(0, np.zeros(5))
    with pytest.raises(InputError):
        watch.log(0, at_step(0)[:50])
    watch.close()
    assert not (tmp_path / "run.emblink").exists()


def test_a_comparison_that_is_no_run_is_refused(tmp_path: Path) -> None:
    eb.compare({"a": at_step(0, n=40), "b": at_step(1, n=40)}, out=tmp_path / "c.emblink")
    with pytest.raises(InputError, match="no run of steps"):
        eb.Watch(tmp_path / "c.emblink")


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    said: list[str] = []
    with watch_of(tmp_path / "mine", said) as watch:
        watch.log(0, at_step(0))
    assert any("not an Emblink bundle" in one for one in said)
    assert [one.name for one in (tmp_path / "mine").iterdir()] == ["notes.txt"]


@pytest.mark.slow
def test_other_runs_that_join_give_the_floors(tmp_path: Path) -> None:
    for seed, name in enumerate(("run", "again")):
        with eb.Watch(tmp_path / f"{name}.emblink", labels=LABELS, notice=lambda _: None) as watch:
            for step in range(3):
                watch.log(step, at_step(step) + 0.05 * seed * at_step(step + 50))
    run = tmp_path / "run.emblink"
    join(run, tmp_path / "again.emblink")
    manifest, info = info_of(run)
    report = next(one for one in manifest.report["pairs"] if one["b"] == "step 2")
    assert report["scores"]["neighborhood_overlap"]["floor_kind"] == "replicate"
    assert report["beyond_noise"]["n_replicates"] > 0
    with eb.Watch(run, labels=LABELS, notice=lambda _: None) as watch:
        watch.log(3, at_step(3))
    manifest, info = info_of(run)
    assert [one.step for one in info.steps] == [0, 1, 2, 3]
    replicates = [one["replicate_of"] for one in manifest.report["spaces"] if "replicate_of" in one]
    assert replicates == ["step 0", "step 1", "step 2"]


@pytest.mark.slow
def test_a_run_without_a_common_step_joins_nothing(tmp_path: Path) -> None:
    for step, name in enumerate(("run", "other")):
        with eb.Watch(tmp_path / f"{name}.emblink", labels=LABELS, notice=lambda _: None) as watch:
            watch.log(step, at_step(step))
    with pytest.raises(InputError, match="no step in common"):
        join(tmp_path / "run.emblink", tmp_path / "other.emblink")
