"""Handing jobs out, and asking again for those whose worker was lost."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from time import monotonic
from typing import Any

from emblink.compute import go_on
from emblink.errors import EmblinkError, WorkerError
from emblink.executors._jobs import Job, perform
from emblink.executors._kinds import Workers

TRIES = 3
"""Workers that one job may lose before it is given up."""
_LOOK_S = 0.2
FIRST_S = 1800.0
"""Seconds that workers who may forget a job have for the first; a job is a minute of one core."""
LATER_S = 60.0
_TIMES = 10
"""How many times the longest before, and at least so long, they have for each later one."""
_FOREIGN = ("distributed.", "ray.")


def run_jobs(
    workers: Workers, jobs: Sequence[Job], *, look: Callable[[], None] = go_on
) -> Generator[tuple[int, Any]]:
    """Do jobs on workers.

    Parameters
    ----------
    workers : Workers
    jobs : sequence of Job
    look : callable
        Called several times a second; raise from it to cancel.

    Yields
    ------
    (int, object)
        Which of the jobs, and its result, as they are done.

    Raises
    ------
    WorkerError
        A job lost its worker again and again, or cannot be done there.
    """
    round_ = _Round(workers, jobs)
    try:
        while round_.waiting or round_.suspects or round_.running:
            round_.hand_out()
            done, _ = wait(round_.running, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
            look()
            round_.ask_again()
            for future in done:
                if (found := round_.settle(future)) is not None:
                    yield found
    finally:
        for future in round_.running:
            future.cancel()


class _Round:
    """Jobs that wait, those under way, and those whose worker was lost."""

    def __init__(self, workers: Workers, jobs: Sequence[Job]) -> None:
        self._workers, self._jobs = workers, jobs
        self._lost: Counter[int] = Counter()
        self._generation = 0
        self.waiting = deque(range(len(jobs)))
        self.suspects: deque[int] = deque()
        """Lost twice, for what others did perhaps: done alone, so that a third time tells."""
        self.running: dict[Future[Any], tuple[int, int, float]] = {}
        self._longest = 0.0

    def hand_out(self) -> None:
        if self.suspects:
            if not self.running:
                self._submit(self.suspects.popleft())
            return
        while self.waiting and len(self.running) < self._workers.ahead:
            at = self.waiting.popleft()
            try:
                self._submit(at)
            except (RuntimeError, OSError) as error:  # it broke while nobody looked
                if not _is_loss(error):
                    raise
                self.waiting.appendleft(at)
                self._renew(self._generation, error)
                return

    def settle(self, future: Future[Any]) -> tuple[int, Any] | None:
        at, generation, since = self.running.pop(future)
        error = future.exception() if not future.cancelled() else None
        if error is None and not future.cancelled():
            self._longest = max(self._longest, monotonic() - since)
            return at, future.result()
        if error is not None and not _is_loss(error):
            cause = getattr(error, "cause", None)
            raise cause if isinstance(cause, EmblinkError) else error
        self._count(at, error)
        if isinstance(error, BrokenExecutor):
            self._renew(generation, error)
        return None

    def ask_again(self) -> None:
        """Give up what takes far longer than all before, where workers may forget a job."""
        if not self._workers.forget:
            return
        patience = max(LATER_S, _TIMES * self._longest) if self._longest else FIRST_S
        late = [
            future
            for future, (*_, since) in self.running.items()
            if monotonic() - since > patience and not future.done()
        ]
        for future in late:
            at, *_ = self.running.pop(future)
            future.cancel()
            self._count(at, TimeoutError(f"no word for {patience:.0f} s"))

    def _count(self, at: int, error: BaseException | None) -> None:
        self._lost[at] += 1
        if self._lost[at] >= TRIES:
            raise WorkerError(
                f"{self._jobs[at].name} lost its worker {TRIES} times ({_words(error)}); a worker "
                "needs memory for some blocks: give it more, or start fewer at once"
            ) from error
        (self.waiting if self._lost[at] == 1 else self.suspects).append(at)

    def _submit(self, at: int) -> None:
        future = self._workers.submit(perform, self._jobs[at])
        self.running[future] = at, self._generation, monotonic()

    def _renew(self, generation: int, error: BaseException) -> None:
        """Start workers anew, once for all that broke together."""
        if generation != self._generation:
            return
        if self._workers.renew is None:
            raise WorkerError(
                f"the executor lost a worker and takes no more jobs ({_words(error)}); give "
                "executor='processes', of which lost ones are replaced"
            ) from error
        self._workers.renew()
        self._generation += 1


def _is_loss(error: BaseException) -> bool:
    """Whether a worker was lost, rather than a job impossible."""
    if isinstance(error, (BrokenExecutor, ConnectionError)):
        return True
    kind = type(error)
    foreign = any(base.__module__.startswith(_FOREIGN) for base in kind.__mro__)
    return foreign and "TaskError" not in kind.__name__ and not hasattr(error, "cause")


def _words(error: BaseException | None) -> str:
    if error is None:
        return "it was cancelled"
    said = str(error).strip().split("\n")[0]
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
