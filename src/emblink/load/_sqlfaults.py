"""What DuckDB says of a table that it cannot read, in words for people."""

from __future__ import annotations

import re

import duckdb

from emblink.errors import InputError, ReadError, TooLargeError


def shortened(word: str) -> str:
    """Return how a word begins, on one line."""
    line = " ".join(word[:80].split())
    return repr(line if len(line) < 30 and line == word else f"{line[:28]}…")


def rows_said(count: int) -> str:
    return f"{count:,} row" + ("s" if count > 1 else "")


def beyond(what: str, count: int, row: int) -> str:
    return (
        f"{what} has {rows_said(count)} with numbers beyond float32 (first: row {row}); "
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
    ragged = re.search(
        r"on Line: (\d+).*?Expected Number of Columns: (\d+) Found: (\d+)", str(error), re.S
    )
    if ragged:
        line, expected, found = ragged.groups()
        return ReadError(
            f"line {line} of {where} cannot be read: it has {found} cells where {expected} belong; "
            "expected a complete, well-formed file"
        )
    line = re.search(r"on Line: (\d+)|in line (\d+)", str(error), re.I)
    at = f"at line {line[1] or line[2]}, " if line else ""
    return ReadError(
        f"{where} cannot be read ({at}{_reason(error)}); expected a complete, well-formed file"
    )


def _reason(error: duckdb.Error) -> str:
    """Say what is wrong in few words, and none of DuckDB's about its settings."""
    text = str(error)
    for sign, words in _REASONS.items():
        if re.search(sign, text, re.IGNORECASE):
            return words
    return "it is damaged, or not what its ending says"


_REASONS = {
    "quote": "a quote sign is not closed",
    "maximum line size|line size": "a line is too long",
    "json": "a line is no JSON object",
    "parquet|thrift|magic|metadata": "it is no whole Parquet file",
    "out of memory": "there is not enough memory",
    "gzip|miniz": "it is no whole gzip file",
    "Convert|cast": "words stand where numbers belong",
    "nul|\\\\0": "it holds NUL bytes",
}
"""What DuckDB's messages mean, by words in them."""
