"""Words that hold numbers, or lists of numbers, written out."""

from __future__ import annotations

import re

from emblink.load._columns import MISSING, Contents
from emblink.load._sqlwords import LISTS, SCALARS

EMBEDDED = re.compile(r"emb|vec|feature|latent|hidden|repr")
"""In names, in small letters, of columns that are likely vectors."""
NAMED = re.compile(r"(.*[_. -])?(embeddings?|emb|embs|vectors?|vec)([_. -].*)?")
"""Names, in small letters, of columns that are vectors."""
_LOOKED_AT = 50


def is_number_column(contents: Contents, name: str) -> bool:
    return contents.columns[name].kind == "numbers" or mostly_numbers(contents, name)


def mostly_numbers(contents: Contents, name: str) -> bool:
    """Whether words are numbers but for a few, which the reader must refuse and not pass over."""
    if contents.typed or contents.columns[name].kind != "words":
        return False
    filled = [word for word in contents.column(name).tolist() if word not in MISSING]
    return sum(is_number(word) for word in filled) * 2 > len(filled)


def is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def sample(contents: Contents, name: str) -> list[str]:
    words = contents.column(name).tolist()
    return [word for word in words if word.strip() not in MISSING][:_LOOKED_AT]


def holds_lists(contents: Contents, name: str) -> bool:
    """Whether a column of words holds lists of numbers that are written out, in any notation."""
    if contents.columns[name].kind != "words":
        return False
    found = sample(contents, name)
    bare = NAMED.fullmatch(name.lower()) is not None
    sizes = [size(word, bare=bare) for word in found]
    return bool(sizes) and sum(size > 1 for size in sizes) * 2 >= len(sizes)


def size(word: str, *, bare: bool) -> int:
    """Return how many numbers a list has that is written out; 0 where it is none."""
    match = LISTS.fullmatch(SCALARS.sub(r"\1", word))
    inside = match["inside"] if match else word if bare else ""
    cells = [cell for cell in re.split(r"[\s,;|]+", inside.strip(" \t\r\n,")) if cell]
    numbers = sum(is_number(cell) for cell in cells)
    return len(cells) if numbers * 2 > len(cells) else 0
