"""Bytes on disk: arrays and their checksums, JSON that carries its own, paths that stay inside."""

from __future__ import annotations

import io
import json
import os
import re
import stat
import zlib
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.lib import format as npy

from emblink.bundle.schema import StoredArray
from emblink.types import AnyArray

BLOCK_BYTES = 1 << 24
STAGE_NAME = re.compile(r"[a-z0-9][a-z0-9-]*-[0-9a-f]{32}")
FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
COLUMNS = "columns"

_SEAL = re.compile(rb'"checksum": ?"([0-9a-f]{8})"')
_SEAL_WITHIN = 200
UNSEALED = "00000000"
"""What stands in the place of a checksum while it is taken."""


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


def digest(*parts: Any) -> str:
    """Return a hash of JSON-able parts; arrays count by dtype, shape and bytes.

    Parameters
    ----------
    *parts
        JSON-able values and numpy arrays.

    Returns
    -------
    str
        32 hexadecimal characters.
    """
    state = blake2b(digest_size=16)
    for part in parts:
        if isinstance(part, np.ndarray):
            count_head(state, part)
            for block in blocks(part):
                state.update(block.data)
        else:
            count_words(state, part)
    return state.hexdigest()


def count_head(state: blake2b, array: AnyArray) -> None:
    """Let the dtype and shape of an array count in a hash."""
    state.update(f"{array.dtype.str}{array.shape}".encode())


def count_words(state: blake2b, part: Any) -> None:
    """Let a JSON-able value count in a hash."""
    state.update(json.dumps(part, sort_keys=True).encode() + b"\0")


def blocks(array: AnyArray) -> Iterator[AnyArray]:
    """Yield an array as flat copies of some rows, so that what is hashed is what is written.

    A memory map, or an array that another thread changes, may hold something else at a second look.
    """
    rows = array.reshape(1) if array.ndim == 0 else array
    step = max(1, BLOCK_BYTES // max(1, rows.nbytes // max(1, len(rows))))
    for start in range(0, len(rows), step):
        block = np.array(rows[start : start + step], order="C", copy=True)
        if block.size:
            yield block.reshape(-1).view(np.uint8)


def write_npy(path: Path, array: AnyArray, *, state: blake2b | None = None) -> StoredArray:
    """Write an array to a new file, and return what must be found there.

    Parameters
    ----------
    path : Path
        Of a file that does not exist.
    array : array
    state : hash, optional
        In which the array counts as it is written.

    Returns
    -------
    StoredArray
    """
    if state is not None:
        count_head(state, array)
    head = _head(array)
    crc = zlib.crc32(head)
    with path.open("xb") as file:
        file.write(head)
        for block in blocks(array):
            file.write(block.data)
            crc = zlib.crc32(block.data, crc)
            if state is not None:
                state.update(block.data)
        length = file.tell()
    return StoredArray(
        dtype=array.dtype.str,
        shape=[*array.shape],
        offset=len(head),
        bytes=length,
        crc32=f"{crc:08x}",
    )


def _head(array: AnyArray) -> bytes:
    held = io.BytesIO()
    described = npy.dtype_to_descr(array.dtype)
    npy.write_array_header_1_0(
        held, {"descr": described, "fortran_order": False, "shape": array.shape}
    )
    return held.getvalue()


def map_array(path: Path, stored: StoredArray) -> AnyArray:
    """Return an array as a read-only memory map, or in memory when it is empty.

    Parameters
    ----------
    path : Path
    stored : StoredArray
        What must be found there; the file's own header is not asked.

    Returns
    -------
    array

    Raises
    ------
    DamageError
        The file is missing, of another length, or something else than a file.
    """
    check_length(path, stored.bytes)
    dtype, shape = np.dtype(stored.dtype), tuple(stored.shape)
    if 0 in shape:
        return np.empty(shape, dtype)
    try:
        return np.memmap(path, dtype, mode="r", offset=stored.offset, shape=shape)
    except (OSError, ValueError) as error:
        raise DamageError(path, f"cannot be read: {error}") from error


def check_length(path: Path, expected: int) -> None:
    """Look whether a file is there and as long as it was.

    Raises
    ------
    DamageError
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        raise DamageError(path, "is not there") from None
    except OSError as error:
        raise DamageError(path, f"cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(found.st_mode):
        raise DamageError(path, "is no file of its own")
    if found.st_size != expected:
        raise DamageError(path, f"has {found.st_size:,} bytes, not {expected:,}")


def check_sum(path: Path, stored: StoredArray) -> None:
    """Read a whole file and look whether it holds what was written.

    Raises
    ------
    DamageError
    """
    check_length(path, stored.bytes)
    crc = 0
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                crc = zlib.crc32(block, crc)
    except OSError as error:
        raise DamageError(path, f"cannot be read: {error.strerror}") from error
    if f"{crc:08x}" != stored.crc32:
        raise DamageError(path, "holds other bytes than were written")


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
    start, end = _seal_of(data)
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
    if not is_sealed(data):
        raise DamageError(path, "has no checksum")
    start, end = _seal_of(data)
    crc = zlib.crc32(data[:start] + UNSEALED.encode() + data[end:])
    if data[start:end] != f"{crc:08x}".encode():
        raise DamageError(path, "holds other bytes than were written")


def is_sealed(data: bytes) -> bool:
    """Whether JSON carries a checksum."""
    return _SEAL.search(data[:_SEAL_WITHIN]) is not None


def _seal_of(data: bytes) -> tuple[int, int]:
    found = _SEAL.search(data[:_SEAL_WITHIN])
    assert found is not None
    return found.span(1)


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


def settle(path: Path) -> None:
    """Wait until a file, or the names in a directory, would survive a loss of power."""
    if path.is_dir() and os.name == "nt":  # where directories cannot be settled
        return
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
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
    with through.open("xb") as file:  # never through a link that somebody left there
        file.write(data)
    settle(through)
    through.replace(path)
    settle(path.parent)
