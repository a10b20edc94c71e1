"""The common items of two spaces, and maps between them."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from emblink.adapter._maps import FITTED, FOLDS, Floats, Map, brought, learnt_maps, ridge, rotation
from emblink.errors import MatchError
from emblink.matched import in_both
from emblink.types import AnyArray, FloatArray, IntArray, Space, SpaceSet

FEWEST = 50


class Pair:
    """Two spaces over the items that both have.

    Parameters
    ----------
    space_set : SpaceSet
    a, b : str
    learnt : int
        Items that a map is learnt of, at most.
    seed : int
        Of the folds.
    """

    def __init__(self, space_set: SpaceSet, a: str, b: str, *, learnt: int, seed: int) -> None:
        self.space_set = space_set
        self.a: Space = space_set.spaces[a]
        self.b: Space = space_set.spaces[b]
        common = in_both(space_set.rows[a], space_set.rows[b], n_items=len(space_set.ids))
        self.items, self._in_a, self._in_b = common.items, common.rows_a, common.rows_b
        self.n = len(self.items)
        if self.n < FEWEST:
            raise MatchError(
                f"{a!r} and {b!r} have {self.n} items in common; a map is learnt of {FEWEST} at "
                "least"
            )
        self.folds = np.random.default_rng(seed).permutation(self.n) % FOLDS
        self._most = learnt

    @property
    def n_learnt(self) -> int:
        """How many items a map is learnt of, those that say how strict to be among them."""
        return min(self._most, round(self.n * (FOLDS - 1) / FOLDS))

    @property
    def any_rotation_fits(self) -> bool:
        """Whether a map is learnt of fewer items than the old vectors have dims."""
        width: int = self.a.vectors.shape[1]
        fitted: int = self.n_learnt * FITTED // (FOLDS - 1)
        return fitted <= width

    @property
    def as_wide(self) -> bool:
        """Whether both spaces have as many dims."""
        widths = {one.vectors.shape[1] for one in (self.a, self.b)}
        return len(widths) == 1

    def old(self, at: IntArray | slice) -> Floats:
        return seen(self.a, self.a.vectors[self._in_a[at]])

    def new(self, at: IntArray | slice) -> Floats:
        return seen(self.b, self.b.vectors[self._in_b[at]])

    @cached_property
    def old_vectors(self) -> FloatArray:
        """The old vectors of all common items."""
        return self.old(slice(None)).astype(np.float32)

    @cached_property
    def new_vectors(self) -> FloatArray:
        """The new ones."""
        return self.new(slice(None)).astype(np.float32)

    def rotated(self) -> AnyArray:
        """Return the old vectors as the best rotation brings them over."""
        return brought(self._maps(rotation), self.old, self.folds)

    def mapped(self) -> AnyArray:
        """Return the old vectors as a linear map brings them over."""
        return brought(self._maps(ridge), self.old, self.folds)

    @cached_property
    def back(self) -> list[Map]:
        """Linear maps from new vectors to old ones, one for each fold."""
        return learnt_maps(self.new, self.old, self.folds, ridge, most=self._most)

    def _maps(self, learn: object) -> list[Map]:
        return learnt_maps(self.old, self.new, self.folds, learn, most=self._most)  # type: ignore[arg-type]


def seen(space: Space, vectors: FloatArray) -> Floats:
    """Return vectors as the metric of a space sees them: of unit length under cosine."""
    wide = np.asarray(vectors, np.float64)
    return wide / np.linalg.norm(wide, axis=1, keepdims=True) if space.metric == "cosine" else wide
