"""Bytes on disk: arrays and their checksums, and paths that stay inside."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import stat
import uuid
import zlib
from collections.abc import Iterator
from hashlib import blake2b
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from emblink.bundle.schema import StoredArray
from emblink.types import AnyArray

BLOCK_BYTES = 1 << 24
STAGE_NAME = re.compile(r"[a-z0-9][a-z0-9-]*-[0-9a-f]{32}")
FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
COLUMNS = "columns"
_NO_FAULT_OF_THE_FILE = {errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM}

DTYPE = re.compile(r"[<>|]?(b1|[iu][1248]|f[248])|u?int(8|16|32|64)|float(16|32|64)|bool")
"""Of the numbers that are written, as numpy names them."""


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


def _unread(path: Path, error: OSError) -> DamageError:
    """Return the error of a file that cannot be read, unless that is not the file's fault."""
    if error.errno in _NO_FAULT_OF_THE_FILE:
        raise error
    return DamageError(path, f"cannot be read: {error.strerror or error}")


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
    try:
        if 0 in shape:
            return np.empty(shape, dtype)
        return np.memmap(path, dtype, mode="r", offset=stored.offset, shape=shape)
    except OSError as error:
        raise _unread(path, error) from error
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
        raise _unread(path, error) from error
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
        raise _unread(path, error) from error


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
        raise _unread(path, error) from error
    if f"{crc:08x}" != stored.crc32:
        raise DamageError(path, "holds other bytes than were written")


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
