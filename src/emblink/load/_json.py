"""Reader of ``.json``: an array of objects, columns, Chroma's ``get()``, or words and vectors."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from sys import intern
from typing import Any

import numpy as np

from emblink.errors import ReadError, VectorError
from emblink.load._arrays import Arrays
from emblink.load._columns import Column, Contents
from emblink.load._emblaze import emblaze, is_emblaze
from emblink.load._headless import look_for_rows
from emblink.load._jsonshapes import WAY_OUT, are_objects, columns_in, is_number, is_vector, of_rows
from emblink.load._streams import LONGEST, WIDEST, opened
from emblink.load._tables import read_jsonl
from emblink.load._wide import WIDE
from emblink.types import AnyArray
from emblink.words import WORDS

_REPEATED = (
    "{where} has the key {name!r} twice in one object; every key must be there once: write an "
    "array of objects, or rename one"
)


class RepeatedKeyError(Exception):
    """A JSON object has a key twice."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def loaded(text: str | bytes) -> Any:
    """Return a JSON document.

    Raises
    ------
    RepeatedKeyError
        An object has a key twice, of which a dict would keep the last.
    """
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = {intern(name): value for name, value in pairs}  # else each row has keys of its own
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise RepeatedKeyError(name)
            seen.add(name)
    return found


def read_json(path: Path, words: frozenset[str]) -> Contents:
    """Read a JSON document whole; objects one a line are read as JSON Lines."""
    where = path.name
    try:
        held = loaded(path.read_bytes().decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        if error.msg.startswith("Extra data"):
            return read_json_lines(path, words)
        raise ReadError(f"{where} is not JSON ({error}); copy or write it again") from error
    except RepeatedKeyError as error:
        raise ReadError(_REPEATED.format(where=where, name=error.name)) from error
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{where} is not JSON in UTF-8 ({error}); write it again") from error
    if is_emblaze(held):
        return emblaze(held, where)
    columns = columns_in(held, where)
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name}: {n:,}" for name, n in list(lengths.items())[:6])
        raise ReadError(f"the columns of {where} differ in length ({shown}); {WAY_OUT}")
    if not any(lengths.values()):
        raise ReadError(f"{where} has no rows; {WAY_OUT}")
    return JsonColumns(where, columns)


def read_json_lines(path: Path, words: frozenset[str]) -> Contents:
    """Read JSON objects, one a line; ones of very many keys without DuckDB, as in ``_wide``."""
    with opened(path) as stream:
        first = stream.readline(LONGEST)
    _refuse_bulk(path, first)
    _refuse_width(path.name, first)
    if first.count(b'":') <= WIDE and first.lstrip()[:1] != b"[":
        return read_jsonl(path, words)
    return JsonColumns(path.name, _columns_of_lines(path))


def _refuse_width(where: str, first: bytes) -> None:
    for what, count, most in (
        ("keys", first.count(b'":'), WIDEST),
        ("values", first.count(b",") + 1, 4 * WIDEST),
    ):
        if count > most:
            raise ReadError(
                f"line 1 of {where} has {count:,} {what}; expected an object for each item, of at "
                f"most {most:,}: write it again with an end of line after each, or save the "
                "vectors as .npy"
            )


def _columns_of_lines(path: Path) -> dict[str, list[Any]]:
    rows = []
    with opened(path) as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                rows.append(loaded(line))
            except RepeatedKeyError as error:
                raise ReadError(
                    _REPEATED.format(where=f"line {number} of {path.name}", name=error.name)
                ) from error
            except (ValueError, RecursionError) as error:
                raise ReadError(f"line {number} of {path.name} is no JSON ({error})") from error
    if rows and all(is_vector(row) and row for row in rows):
        return {"vectors": rows}
    if not are_objects(rows):
        raise ReadError(f"{path.name} has lines that are no JSON objects; expected one on each")
    return of_rows(rows)


def _refuse_bulk(path: Path, first: bytes) -> None:
    """Refuse what is sent to Elasticsearch and OpenSearch: lines of actions before documents.

    Raises
    ------
    ReadError
        With the line that joins each action, which holds the id, with its document.
    """
    match = _ACTION.fullmatch(first.decode("utf-8-sig", "replace").strip())
    if match:
        raise ReadError(_BULK.format(where=path.name))


