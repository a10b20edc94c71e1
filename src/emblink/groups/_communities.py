"""Items that strayed together: communities of the neighbour graphs, by direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.groups._ways import alike
from emblink.kernels import Arcs, arc_products, joint_arcs, leiden

JOINS = 1.0
"""Evidence above which an item takes part."""
SMALLEST = 8

RESOLUTION = 0.08
"""Weight of links that a group has for each pair of its items, or more."""

STARTS = 3
"""Searches, of which the best counts."""

_COHERENT = 0.6

Floats = NDArray[np.float32]
Lists = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Communities:
    """A partition of the items that strayed.

    Attributes
    ----------
    rows : array of shape (n_strayed,), int64
        Ascending.
    codes : array of shape (n_strayed,), int64
        The community of each.
    masses : array of shape (n_communities,), float64
        Sum of evidence above the threshold.
    sizes : array of shape (n_communities,), int64
    """

    rows: NDArray[np.int64]
    codes: NDArray[np.int64]
    masses: NDArray[np.float64]
    sizes: NDArray[np.int64]

    @property
    def heaviest(self) -> float:
        """The greatest mass of a community of 8 items or more; 0 without one."""
        large = self.masses[self.sizes >= SMALLEST]
        return float(large.max()) if large.size else 0.0


def communities(
    evidence: Floats,
    directions: Floats | None,
    lists: tuple[Lists, Lists],
    *,
    permuted: NDArray[np.int64] | None = None,
    among: NDArray[np.bool_] | None = None,
    seed: int = 0,
) -> Communities:
    """Divide the items that strayed into those that did so together.

    Parameters
    ----------
    evidence : array of shape (n_items,), float32
    directions : array of shape (n_items, n_dims), float32, or None
        Unit residuals; None where there is no direction to agree in.
    lists : (array of shape (n_items, k), array of shape (n_items, k)), int32
        Nearest neighbours in ``a`` and ``b``.
    permuted : array of shape (n_items,), int64, optional
        Which item's direction each one has, when they are permuted.
    among : array of shape (n_items,), bool, optional
        Which items may take part.
    seed : int

    Returns
    -------
    Communities
        By Leiden [1]_ under the constant Potts model with resolution 0.08, of links as
        :func:`linked` weighs them; the best of three searches.

    References
    ----------
    .. [1] Traag, Waltman, van Eck, "From Louvain to Leiden: guaranteeing well-connected
       communities", Scientific Reports, 2019.
    """
    strayed = evidence > JOINS
    rows = np.flatnonzero(strayed if among is None else strayed & among)
    whose = rows if permuted is None else permuted[rows]
    arcs, weights = linked(rows, None if directions is None else directions[whose], lists)
    codes = leiden(
        arcs.begins, arcs.others, weights, resolution=RESOLUTION, seed=seed, starts=STARTS
    )
    return _communities(rows, codes.astype(np.int64), evidence)


def linked(
    rows: NDArray[np.int64], directions: Floats | None, lists: tuple[Lists, Lists]
) -> tuple[Arcs, NDArray[np.float64]]:
    """Link some items that are neighbours, by how far they went the same way.

    Parameters
    ----------
    rows : array of shape (n_strayed,), int64
        The items.
    directions : array of shape (n_strayed, n_dims), float32, or None
        The unit residual of each; None where there is no direction to agree in.
    lists : (array of shape (n_items, k), array of shape (n_items, k)), int32
        Nearest neighbours in ``a`` and ``b``.

    Returns
    -------
    arcs : Arcs
        Node ``i`` is item ``rows[i]``.
    weights : array of shape (n_arcs,), float64
        The number of lists that hold the link (1 to 4), times the sixth power of 1 less what the
        cosine of both residuals lacks of the mean coherence of both items (0 or more), coherence
        being an item's mean cosine with those it is linked to, times the cube of 1 less the
        difference of their coherence; both 0 or more.
        So items that scatter are linked as neighbours are, items of one way where both go it, and
        what went one way is kept from what burst beside it.
    """
    arcs = joint_arcs(*lists, rows)
    counts = arcs.counts.astype(np.float64)
    if directions is None:
        return arcs, counts
    cosines = arc_products(np.ascontiguousarray(directions), arcs).astype(np.float64)
    nodes = np.repeat(np.arange(len(rows)), np.diff(arcs.begins))
    met = np.bincount(nodes, weights=counts, minlength=len(rows))
    agreed = np.bincount(nodes, weights=counts * cosines, minlength=len(rows))
    coherence = agreed / np.maximum(met, 1.0)
    here, there = coherence[nodes], coherence[arcs.others]
    usual = np.maximum((here + there) / 2, 0.0)
    lacking = np.maximum(usual - cosines, 0.0)
    agreeing, alike = np.maximum(1.0 - lacking, 0.0), np.maximum(1.0 - np.abs(here - there), 0.0)
    share = agreeing * agreeing * alike
    return arcs, counts * (share * share * share)  # a power differs between machines


def joined(found: Communities, evidence: Floats, residuals: Floats, *, over: float) -> Communities:
    """Join pieces of one change.

    Two communities heavier than ``over`` are one change when both went the same way as a whole:
    mean residuals at a cosine of 0.9 or more, alike in length. They need not be linked, as items of
    several clusters are not.

    Parameters
    ----------
    found : Communities
    evidence : array of shape (n_items,), float32
    residuals : array of shape (n_items, n_dims), float32
    over : float

    Returns
    -------
    Communities
    """
    while True:
        codes, used = found.codes.copy(), np.zeros(len(found.masses), dtype=bool)
        for first, second in _one_way(found, residuals, over=over):
            if not (used[first] or used[second]):
                used[first] = used[second] = True
                codes[found.codes == second] = first
        if not used.any():
            return found
        found = _communities(found.rows, codes, evidence)


def _communities(
    rows: NDArray[np.int64], codes: NDArray[np.int64], evidence: Floats
) -> Communities:
    _, codes = np.unique(codes, return_inverse=True)
    excess = evidence[rows].astype(np.float64) - JOINS
    masses = np.zeros(int(codes.max(initial=-1)) + 1)
    np.add.at(masses, codes, excess)
    return Communities(rows, codes, masses, np.bincount(codes))


def _one_way(found: Communities, residuals: Floats, *, over: float) -> list[tuple[int, int]]:
    """Return pairs of heavy communities that went the same way as a whole, the most alike first."""
    heavy = np.flatnonzero((found.masses > over) & (found.sizes >= SMALLEST))
    means = np.zeros((len(heavy), residuals.shape[1]))
    coherent = np.zeros(len(heavy))
    for at, code in enumerate(heavy):
        own = residuals[found.rows[found.codes == code]].astype(np.float64)
        means[at] = own.mean(axis=0)
        whole = np.linalg.norm(own, axis=1).mean()
        coherent[at] = np.linalg.norm(means[at]) / whole if whole else 0.0
    chosen = coherent > _COHERENT
    heavy, means = heavy[chosen], means[chosen]
    same, cosines = alike(means)
    first, second = np.nonzero(np.triu(same, 1))
    order = np.argsort(-cosines[first, second], kind="stable")
    return [(int(heavy[first[at]]), int(heavy[second[at]])) for at in order]
