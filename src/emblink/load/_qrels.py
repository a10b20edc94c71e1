"""Judgements of relevance: which item answers which query, and how well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from emblink.errors import InputError, ReadError
from emblink.load._columns import listed
from emblink.load._files import Files
from emblink.load._formats import ending
from emblink.load._frames import as_array, frame_contents, is_frame
from emblink.load._ids import tidy_ids
from emblink.load._streams import opened
from emblink.load._unread import refuse_url
from emblink.types import AnyArray, FloatArray

LAYOUTS = "lines of `query 0 item relevance` (TREC), or of `query-id corpus-id score` (BEIR)"
_NAMES = {
    "query": ("query-id", "query_id", "qid", "queryid", "query", "q_id", "topic", "topic_id"),
    "item": (
        *("corpus-id", "corpus_id", "docid", "doc_id", "docno", "document_id", "pid", "did"),
        *("item_id", "item", "doc", "document", "passage_id", "iid", "id"),
    ),
    "gain": ("score", "relevance", "rel", "relevancy", "grade", "label", "gain", "judgment"),
}
"""What columns of judgements are called, in small letters."""
_TABLES = (".parquet", ".jsonl", ".ndjson", ".json", ".feather", ".arrow", ".ipc")
_HEADER = "query-id, corpus-id, score"
_TREC, _BEIR = 4, 3
_LARGEST = 1_000_000
"""Relevance beyond it is no grade: single precision would round the gains that it is added to."""


@dataclass(frozen=True, eq=False)
class Judgements:
    """Judgements as they are given.

    Attributes
    ----------
    where : str
    queries, items : array of shape (n,), int64 or fixed-width unicode
    gains : array of shape (n,), float64
    """

    where: str
    queries: AnyArray
    items: AnyArray
    gains: FloatArray


def read_qrels(given: object) -> Judgements:
    """Read judgements from a file, a data frame or a dictionary.

    Parameters
    ----------
    given : path, data frame, mapping of columns, or mapping of query id to items
        ``{"q1": {"d3": 1, "d7": 2}}`` or ``{"q1": ["d3", "d7"]}``.

    Returns
    -------
    Judgements

    Raises
    ------
    ReadError
        A line is not as expected; it names the line.
    InputError
        There is nothing to read, or columns are missing.
    """
    if isinstance(given, str | Path):
        path = Path(given)
        refuse_url(path)
        return _of_table(path) if ending(path) in _TABLES else _of_lines(path)
    if is_frame(given):
        contents = frame_contents(given, "qrels")
        return _of_columns(
            {name: contents.column(name) for name in _named(contents.columns, "qrels").values()},
            "qrels",
        )
    if isinstance(given, Mapping):
        if any(isinstance(value, Mapping) for value in given.values()) or not _is_table(given):
            return _of_mapping(given)
        return _of_columns(
            {str(k): as_array(v, f"column {k!r}") for k, v in given.items()}, "qrels"
        )
    raise InputError(
        f"qrels is a {type(given).__name__}; expected a path, a data frame, or a mapping such as "
        '{"q1": {"d3": 1}}'
    )


def _is_table(given: Mapping[Any, Any]) -> bool:
    names = {str(name).lower() for name in given}
    return all(names & {*may} for what, may in _NAMES.items() if what != "gain")


def _of_table(path: Path) -> Judgements:
    with Files() as files:
        contents = files(path)
        named = _named(contents.columns, contents.where, listed(contents))
        held = {
            name: contents.column(name) if what == "gain" else contents.words(name)
            for what, name in named.items()
        }
        return _of_columns(held, contents.where, typed=contents.typed)


def _named(columns: Iterable[str], where: str, shown: str = "") -> dict[str, str]:
    """Return the columns of queries, items and gains by what they are."""
    there = [str(one) for one in columns]
    lower = {one.lower(): one for one in reversed(there)}
    found = {
        what: next(lower[name] for name in may if name in lower)
        for what, may in _NAMES.items()
        if any(name in lower for name in may)
    }
    missing = [what for what in ("query", "item") if what not in found]
    if missing:
        names = " and of ".join(f"the {what} ({', '.join(_NAMES[what][:3])})" for what in missing)
        raise InputError(
            f"{where} has no column of {names}; its columns: {shown or ', '.join(there)}"
        )
    return found


def _of_columns(columns: Mapping[str, AnyArray], where: str, *, typed: bool = True) -> Judgements:
    named = _named(columns, where)
    lengths = {name: len(columns[name]) for name in named.values()}
    if len({*lengths.values()}) > 1:
        said = ", ".join(f"{name}: {n:,}" for name, n in lengths.items())
        raise InputError(f"the columns of {where} differ in length ({said}); expected one length")
    gains = columns[named["gain"]] if "gain" in named else np.ones(len(columns[named["query"]]))
    return _judgements(
        where,
        _ids(columns[named["query"]], f"column {named['query']!r} of {where}", typed=typed),
        _ids(columns[named["item"]], f"column {named['item']!r} of {where}", typed=typed),
        [str(one) for one in gains.tolist()],
    )


def _of_mapping(given: Mapping[Any, Any]) -> Judgements:
    queries: list[Any] = []
    items: list[Any] = []
    gains: list[str] = []
    for query, held in given.items():
        if isinstance(held, str) or not isinstance(held, Iterable):
            raise InputError(
                f"qrels of query {query!r} are {held!r}; expected a mapping of items to relevance, "
                "or a list of items"
            )
        try:
            answers = held if isinstance(held, Mapping) else dict.fromkeys(held, 1)
        except TypeError as error:
            raise InputError(
                f"qrels of query {query!r} are a list of what is no id ({error}); expected ids of "
                "items"
            ) from error
        queries += [query] * len(answers)
        items += [*answers]
        gains += [str(one) for one in answers.values()]
    return _judgements(
        "qrels",
        _ids(np.array([*queries, None], object)[:-1], "the queries of qrels"),
        _ids(np.array([*items, None], object)[:-1], "the items of qrels"),
        gains,
    )


def _of_lines(path: Path) -> Judgements:
    where = path.name
    try:
        with opened(path) as stream:
            text = stream.read().decode("utf-8-sig")
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error}; expected {LAYOUTS}") from error
    except UnicodeDecodeError as error:
        raise ReadError(f"{where} is not UTF-8 text ({error}); save it as UTF-8") from error
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise ReadError(f"{where} holds no judgements; expected {LAYOUTS}")
    sign = _sign(lines[0][1], ending(path))
    rows = [(at, _cells(line, sign)) for at, line in lines]
    width = len(rows[0][1])
    if width not in (_BEIR, _TREC):
        run = " (a run of results has six: give the judgements)" if width == 6 else ""
        raise ReadError(f"line {rows[0][0]} of {where} has {width} cells{run}; expected {LAYOUTS}")
    places, rows = _places(rows, width, where)
    for at, cells in rows:
        if len(cells) != width:
            raise ReadError(
                f"line {at} of {where} has {len(cells)} cells, the first has {width}; "
                f"expected {LAYOUTS}"
            )
    query, item, gain = ([cells[place] for _, cells in rows] for place in places)
    return _judgements(
        where,
        _ids(np.array(query, np.str_), f"the queries of {where}", typed=False),
        _ids(np.array(item, np.str_), f"the items of {where}", typed=False),
        gain,
        lines=[at for at, _ in rows],
    )


def _sign(line: str, kind: str) -> str | None:
    if "\t" in line:
        return "\t"
    return "," if kind.startswith(".csv") and "," in line else None


def _cells(line: str, sign: str | None) -> list[str]:
    if sign is None:
        return line.split()
    return [one.strip().strip('"') for one in line.split(sign)]


def _places(
    rows: list[tuple[int, list[str]]], width: int, where: str
) -> tuple[tuple[int, int, int], list[tuple[int, list[str]]]]:
    """Say in which cells the query, the item and the relevance stand, and drop a header."""
    usual = (0, 1, 2) if width == _BEIR else (0, 2, 3)
    first = [one.lower() for one in rows[0][1]]
    if _number(first[usual[2]]) is not None:
        return usual, rows
    known = {name for may in _NAMES.values() for name in may}
    if not known & {*first}:
        raise ReadError(
            f"line {rows[0][0]} of {where} has {rows[0][1][usual[2]]!r} for a relevance, and is no "
            f"header that is known (such as {_HEADER}); expected {LAYOUTS}"
        )
    named = _named(first, where)
    if "gain" not in named:
        return usual, rows[1:]
    return (first.index(named["query"]), first.index(named["item"]), first.index(named["gain"])), (
        rows[1:]
    )


def _judgements(
    where: str,
    queries: AnyArray,
    items: AnyArray,
    gains: Sequence[str],
    *,
    lines: Sequence[int] | None = None,
) -> Judgements:
    if not len(queries):
        raise ReadError(f"{where} holds no judgements; expected {LAYOUTS}")
    values = [_number(one) for one in gains]
    if None in values:
        at = values.index(None)
        place = f"line {lines[at]}" if lines else f"row {at}"
        raise ReadError(
            f"{place} of {where} has the relevance {gains[at]!r}; expected a number between "
            f"-{_LARGEST:,} and {_LARGEST:,}, 0 for what is not relevant"
        )
    return Judgements(where, queries, items, np.array(values, np.float64))


def _number(word: str) -> float | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return value if abs(value) <= _LARGEST else None


def _ids(values: AnyArray, where: str, *, typed: bool = True) -> AnyArray:
    """Return ids that may repeat, by the rules of those of items."""
    held = values.tolist()
    each = {one: at for at, one in enumerate(dict.fromkeys(held))}
    if values.dtype.kind == "O":
        distinct = np.array([*each, None], object)[:-1]
    else:
        distinct = np.array([*each], values.dtype)
    if not len(distinct):
        return np.zeros(0, np.int64)
    ids = tidy_ids(distinct, where, typed=typed)
    repeated: AnyArray = ids[np.array([each[one] for one in held])]
    return repeated
