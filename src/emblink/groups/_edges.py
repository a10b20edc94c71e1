"""Pieces that are but the edge of what all around them did: noise and bends cut off as many."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.groups._kinds import agreement_of

_ONE_WAY = 0.4
_FEWEST_OTHERS = 0.1
_APART = 4.0
_NORMAL = 1.4826
_BY_THEMSELVES, _AMONG_OTHERS = 0.75, 0.5

Floats = NDArray[np.float32]
Lists = NDArray[np.int32]
Rows = NDArray[np.int64]


def is_edge(
    members: Rows,
    lists: tuple[Lists, Lists],
    residuals: Floats,
    *,
    gone: Rows | None = None,
) -> bool:
    """Whether members went no farther than the farthest of one continuum go.

    Parameters
    ----------
    members : array of shape (n_members,), int64
    lists : (array of shape (n_items, k), array of shape (n_items, k)), int32
        Nearest neighbours in ``a`` and ``b``.
    residuals : array of shape (n_items, n_dims), float32
    gone : array of shape (n_gone,), int64, optional
        Items that went farther, which count as no neighbours.

    Returns
    -------
    bool
        Of members that went one way (at a mean cosine of 0.4 or more): whether, along that way,
        their middle lies less than 4 deviations from what is around them in both spaces: their
        other neighbours there, and the neighbours of these (by median, and 1.4826 times the median
        absolute deviation). The nearest alone are a slice of the continuum as narrow as the members
        are, beside which its end looks far off; of the whole, noise and bends leave no end farther
        than 3.3. A tenth of the lists have to be others in both spaces: a cluster by itself has no
        edge to be cut from. Nor has what became one, or ceased to be: of which over three quarters
        of the neighbours are members in one space, and under half in the other.
    """
    way = residuals[members].mean(axis=0, dtype=np.float64)
    if not way.any() or agreement_of(residuals[members]) < _ONE_WAY:
        return False
    shares = sorted(_inner(members, one) for one in lists)
    if shares[1] > _BY_THEMSELVES and shares[0] < _AMONG_OTHERS:
        return False
    left_out = members if gone is None else np.concatenate([members, gone])
    middle = float(np.median(residuals[members] @ way))
    for one in lists:
        outside = one[members][~np.isin(one[members], left_out)]
        if len(outside) < _FEWEST_OTHERS * one[members].size:
            return False
        around = np.union1d(outside, one[outside])
        others = residuals[np.setdiff1d(around, left_out)] @ way
        there = float(np.median(others))
        width = _NORMAL * float(np.median(np.abs(others - there)))
        if middle - there >= _APART * width:
            return False
    return True


def _inner(members: Rows, lists: Lists) -> float:
    """Return the share of the members' nearest, as many as could be members, that are."""
    return float(np.isin(lists[members, : len(members) - 1], members).mean())
