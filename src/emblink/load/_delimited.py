"""Readers of CSV and TSV: every cell is a word until all of its column are known."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path

from emblink.errors import ReadError
from emblink.load._columns import INDEX, Contents, refuse_twins
from emblink.load._connect import columns_of, connect, hold, path_of
from emblink.load._duck import Table
from emblink.load._firstline import is_data, is_like, lacks_the_first
from emblink.load._headless import are_places, look, look_for_rows
from emblink.load._openlists import are_lists, refuse_open_lists
from emblink.load._preamble import Head, first_lines, look_at_head, refuse_width
from emblink.load._prose import refuse_cells
from emblink.load._spaced import is_named, is_spaced, is_tabbed, joined
from emblink.load._sqlwords import literal
from emblink.load._streams import opened
from emblink.load._text import read_lines, word_vectors
from emblink.load._wide import WIDE, WideText, Written
from emblink.load._wordtext import TextRows, find_layout


def read_csv(path: Path, words: frozenset[str]) -> Contents:
    """Read a CSV file whose delimiter is a comma, semicolon, tab or bar; or one blank, as of R."""
    return _read_delimited(path, ",;\t|")


def read_tsv(path: Path, words: frozenset[str]) -> Contents:
    """Read a file of tab-separated values; or one of R, whose cells are parted by one blank."""
    lines, _ = first_lines(path)
    if not any("\t" in line for line in lines) and not are_lists(lines):
        refuse_cells(path.name, lines)
    return _read_delimited(path, "\t")


def read_txt(path: Path, words: frozenset[str]) -> Contents:
    """Read a table as R writes it, or one with names between tabs, else as ``read_lines``."""
    lines, _ = first_lines(path)
    if is_spaced(lines) and is_named(lines):
        return _read_delimited(path, " ")
    if are_lists(lines) or is_tabbed(lines):
        return _read_delimited(path, "\t")
    return read_lines(path, words)


@dataclass(frozen=True)
class _Names:
    """What the columns are called, and whether a line of the file says so."""

    names: list[str]
    given: bool
    numbered: bool
    """Whether they are called by their place, as where nothing is known of them."""
    short: bool = False
    """Whether that line leaves out the first column, as R writes row names."""


def _read_delimited(path: Path, delimiters: str) -> Contents:
    head = look_at_head(path, delimiters)
    first = head.lines[0] if head.lines else ""
    spaced = delimiters != " " and is_spaced(head.lines) and not are_lists(head.lines)
    if spaced and is_named(head.lines):
        return _read_delimited(path, " ")
    if head.delimiter not in first and first.count(" ") >= _FEWEST:
        layout = find_layout(path)
        if layout is not None:
            return word_vectors(TextRows(path, layout))
    if spaced:
        return _read_delimited(path, " ")
    if head.delimiter != "\t" and are_lists(head.lines):
        return _read_delimited(path, "\t")
    refuse_open_lists(path.name, head.lines, head.delimiter)
    quoted = not _quotes_are_words(path, head)
    named, written = _written(path, head, quoted=quoted)
    try:
        table = _opened(path, written, head.end)
    except ReadError as error:
        escaped = _as_escaped(path, head) if quoted else None
        if escaped is None:
            raise head.explained(path, error) from error
        named, table = escaped
    table.notes += head.notes(path.name)
    if not named.given:
        names = named.names
        table.notes.append(
            f"the first line of {path.name} is data, not names: its columns were named "
            f"{names[0]}" + (f" … {names[-1]}" if names[1:] else "")
        )
    table.seen, notes = look(table) if named.numbered else look_for_rows(table)
    table.notes += notes
    return table


_LIKE = 8
"""Lines that a first one is held against."""
_FEWEST = 8
"""Blanks in a first line that can be a word and its numbers, whatever the ending says."""


def _opened(path: Path, written: Written, end: str) -> Table | WideText:
    """Read delimited text, by DuckDB where it has no more columns than DuckDB is made for."""
    if len(written.names) > WIDE:
        return WideText(path, written)
    quote, escape = (literal('"'), literal(written.escape)) if written.quoted else ("''", "''")
    scan = (
        f"read_csv({path_of(path)}, auto_detect = false, delim = {literal(written.delimiter)}, "
        f"header = {str(written.header).lower()}, skip = {written.skipped}, "
        f"quote = {quote}, escape = {escape}, new_line = '{end}', "
        f"columns = {columns_of(dict.fromkeys(written.names, 'VARCHAR'))}, "
        "max_line_size = 134217728, hive_partitioning = false)"
    )
    base = connect(path)
    held = hold(path.name, scan, base)
    return Table(path.name, base, held, typed=False, decimal_comma=written.decimal_comma)


def _as_escaped(path: Path, head: Head) -> tuple[_Names, Table | WideText] | None:
    """Read a table with a backslash before quote signs, as R and Spark write it; None if none."""
    with opened(path) as stream:
        if not any(b'\\"' in line for line in stream):
            return None
    named, written = _written(path, head, quoted=True, escape="\\")
    try:
        return named, _opened(path, written, head.end)
    except ReadError:
        return None


def _written(path: Path, head: Head, *, quoted: bool, escape: str = '"') -> tuple[_Names, Written]:
    lines = [*map(_doubled, head.lines)] if escape == "\\" else [*head.lines]
    named = _named(path, replace(head, lines=tuple(lines)), quoted=quoted)
    return named, Written(
        named.names, head.delimiter, quoted=quoted, header=named.given and not named.short,
        skipped=head.skipped + named.short,
        decimal_comma=head.decimal_comma,
        escape=escape,
    )  # fmt: skip


def _doubled(line: str) -> str:
    return re.sub(r"\\(.)", lambda found: found[1] * (1 + (found[1] == '"')), line)


def _named(path: Path, head: Head, *, quoted: bool) -> _Names:
    end = head.end.replace("\\r", "\r").replace("\\n", "\n")
    lines = (joined(head.lines, end=end) if quoted else head.lines)[:_LIKE] or [""]
    refuse_width(path.name, lines, head.delimiter)  # a cell in quotes may go on over lines
    cells, *below = [_cells(line, head, path, quoted=quoted) for line in lines]
    alone = path.name.lower().endswith((".tsv", ".tsv.gz"))
    plain = [_plain(row, head) for row in below]
    first = _plain(cells, head)
    if is_data(first, plain[0] if plain else [], alone=alone) or is_like(first, plain):
        width = len(str(len(cells) - 1))
        return _Names([f"column{i:0{width}}" for i in range(len(cells))], False, True)
    if head.commented:
        cells[0] = cells[0].lstrip("#%/ ")
    if lacks_the_first(cells, below):
        return _Names(_unique(["", *cells], path.name), True, False, short=True)
    return _Names(_unique(cells, path.name), True, are_places(cells))


def _cells(line: str, head: Head, path: Path, *, quoted: bool) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=head.delimiter, quoting=0 if quoted else 3), [])
    except csv.Error as error:
        if len(line.splitlines()) > 1:  # a quote sign within a word opens none
            return _cells(line.splitlines()[0], head, path, quoted=quoted)
        raise ReadError(f"the first line of {path.name} cannot be read ({error})") from error


def _plain(cells: list[str], head: Head) -> list[str]:
    """Return cells with points in numbers, where the file writes commas."""
    if not head.decimal_comma:
        return cells
    return [re.sub(r"^(\s*[-+]?\d+),(\d+)", r"\1.\2", cell) for cell in cells]


def _quotes_are_words(path: Path, head: Head) -> bool:
    """Whether quote signs belong to words: every line has all its cells, whatever they do.

    A quoted cell that goes on in the next line leaves a line with fewer cells.
    """
    sign, odd, counts = head.delimiter.encode(), False, set()
    with opened(path) as stream:
        for number, line in enumerate(stream):
            if number < head.skipped or not line.strip(b"\r\n"):
                continue
            odd = odd or line.count(b'"') % 2 == 1
            counts.add(line.count(sign))
            if len(counts) > 1:
                return False
    return odd and (head.delimiter == "\t" or min(counts) > 1)


def _unique(cells: list[str], where: str) -> list[str]:
    """Return the names of columns; a first one without a name is an index, as pandas and R write.

    Raises
    ------
    ReadError
        A name is doubled.
    """
    names = []
    for i, cell in enumerate(cells):
        free = INDEX if i == 0 and INDEX not in cells else f"unnamed_{i}"
        names.append(cell.strip() or free)
    refuse_twins(where, names)
    return names
