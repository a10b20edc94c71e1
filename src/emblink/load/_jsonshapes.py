"""In which shapes JSON documents hold tables: rows, columns, what tools of vectors write."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from emblink.errors import ReadError
from emblink.load._columns import INDEX
from emblink.load._families import prefix
from emblink.load._leftovers import describes

WAY_OUT = (
    "expected an array of objects, an object of columns, or an object of words and their vectors"
)


def columns_in(held: Any, where: str) -> dict[str, list[Any]]:
    while isinstance(held, dict):
        if isinstance(held.get("ids"), list) and "embeddings" in held:
            return _of_chroma(held, where)
        if isinstance(held.get("columns"), list) and isinstance(held.get("data"), list):
            return _of_split(held, where)
        if isinstance(held.get("data"), list) and _are_columns(held.get("meta")):
            return _of_clickhouse(held, where)
        inner = [value for value in held.values() if isinstance(value, dict | list)]
        lists: list[Any] = [value for value in inner if isinstance(value, list)]
        if len(lists) == 1 and are_objects(lists[0]):
            inner = lists  # beside records about them, such as {"data": [...], "usage": {...}}
        if len(inner) != 1 or (isinstance(inner[0], list) and not are_objects(inner[0])):
            inner = _rows_within(held)
            rows = len(inner) == 1 and _hold_vectors(inner[0])
            answer = None if rows else _of_answer(held, where)
            if answer or len(inner) != 1:
                return answer or _of_dict(held, where)
        held = inner[0]  # such as {"object": "list", "data": [...]}
    if isinstance(held, list) and are_objects(held):
        return of_rows(held)
    if isinstance(held, list) and held and (name := _column_of(held)):
        return {name: held}
    raise ReadError(f"{where} holds no table; {WAY_OUT}")


def _rows_within(held: dict[str, Any]) -> list[Any]:
    """Return what holds rows beside records about them: arrays of objects, or objects by id."""
    if all(isinstance(value, dict) and value for value in held.values()):
        by_id = [one for one in held.values() if len(one) > 1 and are_objects([*one.values()])]
        within = [list_ for one in held.values() for list_ in one.values() if _are_rows(list_)]
        return within if len(held) < _ANSWERS and not by_id else []
    there = [value for value in held.values() if isinstance(value, dict) and len(value) > 1]
    by_id = [value for value in there if are_objects([*value.values()])]
    return by_id or [list_ for one in there for list_ in one.values() if _are_rows(list_)]


def _hold_vectors(rows: Any, depth: int = 0) -> bool:
    """Whether a list of numbers is anywhere within."""
    if isinstance(rows, list) and is_vector(rows):
        return len(rows) > 1
    inner = rows.values() if isinstance(rows, dict) else rows if isinstance(rows, list) else ()
    return depth < _DEEPEST and any(_hold_vectors(one, depth + 1) for one in inner)


_ANSWERS = 6
"""Fields that a server's answer has at most."""


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and are_objects(value)


def _of_answer(held: dict[str, Any], where: str) -> dict[str, list[Any]] | None:
    """Return vectors, and lists as long as they are, that stand beside other fields.

    So the servers of Cohere and Ollama answer: ``{"texts": [...], "embeddings": [[...]], …}``.
    """
    flat = _flat(held)
    lists = {name: value for name, value in flat.items() if isinstance(value, list) and value}
    lengths = {len(value) for value in lists.values() if _are_vectors(value)}
    if len(lengths) != 1 or all(isinstance(value, list) for value in held.values()):
        return None
    found = {name: value for name, value in lists.items() if len(value) in lengths}
    for name, value in lists.items():
        if name not in found and name.split(".")[-1].rstrip("s") in _OF_ITEMS:
            raise ReadError(
                f"{where} has {len(value):,} {name!r} beside {lengths.pop():,} vectors; expected "
                "one for each: mend the list, or take it out"
            )
    return found


_OF_ITEMS = ("id", "_id", "key", "uuid", "word", "token", "text", "document", "label", "name")
"""What lists of an answer may hold for each vector, in singular."""


def _are_vectors(values: list[Any]) -> bool:
    return all(is_vector(value) and value for value in values)


def are_objects(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(value, dict) for value in values)


def of_rows(rows: list[dict[str, Any]], depth: int = 0) -> dict[str, list[Any]]:
    """Return columns; where all values of one are records, their fields, as ``payload.text``."""
    out: dict[str, list[Any]] = {}
    names = dict.fromkeys(name for row in rows for name in row)
    for name in names:
        values = [_unwrapped(row.get(name)) for row in rows]
        records = [_record(value) for value in values]
        mixed = any(
            record is None and value is not None
            for record, value in zip(records, values, strict=True)
        )
        if mixed or not any(records) or depth == _DEEPEST:
            out[name] = values
            continue
        fields = of_rows([record or {} for record in records], depth + 1)
        found = {f"{name}.{field}": held for field, held in fields.items()}
        out |= {name: values} if names.keys() & found.keys() else found
    return out


_DEEPEST = 8


def _record(value: Any) -> dict[str, Any] | None:
    """Return a record, or the one in a list of one, as batches of OpenAI are answered."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, dict) else None


def _unwrapped(value: Any) -> Any:
    """Return the value of an id or a date as MongoDB writes it."""
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith("$"):
        return next(iter(value.values()))
    return value


def _flat(held: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Bring fields of objects within an object to the top, as ``payload.text``."""
    out: dict[str, Any] = {}
    for name, value in held.items():
        if isinstance(value, dict) and value and prefix.count(".") < _DEEPEST:
            out |= _flat(value, f"{prefix}{name}.")
        else:
            out[prefix + name] = value
    return out


