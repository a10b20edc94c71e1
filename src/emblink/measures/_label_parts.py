"""What one space says of its pairs of labels, measured once and compared often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.limits import FEWEST_ITEMS
from emblink.measures._labels import counted, shares
from emblink.measures._separation import GroupSums, group_sums, separation_of
from emblink.types import FloatArray, IntArray, NeighborGraph

MOST_LABELS = 200
N_FOLDS = 20

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LabelParts:
    """One space's pairs of labels, and again with each fold of the items left out.

    Attributes
    ----------
    labels : array of shape (n_kept,), integer
        The codes of the labels kept, ascending: those with at least 30 items, and the 200 most
        frequent of these.
    counts : array of shape (n_kept,), integer
        Items of each.
    separation, mixing : array of shape (n_kept, n_kept), float64
        :func:`label_separation` and :func:`label_mixing`.
    mixing_chance : array of shape (n_kept, n_kept), float64
    confusion : array of shape (n_kept, n_kept), float64
        :func:`knn_confusion`; votes for labels not kept are counted but not shown.
    fold_separation, fold_mixing : array of shape (n_folds, n_kept, n_kept), float64
        The same without the items of each fold.
    """

    labels: IntArray
    counts: IntArray
    separation: Numbers
    mixing: Numbers
    mixing_chance: Numbers
    confusion: Numbers
    fold_separation: Numbers
    fold_mixing: Numbers


def label_parts(
    vectors: FloatArray,
    graph: NeighborGraph,
    codes: IntArray,
    *,
    cells: IntArray | None = None,
    k: int = 50,
    voters: int = 10,
) -> LabelParts:
    """Measure the pairs of labels of one space, in a pass over vectors and one over neighbours.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
    graph : NeighborGraph
        Of the same items; at least ``k`` and ``voters`` neighbours.
    codes : array of shape (n_items,), integer
        The label of each item; negative where it has none.
    cells : array of shape (n_items,), integer, optional
        Which cell of neighbours each item lies in: items of a cell are left out together. Both
        spaces of a pair need the same cells.
    k, voters : int
        Neighbours for the mixing and for the confusion.

    Returns
    -------
    LabelParts
        Ranges, chance and invariances are those of its measures.

    Raises
    ------
    GraphMismatchError
        As :func:`knn_label_purity`.
    VectorError
        ``vectors`` and ``codes`` cover different items.

    Notes
    -----
    Each label's items are cut into 20 folds of equal size along its cells, so that every label
    misses a part in every fold. Misleads where a label fills few cells: folds then cut through
    cells, and the errors drawn from them are those of independent items.
    """
    codes = np.asarray(codes)
    labels, counts = _kept(codes)
    n = len(labels)
    place = np.full(max(int(codes.max(initial=-1)) + 1, 1), n)  # all others share one last code
    place[labels] = np.arange(n)
    small = np.where(codes >= 0, place[np.maximum(codes, 0)], -1)
    folds = label_folds(small, n, cells)
    groups = np.where((small >= 0) & (small < n), folds * n + small, -1)
    sums = group_sums(vectors, groups, n_groups=N_FOLDS * n, metric=graph.metric)
    edges = counted(
        graph, small, groups, n_labels=n + 1, n_groups=N_FOLDS * n, k=k, wide=k
    ).edges.reshape(N_FOLDS, n, n + 1)
    by_fold = [
        GroupSums(*(part.reshape(N_FOLDS, n, *part.shape[1:])[fold] for part in sums))
        for fold in range(N_FOLDS)
    ]
    whole = GroupSums(*(part.reshape(N_FOLDS, n, *part.shape[1:]).sum(axis=0) for part in sums))
    total = edges.sum(axis=0)
    frequency = counts / max(1, int((codes >= 0).sum()) - 1)
    return LabelParts(
        labels=labels,
        counts=counts,
        separation=separation_of(whole),
        mixing=_mixing(total),
        mixing_chance=(frequency[:, None] + frequency) / 2,
        confusion=_confusion(graph, codes, labels, voters=voters),
        fold_separation=np.array([separation_of(whole - fold) for fold in by_fold]),
        fold_mixing=np.array([_mixing(total - fold) for fold in edges]),
    )


def label_folds(codes: IntArray, n_labels: int, cells: IntArray | None) -> NDArray[np.int64]:
    """Cut each label's items, in order of their cells, into runs of equal size."""
    order = np.argsort(codes, kind="stable") if cells is None else np.lexsort((cells, codes))
    ordered = codes[order]
    first = np.searchsorted(ordered, np.arange(n_labels + 1))
    sizes = np.diff(np.append(first, len(codes)))
    known = ordered >= 0
    folds = np.zeros(len(codes), dtype=np.int64)
    rank = np.arange(len(codes))[known] - first[ordered[known]]
    folds[order[known]] = rank * N_FOLDS // sizes[ordered[known]]
    return folds


def _kept(codes: IntArray) -> tuple[IntArray, IntArray]:
    counts = np.bincount(codes[codes >= 0], minlength=1)
    often = np.argsort(-counts, kind="stable")[:MOST_LABELS]
    labels = np.sort(often[counts[often] >= FEWEST_ITEMS])
    return labels, counts[labels]


def _mixing(edges: IntArray) -> Numbers:
    one_way = shares(edges)[:, : len(edges)]
    mixed: Numbers = (one_way + one_way.T) / 2
    return mixed


def _confusion(graph: NeighborGraph, codes: IntArray, labels: IntArray, *, voters: int) -> Numbers:
    voted = counted(graph, codes, k=voters, wide=voters).voted
    confusion = np.zeros((len(labels), len(labels)))
    for row, label in enumerate(labels):
        votes = voted[(codes[: len(voted)] == label) & (voted >= 0)]
        confusion[row] = (votes[:, None] == labels).mean(axis=0) if len(votes) else 0.0
    return confusion
