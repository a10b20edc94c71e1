"""Whether the first line of a table is names or data."""

from __future__ import annotations

import re
from itertools import pairwise

from emblink.load._columns import ID_WORDS
from emblink.load._written import is_list


def is_data(cells: list[str], below: list[str], *, alone: bool = False) -> bool:
    """Whether a first line is numbers or lists of them, and not names, such as 0, 1, 2 … or years.

    ``alone``: a single column has no header, as in files of the TensorBoard projector, unless it
    is named as columns usually are.
    """
    if any(map(is_list, cells)):
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


def lacks_the_first(cells: list[str], below: list[list[str]]) -> bool:
    """Whether names are one too few, that of the first column, as R and pandas take them to be."""
    rows = [row for row in below if any(cell.strip() for cell in row)]
    if not rows or any(len(row) != len(cells) + 1 for row in rows) or len(cells) < 2:
        return False
    named = all(cell.strip() and not _is_number(cell) for cell in cells)
    trailing = all(not row[-1].strip() for row in rows)
    return named and not trailing and cells[0].strip().lower() not in ID_WORDS


_NARROW = 4
"""Columns up to which numbers that count from 0 or 1 may be data by chance."""


def is_like(cells: list[str], below: list[list[str]]) -> bool:
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


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell
