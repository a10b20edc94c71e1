"""Readers of tables, all through DuckDB: Parquet, CSV, TSV, JSON lines, Arrow."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path
from typing import Any

import duckdb

from emblink.compute import threads
from emblink.errors import ReadError
from emblink.load._columns import Contents
from emblink.load._duck import Table, unreadable


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
        with pa.OSFile(str(path)) as stream:  # not a map: a file cut short would end the process
            try:
                table = ipc.open_file(stream).read_all()
            except pa.ArrowInvalid:
                stream.seek(0)
                table = ipc.open_stream(stream).read_all()
        table.validate(full=True)  # offsets that lead outside would end the process
        return arrow_contents(path.name, table)
    except (pa.ArrowException, duckdb.Error, OSError) as error:
        raise ReadError(
            f"{path.name} cannot be read as Arrow IPC ({error}); write it again"
        ) from error


def arrow_contents(where: str, table: Any) -> Table:
    """Return an Arrow table as contents."""
    base = _connect()
    base.register("arrow_table", table.cast(_without_half(table.schema)))
    return Table(where, base, "arrow_table")


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
        if pa.types.is_large_list(kind):
            return pa.large_list(widened(kind.value_type))
        return kind

    return pa.schema([pa.field(field.name, widened(field.type)) for field in schema])


def _read_delimited(path: Path, words: frozenset[str], delimiters: str) -> Contents:
    first = _first_line(path)
    delimiter = max(delimiters, key=first.count)
    cells = next(csv.reader([first], delimiter=delimiter), [])
    header = "false" if _is_data(cells) else "true"
    named = [name for name in dict.fromkeys(cells) if name in words]
    kept = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in named)
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
            line = stream.readline(1 << 27).decode("utf-8-sig").rstrip("\r\n")
            return line.partition("\r")[0]  # all there is to end a line in files of old Macs
    except UnicodeDecodeError as error:
        raise ReadError(f"{path.name} is not UTF-8 text ({error}); save it as UTF-8") from error


def _is_data(cells: list[str]) -> bool:
    """Whether a first line is numbers, and not the 0, 1, 2 … or years that name columns."""
    numbers = [cell for cell in cells if _is_number(cell)]
    if numbers == [str(i) for i in range(len(numbers))]:
        return False
    broken = any(not cell.strip().lstrip("-").isdigit() for cell in numbers)
    return len(numbers) == len(cells) or (broken and len(numbers) * 2 > len(cells))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _held(where: str, scan: str, *, typed: bool) -> Table:
    """Parse text once, into DuckDB's memory."""
    base = _connect()
    try:
        base.execute(f"CREATE TABLE held AS SELECT * FROM {scan}")
    except duckdb.Error as error:
        raise unreadable(where, error) from error
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


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _literal(path: Path) -> str:
    return _text(re.sub(r"([\[*?])", r"[\1]", str(path)))
