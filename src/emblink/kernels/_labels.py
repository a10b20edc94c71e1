"""Kernel that counts the labels among neighbours."""

from __future__ import annotations

import ctypes
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.kernels._library import fit, pointer, run


class LabelCounts(NamedTuple):
    """The labels among the ``near`` and the ``wide`` nearest neighbours of each item.

    Attributes
    ----------
    same, wide_same : array of shape (n_items,), int32
        Neighbours that carry the item's own label; 0 where it has none.
    labelled, wide_labelled : array of shape (n_items,), int32
        Neighbours that carry any label.
    voted : array of shape (n_items,), int32
        The label of most of the ``near``; of tied ones that whose nearest member comes first; -1
        where none is labelled.
    edges : array of shape (n_groups, n_labels), int64
        Labels of the ``wide`` nearest of each group's items; no rows without groups.
    """

    same: NDArray[np.int32]
    labelled: NDArray[np.int32]
    wide_same: NDArray[np.int32]
    wide_labelled: NDArray[np.int32]
    voted: NDArray[np.int32]
    edges: NDArray[np.int64]


def label_counts(
    indices: NDArray[np.int32],
    codes: NDArray[np.int32],
    groups: NDArray[np.int32] | None = None,
    *,
    n_labels: int,
    n_groups: int = 0,
    near: int,
    wide: int,
) -> LabelCounts:
    """Count the labels among each item's neighbours in one pass.

    Parameters
    ----------
    indices : array of shape (n_items, k), int32
        Rows, nearest first.
    codes : array of shape (n_items,), int32
        Under ``n_labels``; negative for none.
    groups : array of shape (n_items,), int32, optional
        Under ``n_groups``; negative to leave an item out of ``edges``.
    n_labels, n_groups : int
    near, wide : int
        ``1 <= near <= wide <= k``.

    Returns
    -------
    LabelCounts
    """
    n, held = indices.shape
    fits = codes.ndim == 1 and len(codes) >= n and 1 <= near <= wide <= held
    fits = (
        fits
        and _under(codes, n_labels)
        and (n == 0 or 0 <= indices.min() <= indices.max() < len(codes))
    )
    if groups is None:
        n_groups = 0
    else:
        fits = fits and groups.shape == codes.shape and _under(groups, n_groups)
    fit("label_counts", bool(fits))
    same, labelled, wide_same, wide_labelled, voted = (
        np.empty(n, dtype=np.int32) for _ in range(5)
    )
    edges = np.zeros((n_groups, n_labels), dtype=np.int64)
    run(
        "label_counts",
        pointer(indices, np.int32),
        pointer(codes, np.int32),
        ctypes.c_void_p() if groups is None else pointer(groups, np.int32),
        *(ctypes.c_int64(number) for number in (n, held, near, wide, n_labels, n_groups)),
        *(
            pointer(column, np.int32)
            for column in (same, labelled, wide_same, wide_labelled, voted)
        ),
        pointer(edges, np.int64),
    )
    return LabelCounts(same, labelled, wide_same, wide_labelled, voted, edges)


def _under(codes: NDArray[np.int32], n: int) -> bool:
    return not len(codes) or int(codes.max()) < n
