"""Tables of text with very many columns, read row by row: DuckDB keeps buffers for each column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from emblink.errors import ReadError, VectorError
from emblink.load._columns import MISSING, Column, Noun, Plain, Seen
from emblink.load._memory import allocate
from emblink.load._streams import WIDEST, opened
from emblink.types import AnyArray
from emblink.words import WORDS

WIDE = 256
"""Columns from which on a table is read row by row."""
_MISSING = frozenset(MISSING)
_CODED = re.compile(r"\s*[+-]?0[0-9]|\s*[+]|.*_")
_CODED_AMONG = re.compile(r"^\s*[+-]?0[0-9]|^\s*[+]|_", re.MULTILINE)
_BROKEN = re.compile(r".*(?:[.eE]|inf)", re.IGNORECASE)
_LONGEST = 1 << 24
_TOGETHER = 256
"""Columns of numbers of which the words are read together."""
_OF_WORDS = -1
"""Stands for the columns of words, which are all read together."""


@dataclass(frozen=True)
class Written:
    """How a table is written, and what its columns are called."""

    names: Sequence[str]
    delimiter: str
    quoted: bool
    header: bool
    skipped: int = 0
    """Lines before the names, or before the first row."""
    decimal_comma: bool = False
    escape: str = '"'
    """The sign before quote signs within quotes: one more of them, or a backslash."""


class WideText(Plain):
    """The cells of a wide table: numbers at once, words when asked for."""

    noun: Noun = "column"
    typed = False

    def __init__(self, path: Path, written: Written) -> None:
        self.where = path.name
        self.notes: list[str] = []
        self._path = path
        self._written = written
        self._rows: list[AnyArray] = []
        self._read: dict[int, _Cells] = {}
        self.seen = Seen()
        facts = _Facts(len(written.names), decimal_comma=written.decimal_comma)
        for row in self._cells():
            self._rows.append(facts.taken(row))
        if not self._rows:
            raise ReadError(f"{self.where} has no rows; expected one per item: write it again")
        count = (len(self._rows),)
        kinds = facts.kinds()
        self._at = {name: at for at, name in enumerate(written.names)}
        self.columns = {
            name: Column(name, "numbers", kind, count)
            if kind
            else Column(name, "words", "VARCHAR", count)
            for name, kind in zip(written.names, kinds, strict=True)
        }

    def words(self, name: str) -> AnyArray:
        """Return one column as it is written."""
        at = self._at[name]
        group = _OF_WORDS if self.columns[name].kind == "words" else at // _TOGETHER
        if group not in self._read:
            self._read_words({group, _OF_WORDS} - self._read.keys())
        return self._read[group].of(at)

    def column(self, name: str) -> AnyArray:
        """Return one column of numbers or words."""
        column = self.columns[name]
        if column.kind == "words":
            return self.words(name)
        values = np.array([row[self._at[name]] for row in self._rows], np.float64)
        if column.dtype == "DOUBLE" or np.isnan(values).any():
            return values
        if np.abs(values).max() < 2.0**53:
            return values.astype(np.int64)
        return np.array([int(word) for word in self.words(name).tolist()], np.int64)

    def vectors(self, names: Sequence[str]) -> AnyArray:
        """Return several columns of numbers side by side."""
        for name in names:
            if self.columns[name].kind != "numbers":
                raise VectorError(self._not_numbers(name))
        out = allocate((len(self._rows), len(names)), np.float32, self.where)
        at = np.array([self._at[name] for name in names], np.intp)
        for row, values in enumerate(self._rows):
            with np.errstate(over="ignore"):
                out[row] = values[at]
            beyond = np.isinf(out[row]) & ~np.isinf(values[at])
            if beyond.any():
                raise VectorError(
                    f"column {names[int(np.argmax(beyond))]!r} of {self.where} has numbers beyond "
                    f"float32 (first: row {row}); expected magnitudes below 3.4e38: "
                    "scale the vectors"
                )
        return out

    def _not_numbers(self, name: str) -> str:
        for row, word in enumerate(self.words(name).tolist()):
            cell = _with_point(word) if self._written.decimal_comma else word
            if word not in _MISSING and _number(cell) is None:
                return (
                    f"column {name!r} of {self.where} has words (first: row {row}, {word[:60]!r}) "
                    "where numbers belong; fix the file, or name the vector columns with "
                    "vector='prefix*'"
                )
        return f"column {name!r} of {self.where} holds codes or nothing; expected numbers"

    def _read_words(self, groups: Collection[int]) -> None:
        words = [one.kind == "words" for one in self.columns.values()]
        found = [
            _Cells(
                np.flatnonzero(words)
                if group == _OF_WORDS
                else np.arange(group * _TOGETHER, min((group + 1) * _TOGETHER, len(words))),
                len(self._rows),
            )
            for group in groups
        ]
        count = 0
        for row in self._cells():
            if count < len(self._rows):
                for one in found:
                    one.take(count, row)
            count += 1
        if count != len(self._rows):
            raise ReadError(f"{self.where} changed while it was read; compare again")
        self._read |= dict(zip(groups, found, strict=True))

    def _cells(self) -> Iterator[list[str]]:
        """Read rows, each of as many cells as there are columns."""
        written = self._written
        quoting: Literal[0, 3] = 0 if written.quoted else csv.QUOTE_NONE
        escape = None if written.escape == '"' else written.escape
        before = csv.field_size_limit(_LONGEST)
        try:
            with io.TextIOWrapper(opened(self._path), "utf-8-sig", newline="") as stream:
                for _ in range(written.skipped):
                    stream.readline()
                rows = csv.reader(
                    self._counted(stream), delimiter=written.delimiter, quoting=quoting,
                    escapechar=escape, doublequote=escape is None, strict=True,
                )  # fmt: skip
                if written.header:
                    next(rows, None)
                for row in rows:
                    self._signs = 0
                    if len(row) == len(written.names):
                        yield row
                    elif row:
                        raise ReadError(self._ragged(written.skipped + rows.line_num, len(row)))
        except UnicodeDecodeError as error:
            raise ReadError(f"{self.where} is not UTF-8 text; save it as UTF-8") from error
        except csv.Error as error:
            raise ReadError(
                f"{self.where} cannot be read ({error}); expected a complete, well-formed file"
            ) from error
        finally:
            csv.field_size_limit(before)

    def _counted(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield lines, and refuse a row of too many cells before it is cut into these."""
        self._signs = 0
        for number, line in enumerate(lines, self._written.skipped + 1):
            self._signs += line.count(self._written.delimiter)
            if self._signs > 2 * WIDEST:
                raise ReadError(self._ragged(number, self._signs + 1))
            yield line

    def _ragged(self, line: int, n_cells: int) -> str:
        return (
            f"line {line} of {self.where} cannot be read: it has {n_cells:,} cells where "
            f"{len(self._written.names):,} belong; expected a complete, well-formed file"
        )


