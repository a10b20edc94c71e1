"""Which columns of a file are its ids, its vectors, and what describes its items."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from fnmatch import fnmatchcase

from emblink.errors import InputError
from emblink.load._columns import Contents, listed
from emblink.load._items import USUAL_NAMES
from emblink.types import AnyArray

ID_NAMES = ("id", "ids", "item_id")
"""Columns taken for ids when none is named, the first that is there."""


def id_column(contents: Contents, named: str | None = None) -> str | None:
    """Return the column of ids: the one named when it is there, else a usual name, else None."""
    for name in (named, *ID_NAMES):
        if name is not None and name in contents.columns:
            return name
    return None


def vector_columns(
    contents: Contents, *, key: str | None, vector: str | None, others: Collection[str]
) -> tuple[str, ...]:
    """Return the vector column, or the number columns that together are the vectors.

    Parameters
    ----------
    contents : Contents
    key, vector : str or None
        A name, or a pattern such as ``emb_*``; the key is of this source alone.
    others : collection of str
        Columns with another part: ids, label, text.

    Raises
    ------
    InputError
        Nothing fits, or several columns do; with the columns there are.
    """
    pattern = key or vector
    if pattern is not None:
        found = _matching(contents, pattern)
        if found:
            return found
        if key is not None or contents.noun == "column":
            raise InputError(
                f"{contents.where} has no {contents.noun} {pattern!r}; "
                f"its {contents.noun}s: {listed(contents)}"
            )
    candidates = vector_names(contents)
    if len(candidates) > 1:
        raise InputError(
            f"{contents.where} has several {contents.noun}s of vectors: {', '.join(candidates)}; "
            f"name one: {contents.where}::{candidates[0]}"
        )
    if candidates:
        return candidates
    return _numbers_together(contents, others)


def vector_names(contents: Contents) -> tuple[str, ...]:
    """Return the columns that hold a vector per item, whole."""
    return tuple(column.name for column in contents.columns.values() if column.kind == "vectors")


def item_columns(contents: Contents, taken: Collection[str], n_rows: int) -> dict[str, AnyArray]:
    """Return the columns that describe the ``n_rows`` items of a file, read."""
    return {
        column.name: contents.column(column.name)
        for column in contents.columns.values()
        if column.name not in taken
        and column.kind in ("numbers", "words", "pictures")
        and column.shape[0] == n_rows
    }


def _matching(contents: Contents, pattern: str) -> tuple[str, ...]:
    if pattern in contents.columns:
        return (pattern,)
    return tuple(name for name in contents.columns if fnmatchcase(name, pattern))


def _numbers_together(contents: Contents, others: Collection[str]) -> tuple[str, ...]:
    free = [column for column in contents.columns.values() if column.name not in others]
    if contents.noun == "array":
        plain = [column.name for column in free if column.kind != "pictures"]
        if len(plain) == 1:
            return (plain[0],)
    usual = {*ID_NAMES, *USUAL_NAMES["label"], *USUAL_NAMES["text"]}
    numbers = [
        column.name
        for column in free
        if column.name.lower() not in usual
        and (column.kind == "numbers" or _mostly_numbers(contents, column.name))
    ]
    written = [column.name for column in free if _holds_lists(contents, column.name)]
    if len(written) == 1:
        return (written[0],)
    if contents.noun == "array" or not numbers:
        raise InputError(
            f"{contents.where} has no vectors; expected an array (n_items, n_dims), a column of "
            f"lists of numbers, or columns of numbers; its {contents.noun}s: {listed(contents)}"
        )
    return _numbered(contents, numbers, others)


def _numbered(contents: Contents, numbers: list[str], others: Collection[str]) -> tuple[str, ...]:
    """Prefer columns numbered alike (``d0``, ``d1`` …), words among them included, over all."""
    families: dict[str, list[str]] = defaultdict(list)
    for name in contents.columns:
        number = contents.typed or name in numbers or _mostly_numbers(contents, name)
        if number and name not in others and re.search(r"\d", name):
            families[re.sub(r"\d+", "#", name)].append(name)
    numbered = [
        names
        for names in families.values()
        if len(names) > 1 and not set(names).isdisjoint(numbers)
    ]
    if len(numbered) > 1:
        samples = ", ".join(f"{names[0]} … {names[-1]}" for names in numbered)
        raise InputError(
            f"{contents.where} has several families of numbered columns: {samples}; "
            "name one by a pattern: vector='prefix*' (--vector 'prefix*')"
        )
    return tuple(numbered[0]) if numbered else tuple(numbers)


def _mostly_numbers(contents: Contents, name: str) -> bool:
    """Whether words are numbers but for a few, which the reader must refuse and not pass over."""
    if contents.typed or contents.columns[name].kind != "words":
        return False
    filled = [word for word in contents.column(name).tolist() if word]
    return sum(_is_number(word) for word in filled) * 2 > len(filled)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _holds_lists(contents: Contents, name: str) -> bool:
    """Whether a column of words holds lists written as ``[1, 2, 3]``, as CSV files do."""
    if contents.typed or contents.columns[name].kind != "words":
        return False
    filled = [word for word in contents.column(name).tolist() if word]
    return bool(filled) and str(filled[0]).lstrip().startswith("[")