_ACTION = re.compile(r'\{\s*"(?:index|create|update|delete)"\s*:\s*\{[^{}\[\]]*\}\s*\}')
"""A line that says what happens to the document on the next."""
_BULK = (
    "{where} is a bulk request of Elasticsearch or OpenSearch, whose documents stand on the lines "
    "after their actions; write each with its id: lines = [json.loads(line) for line in "
    "Path({where!r}).read_text('utf-8').strip().split('\\n')]; "
    "Path('documents.json').write_text(json.dumps([{{**one, "
    "'id': next(iter(action.values())).get('_id')}} "
    "for action, one in zip(lines[::2], lines[1::2])]))"
)


class JsonColumns(Arrays):
    """Columns of Python values, made arrays when asked for."""

    def __init__(self, where: str, values: dict[str, list[Any]]) -> None:
        self._values: dict[str, Any] = values
        columns = {}
        for name, given in values.items():  # which may be the most that is in memory
            columns[name], values[name] = _typed(name, given)
        super().__init__(where, columns, self._get_column, noun="column")
        self.fields = {name: column for name, column in columns.items() if "." in name}
        self.seen, self.notes = look_for_rows(self)

    def vectors(self, names: Sequence[str]) -> AnyArray:
        """Return float32 vectors of one column of lists, or of several columns of numbers."""
        if len(names) == 1 and self.columns[names[0]].kind != "numbers":
            return self._lists(names[0])
        parts = [self._get_column(name) for name in names]
        for name, part in zip(names, parts, strict=True):
            if part.dtype.kind not in "fiu":
                raise VectorError(f"column {name!r} of {self.where} holds words; expected numbers")
        return np.column_stack(parts).astype(np.float32)

    def _get_column(self, name: str) -> AnyArray:
        held = self._values[name]
        return held if isinstance(held, np.ndarray) else np.array(held, object)

    def _lists(self, name: str) -> AnyArray:
        what = f"column {name!r} of {self.where}"
        if self.columns[name].kind != "vectors":
            raise VectorError(f"{what} holds no lists of numbers; name another column")
        rows: list[Any] = list(self._values[name])
        n_dims = next(len(row) for row in rows if row is not None)
        for at, row in enumerate(rows):
            if row is not None and len(row) != n_dims:
                raise VectorError(
                    f"{what} mixes vectors of different lengths: the first has {n_dims} numbers, "
                    f"row {at} has {len(row)}; expected one length"
                )
        out = np.full((len(rows), n_dims), np.nan, np.float64)
        for at, row in enumerate(rows):
            if row is not None:
                out[at] = [np.nan if number is None else number for number in row]
        if (np.isfinite(out) & (np.abs(out) > 3.4e38)).any():
            return out  # refused in words where the vectors are taken in
        return out.astype(np.float32)


def _typed(name: str, values: list[Any]) -> tuple[Column, Any]:
    """Decide what a column is: numbers, vectors (lists, also written as text), words, or other."""
    present = [value for value in values if value is not None and value == value]
    if present and all(isinstance(value, str) and value[:1] == "[" for value in present):
        written = [_written(value) for value in values]
        if all(row is not None for row, value in zip(written, values, strict=True) if value):
            values, present = written, [row for row in written if row is not None]
    if present and all(_holds_one(value) for value in present):
        values, present = [value and value[0] for value in values], [one[0] for one in present]
    n_rows = len(values)
    if present and all(is_vector(value) for value in present):
        lists = [value if isinstance(value, list) else None for value in values]
        whole = all(isinstance(one, int) for value in present for one in value)
        held = "list of whole numbers" if whole else "list of numbers"
        return Column(name, "vectors", held, (n_rows, -1)), lists
    if any(isinstance(value, list | dict) for value in present):
        return Column(name, "other", "JSON", (n_rows,)), values
    if present and all(is_number(value) for value in present):
        array = _numbers(values)
        if array is not None:
            return Column(name, "numbers", str(array.dtype), (n_rows,)), array
    text = ["" if value is None else _word(value) for value in values]
    return Column(name, "words", "str", (n_rows,)), np.array(text, WORDS)


def _holds_one(value: Any) -> bool:
    """Whether it is a vector in a list of one, as ``model.encode([text])`` returns."""
    return isinstance(value, list) and len(value) == 1 and isinstance(value[0], list)


def _numbers(values: list[Any]) -> AnyArray | None:
    whole = all(isinstance(value, int) for value in values)
    if not whole:
        given = [np.nan if value is None else float(value) for value in values]
        return np.array(given, np.float64)
    if all(-(2**63) <= value < 2**63 for value in values):
        return np.array(values, np.int64)
    return None


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _written(value: str | None) -> list[Any] | None:
    if not value:
        return None
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return found if is_vector(found) and len(found) > 1 else None
