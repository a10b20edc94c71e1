"""Readers of ``.npy`` (memory-mapped) and ``.npz``; nothing is ever unpickled."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from emblink.errors import ReadError
from emblink.load._columns import Arrays, Contents, arrays, describe, refuse_objects
from emblink.types import AnyArray

NPY_ARRAY = "vectors"
"""What the one nameless array of a ``.npy`` file is called."""


def read_npy(path: Path, words: frozenset[str]) -> Contents:
    """Open a ``.npy`` file as a memory map."""
    where = path.name
    with path.open("rb") as stream:
        dtype, shape = _header(stream, where)
        expected = stream.tell() + dtype.itemsize * int(np.prod(shape, dtype=np.int64))
    size = path.stat().st_size
    if size < expected:
        raise ReadError(
            f"{where} is truncated: its header promises {_shape(shape)} {dtype} "
            f"({expected:,} bytes), but the file has {size:,}; copy or write it again"
        )
    if 0 in shape:
        return arrays(where, {NPY_ARRAY: np.empty(shape, dtype)})
    return arrays(where, {NPY_ARRAY: np.load(path, mmap_mode="r", allow_pickle=False)})


def read_npz(path: Path, words: frozenset[str]) -> Contents:
    """Open a ``.npz`` file; each array is read when asked for."""
    where = path.name
    columns = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                if not member.endswith(".npy"):
                    continue
                name = member.removesuffix(".npy")
                with archive.open(member) as stream:
                    dtype, shape = _header(stream, f"{where}::{name}", objects=True)
                columns[name] = describe(name, dtype, shape)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise _unreadable(where, "npz", error) from error

    def get(name: str) -> AnyArray:
        if columns[name].dtype == "object":
            refuse_objects(f"array {name!r} of {where}", np.dtype(object))
        try:
            with np.load(path, allow_pickle=False) as file:
                array: AnyArray = file[name]
                return array
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
            raise _unreadable(f"array {name!r} of {where}", "npz", error) from error

    return Arrays(where, columns, get)


def _header(
    stream: IO[bytes], where: str, *, objects: bool = False
) -> tuple[np.dtype[Any], tuple[int, ...]]:
    try:
        version = npy.read_magic(stream)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read(stream)
    except (ValueError, EOFError) as error:
        raise _unreadable(where, "npy", error) from error
    if not objects or dtype.names is not None:
        refuse_objects(where, dtype)
    return dtype, shape


def _unreadable(where: str, kind: str, error: Exception) -> ReadError:
    return ReadError(
        f"{where} cannot be read as .{kind} ({error}); "
        f"expected a file written by np.save{'z' if kind == 'npz' else ''}: write it again"
    )


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(f"{size:,}" for size in shape)
