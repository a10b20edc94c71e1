"""Ties between the places of an item: who is held, how strongly, and what noise may do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.projection._ties import STRONGEST, tie_strengths
from emblink.types import IntArray, NeighborGraph


def graph(indices: NDArray[Any]) -> NeighborGraph:
    distances = np.broadcast_to(np.arange(1, indices.shape[1] + 1), indices.shape)
    return NeighborGraph(
        indices.astype(np.int32), np.ascontiguousarray(distances, np.float32), "euclidean"
    )


def ring(n: int, k: int) -> NDArray[np.int64]:
    """Return the ``k`` items after each on a ring."""
    return (np.arange(n)[:, None] + np.arange(1, k + 1)) % n


def replaced(lists: NDArray[np.int64], rows: IntArray, count: int) -> NDArray[np.int64]:
    """Return lists in which the last ``count`` neighbours of some rows are other ones."""
    changed = lists.copy()
    changed[rows, -count:] = (lists[rows, -count:] + len(lists) // 2) % len(lists)
    return changed


def test_full_agreement_ties_as_strongly_as_can_be() -> None:
    lists = ring(40, 5)
    ties = tie_strengths([graph(lists)] * 3, [np.arange(40)] * 3, 40, k=5)
    np.testing.assert_allclose(ties, STRONGEST)


def test_ties_fall_steeply_with_the_rank_of_agreement() -> None:
    lists, rows = ring(100, 5), [np.arange(100)] * 2
    changed = replaced(replaced(lists, np.arange(10, 90), 2), np.arange(10), 3)
    ties = tie_strengths([graph(lists), graph(changed)], rows, 100, k=5)[:, 0]
    kappa = ((10 * 5 + 80 * 3 + 10 * 2) / 500 - 5 / 99) / (1 - 5 / 99)
    np.testing.assert_allclose(ties[90:], STRONGEST)
    np.testing.assert_allclose(ties[10:90], STRONGEST * 0.5 ** (8 / kappa**0.4), rtol=1e-4)
    np.testing.assert_array_equal(ties[:10], 0)


def test_who_stays_is_held_where_others_leave_and_join() -> None:
    n, lists = 100, ring(100, 5)
    leaving, joined = np.arange(2, 50, 5), np.arange(52, 100, 5)
    order = np.delete(np.insert(np.arange(n), joined, leaving), leaving)
    place = np.argsort(order)
    ties = tie_strengths([graph(lists), graph(order[lists[place]])], [np.arange(n)] * 2, n, k=5)
    np.testing.assert_allclose(np.delete(ties[:, 0], leaving), STRONGEST)
    np.testing.assert_array_equal(ties[leaving], 0)


def test_who_most_neighbours_left_is_judged_by_all_of_them() -> None:
    n, lists = 100, ring(100, 5)
    order = np.concatenate([np.arange(51), np.arange(54, 90), [51, 52, 53], np.arange(90, n)])
    place = np.argsort(order)
    ties = tie_strengths([graph(lists), graph(order[lists[place]])], [np.arange(n)] * 2, n, k=5)
    assert set(order[lists[place]][50]) & set(lists[50]) == {54, 55}
    np.testing.assert_array_equal(ties[50], 0)
    np.testing.assert_allclose(ties[:40], STRONGEST)


def test_unrelated_spaces_are_hardly_tied() -> None:
    rng = np.random.default_rng(0)
    first, second = (np.argsort(rng.random((2000, 2000)), axis=1)[:, :15] for _ in range(2))
    rows = [np.arange(2000)] * 2
    ties = tie_strengths([graph(first), graph(second)], rows, 2000, k=15)
    assert (ties > 0.1).mean() < 0.02


def test_agreement_is_that_among_the_items_of_both_spaces() -> None:
    lists, n = ring(60, 12), 60
    # the second space lacks every third item, and numbers its rows otherwise
    kept = np.flatnonzero(np.arange(n) % 3 > 0)[::-1]
    row = np.full(n, -1)
    row[kept] = np.arange(len(kept))
    near = [[row[j] for j in lists[item] if row[j] >= 0][:8] for item in kept]
    ties = tie_strengths([graph(lists), graph(np.array(near))], [np.arange(n), kept], n, k=8)
    np.testing.assert_allclose(ties[np.sort(kept), 0], STRONGEST)
    np.testing.assert_array_equal(ties[::3], 0)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_ties_of_hardly_any_items_are_finite(n: int) -> None:
    lists = np.stack([np.delete(np.arange(n), i) for i in range(n)])
    ties = tie_strengths([graph(lists)] * 2, [np.arange(n)] * 2, n, k=15)
    assert ties.shape == (n, 1)
    assert np.isfinite(ties).all()
