"""What happened to a group: the figures, and the word for them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.decimals import decimals
from emblink.groups._tested import unit_rows
from emblink.types import GroupEvidence, GroupType

_FARTHER = 1.5
_HARDLY = 0.06
_MIXED = 2.0
_AS_OFTEN = 0.7
_APART = 1.0
_FEW_OUTSIDERS = 0.1
_STAYED = 0.4
_SOME_STAYED = 0.35
_FEWER = 0.45
_ONE_WAY = 0.7
_NOT_ALONG = 0.2
_ALL_STAYED = 0.85

Floats = NDArray[np.float32]
Lists = NDArray[np.int32]


def group_evidence(
    members: NDArray[np.int64],
    lists: tuple[Lists, Lists],
    points: tuple[Floats, Floats],
    *,
    spreads: tuple[float, float],
    residuals: Floats,
    density_change: Floats,
) -> GroupEvidence:
    """Measure what a group's type is read from.

    Parameters
    ----------
    members : array of shape (n_members,), int64
        At least two.
    lists : (array of shape (n_items, k), array of shape (n_items, k)), int32
        Nearest neighbours in ``a`` and ``b``.
    points : (array of shape (n_items, n_dims), ...), float32
        The items of ``a`` and ``b`` by :func:`principal_points`.
    spreads : (float, float)
        :func:`spread_of` both.
    residuals : array of shape (n_items, n_dims), float32
    density_change : array of shape (n_items,), float32

    Returns
    -------
    GroupEvidence
    """
    n, n_members = len(lists[0]), len(members)
    inside = np.zeros(n, dtype=bool)
    inside[members] = True
    inner = [_inner(members, inside, one) for one in lists]
    spread = [
        spread_of(one[members]) / max(whole, 1e-12)
        for one, whole in zip(points, spreads, strict=True)
    ]
    return {
        "inner_a": inner[0],
        "inner_b": inner[1],
        "inner_chance": (n_members - 1) / (n - 1),
        "spread_a": spread[0],
        "spread_b": spread[1],
        "agreement": agreement_of(residuals[members]),
        "density_change": float(np.median(decimals(density_change[members]))),
    }


def group_type(
    evidence: GroupEvidence,
    members: NDArray[np.int64],
    lists: tuple[Lists, Lists],
    points: Floats,
    *,
    spread: float,
) -> GroupType:
    """Name what happened to the members of a group.

    Parameters
    ----------
    evidence : GroupEvidence
    members : array of shape (n_members,), int64
    lists : (array of shape (n_items, k), array of shape (n_items, k)), int32
    points : array of shape (n_items, n_dims), float32
        The items of ``b``.
    spread : float
        :func:`spread_of` them.

    Returns
    -------
    GroupType
        *gathered* or *scattered* where the members' spread fell or grew by half or more, and they
        stood before, or stand now, hardly more often in each other's lists than any items (chance
        and 6 % of what lies above it); *merged* where the odds that a neighbour is a member fell to
        less than half, and others are a tenth of the neighbours or more now; *split* where the odds
        more than doubled, others were a tenth or more, and the members are still nearer to those
        that they left than items usually are to one another, by three tenths; *moved* otherwise,
        or *carried* where hardly any of their neighbours were or are others.
    """
    inner_a, inner_b = evidence["inner_a"], evidence["inner_b"]
    hardly = evidence["inner_chance"] + _HARDLY * (1 - evidence["inner_chance"])
    if evidence["spread_a"] > _FARTHER * evidence["spread_b"] and inner_a < hardly < inner_b:
        return "gathered"
    if evidence["spread_b"] > _FARTHER * evidence["spread_a"] and inner_b < hardly < inner_a:
        return "scattered"
    if _more_mixed(inner_b, inner_a):
        return "merged"
    if _more_mixed(inner_a, inner_b) and _still_near(members, lists[0], points, spread=spread):
        return "split"
    return "carried" if min(inner_a, inner_b) > 1 - _FEW_OUTSIDERS else "moved"


def is_as_surrounded(
    members: NDArray[np.int64],
    lists: tuple[Lists, Lists],
    kept: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    *,
    usual: float,
    residuals: Floats,
    gone: NDArray[np.int64] | None = None,
) -> bool:
    """Whether a group has the neighbours that it had.

    Parameters
    ----------
    members : array of shape (n_members,), int64
    lists : (array of shape (n_items, k), array of shape (n_items, k)), int32
    kept : (array of shape (n_items, k), ...), bool
        Which neighbours of each space are neighbours in the other one too.
    usual : float
        The share of all neighbours that are.
    residuals : array of shape (n_items, n_dims), float32
    gone : array of shape (n_gone,), int64, optional
        Items that went farther, which the group was left by: they count as no neighbours.

    Returns
    -------
    bool
        True where the members turned, stretched or bent in their place, or went along with all
        around them: they stand in each other's lists as often as before, by seven tenths or more,
        and of their links to others two fifths or more stay of those that stay on the whole. Where
        they went one way (at a mean cosine of 0.7 or more) and the others did not go along (by less
        than a fifth of it), they did neither, and it takes 85 %: a loose cloud that moves keeps
        some neighbours. Where they stand in each other's lists more often or less, it takes a third
        of these links, and that others are not down to under 45 % of what they were: noise and
        bends bring items together that lie within a cluster as before. A group with hardly any
        links to others before and after, under a tenth of its lists, is a cluster by itself:
        whether it was carried, its neighbours do not say. Of groups of 30 or fewer only the first
        of each list are asked how many are members, as many as could be.
    """
    inside, counted = np.zeros((2, len(lists[0])), dtype=bool)
    inside[members] = counted[:] = True
    if gone is not None:
        counted[gone] = False
    shares = sorted(_inner(members, inside, one, counted=counted) for one in lists)
    if shares[0] > 1 - _FEW_OUTSIDERS:
        return True
    to_others = [counted[one[members]] & ~inside[one[members]] for one in lists]
    links = sum(int(own.sum()) for own in to_others)
    stayed = sum(int(hit[members][own].sum()) for hit, own in zip(kept, to_others, strict=True))
    least = usual * links
    agreement = agreement_of(residuals[members])
    if shares[0] < _AS_OFTEN * shares[1]:
        fewer = 1 - shares[1] < _FEWER * (1 - shares[0])
        return not fewer and stayed >= _SOME_STAYED * least
    others = np.concatenate([one[members][own] for one, own in zip(lists, to_others, strict=True)])
    alone = agreement >= _ONE_WAY and _along(residuals, members, others) < _NOT_ALONG
    return stayed >= (_ALL_STAYED if alone else _STAYED) * least


def spread_of(points: Floats) -> float:
    """Return the root mean square distance of points from their centre.

    Parameters
    ----------
    points : array of shape (n_items, n_dims), float32

    Returns
    -------
    float
    """
    middle = points.mean(axis=0, dtype=np.float64)
    squares = np.einsum("ij,ij->", points, points, dtype=np.float64) / len(points)
    return float(np.sqrt(max(squares - middle @ middle, 0.0)))


def _inner(
    members: NDArray[np.int64],
    inside: NDArray[np.bool_],
    lists: Lists,
    *,
    counted: NDArray[np.bool_] | None = None,
) -> float:
    """Return the share of the members' nearest, as many as could be members, that are."""
    near = lists[members, : len(members) - 1]
    if counted is None:
        return float(inside[near].mean())
    return float(inside[near].sum() / max(counted[near].sum(), 1))


