"""Which labels an item's neighbours carry: purity, confusion and mixing in one space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError, InputError
from emblink.kernels import LabelCounts, label_counts
from emblink.types import IntArray, NeighborGraph

MOST_DENSE = 1000
"""More labels would make tables of label pairs that nobody reads and few machines hold."""


@dataclass(frozen=True, eq=False)
class LabelTally:
    """What one pass over the neighbour lists says of an item's label.

    Attributes
    ----------
    purity, wide_purity : array of shape (n_items,), float32
        :func:`knn_label_purity` among the ``k`` and the ``wide`` nearest neighbours.
    voted : array of shape (n_items,), int32
        The label that most of the ``k`` nearest carry; of tied labels that whose nearest member
        comes first; -1 where none has a label.
    """

    purity: NDArray[np.float32]
    wide_purity: NDArray[np.float32]
    voted: NDArray[np.int32]


def label_tally(
    graph: NeighborGraph, codes: IntArray, *, k: int = 20, wide: int = 50
) -> LabelTally:
    """Purity at two depths and the label that the neighbours vote for, in one pass.

    Parameters
    ----------
    graph : NeighborGraph
        At least ``wide`` neighbours.
    codes : array of shape (n_items,), integer
        The label of each item as a number from 0; negative where the item has none.
    k, wide : int
        Neighbours looked at, ``k <= wide``.

    Returns
    -------
    LabelTally
        Ranges, chance and invariances are those of :func:`knn_label_purity`; the votes also depend
        on the order of the neighbours, where labels tie.

    Raises
    ------
    GraphMismatchError
        As :func:`knn_label_purity`, or ``wide`` is less than ``k``.

    Notes
    -----
    Misleads as :func:`knn_label_purity` and :func:`knn_confusion` do.
    """
    if wide < k:
        raise GraphMismatchError(
            f"wide={wide} neighbours are fewer than k={k}; choose a wide of at least {k}"
        )
    counts = counted(graph, codes, k=k, wide=wide)
    codes = np.asarray(codes)[: len(graph.indices)]
    return LabelTally(
        _purity(counts.same, counts.labelled, codes),
        _purity(counts.wide_same, counts.wide_labelled, codes),
        counts.voted,
    )


def knn_label_purity(graph: NeighborGraph, codes: IntArray, *, k: int = 20) -> NDArray[np.float32]:
    """Share of each item's labelled neighbours that carry the item's own label.

    Parameters
    ----------
    graph : NeighborGraph
        At least ``k`` neighbours.
    codes : array of shape (n_items,), integer
        The label of each item as a number from 0; negative where the item has none.
    k : int
        Neighbours looked at.

    Returns
    -------
    array of shape (n_items,), float32
        In [0, 1]; NaN where the item has no label, or none of its ``k`` neighbours has one.
        Neighbours without a label are left out of the share: they speak neither for nor against.
        Expected value for a space unrelated to the labels: ``(n_label - 1) / (n_labelled - 1)``.
        Invariant to anything that keeps each neighbour list as a set.

    Raises
    ------
    GraphMismatchError
        ``codes`` covers other items than the graph, or the graph holds fewer than ``k``
        neighbours.

    Notes
    -----
    Misleads when a label has fewer than ``k + 1`` items (it cannot reach 1), and when labels of
    different size are set side by side: read it against its chance.
    """
    counts = counted(graph, codes, k=k, wide=k)
    return _purity(counts.same, counts.labelled, np.asarray(codes)[: len(graph.indices)])


def knn_confusion(
    graph: NeighborGraph, codes: IntArray, *, n_labels: int, k: int = 20
) -> NDArray[np.float64]:
    """Share of each label's items that their neighbours take for each label.

    Each item is classified by the vote of its ``k`` nearest labelled neighbours, itself left out;
    of labels that tie, the one whose nearest member comes first wins.

    Parameters
    ----------
    graph : NeighborGraph
        At least ``k`` neighbours.
    codes : array of shape (n_items,), integer
        The label of each item, under ``n_labels``; negative where the item has none.
    n_labels : int
        At most 1,000.
    k : int
        Voters.

    Returns
    -------
    array of shape (n_labels, n_labels), float64
        Row: the true label; column: the vote; rows add up to 1, the diagonal is the accuracy. NaN
        in the row of a label none of whose items has a labelled neighbour. In a space unrelated
        to the labels a vote goes to a label about as often as it is frequent, or more often
        where it is the most frequent one. Invariant to rotation and scale, and to anything that
        keeps the neighbour lists.

    Raises
    ------
    GraphMismatchError
        As :func:`knn_label_purity`.
    InputError
        A code is not under ``n_labels``, or there are too many labels.

    Notes
    -----
    Misleads for labels with few items among frequent ones: a label with fewer than ``k / 2`` items
    is outvoted however well it is separated.

    References
    ----------
    .. [1] Cover and Hart, "Nearest neighbor pattern classification", IEEE Trans. Inf. Theory 1967.
    """
    check_labels(codes, n_labels)
    return vote_shares(counted(graph, codes, k=k, wide=k).voted, codes, n_labels=n_labels)


def label_neighbors(
    graph: NeighborGraph, codes: IntArray, *, n_labels: int, k: int = 20
) -> NDArray[np.float64]:
    """Share of each label's labelled neighbours that carry each label.

    Parameters
    ----------
    graph : NeighborGraph
        At least ``k`` neighbours.
    codes : array of shape (n_items,), integer
        The label of each item, under ``n_labels``; negative where the item has none.
    n_labels : int
        At most 1,000.
    k : int
        Neighbours looked at.

    Returns
    -------
    array of shape (n_labels, n_labels), float64
        Row: the item's label; column: its neighbours'; rows add up to 1; NaN in the row of a label
        without a labelled neighbour. Not symmetric: a rare label may live among a frequent one
        that hardly notices. Expected value for an unrelated space: the column label's
        frequency. Invariant to anything that keeps each neighbour list as a set.

    Raises
    ------
    GraphMismatchError
        As :func:`knn_label_purity`.
    InputError
        A code is not under ``n_labels``, or there are too many labels.

    Notes
    -----
    Misleads when labels differ in size: read each column against its label's frequency.
    """
    check_labels(codes, n_labels)
    groups = np.asarray(codes)
    counts = counted(graph, codes, groups, n_labels=n_labels, n_groups=n_labels, k=k, wide=k)
    return shares(counts.edges)


def counted(
    graph: NeighborGraph,
    codes: IntArray,
    groups: IntArray | None = None,
    *,
    k: int,
    wide: int,
    n_labels: int | None = None,
    n_groups: int = 0,
) -> LabelCounts:
    """Run the kernel on a graph, once its sizes are known to fit."""
    codes = np.asarray(codes)
    if codes.shape != (graph.n_items,):
        raise GraphMismatchError(
            f"codes has shape {codes.shape}, but the neighbour graph covers {graph.n_items} "
            "items; give one code an item"
        )
    held = graph.indices.shape[1]
    deepest = max(k, wide)
    if k < 1 or deepest > held:
        raise GraphMismatchError(
            f"k={k if k < 1 else deepest} neighbours are asked for, but the graph holds {held}; "
            f"choose k from 1 to {held}, or build it with more neighbours"
        )
    most = int(codes.max()) + 1 if n_labels is None and len(codes) else n_labels or 0
    return label_counts(
        np.ascontiguousarray(graph.indices, dtype=np.int32),
        np.ascontiguousarray(codes, dtype=np.int32),
        None if groups is None else np.ascontiguousarray(groups, dtype=np.int32),
        n_labels=max(0, most),
        n_groups=n_groups,
        near=k,
        wide=wide,
    )


def check_labels(codes: IntArray, n_labels: int) -> None:
    """Refuse codes without a row in a table of labels, and tables too large."""
    if n_labels > MOST_DENSE:
        raise InputError(
            f"{n_labels:,} labels would make a table of {n_labels**2:,} label pairs; give at most "
            f"{MOST_DENSE:,}: keep the frequent ones and put the rest under one code"
        )
    highest = int(np.max(codes, initial=-1))
    if highest >= n_labels:
        raise InputError(
            f"code {highest} is not under n_labels={n_labels}; give n_labels={highest + 1} or more"
        )


def vote_shares(voted: IntArray, codes: IntArray, *, n_labels: int) -> NDArray[np.float64]:
    """Return the row-wise shares of votes by true label."""
    codes = np.asarray(codes, dtype=np.int64)[: len(voted)]
    known = (codes >= 0) & (voted >= 0)
    flat = np.bincount(codes[known] * n_labels + voted[known], minlength=n_labels**2)
    return shares(flat.reshape(n_labels, n_labels))


def shares(counts: IntArray) -> NDArray[np.float64]:
    """Divide each row by its sum; NaN where that is 0."""
    total = counts.sum(axis=-1, keepdims=True, dtype=np.float64)
    divided: NDArray[np.float64] = counts / np.where(total > 0, total, np.nan)
    return divided


def _purity(same: IntArray, labelled: IntArray, codes: IntArray) -> NDArray[np.float32]:
    purity = np.full(len(codes), np.nan, dtype=np.float32)
    known = (labelled > 0) & (codes >= 0)
    purity[known] = same[known] / labelled[known]
    return purity
