"""Every move classed: planted changes and planted layout artefacts come out as what they are."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from sklearn.datasets import load_digits

import emblink as eb
from emblink.errors import BundleError
from emblink.pipeline import _joint
from emblink.projection import VISIBLE, JointLayout
from emblink.report import as_markdown, as_terminal
from emblink.types import MOVE_CLASSES, FloatArray, MoveCounts
from tests.conftest import clustered

pytestmark = pytest.mark.slow


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[FloatArray]], None]:
    """Return what makes the joint layout draw given pictures, however often it is asked."""

    def draw(pictures: Sequence[FloatArray]) -> None:
        fixed = [np.asarray(one, np.float32) for one in pictures]
        layout = JointLayout(fixed, np.zeros((1, 2), np.float32), 1.0)
        monkeypatch.setattr(_joint, "joint_layout", lambda *_, **__: layout)
        monkeypatch.setattr(_joint, "drawn_again", lambda *_, **__: fixed)

    return draw


def total(counts: MoveCounts) -> int:
    return sum(counts[one] for one in MOVE_CLASSES)


def jitter(x: FloatArray, noise: float, *, seed: int) -> FloatArray:
    noisy: FloatArray = x + noise * np.random.default_rng(seed).standard_normal(x.shape)
    return noisy


def round_picture(n: int, *, seed: int = 0) -> FloatArray:
    coords = np.random.default_rng(seed).standard_normal((n, 2))
    return np.asarray(coords / np.sqrt((coords**2).sum(axis=1).mean()))


def test_a_copy_stands_exactly_still() -> None:
    x, _ = clustered()
    comparison = eb.compare({"a": x, "copy": x.copy()})
    for method in ("joint", "pca"):
        moves = comparison.moves("a", "copy", method=method)
        assert not moves.displacement.any()
        assert {one for one, n in moves.counts.items() if n} == {"still"}
        assert moves.counts["still"] == 240
        assert moves.floor >= VISIBLE
    assert comparison.report()["pairs"][0]["moves"]["shares"]["still"] == 1.0
    assert not any("misleads" in one for one in comparison.pair("a", "copy").report["warnings"])


@pytest.mark.slow
def test_digits_turned_and_scaled_stand_still() -> None:
    x = load_digits().data[:300]
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((64, 64)))[0]
    comparison = eb.compare({"digits": x, "turned": 5 * x @ turn}, metric="euclidean")
    joint = comparison.moves("digits", "turned")
    assert joint.floor_kind in ("layout", "none")
    assert joint.counts["changed_and_moved"] == joint.counts["changed_not_shown"] == 0
    assert joint.counts["still"] > 0.98 * 300
    pca = comparison.moves("digits", "turned", method="pca")
    assert (pca.floor, pca.floor_kind) == (VISIBLE, "none")
    assert pca.displacement.max() < 1e-5
    assert pca.counts["still"] == 300


def test_items_that_went_to_another_cluster_changed_and_moved_and_the_others_did_not() -> None:
    x, labels = clustered(200)
    centres = np.array([x[labels == one].mean(axis=0) for one in range(4)])
    went = np.random.default_rng(0).permutation(200) < 20
    later = jitter(x, 0.15, seed=1)
    later[went] += (centres[(labels + 1) % 4] - centres[labels])[went]
    comparison = eb.compare(
        {"a": x, "b": later, "again": jitter(x, 0.15, seed=2)}, replicates={"a": ["again"]}
    )
    codes = comparison.moves("a", "b").codes
    assert (codes[went] == 1).mean() > 0.8
    assert (codes[~went] == 1).mean() < 0.05
    assert np.isin(codes[~went], (0, 3)).mean() > 0.8


def test_in_a_scrambled_picture_unchanged_items_moved_and_did_not_change(drawn: Any) -> None:
    x, _ = clustered()
    coords = round_picture(240)
    drawn([coords, coords[np.random.default_rng(1).permutation(240)]])
    comparison = eb.compare({"a": x, "copy": x.copy()})
    moves = comparison.moves("a", "copy")
    assert (moves.floor, moves.floor_kind) == (VISIBLE, "none")
    assert moves.counts["moved_not_changed"] > 220
    assert moves.counts["changed_and_moved"] == moves.counts["changed_not_shown"] == 0
    (warning,) = (
        one for one in comparison.pair("a", "copy").report["warnings"] if "mislead" in one
    )
    assert "move though they did not change" in warning


def mostly_kept(x: FloatArray, *, others: int) -> FloatArray:
    """Return a space in which the first items are elsewhere, each for itself."""
    later = jitter(x, 0.02, seed=1)
    later[:others] = 3 * np.random.default_rng(3).standard_normal((others, x.shape[1]))
    return later


@pytest.mark.slow
@pytest.mark.parametrize("replicated", [False, True])
def test_items_that_lost_every_neighbour_and_look_still_are_listed(
    drawn: Any, *, replicated: bool
) -> None:
    x, _ = clustered()
    spaces = {"a": x, "b": mostly_kept(x, others=12)}
    if replicated:
        spaces["again"] = jitter(x, 0.02, seed=2)
    drawn([round_picture(240)] * len(spaces))
    ids = [f"item {i}" for i in range(240)]
    replicates = {"a": ["again"]} if replicated else None
    comparison = eb.compare(spaces, ids=ids, replicates=replicates)
    moves, report = comparison.moves("a", "b"), comparison.pair("a", "b").report["moves"]
    lost = np.flatnonzero(moves.codes == MOVE_CLASSES.index("lost_and_still"))
    assert moves.kept is not None
    np.testing.assert_array_equal(lost, np.flatnonzero(moves.kept == 0))
    assert set(lost) <= set(range(12))
    assert len(lost) >= 8
    told = report["lost_and_still"]
    assert (told["n"], len(told["first"])) == (len(lost), min(len(lost), 10))
    assert {one["id"] for one in told["first"]} <= {ids[i] for i in lost}
    assert f"{len(lost)} lost every neighbour and look still (item " in as_markdown(
        comparison.report()
    )


def test_an_item_that_lost_every_neighbour_and_moves_is_not_listed(drawn: Any) -> None:
    x, _ = clustered()
    coords = round_picture(240)
    drawn([coords, coords + np.array([0.03, 0])])
    comparison = eb.compare({"a": x, "b": mostly_kept(x, others=12)})
    assert comparison.pair("a", "b").report["moves"]["lost_and_still"] == {"n": 0, "first": []}
    assert not comparison.moves("a", "b").counts["lost_and_still"]


@pytest.mark.slow
@pytest.mark.parametrize("replicated", [False, True])
def test_no_move_between_unrelated_spaces_is_told_as_change(*, replicated: bool) -> None:
    x, _ = clustered(400)
    other, _ = clustered(400, seed=5)
    spaces = {"a": x, "b": other[np.random.default_rng(1).permutation(400)]}
    if replicated:
        spaces["again"] = jitter(x, 0.1, seed=2)
    comparison = eb.compare(spaces, replicates={"a": ["again"]} if replicated else None)
    moves = comparison.moves("a", "b")
    assert {one for one, n in moves.counts.items() if n} == {"amount_only"}
    report = comparison.pair("a", "b").report
    assert "lost_and_still" not in report["moves"]
    assert "oves: mean nothing" in as_markdown(comparison.report())


@pytest.mark.slow
def test_without_a_replicate_nothing_is_called_changed() -> None:
    x, _ = clustered()
    comparison = eb.compare({"a": x, "b": jitter(x, 0.5, seed=1)})
    moves, report = comparison.moves("a", "b"), comparison.pair("a", "b").report["moves"]
    assert {one for one, n in moves.counts.items() if n} <= {
        "amount_only", "moved_not_changed", "lost_and_still",
    }  # fmt: skip
    assert moves.kept is not None
    assert moves.expected is None
    assert (moves.kept[moves.codes == 2] >= 9).all()
    overlap = comparison.pair("a", "b").items["neighborhood_overlap"]
    np.testing.assert_array_equal(moves.kept, np.rint(10 * overlap))
    assert report["kept"] == pytest.approx(moves.kept.mean())


@pytest.mark.slow
def test_of_another_run_of_the_recipe_hardly_an_item_is_called_changed() -> None:
    x, _ = clustered(600)
    spaces = {name: jitter(x, 0.4, seed=i) for i, name in enumerate(("a", "b", "again"))}
    comparison = eb.compare(spaces, replicates={"a": ["again"]}, pairs=[("a", "b")])
    moves = comparison.moves("a", "b")
    assert moves.counts["changed_and_moved"] + moves.counts["changed_not_shown"] <= 3
    assert moves.expected is not None
    assert moves.expected.mean() == pytest.approx(moves.kept.mean(), abs=0.3)  # type: ignore[union-attr]


@pytest.mark.slow
def test_a_carried_cluster_is_drawn_where_it_went() -> None:
    rng = np.random.default_rng(7)
    centres = 2.2 * rng.standard_normal((8, 10))
    labels = np.arange(640) % 8
    x = centres[labels] + 0.6 * rng.standard_normal((640, 10))
    later, went = x.copy(), labels == 0
    beside = centres[5] + 0.5 * (centres[5] - centres.mean(axis=0))
    later[went] += beside - centres[0]
    spaces = {"a": jitter(x, 0.12, seed=1), "b": jitter(later, 0.12, seed=2)}
    spaces["again"] = jitter(x, 0.12, seed=3)
    comparison = eb.compare(
        spaces, metric="euclidean", replicates={"a": ["again"]}, pairs=[("a", "b")]
    )
    moves, report = comparison.moves("a", "b"), comparison.pair("a", "b").report["moves"]
    assert np.median(moves.displacement[went]) > 0.3
    assert np.median(moves.displacement[~went]) < 0.03
    assert (moves.codes[went] == MOVE_CLASSES.index("changed_and_moved")).mean() > 0.9
    assert 0.9 * went.sum() < report["carried"] <= went.sum()
    again = comparison.projections["again"].coords - comparison.projections["a"].coords
    assert np.median(np.linalg.norm(again[went], axis=1)) < 0.05


@pytest.mark.slow
def test_the_greatest_noise_is_the_movement_floor(drawn: Any) -> None:
    x, _ = clustered()
    coords = round_picture(240)
    drawn([coords + np.array(by) for by in ([0, 0], [0.5, 0], [0, 0.3], [0.4, 0])])
    spaces = {"a": x, "b": jitter(x, 1, seed=1), "a2": jitter(x, 1, seed=2), "b2": x.copy()}
    comparison = eb.compare(spaces, replicates={"a": ["a2"], "b": ["b2"]})
    moves = comparison.moves("a", "b")
    assert moves.floor_kind == "replicate"
    assert moves.floor == pytest.approx((0.3 + 0.1) / 2, rel=1e-5)
    assert moves.counts["still"] == moves.counts["changed_not_shown"] == 0


def test_the_layouts_own_noise_is_a_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    x, _ = clustered()
    coords = round_picture(240).astype(np.float32)
    away = 0.1 * round_picture(240, seed=1).astype(np.float32)

    layout = JointLayout([coords] * 2, coords, 1.0)
    monkeypatch.setattr(_joint, "joint_layout", lambda *_, **__: layout)
    monkeypatch.setattr(_joint, "drawn_again", lambda *_, **__: [coords + away] * 2)
    moves = eb.compare({"a": x, "copy": x.copy()}).moves("a", "copy")
    assert moves.floor_kind == "layout"
    assert moves.floor == pytest.approx(np.percentile(np.linalg.norm(away, axis=1), 95), rel=0.1)


@pytest.mark.slow
def test_replicates_that_share_hardly_anything_let_no_item_be_said_to_have_changed() -> None:
    x, _ = clustered(200, spread=1.0)
    spaces = {name: jitter(x, 1.5, seed=i) for i, name in enumerate(("a", "b", "again"))}
    comparison = eb.compare(spaces, replicates={"a": ["again"]})
    report = comparison.pair("a", "b").report
    counts = report["moves"]["counts"]
    assert counts["changed_and_moved"] == counts["changed_not_shown"] == 0
    assert any("no single item can be said to have changed" in one for one in report["warnings"])


@pytest.mark.slow
def test_moves_are_of_the_common_items_in_the_callers_order() -> None:
    x, _ = clustered()
    rng = np.random.default_rng(3)
    rows = [np.arange(200), 40 + rng.permutation(200)]
    spaces = {"a": x[rows[0]], "b": jitter(x, 0.5, seed=1)[rows[1]]}
    comparison = eb.compare(spaces, ids={name: 7 * at for name, at in zip("ab", rows, strict=True)})
    moves = comparison.moves("a", "b")
    assert len(moves.rows) == 160
    assert {*comparison.ids[moves.rows].tolist()} == {7 * i for i in range(40, 200)}
    for row, item in enumerate(comparison.ids[moves.rows] // 7):
        places = [
            comparison.projections[name].coords[np.flatnonzero(at == item)[0]]
            for name, at in zip("ab", rows, strict=True)
        ]
        assert moves.displacement[row] == pytest.approx(np.linalg.norm(places[1] - places[0]))
    overlap = comparison.pair("a", "b").items["neighborhood_overlap"][moves.rows]
    np.testing.assert_array_equal(moves.kept, np.rint(10 * overlap))


@pytest.mark.slow
def test_a_run_stopped_at_the_second_drawing_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    x, _ = clustered(120)
    spaces = {"a": x, "b": jitter(x, 1, seed=1)}

    def stop(step: str, done: int, total: int) -> None:
        if "once more" in step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        eb.compare(spaces, out=tmp_path / "x", title="t", progress=stop)
    for name in ("x", "y"):
        eb.compare(spaces, out=tmp_path / name, title="t")
    files = [
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file() and path.name not in ("emblink.json", "run.json")  # an id, and times
        }
        for name in ("x", "y")
    ]
    assert any(path.name == "displacement.npy" for path in files[0])
    assert files[0] == files[1]


def test_four_items_have_moves() -> None:
    x, _ = clustered(4)
    moves = eb.compare({"a": x, "b": x[::-1].copy()}).moves("a", "b")
    assert np.isfinite(moves.displacement).all()
    assert total(moves.counts) == 4


def test_all_equal_vectors_stand_still() -> None:
    moves = eb.compare({"a": np.ones((30, 3)), "b": np.ones((30, 3))}).moves("a", "b")
    assert moves.counts["still"] == 30


def test_spaces_that_share_labels_alone_have_no_moves() -> None:
    x, labels = clustered(160)
    comparison = eb.compare(
        {"a": x[:80], "b": x[80:]},
        ids={"a": np.arange(80), "b": np.arange(80, 160)},
        labels={"a": labels[:80], "b": labels[80:]},
    )
    assert "moves" not in comparison.report()["pairs"][0]
    assert "moves:" not in as_markdown(comparison.report())
    with pytest.raises(BundleError, match="a → b has no moves by 'joint'; its spaces have no item"):
        comparison.moves("a", "b")


def test_an_unknown_method_is_named_beside_the_known(small: eb.Comparison) -> None:
    with pytest.raises(
        BundleError, match=r"no moves by 'umap'; it has moves by \['joint', 'pca'\]"
    ):
        small.moves("a", "noisy", method="umap")


def test_the_report_says_what_an_item_keeps_and_how_many_moves_mislead(
    small: eb.Comparison,
) -> None:
    pair = small.pair("a", "noisy").report
    counts = pair["moves"]["counts"]
    assert counts == small.moves("a", "noisy").counts
    assert total(counts) == pair["n_common"] == 180
    words = f"oves: an item keeps {pair['moves']['kept']:.1f} of 10 neighbours"
    misleading = (
        f"; {counts['moved_not_changed']} moved, not changed (moved: over "
        f"{pair['moves']['movement_floor']:.3f} radii, the layout's own noise; "
        "not changed: 9 of 10 kept or more)"
    )
    words += misleading if counts["moved_not_changed"] else ""
    console = Console(width=300, file=io.StringIO(), record=True)
    console.print(as_terminal(small.report(), full=True))
    assert f"m{words}" in console.export_text()
    assert f"M{words}" in as_markdown(small.report())


def test_a_bundle_with_the_four_older_classes_still_opens(
    small: eb.Comparison, tmp_path: Path
) -> None:
    copy = small.save(tmp_path / "old.emblink")
    file = copy.path / "manifest.json"
    (copy.path / "emblink.json").unlink()
    manifest = json.loads(file.read_bytes())
    del manifest["checksum"], manifest["stages"]
    older = {"still": 100, "real": 50, "layout_only": 10, "hidden": 20}
    for info in manifest["pairs"]:
        for one in info["moves"]:
            for name in ("judged_by", "k", "kept", "expected"):
                one.pop(name, None)
            one["counts"] = older
    for pair in manifest["report"]["pairs"]:
        floor = {name: pair["moves"][name] for name in ("movement_floor", "floor_kind")}
        shares = {name: n / 180 for name, n in older.items()}
        pair["moves"] = {"counts": older, "shares": shares, "change_threshold": 0.9, **floor}
    file.write_text(json.dumps(manifest), encoding="utf-8")
    opened = eb.open(copy.path)
    assert "oves: counted by an older Emblink; compare again" in as_markdown(opened.report())
    moves = opened.moves("a", "noisy")
    assert (moves.k, moves.kept, moves.expected) == (0, None, None)
    assert total(moves.counts) == 180


def test_a_bundle_that_knows_no_moves_still_opens(small: eb.Comparison, tmp_path: Path) -> None:
    copy = small.save(tmp_path / "old.emblink")
    file = copy.path / "manifest.json"
    (copy.path / "emblink.json").unlink()
    manifest = json.loads(file.read_bytes())
    del manifest["checksum"], manifest["stages"]
    for pair in manifest["pairs"]:
        del pair["moves"]
    for pair in manifest["report"]["pairs"]:
        del pair["moves"]
    file.write_text(json.dumps(manifest), encoding="utf-8")
    older = eb.open(copy.path)
    assert "moves:" not in as_markdown(older.report())
    with pytest.raises(BundleError, match="compare again"):
        older.moves("a", "noisy")
