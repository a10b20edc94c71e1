"""The contract of executors: whoever does the work, the same comes out, and no worker is missed."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import emblink as eb
from emblink.errors import InputError, WorkerError
from emblink.executors import Job, Workers, opened, perform, run_jobs, working_on
from emblink.neighbors import nearest_neighbors
from emblink.types import NeighborGraph
from tests.conftest import clustered, overlap_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
KINDS = [
    "threads",
    pytest.param("processes", marks=pytest.mark.slow),
    pytest.param("dask", marks=pytest.mark.executors),
    pytest.param("ray", marks=pytest.mark.executors),
]
HELPERS = "tests.executors_helpers"


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def workers(kind: str) -> Iterator[Workers]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src"), str(ROOT)]))
        patch.setattr("emblink.executors._run.FIRST_S", 120.0)
        with opened(kind) as found:
            yield found


def job(function: str, folder: object = "", *parameters: int) -> Job:
    return Job(f"{HELPERS}:{function}", str(folder), parameters, f"the job {function}")


def vectors(n: int = 2_300, d: int = 9, *, seed: int = 0) -> NDArray[np.float32]:
    """Return clusters, and copies and near copies among them, whose order ties decide."""
    found = clustered(n, d, seed=seed)[0].astype(np.float32)
    found[10:20] = found[:10]
    found[30:40] = found[20:30] * np.float32(1 + 2e-7)
    return found


def equal(a: NeighborGraph, b: NeighborGraph) -> bool:
    return np.array_equal(a.indices, b.indices) and np.array_equal(a.distances, b.distances)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_neighbours_are_the_same_bits(workers: Workers, metric: Any) -> None:
    x = vectors()
    here = nearest_neighbors(x, k=30, metric=metric)
    asked = np.random.default_rng(1).permutation(len(x))[:321]
    with working_on(workers, least=0):
        there = nearest_neighbors(x, k=30, metric=metric)
        some = nearest_neighbors(x, k=30, metric=metric, queries=asked)
    assert equal(here, there)
    assert equal(nearest_neighbors(x, k=30, metric=metric, queries=asked), some)


def test_a_comparison_is_the_same(
    workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emblink.executors._context.LEAST", 4e7)  # the largest searches alone
    handed: list[Job] = []

    def submit(function: Any, job: Job) -> Future[Any]:
        handed.append(job)
        return workers.submit(function, job)

    x = vectors(600)
    spaces = {"a": x, "b": x + np.random.default_rng(2).standard_normal(x.shape).astype("f4")}
    others = replace(workers, submit=submit)
    here = eb.compare(spaces, queries_sampled=300, out=tmp_path / "here")
    there = eb.compare(spaces, queries_sampled=300, out=tmp_path / "there", executor=others)
    assert len(handed) >= 16
    assert overlap_of(here, "a", "b") == overlap_of(there, "a", "b")
    assert here.report() == there.report()
    assert not [*(tmp_path / "there" / "columns").glob("jobs-*")]


def test_progress_comes_back_and_ends_at_all(workers: Workers) -> None:
    told: list[tuple[int, int]] = []
    with working_on(workers, least=0):
        nearest_neighbors(vectors(), k=5, progress=lambda *at: told.append(at))
    done, totals = zip(*told, strict=True)
    assert len({*totals}) == 1
    assert [*done] == sorted(done)
    assert (done[0], done[-1]) == (0, totals[0])


def test_work_is_cancelled_from_progress_and_workers_go_on(workers: Workers) -> None:
    class EnoughError(Exception):
        pass

    def enough(done: int, total: int) -> None:
        if done:
            raise EnoughError

    with working_on(workers, least=0), pytest.raises(EnoughError):
        nearest_neighbors(vectors(), k=5, progress=enough)
    assert dict(run_jobs(workers, [job("twice", "", 4)])) == {0: 8}


def test_what_a_job_raises_is_raised_and_not_tried_again(workers: Workers) -> None:
    with pytest.raises(ValueError, match="seven is not a number of mine"):
        dict(run_jobs(workers, [job("fail")]))


def test_a_worker_that_does_not_see_the_folder_is_told_so(workers: Workers, tmp_path: Path) -> None:
    there = tmp_path / "elsewhere"
    with pytest.raises(WorkerError, match=r"a worker does not see .*elsewhere.* the job read"):
        dict(run_jobs(workers, [job("read", there)]))


def test_a_worker_with_another_emblink_is_refused(workers: Workers) -> None:
    older = replace(job("twice", "", 1), version="0.0.1")
    with pytest.raises(WorkerError, match=r"0\.0\.1 asks it for the job twice; install the same"):
        dict(run_jobs(workers, [older]))


SEPARATE = pytest.mark.parametrize("kind", KINDS[1:], indirect=True, scope="module")
"""Threads are not lost one by one."""


@SEPARATE
def test_jobs_whose_worker_is_lost_are_done_by_another(
    workers: Workers, kind: str, tmp_path: Path
) -> None:
    jobs = [
        job("die_once", tmp_path, at) if at in (2, 5) else job("twice", "", at) for at in range(9)
    ]
    assert dict(run_jobs(workers, jobs)) == {at: 2 * at for at in range(9)}


@SEPARATE
def test_a_worker_killed_in_the_middle_of_a_search_leaves_no_trace(
    workers: Workers, kind: str
) -> None:
    x = vectors(3_000)
    pids = {pid for _, pid in run_jobs(workers, [job("pid") for _ in range(12)])}
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        if done and not killed:
            killed.append(min(pids))
            os.kill(killed[0], signal.SIGKILL)

    with working_on(workers, least=0):
        found = nearest_neighbors(x, k=10, progress=kill)
    assert killed
    assert equal(found, nearest_neighbors(x, k=10))


@SEPARATE
def test_a_job_that_is_lost_again_and_again_is_named(workers: Workers, kind: str) -> None:
    jobs = [job("twice", "", 1), job("die"), job("twice", "", 2)]
    with pytest.raises(WorkerError, match="the job die lost its worker 3 times"):
        dict(run_jobs(workers, jobs))
    if kind != "dask":  # which gives a worker up that is lost while it is being started
        assert dict(run_jobs(workers, [job("twice", "", 4)])) == {0: 8}


class Forgetful:
    """Forgets every job that it is handed for the first time."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def submit(self, function: Any, job: Job) -> Future[Any]:
        future: Future[Any] = Future()
        if job.name in self.asked:
            future.set_result(function(job))
        self.asked.append(job.name)
        return future