class _Cells:
    """The words of some columns: one array, for an array of each takes more than short words."""

    def __init__(self, places: AnyArray, n_rows: int) -> None:
        self._places = places
        self._held = np.empty((n_rows, len(places)), WORDS)

    def take(self, at: int, row: Sequence[str]) -> None:
        """Take in the cells of a row."""
        self._held[at] = np.array([row[place] for place in self._places.tolist()], WORDS)

    def of(self, place: int) -> AnyArray:
        """Return a column by its place in the table."""
        return self._held[:, np.searchsorted(self._places, place)].copy()


class _Facts:
    """What is known of each column from the rows so far."""

    def __init__(self, n_columns: int, *, decimal_comma: bool) -> None:
        self._decimal_comma = decimal_comma
        self._maybe = np.ones(n_columns, bool)
        self._finite = np.zeros(n_columns, bool)
        self._broken = np.zeros(n_columns, bool)
        self._long = np.zeros(n_columns, bool)

    def taken(self, row: Sequence[str]) -> AnyArray:
        """Return the numbers of a row, NaN for what is none."""
        if self._decimal_comma:
            row = [*map(_with_point, row)]
        values = np.full(len(row), np.nan)
        at = np.flatnonzero(self._maybe)
        cells = [row[i] for i in at.tolist()]
        plain = None if _CODED_AMONG.search("\n".join(cells)) else _numbers(cells)
        if plain is None:
            self._looked_at(cells, at, values)
        else:
            values[at] = plain
        self._finite |= np.isfinite(values)
        whole = at[~self._broken[at]].tolist()
        self._broken[[i for i in whole if _BROKEN.match(row[i]) and row[i] not in _MISSING]] = True
        self._long |= np.abs(values) >= 2.0**63
        return values

    def _looked_at(self, cells: Sequence[str], at: AnyArray, values: AnyArray) -> None:
        """Look at each cell of a row in which not all are plain numbers."""
        coded = [_CODED.match(cell) is not None for cell in cells]
        found = [None if code else _number(cell) for cell, code in zip(cells, coded, strict=True)]
        filled = [cell not in _MISSING for cell in cells]
        refuted = [one is None and there for one, there in zip(found, filled, strict=True)]
        values[at] = [
            one if one is not None and there else np.nan
            for one, there in zip(found, filled, strict=True)
        ]
        self._maybe[at[np.array(refuted, bool)]] = False

    def kinds(self) -> list[str]:
        """Return DOUBLE or BIGINT for columns of numbers, nothing for words."""
        numbers = self._maybe & self._finite & (self._broken | ~self._long)
        return [
            ("DOUBLE" if broken else "BIGINT") if number else ""
            for number, broken in zip(numbers.tolist(), self._broken.tolist(), strict=True)
        ]


_COMMA = re.compile(r"(\s*[-+]?\d*),(\d+(?:[eE][-+]?\d+)?\s*)")
_POINT = re.compile(r"[-+]?[0-9]+\.[0-9]+")


def _with_point(cell: str) -> str:
    """Return a number with a decimal comma with a point; a point in it is no number's."""
    found = _COMMA.fullmatch(cell)
    return f"{found[1]}.{found[2]}" if found else "." + cell if _POINT.fullmatch(cell) else cell


def _numbers(cells: Sequence[str]) -> list[float] | None:
    """Return cells as numbers, None where one is none."""
    try:
        return [*map(float, cells)]
    except ValueError:
        return None


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
