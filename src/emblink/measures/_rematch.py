"""Match the items of two similar spaces by the structure of their neighbour graphs alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.types import IntArray, NeighborGraph

_NEIGHBORS = 20
_HOPS = 4
_ROUNDS = 24
_PATIENCE = 4
_LEAST_GAIN = 0.01
_CONVINCING = 0.3
_SIGNATURE_WEIGHT = 0.3
_BLOCK_ROWS = 256


def match_by_structure(a: NeighborGraph, b: NeighborGraph) -> IntArray:
    """Match items by the look of their surroundings, then let neighbours vote in rounds.

    Time is ``O(n²)`` a round, memory ``O(n k + block)``.

    Returns
    -------
    array of shape (n_items,), integer
        Rows of ``b``, each at most once: pairs that are each other's best; -1 for the rest.
    """
    k = min(_NEIGHBORS, a.indices.shape[1], b.indices.shape[1])
    signature_a, signature_b = _signatures(a, k), _signatures(b, k)
    near_a, near_b = _Lists.both_ways(a.indices[:, :k]), _Lists.both_ways(b.indices[:, :k])
    match = np.full(len(a.indices), -1, dtype=np.int64)
    agreed = [0.0]
    for _ in range(_ROUNDS):
        match = _vote(near_a, near_b, match, likeness=(signature_a, signature_b))
        agreed.append(_agreement(near_a, near_b, match))
        if agreed[-1] >= _CONVINCING:
            break
        if len(agreed) > _PATIENCE + 2 and agreed[-1] < agreed[-1 - _PATIENCE] + _LEAST_GAIN:
            break
    return match


@dataclass(frozen=True, eq=False)
class _Lists:
    """Lists of various lengths end to end: list ``i`` is ``values[starts[i] : starts[i + 1]]``."""

    starts: NDArray[np.int64]
    values: NDArray[np.int64]

    @staticmethod
    def both_ways(indices: IntArray) -> _Lists:
        """Return each item's neighbours and those it is a neighbour of."""
        n_items, k = indices.shape
        source = np.repeat(np.arange(n_items, dtype=np.int64), k)
        target = indices.ravel().astype(np.int64)
        edges = np.unique(np.concatenate([source * n_items + target, target * n_items + source]))
        starts = np.searchsorted(edges // n_items, np.arange(n_items + 1))
        return _Lists(starts.astype(np.int64), edges % n_items)

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.starts)

    def take(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the values of some lists, each with the place in ``rows`` of its list."""
        counts = self.lengths[rows]
        place = np.repeat(np.arange(len(rows)), counts)
        within = np.arange(len(place)) - np.repeat(np.cumsum(counts) - counts, counts)
        return place, self.values[self.starts[rows][place] + within]


def _signatures(graph: NeighborGraph, k: int) -> NDArray[np.float32]:
    """Describe each item by ranks of its density and in-degree, and their means ever farther out.

    Ranks, so that a monotone change of all distances changes nothing.
    """
    held = graph.indices.shape[1]
    n_items = len(graph.indices)
    ranks_read = sorted({0, min(4, k - 1), k - 1, held - 1})
    densities: list[NDArray[Any]] = [graph.distances[:, rank] for rank in ranks_read]
    popular: list[NDArray[Any]] = [
        np.bincount(graph.indices[:, :first].ravel(), minlength=n_items)
        for first in sorted({min(10, held), min(50, held)})
    ]
    layer = np.stack([_ranks(column) for column in (*densities, *popular)], axis=1)
    layers = [layer]
    for _ in range(_HOPS):
        means = np.stack([column[graph.indices[:, :k]].mean(axis=1) for column in layer.T])
        layer = np.stack([_ranks(column) for column in means], axis=1)
        layers.append(layer)
    signature = np.concatenate(layers, axis=1)
    spread = signature.std(axis=0)
    signature /= np.where(spread > 0, spread, 1.0) * np.sqrt(signature.shape[1])
    return signature.astype(np.float32)


def _ranks(column: NDArray[Any]) -> NDArray[np.float64]:
    """Return mid-ranks in (-0.5, 0.5); ties share theirs, so that row order leaves no trace."""
    ordered = np.sort(column)
    below = np.searchsorted(ordered, column, side="left")
    up_to = np.searchsorted(ordered, column, side="right")
    ranks: NDArray[np.float64] = (below + up_to) / (2.0 * len(column)) - 0.5
    return ranks


def _vote(
    near_a: _Lists,
    near_b: _Lists,
    match: NDArray[np.int64],
    *,
    likeness: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> NDArray[np.int64]:
    """Return the pairs that are each other's best by matched neighbours and likeness."""
    signature_a, signature_b = likeness
    n_items = len(match)
    norms = (signature_b * signature_b).sum(axis=1)
    weight_a = 1.0 / np.sqrt(np.maximum(1, near_a.lengths))
    weight_b = (1.0 / np.sqrt(np.maximum(1, near_b.lengths))).astype(np.float32)
    best = np.empty(n_items, dtype=np.int64)
    claimed_by = np.zeros(n_items, dtype=np.int64)
    claim = np.full(n_items, -np.inf, dtype=np.float32)
    for start in range(0, n_items, _BLOCK_ROWS):
        rows = np.arange(start, min(n_items, start + _BLOCK_ROWS))
        own = signature_a[rows]
        score = 2.0 * own @ signature_b.T - norms
        score -= (own * own).sum(axis=1)[:, None]
        score *= _SIGNATURE_WEIGHT
        votes = _count_votes(near_a, near_b, match, rows)
        votes *= weight_b
        votes *= weight_a[rows, None].astype(np.float32)
        score += votes
        best[rows] = score.argmax(axis=1)
        strongest = score.max(axis=0)
        wins = strongest > claim
        claim[wins] = strongest[wins]
        claimed_by[wins] = start + score[:, wins].argmax(axis=0)
    return np.where(claimed_by[best] == np.arange(n_items), best, -1)


def _count_votes(
    near_a: _Lists, near_b: _Lists, match: NDArray[np.int64], rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Count, for each row and item of ``b``, the row's neighbours matched to its neighbours."""
    place, neighbors = near_a.take(rows)
    partners = match[neighbors]
    matched = partners >= 0
    voter, candidates = near_b.take(partners[matched])
    cells = place[matched][voter] * len(match) + candidates
    counts = np.bincount(cells, minlength=len(rows) * len(match))
    return counts.reshape(len(rows), len(match)).astype(np.float32)


def _agreement(near_a: _Lists, near_b: _Lists, match: NDArray[np.int64]) -> float:
    """Return the share of edges of ``a`` that the matching turns into edges of ``b``."""
    n_items = len(match)
    source = np.repeat(match, near_a.lengths)
    target = match[near_a.values]
    known = (source >= 0) & (target >= 0)
    images = source[known] * n_items + target[known]
    edges = np.repeat(np.arange(n_items), near_b.lengths) * n_items + near_b.values
    return float(np.isin(images, edges).sum()) / max(1, len(near_a.values))
