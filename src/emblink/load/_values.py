"""Values of a column: numbers, words or pictures, whatever array they come in."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from emblink.errors import InputError, ReadError
from emblink.load._columns import describe
from emblink.types import AnyArray
from emblink.words import WORDS


def as_column(values: AnyArray, what: str) -> AnyArray:
    """Return values as an item column: numbers, ``StringDType`` words or RGB pictures.

    Raises
    ------
    InputError
        They are none of these.
    """
    kind = describe("", values.dtype, values.shape).kind
    if kind == "pictures":
        return rgb(values)
    if values.ndim == 1 and values.dtype.kind == "O":
        return _objects(values, what)
    if kind == "numbers":
        native: AnyArray = values.astype(values.dtype.newbyteorder("="), copy=False)
        return native
    if kind == "words":
        return words(values, what)
    raise InputError(
        f"{what} cannot describe items: it is {values.dtype} of shape {values.shape}; "
        "expected one number or word per item, or uint8 pictures (n_items, height, width, 3)"
    )


def words(values: AnyArray, what: str) -> AnyArray:
    """Return a 1-D array as words: truth values as ``true``/``false``, dates in ISO form.

    Raises
    ------
    ReadError
        Bytes are not UTF-8, or words hold half of a surrogate pair.
    """
    if values.dtype.kind == "b":
        return np.where(values, "true", "false").astype(WORDS)
    if values.dtype.kind == "M":
        iso = np.datetime_as_string(values)
        whole_days = bool(np.all((values == values.astype("M8[D]")) | np.isnat(values)))
        iso = np.datetime_as_string(values, unit="D") if whole_days else iso
        return np.where(np.isnat(values), "", iso).astype(WORDS)
    if values.dtype.kind == "S":
        return decoded(values, what).astype(WORDS)
    if values.dtype.kind == "U":
        refuse_broken(values, what)
    return values.astype(WORDS)


def decoded(values: AnyArray, what: str) -> AnyArray:
    """Return bytes as words.

    Raises
    ------
    ReadError
        They are not UTF-8.
    """
    try:
        return np.char.decode(values, "utf-8")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{what} holds bytes that are not UTF-8 text ({error.object[:20]!a}); "
            "decode them first, or save them as UTF-8"
        ) from error


def refuse_broken(values: AnyArray, what: str) -> None:
    """Refuse fixed-width words that hold half of a surrogate pair, which no file can carry.

    Raises
    ------
    ReadError
        With the first row.
    """
    width = values.dtype.itemsize // 4
    if not width:
        return
    native = np.ascontiguousarray(values, values.dtype.newbyteorder("="))
    characters = native.view(np.uint32).reshape(-1, width)
    rows = np.flatnonzero(((characters >= 0xD800) & (characters <= 0xDFFF)).any(axis=1))
    if len(rows):
        count = "1 row" if len(rows) == 1 else f"{len(rows):,} rows"
        raise ReadError(
            f"{what} has {count} with half of a surrogate pair, which is not Unicode text "
            f"(first: row {rows[0]}, {values[rows[0]].item()!a}); decode the words as UTF-8"
        )


def rgb(pictures: AnyArray) -> AnyArray:
    """Return uint8 pictures with one, three or four channels as RGB; alpha lies over white."""
    channels = pictures.shape[3]
    if channels == 3:
        return pictures
    if channels == 1:
        return np.repeat(pictures, 3, axis=3)
    out = np.empty((*pictures.shape[:3], 3), np.uint8)
    for start in range(0, len(pictures), 4096):
        block = pictures[start : start + 4096].astype(np.uint16)
        alpha = block[..., 3:]
        out[start : start + 4096] = (block[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return out


def _objects(values: AnyArray, what: str) -> AnyArray:
    present = [value for value in values.tolist() if not is_missing(value)]
    if all(isinstance(value, bool | np.bool_) for value in present) and present:
        return _filled(values, what, lambda value: "true" if value else "false")
    if all(isinstance(value, int | float) for value in present) and present:
        return np.array([np.nan if is_missing(value) else value for value in values.tolist()])
    if all(isinstance(value, str) for value in present):
        return _filled(values, what, str)
    held = as_written(values)
    if held is not None and present:
        return _filled(held, what, str)
    kinds = {type(value).__name__ for value in present}
    if kinds & {"list", "dict", "tuple", "set", "ndarray"}:
        raise InputError(
            f"{what} holds {' and '.join(sorted(kinds))}; expected one word or number per item"
        )
    raise InputError(
        f"{what} mixes words, numbers or other objects; expected one kind: convert it first"
    )


def as_written(values: AnyArray) -> AnyArray | None:
    """Return objects that stand for one word each, such as UUIDs, as words; None for others."""
    out: list[str | None] = []
    for value in values.tolist():
        if is_missing(value):
            out.append(None)
            continue
        if isinstance(value, bytes):
            try:
                out.append(value.decode("utf-8"))
            except UnicodeDecodeError:
                return None
            continue
        kind: Any = type(value)
        nameless = kind.__str__ is object.__str__ and kind.__repr__ is object.__repr__
        contains = hasattr(kind, "__len__") or hasattr(kind, "__iter__")
        if nameless or contains or isinstance(value, bool | int | float | complex):
            return None
        out.append(str(value))
    return np.array([*out, None], object)[:-1]


def _filled(values: AnyArray, what: str, word: Callable[[Any], str]) -> AnyArray:
    filled = ["" if is_missing(value) else word(value) for value in values.tolist()]
    try:
        return np.array(filled, WORDS)
    except UnicodeEncodeError:
        refuse_broken(np.array(filled, np.str_), what)
        raise


def is_missing(value: object) -> bool:
    """Whether a Python object stands for nothing: None, NaN, or pandas' NA, known by its name."""
    nothing = value is None or type(value).__name__ in ("NAType", "NaTType")
    return nothing or (isinstance(value, float) and math.isnan(value))
