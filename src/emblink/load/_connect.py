"""Where DuckDB works: in memory, on the files it is given and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

from emblink.compute import threads
from emblink.load._memory import free_memory
from emblink.load._sqlfaults import unreadable
from emblink.load._sqlwords import literal

_LEAST = 1 << 28
"""Bytes below which DuckDB cannot work."""
_FRUGAL = {
    "disable_parquet_prefetching": "true",  # else it holds whole columns as they are packed
    "parquet_metadata_cache": "true",
    "streaming_buffer_size": "1MB",
    "allocator_flush_threshold": "1MB",  # else it keeps what it has freed
    "allocator_bulk_deallocation_flush_threshold": "1MB",
}
"""Options by which it holds little beside what is handed over."""


def connect(*paths: Path) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that reads these files, no other, and no network."""
    free = free_memory()
    limit = {} if free is None else {"memory_limit": f"{max(free, _LEAST)}B"}
    base = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": "",
            "threads": str(threads()),
            **limit,
        },
    )
    base.execute("LOAD parquet")  # it is within DuckDB; its option exists from then on
    for option, value in _FRUGAL.items():
        base.execute(f"SET {option} = {literal(value)}")
    allowed = [name for path in paths for name in (str(path), _escaped(path))]
    base.execute(f"SET allowed_paths = [{', '.join(map(literal, allowed))}]")
    base.execute("SET enable_progress_bar = false")  # on by itself in notebooks and in -c
    base.execute("SET enable_external_access = false")
    base.execute("SET lock_configuration = true")
    return base


def hold(where: str, scan: str, base: duckdb.DuckDBPyConnection) -> str:
    """Parse text once, into DuckDB's memory, and return the name of the table.

    Raises
    ------
    InputError
        It cannot be read.
    """
    try:
        base.execute(f"CREATE OR REPLACE TABLE held AS SELECT * FROM {scan}")
    except duckdb.Error as error:
        raise unreadable(where, error) from error
    return "held"


def columns_of(kinds: Mapping[str, str]) -> str:
    """Return the names and types of columns as SQL."""
    pairs = (f"{literal(name)}: {literal(kind)}" for name, kind in kinds.items())
    return "{" + ", ".join(pairs) + "}"


def path_of(path: Path) -> str:
    """Return a path as SQL, in which no sign is a pattern."""
    return literal(_escaped(path))


def _escaped(path: Path) -> str:
    return re.sub(r"([\[*?])", r"[\1]", str(path))
