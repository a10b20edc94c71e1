"""What a training loop calls: it hands over vectors, and goes on."""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from operator import index
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np

from emblink.bundle import Notice
from emblink.errors import EmblinkError, InputError
from emblink.load import as_array, from_arrays
from emblink.types import AnyArray, Metric
from emblink.watch._probe import Probe
from emblink.watch._ranks import rank as own_rank
from emblink.watch._recorder import Written, bundle_at, check_items, run_of
from emblink.watch._remote import EndedError, Remote, Writes, writer
from emblink.words import check_text

_TRIES = 3
"""How often a writing process that ended is started again."""
_MOST_BYTES = 1 << 29
"""Of vectors that wait."""
_LATE = "the step came before those that waited were written"


def log(sentence: str) -> None:
    """Say a sentence to the log ``emblink``."""
    logging.getLogger("emblink").warning(sentence)


@dataclass(frozen=True, eq=False)
class _Step:
    step: int
    vectors: AnyArray | None
    """None of one that is left out."""
    loss: float | None = None
    time: float | None = None
    why: str = ""


class Watch:
    """The steps of one training run, written as spaces of one bundle while it runs.

    Each step is compared with the one before and with the first, in a process of its own at low
    priority: ``log`` copies the vectors and returns. The bundle can be read at any time, and a run
    that was killed goes on where it stopped, by the same path.

    Parameters
    ----------
    path : str or Path
        Of the bundle: a new one, or that of a run over the same items, which goes on.
    items, ids, labels, text, thumbnails : optional
        Of the items that are embedded at every step, as ``emblink.compare`` takes them.
    metric : {"cosine", "euclidean"}
    title : str, optional
    seed : int
        Of every random choice.
    waiting : int
        Steps that may wait to be written, and 512 MB of vectors; of more, the newest replaces the
        one before it, which is left out and said.
    nice : int
        Of the writing process, as the scheduler knows it: 19 leaves every core to the loop; 0 where
        there are cores to spare.
    rank : int, optional
        Of this process among those of one run: only 0 writes. Default: what ``RANK``,
        ``SLURM_PROCID``, ``OMPI_COMM_WORLD_RANK``, ``PMI_RANK`` or ``LOCAL_RANK`` says, else 0.
    on_step : callable, optional
        Called with the ``Written`` of each step, in a thread of its own: for other loggers. What it
        raises is said, and ends nothing.
    notice : callable
        Called with what there is to know. Default: a warning of the log ``emblink``.

    Raises
    ------
    InputError
        The bundle at ``path`` is of no run, or an argument is wrong.
    BundleError
        There is something else at ``path``.

    Notes
    -----
    Misleads when the items are those that are trained on: their neighbours are then learnt by
    heart. Give items that are held out.

    Examples
    --------
    >>> with eb.Watch("run.emblink", ids=ids, labels=labels) as watch:
    ...     for step, batch in enumerate(batches):
    ...         train(batch)
    ...         if step % 100 == 0:
    ...             watch.log(step, embed(probe), loss=loss)
    """

    def __init__(
        self,
        path: str | Path,
        *,
        items: object | None = None,
        ids: object | None = None,
        labels: object | None = None,
        text: object | None = None,
        thumbnails: object | None = None,
        metric: Metric = "cosine",
        title: str | None = None,
        seed: int = 0,
        waiting: int = 32,
        nice: int = 19,
        rank: int | None = None,
        on_step: Callable[[Written], None] | None = None,
        notice: Notice = log,
    ) -> None:
        self.path = Path(path)
        self._given = {
            "items": items,
            "ids": ids,
            "labels": labels,
            "text": text,
            "thumbnails": thumbnails,
            "metric": metric,
        }
        self._title = check_text(title or self.path.stem, "the title")
        self._seed = index(seed)
        if waiting < 1:
            raise InputError(f"waiting is {waiting}; expected at least 1 step")
        self._waiting, self._nice = waiting, index(nice)
        self._on_step, self._notice = on_step, notice
        self._begin, self._process = monotonic(), os.getpid()
        self._probe: Probe | None = None
        self._steps: deque[_Step] = deque()
        self._turn = threading.Condition()
        self._ending: Literal["", "close", "finish"] = ""
        self._thread: threading.Thread | None = None
        self._writer: Writes | None = None
        self._tries, self._exiting, self._failed = 0, False, ""
        self.active = (own_rank() if rank is None else index(rank)) == 0
        """Whether this process writes; ``log`` does nothing in the others."""
        self.written: list[Written] = []
        """What became of each step so far, in order."""
        if self.active and (there := bundle_at(self.path)) is not None:
            run_of(there)

    def log(
        self, step: int, vectors: Any, *, loss: float | None = None, time: float | None = None
    ) -> bool:
        """Hand over the vectors of a step, and go on.

        Parameters
        ----------
        step : int
            Greater than that of the step before; one that the bundle has already is left out.
        vectors : array or tensor of shape (n_items, n_dims)
            Of the items, in their order; copied.
        loss : float, optional
        time : float, optional
            In any unit; default the seconds since this Watch was made.

        Returns
        -------
        bool
            Whether it waits to be written.

        Raises
        ------
        InputError
            At the first step: what was given of the items does not fit. Later steps that cannot be
            used are left out and said.
        """
        if not self.active or os.getpid() != self._process:
            return False
        step = index(step)
        if self._ending:
            self._note(Written(step=step, why="it came after the end of the watch"))
            return False
        try:
            array = _copied(vectors)
            self._check(array)
        except InputError as error:
            if self._probe is None:
                raise
            self._put(_Step(step, None, why=str(error)))
            return False
        when = monotonic() - self._begin if time is None else float(time)
        self._put(_Step(step, array, None if loss is None else float(loss), when))
        return True

    def close(self, *, finish: bool = True) -> None:
        """Wait until all steps are written, then have all of them judged together.

        Parameters
        ----------
        finish : bool
            Whether to judge them: verdicts then allow for all pairs. ``emblink.watch.finish`` does
            it later.
        """
        if self._ending or os.getpid() != self._process:
            return
        with self._turn:
            self._ending = "finish" if finish else "close"
            self._turn.notify_all()
        if self._thread is not None:
            self._thread.join()
            atexit.unregister(self._at_exit)

    def _at_exit(self) -> None:
        """Close as an interpreter does that starts no further threads."""
        self._exiting = True
        self.close()

    @property
    def scalars(self) -> dict[str, float]:
        """Numbers of the last step that was written, for other loggers.

        Returns
        -------
        dict
            ``emblink/kept``: the share of their neighbours that items kept since the step before.
            ``emblink/size``: how far the step is from the first, as a noise-equivalent share.
        """
        last = next((one for one in reversed(self.written) if not one.why), None)
        return {} if last is None else last.scalars

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close(finish=kind is None)

    def _check(self, vectors: AnyArray) -> None:
        """Find out at the first step whether all that was given fits together."""
        if vectors.ndim != 2:
            raise InputError(
                f"the vectors have shape {vectors.shape}; expected a row of numbers for each item: "
                "(n_items, n_dims)"
            )
        if self._probe is None:
            self._probe = self._read(len(vectors))
        elif len(vectors) != len(self._probe.ids):
            raise InputError(
                f"there are {len(vectors):,} vectors; expected {len(self._probe.ids):,}, one for "
                "each item"
            )

    def _read(self, n: int) -> Probe:
        read = from_arrays({"vectors": np.ones((n, 1), np.float32)}, **self._given)  # type: ignore[arg-type]
        if len(read.ids) != n:
            raise InputError(
                f"there are {n:,} vectors, but {len(read.ids):,} items; give those of each item"
            )
        there = bundle_at(self.path)
        if there is not None:
            check_items(there, read.ids)
        metric = read.spaces["vectors"].metric
        return Probe(
            ids=read.ids,
            items=dict(read.items),
            roles=dict(read.roles),
            notes=[*read.notes],
            metric=metric,
            title=self._title,
            seed=self._seed,
        )

    def _put(self, step: _Step) -> None:
        with self._turn:
            self._steps.append(step)
            whole = [(at, one) for at, one in enumerate(self._steps) if one.vectors is not None]
            n_bytes = sum(one.vectors.nbytes for _, one in whole if one.vectors is not None)
            if len(whole) > self._waiting or (len(whole) > 1 and n_bytes > _MOST_BYTES):
                at, late = whole[-2]
                self._steps[at] = _Step(late.step, None, why=_LATE)
            self._turn.notify_all()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="emblink-watch", daemon=True)
            self._thread.start()
            atexit.register(self._at_exit)

    def _work(self) -> None:
        """Write one step after the other, until there are no more and none will come."""
        while True:
            with self._turn:
                while not self._steps and not self._ending:
                    self._turn.wait()
                step = self._steps.popleft() if self._steps else None
            if step is None:
                break
            self._tell(self._one(step))
        self._end()

    def _one(self, step: _Step) -> Written:
        if not self.active:
            return Written(step=step.step, why="nothing is written any more")
        try:
            writes = self._open()
            if step.vectors is None:
                return writes.leave_out(step.step, step.why)
            return writes.take(step.step, step.vectors, loss=step.loss, time=step.time)
        except EndedError as error:
            if self._writer is not None:
                self._writer.close()
            self._writer = None
            self._tries += 1
            self.active = self._tries < _TRIES
            return Written(step=step.step, why=str(error))
        except Exception as error:  # whatever it is, the loop and later steps go on
            self.active = self._writer is not None
            why = str(error).split("; ")[0]  # the way out that it names is none for a loop
            return Written(step=step.step, why=why or type(error).__name__)

    def _open(self) -> Writes:
        """Return who writes: once the loop has ended, this process, which nobody else needs."""
        here = bool(self._ending) and not self._exiting
        if here and isinstance(self._writer, Remote):
            self._writer.close()
            self._writer = None
        if self._writer is None:
            assert self._probe is not None
            nice = None if here else self._nice
            self._writer = writer(self.path, self._probe, nice=nice, notice=self._notice)
        return self._writer

    def _tell(self, written: Written) -> None:
        self._note(written)
        try:
            if self._on_step is not None:
                self._on_step(written)
        except Exception as error:  # another logger's fault is no end of this one
            why = f"{type(error).__name__}: {error}"
            if why != self._failed:
                self._notice(f"on_step failed at step {written.step:,}, and is called again: {why}")
            self._failed = why

    def _note(self, written: Written) -> None:
        if written.why and not any(one.why == written.why for one in self.written):
            self._notice(f"step {written.step:,} is left out: {written.why}.")
            if not self.active:
                self._notice(f"{self.path} is not written to any more by this process.")
        for sentence in written.alerts:
            self._notice(sentence)
        self.written.append(written)

    def _end(self) -> None:
        if self._writer is None:
            return
        try:
            if self._ending == "finish":
                self._open().finish()
            else:
                self._writer.close()
        except (EmblinkError, OSError) as error:
            self._notice(f"{self.path} could not be judged as a whole: {error}.")
        n = sum(1 for one in self.written if one.why)
        if n > 1:
            self._notice(f"{n:,} of {len(self.written):,} steps were left out.")


def _copied(vectors: Any) -> AnyArray:
    """Return vectors as an array of our own; a tensor from wherever it is."""
    try:
        if hasattr(vectors, "detach"):
            vectors = vectors.detach().float().cpu().numpy()
        array = as_array(vectors, "the vectors")
        if array.dtype.kind == "c":
            raise InputError("the vectors are complex numbers; expected real ones")
        return np.array(array, np.float32, copy=True, order="C")
    except InputError:
        raise
    except (TypeError, ValueError) as error:
        raise InputError(f"the vectors are no rows of numbers: {error}") from error
