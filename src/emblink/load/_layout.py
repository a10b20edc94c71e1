"""Files of plain numbers, whose shape and type somebody must say."""

from __future__ import annotations

import codecs
import math
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from emblink.errors import InputError, ReadError
from emblink.load._arrays import Arrays
from emblink.load._columns import Contents, describe
from emblink.load._npy import NPY_ARRAY
from emblink.load._raw import RawRows, as_stored, widened

RAW = (".bin", ".dat", ".raw", ".mmap", ".memmap", ".f16", ".f32", ".f64")
"""Endings of files of plain numbers; ``.bin`` may be of word2vec."""
HEADED = {".fbin": "<f4", ".u8bin": "u1", ".i8bin": "i1", ".ibin": "<i4", ".hbin": "<f2"}
"""Endings of files that begin with their rows and dims, and the types of their numbers."""
_WIDTHS = {"float64": 8, "float32": 4, "float16": 2, "int8": 1}
_LONGEST_HEADER = 4096
_USUAL_DIMS = (128, 256, 300, 384, 512, 768, 1024, 1536, 2048, 3072, 4096)
_SIGNS = {
    b"\x93NUMPY": "an .npy file: name it .npy",
    b"PK\x03\x04": "a zip, such as .npz or a file of torch",
    b"PAR1": "a Parquet file: name it .parquet",
    b"\x1f\x8b": "packed by gzip: unpack it",
    b"\x89HDF": "an HDF5 file",
}
"""What files begin with that are no plain numbers."""

Shape: TypeAlias = str | Sequence[int]
"""Such as ``300,16``; one of the two may be -1, which the size of the file then says."""


@dataclass(frozen=True)
class Layout:
    """How plain numbers lie in a file, row by row."""

    shape: tuple[int, int]
    dtype: np.dtype
    halved: bool = False
    """Whether the numbers are bfloat16, the upper halves of float32."""

    @property
    def called(self) -> str:
        """The type, for people."""
        return "bfloat16" if self.halved else str(self.dtype)


def layouts(
    paths: Mapping[str, Path], shape: Shape | Mapping[str, Shape] | None, dtype: object | None
) -> dict[Path, Layout]:
    """Return the layouts of files of plain numbers.

    Parameters
    ----------
    paths : mapping of space name to path
    shape : str, sequence of int, or mapping of space name to these, optional
    dtype : str, dtype, or mapping of space name to these, optional

    Raises
    ------
    InputError
        One of the two is not given or cannot be read, or no file is of plain numbers.
    """
    if shape is None and dtype is None:
        return {}
    of_raw = {name: path for name, path in paths.items() if _may_be_raw(path)}
    _check_names(shape, of_raw, paths, "shape")
    _check_names(dtype, of_raw, paths, "dtype")
    found = {}
    for name, path in of_raw.items():
        own = shape.get(name) if isinstance(shape, Mapping) else shape
        kind = dtype.get(name) if isinstance(dtype, Mapping) else dtype
        if own is None and kind is None:
            continue
        if own is None or kind is None:
            lacking = "shape= (--shape ROWS,DIMS)" if own is None else "dtype= (--dtype float32)"
            raise InputError(f"{path.name} is to be read as plain numbers, but lacks {lacking}")
        found[path] = Layout(_shape(own), *_dtype(kind))
    return found


def read_raw(path: Path, layout: Layout) -> Contents:
    """Open a file of plain numbers, which must be exactly as long as its layout says.

    Raises
    ------
    ReadError
        It is not, with the shapes that would fit.
    """
    _refuse_signed(path)
    size, width = path.stat().st_size, layout.dtype.itemsize
    n_rows, n_dims = layout.shape
    if -1 in layout.shape:
        known = n_dims if n_rows == -1 else n_rows
        other, rest = divmod(size, known * width)
        n_rows, n_dims = (other, n_dims) if n_rows == -1 else (n_rows, other)
    else:
        rest = size - n_rows * n_dims * width
    if rest:
        raise ReadError(_misfit(path.name, size, layout))
    return _opened(path, (n_rows, n_dims), layout.dtype, halved=layout.halved)


def read_headed(path: Path, words: frozenset[str]) -> Contents:
    """Open a file of plain numbers after their rows and dims as int32, as of big-ann-benchmarks."""
    kind = np.dtype(HEADED[path.suffix.lower()])
    with path.open("rb") as stream:
        head = stream.read(8)
    n_rows, n_dims = struct.unpack("<ii", head) if len(head) == 8 else (0, 0)
    size = path.stat().st_size
    if n_rows <= 0 or n_dims <= 0 or size != 8 + n_rows * n_dims * kind.itemsize:
        raise ReadError(
            f"{path.name} begins with {n_rows:,} rows of {n_dims:,} numbers ({kind}), which would "
            f"take {8 + n_rows * n_dims * kind.itemsize:,} bytes, but has {size:,}; expected rows "
            "and dims as int32 and then the numbers: copy or write it again"
        )
    return _opened(path, (n_rows, n_dims), kind, offset=8)


