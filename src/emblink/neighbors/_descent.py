"""NN-descent over prepared points: trees, then rounds, until enough is found or no more is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress
from emblink.kernels import (
    LONGEST_WHOLE,
    Candidates,
    NearKeys,
    descent_join,
    descent_sample,
    descent_tree,
    near_keys,
    topk_rerank,
    unscored_lists,
)
from emblink.neighbors._exact import distances_of
from emblink.neighbors._points import Points, spans
from emblink.types import Metric, NeighborGraph

_TREES = 8
_LEAF = 512
_ROUNDS = 12
_SETTLED = 0.001
"""Share of new neighbours from which on another round finds hardly any."""
_JOINED = 1 << 15
"""Rows joined between two looks at whether to go on."""
_BLOCK = 8192
_HELD = 12
"""Neighbours held while searching, at least: shorter lists lead nowhere."""
_PAIRS = 512
"""Pairs of rows that say how far apart rows are."""
_FINE = 800
"""Steps of whole numbers that neighbours are apart, for squares right to a thousandth."""
_MOSTLY = 0.98
_STEEPEST = 2.0**120
"""What rows are scaled by at most: float32 holds it."""


def empty_lists(
    points: Points, *, k: int, reaches: NDArray[np.float64], rng: np.random.Generator
) -> NearKeys:
    """Return lists over the points, in whole numbers where those tell neighbours apart.

    Parameters
    ----------
    points : Points
    k : int
    reaches : array of shape (n_rows,)
        Euclidean distances of some rows to their k-th neighbours.
    rng : numpy.random.Generator
    """
    held = min(max(k, _HELD), len(points.values) - 1)
    longest = float(points.norms.max()) / points.scale
    apart = reaches[reaches > 0]
    if longest > 0 and apart.size:
        scale = LONGEST_WHOLE / longest
        if scale <= _STEEPEST and np.mean(apart * scale >= _FINE) >= _MOSTLY:
            centre = np.zeros(points.values.shape[1]) if points.centre is None else points.centre
            return near_keys(points.values, k=held, scale=scale, centre=centre.astype(np.float32))
    return near_keys(points.values, k=held, scale=_scale(points.values, rng))


def descend(
    lists: NearKeys,
    *,
    seed: int,
    attempts: int,
    enough: Callable[[NearKeys], bool],
    progress: Progress,
) -> tuple[NearKeys, bool]:
    """Plant trees and join candidates until enough is found, or hardly anything more is.

    Parameters
    ----------
    lists : NearKeys
    seed : int
    attempts : int
        Each with trees of its own, and with longer lists and more candidates than the one before.
    enough : callable
        Asked of the lists before each round.
    progress : callable
        Called with ``(done, total)``, of the most that may be done.

    Returns
    -------
    NearKeys
        At least as long as those given, which are written over.
    bool
        Whether enough was found.
    """
    n, k = lists.keys.shape
    blocks = spans(n, _JOINED)
    total = attempts * (_TREES + _ROUNDS * len(blocks))
    seeds = iter(np.random.SeedSequence(seed).generate_state(total, np.uint64).tolist())
    done = 0
    for attempt in range(1, attempts + 1):
        lists = _longer(lists, min(attempt * k, n - 1))
        for _ in range(_TREES):
            order = descent_tree(lists, leaf=max(_LEAF, 4 * lists.keys.shape[1]), seed=next(seeds))
            progress(done := done + 1, total)
        candidates = _room(n, attempt * min(max(12, 8 + 2 * k // 5), 48))
        for _ in range(_ROUNDS):
            if enough(lists):
                return lists, True
            descent_sample(lists, candidates, seed=next(seeds))
            for span in blocks:
                descent_join(lists, candidates, rows=order[span])
                progress(done := done + 1, total)
            if _new(lists) < _SETTLED * lists.keys.size:
                break
    return lists, enough(lists)


def listed(
    points: Points, lists: NearKeys, rows: NDArray[np.int64], *, k: int, metric: Metric
) -> NeighborGraph:
    """Order the lists of some rows by distances in double precision, ties by row."""
    indices = np.empty((len(rows), k), dtype=np.int32)
    distances = np.empty((len(rows), k), dtype=np.float32)
    for span in spans(len(rows), _BLOCK):
        near = (lists.keys[rows[span]] & np.uint64(0xFFFFFFFF)) >> np.uint64(1)
        top = unscored_lists(near, np.full(len(near), near.shape[1], dtype=np.int32))
        found, squares = topk_rerank(top, points.values, queries=rows[span], first_list=0, k=k)
        indices[span], distances[span] = found, distances_of(squares, metric)
    return NeighborGraph(indices, distances, metric)


def _longer(lists: NearKeys, k: int) -> NearKeys:
    held = lists.keys.shape[1]
    if k == held:
        return lists
    longer = near_keys(lists.points, k=k, scale=lists.scale, centre=lists.centre)
    longer.keys[:, :held] = lists.keys
    return longer


def _room(n: int, size: int) -> Candidates:
    return Candidates(*(np.zeros((n, size + 1), dtype=np.int32) for _ in range(2)))


def _new(lists: NearKeys) -> int:
    return sum(
        int(np.count_nonzero(lists.keys[span] & np.uint64(1)))
        for span in spans(len(lists.keys), _BLOCK)
    )


def _scale(values: NDArray[np.float32], rng: np.random.Generator) -> float:
    """Return the power of two that brings most squares near one, and lets none overflow."""
    pairs = rng.integers(len(values), size=(2, _PAIRS))
    off = values[pairs[0]].astype(np.float64) - values[pairs[1]]
    lengths = np.sqrt(np.einsum("ij,ij->i", off, off))
    largest = max(float(values.max()), -float(values.min()))
    typical = float(np.median(lengths[lengths > 0])) if lengths.any() else largest
    power = min(-np.frexp(typical)[1], 60 - np.frexp(largest)[1])
    return float(np.clip(2.0**power, 1 / _STEEPEST, _STEEPEST))
