"""Disks that fill or fail, and processes that end, at the n-th thing done to a directory."""

from __future__ import annotations

import contextlib
import errno
import io
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

ENDED = 77
"""Status of a process that ended in the midst."""
CALLS = ("fsync", "unlink", "mkdir", "replace", "rename", "rmdir", "open", "ftruncate", "pwrite")
NEED_ROOM = {"write", "mkdir", "create", "pwrite", "fsync"}
FAULTS = {
    "the disk is full from there on": errno.ENOSPC,
    "the disk fails once": errno.EIO,
    "the process ends": None,
}


@dataclass
class Faults:
    """Lets one thing that is done under a directory go wrong.

    Attributes
    ----------
    root : Path
    at : int
        Which, from 0.
    fault : str
        Of ``FAULTS``.
    seen : Counter
        What was done, by kind.
    """

    root: Path
    at: int
    fault: str
    seen: Counter[str] = field(default_factory=Counter)

    def strike(self, kind: str, half: Callable[[], object] = lambda: None) -> None:
        """Count something that is about to be done, and let it go wrong if it is its turn."""
        now = self.seen.total()
        code = FAULTS[self.fault]
        if code == errno.ENOSPC and kind not in NEED_ROOM:
            return
        self.seen[kind] += 1
        if now != self.at and not (now > self.at and code == errno.ENOSPC):
            return
        half()
        if code is None:
            os._exit(ENDED)
        raise OSError(code, os.strerror(code))

    def concerns(self, path: Any) -> bool:
        """Whether a path, or the file of a descriptor, lies under the directory."""
        if isinstance(path, int):
            path = Path(f"/proc/self/fd/{path}").readlink()
        return str(path).startswith(str(self.root))


@contextlib.contextmanager
def at_work(faults: Faults) -> Iterator[None]:
    """Put the faults between Python and the operating system."""
    with contextlib.ExitStack() as stack:
        for name in CALLS:
            call = getattr(os, name)
            stack.enter_context(mock.patch.object(os, name, _struck(call, name, faults)))
        stack.enter_context(mock.patch.object(io, "open", _opener(io.open, faults)))
        yield


def _struck(call: Callable[..., Any], name: str, faults: Faults) -> Callable[..., Any]:
    def struck(path: Any, *rest: Any, **options: Any) -> Any:
        if faults.concerns(path):
            faults.strike(name)
        return call(path, *rest, **options)

    return struck


def _opener(call: Callable[..., Any], faults: Faults) -> Callable[..., Any]:
    def opened(path: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
        if not faults.concerns(path):
            return call(path, mode, *rest, **options)
        writes = bool({*mode} & {*"wxa+"})
        faults.strike("create" if writes else "read")
        # Without a buffer, so that half a write is half a write.
        return _File(call(path, mode, 0), faults) if writes else call(path, mode, *rest, **options)

    return opened


class _File:
    """A file whose writes may go wrong halfway."""

    def __init__(self, file: Any, faults: Faults) -> None:
        self._file = file
        self._faults = faults

    def write(self, data: Any) -> int:
        data = bytes(data)
        self._faults.strike("write", lambda: self._file.write(data[: len(data) // 2]))
        return int(self._file.write(data))

    def tell(self) -> int:
        return int(self._file.tell())

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()
