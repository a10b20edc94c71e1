"""Arrays on disk, and the checksums by which they are known."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zlib
from collections.abc import Iterator
from hashlib import blake2b
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from emblink.bundle._files import DamageError, check_length, unread
from emblink.bundle._order import Gathered
from emblink.bundle.schema import StoredArray
from emblink.troubles import named
from emblink.types import AnyArray

BLOCK_BYTES = 1 << 24
DTYPE = re.compile(r"[<>|]?(b1|[iu][1248]|f[248])|u?int(8|16|32|64)|float(16|32|64)|bool")
"""Of the numbers that are written, as numpy names them."""


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
        if isinstance(part, np.ndarray | Gathered):
            count_head(state, part)
            for block in blocks(part):
                state.update(block.data)
        else:
            count_words(state, part)
    return state.hexdigest()


def count_head(state: blake2b, array: AnyArray | Gathered) -> None:
    """Let the dtype and shape of an array count in a hash."""
    state.update(f"{array.dtype.str}{array.shape}".encode())


def count_words(state: blake2b, part: Any) -> None:
    """Let a JSON-able value count in a hash."""
    state.update(json.dumps(part, sort_keys=True).encode() + b"\0")


def blocks(array: AnyArray | Gathered) -> Iterator[AnyArray]:
    """Yield an array as flat copies of some rows, so that what is hashed is what is written.

    A memory map, or an array that another thread changes, may hold something else at a second look.
    """
    rows = array.reshape(1) if isinstance(array, np.ndarray) and array.ndim == 0 else array
    step = max(1, BLOCK_BYTES // max(1, rows.nbytes // max(1, len(rows))))
    for start in range(0, len(rows), step):
        block = np.array(rows[start : start + step], order="C", copy=True)
        if block.size:
            yield block.reshape(-1).view(np.uint8)


def write_npy(
    path: Path, array: AnyArray | Gathered, *, state: blake2b | None = None
) -> StoredArray:
    """Write an array to a new file, and return what must be found there.

    Parameters
    ----------
    path : Path
        Of a file that does not exist.
    array : array or Gathered
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
    with named(path), path.open("xb") as file:
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


def _head(array: AnyArray | Gathered) -> bytes:
    held = io.BytesIO()
    described = npy.dtype_to_descr(array.dtype)
    npy.write_array_header_1_0(
        held, {"descr": described, "fortran_order": False, "shape": array.shape}
    )
    return held.getvalue()


def laid_out(rows: Gathered) -> AnyArray:
    """Return an array of gathered rows: of more than a block in the map of a file without a name.

    Parameters
    ----------
    rows : Gathered

    Returns
    -------
    array
    """
    if rows.nbytes <= BLOCK_BYTES:
        return rows[:]
    with named(tempfile.gettempdir()), tempfile.TemporaryFile() as file:
        for block in blocks(rows):
            file.write(block.data)
        file.flush()
        return np.memmap(file, rows.dtype, mode="r", shape=rows.shape)


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
    try:
        if 0 in shape:
            return np.empty(shape, dtype)
        return np.memmap(path, dtype, mode="r", offset=stored.offset, shape=shape)
    except OSError as error:
        raise unread(path, error) from error
    except (ValueError, OverflowError) as error:
        raise DamageError(path, f"cannot be read: {error}") from error


def check_stored(path: Path | str, stored: StoredArray) -> None:
    """Look whether what is said of an array is of numbers that we write, and of one length.

    Raises
    ------
    DamageError
    """
    known = DTYPE.fullmatch(stored.dtype) is not None and stored.offset >= 0
    width = np.dtype(stored.dtype).itemsize if known else 0
    fits = stored.bytes == stored.offset + prod(stored.shape) * width
    if not known or not fits or any(n < 0 for n in stored.shape):
        said = f"{stored.dtype!r} of shape {tuple(stored.shape)} in {stored.bytes:,} bytes"
        raise DamageError(path, f"is said to hold {said[:200]}")


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
        raise unread(path, error) from error
    if f"{crc:08x}" != stored.crc32:
        raise DamageError(path, "holds other bytes than were written")
