"""Whether a file is still as it was when its reading began."""

from __future__ import annotations

import os
import time
from pathlib import Path

from emblink.errors import ReadError

_TICK = 20_000_000
"""Nanoseconds within which a clock of a file system may not tell two writes apart."""
_LONG_TICK = 2_000_000_000
"""The same where it counts in whole seconds."""


class Watch:
    """One file, as it is when the watch begins.

    Parameters
    ----------
    path : Path
        Of a file that is there.
    where : str
        Its name for people.
    """

    def __init__(self, path: Path, where: str) -> None:
        self.where = where
        self._path = path
        self._seen = _settled(path)

    @property
    def n_bytes(self) -> int:
        """Its size when the watch began."""
        return self._seen.st_size

    def change(self) -> ReadError | None:
        """Return the error that says what became of the file, or None where nothing did."""
        before = f"{self._seen.st_size:,} bytes at {_clock(self._seen)}"
        way_out = "wait until it is written and compare again"
        try:
            now = self._path.stat()
        except OSError:
            return ReadError(
                f"{self.where} vanished while it was read (was {before}, now there is no such "
                f"file); {way_out}"
            )
        if _signs(now) == _signs(self._seen):
            return None
        return ReadError(
            f"{self.where} changed while it was read (was {before}, now {now.st_size:,} bytes at "
            f"{_clock(now)}); {way_out}"
        )


def _settled(path: Path) -> os.stat_result:
    """Look at a file once a further write would show in its time."""
    found = path.stat()
    tick = _LONG_TICK if found.st_mtime_ns % 1_000_000_000 == 0 else _TICK
    left = tick - (time.time_ns() - found.st_mtime_ns)
    if 0 < left <= tick:
        time.sleep(left / 1e9)
        found = path.stat()
    return found


def _signs(found: os.stat_result) -> tuple[int, int, int]:
    """What differs once a file was written or replaced, whatever time was set on it.

    The inode is not among them: some network file systems make up another at each look.
    """
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _clock(found: os.stat_result) -> str:
    seconds, rest = divmod(found.st_mtime_ns, 1_000_000_000)
    return f"{time.strftime('%H:%M:%S', time.localtime(seconds))}.{rest // 1_000_000:03d}"
