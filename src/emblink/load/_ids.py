"""Item ids: strings or integers, unique, none missing."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from emblink.errors import MatchError
from emblink.load._values import as_written, decoded, is_missing, refuse_broken
from emblink.types import AnyArray, IntArray

_DECIMAL = re.compile(r"0|-?[1-9][0-9]{0,17}")
_WAY_OUT = "every item needs an id of its own: fix the file, or name another column of ids"


def tidy_ids(values: AnyArray, where: str, *, typed: bool = True) -> AnyArray:
    """Return ids as int64 or fixed-width unicode.

    Parameters
    ----------
    values : array of shape (n_items,)
        Integers, whole floats, words.
    where : str
        File and column, for errors.
    typed : bool
        False for formats where numbers are written as words: words that are all canonical
        decimals become integers.

    Raises
    ------
    MatchError
        Ids are missing, repeated, or of another type.
    ReadError
        They are not Unicode text.
    """
    if values.ndim != 1:
        raise MatchError(
            f"{where} has shape {values.shape}; expected one id per row: name another column of ids"
        )
    kind = values.dtype.kind
    if kind == "O":
        ids = _from_objects(values, where)
    elif kind in "iu":
        ids = _from_integers(values)
    elif kind == "f":
        ids = _from_floats(values, where)
    elif kind in "UST":
        ids = decoded(values, where) if kind == "S" else np.array(values.tolist(), np.str_)
    else:
        raise MatchError(f"{where} holds {values.dtype}; expected ids that are words or integers")
    if ids.dtype.kind == "U":
        refuse_broken(ids, where)
        _refuse_missing(ids == "", where)
        ids = ids if typed else _as_numbers(ids)
    _refuse_repeated(ids, where)
    return ids


def same_type(groups: Sequence[tuple[str, AnyArray]]) -> tuple[list[AnyArray], list[str]]:
    """Return ids of several files as one type, and a note when numbers had to become words."""
    words = [where for where, ids in groups if ids.dtype.kind == "U"]
    numbers = [where for where, ids in groups if ids.dtype.kind != "U"]
    if not words or not numbers:
        return [ids for _, ids in groups], []
    note = f"ids are words in {words[0]} and numbers in {numbers[0]}: they were joined as words"
    return [ids.astype(np.str_) for _, ids in groups], [note]


def shown(ids: AnyArray, limit: int = 3) -> str:
    """Return the first ids for people."""
    more = " …" if len(ids) > limit else ""
    return ", ".join(repr(value) for value in ids[:limit].tolist()) + more


def _from_integers(values: AnyArray) -> AnyArray:
    """Return int64, or words when a number is beyond it."""
    limits = np.iinfo(np.int64)
    if len(values) and (values.max() > limits.max or values.min() < limits.min):
        return np.array([str(value) for value in values.tolist()], np.str_)
    return values.astype(np.int64)


def _from_floats(values: AnyArray, where: str) -> AnyArray:
    _refuse_missing(np.isnan(values), where)
    broken = np.flatnonzero((values != np.floor(values)) | (np.abs(values) >= 2**53))
    if len(broken):
        raise MatchError(
            f"{where} has {len(broken):,} ids that are no integers (first: row {broken[0]}, "
            f"{values[broken[0]]}); expected words or whole numbers: name another column of ids"
        )
    return values.astype(np.int64)


def _from_objects(values: AnyArray, where: str) -> AnyArray:
    held = values.tolist()
    _refuse_missing(np.array([is_missing(value) for value in held], bool), where)
    if all(isinstance(value, str) for value in held):
        return np.array(held, np.str_)
    if all(isinstance(value, int) and not isinstance(value, bool) for value in held):
        return _from_integers(np.array(held))
    written = as_written(values)
    if written is not None:
        return np.array(written.tolist(), np.str_)
    kinds = sorted({type(value).__name__ for value in held})
    raise MatchError(
        f"{where} holds ids of type {', '.join(kinds)}; expected all words or all integers"
    )


def _as_numbers(ids: AnyArray) -> AnyArray:
    """Turn words into integers when that loses nothing: each is as an integer is printed."""
    whole = [word.removesuffix(".0") for word in ids.tolist()]
    suffixed = sum(word.endswith(".0") for word in ids.tolist())
    if suffixed not in (0, len(whole)) or not all(_DECIMAL.fullmatch(word) for word in whole):
        return ids
    return np.array([int(word) for word in whole], np.int64)


def _refuse_missing(missing: AnyArray, where: str) -> None:
    rows = np.flatnonzero(missing)
    if len(rows):
        count = f"{len(rows):,} row" + ("s" if len(rows) > 1 else "")
        raise MatchError(f"{where} has {count} without an id (first: row {rows[0]}); {_WAY_OUT}")


def _refuse_repeated(ids: AnyArray, where: str) -> None:
    if len(set(ids.tolist())) == len(ids):
        return
    order = np.argsort(ids, kind="stable")
    again = np.flatnonzero(ids[order][1:] == ids[order][:-1])
    later: IntArray = order[again + 1]
    row = int(later.min())
    first = int(np.flatnonzero(ids == ids[row])[0])
    raise MatchError(
        f"{where} repeats {len(np.unique(ids[later])):,} of its ids "
        f"(first: id {ids[row].item()!r} in rows {first} and {row}); {_WAY_OUT}"
    )