def agreement_of(residuals: Floats) -> float:
    """Return the mean cosine between different ones of two or more residuals.

    Parameters
    ----------
    residuals : array of shape (n_members, n_dims), float32

    Returns
    -------
    float
    """
    n, total = len(residuals), unit_rows(residuals).sum(axis=0, dtype=np.float64)
    return float((total @ total - n) / (n * (n - 1)))


def _along(residuals: Floats, members: NDArray[np.int64], others: NDArray[np.int32]) -> float:
    """Return how far others went the way of the members, on average, as a share of it."""
    way = residuals[members].mean(axis=0, dtype=np.float64)
    rows, times = np.unique(others, return_counts=True)
    return float(times @ (residuals[rows] @ way) / (times.sum() * max(way @ way, 1e-12)))


def _more_mixed(inner: float, other: float) -> bool:
    """Whether a neighbour is a member at under half the other odds, and another at a tenth."""
    if inner >= 1 - _FEW_OUTSIDERS:
        return False
    return _MIXED * inner * (1 - other) < other * (1 - inner)


def _still_near(members: NDArray[np.int64], lists: Lists, points: Floats, *, spread: float) -> bool:
    """Whether the middle of a group is near that of the neighbours it had, as distances go."""
    left = np.setdiff1d(lists[members], members)
    if not left.size:
        return False
    middles = [points[rows].mean(axis=0, dtype=np.float64) for rows in (members, left)]
    return float(np.linalg.norm(middles[0] - middles[1])) < _APART * spread