def test_jobs_that_workers_forget_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_S", "LATER_S"):
        monkeypatch.setattr(f"emblink.executors._run.{name}", 0.3)
    jobs = [replace(job("twice", "", at), name=f"the job {at}") for at in range(3)]
    there = Forgetful()
    assert dict(run_jobs(Workers(there.submit, 4, forget=True), jobs)) == {0: 0, 1: 2, 2: 4}
    assert len(there.asked) == 6


class Recorder:
    """Does jobs at once, and keeps what it was handed."""

    def __init__(self) -> None:
        self.handed: list[bytes] = []

    def submit(self, function: Any, *arguments: Any) -> Future[Any]:
        self.handed.append(pickle.dumps((function, arguments)))
        future: Future[Any] = Future()
        future.set_result(function(*arguments))
        return future


def test_jobs_hold_no_arrays() -> None:
    recorder = Recorder()
    with working_on(recorder, least=0):
        nearest_neighbors(vectors(), k=5)
        nearest_neighbors(vectors(), k=5, queries=np.arange(1_000))
    assert len(recorder.handed) > 10
    assert max(map(len, recorder.handed)) < 1_000


def test_executors_of_the_user_are_taken() -> None:
    x = vectors(800)
    with ThreadPoolExecutor(3) as pool, working_on(pool, least=0):
        assert equal(nearest_neighbors(x, k=5), nearest_neighbors(x.copy(), k=5))
        assert pool.submit(perform, job("twice", "", 3)).result() == 6


@pytest.mark.slow
def test_a_pool_of_the_user_that_broke_is_told_so() -> None:
    with (
        ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool,
        opened(pool) as workers,
        pytest.raises(WorkerError, match=r"takes no more jobs .* give executor='processes'"),
    ):
        dict(run_jobs(workers, [job("die")]))


@pytest.mark.parametrize("given", ["thread", "threads:2", "dask:", "", 7, object()])
def test_what_is_no_executor_is_refused_before_any_work(given: object, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"executor is .*; expected .*'processes', 'dask', 'ray'"):
        eb.compare(dict.fromkeys("ab", vectors(60)), executor=given, out=tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emblink.executors._kinds.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"Ray is not installed; pip install 'emblink\[ray\]'"):
        eb.compare(dict.fromkeys("ab", vectors(60)), executor="ray")


def test_importing_executors_loads_neither_dask_nor_ray() -> None:
    assert not {"distributed", "ray"} & {*sys.modules} or os.environ.get("PYTEST_XDIST_WORKER")
