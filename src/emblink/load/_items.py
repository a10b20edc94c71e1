"""The item table over the union of items, and which of its columns play a part."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from emblink.errors import InputError
from emblink.load._match import ItemTable
from emblink.types import AnyArray, IntArray, Role
from emblink.words import WORDS, as_words

USUAL_NAMES: dict[Role, tuple[str, ...]] = {
    "text": ("text", "name", "title", "word", "sentence"),
    "label": ("label", "category", "class", "group"),
    "thumbnail": (),
}
"""Columns taken for a role when none is named, the first that is there."""

LABELS = (
    "labels",
    "target",
    "targets",
    "cell_type",
    "celltype",
    "cluster",
    "clusters",
    "classes",
    "leiden",
    "louvain",
    "species",
    "y",
)
"""Columns that look like labels, and are offered as such."""


def label_hint(columns: Mapping[str, AnyArray], roles: Mapping[Role, str]) -> list[str]:
    """Offer a column as the label where none is."""
    found = [
        name
        for name, values in columns.items()
        if name.lower() in LABELS and values.ndim == 1 and not are_measured(values)
    ]
    if "label" in roles or not found:
        return []
    return [f"column {found[0]!r} looks like labels: name it with labels= (--label {found[0]})"]


def are_measured(values: AnyArray) -> bool:
    """Whether values are fractions, as labels are not."""
    if values.dtype.kind == "T":
        some = [word for word in values[:50].tolist() if word]
        return bool(some) and all(_FRACTION.fullmatch(word) for word in some)
    return values.dtype.kind == "f" and bool(np.any(values[np.isfinite(values)] % 1))


_FRACTION = re.compile(r"-?\d*\.\d{3,}(?:[eE]-?\d+)?")


def differing(tables: Sequence[tuple[ItemTable, IntArray]], label: str | None) -> list[str]:
    """Say where two tables have other labels, texts or numbers for the same items."""
    names = [*dict.fromkeys(name for table, _ in tables for name in table.columns)]
    found: dict[str, list[str]] = {}
    for name in names:
        held = [one for one in tables if name in one[0].columns]
        if len(held) > 1 and not _COUNTED.fullmatch(name.lower()):
            said = [_differing(held[0], other, name) for other in held[1:]]
            found[name] = [one for one in said if one]
    labels = found.pop(label or "", [])
    others = [notes[0] for notes in found.values() if notes]
    more = [_MORE.format(len(others) - _NOTED)] if len(others) > _NOTED else []
    return [*labels, *others[:_NOTED], *more]


_COUNTED = re.compile(r"__index_level_\d+__|index|unnamed.*|column\d+")
_NOTED = 4
_MORE = "{} more columns differ for common items between files: those of the first are shown"


def _differing(
    a: tuple[ItemTable, IntArray], b: tuple[ItemTable, IntArray], name: str
) -> str | None:
    both = np.flatnonzero((a[1] >= 0) & (b[1] >= 0))
    mine, theirs = (one.columns[name][rows[both]] for one, rows in (a, b))
    if mine.ndim != 1 or theirs.ndim != 1:
        return None
    if _both_numbers(mine, theirs):
        known = (mine == mine) & (theirs == theirs)
    else:
        mine, theirs = as_words(mine), as_words(theirs)
        known = (mine != "") & (theirs != "")
    n = int(np.sum(known & (mine != theirs)))
    if not n:
        return None
    first = a[0].where
    said = (
        f"{name!r} differs for {n:,} of {int(np.sum(known)):,} common items between {first} and "
        f"{b[0].where}: that of {first} is shown"
    )
    moved = 2 * n > len(mine) and mine.dtype == WORDS
    if not moved or not np.array_equal(np.sort(mine), np.sort(theirs)):
        return said
    if len(np.unique(mine)) < len(mine):
        return said
    return (
        f"{said}; it holds the same values in both under other ids, which may only count the rows: "
        f"join by it with id= (--id {name}) if it tells the items apart"
    )


def place(tables: Sequence[tuple[ItemTable, IntArray]]) -> dict[str, AnyArray]:
    """Bring item columns to the order of the union.

    With each table comes its row for each item, -1 where it has none. The first table with a
    column wins; a later one of the same kind fills the items that the first does not cover.
    """
    placed: dict[str, AnyArray] = {}
    covered: dict[str, AnyArray] = {}
    for table, rows in tables:
        for name, values in table.columns.items():
            if name not in placed:
                placed[name] = _gather(values, rows)
                covered[name] = rows >= 0
            elif placed[name].dtype.kind == values.dtype.kind or _both_numbers(
                placed[name], values
            ):
                fresh = ~covered[name] & (rows >= 0)
                if fresh.any() and placed[name].shape[1:] == values.shape[1:]:
                    placed[name][fresh] = values[rows[fresh]]
                    covered[name] |= fresh
    return {name: _narrowed(values, covered[name], tables, name) for name, values in placed.items()}


def choose_roles(
    columns: Mapping[str, AnyArray], wanted: Mapping[Role, str | None]
) -> dict[Role, str]:
    """Return which columns are text, label and thumbnail: those named, else usual names.

    Raises
    ------
    InputError
        A named column is not there, or cannot play its part.
    """
    roles: dict[Role, str] = {}
    pictures = [name for name, values in columns.items() if values.ndim == 4]
    for role, usual in USUAL_NAMES.items():
        name = wanted.get(role)
        if name is not None:
            if name not in columns:
                there = ", ".join(columns) or "none"
                raise InputError(f"there is no item column {name!r} for {role} (columns: {there})")
            if (name in pictures) != (role == "thumbnail"):
                needs = "pictures, uint8 (n_items, height, width, 3)"
                needs = needs if role == "thumbnail" else "words or numbers"
                raise InputError(f"item column {name!r} cannot be the {role}; expected {needs}")
            roles[role] = name
            continue
        free = [column for column in columns if column not in pictures]
        named = [column for word in usual for column in free if column.lower() == word]
        guesses = pictures if role == "thumbnail" and len(pictures) == 1 else named
        if guesses:
            roles[role] = guesses[0]
    return roles


def _gather(values: AnyArray, rows: IntArray) -> AnyArray:
    """Take rows; items without one get an empty word, NaN, or a black picture."""
    if not len(values):
        values = np.zeros((1, *values.shape[1:]), values.dtype)
    missing = rows < 0
    out = values[np.maximum(rows, 0)]
    if not missing.any():
        return out
    if out.dtype == WORDS:
        out[missing] = ""
    elif out.ndim > 1:
        out[missing] = 0
    else:
        out = out if out.dtype.kind == "f" else out.astype(np.float64)
        out[missing] = np.nan
    return out


def _both_numbers(a: AnyArray, b: AnyArray) -> bool:
    return a.dtype.kind in "fiu" and b.dtype.kind in "fiu"


def _narrowed(
    values: AnyArray,
    covered: AnyArray,
    tables: Sequence[tuple[ItemTable, IntArray]],
    name: str,
) -> AnyArray:
    """Undo the widening to float when other tables covered every item after all."""
    kinds = [table.columns[name].dtype for table, _ in tables if name in table.columns]
    if values.dtype.kind == "f" and covered.all() and all(kind.kind in "iu" for kind in kinds):
        return values.astype(np.result_type(*kinds))
    return values
