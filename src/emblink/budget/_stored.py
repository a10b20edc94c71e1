"""A space as a setting stores it, and what items and queries find in it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from emblink.budget._rungs import RESCORED, Rung
from emblink.neighbors import nearest_neighbors, neighbors_of
from emblink.rows import spans
from emblink.types import FloatArray, IntArray, Space
from emblink.variants import Bring, learnt

Lists = NDArray[np.int32]
K = 10


class Shelf:
    """A space, to be stored in several ways; principal axes are sought once for all of them."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self._n, self._dims = space.vectors.shape

    def stored(self, rung: Rung) -> tuple[Space, Bring]:
        """Return the space so stored, and what brings queries into it.

        Raises
        ------
        InputError
            It cannot be stored so.
        """
        if not rung.steps:
            return self.space, lambda vectors: vectors
        first, _, size = rung.steps[0].partition(":")
        name = f"{self.space.name}|{'|'.join(rung.steps)}"
        if first != "pca" or int(size) > self._most:
            return learnt(self.space, name, rung.steps)
        axes, turn = self._turned
        made, bring = learnt(axes, name, (f"truncate:{size}", *rung.steps[1:]))
        source = f"{self.space.source}, then {', '.join(rung.steps)}"
        return replace(made, source=source), lambda vectors: bring(turn(vectors))

    @property
    def _most(self) -> int:
        most: int = min(self._n - 1, self._dims // 2)
        return most

    @cached_property
    def _turned(self) -> tuple[Space, Bring]:
        return learnt(self.space, self.space.name, (f"pca:{self._most}",))


class Seekers:
    """What is looked for: items by their places, or queries by vectors of their own."""

    def __init__(self, space: Space, *, rows: IntArray | None = None, vectors: FloatArray) -> None:
        self._space, self._rows, self._vectors = space, rows, vectors
        self._n = len(space.vectors) - (rows is not None)
        self.k = min(K, self._n)

    @staticmethod
    def items(space: Space, rows: IntArray) -> Seekers:
        """Look for some of the items among all others."""
        return Seekers(space, rows=rows, vectors=space.vectors)

    def found(self, rung: Rung, made: Space, bring: Bring) -> Lists:
        """Return the nearest items to each, best first."""
        many = min(self._n, RESCORED * self.k) if rung.rescored else self.k
        if self._rows is not None:
            graph = nearest_neighbors(made.vectors, k=many, metric=made.metric, queries=self._rows)
        else:
            graph = neighbors_of(bring(self._vectors), made.vectors, k=many, metric=made.metric)
        found: Lists = graph.indices
        return self._rescored(found) if rung.rescored else found

    def _rescored(self, found: Lists) -> Lists:
        """Choose among the candidates by the vectors as they are."""
        out = np.empty((len(found), self.k), np.int32)
        n_dims = self._space.vectors.shape[1]
        for rows in spans(len(found), n_dims * found.shape[1]):
            candidates = found[rows]
            own = self._vectors[rows] if self._rows is None else self._vectors[self._rows[rows]]
            query = self._seen(own)[:, None, :]
            there = self._seen(self._space.vectors[candidates])
            apart = np.square(there - query).sum(axis=2)
            best = np.argsort(apart, axis=1, kind="stable")[:, : self.k]
            out[rows] = np.take_along_axis(candidates, best, axis=1)
        return out

    def _seen(self, vectors: FloatArray) -> NDArray[np.float64]:
        wide = np.asarray(vectors, np.float64)
        if self._space.metric != "cosine":
            return wide
        unit: NDArray[np.float64] = wide / np.linalg.norm(wide, axis=-1, keepdims=True)
        return unit
