"""What the machine refuses, in words: which file, why, and the way out."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FULL = "make room there or choose another disk, then do the same again"
_ELSEWHERE = "choose a place where you may write"
WAYS_OUT = {
    errno.ENOSPC: _FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): _FULL,
    errno.EFBIG: "files may not grow so large here (ulimit -f, or the file system); allow it or "
    "choose another disk, then do the same again",
    errno.EROFS: _ELSEWHERE,
    errno.EACCES: f"make it accessible to you, or {_ELSEWHERE}",
    errno.EPERM: f"make it accessible to you, or {_ELSEWHERE}",
    errno.EMFILE: "allow more open files: ulimit -n 1024",
    errno.ENFILE: "close programs that hold files open, then try again",
    errno.EIO: "the disk or its connection failed: check it, or choose another",
    errno.ENOMEM: "close other programs, compare fewer items (sample), or allow less (memory)",
    errno.ENOENT: "check the path; its folder must exist",
    errno.ENOTDIR: "check the path; a part of it is a file",
    errno.EISDIR: "give the name of a file",
    errno.ENAMETOOLONG: "give a shorter name",
    errno.ELOOP: "give a path without links that lead in a circle",
}
"""By the number of the system's error."""
NO_MEMORY = (
    "there is not enough memory; close other programs, compare fewer items (--sample), or say with "
    "--memory how much may be used"
)


@contextmanager
def named(path: Path | str) -> Iterator[None]:
    """Have an error of the system that names no file name this one, and say the way out.

    Parameters
    ----------
    path : path
        What is written or read within.
    """
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            error.filename = str(path)
            if (way := WAYS_OUT.get(error.errno)) is not None:
                error.add_note(f"{path}: {way}.")
        raise


def in_words(error: OSError) -> str:
    """Say an error of the system in a sentence.

    Parameters
    ----------
    error : OSError

    Returns
    -------
    str
        The file where it is known, the reason, and the way out where there is one.
    """
    if error.errno is None:
        return str(error)
    file = error.filename if error.filename is not None else "what was to be written or read"
    if isinstance(file, bytes):
        file = os.fsdecode(file)
    reason = (error.strerror or os.strerror(error.errno)).lower()
    way = WAYS_OUT.get(error.errno)
    return f"{file}: {reason}{_left(error)}{f'; {way}' if way else ''}"


def why_and_way(error: OSError, otherwise: str) -> str:
    """Return the reason in brackets and the way out, for a sentence that names the file.

    Parameters
    ----------
    error : OSError
    otherwise : str
        The way out where it is not that the disk is full.

    Returns
    -------
    str
    """
    if isinstance(error, shutil.Error):  # of many files: the last that went wrong
        last = str(error.args[0][-1][-1])
        full = os.strerror(errno.ENOSPC) in last
        reason = os.strerror(errno.ENOSPC) if full else last
    else:
        full, reason = error.errno == errno.ENOSPC, error.strerror or str(error)
    return f"({reason}); {_FULL if full else otherwise}"


def reserve(descriptor: int, n_bytes: int) -> None:
    """Take room on the disk, so that none is missing once a map of the file is written to.

    Parameters
    ----------
    descriptor : int
    n_bytes : int

    Raises
    ------
    OSError
        There is no room. Without this, a process that writes to the map is ended by the system.
    """
    if n_bytes and hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(descriptor, 0, n_bytes)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS):
                raise


def _left(error: OSError) -> str:
    if error.errno != errno.ENOSPC or not isinstance(error.filename, str):
        return ""
    for place in (Path(error.filename), *Path(error.filename).parents):
        try:
            return f" ({shutil.disk_usage(place).free / 1e6:,.1f} MB free)"
        except OSError:
            continue
    return ""
