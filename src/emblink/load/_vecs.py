"""Readers of ``.fvecs``, ``.bvecs`` and ``.ivecs``: rows that begin with their length."""

from __future__ import annotations

import struct
from functools import partial
from pathlib import Path

from emblink.errors import ReadError
from emblink.load._arrays import Arrays
from emblink.load._columns import Contents, describe
from emblink.load._npy import NPY_ARRAY
from emblink.load._raw import of_dims


def _read(path: Path, words: frozenset[str], *, dtype: str) -> Contents:
    with path.open("rb") as stream:
        head = stream.read(4)
    n_dims = struct.unpack("<i", head)[0] if len(head) == 4 else 0
    if not 0 < n_dims <= path.stat().st_size:
        raise ReadError(
            f"{path.name} begins with a row of {n_dims:,} numbers, which it cannot hold; expected "
            "rows that each begin with their length as int32: write it again"
        )
    rows = of_dims(path, n_dims, dtype)
    columns = {NPY_ARRAY: describe(NPY_ARRAY, rows.dtype, rows.shape)}
    return Arrays(path.name, columns, lambda _: rows)


read_fvecs = partial(_read, dtype="<f4")
read_bvecs = partial(_read, dtype="u1")
read_ivecs = partial(_read, dtype="<i4")
