"""Words that hold numbers, or lists of numbers, written out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from emblink.errors import InputError
from emblink.load._columns import MISSING, Column, Contents, held_as
from emblink.load._sqlwords import LISTS, SCALARS

EMBEDDED = re.compile(r"emb|vec|feature|latent|hidden|repr")
"""In names, in small letters, of columns that are likely vectors."""
NAMED = re.compile(r"(.*[_. -])?(embeddings?|emb|embs|vectors?|vec)([_. -].*)?")
"""Names, in small letters, of columns that are vectors."""
_LOOKED_AT = 50


def is_number_column(contents: Contents, name: str) -> bool:
    """Whether a column is of numbers, or of words that mostly are."""
    return contents.columns[name].kind == "numbers" or mostly_numbers(contents, name)


def mostly_numbers(contents: Contents, name: str) -> bool:
    """Whether words are numbers but for a few, which the reader must refuse and not pass over."""
    if contents.typed or held_as(contents, name).kind != "words":
        return False
    filled = [word for word in contents.column(name).tolist() if word not in MISSING]
    return sum(is_number(word) for word in filled) * 2 > len(filled)


def is_number(word: str) -> bool:
    """Whether a word is a number as Python writes it."""
    try:
        float(word)
    except ValueError:
        return False
    return True


def sample(contents: Contents, name: str) -> list[str]:
    """Return the first words of a column that are not missing."""
    words = contents.column(name).tolist()
    return [word for word in words if word.strip() not in MISSING][:_LOOKED_AT]


def holds_lists(contents: Contents, name: str) -> bool:
    """Whether a column of words holds lists of numbers that are written out, in any notation."""
    if held_as(contents, name).kind != "words":
        return False
    found = sample(contents, name)
    bare = EMBEDDED.search(name.lower()) is not None or _are_bare(found)
    sizes = [_size(word, bare=bare) for word in found]
    return bool(sizes) and sum(size > 1 for size in sizes) * 2 >= len(sizes)


def is_list(word: str) -> bool:
    """Whether a word is a list of numbers that is written out, of one number or more."""
    return _size(word, bare=_are_bare([word])) > 0


def is_encoded(contents: Contents, column: Column) -> bool:
    """Whether a column may be vectors that are encoded: long words without a blank, or nested."""
    if column.kind == "other":
        return column.dtype.endswith("[][]") or _MAP.fullmatch(column.dtype) is not None
    if column.kind != "words":
        return False
    found = sample(contents, column.name)
    return bool(found) and all(_ENCODED.fullmatch(word) for word in found)


def refuse_unclear(contents: Contents, names: Sequence[str]) -> None:
    """Refuse lists that were cut short, and those whose commas may be within numbers.

    Raises
    ------
    InputError
        With the first.
    """
    if len(names) != 1 or held_as(contents, names[0]).kind != "words":
        return
    words = sample(contents, names[0])
    if any("..." in word or "…" in word for word in words):
        raise InputError(
            f"column {names[0]!r} of {contents.where} holds lists that were cut short ('...') when "
            "they were written; write them whole, as by vector.tolist()"
        )
    mixed = [word for word in words if _MIXED.search(word)]
    if mixed:
        raise InputError(
            f"column {names[0]!r} of {contents.where} parts its numbers with commas and with other "
            f"signs ({mixed[0][:30]!r}), so that a comma may be a decimal one; save numbers with "
            "points"
        )


def _are_bare(words: Sequence[str]) -> bool:
    """Whether words are lists of fractions without brackets, all of one length."""
    lists = [_CELLS.split(word.strip()) for word in words]
    sizes = {len(cells) for cells in lists}
    if len(sizes) != 1 or min(sizes) < _LEAST_BARE:
        return False
    points = sum("." in cell for cells in lists for cell in cells)
    numbers = all(is_number(cell) for cells in lists for cell in cells)
    return numbers and points * 2 > sum(map(len, lists))


def _size(word: str, *, bare: bool) -> int:
    """Return how many numbers a list has that is written out; 0 where it is none."""
    match = LISTS.fullmatch(SCALARS.sub(r"\1", word))
    inside = match["inside"] if match else word if bare else ""
    cells = [cell for cell in _CELLS.split(inside.strip(" \t\r\n,")) if cell]
    numbers = sum(is_number(cell) for cell in cells)
    return len(cells) if numbers * 2 > len(cells) else 0


_MAP = re.compile(r"MAP\(.*, (?:FLOAT|DOUBLE|DECIMAL.*)\)")
_CELLS = re.compile(r"[\s,;|]+")
_LEAST_BARE = 3
_ENCODED = re.compile(r"(?![0-9a-fA-F]{128}$)[A-Za-z0-9+/_-]{89,}={0,2}")
"""Longer than the hashes in use: SHA-512 takes 128 signs in hexadecimal, 88 in base64."""
_MIXED = re.compile(r"\d,\d+(?:[eE][-+]?\d+)?(?:\s*[;|]|\s+[-+]?\d)")
