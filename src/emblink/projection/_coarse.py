"""Items whose nearest neighbours came along while all that lies farther off changed: carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from emblink.projection._pca import prepared_rows
from emblink.projection._ties import common_lists
from emblink.types import FloatArray, IntArray, Metric, NeighborGraph

N_LANDMARKS = 128
FEWEST = 16
"""Landmarks without which nothing is said."""
_OUTSTANDING = 3.0
"""Robust standard deviations of the logarithm by which carried items stand out of all others."""
_LEAST = 0.15
"""Change, in spreads of the distances, below which nothing is carried as far as eyes can see."""
_LEAST_SPREAD = 0.18
_STAYED = 0.5
"""Of the mean agreement of a pair, that of an item that did not come along with its neighbours."""
_ANCHORS = 8
_NEARNESS = 4
"""Power of the inverse distance by which an anchor weighs."""
_ROUNDS = 30
_BLOCK = 4096


def coarse_change(
    vectors: Sequence[FloatArray],
    rows: Sequence[IntArray],
    landmarks: Sequence[IntArray],
    *,
    metrics: Sequence[Metric],
) -> NDArray[np.float64]:
    """How much each item's distances to items all over the space changed between two spaces.

    The distances of one space are fitted to those of the other by a straight line, with least
    absolute residuals over the landmarks, so that whatever moves for itself does not bend the line.

    Parameters
    ----------
    vectors : two arrays of shape (n_space_items, n_dims)
        May be memory maps; read in blocks of rows.
    rows : two arrays of shape (n_items,)
        The rows of the same items in both spaces.
    landmarks : two arrays of shape (n_landmarks,)
        The rows of the same few items, drawn at random.
    metrics : two of {"cosine", "euclidean"}

    Returns
    -------
    array of shape (n_items,), float64
        Median over the landmarks of the residual, in spreads (1.48 median absolute deviations) of
        the second space's distances: 0 for spaces alike but for turning, shift and scale. An item
        that stays has a small one though others move, as long as most stay. Misleads where most
        items move: then those that stay are told as changed. No measure of fine change.
    """
    among = [
        _distances(one, at, at, metric=metric)
        for one, at, metric in zip(vectors, landmarks, metrics, strict=True)
    ]
    upper = np.triu_indices(len(landmarks[0]), 1)
    here, there = (one[upper] for one in among)
    middle = np.median(there)
    spread = 1.4826 * float(np.median(np.abs(there - middle))) or float(middle)
    if not spread > 0 or not np.ptp(here) > 0:
        return np.zeros(len(rows[0]))
    shift, slope = _line(here, there)
    change = np.empty(len(rows[0]))
    for start in range(0, len(change), _BLOCK):
        block = slice(start, start + _BLOCK)
        first, second = (
            _distances(one, of[block], at, metric=metric)
            for one, of, at, metric in zip(vectors, rows, landmarks, metrics, strict=True)
        )
        change[block] = np.median(np.abs(second - shift - slope * first), axis=1)
    return change / spread


@dataclass(frozen=True, eq=False)
class Carried:
    """Who is carried between which spaces, and beside what each item lies in each space.

    Attributes
    ----------
    between : array of shape (n_items, n_pairs), bool
        By pair (0, 1), (0, 2), ... (1, 2), ...
    items : array of shape (n_carried,)
        Those carried between any two spaces.
    anchors : list of arrays of shape (n_carried, n_anchors)
        By space: the items nearest to each among a few that are carried nowhere; -1 where the space
        lacks the item.
    weights : list of arrays of shape (n_carried, n_anchors)
        Rows add up to 1.
    """

    between: NDArray[np.bool_]
    items: IntArray
    anchors: list[IntArray]
    weights: list[FloatArray]

    @classmethod
    def of(
        cls,
        vectors: Sequence[FloatArray],
        graphs: Sequence[NeighborGraph],
        rows: Sequence[IntArray],
        n_items: int,
        *,
        k: int,
        held: Sequence[IntArray] | None = None,
        seed: int = 0,
    ) -> Carried:
        """Find who is carried.

        Parameters
        ----------
        vectors : sequence of arrays of shape (n_space_items, n_dims)
        graphs : sequence of NeighborGraph
        rows : sequence of arrays of shape (n_space_items,)
            The item, in ``[0, n_items)``, of each row, ascending.
        n_items : int
        k : int
            Neighbours, among the items of both spaces, that may come along.
        held : sequence of arrays of shape (n_space_items,), optional
            The vector of each row, where there are more vectors.
        seed : int
            Draws the landmarks.
        """
        held = [np.arange(len(of)) for of in rows] if held is None else held
        pairs = list(combinations(range(len(graphs)), 2))
        between = np.zeros((n_items, len(pairs)), bool)
        strayed = np.zeros(n_items, bool)
        drawn = np.random.default_rng(seed).permutation(n_items)
        for column, (a, b) in enumerate(pairs):
            items, first, second = common_lists(graphs, rows, n_items, (a, b), k=k)
            known = np.zeros(n_items, bool)
            known[items] = True
            few = drawn[known[drawn]][:N_LANDMARKS]
            if len(few) < FEWEST or first.shape[1] == 0:
                continue
            change = coarse_change(
                [vectors[a], vectors[b]],
                [held[one][np.searchsorted(rows[one], items)] for one in (a, b)],
                [held[one][np.searchsorted(rows[one], few)] for one in (a, b)],
                metrics=[graphs[a].metric, graphs[b].metric],
            )
            far, along = _outstanding(change, items, first, second, n_items=n_items)
            strayed[items] |= far
            between[items, column] = far & along
        found = np.flatnonzero(between.any(axis=1))
        steady = drawn[~strayed[drawn]]
        beside: list[tuple[IntArray, FloatArray]] = [
            _beside(vectors[one], rows[one], held[one], found, steady, metric=graph.metric)
            for one, graph in enumerate(graphs)
        ]
        return cls(between, found, [near for near, _ in beside], [share for _, share in beside])

    def among(self, spaces: Sequence[int]) -> Carried:
        """Return the same of some spaces, ascending, alone."""
        every = list(combinations(range(len(self.anchors)), 2))
        columns = [every.index(pair) for pair in combinations(spaces, 2)]
        anchors, weights = ([of[one] for one in spaces] for of in (self.anchors, self.weights))
        return Carried(self.between[:, columns], self.items, anchors, weights)

    def begin(
        self, common: NDArray[np.float32], rows: Sequence[IntArray]
    ) -> list[NDArray[np.float32]]:
        """Return where each space sets out from: the consensus, but for those that are carried.

        These are shifted from there as what they lie beside in this space is from what they lie
        beside in all.

        Parameters
        ----------
        common : array of shape (n_items, 2), float32
            The consensus.
        rows : sequence of arrays of shape (n_space_items,)
        """
        starts = [np.ascontiguousarray(common[items]) for items in rows]
        if not len(self.items):
            return starts
        held = np.stack([near[:, 0] >= 0 for near in self.anchors])
        places = np.stack(
            [
                (common[near] * share[:, :, None]).sum(axis=1)
                for near, share in zip(self.anchors, self.weights, strict=True)
            ]
        )
        counts = np.maximum(held.sum(axis=0), 1)[:, None]
        mean = np.where(held[:, :, None], places, 0).sum(axis=0) / counts
        for start, items, place, here in zip(starts, rows, places, held, strict=True):
            at = np.searchsorted(items, self.items[here])
            start[at] += (place - mean)[here].astype(np.float32)
        return starts


def _outstanding(
    change: NDArray[np.float64],
    items: IntArray,
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    *,
    n_items: int,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return who changed far off beyond all others, and who kept its nearest neighbours."""
    by_item = np.zeros(n_items)
    by_item[items] = change
    smooth, agreed = np.empty(len(items)), np.empty(len(items))
    for start in range(0, len(items), _BLOCK):
        block = slice(start, start + _BLOCK)
        near = first[block]
        shared = (near[:, :, None] == second[block][:, None, :]).any(axis=2) & (near >= 0)
        smooth[block] = _median_of(by_item[near], shared, change[block])
        agreed[block] = shared.sum(axis=1)
    logs = np.log(np.maximum(smooth, 1e-12))
    middle = np.median(logs)
    spread = max(1.4826 * float(np.median(np.abs(logs - middle))), _LEAST_SPREAD)
    far = (logs - middle > _OUTSTANDING * spread) & (smooth > _LEAST)
    return far, agreed >= max(1.0, _STAYED * float(agreed.mean()))


