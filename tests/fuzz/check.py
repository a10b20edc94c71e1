"""Whether what Emblink read of a damaged file is what is written there."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

import emblink.load._files as files
from emblink.errors import InputError
from emblink.load import load_spaces
from emblink.load._blocks import held
from emblink.load._columns import MISSING, Contents
from emblink.load._formats import open_file
from emblink.types import AnyArray, SpaceSet
from tests.fuzz.files import IDS, PACKED, A
from tests.fuzz.mutate import Mutant
from tests.fuzz.oracle import REFUSED, Columns, NothingReadError, readings

ROWS = ("a.csv", "a.tsv", "a.jsonl", "a.txt", "a.vec", "a.bin")
"""Formats whose rows stand one after the other, each with its id."""


class Misread(AssertionError):  # noqa: N818
    """Something was read that is not what is written."""


def checked(path: Path, mutant: Mutant) -> str:
    """Read a damaged file; say what became of it.

    Raises
    ------
    Misread
        Values are not those that are written.
    """
    seen: list[Contents] = []

    def opened(path: Path, *given: Any) -> Contents:
        seen.append(open_file(path, *given))
        return seen[-1]

    vars(files)["open_file"] = opened
    try:
        space_set = load_spaces([str(path)], on_bad="drop")
    except InputError as error:
        if path.name not in str(error):
            raise Misread(f"the error does not name the file: {error}") from error
        return "refused"
    finally:
        vars(files)["open_file"] = open_file
    for contents in seen:
        if path.name != "a.parquet" or not _as_it_was(space_set):
            _as_references(contents, path, mutant)
    for space in space_set.spaces.values():
        _spared(space.ids.tolist(), np.asarray(space.vectors), path.name, mutant)
    return "read"


def _as_it_was(space_set: SpaceSet) -> bool:
    """Whether all rows are those of the file before; pyarrow refuses more damaged footers."""
    space = next(iter(space_set.spaces.values()))
    rows = [IDS.index(one) for one in space.ids.tolist() if one in IDS]
    return len(rows) == len(space.ids) and np.array_equal(space.vectors, A[rows])


def _as_references(contents: Contents, path: Path, mutant: Mutant) -> None:
    try:
        found = readings(path.name, mutant.data)
    except NothingReadError as error:
        raise Misread(f"the reference refuses it: {error}") from error
    if not found:
        raise Misread("the reference refuses it")
    differences = [_difference(contents, columns) for columns in found]
    if all(differences):
        raise Misread("; or ".join(dict.fromkeys(filter(None, differences)))[:600])


def _difference(contents: Contents, columns: Columns) -> str | None:
    """Say where contents are not as the reference reads them."""
    if not columns:
        return None
    header = not all(name.startswith("column ") for name in columns)
    wanted = list(columns.items())
    for at, column in enumerate(contents.columns.values()):
        name = column.name
        if header and name not in columns and name not in ("index", f"unnamed_{at}", "word"):
            return f"a column {name!r} that is not there"
        if not header and at >= len(wanted):
            return f"{len(contents.columns)} columns where there are {len(wanted)}"
        expected = columns.get(name) if header else wanted[at][1]
        try:
            got = _values(contents, name)
        except InputError:
            continue
        if expected is None or _same_arrays(got, expected):
            continue
        if len(got) != len(expected):
            return f"{name!r} has {len(got)} rows where there are {len(expected)}"
        for row, (one, other) in enumerate(zip(got, expected, strict=True)):
            if not _alike(one, other):
                return f"{name!r} of row {row} is {_short(one)}, and not {_short(other)}"
    return None


def _same_arrays(got: Any, expected: Any) -> bool:
    arrays = isinstance(got, np.ndarray) and isinstance(expected, np.ndarray)
    return arrays and np.array_equal(got, expected, equal_nan=True)


def _values(contents: Contents, name: str) -> AnyArray | list[Any]:
    column = contents.columns[name]
    if column.kind == "vectors":
        return np.asarray(held(contents.vectors([name])))
    if not contents.typed and column.kind in ("words", "numbers"):
        return list(contents.words(name).tolist())
    return list(contents.column(name).tolist())


def _alike(got: Any, written: Any) -> bool:
    if isinstance(got, np.ndarray):
        return _alike_lists(got, written)
    if isinstance(written, np.datetime64 | np.timedelta64):
        written = str(written)  # whose item, of nanoseconds, is a number
    if isinstance(written, np.generic):
        written = written.item()
    if isinstance(got, str):
        if written is None:
            return got == ""
        if isinstance(written, bool):
            return got.lower() == str(written).lower()
        if isinstance(written, str):
            return got == written or (got == "" and written in MISSING)
        return got == str(written) or _same_json(got, written)
    if written is None or isinstance(written, str):
        return isinstance(got, float) and math.isnan(got)
    return bool(got == written) or _same_number(float(got), float(written))


def _same_json(got: str, written: Any) -> bool:
    try:
        return bool(json.loads(got) == written) or got == json.dumps(written)
    except ValueError:
        return False


def _missing(written: Any) -> bool:
    return written is None or (isinstance(written, float) and math.isnan(written))


def _same_number(got: float, written: float) -> bool:
    return (math.isnan(got) and math.isnan(written)) or got == written


def _alike_lists(got: Any, written: Any) -> bool:
    if isinstance(written, str):
        try:
            written = [float(one) for one in written.strip(" []{}()").replace(",", " ").split()]
        except ValueError:
            return False
    while isinstance(written, list) and len(written) == 1 and isinstance(written[0], list):
        written = written[0]  # as servers answer with the vector of a single text
    if _missing(written) or (isinstance(written, list) and not written):
        return bool(np.isnan(got).all())
    with np.errstate(over="ignore"):
        try:
            row = np.array([np.nan if one is None else _float(one) for one in written], np.float64)
        except (*REFUSED,):
            return False
        return bool(
            row.shape == got.shape
            and np.array_equal(row.astype(got.dtype, copy=False), got, equal_nan=True)
        )


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number of Python's own length
        return np.inf


def _short(value: Any) -> str:
    return repr(value)[:120]


def _spared(ids: list[Any], vectors: Any, name: str, mutant: Mutant) -> None:
    """Hold the rows that the damage did not touch against what they were."""
    if PACKED.get(name, name) not in ROWS or mutant.spared == (0, 0) or name in PACKED:
        return
    if vectors.shape[1] != A.shape[1]:
        return
    start, end = mutant.spared[0], len(mutant.original) - mutant.spared[1]
    places = [mutant.original.find(word.encode()) for word in IDS] + [len(mutant.original)]
    if start <= places[0]:  # what says how to read the rows
        return
    rows = {one: row for row, one in enumerate(ids)}
    for at, word in enumerate(IDS):
        touched = start <= places[at + 1] and end >= places[at] - 2
        if word in rows and not touched and not np.array_equal(vectors[rows[word]], A[at]):
            raise Misread(f"row {word!r} was spared, but is {_short(vectors[rows[word]])}")
