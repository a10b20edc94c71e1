"""Tables that DuckDB can scan: columns of words and numbers, and vectors as float32."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import duckdb
import numpy as np

from emblink.errors import InputError, ReadError, VectorError
from emblink.load._blocks import BLOCK, Place, Stored
from emblink.load._columns import Column, ColumnKind, Noun, Seen, held_as
from emblink.load._flow import Flow, floats, rows_of, turned
from emblink.load._memory import check_room
from emblink.load._sqlfaults import beyond, rows_said, shortened, unreadable
from emblink.load._sqlwords import asked, literal, parsed, present, quote, with_points
from emblink.types import AnyArray
from emblink.words import WORDS

_NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)")
_WORDS = re.compile(r"VARCHAR|BOOLEAN|DATE|TIME.*|UUID|ENUM\(.*\)|JSON")
_EXACT = re.compile(r"U?(TINY|SMALL)INT|INTEGER|UINTEGER|BIGINT|UBIGINT|FLOAT|DOUBLE")
_RECORDS = re.compile(r"STRUCT\(.*\)(\[\])?$")
_VALUE = re.compile(r'STRUCT\("(\$\w+)" ([A-Z ]+)\)')
_NESTED = re.compile(r"([A-Z]+)(\[\d*\])\[1?\]")
_DEEPEST = 6
_BATCH = 16
_MOST_TOGETHER = 2048
"""Columns of one query: DuckDB holds buffers of some 20 kB for each, however few its rows are."""


class Table:
    """Contents that DuckDB can scan. Rows keep the order of the file."""

    noun: Noun = "column"

    def __init__(
        self,
        where: str,
        base: duckdb.DuckDBPyConnection,
        scan: str,
        *,
        typed: bool = True,
        decimal_comma: bool = False,
    ) -> None:
        self.where = where
        self.typed = typed
        self.seen = Seen()
        self._decimal_comma = decimal_comma
        self.notes: list[str] = []
        self._base = base
        self._scan = scan
        count = self._rows(f"SELECT count(*) FROM {scan}")[0][0]
        if count == 0:
            raise ReadError(f"{where} has no rows; expected one per item: write it again")
        found = {name: kind for name, kind, *_ in self._rows(f"DESCRIBE SELECT * FROM {scan}")}
        self._sql = {name: quote(name) for name in found}
        self.columns = {name: self._described(name, kind, count) for name, kind in found.items()}
        if not typed:
            written = [name for name, kind in found.items() if kind == "VARCHAR"]
            for name, kind in self._numbers_in_words(written).items():
                self.columns[name] = Column(name, "numbers", kind, (count,))
        self.fields = {
            field: self._described(field, kind, count)
            for name, kind in found.items()
            if _RECORDS.match(kind) and not _VALUE.fullmatch(kind)
            for field, kind in self._fields_of(name, kind)
        }

    def _described(self, name: str, kind: str, count: int) -> Column:
        value = _VALUE.fullmatch(kind)
        if value:  # as MongoDB writes ids and numbers
            self._sql[name] = f"struct_extract({self._sql[name]}, {literal(value[1])})"
            kind = value[2]
        nested = _NESTED.fullmatch(kind)
        if nested and _NUMBERS.fullmatch(nested[1]) and self._has_one(name):
            self._sql[name] += "[1]"
            kind = nested[1] + nested[2]
        known = _kind(kind)
        if known == "vectors" and not self._is_plain(kind) and not self._any_number(name):
            known = "other"
        return Column(name, known, kind, (count, -1) if kind.endswith("]") else (count,))

    def _has_one(self, name: str) -> bool:
        """Whether lists have one entry each, as ``model.encode([text])`` returns."""
        value = self._sql[name]
        return not self._rows(f"SELECT 1 FROM {self._scan} WHERE len({value}) > 1 LIMIT 1")

    def _fields_of(self, name: str, kind: str, depth: int = 0) -> list[tuple[str, str]]:
        """Return the fields of records, those of records within and of lists of one as well."""
        if kind.endswith("[]"):
            if "[]" not in kind[:-2] or not self._has_one(name):
                return []
            self._sql[name] += "[1]"
        inside = []
        for field, own, *_ in self._rows(
            f"DESCRIBE SELECT unnest({self._sql[name]}) FROM {self._scan}"
        ):
            path = f"{name}.{field}"
            self._sql[path] = f"struct_extract({self._sql[name]}, {literal(field)})"
            inside.append((path, own))
            if _RECORDS.match(own) and depth < _DEEPEST:
                inside += self._fields_of(path, own, depth + 1)
        return inside

    def _any_number(self, name: str) -> bool:
        """Whether lists of words hold numbers, such as JSON of both kinds."""
        number = f"list_count(TRY_CAST({self._sql[name]} AS DOUBLE[])) > 0"
        return bool(self._rows(f"SELECT 1 FROM {self._scan} WHERE {number} LIMIT 1"))

    def _numbers_in_words(self, names: Sequence[str]) -> dict[str, str]:
        """Return which columns of words are numbers throughout, whole ones as BIGINT.

        Codes such as 007 are words, and so are whole numbers beyond 64 bits.
        """
        kinds = {}
        for start in range(0, len(names), _BATCH):
            batch = names[start : start + _BATCH]
            questions = ", ".join(asked(self._number(quote(name))) for name in batch)
            facts = self._rows(f"SELECT {questions} FROM {self._scan}")[0]
            for i, name in enumerate(batch):
                filled, numbers, finite, broken, coded, whole = facts[6 * i : 6 * i + 6]
                if numbers == filled and finite and not coded and (broken or whole == filled):
                    kinds[name] = "DOUBLE" if broken else "BIGINT"
        return kinds

    def _number(self, value: str) -> str:
        """Return words as SQL that writes numbers with points."""
        return with_points(value) if self._decimal_comma else value

    def words(self, name: str) -> AnyArray:
        """Return one column of words as they are written."""
        kind = held_as(self, name).dtype
        value = self._sql[name]
        if kind == "TIMESTAMP WITH TIME ZONE":
            value = f"strftime(make_timestamp(epoch_us({value})), '%Y-%m-%dT%H:%M:%SZ')"
        elif kind.startswith("TIMESTAMP"):
            value = f"replace({value}::VARCHAR, ' ', 'T')"
        values = np.ma.filled(self._fetch(f"{value}::VARCHAR"), "")
        return np.array(values.tolist(), WORDS)

    def column(self, name: str) -> AnyArray:
        """Return one column of numbers or words."""
        column = held_as(self, name)
        value = self._sql[name]
        if column.kind == "words" or (
            column.dtype.endswith("HUGEINT")
            and self._first(f"{value} NOT BETWEEN {-(2**63)} AND {2**63 - 1}")[0]
        ):
            return self.words(name)
        if column.kind == "numbers":
            if not self.typed:
                return _numbers(self._fetch(f"TRY_CAST({self._number(value)} AS {column.dtype})"))
            exact = _EXACT.fullmatch(column.dtype)
            return _numbers(self._fetch(value if exact else f"{value}::DOUBLE"))
        inside = [field for field in self.fields if field.startswith(f"{name}.")]
        way = "save bytes as text" if column.dtype == "BLOB" else "name another column"
        if inside:
            way = f"name one of its fields, {inside[0]}"
        raise InputError(
            f"column {name!r} of {self.where} holds {column.dtype}; expected numbers or words: "
            f"{way}"
        )

    def vectors(self, names: Sequence[str]) -> Stored:
        """Return float32 vectors of one column of lists, or of several columns of numbers.

        They are read when their blocks are asked for, and what is wrong with them is said then.
        """
        if len(names) == 1 and held_as(self, names[0]).kind != "numbers":
            return self._lists(names[0])
        return self._wide(names)

    def _lists(self, name: str) -> Stored:
        """Unnest a column of lists; rows without a vector become NaN."""
        column = held_as(self, name)
        count, value = column.shape[0], self._sql[name]
        lists = value if self._is_plain(column.dtype) else f"TRY_CAST({value} AS DOUBLE[])"
        if column.kind == "words":
            lists = parsed(value)
        found = self._rows(f"SELECT len({lists}) FROM {self._scan} WHERE len({lists}) > 0 LIMIT 1")
        if not found:
            raise VectorError(
                f"column {name!r} of {self.where} has no vectors; "
                f"expected lists of numbers, found {column.dtype} without any"
            )
        n_dims = found[0][0]
        check_room(4 * count * n_dims, self.where)
        read = partial(self._list_blocks, name, lists, n_dims)
        return Flow(self.where, (count, n_dims), read)

    def _list_blocks(self, name: str, lists: str, n_dims: int) -> Iterator[tuple[Place, AnyArray]]:
        written = held_as(self, name).kind == "words"
        cast = lists if written else self._sql[name]
        numbers = (
            f"CASE WHEN len({lists}) = {n_dims} THEN {cast}::FLOAT[] "
            f"WHEN coalesce(len({lists}), 0) = 0 "
            f"THEN list_resize([]::FLOAT[], {n_dims}, 'nan'::FLOAT) ELSE error('length') END"
        )  # no cast to FLOAT[n]: it holds all of a batch once more
        query = f"SELECT coalesce(unnest({numbers}), 'nan'::FLOAT) FROM {self._scan}"
        try:
            yield from rows_of((batch[0] for batch in floats(self._base, query)), n_dims)
        except duckdb.Error as error:
            self._explain_lists(name, lists, n_dims)
            raise unreadable(self.where, error) from None
        if written:  # what is no number became NULL, and is no missing value
            self._explain_lists(name, lists, n_dims)

    @staticmethod
    def _is_plain(kind: str) -> bool:
        inner = re.sub(r"\[\d*\]$", "", kind)
        return _NUMBERS.fullmatch(inner) is not None or inner == "BOOLEAN"

    def _explain_lists(self, name: str, lists: str, n_dims: int) -> None:
        what = f"column {name!r} of {self.where}"
        value = self._sql[name]
        unread = f"{lists} IS NULL OR len({lists}) <> list_count({lists})"
        n_text, row = self._first(f"{value} IS NOT NULL AND ({unread})")
        if n_text and not self._is_plain(held_as(self, name).dtype):
            query = f"SELECT {value}::VARCHAR FROM {self._scan} WHERE {value} IS NOT NULL"
            word = self._rows(f"{query} AND ({unread}) LIMIT 1")[0][0]
            raise VectorError(
                f"{what} has {rows_said(n_text)} with words where numbers belong (first: row "
                f"{row}, {shortened(word)}); expected lists of numbers only, such as [0.5, 1.5]"
            )
        n_other, row = self._first(f"len({lists}) NOT IN (0, {n_dims})")
        if n_other:
            raise VectorError(
                f"{what} mixes vectors of different lengths: the first has {n_dims} numbers, "
                f"{rows_said(n_other)} other than {n_dims} (first: row {row}); expected one length"
            )
        n_beyond, row = self._first(
            f"len(list_filter({lists}, lambda x: abs(x) > 3.4e38 AND isfinite(x::DOUBLE))) > 0"
        )
        if n_beyond:
            raise VectorError(beyond(what, n_beyond, row))

    def _wide(self, names: Sequence[str]) -> Stored:
        for name in names:
            if held_as(self, name).kind != "numbers":
                self._refuse_words(name)
        shape = (held_as(self, names[0]).shape[0], len(names))
        check_room(4 * shape[0] * shape[1], self.where)
        return Flow(self.where, shape, partial(self._wide_blocks, names), by_rows=False)

    def _wide_blocks(self, names: Sequence[str]) -> Iterator[tuple[Place, AnyArray]]:
        """Read some columns after the others: all at once would take the memory twice."""
        cast = "::FLOAT" if self.typed else "::DOUBLE::FLOAT"
        room = max(_BATCH, BLOCK // 4 // held_as(self, names[0]).shape[0])
        step = min(room, _MOST_TOGETHER)
        for start in range(0, len(names), step):
            some = names[start : start + step]
            picked = (f"coalesce({self._filled(name)}{cast}, 'nan'::FLOAT)" for name in some)
            query = f"SELECT {', '.join(picked)} FROM {self._scan}"
            try:
                yield from turned(floats(self._base, query), slice(start, start + len(some)))
            except duckdb.Error as error:
                if not isinstance(error, duckdb.OutOfMemoryException):
                    self._explain_wide(some)
                raise unreadable(self.where, error) from error

    def _filled(self, name: str) -> str:
        value = self._sql[name]
        return value if self.typed else present(self._number(value))

    def _refuse_words(self, name: str) -> None:
        column = self._filled(name)
        bad = f"{column} IS NOT NULL AND TRY_CAST({column} AS DOUBLE) IS NULL"
        n_bad, row = self._first(bad) if held_as(self, name).kind == "words" else (0, 0)
        if n_bad:
            sample = self._rows(f"SELECT {column}::VARCHAR FROM {self._scan} WHERE {bad} LIMIT 1")
            found = f"{rows_said(n_bad)} with words (first: row {row}, {sample[0][0]!r})"
            raise VectorError(
                f"column {name!r} of {self.where} has {found} where numbers belong; "
                "fix the file, or name the vector columns with vector='prefix*'"
            )
        if self.typed:
            raise VectorError(
                f"column {name!r} of {self.where} holds {held_as(self, name).dtype}; "
                "expected numbers"
            )

    def _explain_wide(self, names: Sequence[str]) -> None:
        for name in names:
            value = f"{self._filled(name)}::DOUBLE"
            n_beyond, row = self._first(f"abs({value}) > 3.4e38 AND isfinite({value})")
            if n_beyond:
                raise VectorError(beyond(f"column {name!r} of {self.where}", n_beyond, row))

    def _first(self, condition: str) -> tuple[int, int]:
        """Count the rows where a condition holds, and find the first."""
        numbered = f"SELECT *, row_number() OVER () - 1 AS emblink_row FROM {self._scan}"
        count, row = self._rows(
            f"SELECT count(*), min(emblink_row) FROM ({numbered}) WHERE {condition}"
        )[0]
        return count, row or 0

    def reaches(self, names: Sequence[str], bound: float) -> bool:
        """Whether a number in some columns of numbers is as large as a bound, of either sign."""
        sizes = [f"if(isnan({self._sql[name]}), NULL, abs({self._sql[name]}))" for name in names]
        if not sizes:
            return False
        row = self._rows(f"SELECT max(greatest({', '.join(sizes)})) FROM {self._scan}")[0]
        return row[0] is not None and row[0] >= bound

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        try:
            return self._base.execute(query).fetchall()
        except duckdb.Error as error:
            raise unreadable(self.where, error) from error

    def _fetch(self, expression: str) -> AnyArray:
        try:
            answer = self._base.execute(f"SELECT {expression} AS value FROM {self._scan}")
            value: AnyArray = answer.fetchnumpy()["value"]
        except duckdb.Error as error:
            raise unreadable(self.where, error) from error
        return value


def _kind(kind: str) -> ColumnKind:
    if _NUMBERS.fullmatch(kind):
        return "numbers"
    if _WORDS.fullmatch(kind):
        return "words"
    inner = re.sub(r"\[\d*\]$", "", kind)
    read = ("JSON", "VARCHAR", "BOOLEAN")
    listed = inner != kind and (_NUMBERS.fullmatch(inner) or inner in read)
    return "vectors" if listed else "other"


def _numbers(values: AnyArray) -> AnyArray:
    """Return numbers with NaN for what is missing."""
    if not isinstance(values, np.ma.MaskedArray):
        return values
    if not np.any(np.ma.getmaskarray(values)):
        return values.data
    whole = values.dtype.kind != "f"
    filled: AnyArray = values.data.astype(np.float64) if whole else values.data
    filled[np.ma.getmaskarray(values)] = np.nan
    return filled
