"""Queries of a comparison: vectors of their own in each space, or some of the items."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from emblink.errors import InputError, MatchError
from emblink.load._choose import ID_NAMES
from emblink.load._files import Files
from emblink.load._ids import same_type, shown
from emblink.load._match import find
from emblink.load._near import words_of
from emblink.load._python import from_arrays
from emblink.load._qrels import Judgements, read_qrels
from emblink.load._vectors import OnBad
from emblink.load._writing import hint
from emblink.stats import sample_items
from emblink.types import AnyArray, IntArray, QuerySet, Relevance, SpaceSet

MOST_ITEMS = 2000
"""Items that are queries where no number is given."""
_QUERY_IDS = ("query_id", "query-id", "qid", "queryid", "q_id", "topic_id")
_TEXTS = ("query", "question", "utterance", "queries", "q")
_WAY = 'give the queries of each space: queries={"old": …, "new": …} (--queries old=q_old.npy)'


def load_queries(
    given: object,
    space_set: SpaceSet,
    *,
    items: object | None = None,
    qrels: object | None = None,
    on_bad: OnBad = "error",
    seed: int = 0,
) -> QuerySet | None:
    """Read queries, what is known of them, and which items answer them.

    Parameters
    ----------
    given : mapping of space name to array or path, "items", int, float, or None
        Vectors of the queries in each space; or so many of the items, or such a share of them, or
        up to 2,000.
    space_set : SpaceSet
        What is searched.
    items : data frame, mapping of columns, or path, optional
        One row per query.
    qrels : path, data frame or mapping, optional
        Judgements of relevance.
    on_bad : {"error", "drop"}
        What to do with query vectors of NaN, infinities, or (cosine) zeros only.
    seed : int
        By which items are drawn.

    Returns
    -------
    QuerySet or None
        None where nothing is given. ``notes`` says what was left out.

    Raises
    ------
    InputError
        Naming the file, the space or the id, what was expected, and the way out.
    """
    if given is None:
        for name, value in (("query_items", items), ("qrels", qrels)):
            if value is not None:
                option = name.replace("_", "-")
                raise InputError(
                    f"{name} (--{option}) is about queries, and there are none: {_WAY}"
                )
        return None
    if isinstance(given, Mapping):
        queries = _of_vectors(given, space_set, items=items, on_bad=on_bad)
    else:
        queries = _of_items(given, space_set, seed=seed)
        if items is not None:
            raise InputError(
                "query_items describes queries with vectors of their own; where items are the "
                "queries, items= (--items) describes them"
            )
    if qrels is None:
        return queries
    relevance, notes = _joined(read_qrels(qrels), queries, space_set)
    return replace(queries, relevance=relevance, notes=(*queries.notes, *notes))


def _of_vectors(
    given: Mapping[Any, Any], space_set: SpaceSet, *, items: object | None, on_bad: OnBad
) -> QuerySet:
    names = [*space_set.spaces]
    unknown = [name for name in given if name not in names]
    if unknown or not given:
        what = f"are given for {unknown[0]!r}" if unknown else "are given for no space"
        raise InputError(f"queries {what}; the spaces are {', '.join(names)}: {_WAY}")
    ordered = {name: given[name] for name in names if name in given}
    first = space_set.spaces[next(iter(ordered))]
    try:
        held = from_arrays(
            ordered, items=items, ids=_id_name(items), metric=first.metric, on_bad=on_bad
        )
    except InputError as error:
        raise type(error)(f"the queries: {_own_way(str(error))}") from error
    for name, space in held.spaces.items():
        has, needs = space.vectors.shape[1], space_set.spaces[name].vectors.shape[1]
        if has != needs:
            origin = "" if space.source == "array" else f" ({space.source})"
            raise InputError(
                f"the queries of space {name!r}{origin} have {has} dims, but its items have "
                f"{needs}; embed them with the same model"
            )
    without = [name for name in names if name not in held.spaces]
    said = [*held.notes, *_by_position(given, items)]
    notes = [f"queries: {note}".replace(" to items by ", " to query_items by ") for note in said]
    if without:
        notes.append(none_for(without))
    columns = {name: values for name, values in held.items.items() if values.ndim == 1}
    return QuerySet(
        name=Path(items).name if isinstance(items, str | Path) else "queries",
        ids=held.ids,
        vectors={name: space.vectors for name, space in held.spaces.items()},
        rows=held.rows,
        columns=columns,
        text=held.roles.get("text") or _text(columns),
        notes=tuple(notes),
    )


def none_for(names: Sequence[str]) -> str:
    """Say which spaces have no queries.

    Parameters
    ----------
    names : sequence of str

    Returns
    -------
    str
    """
    return f"queries: none for {', '.join(names)}: its searches are not compared"


def _own_way(said: str) -> str:
    """Return what joining says of items, with the way out of queries."""
    return _ITS_IDS.sub(_WITH_IDS, _OF_ITEMS.sub("", said))


_WITH_IDS = "give their ids with the vectors, or in query_items (--query-items)"
_OF_ITEMS = re.compile(r"; or, for different items.*", re.DOTALL)
_ITS_IDS = re.compile(
    r"(name the column of ids with id= \(--id\), or )?give its ids: ids=\{.*?\} \(--ids \S*\)"
    r"|pass ids=\{.*?\} for each space|name its column of ids with id= \(--id\)"
)


def _text(columns: Mapping[str, AnyArray]) -> str | None:
    lower = {name.lower(): name for name, values in columns.items() if values.dtype.kind == "T"}
    return next((lower[name] for name in _TEXTS if name in lower), None)


def _id_name(items: object | None) -> str | None:
    """Return a column of ids that is called as those of queries are, where no usual one is."""
    if items is None:
        return None
    if isinstance(items, str | Path):
        with Files(words=_QUERY_IDS) as files:
            names = [*files(Path(items)).columns]
    else:
        names = [str(one) for one in (items if isinstance(items, Mapping) else _columns(items))]
    if any(name in names for name in ID_NAMES):
        return None
    return next((name for name in names if name.lower() in _QUERY_IDS), None)


def _by_position(given: Mapping[Any, Any], items: object | None) -> list[str]:
    """Say which vectors have no ids, where the ids are a column that is named as those of queries.

    Where it has a usual name, or there is none, joining says so itself.
    """
    if _id_name(items) is None:
        return []
    bare = [
        f"space {name!r}"
        for name, value in given.items()
        if isinstance(value, np.ndarray) or str(value).endswith((".npy", ".npy.gz"))
    ]
    where = Path(items).name if isinstance(items, str | Path) else "query_items"
    said = f"vectors of {' and '.join(bare)} were matched to {where} by position"
    return [said] if bare else []


def _columns(frame: Any) -> list[Any]:
    return [*getattr(frame, "column_names", getattr(frame, "columns", ()))]


def _of_items(given: object, space_set: SpaceSet, *, seed: int) -> QuerySet:
    everywhere = _in_all(space_set)
    n = _how_many(given, len(everywhere))
    rows = everywhere[np.sort(sample_items(len(everywhere), n, seed=seed))]
    columns = {name: one[rows] for name, one in space_set.items.items() if one.ndim == 1}
    notes: tuple[str, ...] = ()
    if n < len(space_set.ids):
        notes = (f"queries: {n:,} of {len(space_set.ids):,} items, drawn at random (seed {seed})",)
    return QuerySet(
        name="items",
        ids=space_set.ids[rows],
        columns=columns,
        text=space_set.roles.get("text"),
        notes=notes,
        are_items=True,
    )


def _in_all(space_set: SpaceSet) -> IntArray:
    counts = np.zeros(len(space_set.ids), int)
    for rows in space_set.rows.values():
        counts[rows] += 1
    found = np.flatnonzero(counts == len(space_set.spaces))
    if len(found) < 2:
        raise InputError(f"queries are to be items, but {len(found)} are in all spaces; {_WAY}")
    return found


def _how_many(given: object, n: int) -> int:
    word = given.strip() if isinstance(given, str) else given
    if word == "items":
        return min(n, MOST_ITEMS)
    try:
        number = float(word) if isinstance(word, str | int | float | np.number) else -1.0
    except ValueError:
        number = -1.0
    if isinstance(given, bool) or not (0 < number < 1 or (number >= 2 and number.is_integer())):
        told = repr(given) if isinstance(given, str | int | float) else f"a {type(given).__name__}"
        raise InputError(
            f"queries is {told}; expected vectors by space, 'items', a number of items from 2, "
            f"or a share of them below 1: {_WAY}"
        )
    return max(2, min(n, round(number * n) if number < 1 else int(number)))


def _joined(
    found: Judgements, queries: QuerySet, space_set: SpaceSet
) -> tuple[Relevance, list[str]]:
    rows, said = _at(found, found.queries, queries.ids, "queries")
    items, more = _at(found, found.items, space_set.ids, "items")
    notes = [*said, *more]
    known = (rows >= 0) & (items >= 0)
    if queries.are_items:
        own = known.copy()
        own[known] = queries.ids[rows[known]] == space_set.ids[items[known]]
        known &= ~own
        if n_own := int(own.sum()):
            notes.append(
                f"{n_own:,} of {len(found.gains):,} judgements of {found.where} are of an item for "
                "itself, which is not among its own results: left out"
            )
    pairs = np.stack([rows[known], items[known]], axis=1)
    each, place = np.unique(pairs, axis=0, return_inverse=True)
    gains = np.full(len(each), -np.inf)
    np.maximum.at(gains, place.reshape(-1), found.gains[known])
    if len(each) < len(pairs):
        notes.append(
            f"{len(pairs) - len(each):,} of {len(found.gains):,} judgements of {found.where} "
            "repeat a query and its item: the highest counts"
        )
    kept = gains > 0
    if not kept.any():
        raise MatchError(
            f"{found.where} judges no item of the spaces relevant to a query; expected relevance "
            "above 0 for some"
        )
    n_answered = len(np.unique(each[kept, 0]))
    if n_answered < len(queries.ids):
        notes.append(
            f"queries: {len(queries.ids) - n_answered:,} of {len(queries.ids):,} have no relevant "
            "item: left out of nDCG, recall and MRR"
        )
    return Relevance(each[kept, 0], space_set.ids[each[kept, 1]], gains[kept]), notes


def _at(found: Judgements, given: AnyArray, ids: AnyArray, what: str) -> tuple[IntArray, list[str]]:
    """Return the row of each id, -1 where there is none, and what to say of those."""
    (held, asked), notes = same_type([(f"the {what}", ids), (found.where, given)])
    at = find(held, asked)
    distinct = np.unique(asked)
    unknown = distinct[find(held, distinct) < 0]
    if len(unknown) == len(distinct):
        written = hint(words_of(ids), words_of(distinct))
        raise MatchError(
            f"none of the {what} of {found.where} is among the {what} compared: ids like "
            f"{shown(distinct)} and like {shown(ids)}{f' ({written})' if written else ''}; "
            f"{_ways(what)}"
        )
    if len(unknown):
        why = " in no space" if what == "items" else " not among the queries"
        notes = [
            *notes,
            f"{len(unknown):,} of {len(distinct):,} {what} judged in {found.where} are{why} (ids "
            f"{shown(unknown)}): left out",
        ]
    return at, notes


def _ways(what: str) -> str:
    if what == "items":
        return "name the column of the items' ids with id= (--id)"
    return "give the ids of the queries, in query_items= (--query-items) or with their vectors"
