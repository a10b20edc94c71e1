"""Reader of ``.safetensors``: a header in JSON, then arrays one after the other."""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Any

from emblink.errors import ReadError
from emblink.load._arrays import Arrays
from emblink.load._blocks import Vectors, held
from emblink.load._columns import Contents, describe
from emblink.load._json import RepeatedKeyError, loaded
from emblink.load._raw import RawRows, as_stored, widened

_TYPES = {
    "F16": "<f2",
    "F32": "<f4",
    "F64": "<f8",
    "BF16": "<u2",
    "I8": "i1",
    "I16": "<i2",
    "I32": "<i4",
    "I64": "<i8",
    "U8": "u1",
    "U16": "<u2",
    "U32": "<u4",
    "U64": "<u8",
}
_LONGEST = 100_000_000
"""Bytes of a header, as the format bounds it."""


def read_safetensors(path: Path, words: frozenset[str]) -> Contents:
    """Open a file of tensors; each is read when asked for."""
    where = path.name
    header, start = _header(path)
    tensors: dict[str, RawRows] = {}
    flat: set[str] = set()
    left_out = []
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        kind, shape, first = _checked(entry, f"{where}::{name}", path.stat().st_size - start)
        if kind not in _TYPES or not shape:
            left_out.append(f"{name} ({kind})")
            continue
        flat |= {name} if len(shape) == 1 else set()
        tensors[name] = RawRows(
            path,
            shape if len(shape) > 1 else (*shape, 1),
            _TYPES[kind],
            offset=start + first,
            where=f"{where}::{name}",
            decode=widened if kind == "BF16" else as_stored,
        )
    if not tensors:
        there = ", ".join(left_out[:12]) or "none"
        raise ReadError(f"{where} has no tensors of numbers (there: {there}); write it again")
    columns = {
        name: describe(name, rows.dtype, rows.shape[:1] if name in flat else rows.shape)
        for name, rows in tensors.items()
    }

    def get(name: str) -> Vectors:
        return held(tensors[name])[:, 0] if name in flat else tensors[name]

    return Arrays(where, columns, get)


def _header(path: Path) -> tuple[dict[str, Any], int]:
    size = path.stat().st_size
    with path.open("rb") as stream:
        start = stream.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else size
        if not 2 <= length <= min(_LONGEST, size - 8):
            raise _broken(path.name, f"its header would have {length:,} bytes")
        try:
            header = loaded(stream.read(length).decode("utf-8"))
        except RepeatedKeyError as error:
            raise _broken(path.name, f"its header names {error.name!r} twice") from error
        except (ValueError, RecursionError) as error:
            raise _broken(path.name, f"its header is no JSON: {error}") from error
    if not isinstance(header, dict):
        raise _broken(path.name, "its header is no JSON object")
    return header, 8 + length


def _checked(entry: object, where: str, n_bytes: int) -> tuple[str, tuple[int, ...], int]:
    """Hold what the header says of a tensor against the bytes that are there."""
    if not isinstance(entry, dict):
        raise _broken(where, "it is not described")
    kind: Any = entry.get("dtype")
    shape: Any = entry.get("shape")
    offsets: Any = entry.get("data_offsets")
    if not (isinstance(kind, str) and _sizes(shape) and _sizes(offsets) and len(offsets) == 2):
        raise _broken(where, "its dtype, shape or place is missing or no number")
    first, end = offsets
    if not first <= end <= n_bytes:
        raise ReadError(
            f"{where} is truncated: it should end {end:,} bytes after the header, but the file has "
            f"{n_bytes:,} there; copy or write it again"
        )
    itemsize = int(_TYPES[kind][-1]) if kind in _TYPES else None
    if itemsize is not None and math.prod(shape) * itemsize != end - first:
        raise _broken(where, f"{kind} of shape {shape} does not take {end - first:,} bytes")
    return kind, tuple(shape), first


def _sizes(values: Any) -> bool:
    return isinstance(values, list) and all(
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 48
        for value in values
    )


def _broken(where: str, why: str) -> ReadError:
    return ReadError(f"{where} cannot be read as .safetensors ({why}); write it again")
