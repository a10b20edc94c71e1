"""Readers of tables, all through DuckDB: Parquet, CSV, TSV, JSON lines, Arrow."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from emblink.compute import threads
from emblink.errors import InputError, ReadError, VectorError
from emblink.load._columns import WORDS, Column, ColumnKind, Contents, Noun
from emblink.types import AnyArray

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
        picked = ", ".join(f"{quote(name)}::FLOAT AS c{i}" for i, name in enumerate(names))
        try:
            values = self._base.execute(f"SELECT {picked} FROM {self._scan}").fetchnumpy()
        except duckdb.Error as error:
            self._explain_wide(names)
            raise _unreadable(self.where, error) from error
        out = np.empty((self.columns[names[0]].shape[0], len(names)), np.float32)
        for i in range(len(names)):
            out[:, i] = _numbers(values.pop(f"c{i}"))
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
            raise _unreadable(self.where, error) from error

    def _fetch(self, expression: str) -> AnyArray:
        try:
            answer = self._base.execute(f"SELECT {expression} AS value FROM {self._scan}")
            value: AnyArray = answer.fetchnumpy()["value"]
        except duckdb.Error as error:
            raise _unreadable(self.where, error) from error
        return value


def read_parquet(path: Path, words: frozenset[str]) -> Contents:
    """Open a Parquet file; columns are read when asked for."""
    scan = f"read_parquet({_literal(path)}, hive_partitioning = false)"
    return Table(path.name, _connect(), scan)


def read_csv(path: Path, words: frozenset[str]) -> Contents:
    """Read a CSV file whose delimiter is a comma, semicolon, tab or bar."""
    return _read_delimited(path, words, ",;\t|")


def read_tsv(path: Path, words: frozenset[str]) -> Contents:
    """Read a file of tab-separated values."""
    return _read_delimited(path, words, "\t")


def read_jsonl(path: Path, words: frozenset[str]) -> Contents:
    """Read JSON objects, one a line."""
    scan = f"read_json({_literal(path)}, format = 'newline_delimited', sample_size = -1)"
    return _held(path.name, scan, typed=True)


def read_arrow(path: Path, words: frozenset[str]) -> Contents:
    """Read an Arrow IPC (Feather 2) file or stream with pyarrow, which is optional."""
    try:
        import pyarrow as pa
        from pyarrow import ipc
    except ImportError as error:
        raise ReadError(
            f"reading {path.name} needs pyarrow: `pip install pyarrow`, or save it as Parquet"
        ) from error
    try:
        with pa.memory_map(str(path)) as stream:
            try:
                table = ipc.open_file(stream).read_all()
            except pa.ArrowInvalid:
                stream.seek(0)
                table = ipc.open_stream(stream).read_all()
        base = _connect()
        base.register("arrow_table", table.cast(_without_half(table.schema)))
    except (pa.ArrowInvalid, OSError) as error:
        raise ReadError(
            f"{path.name} cannot be read as Arrow IPC ({error}); write it again"
        ) from error
    return Table(path.name, base, "arrow_table")


def _without_half(schema: Any) -> Any:
    """Widen float16, which DuckDB does not scan in Arrow tables."""
    import pyarrow as pa

    def widened(kind: Any) -> Any:
        if pa.types.is_float16(kind):
            return pa.float32()
        if pa.types.is_fixed_size_list(kind):
            return pa.list_(widened(kind.value_type), kind.list_size)
        if pa.types.is_list(kind):
            return pa.list_(widened(kind.value_type))
        return kind

    return pa.schema([pa.field(field.name, widened(field.type)) for field in schema])


def _read_delimited(path: Path, words: frozenset[str], delimiters: str) -> Contents:
    first = _first_line(path)
    delimiter = max(delimiters, key=first.count)
    cells = next(csv.reader([first], delimiter=delimiter), [])
    header = "false" if _is_data(cells) else "true"
    kept = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in cells if name in words)
    types = f", types = {{{kept}}}" if kept and header == "true" else ""
    scan = (
        f"read_csv({_literal(path)}, delim = {_text(delimiter)}, header = {header}, "
        "quote = '\"', escape = '\"', skip = 0, sample_size = -1, hive_partitioning = false, "
        f"max_line_size = 134217728{types})"
    )
    return _held(path.name, scan, typed=False)


def _first_line(path: Path) -> str:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rb") as stream:
            return stream.readline().decode("utf-8-sig").rstrip("\r\n")
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise ReadError(f"{path.name} is not UTF-8 text ({error}); save it as UTF-8") from error


def _is_data(cells: list[str]) -> bool:
    """Whether a first line is numbers, and not the 0, 1, 2 … by which pandas names columns."""
    if cells == [str(i) for i in range(len(cells))]:
        return False
    try:
        return len([float(cell) for cell in cells]) > 0
    except ValueError:
        return False


def _held(where: str, scan: str, *, typed: bool) -> Table:
    """Parse text once, into DuckDB's memory."""
    base = _connect()
    try:
        base.execute(f"CREATE TABLE held AS SELECT * FROM {scan}")
    except duckdb.Error as error:
        raise _unreadable(where, error) from error
    return Table(where, base, "held", typed=typed)


def _connect() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",  # never the network
            "autoload_known_extensions": "false",
            "threads": str(threads()),
        },
    )


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


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _literal(path: Path) -> str:
    return _text(re.sub(r"([\[*?])", r"[\1]", str(path)))


def _rows(count: int) -> str:
    return f"{count:,} row" + ("s" if count > 1 else "")


def _beyond(what: str, count: int, row: int) -> str:
    return (
        f"{what} has {_rows(count)} with numbers beyond float32 (first: row {row}); "
        "expected magnitudes below 3.4e38: scale the vectors"
    )


def _unreadable(where: str, error: duckdb.Error) -> ReadError:
    reason = " ".join(line.strip() for line in str(error).split("\n\n")[0].splitlines()[:2])
    return ReadError(f"{where} cannot be read ({reason}); expected a complete, well-formed file")
