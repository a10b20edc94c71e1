"""Items taken along: their nearest neighbours came too, and all that lies farther off changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from emblink.projection._coarse import FarSide, coarse_change
from emblink.projection._ties import common_lists
from emblink.types import FloatArray, IntArray, NeighborGraph

_OUTSTANDING = 3.0
"""Robust standard deviations of the logarithm by which they stand out of all others."""
_LEAST_DEVIATION = 0.18
"""One of these at least: what is taken along changed 1.7 times as much as most."""
_LEAST = 0.15
"""Change, in spreads of the distances, that is below what eyes can see."""
_STAYED = 0.25
"""Of the mean agreement of a pair, that of an item that did not come along with its neighbours."""
_FEWEST = 0.2
"""And of all neighbours, in pairs that agree little."""
_AMONG = 128
"""Items of which the nearest are anchors."""
_ANCHORS = 8
_NEARNESS = 4
"""Power of the inverse distance by which an anchor weighs."""
_BLOCK = 4096


@dataclass(frozen=True, eq=False)
class TakenAlong:
    """Who is taken along between which spaces, and beside what each item lies in each space.

    Attributes
    ----------
    between : array of shape (n_items, n_pairs), bool
        By pair (0, 1), (0, 2), ... (1, 2), ...
    items : array of shape (n_taken,)
        Those taken along between any two spaces.
    anchors : list of arrays of shape (n_taken, n_anchors)
        By space: the items nearest to each among a few that are taken nowhere; -1 where the space
        lacks the item.
    weights : list of arrays of shape (n_taken, n_anchors)
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
        *,
        n_items: int,
        k: int,
        held: Sequence[IntArray] | None = None,
        seed: int = 0,
    ) -> TakenAlong:
        """Find who is taken along.

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

        Returns
        -------
        TakenAlong
        """
        metrics = [graph.metric for graph in graphs]
        held = [np.arange(len(of)) for of in rows] if held is None else held
        change = coarse_change(vectors, rows, n_items, metrics=metrics, held=held, seed=seed)
        between = np.zeros(change.shape, bool)
        strayed = np.zeros(n_items, bool)
        for column, pair in enumerate(combinations(range(len(graphs)), 2)):
            of_pair = change[:, column]
            if np.isfinite(of_pair).any():
                items, first, second = common_lists(graphs, rows, n_items, pair, k=k)
                far, along = _outstanding(of_pair, items, first, second)
                strayed[items] |= far
                between[items, column] = far & along
        found = np.flatnonzero(between.any(axis=1))
        drawn = np.random.default_rng(seed).permutation(n_items)
        steady = drawn[~strayed[drawn]]
        beside = [_beside(one, found, steady) for one in map(FarSide, vectors, rows, held, metrics)]
        return cls(between, found, [near for near, _ in beside], [share for _, share in beside])

    def among(self, spaces: Sequence[int]) -> TakenAlong:
        """Return the same of some spaces alone.

        Parameters
        ----------
        spaces : sequence of int
            Ascending.

        Returns
        -------
        TakenAlong
        """
        every = list(combinations(range(len(self.anchors)), 2))
        columns = [every.index(pair) for pair in combinations(spaces, 2)]
        anchors, weights = self.anchors, self.weights
        return TakenAlong(
            self.between[:, columns],
            self.items,
            [anchors[one] for one in spaces],
            [weights[one] for one in spaces],
        )

    def begin(
        self, common: NDArray[np.float32], rows: Sequence[IntArray]
    ) -> list[NDArray[np.float32]]:
        """Return where each space sets out from: the consensus, but for those that are taken along.

        These are shifted from there as what they lie beside in this space is from what they lie
        beside in all.

        Parameters
        ----------
        common : array of shape (n_items, 2), float32
            The consensus.
        rows : sequence of arrays of shape (n_space_items,)

        Returns
        -------
        list of arrays of shape (n_space_items, 2), float32
        """
        starts = [np.ascontiguousarray(common[items]) for items in rows]
        if not len(self.items):
            return starts
        held = np.stack([near[:, 0] >= 0 for near in self.anchors])
        coords = np.stack(
            [
                (common[near] * share[:, :, None]).sum(axis=1)
                for near, share in zip(self.anchors, self.weights, strict=True)
            ]
        )
        counts = np.maximum(held.sum(axis=0), 1)[:, None]
        mean = np.where(held[:, :, None], coords, 0).sum(axis=0) / counts
        for start, items, place, here in zip(starts, rows, coords, held, strict=True):
            at = np.searchsorted(items, self.items[here])
            start[at] += (place - mean)[here].astype(np.float32)
        return starts


def _outstanding(
    change: NDArray[np.float32],
    items: IntArray,
    first: NDArray[np.int32],
    second: NDArray[np.int32],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return who changed far off beyond all others, and who kept its nearest neighbours."""
    smooth, agreed = np.empty(len(items)), np.empty(len(items))
    for start in range(0, len(items), _BLOCK):
        block = slice(start, start + _BLOCK)
        near = first[block]
        shared = (near[:, :, None] == second[block][:, None, :]).any(axis=2) & (near >= 0)
        smooth[block] = _median_of(change[near], shared, change[items[block]])
        agreed[block] = shared.sum(axis=1)
    logs = np.log(np.maximum(smooth, 1e-12))
    middle = np.median(logs)
    spread = max(1.4826 * float(np.median(np.abs(logs - middle))), _LEAST_DEVIATION)
    far = (logs - middle > _OUTSTANDING * spread) & (smooth > _LEAST)
    return far, agreed >= max(_FEWEST * first.shape[1], _STAYED * float(agreed.mean()))


def _median_of(values: FloatArray, counted: NDArray[np.bool_], own: FloatArray) -> FloatArray:
    """Return the median of each row's own value and those counted; the lower of two middle ones."""
    every = np.column_stack([own, np.where(counted, values, np.inf)])
    every.sort(axis=1)
    return np.take_along_axis(every, counted.sum(axis=1, keepdims=True) // 2, axis=1)[:, 0]


def _beside(space: FarSide, found: IntArray, steady: IntArray) -> tuple[IntArray, FloatArray]:
    """Return the anchors nearest to each item taken along in one space, and their weights."""
    steady = steady[space.holds(steady)[0]][:_AMONG]
    count = min(_ANCHORS, len(steady))
    near: IntArray = np.full((len(found), max(count, 1)), -1)
    weights = np.zeros(near.shape)
    if count == 0:
        return near, weights
    for start in range(0, len(found), _BLOCK):
        block = slice(start, start + _BLOCK)
        apart = space.distances(found[block], steady)
        closest = np.argsort(apart, axis=1, kind="stable")[:, :count]
        away = np.take_along_axis(apart, closest, axis=1)
        least = np.maximum(away[:, :1], 1e-3 * away[:, -1:] + 1e-30)
        share = (least / np.maximum(away, least)) ** _NEARNESS
        here = np.isfinite(away[:, 0])
        near[block] = np.where(here[:, None], steady[closest], -1)
        weights[block] = np.where(here[:, None], share / share.sum(axis=1, keepdims=True), 0)
    return near, weights
