"""How sure a change of mean label purity is: items vote for each other."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError
from emblink.measures._list_errors import error_of_sum
from emblink.measures._lists import blocks, first_neighbors
from emblink.stats import Error
from emblink.types import IntArray, NeighborGraph

Numbers = NDArray[np.float64]


def purity_errors(
    a: NeighborGraph,
    b: NeighborGraph,
    codes: IntArray,
    *,
    k: int = 20,
    groups: IntArray,
    n_groups: int,
    fewest: int = 2,
) -> list[Error]:
    """Standard errors of how mean label purities of groups change, over other samples of items.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order; at least ``k`` neighbours each.
    codes : array of shape (n_items,), integer
        The label of each item as a number from 0; negative where the item has none.
    k : int
        Neighbours looked at by :func:`knn_label_purity`.
    groups : array of shape (n_items,), integer
        The group whose mean an item counts in, under ``n_groups``: its label, say; negative where
        it counts in none.
    n_groups : int
    fewest : int
        Groups of fewer items are not looked at.

    Returns
    -------
    list of Error
        Of each group: at least that of as many independent items; infinite for fewer than two items
        with a purity in both spaces, and where it was not looked at. Few degrees of freedom where
        a few items make most of it. Invariant to the order of items.

    Raises
    ------
    GraphMismatchError
        ``codes`` or ``groups`` cover other items than the graphs, or these hold fewer than ``k``
        neighbours.

    Notes
    -----
    The jackknife of :func:`list_errors`. Misleads for labels of hardly more items than ``k``: each
    item that leaves changes the purity of all others.
    """
    held = min(a.indices.shape[1], b.indices.shape[1])
    left, right = first_neighbors(a, b, k=k if k >= held else k + 1)
    codes, groups = np.asarray(codes), np.asarray(groups)
    if not len(codes) == len(groups) == a.n_items:
        raise GraphMismatchError(
            f"{a.n_items} items have {len(codes)} codes and {len(groups)} groups; give one an item"
        )
    depth = min(k, left.shape[1] - 1)
    unknown = Error(float("inf"), 1.0)
    if depth < 1:
        return [unknown] * n_groups
    groups = groups[: len(left)]
    order = np.argsort(groups, kind="stable")
    bounds = np.searchsorted(groups[order], np.arange(n_groups + 1))
    return [
        _error(left, right, codes, rows=order[first:last], depth=depth)
        if last - first >= fewest
        else unknown
        for first, last in pairwise(bounds.tolist())
    ]


def _error(
    left: IntArray, right: IntArray, codes: IntArray, *, rows: IntArray, depth: int
) -> Error:
    touched, pulls, squares = [rows], [np.zeros(len(rows))], 0.0
    change = np.full(len(rows), np.nan)
    for some in blocks(len(rows), width=depth**2):
        own = rows[some]
        (before, left_swaps), (after, right_swaps) = (
            _purity_swaps(lists[own], codes, codes[own], depth=depth) for lists in (left, right)
        )
        change[some] = after - before
        known = np.isfinite(change[some]) & (codes[own] >= 0)
        of_a, of_b = left_swaps[known], right_swaps[known]
        in_a, in_b = left[own[known], :depth], right[own[known], :depth]
        same = in_a[:, :, None] == in_b[:, None, :]
        moved_a = np.einsum("npq,nq->np", same, of_b) - of_a
        moved_b = np.where(same.any(axis=1), 0.0, of_b)
        for members, moved in ((in_a, moved_a), (in_b, moved_b)):
            there = members >= 0
            squares += float(np.square(moved[there]).sum())
            touched.append(members[there])
            pulls.append(-moved[there])
    known = np.isfinite(change)
    if known.sum() < 2:
        return Error(float("inf"), 1.0)
    change = change[known]
    pulls[0][known] = change - change.mean()
    items, place = np.unique(np.concatenate(touched), return_inverse=True)
    lost = np.bincount(place, np.concatenate(pulls)).astype(np.float64)
    n_zeros = len(codes) - len(items)
    found = error_of_sum(lost, squares=squares, per_item=change, n_zeros=n_zeros)
    return Error(found.value / len(change), found.df)


def _purity_swaps(
    lists: IntArray, codes: IntArray, own: IntArray, *, depth: int
) -> tuple[Numbers, Numbers]:
    """Return the purity of some lists, and how it changes as each member leaves."""
    found = np.where(lists >= 0, codes[lists], -1)
    labelled = (found >= 0).astype(np.float64)
    same = ((found == own[:, None]) & (found >= 0)).astype(np.float64)
    n_same, n_labelled = (of[:, :depth].sum(axis=1, keepdims=True) for of in (same, labelled))
    with np.errstate(divide="ignore", invalid="ignore"):
        purity = np.where(own[:, None] >= 0, n_same / n_labelled, np.nan)
        without = (n_same - same[:, :depth] + same[:, [depth]]) / (
            n_labelled - labelled[:, :depth] + labelled[:, [depth]]
        )
    swaps = without - purity
    return purity[:, 0], np.where(np.isfinite(swaps), swaps, 0.0)
