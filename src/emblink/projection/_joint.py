"""One layout of all spaces at once, in which an item moves only if its neighbourhood changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress, silent
from emblink.projection._frame import radius
from emblink.projection._fuzzy import consensus, fuzzy_graph, sparse_rows
from emblink.projection._settle import (
    Picture,
    Problem,
    Watch,
    check_rows,
    cooling,
    default_epochs,
    ticked,
)
from emblink.projection._taken_along import TakenAlong
from emblink.projection._ties import tie_strengths
from emblink.types import FloatArray, IntArray, NeighborGraph

_START_RADIUS = 2.5
_START_JITTER = 0.01
_FARTHEST_START = 3.0


@dataclass(frozen=True, eq=False)
class JointLayout:
    """Pictures of several spaces in one frame, and what it takes to draw further spaces there.

    Attributes
    ----------
    pictures : list of arrays of shape (n_space_items, 2), float32
        Finite, with mean 0 and root mean square radius 1 over all spaces together.
    consensus : array of shape (n_items, 2), float32
        Where each item set out from in every space: the layout of the spaces' mean graph. NaN for
        items that no space covers.
    unit : float
        The distance, in these units, at which an attraction has fallen to half.
    problem : Problem or None
        What the spaces were drawn by, to draw them again; None where one picture is of several.
    """

    pictures: list[Picture]
    consensus: Picture
    unit: float
    problem: Problem | None = None


def joint_layout(
    graphs: Sequence[NeighborGraph],
    rows: Sequence[IntArray],
    n_items: int,
    *,
    start: Sequence[FloatArray] | None,
    seed: int = 0,
    n_epochs: int | None = None,
    n_neighbors: int = 15,
    taken_along: TakenAlong | None = None,
    progress: Progress = silent,
    watch: Watch | None = None,
) -> JointLayout:
    """Pictures of several spaces in one frame, in which motion means change.

    The mean of the spaces' fuzzy neighbour graphs (as in UMAP) is laid out first. From there all
    spaces move together, each under its own graph, while ties draw the places of each item in two
    spaces together, the more the better its neighbourhoods in these two agree. An item that
    changed is free.

    Parameters
    ----------
    graphs : sequence of NeighborGraph
        Where spaces cover different items, with more neighbours than ``n_neighbors``: agreement is
        found among the items that two spaces share.
    rows : sequence of arrays of shape (n_space_items,)
        The item, in ``[0, n_items)``, of each row of each graph, ascending; spaces may cover
        different items.
    n_items : int
    start : sequence of arrays of shape (n_space_items, 2), or None
        Where to begin: pictures in one frame, as :func:`pca_projections` gives. None begins at
        random, and loses the large-scale order.
    seed : int
    n_epochs : int or None
        Of all spaces together; the consensus takes a third as many before. None: 450, falling to
        150 from 2,500 to 39,000 items.
    n_neighbors : int
        Neighbours of each item that shape the layout, clipped to what the graphs hold.
    taken_along : TakenAlong, optional
        Who kept its neighbours and went elsewhere with them: not tied, and drawn from beside what
        it lies beside in each space. Without, such items are drawn as if they had not moved.
    progress : Progress
        Called between epochs; raise from it to cancel.
    watch : callable, optional
        Called every ten epochs with the pictures so far, framed as the result is.

    Returns
    -------
    JointLayout
        The same bytes for the same input and seed, whatever the number of threads. Equal graphs
        give equal pictures. Misleads as every such picture does: distances between clusters and
        their sizes mean little; read change from the high-dimensional scores.

    Raises
    ------
    GraphMismatchError
        ``rows`` do not fit the graphs, or are not ascending.

    References
    ----------
    .. [1] McInnes, Healy and Melville, "UMAP", 2018.
    .. [2] Böhm, Berens and Kobak, "Attraction-repulsion spectrum in neighbor embeddings", 2022.
    .. [3] Dadu et al., "Application of Aligned-UMAP to longitudinal biomedical studies", 2023.
    """
    check_rows(graphs, rows, n_items)
    firsts = _firsts(graphs, rows)
    distinct = sorted(set(firsts))
    where = [distinct.index(first) for first in firsts]
    graphs, rows = [graphs[i] for i in distinct], [rows[i] for i in distinct]
    joint = default_epochs(n_items) if n_epochs is None else n_epochs
    alone = len(graphs) == 1
    before = joint if alone else (joint + 2) // 3
    total = before if alone else before + joint
    fuzzy = [fuzzy_graph(graph, n_neighbors=n_neighbors) for graph in graphs]
    begin = _begin(
        None if start is None else [start[i] for i in distinct],
        rows,
        n_items,
        seed,
    )

    def framed(pictures: Sequence[Picture], common: Picture) -> JointLayout:
        return _framed([pictures[i] for i in where], common)

    def shown(pictures: Sequence[Picture]) -> None:
        if watch is not None:
            watch(framed(pictures, begin).pictures)

    mean = sparse_rows(consensus(fuzzy, rows, n_items))
    drawn = [sparse_rows(graph) for graph in fuzzy]
    del fuzzy  # its keys are larger than what is drawn by
    (common,) = Problem.of([mean], [np.arange(n_items)], n_items).settle(
        [begin],
        rates=cooling(before),
        seed=seed,
        tick=ticked(progress, 0, total),
        watch=lambda everyone: shown([everyone[0][items] for items in rows]),
    )
    common[~_covered(rows, n_items)] = np.nan
    pictures = [np.ascontiguousarray(common[items]) for items in rows]
    problem = None
    if not alone:
        ties = tie_strengths(graphs, rows, n_items, k=n_neighbors)
        if taken_along is not None:
            taken_along = taken_along.among(distinct)
            ties[taken_along.between] = 0
            pictures = taken_along.begin(common, rows)
        problem = Problem.of(drawn, rows, n_items, ties)
        pictures = problem.settle(
            pictures,
            rates=cooling(joint),
            seed=seed,
            tick=ticked(progress, before, total),
            watch=shown,
        )
    return replace(
        framed(pictures, common), problem=problem if len(distinct) == len(where) else None
    )


def _firsts(graphs: Sequence[NeighborGraph], rows: Sequence[IntArray]) -> list[int]:
    """Return the first space that each space equals, graph and items: it shares its picture."""
    firsts: list[int] = []
    for space, (graph, items) in enumerate(zip(graphs, rows, strict=True)):
        equal = (
            other
            for other in range(space)
            if firsts[other] == other
            and np.array_equal(rows[other], items)
            and np.array_equal(graphs[other].indices, graph.indices)
            and np.array_equal(graphs[other].distances, graph.distances)
        )
        firsts.append(next(equal, space))
    return firsts


def _begin(
    start: Sequence[FloatArray] | None, rows: Sequence[IntArray], n_items: int, seed: int
) -> Picture:
    """Return each item's mean start, brought to the layout's size, with outliers drawn in.

    Sizes are medians, which one far item does not upset. The jitter parts duplicates, which no
    force can.
    """
    noise = np.random.default_rng(seed).uniform(-1, 1, (n_items, 2))
    if start is None:
        return (_START_RADIUS * noise).astype(np.float32)
    total, covering = np.zeros((n_items, 2)), np.zeros((n_items, 1))
    for coords, items in zip(start, rows, strict=True):
        total[items] += coords
        covering[items] += 1
    mean = total / np.maximum(covering, 1)
    mean -= np.median(mean[covering[:, 0] > 0], axis=0) if covering.any() else 0
    middle = float(np.median(np.linalg.norm(mean, axis=1))) if n_items else 0.0
    mean /= middle if middle > 0 else radius(mean)
    mean /= np.maximum(1, np.linalg.norm(mean, axis=1, keepdims=True) / _FARTHEST_START)
    return (_START_RADIUS * (mean / radius(mean) + _START_JITTER * noise)).astype(np.float32)


def _framed(pictures: list[Picture], consensus: Picture) -> JointLayout:
    """Centre and scale all pictures as one, and the consensus with them."""
    every = np.concatenate([np.zeros((0, 2)), *pictures])
    centre = every.mean(axis=0) if len(every) else np.zeros(2)
    size = radius(every - centre)
    *framed, common = (((p - centre) / size).astype(np.float32) for p in (*pictures, consensus))
    return JointLayout(framed, common, 1 / size)


def _covered(rows: Sequence[IntArray], n_items: int) -> NDArray[np.bool_]:
    covered = np.zeros(n_items, bool)
    for items in rows:
        covered[items] = True
    return covered
