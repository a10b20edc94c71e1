"""Readers of tables, all through DuckDB: Parquet, CSV, TSV, JSON lines, Arrow."""

from __future__ import annotations

import csv
import gzip
import json
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from emblink.compute import threads
from emblink.errors import ReadError
from emblink.load._columns import ID_WORDS, INDEX, Contents
from emblink.load._duck import LISTS, Table, unreadable
from emblink.load._streams import opened
from emblink.load._text import word_vectors
from emblink.load._wide import WIDE, WideText, Written
from emblink.load._wordtext import TextRows, find_layout


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
    """Read JSON objects, one a line; words and long numbers stay as they are written."""
    scan = f"read_json({_literal(path)}, format = 'newline_delimited', sample_size = -1"
    base = _connect()
    try:
        found = base.execute(f"DESCRIBE SELECT * FROM {scan})").fetchall()
    except duckdb.Error as error:
        raise unreadable(path.name, error) from error
    kinds = {name: _GUESSED.sub("VARCHAR", kind) for name, kind, *_ in found}
    _refuse_twins(path, [*kinds])
    try:
        table = _held(path.name, f"{scan}, columns = {_columns(kinds)})", base)
        if not _beyond_64_bits(table):
            return table
    except ReadError:
        if "BIGINT" not in kinds.values():
            raise
    whole = {name: _WHOLE.sub("VARCHAR", kind) for name, kind in kinds.items()}
    return _held(path.name, f"{scan}, columns = {_columns(whole)})", base, typed=False)


def _refuse_twins(path: Path, names: list[str]) -> None:
    """Refuse keys that differ by case alone: DuckDB tells them apart by a number that it adds."""
    known = {name.lower(): name for name in names}
    added = [re.fullmatch(r"(.+)_\d+", name.lower()) for name in names]
    if not any(one and one[1] in known for one in added):
        return
    with opened(path) as stream:
        keys: dict[str, str] = {}
        for line in stream:
            for key in json.loads(line) if line.strip() else ():
                if keys.setdefault(key.lower(), key) != key:
                    raise ReadError(_doubled(path.name, keys[key.lower()], key))


def _doubled(where: str, one: str, other: str) -> str:
    return (
        f"{where} has two columns named {one!r} and {other!r}; names must differ by more than "
        "case: rename one"
    )


_GUESSED = re.compile(r"^(?:DATE|TIME.*|UUID|JSON)$")
_WHOLE = re.compile(r"^(?:BIGINT|HUGEINT|DOUBLE)$")


def _beyond_64_bits(table: Table) -> bool:
    """Whether whole numbers were read that a float cannot tell apart, such as long ids."""
    names = [name for name, column in table.columns.items() if column.dtype == "DOUBLE"]
    return any(bool(np.any(np.abs(table.column(name)) >= 2.0**63)) for name in names)


def _columns(kinds: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_text(name)}: {_text(kind)}" for name, kind in kinds.items()) + "}"


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
    first, end = _first_line(path)
    delimiter = max(delimiters, key=first.count)
    if delimiter not in first and first.count(" ") >= _FEWEST:
        layout = find_layout(path)
        if layout is not None:
            return word_vectors(TextRows(path, layout))
    quoted = not _quotes_are_words(path, delimiter)
    try:
        reader = csv.reader([first], delimiter=delimiter, quoting=0 if quoted else csv.QUOTE_NONE)
        cells = next(reader, [])
    except csv.Error as error:
        raise ReadError(f"the first line of {path.name} cannot be read ({error})") from error
    header = not _is_data(cells, alone=path.name.lower().endswith((".tsv", ".tsv.gz")))
    names = _names(cells, path.name) if header else _numbers_of(cells)
    table = _opened(path, Written(names, delimiter, quoted, header), end)
    if not header:
        table.notes.append(
            f"the first line of {path.name} is data, not names: its columns were named "
            f"{names[0]}" + (f" … {names[-1]}" if names[1:] else "")
        )
    return table


_FEWEST = 8
"""Blanks in a first line that can be a word and its numbers, whatever the ending says."""


