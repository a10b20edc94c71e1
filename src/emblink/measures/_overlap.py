"""How far two spaces give an item the same nearest neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError
from emblink.kernels import prefix_agreement
from emblink.measures._lists import agreement_blocks, blocks, first_neighbors, popularity
from emblink.types import IntArray, NeighborGraph, OverlapAt

CURVE = (5, 10, 20, 30, 50, 70, 100)
"""Numbers of neighbours at which the overlap is shown."""


def neighborhood_overlap(a: NeighborGraph, b: NeighborGraph, *, k: int = 10) -> NDArray[np.float32]:
    """Share of each item's ``k`` nearest neighbours that two spaces have in common.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order; at least ``k`` neighbours each.
    k : int
        Neighbours compared.

    Returns
    -------
    array of shape (n_items,), float32
        In [0, 1]. Expected value for unrelated spaces without hubs: ``k / (n_items - 1)``
        (:func:`chance_overlap`); with hubs, :func:`hub_chance_overlap`. Invariant to anything
        that keeps each neighbour list as a set.

    Raises
    ------
    GraphMismatchError
        The graphs cover different items, or hold fewer than ``k`` neighbours.

    Notes
    -----
    Misleads when ``n_items`` differs between two figures that are set side by side (overlap at
    fixed ``k`` falls as items are added), when many items tie (copies of one vector list each
    other in an arbitrary order), and when both spaces share hubs: read ``kappa`` beside it.

    References
    ----------
    .. [1] Huh et al., "The Platonic Representation Hypothesis", ICML 2024.
    """
    overlap = np.empty(len(a.indices), dtype=np.float32)
    for rows, common in agreement_blocks(a, b, depths=[k]):
        overlap[rows] = common[:, 0] / k
    return overlap


def overlap_curve(
    a: NeighborGraph, b: NeighborGraph, *, ks: Sequence[int] = CURVE
) -> list[OverlapAt]:
    """Mean overlap of two spaces at several numbers of neighbours.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order.
    ks : sequence of int
        Those beyond the neighbours that both graphs hold are left out.

    Returns
    -------
    list of OverlapAt
        For each ``k``, ascending: the mean of :func:`neighborhood_overlap`, its
        :func:`hub_chance_overlap` and the :func:`kappa` of both. Invariant like the overlap.

    Raises
    ------
    GraphMismatchError
        The graphs cover different items, or hold none of ``ks``.

    Notes
    -----
    Misleads when the raw values are read alone: chance rises with ``k``, and so does the overlap of
    unrelated spaces. A kappa that rises with ``k`` says that neighbourhoods are kept as wholes but
    reordered inside.
    """
    held = min(a.indices.shape[1], b.indices.shape[1])
    asked = sorted({int(k) for k in ks if 1 <= k <= held})
    if not asked:
        raise GraphMismatchError(
            f"none of ks={tuple(ks)} lies from 1 to {held}, the neighbours that the graphs hold; "
            "ask for fewer, or build the graphs with more neighbours"
        )
    total = np.zeros(len(asked), dtype=np.int64)
    for _, common in agreement_blocks(a, b, depths=asked):
        total += common.sum(axis=0, dtype=np.int64)
    curve: list[OverlapAt] = []
    for k, found, chance in zip(asked, total, hub_chances(a, b, ks=asked), strict=True):
        value = float(found) / (len(a.indices) * k)
        curve.append(OverlapAt(k=k, value=value, chance=chance, kappa=kappa(value, chance)))
    return curve


def chance_overlap(n_items: int, *, k: int) -> float:
    """Overlap expected of two unrelated spaces without hubs: ``k / (n_items - 1)``.

    Parameters
    ----------
    n_items : int
    k : int

    Returns
    -------
    float
        In (0, 1]. Misleads when the spaces have hubs, which raise the overlap of unrelated
        spaces: see :func:`hub_chance_overlap`.

    Raises
    ------
    GraphMismatchError
        An item cannot have ``k`` neighbours among ``n_items``.
    """
    if not 1 <= k <= n_items - 1:
        raise GraphMismatchError(
            f"{n_items} items have no {k} neighbours each; choose k from 1 to {n_items - 1}"
        )
    return k / (n_items - 1)


def hub_chance_overlap(a: NeighborGraph, b: NeighborGraph, *, k: int = 10) -> float:
    r"""Overlap expected of two unrelated spaces whose items are as popular as in these two.

    The popularity of item ``j`` is its in-degree ``h(j)``: how many items list it among their
    first ``k`` neighbours. Draw for every item two independent lists in which ``j`` stands with
    probability ``h(j) / (n - 1)``: the mean share they have in common is

    .. math:: \sum_j h_A(j)\,h_B(j) \,/\, (n (n - 1) k).

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order; at least ``k`` neighbours each.
    k : int

    Returns
    -------
    float
        In [0, 1]; exactly ``k / (n - 1)`` when one of the spaces has no hubs (all in-degrees
        equal). Invariant to any shuffling of the neighbour lists among
        the items, and to a renumbering of the items of both spaces alike.

    Raises
    ------
    GraphMismatchError
        The graphs cover different items, or hold fewer than ``k`` neighbours.

    Notes
    -----
    Misleads when a real relation shows in the popularity itself (a small dense cluster kept by
    both spaces makes the same few items popular): the correction is then too strong.
    """
    return hub_chances(a, b, ks=[k])[0]


def hub_chance_at(a: NeighborGraph, b: NeighborGraph, *, rows: IntArray, k: int = 10) -> float:
    r"""Overlap expected at some items if each list of one space went to a random item.

    With ``h(j)`` the number of all items that list item ``j``, and ``h^S(j)`` that of the items
    ``S`` that do, the lists of one space handed out at random over *all* items agree with those
    of the other at ``S`` in a mean share of

    .. math:: \sum_j h_A^S(j)\,h_B(j) \,/\, (|S| (n - 1) k).

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order; at least ``k`` neighbours each.
    rows : array of shape (n_rows,)
        The items ``S``, each once.
    k : int

    Returns
    -------
    float
        The mean of this and of the same with the spaces exchanged, in [0, 1]; for ``S`` all items
        :func:`hub_chance_overlap`, and ``k / (n - 1)`` without hubs. Invariant as that is.

    Raises
    ------
    GraphMismatchError
        The graphs cover different items, or hold fewer than ``k`` neighbours.

    Notes
    -----
    Lists are not handed out within ``S`` alone: a cluster that stays together would then agree
    with itself by "chance".
    """
    left, right = first_neighbors(a, b, k=k)
    n_items = a.n_items
    expected = float(popularity(left[rows], n_items) @ popularity(right, n_items))
    expected += float(popularity(left, n_items) @ popularity(right[rows], n_items))
    if len(left) < n_items:
        kept = sum(
            int(prefix_agreement(left[some], right[some], depths=[k]).sum())
            for some in (rows[at] for at in blocks(len(rows), width=k))
        )
        return sampled_chance(
            expected / 2, kept, n_asked=len(rows), n_lists=len(left), n_items=n_items, k=k
        )
    return min(1.0, expected / (2 * len(rows) * (n_items - 1) * k))


def sampled_chance(
    met: float, kept: float, *, n_asked: int, n_lists: int, n_items: int, k: int
) -> float:
    """Estimate :func:`hub_chance_at` from the lists of a random sample of the items.

    Parameters
    ----------
    met : float
        Neighbours that the lists of the items asked share with all lists of the other space.
    kept : float
        Those that they share with the list of the same item.
    n_asked, n_lists, n_items : int
        Items asked, lists at hand, and items that can stand in one.
    k : int

    Returns
    -------
    float
        Without bias: an item meets itself once in ``n_lists`` at hand, and once in ``n_items``.
    """
    others = (met - kept) / (n_asked * (n_lists - 1) * k)
    return min(1.0, others + kept / (n_asked * k * (n_items - 1)))


def hub_chances(a: NeighborGraph, b: NeighborGraph, *, ks: Sequence[int]) -> list[float]:
    """Return :func:`hub_chance_overlap` at several ascending ``ks``, counting each list once."""
    left, right = first_neighbors(a, b, k=ks[-1])
    n_items, n_lists = a.n_items, len(left)
    kept = np.zeros(len(ks), dtype=np.int64)
    if n_lists < n_items:
        kept = sum((common.sum(axis=0) for _, common in agreement_blocks(a, b, depths=ks)), kept)
    popular_a, popular_b = np.zeros((2, n_items))
    chances = []
    before = 0
    for k, own in zip(ks, kept.tolist(), strict=True):
        popular_a += popularity(left[:, before:k], n_items)
        popular_b += popularity(right[:, before:k], n_items)
        met = float(popular_a @ popular_b)
        chances.append(
            sampled_chance(met, own, n_asked=n_lists, n_lists=n_lists, n_items=n_items, k=k)
            if n_lists < n_items
            else min(1.0, met / (n_items * (n_items - 1) * k))
        )
        before = k
    return chances


def kappa(value: float, chance: float) -> float:
    """Agreement beyond chance: ``(value - chance) / (1 - chance)``.

    Parameters
    ----------
    value : float
        An agreement in [0, 1], such as a mean overlap.
    chance : float
        What unrelated spaces would reach; for an overlap, :func:`hub_chance_overlap`.

    Returns
    -------
    float
        1 for full agreement, 0 for chance, negative below it; 0 when chance itself is 1, for
        then nothing can be seen. Misleads when ``chance`` is near 1: little noise becomes much.

    References
    ----------
    .. [1] Cohen, "A coefficient of agreement for nominal scales", 1960.
    """
    return (value - chance) / (1.0 - chance) if chance < 1.0 else 0.0
