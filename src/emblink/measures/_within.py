"""How far two spaces order the items of a label alike, whatever becomes of the label as a whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError
from emblink.measures._lists import blocks, first_neighbors
from emblink.measures._overlap import neighborhood_overlap
from emblink.types import IntArray, NeighborGraph


def within_label_overlap(
    a: NeighborGraph, b: NeighborGraph, codes: IntArray, *, k: int = 10
) -> NDArray[np.float32]:
    """Share of each item's ``k`` nearest neighbours of its own label that two spaces share.

    Parameters
    ----------
    a, b : NeighborGraph
        Of each item among the items of its own label, as ``emblink.neighbors.neighbors_within``
        finds them: rows of the whole set, filled up with -1.
    codes : array of shape (n_items,), integer
        The label of each item as a number from 0; negative where the item has none.
    k : int
        Neighbours compared.

    Returns
    -------
    array of shape (n_items,), float32
        In [0, 1]; NaN where either list is filled up before ``k``: an item without a label or of a
        label with ``k`` items or fewer, or one that was not asked for. Expected of unrelated
        spaces: :func:`within_label_chance` of the label. Invariant to anything that keeps each
        list as a set, to how labels are numbered, and to all that happens between labels.

    Raises
    ------
    GraphMismatchError
        The graphs or ``codes`` cover different items, the graphs hold fewer than ``k`` neighbours,
        or list neighbours of other labels.

    Notes
    -----
    Misleads when read without its chance: in a label of 21 items any two spaces share half of 10
    neighbours. Labels that are pure in both spaces and low here are the same cluster in another
    inner order.

    References
    ----------
    .. [1] Huh et al., "The Platonic Representation Hypothesis", ICML 2024 (the overlap).
    """
    codes = np.asarray(codes)
    left, right = first_neighbors(a, b, k=k)
    if codes.shape != (a.n_items,):
        raise GraphMismatchError(
            f"codes has shape {codes.shape}, but the neighbour graphs cover {a.n_items} items; "
            "give one code an item"
        )
    overlap = neighborhood_overlap(a, b, k=k)
    overlap[codes[: len(left)] < 0] = np.nan
    for rows in blocks(len(left), width=k):
        for near in (left[rows], right[rows]):
            foreign = (near >= 0) & (codes[near] != codes[rows, None])
            if foreign.any():
                item = rows.start + int(foreign.any(axis=1).argmax())
                raise GraphMismatchError(
                    f"item {item} lists neighbours of other labels; give graphs of the items "
                    "within each label, from emblink.neighbors.neighbors_within"
                )
            overlap[rows][(near < 0).any(axis=1)] = np.nan
    return overlap


def within_label_chance(codes: IntArray, *, k: int = 10) -> NDArray[np.float64]:
    """Within-label overlap expected of two unrelated spaces, per label.

    Parameters
    ----------
    codes : array of shape (n_items,), integer
        The label of each item as a number from 0; negative where the item has none.
    k : int

    Returns
    -------
    array of shape (n_labels,), float64
        ``k / (n_label - 1)`` of the labels 0 … ``codes.max()``, in (0, 1]; NaN for labels with
        ``k`` items or fewer. Misleads, too low, where a label has hubs of its own.

    Raises
    ------
    GraphMismatchError
        ``k`` is below 1.
    """
    if k < 1:
        raise GraphMismatchError(f"k={k} neighbours are asked for; choose k from 1")
    codes = np.asarray(codes)
    others = np.bincount(codes[codes >= 0]) - 1.0
    return np.where(others >= k, k / np.maximum(others, 1.0), np.nan)
