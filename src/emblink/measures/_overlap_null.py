"""How far an overlap lies above that of items matched at random, hubs allowed for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError
from emblink.kernels import permuted_overlaps
from emblink.measures._lists import first_neighbors, popularity
from emblink.measures._overlap import sampled_chance
from emblink.stats import Null, null_of
from emblink.types import IntArray, NeighborGraph

_MOST_QUERIES = 20_000

# What is held at once of the permutations of many items.
_ORDER_CELLS = 1 << 21


def overlap_null(
    a: NeighborGraph,
    b: NeighborGraph,
    *,
    k: int = 10,
    rows: IntArray | None = None,
    n_permutations: int = 199,
    seed: int = 0,
) -> Null:
    """Test a mean neighbourhood overlap against that of items matched at random, hubs allowed for.

    Each permutation renames the items of ``b`` and counts how far the overlap then lies above
    what the hubs alone would give (:func:`hub_chance_at`, of the renamed graph). As the
    spaces are permuted whole, the test is exact for unrelated spaces, however alike the lists of
    neighbouring items are; dealing lists to other items one by one is not, and claims too much.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order; at least ``k`` neighbours each.
    k : int
    rows : array of shape (n_rows,), optional
        The items whose overlap is tested, each once; all by default. All are renamed.
    n_permutations : int
    seed : int

    Returns
    -------
    Null
        ``mean`` and ``sd`` are those of the permuted excess added to the hub-aware chance of the
        items as matched; ``p`` compares excess with excess. With more than 20,000 items, each
        permutation looks at the lists of 20,000 of them, and ``sd`` and ``p`` are those of that
        many: too large rather than too small. Invariant to a renumbering of the items of both
        spaces alike, up to the draw.

    Raises
    ------
    GraphMismatchError
        The graphs cover different items or fewer than 2, or hold fewer than ``k`` neighbours; or
        ``n_permutations`` is below 1.

    Notes
    -----
    Time is ``O(n_permutations * (n_items + n_queries * k))``, memory ``O(n_items * k)``.
    Misleads where :func:`emblink.stats.permutation_test` does.
    """
    left, right = (
        np.ascontiguousarray(lists, dtype=np.int32) for lists in first_neighbors(a, b, k=k)
    )
    n_items, n_lists = a.n_items, len(left)
    if n_lists < 2 or n_permutations < 1:
        raise GraphMismatchError(
            f"{n_permutations} permutations of {n_lists} items test no overlap; give at least 1 "
            "permutation and 2 items"
        )
    same = np.arange(n_items, dtype=np.int64)
    asked: NDArray[np.int64] = same[:n_lists] if rows is None else np.asarray(rows, dtype=np.int64)
    hubs = _HubChance(left, right, asked, k=k, n_items=n_items)
    queries = min(len(asked), _MOST_QUERIES)
    shuffles, samples = np.random.default_rng(seed), np.random.default_rng([seed, 1])

    def overlap(
        orders: list[NDArray[np.int64]], rows: list[NDArray[np.int64]]
    ) -> NDArray[np.float64]:
        common = permuted_overlaps(
            left, right, orders=np.array(orders, np.int32), rows=np.array(rows, np.int32)
        )
        return common / (len(rows[0]) * k)

    value = float(overlap([same], [asked])[0])
    as_matched = hubs(same, value)
    values = np.empty(n_permutations)
    step = max(1, _ORDER_CELLS // n_items)
    for start in range(0, n_permutations, step):
        some = slice(start, min(n_permutations, start + step))
        orders = [_renamed(shuffles, n_lists, n_items) for _ in range(start, some.stop)]
        drawn = [
            asked if queries == len(asked) else samples.choice(asked, queries, replace=False)
            for _ in orders
        ]
        found = overlap(orders, drawn)
        by_hubs = np.array([hubs(order, one) for order, one in zip(orders, found, strict=True)])
        values[some] = found - by_hubs + as_matched
    return null_of(value, values, n_items=queries)


def _renamed(shuffles: np.random.Generator, n_lists: int, n_items: int) -> NDArray[np.int64]:
    """Permute the items, those that have a list among themselves."""
    if n_lists == n_items:
        return shuffles.permutation(n_items)
    others = n_lists + shuffles.permutation(n_items - n_lists)
    return np.concatenate([shuffles.permutation(n_lists), others])


class _HubChance:
    """The hub-aware chance at some items, once those of one space are renamed."""

    def __init__(
        self,
        left: NDArray[np.int32],
        right: NDArray[np.int32],
        rows: NDArray[np.int64],
        *,
        k: int,
        n_items: int,
    ) -> None:
        self._k, self._n_lists, self._n_items = k, len(left), n_items
        self._right, self._rows = right, rows
        self._popular_a, self._popular_b = (popularity(one, n_items) for one in (left, right))
        self._asked = popularity(left[rows], n_items)
        self._whole = len(rows) == len(left)

    def __call__(self, order: NDArray[np.int64], overlap: float) -> float:
        met = float(self._asked @ self._popular_b[order])
        if not self._whole:  # else both halves of the mean are the same
            answered = popularity(self._right[order[self._rows]], len(order))
            met = (met + float(self._popular_a @ answered[order])) / 2
        n_asked = len(self._rows)
        if self._n_lists == self._n_items:
            return met / (n_asked * (self._n_items - 1) * self._k)
        return sampled_chance(
            met,
            overlap * n_asked * self._k,
            n_asked=n_asked,
            n_lists=self._n_lists,
            n_items=self._n_items,
            k=self._k,
        )
