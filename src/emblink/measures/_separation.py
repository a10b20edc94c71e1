"""How far apart two labels lie in one space, and how much their items mix."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.measures._centered import block_rows
from emblink.measures._labels import check_labels, label_neighbors
from emblink.types import FloatArray, IntArray, Metric, NeighborGraph

Numbers = NDArray[np.float64]

# Labels that coincide, or have no width, are as near or as far as the log of a double can say.
_FARTHEST = 50.0


class GroupSums(NamedTuple):
    """Of each group's rows about a common origin: their number, sum and sum of squared norms."""

    counts: Numbers
    sums: Numbers
    squares: Numbers

    def __sub__(self, other: GroupSums) -> GroupSums:
        return GroupSums(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


def label_separation(
    vectors: FloatArray, codes: IntArray, *, n_labels: int, metric: Metric = "cosine"
) -> Numbers:
    r"""Log of the squared distance of two labels' centroids over their pooled inner scatter.

    .. math:: s_{lm} = \log \frac{\lVert c_l - c_m \rVert^2}
       {(S_l + S_m) / (n_l + n_m - 2)}, \qquad S_l = \sum_{i \in l} \lVert x_i - c_l \rVert^2

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
    codes : array of shape (n_items,), integer
        The label of each item, under ``n_labels``; negative where the item has none.
    n_labels : int
        At most 1,000.
    metric : {"cosine", "euclidean"}
        With cosine, rows are first divided by their lengths.

    Returns
    -------
    array of shape (n_labels, n_labels), float64
        Symmetric, from -50 to 50. NaN on the diagonal, and for labels with fewer than two items.
        Labels drawn at random stand at about ``log(1 / n_l + 1 / n_m)``. Invariant to rotation,
        scale and shift of the space (cosine: rotation and the scale of each row), and to the order
        of items.

    Raises
    ------
    VectorError
        ``vectors`` and ``codes`` cover different items.
    InputError
        A code is not under ``n_labels``, or there are too many labels.

    Notes
    -----
    Misleads when a label is several clumps, which have one centroid between them, and in sight of
    neighbours: labels can be far apart by their centroids and touch at a border. Read
    :func:`label_mixing` beside it. An angle between centroids would mislead more: it changes with
    the mean of the whole space.
    """
    check_labels(codes, n_labels)
    return separation_of(group_sums(vectors, codes, n_groups=n_labels, metric=metric))


def label_mixing(graph: NeighborGraph, codes: IntArray, *, n_labels: int, k: int = 50) -> Numbers:
    """Mean of both directions' shares of neighbours that carry the other label.

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
        Symmetric, in [0, 1]; the diagonal is the label's mean share of its own; NaN for labels
        without a labelled neighbour. Expected value for an unrelated space: the mean of both
        labels' frequencies. Invariant to anything that keeps each neighbour list as a set.

    Raises
    ------
    GraphMismatchError
        As :func:`knn_label_purity`.
    InputError
        A code is not under ``n_labels``, or there are too many labels.

    Notes
    -----
    Misleads for far labels, which all have 0, and where a label has fewer than ``k`` items: part of
    its neighbours must then carry other labels.
    """
    one_way = label_neighbors(graph, codes, n_labels=n_labels, k=k)
    return (one_way + one_way.T) / 2


def group_sums(
    vectors: FloatArray, groups: IntArray, *, n_groups: int, metric: Metric
) -> GroupSums:
    """Sum the rows of each group in one pass, in float64; negative groups are left out."""
    groups = np.asarray(groups)
    if vectors.ndim != 2 or len(vectors) != len(groups):
        raise VectorError(
            f"vectors have shape {vectors.shape} for {len(groups)} labels; give one vector an item"
        )
    n_dims = vectors.shape[1]
    total = GroupSums(np.zeros(n_groups), np.zeros((n_groups, n_dims)), np.zeros(n_groups))
    origin: Numbers | None = None
    step = block_rows(n_dims)
    for start in range(0, len(vectors), step):
        rows = np.asarray(vectors[start : start + step], dtype=np.float64)
        if metric == "cosine":
            rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        if origin is None:  # near the middle, so that a large offset costs no digits
            origin = rows.mean(axis=0)
        own = groups[start : start + step]
        order = np.argsort(own, kind="stable")
        order = order[own[order] >= 0]
        if not len(order):
            continue
        rows = rows[order] - origin
        present, first, counts = np.unique(own[order], return_index=True, return_counts=True)
        total.counts[present] += counts
        total.sums[present] += np.add.reduceat(rows, first, axis=0)
        total.squares[present] += np.add.reduceat(np.einsum("ij,ij->i", rows, rows), first)
    return total


def separation_of(labels: GroupSums) -> Numbers:
    """Return :func:`label_separation` from sums by label."""
    counts = np.where(labels.counts >= 2, labels.counts, np.nan)
    centroids = np.nan_to_num(labels.sums / counts[:, None])
    lengths = np.einsum("ij,ij->i", centroids, centroids)
    between = lengths[:, None] + lengths - 2 * centroids @ centroids.T
    scatter = np.maximum(labels.squares - counts * lengths, 0.0)
    within = (scatter[:, None] + scatter) / (counts[:, None] + counts - 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        separation = np.log(np.maximum(between, 0.0)) - np.log(within)
    separation = np.clip(separation, -_FARTHEST, _FARTHEST)
    np.fill_diagonal(separation, np.nan)
    symmetric: Numbers = (separation + separation.T) / 2
    return symmetric
