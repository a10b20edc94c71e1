"""Readers of tables, all through DuckDB: Parquet, JSON lines, Arrow."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb

from emblink.errors import ReadError
from emblink.load._columns import Contents, refuse_twins
from emblink.load._connect import columns_of, connect, hold, path_of
from emblink.load._duck import Table
from emblink.load._headless import look_for_rows
from emblink.load._sqlfaults import unreadable
from emblink.load._streams import opened


def read_parquet(path: Path, words: frozenset[str]) -> Contents:
    """Open a Parquet file; columns are read when asked for."""
    scan = f"read_parquet({path_of(path)}, hive_partitioning = false)"
    return _looked_at(Table(path.name, connect(path), scan))


def _looked_at(table: Table) -> Table:
    table.seen, notes = look_for_rows(table)
    table.notes += notes
    return table


def read_jsonl(path: Path, words: frozenset[str]) -> Contents:
    """Read JSON objects, one a line; words and long numbers stay as they are written."""
    scan = (
        f"read_json({path_of(path)}, format = 'newline_delimited', sample_size = -1"
        ", map_inference_threshold = -1"
    )
    base = connect(path)
    try:
        found = base.execute(f"DESCRIBE SELECT * FROM {scan})").fetchall()
    except duckdb.Error as error:
        raise unreadable(path.name, error) from error
    kinds = {name: _GUESSED.sub("VARCHAR", kind) for name, kind, *_ in found}
    _refuse_twins(path, [*kinds])
    try:
        table = _table(path, f"{scan}, columns = {columns_of(kinds)})", base)
        if not _beyond_64_bits(table):
            return _looked_at(table)
    except ReadError:
        if "BIGINT" not in kinds.values():
            raise
    whole = {name: _WHOLE.sub("VARCHAR", kind) for name, kind in kinds.items()}
    return _looked_at(_table(path, f"{scan}, columns = {columns_of(whole)})", base, typed=False))


def _table(path: Path, scan: str, base: duckdb.DuckDBPyConnection, *, typed: bool = True) -> Table:
    return Table(path.name, base, hold(path.name, scan, base), typed=typed)


def _refuse_twins(path: Path, names: list[str]) -> None:
    """Refuse keys that differ by case alone: DuckDB tells them apart by a number that it adds."""
    known = {name.lower(): name for name in names}
    added = [re.fullmatch(r"(.+)_\d+", name.lower()) for name in names]
    if not any(one and one[1] in known for one in added):
        return
    with opened(path) as stream:
        keys = dict.fromkeys(key for line in stream if line.strip() for key in json.loads(line))
    refuse_twins(path.name, keys)


_GUESSED = re.compile(r"^(?:DATE|TIME.*|UUID|JSON)$")
_WHOLE = re.compile(r"^(?:BIGINT|HUGEINT|DOUBLE)$")


def _beyond_64_bits(table: Table) -> bool:
    """Whether whole numbers were read that a float cannot tell apart, such as long ids."""
    names = [name for name, column in table.columns.items() if column.dtype == "DOUBLE"]
    return table.reaches(names, 2.0**63)


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
    cut = next((name for name in table.column_names if "\0" in name), None)
    if cut is not None:  # DuckDB would read what stands before it
        raise ReadError(f"{where} has a column named {cut!r}, which holds a NUL; rename it")
    base = connect()
    base.register("arrow_table", table.cast(_without_half(table.schema)))
    return _looked_at(Table(where, base, "arrow_table"))


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
