"""Columns that tell items apart, and those that would if they were mended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from emblink.errors import MatchError
from emblink.load._leftovers import describes
from emblink.load._match import ItemTable
from emblink.load._writing import hint
from emblink.types import AnyArray

_LEAST_WORDS = 0.1
_LEAST_NUMBERS = 0.5
_MOST = 0.5
"""Share of values that two files have in common from which on one is meant to join the other."""
_LIKELY = re.compile(
    r"__index_level_\d+__|index|line|(.*[_. -])?(ids?|uuid|guid|key|hash|word|token|file_?name|"
    r"path|name|url|uri|doi|barcode|cell)|[a-z]*id",
)
"""Names, in small letters, of columns that tell items apart."""


def rank(name: str) -> int:
    """Return 0 for names that columns of ids usually have."""
    return 0 if _LIKELY.fullmatch(name.lower()) else 1


def unique(one: ItemTable) -> dict[str, AnyArray]:
    """Return the columns of words or whole numbers that have another value in every row."""
    found = {}
    for name, values in one.columns.items():
        if values.ndim != 1 or not len(values) or not _may_tell_apart(name, values):
            continue
        words = words_of(values)
        if len({*words.tolist()} - {""}) == len(words):
            found[name] = words
    return found


def words_of(values: AnyArray | None) -> AnyArray:
    """Return ids as words; whole floats as whole numbers, missing ones as none."""
    if values is not None and values.dtype.kind == "f":
        whole = ["" if value != value else f"{value:.0f}" for value in values.tolist()]
        return np.array(whole, np.str_)
    return np.array([] if values is None else [str(value) for value in values.tolist()], np.str_)


def is_range(values: AnyArray) -> bool:
    """Whether these are whole numbers one after the other."""
    whole = values.dtype.kind in "iu"
    return whole and bool(np.array_equal(values - values[0], np.arange(len(values))))


def shared(values: AnyArray, pool: AnyArray) -> bool:
    """Whether enough values are in a pool for these to be the same ids."""
    count = int(np.isin(values, pool).sum())
    numbers = all(value.lstrip("-").isdigit() for value in values[:50].tolist())
    share = _LEAST_NUMBERS if numbers else _LEAST_WORDS
    return count >= max(2, share * min(len(values), len(pool)))


def is_key(name: str) -> bool:
    """Whether a column is named as ids are, and not as a count of rows."""
    return rank(name) == 0 and not _COUNTERS.fullmatch(name.lower())


_COUNTERS = re.compile(r"__index_level_\d+__|index|line|row.*|unnamed.*")


def _may_tell_apart(name: str, values: AnyArray) -> bool:
    if values.dtype.kind == "f":
        held = values[np.isfinite(values)]
        if not len(held) or np.any(held != np.floor(held)) or np.any(np.abs(held) >= 2.0**53):
            return False
    elif values.dtype.kind not in "iuT":
        return False
    return values.dtype.kind == "T" or rank(name) == 0 or not describes(name)


def other_key(one: ItemTable, other: ItemTable) -> str | None:
    """Return a column of both, beside their ids, that tells their items apart and is shared."""
    mine, theirs = unique(one), unique(other)
    found = [name for name in mine if name in theirs and shared(mine[name], theirs[name])]
    counted = {
        name for name in found if is_range(one.columns[name]) and is_range(other.columns[name])
    }
    return min((name for name in found if name not in counted), key=rank, default=None)


def near(holders: Sequence[ItemTable], found: Sequence[Mapping[str, AnyArray]]) -> list[str]:
    """Look at files that no column joins: what would join them but for a fault, or its writing.

    Parameters
    ----------
    holders : sequence of ItemTable
    found : sequence of mapping
        The ``unique`` columns of each that has no ids.

    Returns
    -------
    list of str
        Notes.

    Raises
    ------
    MatchError
        A column would join but for a row, or two of one name do not match: with file and row.
    """
    looked = _Near(holders, found)
    looked.refuse()
    return looked.notes


class _Near:
    def __init__(
        self, holders: Sequence[ItemTable], found: Sequence[Mapping[str, AnyArray]]
    ) -> None:
        self._holders = holders
        self._unique = found
        self._known = [words_of(one.ids) if one.ids is not None else None for one in holders]
        self.notes: list[str] = []

    def refuse(self) -> None:
        """Refuse a column that would join but for rows, and columns of one name that differ."""
        for at, one in enumerate(self._holders):
            if one.ids is None:
                for name, values in one.columns.items():
                    if values.ndim == 1 and len(values) and _may_tell_apart(name, values):
                        self._look(at, name, words_of(values))

    def _look(self, at: int, name: str, words: AnyArray) -> None:
        here = self._holders[at]
        for other, there in enumerate(self._holders):
            if other == at:
                continue
            for twin, theirs in self._columns(other, name).items():
                if name not in self._unique[at]:
                    self._refuse_faults(here, name, words, f"{twin} of {there.where}", theirs)
                elif other > at and self._known[other] is None:
                    self._compare(at, name, other, twin)
            mine = there.columns.get(name)
            if name in self._unique[at] or other < at or mine is None or there.ids is not None:
                continue
            if mine.ndim == 1 and _may_tell_apart(name, mine):
                self._refuse_faults(
                    here, name, words, f"that of {there.where}", words_of(mine), both=True
                )

    def _columns(self, other: int, name: str) -> Mapping[str, AnyArray]:
        """Return the ids of a file, else its columns that tell items apart."""
        known = self._known[other]
        return self._unique[other] if known is None else {"the ids": known}

    def _refuse_faults(
        self, here: ItemTable, name: str, words: AnyArray, what: str, theirs: AnyArray,
        *, both: bool = False,
    ) -> None:  # fmt: skip
        held = {*words.tolist()} - {""}
        common = len(held & {*theirs.tolist()})
        if common < max(2, _MOST * min(len(words), len(theirs))) or _few(name, words, len(held)):
            return
        if both and np.array_equal(words, theirs):
            return
        counts = Counter(words.tolist())
        listed = words.tolist()
        row = next(
            row
            for row, word in enumerate(listed)
            if not word or (counts[word] > 1 and listed.index(word) < row)
        )
        fault = f"repeats {words[row].item()!r}" if words[row] else "is empty"
        raise MatchError(
            f"column {name!r} of {here.where} has the ids of {what}, but {fault} in row {row}; "
            "every item needs an id of its own: fix the file, or name another column with id= "
            "(--id)"
        )

    def _compare(self, at: int, name: str, other: int, twin: str) -> None:
        """Look at two columns that tell items apart, and do not match."""
        a, b = self._unique[at][name], self._unique[other][twin]
        mine, theirs = self._holders[at].columns[name], self._holders[other].columns[twin]
        if rank(name) and rank(twin) and (name != twin or not _meant(name, mine, theirs)):
            return
        found = hint(a, b) if not (is_range(mine) and is_range(theirs)) else None
        here, there = self._holders[at].where, self._holders[other].where
        if name == twin and not np.array_equal(a, b) and _meant(name, mine, theirs):
            common = len({*a.tolist()} & {*b.tolist()})
            raise MatchError(
                f"column {name!r} of {here} and of {there} has another value in each row, but "
                f"{common:,} of {len(a):,} and {len(b):,} are in both"
                f"{f' ({found})' if found else ''}; write them alike, or drop or rename the column "
                "to match rows by position"
            )
        if found:
            self.notes.append(f"column {name!r} of {here} and {twin!r} of {there}: {found}")


def _few(name: str, words: AnyArray, n_held: int) -> bool:
    """Whether a column has too few values to be one of ids."""
    return n_held < len(words) * (_MOST if rank(name) == 0 or not _are_numbers(words) else 0.9)


def _are_numbers(words: AnyArray) -> bool:
    return all(word.lstrip("-").isdigit() for word in words[:50].tolist() if word)


def _meant(name: str, mine: AnyArray, theirs: AnyArray) -> bool:
    """Whether two columns of one name are meant as ids: words that are no texts, or so named."""
    if mine.dtype.kind == theirs.dtype.kind == "T":
        return is_key(name) or are_keys(mine, theirs)
    return is_key(name)


def are_keys(*columns: AnyArray) -> bool:
    """Whether columns hold words that are no texts."""
    if any(values.dtype.kind != "T" for values in columns):
        return False
    held = [word for values in columns for word in values.tolist()]
    return sum(" " in word.strip() for word in held) * 2 <= len(held)
