"""Kernels that keep the best of many scored candidates."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.kernels._library import fit, pointer, run


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


def unscored_lists(rows: NDArray[np.integer], counts: NDArray[np.int32]) -> TopLists:
    """Return lists of rows that nobody scored, for :func:`topk_rerank` to measure.

    Parameters
    ----------
    rows : array of shape (n_lists, length)
        Different ones in each list.
    counts : array of shape (n_lists,), int32
        How many of each list count.

    Returns
    -------
    TopLists
    """
    return TopLists(
        keys=np.invert(rows.astype(np.uint32)).astype(np.uint64),
        counts=counts,
        thresholds=np.zeros(len(rows), dtype=np.float32),
        keep=rows.shape[1],
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
    fit(
        "topk_rows", block.shape[0] == selves.size and first_list + selves.size <= lists.counts.size
    )
    fit("topk_rows", block.shape[1] == bias.size)
    run(
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
    fit("topk_columns", block.shape[0] == bias.size)
    fit("topk_columns", first_list + block.shape[1] <= lists.counts.size)
    run(
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
    fit("topk_rerank", held.size == queries.size and k <= lists.keep and bool(np.all(held >= k)))
    rows = np.empty((queries.size, k), dtype=np.int32)
    squares = np.empty((queries.size, k), dtype=np.float64)
    run(
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


def topk_trim(lists: TopLists) -> None:
    """Leave the ``keep`` best of each list, in its first places."""
    run(
        "topk_trim",
        pointer(lists.keys, np.uint64),
        pointer(lists.counts, np.int32),
        pointer(lists.thresholds, np.float32),
        ctypes.c_int64(lists.counts.size),
        ctypes.c_int64(lists.keep),
        ctypes.c_int64(lists.keys.shape[1]),
    )


@dataclass(frozen=True, eq=False)
class PackedLists:
    """Lists of the best-scored candidates, one behind the other.

    Attributes
    ----------
    keys : array of shape (n_keys,), uint64
        As in :class:`TopLists`.
    ends : array of shape (n_lists + 1,), int64
        List ``r`` is ``keys[ends[r] : ends[r + 1]]``.
    thresholds : array of shape (n_lists,), float32
        No candidate that was turned away scored above this.
    """

    keys: NDArray[np.uint64]
    ends: NDArray[np.int64]
    thresholds: NDArray[np.float32]

    def __getitem__(self, lists: slice) -> PackedLists:
        """Return some lists that follow each other."""
        first, last, _ = lists.indices(len(self.thresholds))
        return PackedLists(self.keys, self.ends[first : last + 1], self.thresholds[lists])


def packed(lists: TopLists) -> PackedLists:
    """Trim running lists, and return what they hold."""
    topk_trim(lists)
    held = np.arange(lists.keep) < lists.counts[:, None]
    ends = np.concatenate(([0], np.cumsum(lists.counts, dtype=np.int64)))
    return PackedLists(lists.keys[:, : lists.keep][held], ends, lists.thresholds)


def topk_merge(lists: TopLists, part: PackedLists, *, first_list: int = 0) -> None:
    """Merge lists of other candidates into running lists, of which the first is ``first_list``.

    Whatever was turned away from either scored no higher than its threshold. The running lists are
    left with the ``keep`` best of each.
    """
    n_lists, ends = part.thresholds.size, part.ends
    fit("topk_merge", ends.size == n_lists + 1)
    fit("topk_merge", first_list + n_lists <= lists.counts.size)
    fit("topk_merge", ends[0] >= 0 and ends[-1] <= part.keys.size)
    fit("topk_merge", bool((np.diff(ends) >= 0).all()))
    run(
        "topk_merge",
        pointer(part.keys, np.uint64),
        pointer(part.ends, np.int64),
        pointer(part.thresholds, np.float32),
        ctypes.c_int64(n_lists),
        ctypes.c_int64(first_list),
        *_lists(lists),
    )


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
    fit("topk_resolve", block.shape[0] == selves.size == cutoffs.size == lists.counts.size)
    fit("topk_resolve", block.shape[1] == bias.size)
    run(
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
