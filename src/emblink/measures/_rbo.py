"""How far two spaces rank an item's neighbours alike, the nearest counting most."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import log1p

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.kernels import prefix_agreement
from emblink.measures._lists import agreement_blocks
from emblink.measures._overlap import chance_overlap, hub_chances
from emblink.types import NeighborGraph

P = 0.9
"""How likely someone reading a list is to go on to the next rank."""


def rank_biased_overlap(
    a: NeighborGraph, b: NeighborGraph, *, p: float = P, depth: int = 50
) -> NDArray[np.float32]:
    r"""Rank-biased overlap of each item's neighbour lists, extrapolated beyond ``depth``.

    With :math:`A_d` the share of the first ``d`` neighbours that both spaces have in common,

    .. math:: \mathrm{RBO}_{ext} = A_D\,p^D + \frac{1 - p}{p} \sum_{d=1}^{D} A_d\,p^d,

    which takes the agreement at depth :math:`D` to go on for ever.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order; at least ``depth`` neighbours each.
    p : float
        Between 0 and 1: how likely someone reading the lists is to go on to the next rank. At 0.9
        the first 10 ranks weigh 86 % (:func:`rbo_weight`).
    depth : int
        Ranks compared.

    Returns
    -------
    array of shape (n_items,), float32
        In [0, 1]; 1 for the same order. Expected of unrelated spaces without hubs:
        :func:`chance_rank_biased_overlap`; with hubs, :func:`hub_chance_rank_biased_overlap`.
        Invariant to anything that keeps the order of each neighbour list.

    Raises
    ------
    GraphMismatchError
        The graphs cover different items, or hold fewer than ``depth`` neighbours.
    InputError
        ``p`` is not between 0 and 1.

    Notes
    -----
    Misleads when near neighbours tie or all but tie (their order is arbitrary), and when figures of
    different ``p``, ``depth`` or ``n_items`` are set side by side.

    References
    ----------
    .. [1] Webber, Moffat and Zobel, "A similarity measure for indefinite rankings", ACM TOIS 28,
       2010 (equation 32, for lists of one length).
    """
    weights = depth_weights(p, depth)
    similarity = np.empty(len(a.indices), dtype=np.float32)
    for rows, common in agreement_blocks(a, b, depths=range(1, depth + 1)):
        similarity[rows] = np.minimum(common @ weights, 1.0)
    return similarity


def list_rank_biased_overlap(
    first: Sequence[Hashable], second: Sequence[Hashable], *, p: float = P
) -> float:
    """Rank-biased overlap of two plain lists, extrapolated beyond their end.

    Parameters
    ----------
    first, second : sequence
        Rankings of one length, best first; no member twice.
    p : float
        As in :func:`rank_biased_overlap`.

    Returns
    -------
    float
        In [0, 1]; ``"abcdefg"`` against ``"bacdfeg"`` is 0.886878 at 0.9. Invariant to a renaming
        of the members. Misleads when the lists were cut at an early rank: the agreement there is
        taken to go on.

    Raises
    ------
    InputError
        The lists are empty, of different lengths or repeat a member, or ``p`` is not between 0
        and 1.
    """
    for name, members in (("first", first), ("second", second)):
        if len(set(members)) != len(members):
            raise InputError(f"the {name} list names a member twice; a ranking holds each once")
    if not len(first) == len(second) > 0:
        raise InputError(
            f"the lists hold {len(first)} and {len(second)} members; cut both at one depth, "
            "at least 1"
        )
    weights = depth_weights(p, len(first))
    numbers: dict[Hashable, int] = {}
    lists = [
        np.array([[numbers.setdefault(member, len(numbers)) for member in members]], dtype=np.int32)
        for members in (first, second)
    ]
    common = prefix_agreement(lists[0], lists[1], depths=range(1, len(first) + 1))
    return min(1.0, float(common[0] @ weights))


def rbo_weight(p: float, depth: int) -> float:
    """Share of the whole evaluation that the first ``depth`` ranks carry.

    Parameters
    ----------
    p : float
        Between 0 and 1.
    depth : int
        From 1.

    Returns
    -------
    float
        In (0, 1): 0.8556 for ``(0.9, 10)``, 0.8522 for ``(0.98, 50)``. Counts the overlap at deeper
        depths towards the ranks it stands on. Misleads as the weight of one term of the sum: a
        rank takes part in every depth below it.

    Raises
    ------
    InputError
        ``p`` is not between 0 and 1, or ``depth`` is below 1.

    References
    ----------
    .. [1] Webber, Moffat and Zobel, 2010, equation 21.
    """
    _check(p, depth)
    # The tail of -ln(1 - p) = Σ p^i / i; summed itself where the difference would cancel.
    ranks = np.arange(1, depth, dtype=np.float64)
    tail = -log1p(-p) - float((p**ranks / ranks).sum())
    if tail < 1e-6:
        beyond = np.arange(depth, depth + 40 / (1.0 - p), dtype=np.float64)
        tail = float((p**beyond / beyond).sum())
    return float(1.0 - p ** (depth - 1) + (1.0 - p) / p * depth * tail)


def chance_rank_biased_overlap(n_items: int, *, p: float = P, depth: int = 50) -> float:
    """Rank-biased overlap expected of two unrelated spaces without hubs.

    Parameters
    ----------
    n_items : int
    p : float
    depth : int

    Returns
    -------
    float
        ``(1 - p^depth) / ((1 - p) (n_items - 1))``, in (0, 1]: two random lists agree at depth
        ``d`` by ``d / (n_items - 1)``. Misleads when the spaces have hubs.

    Raises
    ------
    GraphMismatchError
        An item cannot have ``depth`` neighbours among ``n_items``.
    InputError
        ``p`` is not between 0 and 1.
    """
    _check(p, depth)
    chance_overlap(n_items, k=depth)
    return float((1.0 - p**depth) / ((1.0 - p) * (n_items - 1)))


def hub_chance_rank_biased_overlap(
    a: NeighborGraph, b: NeighborGraph, *, p: float = P, depth: int = 50
) -> float:
    """Rank-biased overlap expected of unrelated spaces whose items are as popular as in these two.

    Parameters
    ----------
    a, b : NeighborGraph
        Over the same items in the same order; at least ``depth`` neighbours each.
    p : float
    depth : int

    Returns
    -------
    float
        In [0, 1]: the measure is linear in the agreements, so each is replaced by
        :func:`hub_chance_overlap` at its depth. Invariant to a shuffling of the lists among the
        items. Misleads like that chance.

    Raises
    ------
    GraphMismatchError
        The graphs cover different items, or hold fewer than ``depth`` neighbours.
    InputError
        ``p`` is not between 0 and 1.
    """
    ranks = np.arange(1, depth + 1)
    weights = depth_weights(p, depth) * ranks
    return min(1.0, float(np.array(hub_chances(a, b, ks=ranks.tolist())) @ weights))


def depth_weights(p: float, depth: int) -> NDArray[np.float64]:
    """Return what one common member at each depth adds."""
    _check(p, depth)
    ranks = np.arange(1, depth + 1, dtype=np.float64)
    weights = (1.0 - p) * p ** (ranks - 1.0) / ranks
    weights[-1] += p**depth / depth
    return np.asarray(weights, dtype=np.float64)


def _check(p: float, depth: int) -> None:
    if not 0.0 < p < 1.0:
        raise InputError(f"p={p} is no chance of reading on; choose it between 0 and 1, as 0.9")
    if depth < 1:
        raise InputError(f"depth={depth} ranks cannot be compared; choose a depth from 1")
