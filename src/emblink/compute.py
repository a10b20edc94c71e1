"""How much of the machine to use, and how long work says where it is."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from emblink.errors import StoppedError

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

Job = TypeVar("Job")
Result = TypeVar("Result")
Progress: TypeAlias = Callable[[int, int], None]
"""Called with ``(done, total)`` between blocks of work; raise from it to cancel."""


_stop: ContextVar[threading.Event | None] = ContextVar("stop", default=None)


@contextmanager
def stoppable(stop: threading.Event) -> Iterator[None]:
    """Have work of this thread end between two blocks once an event is set.

    Raises
    ------
    StoppedError
        It was.
    """
    before = _stop.set(stop)
    try:
        yield
    finally:
        _stop.reset(before)


def go_on() -> None:
    """Return where the work is still wanted, else raise.

    Raises
    ------
    StoppedError
        It is not: see :func:`stoppable`.
    """
    stop = _stop.get()
    if stop is not None and stop.is_set():
        raise StoppedError("nobody waits for it any more")


def silent(done: int, total: int) -> None:
    """Report to nobody; the work ends here where it is not wanted any more."""
    go_on()


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

    Raises
    ------
    StoppedError
        The work is not wanted any more: see :func:`stoppable`.
    """
    most = threads()
    if most == 1:
        for job in jobs:
            go_on()
            yield work(job)
        return
    running: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(most) as pool:
        for job in jobs:
            go_on()
            running.append(pool.submit(work, job))
            if len(running) > most:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Have each product of matrices take one thread while this lasts.

    Threads of a product wait for each other by spinning: beside other work, and for small matrices,
    they take several times the time that they save. Work that is large is shared out above the
    products, with :func:`in_threads`.
    """
    _Products.begin()
    try:
        yield
    finally:
        _Products.end()


class _Products:
    """How many of those who asked for products on one thread are not done."""

    _lock = threading.Lock()
    _asked = 0
    _limits: object = None

    @classmethod
    def begin(cls) -> None:
        with cls._lock:
            cls._asked += 1
            if cls._asked == 1:
                cls._limits = _libraries().limit(limits=1, user_api="blas")

    @classmethod
    def end(cls) -> None:
        with cls._lock:
            cls._asked -= 1
            if cls._asked == 0:
                cls._limits.restore_original_limits()  # type: ignore[attr-defined]


@cache
def _libraries() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
