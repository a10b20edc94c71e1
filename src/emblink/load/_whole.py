"""Vectors of whole numbers alone: bytes, or ids of tokens, labels and boxes, which are none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from emblink.errors import InputError
from emblink.load._blocks import blocks
from emblink.load._match import Draft
from emblink.load._written import EMBEDDED
from emblink.types import FloatArray, Metric, Space

_NO_VECTORS = re.compile(
    r"(.*[_. -])?(ids?|tokens?|masks?|labels?|targets?|tags?|class(es)?|categor(y|ies)|topics?|"
    r"genres?|colou?rs?|rgba?|(b|bound(ing)?_?)?box(es)?|spans?|offsets?|positions?|ind(ices|exes)|"
    r"idx|neighbou?rs?|knn|dates?|years?|ratings?|counts?|shape|sizes?)"
    r"|(input|token|label|class)ids?|(attention)?mask|y"
)
"""Names, in small letters, of lists of whole numbers that stand for something else."""
_BYTES = ((-128, 127), (0, 255))
_LEAST = 50
"""Numbers that are hardly all whole by chance, or made by hand."""
_LOOKED_AT = 100
"""Rows that tell of most vectors that they hold fractions."""


def whole_notes(drafts: Sequence[Draft], spaces: Mapping[str, Space], metric: Metric) -> list[str]:
    """Refuse tokens, labels and boxes that were taken for vectors unasked; tell of whole numbers.

    Parameters
    ----------
    drafts : sequence of Draft
    spaces : mapping of name to Space
    metric : {"cosine", "euclidean"}

    Returns
    -------
    list of str
        Notes.

    Raises
    ------
    InputError
        With the option that insists.
    """
    notes = []
    for draft in drafts:
        found = _range(spaces[draft.name].vectors)
        if found is None:
            continue
        low, high = found
        if not draft.asked and _NO_VECTORS.fullmatch(draft.column.lower()):
            raise InputError(
                f"{draft.where} holds whole numbers only ({low:,} to {high:,}) in "
                f"{draft.column!r}: tokens, labels and places, of which its name speaks, are no "
                f"vectors; name others, or insist on these: {draft.way}"
            )
        packed = draft.column and EMBEDDED.search(draft.column.lower()) and _fit(low, high)
        if draft.in_bytes or packed:
            kind = str(draft.vectors.dtype) if draft.vectors.dtype.kind in "iu" else draft.held
            kind = kind if draft.in_bytes else f"whole numbers from {low} to {high}"
            notes += [_IN_BYTES.format(where=draft.where, kind=kind)] if metric == "cosine" else []
        elif not draft.asked and spaces[draft.name].vectors.size >= _LEAST:
            way = f" ({draft.way} reads it without this note)" if draft.column else ""
            notes.append(_WHOLE.format(where=draft.where, low=low, high=high, way=way))
    return notes


_IN_BYTES = (
    "{where} holds bytes ({kind}): under cosine they are compared by their direction from zero; "
    'undo the quantization, or use metric="euclidean"'
)
_WHOLE = (
    "{where} holds whole numbers only ({low:,} to {high:,}): where they are tokens, labels or "
    "ids of neighbours, they are no vectors{way}"
)


def _fit(low: int, high: int) -> bool:
    """Whether whole numbers may be bytes, and not flags alone."""
    return high - low > 1 and any(a <= low and high <= b for a, b in _BYTES)


def _range(vectors: FloatArray) -> tuple[int, int] | None:
    """Return the least and the greatest of whole numbers, None where there is a fraction."""
    if not _are_whole(vectors[:_LOOKED_AT]):
        return None
    low, high = np.inf, -np.inf
    for _, block in blocks(vectors):
        if not _are_whole(block):
            return None
        low, high = min(low, block.min()), max(high, block.max())
    return int(low), int(high)


def _are_whole(values: FloatArray) -> bool:
    return np.array_equal(values, np.floor(values))
