"""Vectors that every measure can use: finite, float32 or float16, with a direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.load._blocks import Vectors, blocks
from emblink.load._columns import refuse_objects
from emblink.load._ids import shown
from emblink.load._memory import allocate, check_room
from emblink.types import AnyArray, FloatArray, IntArray, Metric

OnBad: TypeAlias = Literal["error", "drop"]

FAULTS = ("", "zero", "beyond", "inf", "nan")
"""What a row can have, by its code: the worse, the greater."""
_WORDS = {
    "nan": "NaN or missing values",
    "inf": "infinite values",
    "beyond": "numbers beyond float32",
    "zero": "zeros only",
}
_HINTS = {
    1: " (did you mean reshape(-1, 1)?)",
    3: ": pool the tokens of each item, X.mean(axis=1), or flatten it, X.reshape(len(X), -1)",
}
"""How other shapes become vectors, by how many axes they have."""
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


def check_shape(array: Vectors, where: str) -> None:
    """Refuse what cannot be vectors of at least two items.

    Raises
    ------
    VectorError
        Not two-dimensional, not numbers, fewer than two rows, no columns.
    TooLargeError
        They are still to be read, and there is not enough memory for them.
    """
    refuse_objects(where, array.dtype)
    if array.ndim != 2:
        hint = _HINTS.get(array.ndim, ": flatten each item, X.reshape(len(X), -1)")
        if array.ndim > 2 and array.shape[0] == 1:
            hint = ": take its only entry, X[0]"
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
    if not isinstance(array, np.ndarray):
        check_room(len(array) * array.shape[1] * _target(array.dtype).itemsize, where)


def _target(dtype: np.dtype[Any]) -> np.dtype[Any]:
    half = dtype.kind == "f" and dtype.itemsize == 2
    return np.dtype(np.float16 if half else np.float32)


def clean(array: Vectors, ids: AnyArray, where: str, *, metric: Metric, on_bad: OnBad) -> Cleaned:
    """Return float32 or float16 vectors in C order, in memory: the same where they are so already.

    Raises
    ------
    VectorError
        Rows with NaN, infinities, numbers beyond float32, or (cosine) zeros only, unless dropped;
        or fewer than two rows would be left.
    TooLargeError
        There is not enough memory for them.
    """
    out, codes = _taken_in(array, where)
    if metric == "cosine":
        codes[(codes == 0) & ~_has_numbers(out)] = FAULTS.index("zero")
    n_bad = int(np.count_nonzero(codes))
    if not n_bad:
        return Cleaned(out)
    counts = {fault: int(np.count_nonzero(codes == FAULTS.index(fault))) for fault in _WORDS}
    for fault, count in counts.items():
        if count and (on_bad == "error" or fault == "beyond"):
            first = int(np.argmax(codes == FAULTS.index(fault)))
            raise VectorError(
                f"{where} has {_rows(count)} with {_WORDS[fault]} "
                f"(first: id {ids[first].item()!r}, row {first}); {_WAY_OUT[fault]}"
            )
    kept = np.flatnonzero(codes == 0)
    if len(kept) < 2:
        raise VectorError(
            f"{where} has {_rows(len(kept))} left after dropping {_rows(n_bad)}; "
            "expected at least two items: fix the file"
        )
    reasons = ", ".join(f"{counts[name]:,} with {_WORDS[name]}" for name in counts if counts[name])
    note = f"{where}: {_rows(n_bad)} dropped, {reasons} (ids {shown(ids[_first(codes)])})"
    return Cleaned(out[kept], kept, note)


def _first(codes: NDArray[np.uint8], most: int = 4) -> list[int]:
    """Return the first faulty rows; of very many, all would take more memory than what is read."""
    found: list[int] = []
    begin = 0
    while len(found) < most and codes[begin:].any():
        begin += int(np.argmax(codes[begin:] > 0)) + 1
        found.append(begin - 1)
    return found


def _taken_in(array: Vectors, where: str) -> tuple[FloatArray, NDArray[np.uint8]]:
    """Read vectors as float32 or float16, and name the worst fault of each row but for zeros."""
    target = _target(array.dtype)
    out: AnyArray
    if isinstance(array, np.ndarray) and _is(array, target):
        out = array
    else:
        out = allocate((len(array), array.shape[1]), target, where)
    codes = np.zeros(len(array), np.uint8)
    for place, block in blocks(array):
        if out is not array:
            with np.errstate(over="ignore"):
                out[place] = block
        rows = place[0]
        np.maximum(codes[rows], row_faults(block, out[place]), out=codes[rows])
    return out, codes


def _is(array: AnyArray, target: np.dtype[Any]) -> bool:
    return array.dtype == target and array.dtype.isnative and array.flags.c_contiguous


def _has_numbers(vectors: FloatArray) -> NDArray[np.bool_]:
    """Say which rows hold anything but zeros."""
    found = np.zeros(len(vectors), bool)
    for (rows, _), block in blocks(vectors):
        found[rows] = block.any(axis=1)
    return found


def row_faults(raw: AnyArray, converted: AnyArray) -> NDArray[np.uint8]:
    """Return the worst fault of each row of a block, zeros apart, as a code of ``FAULTS``."""
    codes = np.zeros(len(raw), np.uint8)
    at = np.flatnonzero(~np.isfinite(converted).all(axis=1))
    for fault, found in (
        ("beyond", np.isinf(converted[at]) & ~np.isinf(raw[at])),
        ("inf", np.isinf(raw[at])),
        ("nan", np.isnan(raw[at])),
    ):
        codes[at[found.any(axis=1)]] = FAULTS.index(fault)
    return codes


def _rows(count: int) -> str:
    return f"{count:,} row" + ("" if count == 1 else "s")
