"""Whether the rows of one space stand in another order in the other."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from emblink.parity._ways import ALIKE, Floats
from emblink.types import IntArray
from emblink.wording.parity import (
    other_rows,
)

_ASKED = 300
_SAME_OFFSET = 0.6


def moved_rows(
    new: Floats, old: Iterable[tuple[int, Floats]], rows: IntArray, *, tolerance: float
) -> str | None:
    """Say how rows were moved; None where the new vectors are not among the old ones.

    Parameters
    ----------
    new : array of shape (n, d)
        Some new vectors.
    old : iterable of (int, array of shape (m, d))
        All old ones, in blocks with where each starts.
    rows : array of shape (n,)
        Where the new vectors stand.
    tolerance : float
        Of their lengths.

    Returns
    -------
    str or None
    """
    asked, places = new[:_ASKED], rows[:_ASKED]
    length = np.linalg.norm(asked, axis=1)
    nearest = np.full(len(asked), np.inf)
    found = np.zeros(len(asked), dtype=np.int64)
    for start, block in old:
        squares = np.square(block).sum(axis=1) - 2 * asked @ block.T
        best = np.argmin(squares, axis=1)
        apart = np.linalg.norm(block[best] - asked, axis=1)
        closer = apart < nearest
        nearest[closer], found[closer] = apart[closer], start + best[closer]
    there = nearest <= tolerance * length
    moved = there & (found != places)
    if there.mean() < ALIKE or moved.mean() < 0.5:
        return None
    offsets, counts = np.unique((places - found)[moved], return_counts=True)
    most = int(offsets[np.argmax(counts)])
    return other_rows(most if counts.max() >= _SAME_OFFSET * moved.sum() else 0)
