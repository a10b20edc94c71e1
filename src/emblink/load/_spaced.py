"""Tables whose cells are parted by one blank, as R's ``write.table`` writes them by default."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from emblink.load._written import is_number

_OTHER = re.compile(r"[,;\t|]")
_WITH_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?")
_FEWEST = 3


def is_spaced(lines: Sequence[str]) -> bool:
    """Whether the first lines of a file are cells parted by one blank, most of them numbers.

    The first line may lack the name of the first column.
    """
    rows = [row for line in lines if line.strip() and (row := _cells(line)) is not None]
    if len(rows) < 2 or len(rows) < sum(1 for line in lines if line.strip()):
        return False
    first, *below = rows
    width = len(below[0])
    if width < _FEWEST or len(first) not in (width, width - 1):
        return False
    return all(len(row) == width and _are_numbers(row) for row in below)


def is_named(lines: Sequence[str]) -> bool:
    """Whether the first of such lines names the columns, or the words in all of them are quoted."""
    if lines[0].startswith(("#", "%", "//")):
        return False
    first = _cells(lines[0]) or []
    if first and not any(is_number(cell) or _WITH_COMMA.fullmatch(cell) for cell in first):
        return True
    if first == [str(i) for i in range(len(first))] and any("." in line for line in lines[1:]):
        return True  # as pandas writes columns without names
    return all(line.startswith('"') for line in lines if line.strip())


def _cells(line: str) -> list[str] | None:
    try:
        cells = next(csv.reader([line], delimiter=" ", strict=True), [])
    except csv.Error:
        return None
    return cells if all(cells) else None


def _are_numbers(cells: Sequence[str]) -> bool:
    """Whether more than half of them are numbers, and no other sign parts cells."""
    points = sum(map(is_number, cells))
    commas = sum(_WITH_COMMA.fullmatch(cell) is not None for cell in cells)
    parted = sum(_OTHER.search(cell) is not None for cell in cells)
    if parted > commas or (commas and commas <= points):
        return False
    return 2 * (points + commas) > len(cells)
