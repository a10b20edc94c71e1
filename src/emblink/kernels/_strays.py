"""Kernels of how far items strayed: over their neighbours, and in the graph of those that did."""

from __future__ import annotations

import ctypes
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.kernels._library import fit, pointer, run

_NODES = 1 << 14
"""Nodes whose arcs are moved together at once."""


class Arcs(NamedTuple):
    """An undirected graph in compressed rows: each edge is an arc of both its ends.

    Attributes
    ----------
    begins : array of shape (n_nodes + 1,), int64
        Where the arcs of each node begin.
    others : array of shape (n_arcs,), int32
        The node at the other end, ascending within a node's own.
    counts : array of shape (n_arcs,), int32
        In how many neighbour lists the two stand: 1 to 4.
    """

    begins: NDArray[np.int64]
    others: NDArray[np.int32]
    counts: NDArray[np.int32]


def neighbor_means(values: NDArray[np.float32], indices: NDArray[np.int32]) -> NDArray[np.float32]:
    """Average a value over each item's neighbours.

    Parameters
    ----------
    values : array of shape (n_items,), float32
    indices : array of shape (n_items, k), int32
        Rows of ``values``.

    Returns
    -------
    array of shape (n_items,), float32
    """
    n, k = _lists(indices)
    fit("neighbor_means", values.shape == (n,))
    means = np.empty(n, dtype=np.float32)
    run(
        "neighbor_means",
        pointer(values, np.float32),
        pointer(indices, np.int32),
        ctypes.c_int64(n),
        ctypes.c_int64(k),
        pointer(means, np.float32),
    )
    return means


def neighbor_spans(points: NDArray[np.float32], indices: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return the Euclidean distance of each item to each of its neighbours.

    Parameters
    ----------
    points : array of shape (n_items, n_dims), float32
    indices : array of shape (n_items, k), int32
        Rows of ``points``.

    Returns
    -------
    array of shape (n_items, k), float32
    """
    n, k = _lists(indices)
    fit("neighbor_spans", points.ndim == 2 and len(points) == n)
    spans = np.empty((n, k), dtype=np.float32)
    run(
        "neighbor_spans",
        pointer(points, np.float32),
        pointer(indices, np.int32),
        ctypes.c_int64(n),
        ctypes.c_int64(k),
        ctypes.c_int64(points.shape[1]),
        pointer(spans, np.float32),
    )
    return spans


def joint_arcs(a: NDArray[np.int32], b: NDArray[np.int32], rows: NDArray[np.int64]) -> Arcs:
    """Join some items that are neighbours in one of two graphs.

    Parameters
    ----------
    a, b : array of shape (n_items, k), int32
        Neighbours of each item, as rows; never the item itself.
    rows : array of shape (n_nodes,), int64
        The items that are nodes, without repeats.

    Returns
    -------
    Arcs
        Node ``i`` is item ``rows[i]``.
    """
    n, k = _lists(a)
    fit("joint_arcs", _lists(b) == (n, k) and rows.ndim == 1)
    place = np.full(n, -1, dtype=np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    lists = (pointer(a, np.int32), pointer(b, np.int32), pointer(place, np.int32))
    sizes = (ctypes.c_int64(n), ctypes.c_int64(k))
    degrees = np.zeros(len(rows), dtype=np.int64)
    run("joint_degrees", *lists, *sizes, pointer(degrees, np.int64))
    begins = np.concatenate([[0], np.cumsum(degrees)])
    others, counts = (np.empty(begins[-1], dtype=np.int32) for _ in range(2))
    kept = np.zeros(len(rows), dtype=np.int64)
    run(
        "joint_arcs",
        *lists,
        *sizes,
        pointer(begins, np.int64),
        ctypes.c_int64(len(rows)),
        pointer(others, np.int32),
        pointer(counts, np.int32),
        pointer(kept, np.int64),
    )
    closer = np.concatenate([[0], np.cumsum(kept)])
    for first in range(0, len(rows), _NODES):
        last = min(len(rows), first + _NODES)
        held, sizes_of = slice(begins[first], begins[last]), degrees[first:last]
        within = np.arange(held.stop - held.start)
        within -= np.repeat(begins[first:last] - held.start, sizes_of)
        left = within < np.repeat(kept[first:last], sizes_of)
        for one in (others, counts):  # what is left never lies farther on than it did
            one[closer[first] : closer[last]] = one[held][left]
    return Arcs(closer, others[: closer[-1]].copy(), counts[: closer[-1]].copy())


def arc_products(points: NDArray[np.float32], arcs: Arcs) -> NDArray[np.float32]:
    """Return the scalar product of the points at both ends of each arc.

    Parameters
    ----------
    points : array of shape (n_nodes, n_dims), float32
    arcs : Arcs

    Returns
    -------
    array of shape (n_arcs,), float32
        The same for both arcs of an edge.
    """
    fit("arc_products", points.ndim == 2 and len(points) == len(arcs.begins) - 1)
    products = np.empty(len(arcs.others), dtype=np.float32)
    run(
        "arc_products",
        pointer(points, np.float32),
        pointer(arcs.begins, np.int64),
        pointer(arcs.others, np.int32),
        ctypes.c_int64(len(points)),
        ctypes.c_int64(points.shape[1]),
        pointer(products, np.float32),
    )
    return products


def _lists(indices: NDArray[np.int32]) -> tuple[int, int]:
    fit("neighbour lists", indices.ndim == 2 and indices.shape[1] > 0)
    fit(
        "neighbour lists",
        not indices.size or bool(0 <= indices.min() <= indices.max() < len(indices)),
    )
    return indices.shape[0], indices.shape[1]
