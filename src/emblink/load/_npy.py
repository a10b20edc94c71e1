"""Readers of ``.npy`` and ``.npz``; nothing is ever mapped or unpickled."""

from __future__ import annotations

import math
import sys
import zipfile
import zlib
from collections.abc import Collection, Iterator
from io import FileIO
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from emblink.errors import ReadError
from emblink.load._arrays import Arrays
from emblink.load._blocks import BLOCK, Place, StoredRows
from emblink.load._columns import Column, Contents, describe, refuse_objects
from emblink.load._guard import FAULTS
from emblink.load._memory import allocate, check_room
from emblink.load._streams import check_density
from emblink.types import AnyArray

_DEFLATED = 1032
"""How many bytes one byte can stand for in a ``.zip``."""
NPY_ARRAY = "vectors"
"""What the one nameless array of a ``.npy`` file is called."""


class NpyFile(StoredRows):
    """The array of a ``.npy`` file, read in blocks when asked for."""

    def __init__(self, path: Path) -> None:
        self.where = path.name
        self._path = path
        with path.open("rb") as stream:
            self.dtype, self.shape, fortran = _header(stream, self.where)
            self._offset = stream.tell()
        self.by_rows = not fortran
        expected = self._offset + self.dtype.itemsize * math.prod(self.shape)
        size = path.stat().st_size
        if size > expected:
            raise ReadError(
                f"{self.where} goes on for {size - expected:,} bytes after its first array, "
                f"{_shape(self.shape)} {self.dtype}, as a file does that np.save wrote into more "
                f"than once; save all as one: with open({self.where!r}, 'rb') as file: "
                "X = np.concatenate([np.load(file), np.load(file), …])"
            )
        if size < expected:
            raise ReadError(
                f"{self.where} is truncated: its header promises {_shape(self.shape)} {self.dtype} "
                f"({expected:,} bytes), but the file has {size:,}; copy or write it again"
            )

    def blocks(self) -> Iterator[tuple[Place, AnyArray]]:
        """Read rows, or columns where the file holds those one after the other."""
        count, length = self.shape if self.by_rows else self.shape[::-1]
        step = min(count, max(1, BLOCK // max(1, length)))
        buffer = allocate((step, length), self.dtype, self.where)
        everything = slice(None)
        with self._path.open("rb", buffering=0) as stream:
            stream.seek(self._offset)
            for start in range(0, count, max(1, step)):
                block = buffer[: min(step, count - start)]
                fill(stream, block, self.where)
                lines = slice(start, start + len(block))
                place = (lines, everything) if self.by_rows else (everything, lines)
                yield place, block if self.by_rows else block.T

    def whole(self) -> AnyArray:
        """Read the array as it is stored."""
        out = allocate(self.shape if self.by_rows else self.shape[::-1], self.dtype, self.where)
        flat = out.reshape(-1)
        with self._path.open("rb", buffering=0) as stream:
            stream.seek(self._offset)
            for start in range(0, len(flat), BLOCK):
                fill(stream, flat[start : start + BLOCK], self.where)
        return out if self.by_rows else out.T


def fill(stream: FileIO, block: AnyArray, where: str) -> None:
    """Read the next bytes of a file into a block.

    Raises
    ------
    ReadError
        The file ends before.
    """
    if not block.nbytes:
        return
    view = block.reshape(-1).view(np.uint8).data
    done = 0
    while done < len(view):
        count = stream.readinto(view[done:])
        if not count:
            raise ReadError(
                f"{where} ends {len(view) - done:,} bytes early; copy or write it again"
            )
        done += count


def read_npy(path: Path, words: frozenset[str]) -> Contents:
    """Open a ``.npy`` file; its array is read when asked for."""
    file = NpyFile(path)
    columns = {NPY_ARRAY: describe(NPY_ARRAY, file.dtype, file.shape)}
    return Arrays(path.name, columns, lambda _: file)


def read_npz(path: Path, words: frozenset[str]) -> Contents:
    """Open a ``.npz`` file; each array is read when asked for."""
    where = path.name
    columns: dict[str, Column] = {}
    n_bytes: dict[str, int] = {}
    try:
        archive = zipfile.ZipFile(path)
        for member in archive.infolist():
            if not member.filename.endswith(".npy"):
                continue
            name = _name(member, columns, where)
            with archive.open(member) as stream:
                dtype, shape, _ = _header(stream, f"{where}::{name}", objects=True)
                n_bytes[name] = dtype.itemsize * math.prod(shape)
                if not dtype.hasobject:
                    _need_bytes(member, stream.tell() + n_bytes[name], f"{where}::{name}")
            columns[name] = describe(name, dtype, shape)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise _unreadable(where, "npz", error) from error

    def get(name: str) -> AnyArray:
        if columns[name].dtype == "object":
            what = f"array {name!r} of {where}"
            if len(columns[name].shape) == 1:
                raise ReadError(
                    f"{what} is an object array (pickle), which Emblink never loads; save words as "
                    f"such: np.savez(path, {name}=np.asarray({name}, dtype=str), …)"
                )
            refuse_objects(what, np.dtype(object))
        packed = archive.getinfo(f"{name}.npy").compress_size
        way = "save it unpacked: np.savez, not savez_compressed"
        check_density(n_bytes[name], packed, f"{where}::{name}", way)
        check_room(n_bytes[name], f"{where}::{name}")
        try:
            with archive.open(f"{name}.npy") as stream:
                array: AnyArray = npy.read_array(stream, allow_pickle=False)
                return array
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, OSError) as error:
            raise _unreadable(f"array {name!r} of {where}", "npz", error) from error

    return Arrays(where, columns, get)


def _name(member: zipfile.ZipInfo, known: Collection[str], where: str) -> str:
    """Return the name of an array; refuse one without, and one that another has."""
    name = member.filename.removesuffix(".npy")
    if not name:
        raise ReadError(f"{where} holds an array without a name; save it with one")
    if name in known:
        raise ReadError(
            f"{where} holds two arrays named {name!r}, of which one would be left out; save each "
            "under a name of its own"
        )
    return name


def _need_bytes(member: zipfile.ZipInfo, expected: int, where: str) -> None:
    """Refuse an array that is not all there, before memory is taken for it."""
    there = min(member.file_size, _DEFLATED * member.compress_size + 1024)
    if there < expected:
        raise ReadError(
            f"{where} is truncated: its header promises {expected:,} bytes, but the file can hold "
            f"{there:,} of them; copy or write it again"
        )


def _header(
    stream: IO[bytes], where: str, *, objects: bool = False
) -> tuple[np.dtype[Any], tuple[int, ...], bool]:
    try:
        version = npy.read_magic(stream)
        if version not in ((1, 0), (2, 0), (3, 0)):
            raise ValueError(f"its version is {version[0]}.{version[1]}")
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = read(stream)
    except FAULTS as error:
        raise _unreadable(where, "npy", error) from error
    if any(not 0 <= size <= sys.maxsize for size in shape):
        raise _unreadable(where, "npy", ValueError(f"its header says the shape is {shape}"))
    if not objects or dtype.names is not None:
        refuse_objects(where, dtype)
    return dtype, shape, fortran


def _unreadable(where: str, kind: str, error: Exception) -> ReadError:
    return ReadError(
        f"{where} cannot be read as .{kind} ({error}); "
        f"expected a file written by np.save{'z' if kind == 'npz' else ''}: write it again"
    )


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(f"{size:,}" for size in shape)
