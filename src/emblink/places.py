"""Putting a file in its place, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from emblink.errors import BundleError
from emblink.troubles import WAYS_OUT, why_and_way


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    """Have what the system refuses said as an error of Emblink that names the file.

    Parameters
    ----------
    path : Path
        What is to be written.

    Raises
    ------
    BundleError
    """
    try:
        yield
    except OSError as error:
        way = WAYS_OUT.get(error.errno or 0, "give another name")
        raise BundleError(f"{path} cannot be written {why_and_way(error, way)}") from error


def put(path: Path, data: bytes) -> None:
    """Write a file, over one of that name, and the folders on the way to it.

    Parameters
    ----------
    path : Path
    data : bytes

    Raises
    ------
    BundleError
        The place cannot be written to; what was there is left.
    """
    beside = None
    try:
        with written_to(path):
            path.absolute().parent.mkdir(parents=True, exist_ok=True)
            descriptor, beside = tempfile.mkstemp(prefix=".tmp-", dir=path.absolute().parent)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).chmod(0o666 & ~_umask())
            Path(beside).replace(path)
    finally:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
