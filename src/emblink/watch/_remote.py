"""The recorder as the loop's process sees it: in a process of its own, at low priority."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, cast

import msgspec
import numpy as np

from emblink.bundle import Notice
from emblink.errors import EmblinkError
from emblink.types import AnyArray
from emblink.watch._frames import receive, send
from emblink.watch._probe import Probe
from emblink.watch._recorder import Recorder, Written

_RUN = "from emblink.watch._writing import main; main()"


class EndedError(EmblinkError):
    """The writing process is gone."""


class Writes(Protocol):
    """Whoever writes steps."""

    def take(
        self, step: int, vectors: AnyArray, *, loss: float | None, time: float | None
    ) -> Written: ...

    def leave_out(self, step: int, why: str) -> Written: ...

    def finish(self) -> None: ...

    def close(self) -> None: ...


def writer(path: Path, probe: Probe, *, nice: int | None, notice: Notice) -> Writes:
    """Open a bundle for writing in a process of its own; in this one where none can be started.

    Parameters
    ----------
    path : Path
    probe : Probe
    nice : int or None
        Of that process; None writes in this one.
    notice : callable

    Returns
    -------
    Writes

    Raises
    ------
    EmblinkError
        The bundle cannot be written to.
    """
    if nice is not None:
        with suppress(OSError):
            return Remote(path, probe, nice=nice, notice=notice)
    return Recorder(path, probe, notice=notice)


def _lower(pid: int, nice: int) -> None:
    """Have a process that has just begun yield to others."""
    if sys.platform != "win32":
        with suppress(OSError):  # it has ended, or its priority is not ours to set
            os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid) + nice)


def _priority_class(nice: int) -> int:
    """Return the flags of a process that yields to others, where no number says how much."""
    if sys.platform == "win32":
        if nice > 9:
            return subprocess.IDLE_PRIORITY_CLASS
        return subprocess.BELOW_NORMAL_PRIORITY_CLASS if nice > 0 else 0
    return 0


class Remote:
    """A recorder in another process.

    Parameters
    ----------
    path : Path
    probe : Probe
    nice : int
        Of the process.
    notice : callable

    Raises
    ------
    OSError
        No process can be started.
    EmblinkError
        The bundle cannot be written to.
    """

    def __init__(self, path: Path, probe: Probe, *, nice: int, notice: Notice) -> None:
        self._path, self._notice = path, notice
        ours = str(Path(__file__).parents[2])
        paths = [ours, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            [sys.executable or "python", "-P", "-c", _RUN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            creationflags=_priority_class(nice),
        )
        _lower(self._process.pid, nice)  # its imports alone would take a core for a second
        head, data = probe.packed()
        try:
            self._ask({"what": "open", "path": str(path), "probe": head.decode()}, data)
        except EmblinkError:
            self.close()
            raise

    def take(
        self, step: int, vectors: AnyArray, *, loss: float | None, time: float | None
    ) -> Written:
        """As a recorder does."""
        held = io.BytesIO()
        np.save(held, vectors, allow_pickle=False)
        asked = {"what": "take", "step": step, "loss": loss, "time": time}
        return msgspec.convert(self._ask(asked, held.getvalue()), Written)

    def leave_out(self, step: int, why: str) -> Written:
        """As a recorder does."""
        return msgspec.convert(self._ask({"what": "leave_out", "step": step, "why": why}), Written)

    def finish(self) -> None:
        """As a recorder does."""
        try:
            self._ask({"what": "finish"})
        finally:
            self.close()

    def close(self) -> None:
        """Let the process end, which lets the bundle go."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):  # what was still to be sent has nobody to read it
                    stream.close()
        self._process.wait()

    def _ask(self, asked: dict[str, Any], data: bytes = b"") -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            send(cast(Any, stdin), asked, data)
            answer = receive(cast(Any, stdout))
        except (OSError, ValueError):  # ValueError: it was closed
            answer = None
        if answer is None:
            raise EndedError(f"the process that writes {self._path.name} ended")
        said = msgspec.json.decode(answer[0])
        for sentence in said["said"]:
            self._notice(sentence)
        if "error" in said:
            raise EmblinkError(said["error"])
        return said["found"]
