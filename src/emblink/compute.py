"""How much of the machine to use, and how long work says where it is."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeAlias, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")
Progress: TypeAlias = Callable[[int, int], None]
"""Called with ``(done, total)`` between blocks of work; raise from it to cancel."""


def silent(done: int, total: int) -> None:
    """Report to nobody."""


def threads() -> int:
    """Return how many threads to use: ``EMBLINK_THREADS``, or the cores this process may use."""
    asked = os.environ.get("EMBLINK_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_threads(work: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[Result]:
    """Do as many jobs at once as there are threads, for work that leaves Python's lock.

    Parameters
    ----------
    work : callable
        Called with each job.
    jobs : iterable
        Taken as they are needed: never more than one for each thread and one that waits.

    Yields
    ------
    result
        In the order of the jobs; what a job raises comes in its turn.
    """
    most = threads()
    running: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(most) as pool:
        for job in jobs:
            running.append(pool.submit(work, job))
            if len(running) > most:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
