"""Thin typed wrappers of the compiled kernels; each has a numpy oracle in the tests.

One shared library, plain C functions over pointers, called through :mod:`ctypes`: one binary per
platform serves every Python version.
"""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.compute import threads
from emblink.errors import KernelError

_SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
LIBRARY = Path(__file__).with_name(f"_kernels{_SUFFIX}")


@cache
def library() -> ctypes.CDLL:
    """Load the compiled kernels.

    Raises
    ------
    KernelError
        The library was not built, or cannot be loaded on this machine.
    """
    try:
        return ctypes.CDLL(str(LIBRARY))
    except OSError as error:
        raise KernelError(
            f"the compiled kernels {LIBRARY.name} cannot be loaded ({error}); "
            "reinstall Emblink, or run `python hatch_build.py` in a checkout"
        ) from error


def pointer(array: NDArray[Any], dtype: Any) -> ctypes.c_void_p:
    """Return the address of a C-contiguous array of ``dtype``, which the caller keeps alive."""
    if array.dtype != np.dtype(dtype) or not array.flags.c_contiguous:
        raise KernelError(
            f"a kernel needs a C-contiguous {np.dtype(dtype)} array, not {array.dtype} "
            f"with strides {array.strides}"
        )
    return ctypes.c_void_p(array.ctypes.data)


def _run(name: str, *arguments: Any) -> None:
    """Call a kernel on all threads; the result is the same for any number of them."""
    kernel = getattr(library(), f"emblink_{name}")
    kernel.restype = None
    kernel(*arguments, ctypes.c_int32(threads()))


def _fit(name: str, fits: bool) -> None:
    if not fits:
        raise KernelError(f"{name} was given arrays or numbers that do not fit each other")


def fuzzy_weights(distances: NDArray[np.float32]) -> NDArray[np.float32]:
    """Membership of each neighbour in the fuzzy neighbourhood of an item, as in UMAP.

    Parameters
    ----------
    distances : array of shape (n_items, k), float32
        To the ``k`` nearest other items, in any order.

    Returns
    -------
    array of shape (n_items, k), float32
        In [0, 1]; 1 up to the nearest neighbour that is not a duplicate, and a row sums to
        ``log2(k + 1)`` where that is possible. Invariant to the scale of the distances.

    References
    ----------
    .. [1] McInnes, Healy and Melville, "UMAP", 2018, algorithm 3.
    """
    weights = np.empty_like(distances, order="C")
    n, k = distances.shape
    _run(
        "fuzzy_weights",
        pointer(distances, np.float32),
        ctypes.c_int64(n),
        ctypes.c_int64(k),
        pointer(weights, np.float32),
    )
    return weights


def layout_epoch(
    positions: NDArray[np.float32],
    out: NDArray[np.float32],
    *,
    starts: NDArray[np.int64],
    columns: NDArray[np.int32],
    weights: NDArray[np.float32],
    items: NDArray[np.int32],
    rows: NDArray[np.int32],
    anchors: NDArray[np.float32],
    pull: NDArray[np.float32],
    rate: float,
    repulsion: float,
    samples: int,
    seed: int,
    epoch: int,
) -> None:
    """Move every item of one space once, reading ``positions`` and writing ``out``.

    Parameters
    ----------
    positions, out : arrays of shape (n, 2), float32
        Must not overlap.
    starts, columns, weights : arrays of shape (n + 1,), (n_edges,) and (n_edges,)
        The symmetric fuzzy graph in CSR form over the rows of the space.
    items : array of shape (n,), int32
        The item of each row; equal items of two spaces draw equal negative samples.
    rows : array of shape (n_items,), int32
        The row of each item, -1 where the space lacks it.
    anchors, pull : arrays of shape (n, 2) and (n,), float32
        Where each item is drawn to, and how strongly (0 or more).
    rate, repulsion : float
        Step length, and weight of all negative samples of an item beside its attraction.
    samples : int
        Negative samples of each item.
    seed, epoch : int
        Key of the randomness.
    """
    shapes = [a.shape for a in (positions, out, starts, columns, items, anchors, pull)]
    n, edges = len(items), len(weights)
    _fit("layout_epoch", shapes == [(n, 2), (n, 2), (n + 1,), (edges,), (n,), (n, 2), (n,)])
    _run(
        "layout_epoch",
        pointer(starts, np.int64),
        pointer(columns, np.int32),
        pointer(weights, np.float32),
        ctypes.c_int64(n),
        pointer(items, np.int32),
        pointer(rows, np.int32),
        ctypes.c_int64(len(rows)),
        pointer(anchors, np.float32),
        pointer(pull, np.float32),
        pointer(positions, np.float32),
        pointer(out, np.float32),
        ctypes.c_float(rate),
        ctypes.c_float(repulsion),
        ctypes.c_int32(samples),
        ctypes.c_uint64(seed),
        ctypes.c_uint64(epoch),
    )


