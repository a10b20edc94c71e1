"""Putting a file in its place: whole or not at all, and never over what is not ours."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from emblink.errors import BundleError
from emblink.page import GENERATOR
from emblink.plot import MARKS
from emblink.troubles import why_and_way

_NEAR_START = 4096


def write_file(path: Path, data: bytes, *, force: bool) -> None:
    """Write a file.

    Parameters
    ----------
    path : Path
    data : bytes
    force : bool
        Whether a file that is not ours may be replaced.

    Raises
    ------
    BundleError
        There is something that Emblink did not write, or the place cannot be written to.
    """
    check_place(path, force=force)
    beside = None
    try:
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(prefix=".tmp-", dir=path.absolute().parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o666 & ~_umask())
        Path(beside).replace(path)
    except OSError as error:
        raise BundleError(
            f"{path} cannot be written {why_and_way(error, 'give another name')}"
        ) from error
    finally:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)


def check_place(path: Path, *, force: bool) -> None:
    """Refuse a place where there is something that Emblink did not write.

    Parameters
    ----------
    path : Path
    force : bool
        Whether a file may be there nevertheless.

    Raises
    ------
    BundleError
    """
    if not os.path.lexists(path):
        return
    if path.is_symlink() or not path.is_file():
        kind = "a link" if path.is_symlink() else "a folder"
        raise BundleError(f"{path} is {kind}; give the name of a new file")
    with path.open("rb") as file:
        start = file.read(_NEAR_START)
        ours = any(mark in start for mark in (GENERATOR.encode(), *MARKS))
    if not (ours or force):
        raise BundleError(
            f"{path} exists and was not written by Emblink; give another name, or --force "
            "(force=True) to replace it"
        )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