def _opened(path: Path, written: Written, end: str) -> Table | WideText:
    """Read delimited text, by DuckDB where it has no more columns than DuckDB is made for."""
    if len(written.names) > WIDE:
        return WideText(path, written)
    columns = _columns(dict.fromkeys(written.names, "VARCHAR"))
    quote = "'\"'" if written.quoted else "''"
    scan = (
        f"read_csv({_literal(path)}, auto_detect = false, delim = {_text(written.delimiter)}, "
        f"header = {str(written.header).lower()}, quote = {quote}, escape = {quote}, "
        f"new_line = '{end}', "
        f"columns = {columns}, max_line_size = 134217728, hive_partitioning = false)"
    )
    return _held(path.name, scan, _connect(), typed=False)


def _first_line(path: Path) -> tuple[str, str]:
    """Return the first line, and what ends the lines, as SQL."""
    try:
        with opened(path) as stream:
            line = stream.readline(1 << 27)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ReadError(f"{path.name} is no whole gzip file ({error}); write it again") from error
    end = "\\r\\n" if line.endswith(b"\r\n") else "\\n"
    if b"\r" in line.rstrip(b"\r\n"):
        line, end = line[: line.index(b"\r")], "\\r"
    try:
        return line.decode("utf-8-sig").rstrip("\r\n"), end
    except UnicodeDecodeError as error:
        raise ReadError(f"{path.name} is not UTF-8 text ({error}); save it as UTF-8") from error


def _quotes_are_words(path: Path, delimiter: str) -> bool:
    """Whether quote signs belong to words: every line has all its cells, whatever they do.

    A quoted cell that goes on in the next line leaves a line with fewer cells.
    """
    sign, odd, counts = delimiter.encode(), False, set()
    with opened(path) as stream:
        for line in stream:
            if not line.strip(b"\r\n"):
                continue
            odd = odd or line.count(b'"') % 2 == 1
            counts.add(line.count(sign))
            if len(counts) > 1:
                return False
    return odd and (delimiter == "\t" or min(counts) > 1)


def _is_data(cells: list[str], *, alone: bool = False) -> bool:
    """Whether a first line is numbers or lists of them, and not names, such as 0, 1, 2 … or years.

    ``alone``: a single column has no header, as in files of the TensorBoard projector, unless it
    is named as columns usually are.
    """
    if any(LISTS.match(cell) and "," in cell + "," and _has_digits(cell) for cell in cells):
        return True
    if alone and len(cells) == 1:
        usual = (*ID_WORDS, "text", "name", "title", "label", "labels", "class", "category")
        return cells[0].strip().lower() not in usual
    numbers = [cell for cell in cells if _is_number(cell)]
    if numbers == [str(i) for i in range(len(numbers))]:
        return False
    broken = any(not cell.strip().lstrip("-").isdigit() for cell in numbers)
    return len(numbers) == len(cells) or (broken and len(numbers) * 2 > len(cells))


def _has_digits(cell: str) -> bool:
    return any(sign.isdigit() for sign in cell)


def _names(cells: list[str], where: str) -> list[str]:
    """Return the names of columns; a first one without a name is an index, as pandas and R write.

    Raises
    ------
    ReadError
        A name is doubled.
    """
    names = []
    for i, cell in enumerate(cells):
        free = INDEX if i == 0 and INDEX not in cells else f"unnamed_{i}"
        names.append(cell if cell.strip() else free)
    seen: dict[str, str] = {}
    for name in names:
        if name.lower() in seen:
            raise ReadError(_doubled(where, seen[name.lower()], name))
        seen[name.lower()] = name
    return names


def _numbers_of(cells: list[str]) -> list[str]:
    width = len(str(len(cells) - 1))
    return [f"column{i:0{width}}" for i in range(len(cells))]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _held(where: str, scan: str, base: duckdb.DuckDBPyConnection, *, typed: bool = True) -> Table:
    """Parse text once, into DuckDB's memory."""
    try:
        base.execute(f"CREATE OR REPLACE TABLE held AS SELECT * FROM {scan}")
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
