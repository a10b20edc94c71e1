"""Readers of CSV and TSV: every cell is a word until all of its column are known."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from emblink.errors import ReadError
from emblink.load._columns import ID_WORDS, INDEX, Contents, refuse_twins
from emblink.load._connect import columns_of, connect, hold, path_of
from emblink.load._duck import Table
from emblink.load._headless import look
from emblink.load._preamble import Head, first_lines, look_at_head
from emblink.load._spaced import is_named, is_spaced
from emblink.load._sqlwords import LISTS, literal
from emblink.load._streams import opened
from emblink.load._text import read_lines, word_vectors
from emblink.load._wide import WIDE, WideText, Written
from emblink.load._wordtext import TextRows, find_layout


def read_csv(path: Path, words: frozenset[str]) -> Contents:
    """Read a CSV file whose delimiter is a comma, semicolon, tab or bar; or one blank, as of R."""
    return _read_delimited(path, ",;\t|")


def read_tsv(path: Path, words: frozenset[str]) -> Contents:
    """Read a file of tab-separated values; or one of R, whose cells are parted by one blank."""
    return _read_delimited(path, "\t")


def read_txt(path: Path, words: frozenset[str]) -> Contents:
    """Read a table as R writes it, else what ``read_lines`` reads."""
    lines, _ = first_lines(path)
    if is_spaced(lines) and is_named(lines):
        return _read_delimited(path, " ")
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
    spaced = delimiters != " " and is_spaced(head.lines)
    if spaced and is_named(head.lines):
        return _read_delimited(path, " ")
    if head.delimiter not in first and first.count(" ") >= _FEWEST:
        layout = find_layout(path)
        if layout is not None:
            return word_vectors(TextRows(path, layout))
    if spaced:
        return _read_delimited(path, " ")
    quoted = not _quotes_are_words(path, head)
    named = _named(path, head, quoted=quoted)
    written = Written(
        named.names, head.delimiter, quoted=quoted, header=named.given and not named.short,
        skipped=head.skipped + named.short,
        decimal_comma=head.decimal_comma,
    )  # fmt: skip
    try:
        table = _opened(path, written, head.end)
    except ReadError as error:
        raise head.explained(path, error) from error
    table.notes += head.notes(path.name)
    if not named.given:
        names = named.names
        table.notes.append(
            f"the first line of {path.name} is data, not names: its columns were named "
            f"{names[0]}" + (f" … {names[-1]}" if names[1:] else "")
        )
    if named.numbered:
        table.seen, notes = look(table)
        table.notes += notes
    return table


_FEWEST = 8
"""Blanks in a first line that can be a word and its numbers, whatever the ending says."""


def _opened(path: Path, written: Written, end: str) -> Table | WideText:
    """Read delimited text, by DuckDB where it has no more columns than DuckDB is made for."""
    if len(written.names) > WIDE:
        return WideText(path, written)
    quote = "'\"'" if written.quoted else "''"
    scan = (
        f"read_csv({path_of(path)}, auto_detect = false, delim = {literal(written.delimiter)}, "
        f"header = {str(written.header).lower()}, skip = {written.skipped}, "
        f"quote = {quote}, escape = {quote}, new_line = '{end}', "
        f"columns = {columns_of(dict.fromkeys(written.names, 'VARCHAR'))}, "
        "max_line_size = 134217728, hive_partitioning = false)"
    )
    base = connect(path)
    held = hold(path.name, scan, base)
    return Table(path.name, base, held, typed=False, decimal_comma=written.decimal_comma)


def _named(path: Path, head: Head, *, quoted: bool) -> _Names:
    lines = head.lines[:_LIKE] or [""]
    cells, *below = [_cells(line, head, path, quoted=quoted) for line in lines]
    alone = path.name.lower().endswith((".tsv", ".tsv.gz"))
    plain = [_plain(row, head) for row in below]
    first = _plain(cells, head)
    if _is_data(first, plain[0] if plain else [], alone=alone) or _is_like(first, plain):
        width = len(str(len(cells) - 1))
        return _Names([f"column{i:0{width}}" for i in range(len(cells))], False, True)
    if head.commented:
        cells[0] = cells[0].lstrip("#%/ ")
    if _lacks_the_first(cells, below):
        return _Names(_unique(["", *cells], path.name), True, False, short=True)
    places = [str(i) for i in range(len(cells))]
    return _Names(_unique(cells, path.name), True, cells == places)


def _cells(line: str, head: Head, path: Path, *, quoted: bool) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=head.delimiter, quoting=0 if quoted else 3), [])
    except csv.Error as error:
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


def _is_data(cells: list[str], below: list[str], *, alone: bool = False) -> bool:
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
    if not numbers or numbers == [str(i) for i in range(len(numbers))]:
        return False
    broken = any(not cell.strip().lstrip("-").isdigit() for cell in numbers)
    fractions = any("." in cell for cell in below)
    counted = numbers == [str(i + 1) for i in range(len(numbers))]
    if len(numbers) == len(cells):
        return not (counted and fractions and len(cells) > 2)
    if broken or len(numbers) * 2 <= len(cells):
        return len(numbers) * 2 > len(cells)
    return _counts(cells, below) or not (counted or _name([*map(int, numbers)], fractions))


def _lacks_the_first(cells: list[str], below: list[list[str]]) -> bool:
    """Whether names are one too few, that of the first column, as R and pandas take them to be."""
    rows = [row for row in below if any(cell.strip() for cell in row)]
    if not rows or any(len(row) != len(cells) + 1 for row in rows) or len(cells) < 2:
        return False
    named = all(cell.strip() and not _is_number(cell) for cell in cells)
    trailing = all(not row[-1].strip() for row in rows)
    return named and not trailing and cells[0].strip().lower() not in ID_WORDS


_LIKE = 8
"""Lines that a first one is held against."""
_NARROW = 4
"""Columns up to which numbers that count from 0 or 1 may be data by chance."""


def _is_like(cells: list[str], below: list[list[str]]) -> bool:
    """Whether a first line is small whole numbers, after a word or none, as the lines below are."""
    rows = [row for row in below if len(row) == len(cells)]
    if not rows or not 1 < len(cells) <= _NARROW:
        return False
    if not all(_is_digits(cell) for row in (cells, *rows) for cell in row[1:]):
        return False
    if all(_is_digits(row[0]) for row in (cells, *rows)):
        return True
    if all(1000 <= int(cell) < 3000 for cell in cells[1:]):
        return False  # years
    named = not cells[0].strip() or cells[0].strip().lower() in (*ID_WORDS, *_NAMED_FIRST)
    return not named and not any(_is_number(row[0]) for row in (cells, *rows))


_NAMED_FIRST = (
    "text",
    "name",
    "title",
    "label",
    "labels",
    "class",
    "category",
    "item",
    "group",
    "cell",
    "gene",
    "sample",
)


def _is_digits(cell: str) -> bool:
    return re.fullmatch(r"\s*-?\d+\s*", cell) is not None


def _counts(cells: list[str], below: list[str]) -> bool:
    """Whether the first cells of two lines number the rows."""
    return [*cells[:1], *below[:1]] in (["0", "1"], ["1", "2"])


def _name(numbers: list[int], fractions: bool) -> bool:
    """Whether whole numbers are names: years, in equal steps, or going up above fractions."""
    steps = {after - number for number, after in pairwise(numbers)}
    if not all(step > 0 for step in steps):
        return False
    years = all(1000 <= number < 3000 for number in numbers)
    return years or fractions or (len(steps) == 1 and len(numbers) > 2)


def _has_digits(cell: str) -> bool:
    return any(sign.isdigit() for sign in cell)


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
        names.append(cell if cell.strip() else free)
    refuse_twins(where, names)
    return names


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell
