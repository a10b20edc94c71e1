"""Whether the rows of one of two spaces look shuffled."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from emblink.measures._lists import first_neighbors
from emblink.measures._overlap import neighborhood_overlap
from emblink.measures._profiles import match_by_profile
from emblink.measures._rematch import match_by_structure
from emblink.types import IntArray, NeighborGraph

_COMPARED = 10
_BLOCK_ROWS = 8192

# Unrelated spaces of few dims can be laid on each other too: of the clouds tried, those in one dim
# reach 0.17 but match 0.3 of their items, those in two dims reach 0.06, and those in ten match 0.4
# but reach 0.02. Shuffled relatives that kept 0.67 reach 0.20 and match 0.48 or more.
_EVIDENCE = 0.15
_LEAST_MATCHED = 0.4
_OVER_NULL = 3.0

_BLOCKS = 8
_LEAST_ROWS = 30


@dataclass(frozen=True)
class RowAlignment:
    """What became of the overlap when items were matched by their neighbourhoods, not their rows.

    Attributes
    ----------
    given : float
        Mean overlap in the order given.
    rematched : float
        Mean overlap after re-matching one to one; items without a match count as 0.
    matched : float
        Share of items that found a match: pairs that are each other's best.
    null : float or None
        ``rematched`` with the second space's neighbour lists rewired at random; None where
        ``rematched`` was too low to be evidence of anything.
    misaligned : bool
        Whether the rows look shuffled.
    copies_only : bool
        Whether there were too many items to look for more than a shuffled copy.
    """

    given: float
    rematched: float
    matched: float
    null: float | None
    misaligned: bool
    copies_only: bool


def row_alignment(
    a: NeighborGraph, b: NeighborGraph, *, seed: int = 0, max_items: int = 4000
) -> RowAlignment:
    """Look for a re-matching of the items under which two spaces agree after all.

    Of use when the overlap in the order given is no better than chance: rows in another order
    look exactly like unrelated spaces. Items are matched first by their profile of neighbour
    distances, which shuffling, rotation and scale leave as it is; then, among at most
    ``max_items`` items, by statistics of ever wider neighbourhoods, refined in rounds in which
    items vote for the neighbours of what their neighbours matched.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same number of items; 20 neighbours or more serve best, 100 better.
    seed : int
        Of the rewired null.
    max_items : int
        Beyond it only shuffled copies are looked for: the rounds take time quadratic in the
        items (never memory), some seconds at the default.

    Returns
    -------
    RowAlignment
        ``misaligned`` when the re-matched overlap is at least 0.15, 3 times the overlap as given
        and 3 times the null, with at least 0.4 of the items matched. Invariant to any order of the
        rows of either space, but for ``given``.

    Raises
    ------
    GraphMismatchError
        The graphs cover different numbers of items.

    Notes
    -----
    Sees shuffled copies (rotated, scaled, at float32 rounding), and shuffled relatives that kept
    about two thirds of each neighbourhood. Misleads by silence: relatives that kept less, and
    beyond ``max_items`` any relative that is no copy, pass for unrelated; so do spaces without
    structure, such as many copies of a few vectors.

    References
    ----------
    .. [1] Kazemi, Hassani and Grossglauser, "Growing a Graph Matching from a Handful of Seeds",
       VLDB 2015 (votes of matched neighbours).
    """
    k = min(_COMPARED, a.indices.shape[1], b.indices.shape[1])
    given = float(neighborhood_overlap(a, b, k=k).mean())
    copies_only = len(a.indices) > max_items
    enough = max(_EVIDENCE, _OVER_NULL * given)
    rematched, matched, null = 0.0, 0.0, None
    for matcher in (match_by_profile,) if copies_only else (match_by_profile, match_by_structure):
        match = matcher(a, b)
        rematched, matched = _overlap_under(a, b, match, k=k), float((match >= 0).mean())
        if rematched >= enough and matched >= _LEAST_MATCHED:
            noise = _rewired(b, seed=seed)
            null = _overlap_under(a, noise, matcher(a, noise), k=k)
            break
    return RowAlignment(
        given=given,
        rematched=rematched,
        matched=matched,
        null=null,
        misaligned=null is not None and rematched >= _OVER_NULL * null,
        copies_only=copies_only,
    )


def row_shift(
    a: NeighborGraph, b: NeighborGraph, *, sequence: IntArray | None = None, upto: int = 8
) -> tuple[int, float, float]:
    """Offset by which a part of the rows of one space looks shifted against the other's.

    A row that moved to the end, or is missing, shifts all that follow: within the shifted part the
    spaces agree at that offset, and not as given.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same rows.
    sequence : array of shape (n_items,), optional
        The rows, one after the other as they came; by default as they are numbered.
    upto : int
        The largest offset looked at, either way.

    Returns
    -------
    (int, float, float)
        The offset (the ``i``-th row of ``a`` is the ``i + offset``-th of ``b``), 0 where none
        stands out, and the mean overlap of the most telling block of rows as given and at that
        offset. It stands out from 0.15 and 3 times what was given.

    Raises
    ------
    GraphMismatchError
        The graphs cover different numbers of items.
    """
    n = len(a.indices)
    k = min(_COMPARED, a.indices.shape[1], b.indices.shape[1])
    left: IntArray
    right: IntArray
    left, right = first_neighbors(a, b, k=k)
    if sequence is not None:
        place = np.empty(n, dtype=np.int64)
        place[sequence] = np.arange(n)
        left, right = place[left[sequence]], place[right[sequence]]
    best = (0, 0.0, 0.0)
    edges = np.linspace(0, n, min(_BLOCKS, max(1, n // _LEAST_ROWS)) + 1).astype(int)
    starts = [(start, min(end, start + _BLOCK_ROWS // 8)) for start, end in pairwise(edges)]
    for start, end in starts:
        given = _block_overlap(left, right, (start, end), 0)
        for offset in (sign * size for size in range(1, upto + 1) for sign in (1, -1)):
            found = _block_overlap(left, right, (start, end), offset)
            if found >= max(_EVIDENCE, _OVER_NULL * given) and found > best[2]:
                best = (offset, given, found)
    return best


def _block_overlap(left: IntArray, right: IntArray, block: tuple[int, int], offset: int) -> float:
    rows = np.arange(*block)
    rows = rows[(rows + offset >= 0) & (rows + offset < len(left))]
    if not len(rows):
        return 0.0
    expected, actual = left[rows] + offset, right[rows + offset]
    return float((expected[:, :, None] == actual[:, None, :]).sum() / (len(rows) * left.shape[1]))


def _overlap_under(a: NeighborGraph, b: NeighborGraph, match: IntArray, *, k: int) -> float:
    """Return the mean overlap when item ``i`` of ``a`` is item ``match[i]`` of ``b`` (-1: none)."""
    left, right = first_neighbors(a, b, k=k)
    found = 0
    for start in range(0, len(match), _BLOCK_ROWS):
        own = match[start : start + _BLOCK_ROWS]
        rows = np.flatnonzero(own >= 0)
        expected = match[left[start + rows]]
        actual = right[own[rows]]
        found += int((expected[:, :, None] == actual[:, None, :]).sum())
    return found / (len(match) * k)


def _rewired(graph: NeighborGraph, *, seed: int) -> NeighborGraph:
    """Deal every neighbour list entry anew; in-degrees and all distances stay as they are."""
    permuted: NDArray[np.int32] = np.random.default_rng(seed).permutation(graph.indices.ravel())
    return NeighborGraph(
        permuted.reshape(graph.indices.shape), graph.distances, graph.metric, graph.recall
    )
