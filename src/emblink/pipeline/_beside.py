"""Jobs of a run that need nothing of each other, done beside each other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import replace
from time import thread_time
from typing import TypeVar

from emblink.compute import memory, on_threads, threads
from emblink.errors import StoppedError
from emblink.pipeline._run import Run

Job = TypeVar("Job")
Result = TypeVar("Result")

ITEM_BYTES = 3_000.0
"""Of what each item takes in the heaviest step, beside its vectors."""


def beside(run: Run, work: Callable[[Run, Job], Result], jobs: Sequence[Job]) -> list[Result]:
    """Do jobs of a run beside each other, as many at once as there are threads and memory.

    Parameters
    ----------
    run : Run
    work : callable
        Called with the run as the job may use it, and a job. It keeps what it finds as steps of
        the run, and puts nothing into the catalog, where the order would show.
    jobs : sequence

    Returns
    -------
    list
        What each job returned, in the order of the jobs: the same however many were done at once.

    Raises
    ------
    BaseException
        What the first job raised that failed by itself; the others end at their next report.
    """
    sizes = ((len(one.vectors), one.vectors.nbytes) for one in run.space_set.spaces.values())
    at_once = jobs_at_once(len(jobs), bytes_of_job(sizes))
    if at_once < 2:
        return [work(run, job) for job in jobs]
    if odd := len(jobs) % at_once:  # whoever is left over has all threads
        return [*beside(run, work, jobs[:-odd]), *beside(run, work, jobs[-odd:])]
    failed, lock = threading.Event(), threading.Lock()

    def report(step: str, done: int, total: int) -> None:
        if failed.is_set():
            raise StoppedError("what was done beside it failed")
        with lock:
            run.report_step(step, done, total)

    led = replace(run, report_step=report, clock=thread_time)

    def alone(job: Job) -> Result:
        try:
            with on_threads(max(1, threads() // at_once)):
                return work(led, job)
        except BaseException:
            failed.set()
            raise

    with ThreadPoolExecutor(at_once) as pool:
        try:
            running = [pool.submit(copy_context().run, alone, job) for job in jobs]
            wait(running, return_when=FIRST_EXCEPTION)
        except BaseException:
            failed.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        if failed.is_set():
            pool.shutdown(cancel_futures=True)
            raise _reason(running)
    return [one.result() for one in running]


def bytes_of_job(sizes: Iterable[tuple[int, float]]) -> float:
    """Return the bytes that a job on two spaces holds, from the items and bytes of each space."""
    return max(2 * (2 * vectors + ITEM_BYTES * n_items) for n_items, vectors in sizes)


def jobs_at_once(n_jobs: int, each: float) -> int:
    """Return how many jobs are done at once: one for each thread, and what fits half the memory."""
    return int(max(1, min(threads(), n_jobs, 0.5 * memory() / each)))


def _reason(ended: Sequence[Future[Result]]) -> BaseException:
    """Return what one raised by itself, not because another one had failed."""
    raised = [error for one in ended if not one.cancelled() and (error := one.exception())]
    own = [one for one in raised if not isinstance(one, StoppedError)]
    return (own or raised)[0]
