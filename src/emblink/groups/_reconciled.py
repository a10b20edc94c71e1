"""Which pieces of what strayed are told: those that are elsewhere, each item once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emblink.groups._carried import Carried
from emblink.groups._communities import JOINS, SMALLEST
from emblink.groups._edges import is_edge
from emblink.groups._kinds import is_as_surrounded
from emblink.groups._tested import CLEAR, Piece

_PART = 1.5
_MANY = 1 / 3

Floats = NDArray[np.float32]
Lists = tuple[NDArray[np.int32], NDArray[np.int32]]
Mask = NDArray[np.bool_]


def elsewhere(
    pieces: Sequence[Piece], lists: Lists, kept: tuple[Mask, Mask], *, residuals: Floats, away: Mask
) -> list[Piece]:
    """Keep the pieces whose neighbours are not what they were, and that are no edge of them.

    Whoever went farther and left them does not count as a neighbour.

    Parameters
    ----------
    pieces : sequence of Piece
    lists : (array of shape (n_items, k), array of shape (n_items, k)), int32
        Nearest neighbours in ``a`` and ``b``.
    kept : (array of shape (n_items, k), ...), bool
        Which of them are neighbours in the other space too.
    residuals : array of shape (n_items, n_dims), float32
    away : array of shape (n_items,), bool
        Items that are known to have gone elsewhere.

    Returns
    -------
    list of Piece
    """
    usual = float(kept[0].mean())
    lengths = [float(np.linalg.norm(residuals[one.members].mean(axis=0))) for one in pieces]
    owners = np.zeros(len(away), dtype=np.int64)
    found = list[Piece]()
    for at in np.argsort(lengths, kind="stable")[::-1]:
        one = pieces[at]
        gone = _left_by(one.members, owners, away, lists[0])
        here = is_as_surrounded(
            one.members, lists, kept, usual=usual, residuals=residuals, gone=gone
        )
        if not here and not is_edge(one.members, lists, residuals, gone=gone):
            found.append(one)
            owners[one.members] = len(found)
    return found


def _left_by(
    members: NDArray[np.int64], owners: NDArray[np.int64], away: Mask, lists: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Return the items of which many of the neighbours were that some have beside themselves.

    Those of one piece, whose ``owners`` are alike and above 0, or those ``away``.
    """
    near = lists[members]
    others = near[~np.isin(near, members)]
    many = _MANY * max(len(others), 1)
    held = np.bincount(owners[others], minlength=1)
    held[0] = 0
    gone = np.isin(owners, np.flatnonzero(held >= many)) if held.max() >= many else owners < 0
    if np.count_nonzero(away[others]) >= many:
        gone = gone | away
    return np.setdiff1d(np.flatnonzero(gone), members)


def reconciled(
    pieces: Sequence[Piece], whole: Sequence[Carried], item_evidence: Floats, eligible: Mask
) -> list[Piece]:
    """Join both kinds of pieces: what was carried as a part of a greater one is told with that.

    Raises the ``item_evidence`` of what was carried to what groups have at least.

    Parameters
    ----------
    pieces : sequence of Piece
    whole : sequence of Carried
    item_evidence : array of shape (n_items,), float32
        Evidence of each item.
    eligible : array of shape (n_items,), bool
        Which items may be members.

    Returns
    -------
    list of Piece
        Of 8 items or more; no item is in two. What was found both ways has the lesser ``p``.
    """
    for one in whole:
        rows = one.members[eligible[one.members]]
        item_evidence[rows] = np.maximum(item_evidence[rows], CLEAR)
        shared = [np.intersect1d(rows, other.members).size for other in pieces]
        met = [*zip(shared, pieces, strict=True)]
        most = [other for n, other in met if 2 * n > len(rows)]
        if not any(len(other.members) > _PART * len(rows) for other in most):
            left = [
                _piece(np.setdiff1d(other.members, rows), item_evidence, other.p) if n else other
                for n, other in met
                if 2 * n <= len(other.members)
            ]
            pieces = [
                _piece(rows, item_evidence, min([one.p, *(other.p for other in most)])),
                *left,
            ]
    return [one for one in pieces if len(one.members) >= SMALLEST]


def _piece(members: NDArray[np.int64], item_evidence: Floats, p: float) -> Piece:
    return Piece(
        members, float(item_evidence[members].sum(dtype=np.float64)) - JOINS * len(members), p
    )
