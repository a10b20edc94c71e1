"""Whose neighbours the members of a group were, and whose they are now."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.groups._enrich import Category
from emblink.types import IntArray, NeighborGraph, NeighborShift

MOST_SHIFTS = 8
MOST_NEIGHBORS = 8

_LEAST_CHANGE = 0.02
_FEWEST_MEMBERS = 2
_TINY = 5
_BLOCK = 1 << 14


class Counted(NamedTuple):
    """Items, and how many members each concerns."""

    rows: NDArray[np.int64]
    counts: NDArray[np.int64]


class ChangedNeighbors(NamedTuple):
    """Items that members lost and gained as neighbours."""

    lost: Counted
    gained: Counted


def neighbor_shifts(
    members: IntArray, graphs: tuple[NeighborGraph, NeighborGraph], label: Category
) -> list[NeighborShift]:
    """Change of the share of a group's neighbours that have each label.

    Parameters
    ----------
    members : array of shape (n_members,)
        Rows of the items.
    graphs : (NeighborGraph, NeighborGraph)
        Of both spaces, over all items.
    label : Category

    Returns
    -------
    list of NeighborShift
        At most 8, the largest change first, each of at least 0.02. Shares lie in [0, 1]; neighbours
        without a label count as such, so that shares need not add up to 1. Invariant to anything
        that keeps each neighbour list as a set.

    Notes
    -----
    Of neighbours that are no members: where a group moves as a whole, members stay each other's
    neighbours and would hide it. Where members have less than one other neighbour each in either
    space, all neighbours are counted in both. Misleads for a group of a few members, whose lists
    name few others: 0.02 is then one neighbour.
    """
    inside = np.zeros(len(label.codes), dtype=bool)
    inside[members] = True
    lists = [graph.indices[members].ravel() for graph in graphs]
    others = [rows[~inside[rows]] for rows in lists]
    if min(map(len, others)) >= len(members):
        lists = others
    share_a, share_b = (_shares(label.codes[rows], len(label.names)) for rows in lists)
    change = np.abs(share_b - share_a)
    order = np.argsort(-change, kind="stable")[:MOST_SHIFTS]
    return [
        {
            "label": label.names[code],
            "share_a": float(share_a[code]),
            "share_b": float(share_b[code]),
            "chance": float(label.counts[code] / len(label.codes)),
        }
        for code in order.tolist()
        if change[code] >= _LEAST_CHANGE
    ]


def changed_neighbors(members: IntArray, a: NeighborGraph, b: NeighborGraph) -> ChangedNeighbors:
    """Items that are neighbours of the most members in one space and not in the other.

    Parameters
    ----------
    members : array of shape (n_members,)
        Rows of the items.
    a, b : NeighborGraph
        Over all items.

    Returns
    -------
    ChangedNeighbors
        Of those lost and those gained at most 8, no members: those that concern the most members
        first, at least two unless the group has fewer than five; ties by row.

    Notes
    -----
    Misleads where an item is a hub of one space only: it is then lost or gained by every group.
    """
    return ChangedNeighbors(_gone(members, a, b), _gone(members, b, a))


def _shares(codes: IntArray, n_labels: int) -> NDArray[np.float64]:
    return np.bincount(codes[codes >= 0], minlength=n_labels) / max(1, len(codes))


def _gone(members: IntArray, before: NeighborGraph, after: NeighborGraph) -> Counted:
    """Count the neighbours before that are none after, a block of members at a time."""
    counts = np.zeros(len(before.indices), dtype=np.int64)
    for start in range(0, len(members), _BLOCK):
        rows = members[start : start + _BLOCK]
        old, new = before.indices[rows], after.indices[rows]
        kept = np.zeros(old.shape, dtype=bool)
        for column in new.T:
            kept |= old == column[:, None]
        counts += np.bincount(old[~kept], minlength=len(counts))
    counts[members] = 0
    least = 1 if len(members) < _TINY else _FEWEST_MEMBERS
    rows = np.flatnonzero(counts >= least)
    best = rows[np.argsort(-counts[rows], kind="stable")[:MOST_NEIGHBORS]]
    return Counted(best.astype(np.int64), counts[best])
