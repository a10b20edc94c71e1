"""How much unrelated spaces would agree by chance, from permutations of the items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError, InputError
from emblink.measures._lists import first_neighbors
from emblink.types import NeighborGraph

_MOST_QUERIES = 20_000


@dataclass(frozen=True)
class Null:
    """A value beside what permutations of the items give.

    Attributes
    ----------
    value : float
        Of the items as they are matched.
    mean, sd : float
        Of the permuted values.
    p : float
        Share of values at least as large, the value itself counted among them: at least
        ``1 / (n_permutations + 1)``.
    n_items, n_permutations : int
        How many items each permutation covers, and how many permutations were drawn.
    """

    value: float
    mean: float
    sd: float
    p: float
    n_items: int
    n_permutations: int


def permutation_test(
    value: float,
    draw: Callable[[NDArray[np.int64]], float],
    *,
    n_items: int,
    n_permutations: int = 199,
    seed: int = 0,
) -> Null:
    """Test whether two spaces agree more than they would with their items matched at random.

    Parameters
    ----------
    value : float
        The agreement of the items as they are matched.
    draw : callable
        Takes a permutation of ``range(n_items)``, returns the agreement when item ``i`` of the
        one space is matched to item ``permutation[i]`` of the other.
    n_items : int
    n_permutations : int
        With 199 the smallest p-value is 0.005.
    seed : int

    Returns
    -------
    Null
        ``p`` is one-sided: small where the agreement is larger than permutations give. Under the
        null it is at most ``x`` with probability at most ``x``.

    Raises
    ------
    InputError
        Fewer than 1 permutation or 2 items.

    Notes
    -----
    Misleads when items are copies of each other or come in families: they are not exchangeable,
    and every tiny relation between families counts as agreement. A small p-value says that there
    is some relation, not that it is strong.

    References
    ----------
    .. [1] Phipson and Smyth, "Permutation p-values should never be zero", SAGMB 2010.
    """
    if n_permutations < 1 or n_items < 2:
        raise InputError(
            f"{n_permutations} permutations of {n_items} items test nothing; give at least 1 "
            "permutation and 2 items"
        )
    rng = np.random.default_rng(seed)
    values = np.array([draw(rng.permutation(n_items)) for _ in range(n_permutations)])
    # The same sum in another order differs by rounding: such a value is a tie, not a smaller one.
    reached = int((values >= value - 1e-12 * abs(value)).sum())
    return Null(
        value=value,
        mean=float(values.mean()),
        sd=float(values.std(ddof=1)) if n_permutations > 1 else 0.0,
        p=(1 + reached) / (1 + n_permutations),
        n_items=n_items,
        n_permutations=n_permutations,
    )


def overlap_null(
    a: NeighborGraph,
    b: NeighborGraph,
    *,
    k: int = 10,
    n_permutations: int = 199,
    seed: int = 0,
) -> Null:
    """Test a mean neighbourhood overlap against that of items matched at random, hubs allowed for.

    Each permutation renames the items of ``b`` and counts how far the overlap then lies above
    what the hubs alone would give (:func:`hub_chance_overlap`, of the renamed graph). As the
    spaces are permuted whole, the test is exact for unrelated spaces, however alike the lists of
    neighbouring items are; dealing lists to other items one by one is not, and claims too much.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order; at least ``k`` neighbours each.
    k : int
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
        The graphs cover different items or fewer than 2, or hold fewer than ``k`` neighbours.

    Notes
    -----
    Time is ``O(n_permutations * n_queries * k²)`` comparisons of integers, memory ``O(n k)``.
    Misleads where :func:`permutation_test` does.
    """
    left, right = (np.ascontiguousarray(lists.T) for lists in first_neighbors(a, b, k=k))
    n_items = len(a.indices)
    if n_items < 2:
        raise GraphMismatchError(f"{n_items} item has no overlap to test; give at least 2")
    popular_a, popular_b = (
        np.bincount(lists.ravel(), minlength=n_items).astype(np.float64) for lists in (left, right)
    )
    queries = min(n_items, _MOST_QUERIES)
    rng = np.random.default_rng([seed, 1])

    def hubs(permutation: NDArray[np.int64]) -> float:
        return float(popular_a @ popular_b[permutation]) / (n_items * (n_items - 1) * k)

    def overlap(permutation: NDArray[np.int64], rows: NDArray[np.int64]) -> float:
        renamed = np.empty(n_items, dtype=right.dtype)
        renamed[permutation] = np.arange(n_items)
        lists_a, lists_b = left[:, rows], renamed[right[:, permutation[rows]]]
        both = sum(int(np.count_nonzero(lists_a == entry)) for entry in lists_b)
        return float(both / (len(rows) * k))

    def draw(permutation: NDArray[np.int64]) -> float:
        rows = (
            np.arange(n_items)
            if queries == n_items
            else rng.choice(n_items, queries, replace=False)
        )
        return overlap(permutation, rows) - hubs(permutation) + as_matched

    same = np.arange(n_items)
    as_matched = hubs(same)
    null = permutation_test(
        overlap(same, same), draw, n_items=n_items, n_permutations=n_permutations, seed=seed
    )
    return replace(null, n_items=queries)
