"""The marker of a bundle: the first file that is written, by which it is known and locked."""

from __future__ import annotations

import errno
import os
import uuid
from pathlib import Path

import msgspec

from emblink.bundle._files import DamageError, length_of, settle
from emblink.bundle._seal import UNSEALED, sealed, unsealed
from emblink.bundle.schema import SCHEMA
from emblink.troubles import named

MARKER = "emblink.json"


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """What the marker says.

    Attributes
    ----------
    id : str
        Random, as 32 hexadecimal digits.
    """

    checksum: str = UNSEALED
    schema: str = SCHEMA
    id: str


def read_marker(root: Path) -> str | None:
    """Return the id of a bundle, or None where there is no marker, or one without a word in it.

    Parameters
    ----------
    root : Path
        The bundle's directory.

    Raises
    ------
    DamageError
        There is something else in its place.
    """
    path = root / MARKER
    if not length_of(path):
        return None
    marker = unsealed(path, path.read_bytes(), Marker)
    try:
        return uuid.UUID(hex=marker.id).hex
    except ValueError:
        raise DamageError(path, "has no id") from None


def write_marker(lock: int, root: Path) -> str:
    """Write a marker with a new id into the file that is locked, and return the id.

    Parameters
    ----------
    lock : int
        Descriptor of the marker's file.
    root : Path
        The bundle's directory.
    """
    found = uuid.uuid4().hex
    with named(root / MARKER):
        os.ftruncate(lock, 0)
        try:
            data = sealed(Marker(id=found))
            if os.pwrite(lock, data, 0) < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            os.ftruncate(lock, 0)  # half a marker would be taken for a stranger's file
            raise
        os.fsync(lock)
    settle(root)
    return found
