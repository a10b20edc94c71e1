"""The items that two spaces have in common, and how far their vectors are from each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from emblink.compute import Progress
from emblink.errors import MatchError
from emblink.matched import in_both
from emblink.parity._ways import Floats, Way, lengths_apart, unit
from emblink.types import IntArray, Space, SpaceSet
from emblink.wording.parity import (
    all_one_words,
)

_BLOCK = 8192
_SAME = 1e-9
"""How far dims of one and the same vector differ at most, once it is at length 1."""


class Pair:
    """The common items of two spaces, a block at a time."""

    def __init__(self, space_set: SpaceSet, a: str, b: str, tolerance: float) -> None:
        self.space_set = space_set
        self.tolerance = tolerance
        self.a: Space = space_set.spaces[a]
        self.b: Space = space_set.spaces[b]
        self.cosine = self.a.metric == "cosine"
        common = in_both(space_set.rows[a], space_set.rows[b], n_items=len(space_set.ids))
        self.items, self.in_a, self.in_b = common.items, common.rows_a, common.rows_b
        self.n = len(self.items)
        if not self.n:
            raise MatchError(
                f"{a!r} and {b!r} have no items in common; expected the same items twice: "
                "check their ids"
            )

    def block(self, at: IntArray | slice) -> tuple[Floats, Floats]:
        """Return old and new vectors of some common items."""
        old, new = self.a.vectors[self.in_a[at]], self.b.vectors[self.in_b[at]]
        return np.asarray(old, np.float64), np.asarray(new, np.float64)

    def compared(self, at: IntArray) -> Floats:
        """Return new vectors as distances between them are taken."""
        new = self.block(at)[1]
        return unit(new) if self.cosine else new

    def all_one(self, at: IntArray) -> str:
        """Say that new vectors are one and the same, where the old are not."""
        new, old = self.compared(at), self.block(at)[0]
        if len(at) < 2 or np.ptp(old, axis=0).max() == 0 or np.ptp(new, axis=0).max() > _SAME:
            return ""
        return all_one_words(self.cosine)

    def blocks(self) -> Iterator[tuple[int, Floats]]:
        """Yield all old vectors likewise, and where each block starts."""
        for start in range(0, self.n, _BLOCK):
            old = self.block(slice(start, start + _BLOCK))[0]
            yield start, unit(old) if self.cosine else old

    def changes(self, way: Way | None, progress: Progress) -> Floats:
        """Return how far each item is from where it is expected."""
        found = np.empty(self.n)
        for start in range(0, self.n, _BLOCK):
            progress(start, self.n)
            at = slice(start, start + _BLOCK)
            old, new = self.block(at)
            expected = old if way is None else way.change(old)
            found[at] = lengths_apart(new, expected, cosine=self.cosine)
        progress(self.n, self.n)
        return found
