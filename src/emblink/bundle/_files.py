"""Files that are themselves, paths that stay inside, and what is settled on the disk."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import uuid
from pathlib import Path

import msgspec

from emblink.troubles import named

STAGE_NAME = re.compile(r"[a-z0-9][a-z0-9-]*-[0-9a-f]{32}")
FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
UNREADABLE = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
"""What msgspec raises of bytes that it cannot read; the last of these before its version 0.20."""
COLUMNS = "columns"
_NO_FAULT_OF_THE_FILE = {errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM}


class DamageError(Exception):
    """A file that is not what was written.

    Parameters
    ----------
    path : Path or str
    what : str
        Is wrong with it, in words that follow its name.
    """

    def __init__(self, path: Path | str, what: str) -> None:
        super().__init__(f"{path} is missing or damaged (it {what})")


def unread(path: Path, error: OSError) -> DamageError:
    """Return the error of a file that cannot be read, unless that is not the file's fault."""
    if error.errno in _NO_FAULT_OF_THE_FILE:
        raise error
    return DamageError(path, f"cannot be read: {error.strerror or error}")


def check_length(path: Path, expected: int) -> None:
    """Look whether a file is there and as long as it was.

    Raises
    ------
    DamageError
    """
    found = length_of(path)
    if found is None:
        raise DamageError(path, "is not there")
    if found != expected:
        raise DamageError(path, f"has {found:,} bytes, not {expected:,}")


def length_of(path: Path) -> int | None:
    """Return the length of a file, or None where none is.

    Raises
    ------
    DamageError
        There is a link, a folder or something else.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unread(path, error) from error
    if not stat.S_ISREG(found.st_mode):
        raise DamageError(path, "is no file of its own")
    return found.st_size


def read_file(path: Path) -> bytes | None:
    """Return the bytes of a file that is one itself; None where none is.

    Raises
    ------
    DamageError
        There is a link, a folder or something else, or it cannot be read.
    """
    if length_of(path) is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise unread(path, error) from error


def safe_path(path: str) -> Path:
    """Return the path of a column, which may only lie where columns do.

    Parameters
    ----------
    path : str
        As a manifest names it: ``columns/STAGE/FILE``.

    Returns
    -------
    Path
        Relative to the bundle.

    Raises
    ------
    DamageError
        It leads elsewhere.
    """
    parts = path.split("/")
    if (
        len(parts) != 3
        or parts[0] != COLUMNS
        or not STAGE_NAME.fullmatch(parts[1])
        or not FILE_NAME.fullmatch(parts[2])
    ):
        raise DamageError(path, "is no path of a column and could lead out of the bundle")
    return Path(*parts)


def column_file(root: Path, path: str) -> Path:
    """Return the file of a column, whose folders are no links to elsewhere.

    Parameters
    ----------
    root : Path
        The bundle's directory.
    path : str
        As a manifest names it.

    Returns
    -------
    Path

    Raises
    ------
    DamageError
    """
    file = root / safe_path(path)
    for folder in (file.parents[1], file.parent):
        if folder.is_symlink():
            raise DamageError(folder, "is a link")
    return file


def set_aside(path: Path, *, copy: bool = False) -> str:
    """Give another name to what is not as we wrote it, where we need its name.

    Parameters
    ----------
    path : Path
    copy : bool
        Whether the bytes of a file are kept under the other name, and the file stays.

    Returns
    -------
    str
        A sentence for the user.
    """
    aside = path.with_name(f"{path.name}.aside-{uuid.uuid4().hex[:8]}")
    if copy:
        shutil.copyfile(path, aside)
    else:
        path.rename(aside)
    return f"{path} is not as Emblink wrote it; what it was is now {aside.name}."


def settle(path: Path) -> None:
    """Wait until a file, or the names in a directory, would survive a loss of power."""
    if path.is_dir() and os.name == "nt":  # where directories cannot be settled
        return
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        with named(path):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_settled(path: Path, data: bytes, *, through: Path) -> None:
    """Put bytes in the place of a file, so that at any moment one or the other is there, whole.

    Parameters
    ----------
    path : Path
    data : bytes
    through : Path
        A name beside it that nobody else uses.
    """
    through.unlink(missing_ok=True)
    with named(path), through.open("xb") as file:  # never through a link that somebody left there
        file.write(data)
    settle(through)
    through.replace(path)
    settle(path.parent)
