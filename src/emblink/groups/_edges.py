"""Pieces that are but the edge of what all around them did: noise and bends cut off as many."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.groups._kinds import agreement_of

_ONE_WAY = 0.4
_FEWEST_OTHERS = 0.1
_APART = 3.5
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
        Of members that went one way (at a mean cosine of 0.4 or more): whether they and their other
        neighbours lie, along that way, less than 3.5 deviations apart in both spaces (of medians,
        in the root mean square of both median absolute deviations, 1.4826 times). What a cut leaves
        of one hump lies 3 apart or less; what went as one was never seen below 4. A tenth of the
        lists have to be others in both spaces: a cluster by itself has no edge to be cut from. Nor
        has what became one, or ceased to be: of which over three quarters of the neighbours are
        members in one space, and under half in the other.
    """
    way = residuals[members].mean(axis=0, dtype=np.float64)
    if not way.any() or agreement_of(residuals[members]) < _ONE_WAY:
        return False
    shares = sorted(_inner(members, one) for one in lists)
    if shares[1] > _BY_THEMSELVES and shares[0] < _AMONG_OTHERS:
        return False
    along = residuals[members] @ way
    for near in (one[members] for one in lists):
        outside = near[~np.isin(near, members)]
        if gone is not None:
            outside = outside[~np.isin(outside, gone)]
        if len(outside) < _FEWEST_OTHERS * near.size:
            return False
        others = residuals[np.unique(outside)] @ way
        (here, width), (there, other_width) = _bulk(along), _bulk(others)
        if here - there >= _APART * np.sqrt((width**2 + other_width**2) / 2):
            return False
    return True


def _inner(members: Rows, lists: Lists) -> float:
    """Return the share of the members' nearest, as many as could be members, that are."""
    return float(np.isin(lists[members, : len(members) - 1], members).mean())


def _bulk(values: NDArray[np.floating]) -> tuple[float, float]:
    """Return median and deviation, whatever a few items far off did."""
    middle = float(np.median(values))
    return middle, _NORMAL * float(np.median(np.abs(values - middle)))
