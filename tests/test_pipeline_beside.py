"""Pairs are compared beside each other, and nothing shows it but the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.bundle import open_store, read_manifest, read_run
from emblink.compute import on_threads, threads, within_memory
from emblink.pipeline._beside import ITEM_BYTES, beside, bytes_of_job, jobs_at_once
from emblink.pipeline._run import StepProgress, quiet
from tests.conftest import clustered


@dataclass(frozen=True)
class FewThings:
    """What :func:`beside` asks of a run."""

    report_step: StepProgress = quiet
    clock: Callable[[], float] = float
    space_set: Any = field(
        default_factory=lambda: SimpleNamespace(
            spaces={"a": SimpleNamespace(vectors=np.zeros((100, 8), np.float32))}
        )
    )


@pytest.fixture(autouse=True)
def three_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBLINK_THREADS", "3")


def work_on(run: FewThings, jobs: list[Any], work: Callable[[Any, Any], Any]) -> list[Any]:
    return beside(run, work, jobs)  # type: ignore[arg-type]


def test_jobs_are_done_at_once_and_answered_in_their_order() -> None:
    together = threading.Barrier(3, timeout=20)

    def work(_: Any, job: int) -> tuple[int, int]:
        together.wait()
        return job, threads()

    assert work_on(FewThings(), [3, 1, 2], work) == [(3, 1), (1, 1), (2, 1)]


def test_threads_are_shared_out_among_few_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBLINK_THREADS", "8")
    assert work_on(FewThings(), [0, 1], lambda _, __: threads()) == [4, 4]


def test_who_is_left_over_has_all_threads() -> None:
    def work(run: FewThings, job: int) -> tuple[int, int]:
        return job, threads()

    assert work_on(FewThings(), [*range(4)], work) == [(0, 1), (1, 1), (2, 1), (3, 3)]
    assert work_on(FewThings(), [*range(5)], work)[3:] == [(3, 1), (4, 1)]


@pytest.mark.parametrize("why", ["one thread", "little memory", "one job"])
def test_one_after_the_other_where_no_more_fit(why: str) -> None:
    me, jobs = threading.get_ident(), [0] if why == "one job" else [0, 1, 2]
    with on_threads(1 if why == "one thread" else 3), within_memory(1e6 * (why != "little memory")):
        found = work_on(FewThings(), jobs, lambda _, __: threading.get_ident())
    assert found == [me] * len(jobs)


def test_what_failed_is_raised_and_ends_the_others() -> None:
    begun = threading.Event()
    ended: list[int] = []

    def work(run: FewThings, job: int) -> None:
        if job == 0:
            begun.set()
            for step in range(10**6):
                run.report_step("long", step, 10**6)
                threading.Event().wait(0.001)
            ended.append(job)
        assert begun.wait(20)
        raise ZeroDivisionError("the second job")

    with pytest.raises(ZeroDivisionError, match="the second job"):
        work_on(FewThings(), [0, 1, 2, 3, 4, 5], work)
    assert not ended


def test_reports_never_overlap() -> None:
    inside = threading.Lock()

    def report(step: str, done: int, total: int) -> None:
        assert inside.acquire(blocking=False)
        threading.Event().wait(0.001)
        inside.release()

    def work(run: FewThings, job: int) -> None:
        for done in range(5):
            run.report_step(str(job), done, 5)

    work_on(FewThings(report), [0, 1, 2], work)


def test_of_threads_that_ask_for_one_step_one_computes_it(tmp_path: Path) -> None:
    computed: list[int] = []

    def compute() -> tuple[dict[str, np.ndarray], dict[str, object]]:
        computed.append(1)
        threading.Event().wait(0.05)
        return {"x": np.arange(3)}, {"fact": 1}

    with open_store(tmp_path / "b.emblink", notice=print) as store:
        found = work_on(
            FewThings(), [0, 1, 2], lambda _, __: store.stage("step", "0" * 32, compute)
        )
    assert computed == [1]
    assert [one.arrays["x"].tolist() for one in found] == [[0, 1, 2]] * 3


@pytest.mark.slow
def test_a_comparison_is_the_same_for_any_number_of_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, labels = clustered(300)
    rng = np.random.default_rng(1)
    spaces = {name: x + 0.3 * rng.standard_normal(x.shape) for name in ("a", "b", "a2", "c")}
    spaces["c"][labels == 0] += 3.0
    reports, columns = [], []
    for n in (1, 2, 5):
        monkeypatch.setenv("EMBLINK_THREADS", str(n))
        out = tmp_path / f"{n}.emblink"
        eb.compare(spaces, labels=labels, replicates={"a": ["a2"]}, out=out)
        manifest = read_manifest(out)
        reports.append(manifest.report)
        columns.append([(name, one.path, one.crc32) for name, one in manifest.columns.items()])
        run = read_run(out)
        assert run is not None
        assert sum(one.step == "measures" for one in run.steps) == 4
        assert all(one.cpu >= 0 and one.seconds >= 0 for one in run.steps)
    assert reports[0] == reports[1] == reports[2]
    assert columns[0] == columns[1] == columns[2]


@pytest.mark.slow
def test_a_comparison_that_is_stopped_in_a_pair_goes_on_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, _ = clustered(300)
    rng = np.random.default_rng(2)
    spaces = {name: x + 0.3 * rng.standard_normal(x.shape) for name in "abc"}

    class StoppedError(Exception):
        pass

    def stop(step: str, done: int, total: int) -> None:
        if step.startswith("comparing b"):
            raise StoppedError(step)

    out = tmp_path / "stopped.emblink"
    with pytest.raises(StoppedError, match="comparing b → c"):
        eb.compare(spaces, out=out, progress=stop)
    again: list[str] = []
    whole = eb.compare(spaces, out=out, progress=lambda step, done, total: again.append(step))
    assert not any(step.startswith("aligned layout") for step in again)
    assert whole.report() == eb.compare(spaces).report() | {"version": whole.report()["version"]}


def test_the_memory_of_a_job_counts_both_spaces() -> None:
    n_items, n_dims = 100, 8
    each = bytes_of_job([(n_items, 4 * n_items * n_dims), (10, 40)])
    assert each == 2 * (2 * 4 * n_items * n_dims + ITEM_BYTES * n_items)
    with within_memory(2 * 2.5 * each):
        assert jobs_at_once(9, each) == 2
    with within_memory(0.5 * each):
        assert jobs_at_once(9, each) == 1
    assert jobs_at_once(9, each) == threads() == 3
