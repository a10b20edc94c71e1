"""How sure the mean of a measure of neighbour lists is: items stand in each other's lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError
from emblink.measures._lists import blocks, first_neighbors
from emblink.measures._rbo import P, depth_weights
from emblink.stats import Error, df_of_pulls
from emblink.types import IntArray, NeighborGraph

Numbers = NDArray[np.float64]

Gain = Callable[[NDArray[np.int64]], Numbers]
"""What each depth adds to the value of an item, given the neighbours in common up to each depth."""


def overlap_gain(common: NDArray[np.int64]) -> Numbers:
    """Return what each depth adds to :func:`neighborhood_overlap`: all at the last.

    Parameters
    ----------
    common : array of shape (n_rows, n_depths)
        Neighbours in common up to each depth from 1.

    Returns
    -------
    array of shape (n_rows, n_depths)
    """
    return _at_last(common, common[:, -1] / common.shape[1])


def jaccard_gain(common: NDArray[np.int64]) -> Numbers:
    """Return what each depth adds to :func:`jaccard_similarity`: all at the last.

    Parameters
    ----------
    common : array of shape (n_rows, n_depths)

    Returns
    -------
    array of shape (n_rows, n_depths)
    """
    last = common[:, -1]
    return _at_last(common, last / (2 * common.shape[1] - last))


def rank_biased_gain(common: NDArray[np.int64]) -> Numbers:
    """Return what each depth adds to :func:`rank_biased_overlap`.

    Parameters
    ----------
    common : array of shape (n_rows, n_depths)

    Returns
    -------
    array of shape (n_rows, n_depths)
    """
    return common * depth_weights(P, common.shape[1])


def list_errors(
    a: NeighborGraph,
    b: NeighborGraph,
    *,
    k: int,
    rows: IntArray,
    n_items: int,
    gains: Mapping[str, Gain],
) -> dict[str, Error]:
    r"""Standard errors of the means of measures of neighbour lists, over other samples of items.

    Parameters
    ----------
    a, b : NeighborGraph
        Lists of the items ``rows``, of neighbours among all ``n_items``; at least ``k`` each.
    k : int
        Neighbours compared.
    rows : array of shape (n_rows,)
        Ascending or not; each once.
    n_items : int
        Items among which the neighbours were sought.
    gains : mapping of name to function
        The measures: :func:`overlap_gain` and its like.

    Returns
    -------
    dict of name to Error
        At least those of as many independent items, and infinite for fewer than two. Few degrees of
        freedom where a few items make most of it. Invariant to the order of items.

    Raises
    ------
    GraphMismatchError
        The graphs cover other items than ``rows``, or hold fewer than ``k`` neighbours.

    Notes
    -----
    A jackknife. Without item ``i`` the sum of the values loses that of ``i`` itself, and each item
    ``j`` that has ``i`` in a list gets the next neighbour in its place: its value changes by
    ``c_ji``. All of this is exact, and read off the lists. With ``d_i`` what the sum loses,

    .. math:: s^2 = \sum_i (d_i - \bar d)^2 - \sum_{ji} c_{ji}^2.

    The first term alone is too large (Efron and Stein): chance that lies in ``i`` and ``j``
    together counts at both, and the second takes one of the two away. Lists that hold no next
    neighbour are looked at to ``k - 1``. Misleads where the next neighbours of whole places are
    alike, as copies of one item are.

    References
    ----------
    .. [1] Efron and Stein, "The jackknife estimate of variance", Annals of Statistics 1981.
    """
    held = min(a.indices.shape[1], b.indices.shape[1])
    left, right = first_neighbors(a, b, k=k if k >= held else k + 1)
    if len(left) != len(rows):
        raise GraphMismatchError(f"{len(rows)} rows have {len(left)} lists; give one list a row")
    depth = min(k, left.shape[1] - 1)
    if len(rows) < 2 or depth < 1:
        return dict.fromkeys(gains, Error(float("inf"), 1.0))
    lost = {name: np.zeros(n_items) for name in gains}
    own = {name: np.empty(len(rows)) for name in gains}
    squares = dict.fromkeys(gains, 0.0)
    for some in blocks(len(rows), width=left.shape[1] ** 2):
        swaps = _swaps(left[some], right[some], depth=depth)
        for name, gain in gains.items():
            own[name][some], change = swaps.changes(gain)
            squares[name] += float(change @ change)
            lost[name] -= np.bincount(swaps.items, weights=change, minlength=n_items)
    for name, values in own.items():
        lost[name][rows] += values - values.mean()
    found = {
        name: error_of_sum(lost[name], squares=squares[name], per_item=own[name]) for name in gains
    }
    return {name: Error(one.value / len(rows), one.df) for name, one in found.items()}


def error_of_sum(lost: Numbers, *, squares: float, per_item: Numbers, n_zeros: int = 0) -> Error:
    """Standard error of a sum from what it loses with each item: see :func:`list_errors`.

    Parameters
    ----------
    lost : array of shape (n_items,)
    squares : float
        Of all changes of one item's value as another leaves.
    per_item : array of shape (n_rows,)
        The values that are summed.
    n_zeros : int
        Further items, with which nothing is lost.

    Returns
    -------
    Error
        At least that of as many independent values.
    """
    least = len(per_item) * float(np.var(per_item, ddof=1))
    middle = float(lost.sum()) / (len(lost) + n_zeros)
    spread = float(np.square(lost - middle).sum()) + n_zeros * middle**2 - squares
    df = df_of_pulls(lost, most=len(per_item) - 1.0, n_zeros=n_zeros)
    return Error(float(np.sqrt(max(spread, least))), df)


def _at_last(common: NDArray[np.int64], values: Numbers) -> Numbers:
    gains = np.zeros(common.shape)
    gains[:, -1] = values
    return gains


class _Swaps(NamedTuple):
    """Who stands in which lists, and what the lists have in common before and after it leaves.

    ``common`` counts up to each depth; ``of_a``, ``of_b`` and ``of_both`` do so after a member
    left that stood before that depth in one list, the other or both. Members are named by ``owner``
    (the row of the lists), ``items``, and their places ``in_a`` and ``in_b``: the length of the
    lists where they do not stand.
    """

    common: NDArray[np.int64]
    of_a: NDArray[np.int64]
    of_b: NDArray[np.int64]
    of_both: NDArray[np.int64]
    owner: NDArray[np.int64]
    items: NDArray[np.int64]
    in_a: NDArray[np.int64]
    in_b: NDArray[np.int64]

    def changes(self, gain: Gain) -> tuple[Numbers, Numbers]:
        """Return the value of each row, and how it changes as each member leaves."""
        before = gain(self.common)
        ways = [
            np.pad(np.cumsum(gain(after) - before, axis=1), ((0, 0), (1, 0)))
            for after in (self.of_a, self.of_b, self.of_both)
        ]
        depth, row = before.shape[1], self.owner
        first = np.minimum(self.in_a, self.in_b)
        second = np.minimum(np.maximum(self.in_a, self.in_b), depth)
        one = np.where(
            self.in_a < self.in_b,
            ways[0][row, second] - ways[0][row, first],
            ways[1][row, second] - ways[1][row, first],
        )
        return before.sum(axis=1), one + ways[2][row, depth] - ways[2][row, second]


def _swaps(left: IntArray, right: IntArray, *, depth: int) -> _Swaps:
    n_rows, held = left.shape
    same = (left[:, :, None] == right[:, None, :]) & (left >= 0)[:, :, None]
    place = np.broadcast_to(np.arange(held), (n_rows, held))
    in_b = np.where(same.any(axis=2), same.argmax(axis=2), held)
    in_a = np.where(same.any(axis=1), same.argmax(axis=1), held)
    until = _counts(np.maximum(place, in_b), depth + 1)
    of_left = (np.minimum(place, in_b) < depth) & (left >= 0)
    only_right = (in_a == held) & (place < depth) & (right >= 0)
    rows = np.broadcast_to(np.arange(n_rows)[:, None], (n_rows, held))
    return _Swaps(
        common=until[:, :-1],
        of_a=_counts(np.maximum(place - 1, in_b), depth),
        of_b=_counts(np.maximum(place, in_b - 1), depth),
        of_both=until[:, 1:] - 1,
        owner=np.concatenate([rows[of_left], rows[only_right]]),
        items=np.concatenate([left[of_left], right[only_right]]).astype(np.int64),
        in_a=np.concatenate([place[of_left], in_a[only_right]]),
        in_b=np.concatenate([in_b[of_left], place[only_right]]),
    )


def _counts(places: NDArray[np.int64], depth: int) -> NDArray[np.int64]:
    """Return how many places of each row lie before each depth from 1."""
    n_rows = len(places)
    slots = np.minimum(places, depth) + (depth + 1) * np.arange(n_rows)[:, None]
    each = np.bincount(slots.ravel(), minlength=n_rows * (depth + 1)).reshape(n_rows, depth + 1)
    counts: NDArray[np.int64] = np.cumsum(each, axis=1)[:, :depth]
    return counts