def refuse_raw(path: Path) -> ReadError:
    """Return the error of a file of plain numbers whose shape and type nobody said."""
    _refuse_signed(path)
    size = path.stat().st_size
    fits = [f"{size // (4 * n)},{n}" for n in _USUAL_DIMS if size % (4 * n) == 0 and size > 4 * n]
    may = f"; as float32 its {size:,} bytes would fit {' or '.join(fits[:4])}" if fits else ""
    return ReadError(
        f"{path.name} holds plain numbers, which say neither their shape nor their type: give "
        f"--shape ROWS,DIMS --dtype float32{may}; in Python np.memmap({path.name!r}, dtype, 'r', "
        "shape=shape)"
    )


def _opened(
    path: Path, shape: tuple[int, int], dtype: np.dtype, *, halved: bool = False, offset: int = 0
) -> Contents:
    rows = RawRows(path, shape, dtype, offset=offset, decode=widened if halved else as_stored)
    columns = {NPY_ARRAY: describe(NPY_ARRAY, rows.dtype, rows.shape)}
    return Arrays(path.name, columns, lambda _: rows)


def _may_be_raw(path: Path) -> bool:
    return path.suffix.lower() in (*RAW, "")


def _check_names(
    given: object, of_raw: Mapping[str, Path], paths: Mapping[str, Path], what: str
) -> None:
    if given is None:
        return
    if not of_raw:
        raise InputError(
            f"{what}= (--{what}) is for files of plain numbers ({', '.join(RAW)}); there are "
            f"{', '.join(path.name for path in paths.values())}"
        )
    for name in given if isinstance(given, Mapping) else ():
        if name not in of_raw:
            raise InputError(
                f"{what} is given for {name!r}, but the spaces of plain numbers are "
                f"{', '.join(of_raw)}"
            )


def _shape(given: Shape) -> tuple[int, int]:
    words = (
        given.replace("x", ",").replace("×", ",").split(",") if isinstance(given, str) else given
    )
    try:
        n_rows, n_dims = (int(word) for word in words)
    except (ValueError, TypeError):
        n_rows = n_dims = 0
    whole = all(size > 0 or size == -1 for size in (n_rows, n_dims))
    if not whole or n_rows == n_dims == -1:
        raise InputError(
            f"shape is {given!r}; expected ROWS,DIMS such as 300,384, or -1,384 for all rows"
        )
    return n_rows, n_dims


def _dtype(given: object) -> tuple[np.dtype, bool]:
    if str(given) in ("bfloat16", "bf16"):
        return np.dtype("<u2"), True
    try:
        found = np.dtype(given)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        found = np.dtype(object)
    if found.kind not in "fiu" or found.itemsize > 8:
        raise InputError(
            f"dtype is {given!r}; expected one such as float32, float16, bfloat16, float64, int8, "
            "uint8; big-endian: >f4"
        )
    return found, False


_UNWRITTEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _refuse_signed(path: Path) -> None:
    with path.open("rb") as stream:
        start = stream.read(8)
    for sign, way in _SIGNS.items():
        if start.startswith(sign):
            raise ReadError(f"{path.name} is {way}, and no file of plain numbers")


def refuse_text(path: Path) -> None:
    """Refuse lines of text whose ending does not say what they are.

    Raises
    ------
    ReadError
        With the endings that do.
    """
    with path.open("rb") as stream:
        start = stream.read(1 << 12)
    if b"\n" not in start or _UNWRITTEN.search(start):
        return
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return
    raise ReadError(
        f"{path.name} holds lines of text: name it {path.stem}.txt where blanks part its cells, "
        f"else {path.stem}.csv, {path.stem}.tsv or {path.stem}.jsonl, by what they are"
    )


def _misfit(where: str, size: int, layout: Layout) -> str:
    width, known = layout.dtype.itemsize, [number for number in layout.shape if number > 0]
    shown = ",".join(map(str, layout.shape))
    needed = math.prod(known) * width
    fits = _fitting(size, layout, shown)
    way = f"these would fit: {', '.join(fits)}" if fits else "nothing near it would fit"
    if len(known) < 2:
        what = f"does not go evenly into the {size:,} bytes of the file"
    else:
        what = f"would take {needed:,} bytes, but the file has {size:,}"
        if 0 < size - needed < _LONGEST_HEADER:
            way += f"; or its first {size - needed:,} bytes are a header: cut them off"
    return f"{where} as {shown} of {layout.called} {what}; {way}"


def _fitting(size: int, layout: Layout, shown: str) -> list[str]:
    """Return options near those given that would fit the file."""
    n_rows, n_dims = layout.shape
    width = layout.dtype.itemsize
    fits = []
    if n_dims > 0 and size % (n_dims * width) == 0:
        fits.append(f"--shape {size // (n_dims * width)},{n_dims}")
    if n_rows > 0 and size % (n_rows * width) == 0:
        fits.append(f"--shape {n_rows},{size // (n_rows * width)}")
    known = math.prod(number for number in layout.shape if number > 0)
    for name, other in _WIDTHS.items():
        rest = size % (known * other) if -1 in layout.shape else size - known * other
        if other != width and not rest:
            fits.append(f"--shape {shown} --dtype {name}")
    return fits
