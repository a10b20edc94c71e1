"""Putting a file in its place: whole or not at all, and never over what is not ours."""

from __future__ import annotations

import os
from pathlib import Path

from emblink.errors import BundleError
from emblink.page import GENERATOR
from emblink.places import put, written_to
from emblink.plot import MARKS

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
    put(path, data)


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
    with written_to(path), path.open("rb") as file:
        start = file.read(_NEAR_START)
        ours = any(mark in start for mark in (GENERATOR.encode(), *MARKS))
    if not (ours or force):
        raise BundleError(
            f"{path} exists and was not written by Emblink; give another name, or --force "
            "(force=True) to replace it"
        )