def _of_chroma(held: dict[str, Any], where: str) -> dict[str, list[Any]]:
    if not isinstance(held["embeddings"], list):
        raise ReadError(
            f"{where} is a Chroma result without embeddings; ask for them: "
            'collection.get(include=["embeddings", "documents", "metadatas"])'
        )
    columns = {"id": held["ids"], "embedding": held["embeddings"]}
    metadatas = held.get("metadatas")
    if isinstance(metadatas, list):
        columns |= of_rows([one if isinstance(one, dict) else {} for one in metadatas])
    documents = held.get("documents")
    if isinstance(documents, list):
        columns["documents" if "text" in columns else "text"] = documents
    return {**columns, "id": held["ids"], "embedding": held["embeddings"]}


def _of_split(held: dict[str, Any], where: str) -> dict[str, list[Any]]:
    """Return what pandas writes with ``orient="split"``."""
    names, rows = [*map(str, held["columns"])], held["data"]
    if not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        raise ReadError(f"{where} holds rows that are not as long as its columns; {WAY_OUT}")
    index = held.get("index")
    beside = {} if not isinstance(index, list) or "index" in names else {"index": index}
    if beside and index == [*range(len(rows))]:
        beside = {}
    return {**beside, **{name: [row[at] for row in rows] for at, name in enumerate(names)}}


def _are_columns(value: Any) -> bool:
    return _are_rows(value) and all({"name", "type"} <= one.keys() for one in value)


def _column_of(held: list[Any]) -> str | None:
    """Return what an array without names is: vectors, or ids; None for others."""
    if _are_vectors(held):
        return "vectors"
    return "id" if all(type(one) in (str, int) for one in held) else None


def _of_clickhouse(held: dict[str, Any], where: str) -> dict[str, list[Any]]:
    """Return what ClickHouse writes as ``JSON`` and ``JSONCompact``: rows below their columns."""
    if are_objects(held["data"]):
        return of_rows(held["data"])
    return _of_split({**held, "columns": [one["name"] for one in held["meta"]]}, where)


def _of_dict(held: dict[str, Any], where: str) -> dict[str, list[Any]]:
    values = list(held.values())
    if values and all(isinstance(value, dict) for value in values):
        return _of_objects(held, where)
    if not values or not all(isinstance(value, list) for value in values):
        raise ReadError(f"{where} holds no table; {WAY_OUT}")
    numbers = [is_vector(value) and len(value) > 0 for value in values]
    if not all(numbers):
        return held
    if len({len(value) for value in values}) > 1:
        raise ReadError(f"{where} holds lists of numbers of different lengths; {WAY_OUT}")
    described = sum(describes(name) for name in held)
    if described * 2 >= len(held) and any(len(value) != len(held) for value in values):
        return held
    numbered = all(any(sign.isdigit() for sign in name) for name in held)
    if numbered or described * 10 > len(held) or len(held) <= len(values[0]):
        raise ReadError(
            f"{where} holds lists of numbers that could be columns or vectors; expected an array "
            'of objects: [{"id": …, "embedding": […]}, …]'
        )
    return {"id": list(held), "embedding": values}


def _of_objects(held: dict[str, dict[str, Any]], where: str) -> dict[str, list[Any]]:
    """Return objects of columns or of rows, as pandas writes them (``orient``).

    Raises
    ------
    ReadError
        It may be one as well as the other.
    """
    values = list(held.values())
    keys = list(values[0])
    if not all(list(value) == keys for value in values):
        raise ReadError(f"{where} holds objects of different keys; {WAY_OUT}")
    by_columns = all(_alike(list(value.values())) for value in values)
    by_rows = all(_alike([value[key] for value in values]) for key in keys)
    if by_columns and by_rows:
        by_columns = _name_columns([*held], keys)
        by_rows = _name_columns(keys, [*held])
    if by_columns == by_rows:
        raise ReadError(
            f"{where} holds objects that may be rows or columns ({next(iter(held))!r}: "
            f"{{{keys[0]!r}: …}}); expected an array of objects: to_json(…, orient='records')"
        )
    if by_columns:
        columns = {name: list(value.values()) for name, value in held.items()}
        return columns if _count(keys) or INDEX in columns else {INDEX: keys, **columns}
    rows = of_rows(values)
    return rows if _count(held) else {"index" if "id" in rows else "id": list(held), **rows}


def _alike(values: list[Any]) -> bool:
    kinds = {float if is_number(value) else type(value) for value in values if value is not None}
    return len(kinds) < 2


def _name_columns(names: list[str], others: list[str]) -> bool:
    """Whether names are those of columns, and the others are rows."""
    if _count(names) or _count(others):
        return _count(others) and not _count(names)
    return _numbered(names) and not _numbered(others)


def _count(names: Collection[str]) -> bool:
    return list(names) == [str(i) for i in range(len(names))]


def _numbered(names: list[str]) -> bool:
    """Whether names are few beside numbers that count on, such as d0, d1."""
    return len(names) > 1 and len({prefix(name) for name in names}) < len(names)


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_vector(value: object) -> bool:
    return isinstance(value, list) and all(one is None or is_number(one) for one in value)
