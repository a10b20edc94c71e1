"""Work in several threads comes back in order, taken as it is needed."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from emblink.compute import in_threads, let_go, one_blas_thread, threads


@pytest.fixture(autouse=True)
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBLINK_THREADS", "3")


def test_threads_are_as_many_as_asked_or_as_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    assert threads() == 3
    for nonsense in ("0", "-2", "many", ""):
        monkeypatch.setenv("EMBLINK_THREADS", nonsense)
        assert threads() >= 1


def test_results_are_in_the_order_of_the_jobs_though_a_later_one_ends_first() -> None:
    second_done = threading.Event()

    def work(job: int) -> int:
        if job == 0:
            assert second_done.wait(30)
        if job == 1:
            second_done.set()
        return job * job

    assert list(in_threads(work, range(10))) == [job * job for job in range(10)]


def test_jobs_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def jobs() -> Iterator[int]:
        for job in range(100):
            taken.append(job)
            yield job

    results = in_threads(lambda job: job, jobs())
    assert next(results) == 0
    assert len(taken) == 4


def test_what_a_job_raises_comes_in_its_turn_and_ends_the_work() -> None:
    def work(job: int) -> int:
        if job == 2:
            raise ValueError("the third")
        return job

    results = in_threads(work, range(100))
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ValueError, match="the third"):
        next(results)
    assert list(results) == []


def blas_threads() -> list[int]:
    found = ThreadpoolController().select(user_api="blas").info()
    return [one["num_threads"] for one in found]


def test_products_take_one_thread_and_then_as_many_as_before() -> None:
    before = blas_threads()
    with one_blas_thread():
        with one_blas_thread():
            assert {*blas_threads()} <= {1}
        assert {*blas_threads()} <= {1}
    assert blas_threads() == before


def test_who_leaves_first_does_not_end_it_for_others() -> None:
    before = blas_threads()
    first, second = one_blas_thread(), one_blas_thread()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert {*blas_threads()} <= {1}
    second.__exit__(None, None, None)
    assert blas_threads() == before


def test_one_thread_does_its_jobs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBLINK_THREADS", "1")
    found = [*in_threads(lambda _: threading.get_ident(), range(3))]
    assert found == [threading.get_ident()] * 3


def test_a_map_that_left_the_process_is_read_and_written_as_before(tmp_path: Path) -> None:
    held = np.lib.format.open_memmap(tmp_path / "a.npy", mode="w+", dtype=np.int32, shape=(5000,))
    held[:] = np.arange(5000)
    let_go(held, held[:10], np.zeros(3), None)
    assert held.tolist() == list(range(5000))
    held[7] = -1
    let_go(held)
    assert held[7] == -1


def test_changes_of_a_private_map_are_kept(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros(4096))
    private = np.load(tmp_path / "a.npy", mmap_mode="c")
    private[:] = 7
    let_go(private, private[10:])
    assert (private == 7).all()
