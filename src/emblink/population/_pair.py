"""All that is measured of two populations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.groups import Background
from emblink.measures import neighborhood_overlap
from emblink.neighbors import approximate, nearest_neighbors
from emblink.population._cells import cells_of
from emblink.population._judged import Judged, judge
from emblink.population._mixing import Deal
from emblink.population._partners import Ranked, gap_of, partner_ranks, seen
from emblink.population._union import Population, Union, copies_of, union_of
from emblink.stats import sample_items
from emblink.types import AnyArray, IntArray, NeighborGraph
from emblink.words import as_words, categories

K = 15
ASKED = 2_000
"""Items whose neighbours are sought again with the means taken off."""
SAME_AXES = 5.0
"""Times chance: partners found less often, though their neighbours are the same ones, lie in spaces
whose axes have nothing to do with each other."""
_MOST_LABELS = 1000


@dataclass(frozen=True, eq=False)
class Measured:
    """Two populations, measured; nothing adjusted for other pairs yet.

    Attributes
    ----------
    union : Union
    side : array of shape (n_items,), bool
    graph : NeighborGraph
        Of the union.
    judged : Judged
    labels : tuple of (str, array), or None
        The names of the labels and each item's code, -1 without one.
    pairs : array of shape (n_pairs, 2), int64
        Rows of the union that are one item.
    ranked : Ranked or None
    gap, apart_centred, apart_asked : float
    copies : list of (int, int)
        Rows of the union with one vector, of the first and of the second side.
    twice : (int, int)
        Items of both sides that have the vector of another of their side, one of each not counted.
    two_models : float or None
        Share of neighbours that shared items have in common, where their axes are unrelated.
    """

    union: Union
    side: NDArray[np.bool_]
    graph: NeighborGraph
    judged: Judged
    labels: tuple[list[str], NDArray[np.int64]] | None
    pairs: NDArray[np.int64]
    ranked: Ranked | None
    gap: float
    apart_centred: float
    apart_asked: float
    copies: list[tuple[int, int]]
    twice: tuple[int, int]
    two_models: float | None

    @property
    def names(self) -> tuple[str, str]:
        """Of both populations."""
        first, second = self.union.populations
        return first.name, second.name

    @property
    def named(self) -> bool:
        """Whether ids were given for both sides."""
        return all(one.named for one in self.union.populations)

    @property
    def sizes(self) -> tuple[int, int]:
        """Items of both sides."""
        n_second = int(self.side.sum())
        return len(self.side) - n_second, n_second

    @property
    def background(self) -> Background:
        """What explains a group: columns that do not merely tell the sides apart."""
        names = [name for name in self.union.column_names if not self._tells_sides(name)]
        columns = {name: self.union.column(name) for name in names}
        roles = {role: name for role, name in self.union.roles.items() if name in columns}
        nothing = np.zeros((0, 0), np.float32)
        return Background(
            self.names,
            self.union.ids,
            columns,
            roles,
            self.graph,
            self.graph,
            nothing,
            np.zeros(0, np.float32),
        )

    def _tells_sides(self, name: str) -> bool:
        """Whether no value of a column of words is on both sides, as a date may be."""
        if name == self.union.roles.get("text"):
            return False
        words = as_words(self.union.column(name))
        known = words != ""
        first = {*words[known & ~self.side].tolist()}
        second = {*words[known & self.side].tolist()}
        few = len(first | second) < int(known.sum()) / 2
        return few and not first & second


def measure(
    first: Population,
    second: Population,
    *,
    blocks: str | None = None,
    n_permutations: int,
    beyond: bool = False,
    seed: int = 0,
) -> Measured:
    """Measure two populations.

    Parameters
    ----------
    first, second : Population
    blocks : str, optional
        The column within whose values sides are dealt.
    n_permutations : int
    beyond : bool
        Read small p-values off the shape of what chance gives.
    seed : int

    Returns
    -------
    Measured
    """
    union = union_of([first, second], seed=seed)
    side = union.codes == 1
    k = min(K, len(side) - 1)
    graph = approximate(union.vectors, k=k, metric=union.metric, seed=seed).graph
    pairs, labels = union.pairs(), label_codes(union)
    block = None if blocks is None else categories(as_words(union.column(blocks)))[0]
    levels: list[IntArray] = [*cells_of(graph.indices, seed=seed)]
    if labels is not None and len(labels[0]) <= _MOST_LABELS:
        levels.append(labels[1])
    judged = judge(
        graph.indices,
        Deal(side, block, pairs if len(pairs) else None),
        levels=levels,
        n_permutations=n_permutations,
        seed=seed,
        beyond=beyond,
    )
    ranked = None
    if len(pairs):
        rows = union.rows[pairs]
        ranked = partner_ranks(first.vectors, second.vectors, rows, metric=union.metric, seed=seed)
    centred, asked = _centred(union, side, k=k, seed=seed)
    copies, twice = copies_of(union, side)
    return Measured(
        union,
        side,
        graph,
        judged,
        labels,
        pairs,
        ranked,
        gap_of(first.vectors, second.vectors, metric=union.metric),
        centred,
        asked,
        copies,
        twice,
        None if ranked is None else _two_models(union, pairs, ranked, seed=seed),
    )


def label_codes(union: Union) -> tuple[list[str], NDArray[np.int64]] | None:
    """Return the names of the labels, and the code of each item, -1 without one.

    Parameters
    ----------
    union : Union

    Returns
    -------
    (list of str, array of shape (n_items,)) or None
        None too where a population has no label at all: who has one tells the sides apart.
    """
    column = union.roles.get("label")
    if column is None:
        return None
    codes, names = categories(as_words(union.column(column)))
    if not all((codes[union.codes == side] >= 0).any() for side in range(len(union.populations))):
        return None
    return names, codes.astype(np.int64)


def _centred(union: Union, side: NDArray[np.bool_], *, k: int, seed: int) -> tuple[float, float]:
    """Return how far apart a sample of both sides is, without and with each side's mean."""
    asked = np.sort(
        np.concatenate(
            [
                rows[sample_items(len(rows), min(len(rows), ASKED // 2), seed=seed)]
                for rows in (np.flatnonzero(~side), np.flatnonzero(side))
            ]
        )
    )
    whole = np.empty(union.vectors.shape, np.float32)
    for rows in (~side, side):
        whole[rows] = seen(union.vectors[rows], metric=union.metric, centred=True)
    usable = whole.any(axis=1) if union.metric == "cosine" else np.ones(len(side), bool)
    if not usable.all():
        whole[~usable] = 1.0
    found = []
    for vectors in (whole, union.vectors):
        graph = nearest_neighbors(vectors, k=k, metric=union.metric, queries=asked)
        found.append(_apart_asked(graph.indices, side, asked))
    return found[0], found[1]


def _apart_asked(
    lists: NDArray[np.int32], side: NDArray[np.bool_], asked: NDArray[np.int64]
) -> float:
    other = (side[lists] != side[asked][:, None]).mean(axis=1)
    return 1.0 - float(other[~side[asked]].mean() + other[side[asked]].mean())


def _two_models(
    union: Union, pairs: NDArray[np.int64], ranked: Ranked, *, seed: int
) -> float | None:
    """Return how many neighbours shared items have in common, where no partner is found."""
    if len(pairs) < _FEW_PAIRS or not _at_chance(ranked):
        return None
    some = np.sort(sample_items(len(pairs), min(len(pairs), ASKED), seed=seed))
    k = min(10, len(some) - 1)
    a, b = (
        nearest_neighbors(union.vectors[pairs[some, side]], k=k, metric=union.metric)
        for side in (0, 1)
    )
    kept = float(neighborhood_overlap(a, b, k=k).mean())
    return kept if kept > SAME_AXES * k / (len(some) - 1) else None


_FEW_PAIRS = 50


def _at_chance(ranked: Ranked) -> bool:
    ways = ranked.there, ranked.back
    return all(way.recall_at(10) < SAME_AXES * 10 / way.n_others for way in ways)


def mixed(union: Union, graph: NeighborGraph, side: NDArray[np.bool_]) -> AnyArray:
    """Say of each item how much commoner the second side is around it than in all.

    Parameters
    ----------
    union : Union
    graph : NeighborGraph
    side : array of shape (n_items,), bool

    Returns
    -------
    array of shape (n_items,), float32
        From -1 to 1: the share of the second side among the item and its neighbours, less its
        share of all items. Density of the second less that of the first.
    """
    around = (side[graph.indices].sum(axis=1) + side) / (graph.indices.shape[1] + 1)
    return np.asarray(around - side.mean(), np.float32)


def pairs_of(populations: Sequence[Population]) -> list[tuple[int, int]]:
    """Say which populations are compared: each with the one before it, and with the first.

    Parameters
    ----------
    populations : sequence of Population

    Returns
    -------
    list of (int, int)
    """
    n = len(populations)
    return [(at, at + 1) for at in range(n - 1)] + [(0, at) for at in range(2, n)]