def _median_of(
    values: NDArray[np.float64], counted: NDArray[np.bool_], own: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the median of each row's own value and those counted; the lower of two middle ones."""
    every = np.column_stack([own, np.where(counted, values, np.inf)])
    every.sort(axis=1)
    return np.take_along_axis(every, counted.sum(axis=1, keepdims=True) // 2, axis=1)[:, 0]


def _beside(
    vectors: FloatArray,
    rows: IntArray,
    held: IntArray,
    found: IntArray,
    steady: IntArray,
    *,
    metric: Metric,
) -> tuple[IntArray, FloatArray]:
    """Return the anchors nearest to each carried item in one space, and their weights."""
    steady = steady[np.isin(steady, rows)][:N_LANDMARKS]
    count = min(_ANCHORS, len(steady))
    near = np.full((len(found), max(count, 1)), -1)
    weights = np.zeros(near.shape)
    here = np.flatnonzero(np.isin(found, rows))
    if count == 0:
        return near, weights
    at, few = (held[np.searchsorted(rows, of)] for of in (found[here], steady))
    for start in range(0, len(here), _BLOCK):
        block = slice(start, start + _BLOCK)
        apart = _distances(vectors, at[block], few, metric=metric)
        closest = np.argsort(apart, axis=1, kind="stable")[:, :count]
        away = np.take_along_axis(apart, closest, axis=1)
        least = np.maximum(away[:, :1], 1e-3 * away[:, -1:] + 1e-300)
        share = (least / np.maximum(away, least)) ** _NEARNESS
        near[here[block]] = steady[closest]
        weights[here[block]] = share / share.sum(axis=1, keepdims=True)
    return near, weights


def _distances(
    vectors: FloatArray, rows: IntArray, landmarks: IntArray, *, metric: Metric
) -> NDArray[np.float64]:
    fixed = prepared_rows(vectors[landmarks], metric)
    origin = fixed.mean(axis=0)
    fixed -= origin
    block = prepared_rows(vectors[rows], metric) - origin
    squares = (block**2).sum(axis=1)[:, None] + (fixed**2).sum(axis=1) - 2 * block @ fixed.T
    return np.asarray(np.sqrt(np.maximum(squares, 0)))


def _line(here: NDArray[np.float64], there: NDArray[np.float64]) -> tuple[float, float]:
    """Return shift and slope of the line of least absolute residuals, by reweighting."""
    weights = np.ones(len(here))
    shift = slope = 0.0
    for _ in range(_ROUNDS):
        share = weights / weights.sum()
        mean, goal = float(share @ here), float(share @ there)
        apart = here - mean
        slope = float(share @ (apart * (there - goal))) / max(float(share @ apart**2), 1e-300)
        shift = goal - slope * mean
        away = np.abs(there - shift - slope * here)
        weights = 1 / np.maximum(away, 0.1 * float(np.median(away)) + 1e-12 * abs(goal) + 1e-300)
    return shift, slope
