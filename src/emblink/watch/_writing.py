"""The writing process: a Recorder that is told what to do by messages."""

from __future__ import annotations

import io
import os
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np

from emblink.errors import EmblinkError
from emblink.watch._frames import receive, send
from emblink.watch._probe import Probe
from emblink.watch._recorder import Recorder


def main() -> None:
    """Write what is sent, until there is no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the loop says when to end
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    serve(sys.stdin.buffer, answers)


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer each message with one.

    Parameters
    ----------
    asked, answers : binary file
    """
    desk = _Desk()
    try:
        while (message := receive(asked)) is not None:
            try:
                found = desk.answer(msgspec.json.decode(message[0]), message[1])
                send(answers, {"found": found, "said": desk.said})
            except (EmblinkError, OSError, MemoryError) as error:
                why = str(error) or type(error).__name__
                send(answers, {"error": why, "said": desk.said})
            desk.said.clear()
    except BrokenPipeError:  # the loop's process is gone
        pass
    finally:
        desk.close()


class _Desk:
    def __init__(self) -> None:
        self.said: list[str] = []
        self._recorder: Recorder | None = None

    def answer(self, asked: dict[str, Any], data: bytes) -> Any:
        what = asked.pop("what")
        if what == "open":
            probe = Probe.unpacked(asked["probe"].encode(), data)
            self._recorder = Recorder(Path(asked["path"]), probe, notice=self.said.append)
            return None
        recorder = self._recorder
        if recorder is None:
            raise EmblinkError("nothing is open")
        if what == "take":
            return recorder.take(vectors=np.load(io.BytesIO(data), allow_pickle=False), **asked)
        if what == "leave_out":
            return recorder.leave_out(**asked)
        return recorder.finish() if what == "finish" else recorder.close()

    def close(self) -> None:
        if self._recorder is not None:
            self._recorder.close()


if __name__ == "__main__":
    main()
