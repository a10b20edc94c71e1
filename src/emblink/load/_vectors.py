"""Vectors that every measure can use: finite, float32 or float16, with a direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.load._columns import refuse_objects
from emblink.load._ids import shown
from emblink.types import AnyArray, FloatArray, IntArray, Metric

OnBad: TypeAlias = Literal["error", "drop"]

_BLOCK = 1 << 22
"""Numbers looked at together: 16 MB of float32."""
_FAULTS = {
    "nan": "NaN or missing values",
    "inf": "infinite values",
    "beyond": "numbers beyond float32",
    "zero": "zeros only",
}
_DROP = 'drop them with on_bad="drop" (--drop-bad), or fix the file'
_WAY_OUT = {
    "nan": _DROP,
    "inf": _DROP,
    "beyond": "expected magnitudes below 3.4e38: scale the vectors",
    "zero": 'they have no direction under cosine: drop them with on_bad="drop" (--drop-bad), '
    'use metric="euclidean", or fix the file',
}


@dataclass(frozen=True)
class Cleaned:
    """Usable vectors; ``kept`` are the rows they were, None for all; ``note`` says what went."""

    vectors: FloatArray
    kept: IntArray | None = None
    note: str | None = None


def check_shape(array: AnyArray, where: str) -> None:
    """Refuse what cannot be vectors of at least two items.

    Raises
    ------
    VectorError
        Not two-dimensional, not numbers, fewer than two rows, no columns.
    """
    refuse_objects(where, array.dtype)
    if array.ndim != 2:
        hint = " (did you mean reshape(-1, 1)?)" if array.ndim == 1 else ": flatten each item"
        raise VectorError(
            f"{where} is {array.ndim}-D with shape {array.shape}; "
            f"expected vectors of shape (n_items, n_dims){hint}"
        )
    if array.dtype.kind not in "fiub":
        raise VectorError(f"{where} holds {array.dtype}; expected real numbers")
    if len(array) < 2 or array.shape[1] == 0:
        raise VectorError(
            f"{where} has {len(array)} row{'' if len(array) == 1 else 's'} of {array.shape[1]} "
            "numbers; expected at least two items with at least one number each"
        )


def clean(array: AnyArray, ids: AnyArray, where: str, *, metric: Metric, on_bad: OnBad) -> Cleaned:
    """Return float32 or float16 vectors in C order, block by block; a fit memory map stays one.

    Raises
    ------
    VectorError
        Rows with NaN, infinities, numbers beyond float32, or (cosine) zeros only, unless dropped;
        or fewer than two rows would be left.
    """
    half = array.dtype.kind == "f" and array.dtype.itemsize == 2
    target = np.dtype(np.float16 if half else np.float32)
    fits = array.dtype == target and array.dtype.isnative and array.flags.c_contiguous
    out: AnyArray = array if fits else np.empty(array.shape, target)
    faults = np.zeros(len(array), "U6")
    step = max(1, _BLOCK // array.shape[1])
    for start in range(0, len(array), step):
        rows = slice(start, start + step)
        if not fits:
            with np.errstate(over="ignore"):
                out[rows] = array[rows]
        faults[rows] = row_faults(array[rows], out[rows], zeros=metric == "cosine")
    bad = np.flatnonzero(faults != "")
    if not len(bad):
        return Cleaned(out)
    for fault, words in _FAULTS.items():
        at = np.flatnonzero(faults == fault)
        if len(at) and (on_bad == "error" or fault == "beyond"):
            raise VectorError(
                f"{where} has {_rows(len(at))} with {words} "
                f"(first: id {ids[at[0]].item()!r}, row {at[0]}); {_WAY_OUT[fault]}"
            )
    kept = np.flatnonzero(faults == "")
    if len(kept) < 2:
        raise VectorError(
            f"{where} has {_rows(len(kept))} left after dropping {_rows(len(bad))}; "
            "expected at least two items: fix the file"
        )
    counts = {words: int(np.sum(faults == fault)) for fault, words in _FAULTS.items()}
    reasons = ", ".join(f"{count:,} with {words}" for words, count in counts.items() if count)
    note = f"{where}: {_rows(len(bad))} dropped, {reasons} (ids {shown(ids[bad])})"
    return Cleaned(out[kept], kept, note)


def row_faults(raw: AnyArray, converted: AnyArray, *, zeros: bool) -> NDArray[Any]:
    """Name the worst fault of each row of a block: a key of the faults, or ``""``."""
    faults = np.zeros(len(raw), "U6")
    if zeros:
        faults[~converted.any(axis=1)] = "zero"
    at = np.flatnonzero(~np.isfinite(converted).all(axis=1))
    for fault, found in (
        ("beyond", np.isinf(converted[at]) & ~np.isinf(raw[at])),
        ("inf", np.isinf(raw[at])),
        ("nan", np.isnan(raw[at])),
    ):
        faults[at[found.any(axis=1)]] = fault
    return faults


def _rows(count: int) -> str:
    return f"{count:,} row" + ("" if count == 1 else "s")
