"""Tables whose cells are parted by one blank, as R's ``write.table`` writes them by default."""

from __future__ import annotations

import re
from collections.abc import Sequence

from emblink.load._columns import MISSING
from emblink.load._streams import are_wide
from emblink.load._written import is_number

_OTHER = re.compile(r"[,;\t|]")
_WITH_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?")
_FEWEST = 3
_DOUBLED = re.compile(r'"(?:[^"]|"")*"(?= |$)|[^\s"]\S*')
_ESCAPED = re.compile(r'"(?:[^"\\]|\\.)*"(?= |$)|[^\s"]\S*', re.DOTALL)
"""A cell: in quotes, with quote signs in it doubled or after a backslash, or without a blank."""
_PLAIN = (*MISSING, "TRUE", "FALSE", "Inf", "-Inf")
"""What R writes without quotes and is no number as Python writes it."""


def is_spaced(lines: Sequence[str]) -> bool:
    """Whether the first lines of a file are cells parted by one blank, with numbers on each.

    Most cells are numbers, or all but numbers are in quotes. The first line may lack the name of
    the first column.
    """
    rows = [] if are_wide(lines, " ") else _rows(lines)
    if len(rows) < 2:
        return False
    first, *below = rows
    width = len(below[0])
    if width < _FEWEST or len(first) not in (width, width - 1):
        return False
    if any(len(row) != width for row in below):
        return False
    quoted = all(map(_is_word, first)) and all(map(_is_quoted, below))
    return quoted or all(map(_are_numbers, below))


def is_named(lines: Sequence[str]) -> bool:
    """Whether the first of such lines names the columns, or the words in all of them are quoted."""
    if lines[0].startswith(("#", "%", "//")):
        return False
    if _are_names((_rows(lines) or [[]])[0], lines):
        return True
    return all(line.startswith('"') for line in joined(lines) if line.strip())


def is_tabbed(lines: Sequence[str]) -> bool:
    """Whether the first of such lines, of which a tab parts the cells, names the columns."""
    if are_wide(lines, "\t"):
        return False
    first, *below = [line.split("\t") for line in lines if line.strip()] or [[]]
    width = len(below[0]) if below else 0
    if width < _FEWEST or len(first) not in (width, width - 1):
        return False
    whole = all(len(row) == width and _are_numbers(row) for row in below)
    return whole and _are_names(first[first[0] == "" :], lines)


def _are_names(cells: Sequence[str], lines: Sequence[str]) -> bool:
    plain = [cell.strip('"') for cell in cells]
    if plain and not any(is_number(cell) or _WITH_COMMA.fullmatch(cell) for cell in plain):
        return True
    return is_count(plain) and any("." in line for line in lines[1:])


def is_count(cells: Sequence[str]) -> bool:
    """Whether cells count from 0 or 1, as pandas writes columns without names."""
    start = 1 if cells[0] == "1" else 0
    return len(cells) > 1 + start and [*cells] == [str(i + start) for i in range(len(cells))]


def joined(lines: Sequence[str], *, escaped: bool = False, end: str = "\n") -> list[str]:
    """Return rows: a cell in quotes may go on in the next line.

    ``escaped``: a quote sign after a backslash is none. ``end``: what ends the lines.
    """
    rows: list[str] = []
    is_open = False
    for line in lines:
        if is_open:
            rows[-1] += end + line
        else:
            rows.append(line)
        characters = line.replace('\\"', "") if escaped else line
        is_open ^= characters.count('"') % 2 == 1
    if not is_open:
        return rows
    return rows[:-1] if len(rows) > _FEWEST else [*lines]


def _rows(lines: Sequence[str]) -> list[list[str]]:
    """Cut lines into cells, quotes and all; none where one of them cannot be."""
    unnamed = [line.removeprefix(" ") for line in lines[:1]]  # the first, as pandas writes it
    for pattern in (_DOUBLED, _ESCAPED):
        whole = joined([*unnamed, *lines[1:]], escaped=pattern is _ESCAPED)
        rows = [_cells(line, pattern) for line in whole if line.strip()]
        if all(rows):
            return rows
    return []


def _cells(line: str, pattern: re.Pattern[str]) -> list[str]:
    cells, at = [], 0
    while found := pattern.match(line, at):
        cells.append(found[0])
        at = found.end() + 1
        if at > len(line):
            return cells
        if line[at - 1] != " ":
            return []
    return []


def _is_word(cell: str) -> bool:
    return cell.startswith('"')


def _is_quoted(cells: Sequence[str]) -> bool:
    """Whether all but numbers are in quotes, and there are numbers."""
    plain = [cell for cell in cells if not _is_word(cell)]
    numbers = [is_number(cell) or _WITH_COMMA.fullmatch(cell) is not None for cell in plain]
    known = [number or cell in _PLAIN for number, cell in zip(numbers, plain, strict=True)]
    return any(numbers) and all(known)


def _are_numbers(cells: Sequence[str]) -> bool:
    """Whether more than half of them are numbers, and no other sign parts cells."""
    points = sum(is_number(cell.strip('"')) for cell in cells)
    commas = sum(_WITH_COMMA.fullmatch(cell.strip('"')) is not None for cell in cells)
    parted = sum(_OTHER.search(cell) is not None for cell in cells if not _is_word(cell))
    if parted > commas or (commas and commas <= points):
        return False
    return 2 * (points + commas) > len(cells)