@dataclass(frozen=True, eq=False)
class TopLists:
    """Running lists of the best-scored candidates, one a row; the ``topk_*`` kernels write in them.

    Attributes
    ----------
    keys : array of shape (n_lists, capacity), uint64
        Unordered entries; a higher score, then a lower row, is a greater key.
    counts : array of shape (n_lists,), int32
        Entries in each list.
    thresholds : array of shape (n_lists,), float32
        No candidate that was turned away scored above this.
    keep : int
        How many of the best are certain to be in a list.
    """

    keys: NDArray[np.uint64]
    counts: NDArray[np.int32]
    thresholds: NDArray[np.float32]
    keep: int


def top_lists(n_lists: int, *, keep: int) -> TopLists:
    """Return empty lists for the ``keep`` best candidates of each row."""
    return TopLists(
        keys=np.empty((n_lists, keep + max(8, keep // 2)), dtype=np.uint64),
        counts=np.zeros(n_lists, dtype=np.int32),
        thresholds=np.full(n_lists, -np.inf, dtype=np.float32),
        keep=keep,
    )


def topk_rows(
    lists: TopLists,
    block: NDArray[np.float32],
    bias: NDArray[np.float32],
    *,
    first_candidate: int,
    selves: NDArray[np.int64],
    first_list: int = 0,
) -> None:
    """Merge the rows of a block of scores into the lists of those rows.

    Candidate ``first_candidate + c`` scores ``block[r, c] - bias[c]`` for list ``first_list + r``.
    Candidates come in ascending order over the calls; the list's own row ``selves[r]`` never
    enters.
    """
    _fit(
        "topk_rows", block.shape[0] == selves.size and first_list + selves.size <= lists.counts.size
    )
    _fit("topk_rows", block.shape[1] == bias.size)
    _run(
        "topk_rows",
        *_block(block),
        pointer(bias, np.float32),
        ctypes.c_int64(first_candidate),
        pointer(selves, np.int64),
        ctypes.c_int64(first_list),
        *_lists(lists),
    )


def topk_columns(
    lists: TopLists,
    block: NDArray[np.float32],
    bias: NDArray[np.float32],
    *,
    first_candidate: int,
    first_list: int,
) -> None:
    """Merge the columns of a block of scores into the lists of those columns.

    Candidate ``first_candidate + r`` scores ``block[r, c] - bias[r]`` for list ``first_list + c``.
    Candidates come in ascending order over the calls; none of them may be a list's own row.
    """
    _fit("topk_columns", block.shape[0] == bias.size)
    _fit("topk_columns", first_list + block.shape[1] <= lists.counts.size)
    _run(
        "topk_columns",
        *_block(block),
        pointer(bias, np.float32),
        ctypes.c_int64(first_candidate),
        ctypes.c_int64(first_list),
        *_lists(lists),
    )


def topk_rerank(
    lists: TopLists,
    points: NDArray[np.float32],
    *,
    queries: NDArray[np.int64],
    first_list: int,
    k: int,
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Trim each list to its best; return the ``k`` of them nearest to its query.

    Also their squared distances, of the same shape ``(n_queries, k)``.
    List ``first_list + q`` belongs to ``points[queries[q]]`` and holds at least ``k`` candidates.
    Distances are summed in double precision from the differences; nearest first, ties by row.
    """
    here = slice(first_list, first_list + queries.size)
    held = lists.counts[here]
    _fit("topk_rerank", held.size == queries.size and k <= lists.keep and bool(np.all(held >= k)))
    rows = np.empty((queries.size, k), dtype=np.int32)
    squares = np.empty((queries.size, k), dtype=np.float64)
    _run(
        "topk_rerank",
        pointer(points, np.float32),
        ctypes.c_int64(points.shape[1]),
        pointer(queries, np.int64),
        ctypes.c_int64(queries.size),
        pointer(lists.keys[here], np.uint64),
        pointer(lists.counts[here], np.int32),
        pointer(lists.thresholds[here], np.float32),
        ctypes.c_int64(lists.keep),
        ctypes.c_int64(lists.keys.shape[1]),
        ctypes.c_int64(k),
        pointer(rows, np.int32),
        pointer(squares, np.float64),
    )
    return rows, squares


@dataclass(frozen=True, eq=False)
class NearLists:
    """Running sorted lists of the nearest rows, which :func:`topk_resolve` writes in."""

    rows: NDArray[np.int32]
    squares: NDArray[np.float64]
    counts: NDArray[np.int32]


def near_lists(n_lists: int, *, k: int) -> NearLists:
    """Return empty lists for the ``k`` nearest rows of each query."""
    return NearLists(
        rows=np.empty((n_lists, k), dtype=np.int32),
        squares=np.empty((n_lists, k), dtype=np.float64),
        counts=np.zeros(n_lists, dtype=np.int32),
    )


def topk_resolve(
    lists: NearLists,
    block: NDArray[np.float32],
    bias: NDArray[np.float32],
    *,
    first_candidate: int,
    cutoffs: NDArray[np.float32],
    points: NDArray[np.float32],
    selves: NDArray[np.int64],
) -> None:
    """Measure every candidate whose score reaches the cutoff, and merge it into list ``r``.

    Candidate ``first_candidate + c`` scores ``block[r, c] - bias[c]`` for row ``r`` of the block.
    Candidates come in ascending order over the calls; the list's own row ``selves[r]`` never
    enters.
    """
    _fit("topk_resolve", block.shape[0] == selves.size == cutoffs.size == lists.counts.size)
    _fit("topk_resolve", block.shape[1] == bias.size)
    _run(
        "topk_resolve",
        *_block(block),
        pointer(bias, np.float32),
        ctypes.c_int64(first_candidate),
        pointer(cutoffs, np.float32),
        pointer(points, np.float32),
        ctypes.c_int64(points.shape[1]),
        pointer(selves, np.int64),
        ctypes.c_int64(lists.rows.shape[1]),
        pointer(lists.rows, np.int32),
        pointer(lists.squares, np.float64),
        pointer(lists.counts, np.int32),
    )


def _block(
    block: NDArray[np.float32],
) -> tuple[ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64]:
    n_rows, n_cols = block.shape
    return pointer(block, np.float32), ctypes.c_int64(n_rows), ctypes.c_int64(n_cols)


def _lists(lists: TopLists) -> tuple[Any, ...]:
    return (
        pointer(lists.keys, np.uint64),
        pointer(lists.counts, np.int32),
        pointer(lists.thresholds, np.float32),
        ctypes.c_int64(lists.keep),
        ctypes.c_int64(lists.keys.shape[1]),
    )


def excess_rank(
    chosen_by: NDArray[np.float32], ranked_in: NDArray[np.float32], *, k: int
) -> NDArray[np.float64]:
    """Sum over the nearest of one list of how far they stand beyond ``k`` in another.

    Parameters
    ----------
    chosen_by, ranked_in : array of shape (n_rows, n), float32
        Distances; no NaN. Ties stand in order of column.
    k : int
        From 1 to ``n``.

    Returns
    -------
    array of shape (n_rows,), float64
        For each row, over the ``k`` least of ``chosen_by``: ``max(0, rank - k)``, the rank counted
        from 1 in the same row of ``ranked_in``.
    """
    n_rows, n = chosen_by.shape
    _fit("excess_rank", chosen_by.shape == ranked_in.shape and 1 <= k <= n)
    excess = np.empty(n_rows, dtype=np.float64)
    _run(
        "excess_rank",
        pointer(chosen_by, np.float32),
        pointer(ranked_in, np.float32),
        ctypes.c_int64(n_rows),
        ctypes.c_int64(n),
        ctypes.c_int64(k),
        pointer(excess, np.float64),
    )
    return excess
