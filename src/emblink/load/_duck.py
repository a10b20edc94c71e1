"""Tables that DuckDB can scan: columns of words and numbers, and vectors as float32."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np

from emblink.errors import InputError, ReadError, TooLargeError, VectorError
from emblink.load._columns import Column, ColumnKind, Noun
from emblink.load._memory import allocate, check_room
from emblink.types import AnyArray
from emblink.words import WORDS

_NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)")
_WORDS = re.compile(r"VARCHAR|BOOLEAN|DATE|TIME.*|UUID|ENUM\(.*\)|JSON")
_EXACT = re.compile(r"U?(TINY|SMALL)INT|INTEGER|UINTEGER|BIGINT|UBIGINT|FLOAT|DOUBLE")


class Table:
    """Contents that DuckDB can scan. Rows keep the order of the file."""

    noun: Noun = "column"

    def __init__(
        self, where: str, base: duckdb.DuckDBPyConnection, scan: str, *, typed: bool = True
    ) -> None:
        self.where = where
        self.typed = typed
        self._base = base
        self._scan = scan
        count = self._rows(f"SELECT count(*) FROM {scan}")[0][0]
        if count == 0:
            raise ReadError(f"{where} has no rows; expected one per item: write it again")
        self.columns = {
            name: Column(name, _kind(kind), kind, (count, -1) if kind.endswith("]") else (count,))
            for name, kind, *_ in self._rows(f"DESCRIBE SELECT * FROM {scan}")
        }

    def column(self, name: str) -> AnyArray:
        """Return one column of numbers or words."""
        column = self.columns[name]
        if column.kind == "numbers":
            exact = _EXACT.fullmatch(column.dtype)
            return _numbers(self._fetch(quote(name) if exact else f"{quote(name)}::DOUBLE"))
        if column.kind == "words":
            text = f"{quote(name)}::VARCHAR"
            if column.dtype.startswith("TIMESTAMP"):
                text = f"replace({text}, ' ', 'T')"
            values = np.ma.filled(self._fetch(text), "")
            return np.array(values.tolist(), WORDS)
        raise InputError(
            f"column {name!r} of {self.where} holds {column.dtype}; expected numbers or words"
        )

    def vectors(self, names: Sequence[str]) -> AnyArray:
        """Return float32 vectors of one column of lists, or of several columns of numbers."""
        if len(names) == 1 and self.columns[names[0]].kind != "numbers":
            return self._lists(names[0])
        return self._wide(names)

    def _lists(self, name: str) -> AnyArray:
        """Unnest a column of lists; rows without a vector become NaN."""
        count = self.columns[name].shape[0]
        lists = quote(name) if self._is_plain(name) else f"TRY_CAST({quote(name)} AS DOUBLE[])"
        found = self._rows(
            f"SELECT len({lists}) FROM {self._scan} WHERE {lists} IS NOT NULL LIMIT 1"
        )
        if not found:
            raise VectorError(
                f"column {name!r} of {self.where} has no vectors; "
                f"expected lists of numbers, found {self.columns[name].dtype} without any"
            )
        n_dims = found[0][0]
        if n_dims == 0:
            raise VectorError(f"column {name!r} of {self.where} starts with an empty vector")
        check_room(4 * count * n_dims, self.where)
        missing = f"list_resize([]::FLOAT[], {n_dims}, 'nan'::FLOAT)"
        vector = f"coalesce({quote(name)}::FLOAT[], {missing})::FLOAT[{n_dims}]"
        try:
            values = _numbers(self._fetch(f"unnest({vector})"))
        except ReadError as error:
            self._explain_lists(name, lists, n_dims)
            raise error from None
        return values.reshape(count, n_dims)

    def _is_plain(self, name: str) -> bool:
        return _NUMBERS.fullmatch(re.sub(r"\[\d*\]$", "", self.columns[name].dtype)) is not None

    def _explain_lists(self, name: str, lists: str, n_dims: int) -> None:
        what = f"column {name!r} of {self.where}"
        unread = f"{lists} IS NULL OR len({lists}) <> list_count({lists})"
        n_text, row = self._first(f"{quote(name)} IS NOT NULL AND ({unread})")
        if n_text and not self._is_plain(name):
            raise VectorError(
                f"{what} has {_rows(n_text)} with words where numbers belong "
                f"(first: row {row}); expected lists of numbers only"
            )
        n_other, row = self._first(f"len({lists}) <> {n_dims}")
        if n_other:
            raise VectorError(
                f"{what} mixes vectors of different lengths: the first has {n_dims} numbers, "
                f"{_rows(n_other)} other than {n_dims} (first: row {row}); expected one length"
            )
        n_beyond, row = self._first(
            f"len(list_filter({lists}, lambda x: abs(x) > 3.4e38 AND isfinite(x::DOUBLE))) > 0"
        )
        if n_beyond:
            raise VectorError(_beyond(what, n_beyond, row))

    def _wide(self, names: Sequence[str]) -> AnyArray:
        for name in names:
            if self.columns[name].kind != "numbers":
                self._refuse_words(name)
        shape = (self.columns[names[0]].shape[0], len(names))
        check_room(8 * shape[0] * shape[1], self.where)  # as columns, and as rows
        picked = ", ".join(f"{quote(name)}::FLOAT AS c{i}" for i, name in enumerate(names))
        try:
            values = self._base.execute(f"SELECT {picked} FROM {self._scan}").fetchnumpy()
        except duckdb.Error as error:
            self._explain_wide(names)
            raise unreadable(self.where, error) from error
        out = allocate(shape, np.float32, self.where)
        columns = [_numbers(values.pop(f"c{i}")) for i in range(len(names))]
        for start in range(0, len(out), 1024):  # rows that stay in the cache
            out[start : start + 1024] = np.stack([c[start : start + 1024] for c in columns], axis=1)
        return out

    def _refuse_words(self, name: str) -> None:
        column = quote(name)
        bad = f"{column} IS NOT NULL AND TRY_CAST({column} AS DOUBLE) IS NULL"
        n_bad, row = self._first(bad) if self.columns[name].kind == "words" else (0, 0)
        if n_bad:
            sample = self._rows(f"SELECT {column}::VARCHAR FROM {self._scan} WHERE {bad} LIMIT 1")
            found = f"{_rows(n_bad)} with words (first: row {row}, {sample[0][0]!r})"
            raise VectorError(
                f"column {name!r} of {self.where} has {found} where numbers belong; "
                "fix the file, or name the vector columns with vector='prefix*'"
            )
        raise VectorError(
            f"column {name!r} of {self.where} holds {self.columns[name].dtype}; expected numbers"
        )

    def _explain_wide(self, names: Sequence[str]) -> None:
        for name in names:
            value = f"{quote(name)}::DOUBLE"
            n_beyond, row = self._first(f"abs({value}) > 3.4e38 AND isfinite({value})")
            if n_beyond:
                raise VectorError(_beyond(f"column {name!r} of {self.where}", n_beyond, row))

    def _first(self, condition: str) -> tuple[int, int]:
        """Count the rows where a condition holds, and find the first."""
        numbered = f"SELECT *, row_number() OVER () - 1 AS emblink_row FROM {self._scan}"
        count, row = self._rows(
            f"SELECT count(*), min(emblink_row) FROM ({numbered}) WHERE {condition}"
        )[0]
        return count, row or 0

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
    listed = inner != kind and (_NUMBERS.fullmatch(inner) or inner in ("JSON", "VARCHAR"))
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


def quote(name: str) -> str:
    """Return a column name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def _rows(count: int) -> str:
    return f"{count:,} row" + ("s" if count > 1 else "")


def _beyond(what: str, count: int, row: int) -> str:
    return (
        f"{what} has {_rows(count)} with numbers beyond float32 (first: row {row}); "
        "expected magnitudes below 3.4e38: scale the vectors"
    )


def unreadable(where: str, error: duckdb.Error) -> InputError:
    """Return the error of a file that DuckDB cannot read."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return TooLargeError(
            f"{where} does not fit into memory ({_reason(error)}); compare fewer rows or dims, "
            "save it as .npy in float16 or float32, or use a machine with more memory"
        )
    if re.search(r"invalid unicode|not utf-8 encoded", str(error), re.IGNORECASE):
        return ReadError(f"{where} is not UTF-8 text; save it as UTF-8")
    return ReadError(
        f"{where} cannot be read ({_reason(error)}); expected a complete, well-formed file"
    )


def _reason(error: duckdb.Error) -> str:
    return " ".join(line.strip() for line in str(error).split("\n\n")[0].splitlines()[:2])
