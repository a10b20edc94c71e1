"""A comparison under way as those see it who watch: how far it is, and its pictures so far.

One thread computes and tells, another serves and asks.
"""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, TypeAlias

from emblink.bundle import Bundle
from emblink.pipeline import Preview

State: TypeAlias = Literal["running", "done", "failed"]


@dataclass(frozen=True)
class Progress:
    """How far a comparison is.

    Attributes
    ----------
    state : {"running", "done", "failed"}
    step : str
        What is being computed, in words.
    done, total : int
        Of that step.
    message : str
        Why it failed, and the way out.
    revision : int
        How often what can be seen has changed; 0 while there is nothing to see.
    """

    state: State = "running"
    step: str = "starting"
    done: int = 0
    total: int = 1
    message: str = ""
    revision: int = 0


class Live:
    """A comparison under way, or a finished one."""

    def __init__(self) -> None:
        self._now = Progress()
        self._told = threading.Event()
        self._unwanted = threading.Event()
        self.preview: Preview | None = None
        self.bundle: Bundle | None = None

    def progress(self, step: str, done: int, total: int) -> None:
        """Say how far it is.

        Parameters
        ----------
        step : str
        done, total : int

        Raises
        ------
        KeyboardInterrupt
            It is to stop: see :meth:`stop`.
        """
        if self._unwanted.is_set():
            raise KeyboardInterrupt
        self._now = replace(self._now, step=step, done=done, total=total)

    def stop(self) -> None:
        """Have whoever computes end at the next report, as an interrupt would."""
        self._unwanted.set()

    def show(self, preview: Preview) -> None:
        """Let the pictures so far be seen.

        Parameters
        ----------
        preview : Preview
        """
        self.preview = preview
        self._now = replace(self._now, revision=self._now.revision + 1)

    def finish(self, bundle: Bundle) -> None:
        """Let the finished bundle be seen instead.

        Parameters
        ----------
        bundle : Bundle
        """
        self.bundle = bundle
        self._now = Progress("done", revision=self._now.revision + 1, step="", done=1)

    def fail(self, message: str) -> None:
        """Say why there will be no bundle.

        Parameters
        ----------
        message : str
            With the way out.
        """
        self._now = replace(self._now, state="failed", message=message)

    def now(self) -> dict[str, Any]:
        """Return how far it is.

        Returns
        -------
        dict
            The attributes of a Progress.
        """
        return asdict(self._now)

    def heard(self) -> None:
        """Note that somebody who asked has been sent how it ended."""
        self._told.set()

    def wait_until_told(self, seconds: float) -> bool:
        """Wait until somebody who asked how far it is has been sent how it ended.

        Parameters
        ----------
        seconds : float
            At most.

        Returns
        -------
        bool
            Whether anybody has.
        """
        return self._told.wait(seconds)
