"""JSON that carries its own checksum."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import TypeVar

import msgspec

from emblink.bundle._files import UNREADABLE, DamageError

_SEAL = re.compile(rb'"checksum": ?"([0-9a-f]{8})"')
_SEAL_WITHIN = 200
UNSEALED = "00000000"
"""What stands in the place of a checksum while it is taken."""

Record = TypeVar("Record")


def sealed(record: msgspec.Struct, *, indent: int = 0) -> bytes:
    """Return a record with an empty ``checksum`` as JSON that carries its own checksum.

    Parameters
    ----------
    record : Struct
        ``checksum`` is among its first fields and holds eight zeros.
    indent : int

    Returns
    -------
    bytes
    """
    data = msgspec.json.encode(record)
    if indent:
        data = msgspec.json.format(data, indent=indent)
    seal = _seal_of(data)
    assert seal is not None, "a record that is sealed begins with its checksum"
    start, end = seal
    return data[:start] + f"{zlib.crc32(data):08x}".encode() + data[end:]


def check_seal(path: Path, data: bytes) -> None:
    """Look whether JSON that carries its checksum is whole.

    Parameters
    ----------
    path : Path
        Where it was read.
    data : bytes

    Raises
    ------
    DamageError
    """
    seal = _seal_of(data)
    if seal is None:
        raise DamageError(path, "has no checksum" if data else "is empty")
    start, end = seal
    crc = zlib.crc32(data[:start] + UNSEALED.encode() + data[end:])
    if data[start:end] != f"{crc:08x}".encode():
        raise DamageError(path, "holds other bytes than were written")


def unsealed(path: Path, data: bytes, kind: type[Record]) -> Record:
    """Return a record from JSON that carries its checksum.

    Parameters
    ----------
    path : Path
        Where it was read.
    data : bytes
    kind : type
        Of the record.

    Returns
    -------
    Struct

    Raises
    ------
    DamageError
    """
    check_seal(path, data)
    try:
        return msgspec.json.decode(data, type=kind)
    except UNREADABLE as error:
        raise DamageError(path, f"is of another Emblink: {error}") from error


def _seal_of(data: bytes) -> tuple[int, int] | None:
    found = _SEAL.search(data[:_SEAL_WITHIN])
    return None if found is None else found.span(1)
