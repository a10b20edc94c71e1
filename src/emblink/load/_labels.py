"""Labels: given for each space, joined over files, and in place of common items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from emblink.errors import InputError, MatchError
from emblink.load._frames import as_array
from emblink.load._items import USUAL_NAMES
from emblink.load._match import Draft, ItemTable, apart, as_populations, union
from emblink.load._near import other_key
from emblink.load._values import as_column
from emblink.types import AnyArray, IntArray
from emblink.words import WORDS, as_words, categories

COLUMN = "label"
"""What the column of labels is called that were given for each space."""

_SHOWN = 3


def labels_of_spaces(labels: Mapping[str, object], drafts: Sequence[Draft]) -> dict[str, ItemTable]:
    """Return the labels given for the rows of each space, as words.

    Raises
    ------
    InputError
        A name is that of no space, or the labels are not words or numbers.
    MatchError
        There are more or fewer labels than rows.
    """
    by_name = {draft.name: draft for draft in drafts}
    tables = {}
    for name, given in labels.items():
        if name not in by_name:
            raise InputError(
                f"labels are given for {name!r}, but the spaces are {', '.join(by_name)}"
            )
        what = f"labels of space {name!r}"
        column = as_column(as_array(given, what), what)
        if column.ndim != 1:
            raise InputError(f"{what} are pictures; expected one word or number per row")
        n_rows = len(by_name[name].vectors)
        if len(column) != n_rows:
            raise MatchError(
                f"{by_name[name].where} has {n_rows:,} rows, but there are {len(column):,} labels "
                "for it; expected one label per row"
            )
        tables[name] = ItemTable(what, n_rows, None, {COLUMN: as_words(column)})
    return tables


def joined_labels(tables: Sequence[ItemTable]) -> list[ItemTable]:
    """Return the labels of all spaces, whose ids are known by now, as one table.

    Raises
    ------
    InputError
        Two spaces give one item different labels.
    """
    if not tables:
        return []
    ids, rows = union([_ids(table) for table in tables])
    merged = np.full(len(ids), "", WORDS)
    for table, at in zip(tables, rows, strict=True):
        given, known = table.columns[COLUMN], merged[at]
        clash = np.flatnonzero((known != "") & (given != "") & (known != given))
        if len(clash):
            raise InputError(
                f"{table.where} and those of a space before it differ for {len(clash):,} of their "
                f"items (first: id {ids[at[clash[0]]].item()!r}, {known[clash[0]]!r} and "
                f"{given[clash[0]]!r}); an item has one label: give different items different ids "
                "with ids="
            )
        merged[at] = np.where(known == "", given, known)
    return [ItemTable("the labels of the spaces", len(ids), ids, {COLUMN: merged})]


def one_kind(tables: Sequence[ItemTable], named: str | None) -> list[ItemTable]:
    """Return tables whose labels are all words where some are words and some are numbers.

    ``named`` is the column of labels; None for any of the usual names.
    """
    tables = [*tables]
    for name in dict.fromkeys(name for table in tables for name in table.columns):
        label = name == named if named else name.lower() in USUAL_NAMES["label"]
        at = [i for i, table in enumerate(tables) if label and name in table.columns]
        if len({tables[i].columns[name].dtype == WORDS for i in at}) > 1:
            for i in at:
                words = as_words(tables[i].columns[name])
                tables[i] = replace(tables[i], columns={**tables[i].columns, name: words})
    return tables


def apart_notes(
    drafts: Sequence[Draft],
    rows: Sequence[IntArray],
    labels: AnyArray | None,
    described: Sequence[ItemTable],
) -> list[str]:
    """Say which spaces have no items in common, and are compared by their labels alone.

    ``rows`` are those of the spaces' items in the union, ``labels`` those of the union, and
    ``described`` the columns beside the vectors of each.

    Raises
    ------
    MatchError
        A space shares neither an item nor a label with any other.
    """
    strangers = _without_common_items(rows)
    if not strangers:
        return []
    named = [set[int]()] * len(drafts)
    if labels is not None:
        codes, _ = categories(as_words(labels))
        named = [{*np.unique(codes[at]).tolist()} - {-1} for at in rows]
    for i, draft in enumerate(drafts):
        others = [j for pair in strangers for j in pair if i in pair and j != i]
        if len(others) == len(drafts) - 1 and not any(named[i] & named[j] for j in others):
            both = bool(named[i] and named[others[0]])
            column = other_key(described[i], described[others[0]])
            raise apart(draft, drafts[others[0]], labelled=both, column=column)
    pairs = [(drafts[i], drafts[j]) for i, j in strangers if named[i] & named[j]]
    alone = "no items in common; they are compared by their labels alone"
    if len(pairs) > _SHOWN:
        (a, b), count = pairs[0], f"{len(pairs):,}"
        first = f"{a.name!r} and {b.name!r} the first of them"
        return [f"{count} pairs of spaces, {first}, have {alone}{as_populations(b, a)}"]
    return [f"{a.name!r} and {b.name!r} have {alone}{as_populations(b, a)}" for a, b in pairs]


def _without_common_items(rows: Sequence[IntArray]) -> list[tuple[int, int]]:
    n_items = 1 + max((int(at.max()) for at in rows), default=-1)
    pairs = []
    for i, at in enumerate(rows):
        present = np.zeros(n_items, bool)
        present[at] = True
        pairs += [(i, j) for j in range(i + 1, len(rows)) if not present[rows[j]].any()]
    return pairs


def _ids(table: ItemTable) -> AnyArray:
    return np.arange(table.n_rows) if table.ids is None else table.ids
