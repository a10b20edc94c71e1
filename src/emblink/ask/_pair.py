"""Two spaces on the items they have in common, and the part of these that is asked about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emblink.types import FloatArray, IntArray, Metric, NeighborGraph


@dataclass(frozen=True, eq=False)
class Rerun:
    """The recipe of a space, run again with another seed.

    Attributes
    ----------
    vectors : array of shape (n_rerun_items, n_dims)
    rows : array of shape (n_common,)
        Where each of the pair's common items lies in ``vectors``; -1 where it is not there.
    metric : {"cosine", "euclidean"}
    """

    vectors: FloatArray
    rows: IntArray
    metric: Metric


@dataclass(frozen=True, eq=False)
class Side:
    """One space of a pair.

    Attributes
    ----------
    name : str
    vectors : array of shape (n_space_items, n_dims)
        Of all items of the space; may be a memory map.
    rows : array of shape (n_common,)
        Where each common item lies in ``vectors``.
    graph : NeighborGraph
        Of the common items, among the common items.
    cells : array of shape (n_common,)
        Which cell of neighbours each common item lies in.
    reruns : tuple of Rerun
        Other runs of the same recipe, neither of them the other space of the pair.
    """

    name: str
    vectors: FloatArray
    rows: IntArray
    graph: NeighborGraph
    cells: IntArray
    reruns: tuple[Rerun, ...] = ()


@dataclass(frozen=True, eq=False)
class Pair:
    """Two spaces over the same common items in the same order.

    Attributes
    ----------
    items : array of shape (n_common,)
        Row of each common item in the union of all items, ascending.
    a, b : Side
    codes : array of shape (n_common,), or None
        The label of each common item as a number from 0, -1 where it has none.
    """

    items: IntArray
    a: Side
    b: Side
    codes: IntArray | None = None


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of a pair.

    Attributes
    ----------
    pair : Pair
    selected : array of shape (n_selected,)
        The selected items as rows of the pair's common items, ascending, each once.
    queries : array of shape (n_queries,)
        Those of ``selected`` whose neighbours are looked at: all, or a random sample.
    k : int
        Neighbours compared at most.
    seed : int
    """

    pair: Pair
    selected: IntArray
    queries: IntArray
    k: int
    seed: int


def sensible_k(k: int, n_items: int) -> int:
    """Return ``k``, or fewer where so many neighbours would be most of the items."""
    return max(1, min(k, (n_items - 1) // 2))


def sample(rows: IntArray, *, most: int, seed: int) -> IntArray:
    """Return all rows, or ``most`` of them drawn at random, in order."""
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, size=most, replace=False))


def take(vectors: FloatArray, rows: IntArray) -> FloatArray:
    """Return ``vectors[rows]``, without a copy when these are all rows in order."""
    return vectors if np.array_equal(rows, np.arange(len(vectors))) else vectors[rows]


def lists_at(graph: NeighborGraph, rows: IntArray) -> NeighborGraph:
    """Return the neighbour lists of some rows."""
    return NeighborGraph(graph.indices[rows], graph.distances[rows], graph.metric)
