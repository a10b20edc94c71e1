"""Items that strayed together: communities of the neighbour graphs, by direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.kernels import Arcs, arc_products, joint_arcs, leiden

JOINS = 1.0
"""Evidence above which an item takes part."""
SMALLEST = 8

_RESOLUTION = 0.03
_STARTS = 3
_BY_DIRECTION = 3
_BY_COHERENCE = 3
_LINKED = 0.2
_ALIKE = 0.7
_SAME_WAY = 0.9
_COHERENT = 0.6
_SAME_LENGTH = 1.5

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
    arcs : Arcs
        The graph that was divided.
    weights : array of shape (n_arcs,), float64
    """

    rows: NDArray[np.int64]
    codes: NDArray[np.int64]
    masses: NDArray[np.float64]
    sizes: NDArray[np.int64]
    arcs: Arcs
    weights: NDArray[np.float64]

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
    dealt: NDArray[np.int64] | None = None,
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
    dealt : array of shape (n_items,), int64, optional
        Which item's direction each one has, when they are dealt at random.
    among : array of shape (n_items,), bool, optional
        Which items may take part.
    seed : int

    Returns
    -------
    Communities
        By Leiden [1]_ under the constant Potts model with resolution 0.03. An edge weighs the
        number of lists that hold it (1 to 4) times ``(0.5 + max(0, cos))^3`` of both residuals,
        times ``(1 - |difference of coherence|)^3``, coherence being an item's mean cosine with
        those it is joined to: what went one way is kept from what burst beside it.

    References
    ----------
    .. [1] Traag, Waltman, van Eck, "From Louvain to Leiden: guaranteeing well-connected
       communities", Scientific Reports, 2019.
    """
    strayed = evidence > JOINS
    rows = np.flatnonzero(strayed if among is None else strayed & among)
    arcs = joint_arcs(*lists, rows)
    whose = rows if dealt is None else dealt[rows]
    weights = _weights(arcs, None if directions is None else directions[whose])
    codes = leiden(
        arcs.begins,
        arcs.others,
        weights,
        resolution=_RESOLUTION,
        seed=seed,
        starts=_STARTS,
    )
    return _communities(rows, codes, evidence, arcs=arcs, weights=weights)


def joined(found: Communities, evidence: Floats, residuals: Floats, *, over: float) -> Communities:
    """Join pieces of one change.

    Two communities heavier than ``over`` are one change when they are linked as tightly as within
    (a fifth of the smaller one's own links or more, seven tenths of either's mean weight), or when
    both went the same way as a whole (mean residuals at a cosine of 0.9 or more, alike in length).

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
        pairs = _best_first(*_linked(found, over=over), *_one_way(found, residuals, over=over))
        codes, used = found.codes.copy(), np.zeros(len(found.masses), dtype=bool)
        for first, second in pairs:
            if not (used[first] or used[second]):
                used[first] = used[second] = True
                codes[found.codes == second] = first
        if not used.any():
            return found
        found = _communities(found.rows, codes, evidence, arcs=found.arcs, weights=found.weights)


def _communities(
    rows: NDArray[np.int64],
    codes: NDArray[np.int64],
    evidence: Floats,
    *,
    arcs: Arcs,
    weights: NDArray[np.float64],
) -> Communities:
    _, codes = np.unique(codes, return_inverse=True)
    excess = evidence[rows].astype(np.float64) - JOINS
    masses = np.zeros(int(codes.max(initial=-1)) + 1)
    np.add.at(masses, codes, excess)
    return Communities(rows, codes, masses, np.bincount(codes), arcs, weights)


def _weights(arcs: Arcs, directions: Floats | None) -> NDArray[np.float64]:
    counts = arcs.counts.astype(np.float64)
    if directions is None:
        return counts
    cosines = arc_products(np.ascontiguousarray(directions), arcs).astype(np.float64)
    n_nodes = len(arcs.begins) - 1
    nodes = np.repeat(np.arange(n_nodes), np.diff(arcs.begins))
    met = np.bincount(nodes, weights=counts, minlength=n_nodes)
    agreed = np.bincount(nodes, weights=counts * cosines, minlength=n_nodes)
    coherence = agreed / np.maximum(met, 1.0)
    alike = np.maximum(1.0 - np.abs(coherence[nodes] - coherence[arcs.others]), 0.0)
    weights: NDArray[np.float64] = (
        counts * (0.5 + np.maximum(cosines, 0.0)) ** _BY_DIRECTION * alike**_BY_COHERENCE
    )
    return weights


def _heavy(found: Communities, over: float) -> NDArray[np.bool_]:
    return np.asarray((found.masses > over) & (found.sizes >= SMALLEST))


def _linked(found: Communities, *, over: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return pairs of heavy communities that are linked as tightly as within, and how tightly."""
    n = len(found.masses)
    nodes = np.repeat(np.arange(len(found.rows)), np.diff(found.arcs.begins))
    first, second = found.codes[nodes], found.codes[found.arcs.others]
    heavy = _heavy(found, over)
    asked = (first <= second) & heavy[first] & heavy[second]
    keys, at = np.unique(first[asked] * n + second[asked], return_inverse=True)
    links = np.bincount(at, weights=found.arcs.counts[asked], minlength=len(keys))
    weight = np.bincount(at, weights=found.weights[asked], minlength=len(keys))
    pairs = np.stack([keys // n, keys % n], axis=1)
    own = pairs[:, 0] == pairs[:, 1]
    links_within, weight_within = np.zeros(n), np.zeros(n)
    links_within[pairs[own, 0]] = links[own] / 2  # both arcs of each edge were counted
    weight_within[pairs[own, 0]] = weight[own] / 2
    held = ~own & (links_within[pairs] > 0).all(axis=1)
    pairs, links, weight = pairs[held], links[held], weight[held]
    share = links / links_within[pairs].min(axis=1)
    alike = (weight / links) / (weight_within[pairs] / links_within[pairs]).max(axis=1)
    near = (share > _LINKED) & (alike > _ALIKE)
    return pairs[near], (share * alike)[near]


def _one_way(
    found: Communities, residuals: Floats, *, over: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return pairs of heavy communities that went the same way as a whole, and how alike."""
    heavy = np.flatnonzero(_heavy(found, over))
    means = np.zeros((len(heavy), residuals.shape[1]))
    coherent = np.zeros(len(heavy))
    for at, code in enumerate(heavy):
        own = residuals[found.rows[found.codes == code]].astype(np.float64)
        means[at] = own.mean(axis=0)
        whole = np.linalg.norm(own, axis=1).mean()
        coherent[at] = np.linalg.norm(means[at]) / whole if whole else 0.0
    chosen = coherent > _COHERENT
    heavy, means = heavy[chosen], means[chosen]
    lengths = np.linalg.norm(means, axis=1)
    cosines = (means @ means.T) / np.outer(lengths, lengths)
    ratios = np.maximum.outer(lengths, lengths) / np.minimum.outer(lengths, lengths)
    first, second = np.nonzero(np.triu((cosines > _SAME_WAY) & (ratios < _SAME_LENGTH), 1))
    return np.stack([heavy[first], heavy[second]], axis=1), cosines[first, second]


def _best_first(
    linked: NDArray[np.int64],
    how_tightly: NDArray[np.float64],
    one_way: NDArray[np.int64],
    how_alike: NDArray[np.float64],
) -> Sequence[tuple[int, int]]:
    pairs = np.concatenate([linked, one_way])
    order = np.argsort(-np.concatenate([how_tightly, how_alike]), kind="stable")
    return [(int(first), int(second)) for first, second in pairs[order]]
