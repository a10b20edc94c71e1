"""Who does the heavy blocks of what is computed below."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from emblink.executors._kinds import Workers, opened

Workplace: TypeAlias = Callable[[], AbstractContextManager[Path]]
"""Called for a new folder that workers see too; it goes with what is in it."""

LEAST = 5e10
"""Numbers multiplied and looked at, of less work than which none is handed out: half a second."""


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """Who works, and where files lie that they read."""

    workers: Workers
    workplace: Workplace
    least: float


_elsewhere: ContextVar[Elsewhere | None] = ContextVar("elsewhere", default=None)


@contextmanager
def _temporary() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="emblink-jobs-") as folder:
        yield Path(folder)


@contextmanager
def working_on(
    executor: object, *, workplace: Workplace = _temporary, least: float | None = None
) -> Iterator[None]:
    """Have heavy blocks of work done by an executor while this lasts.

    Parameters
    ----------
    executor : object
        As for :func:`opened`; None: nothing is handed out.
    workplace : callable
        Gives a folder that all workers see; a temporary one by default.
    least : float, optional
        Work below which nothing is handed out, in numbers multiplied and looked at; ``LEAST`` by
        default.

    Raises
    ------
    InputError
        The executor is none, or what it needs is not installed.
    """
    if executor is None:
        yield
        return
    with opened(executor) as workers:
        before = _elsewhere.set(Elsewhere(workers, workplace, LEAST if least is None else least))
        try:
            yield
        finally:
            _elsewhere.reset(before)


def elsewhere(work: float) -> Elsewhere | None:
    """Return who is to do some work: None where it is done here.

    Parameters
    ----------
    work : float
        Numbers multiplied and looked at.

    Returns
    -------
    Elsewhere or None
    """
    found = _elsewhere.get()
    return found if found is not None and work >= found.least else None
