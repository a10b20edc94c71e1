"""Drawing spaces into a layout that is finished: further ones, or the same once more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emblink.compute import Progress, silent
from emblink.errors import GraphMismatchError
from emblink.kernels import SparseRows
from emblink.projection._frame import radius
from emblink.projection._fuzzy import fuzzy_graph, sparse_rows
from emblink.projection._joint import JointLayout
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
from emblink.types import IntArray, NeighborGraph

_JITTER = 0.01


def extended_layout(
    graphs: Sequence[NeighborGraph],
    rows: Sequence[IntArray],
    n_items: int,
    *,
    drawn: Sequence[Picture | None],
    consensus: Picture,
    unit: float,
    seed: int = 0,
    n_epochs: int | None = None,
    n_neighbors: int = 15,
    taken_along: TakenAlong | None = None,
    progress: Progress = silent,
    watch: Watch | None = None,
) -> JointLayout:
    """Draw further spaces into a finished layout, whose pictures stay as they are.

    Parameters
    ----------
    graphs, rows, n_items, seed, n_neighbors, taken_along, progress, watch
        As in :func:`joint_layout`.
    drawn : sequence of arrays of shape (n_space_items, 2), or None
        The finished picture of each space; None for those to draw.
    consensus : array of shape (n_items, 2), float32
        Of the finished layout; NaN for items new to it, which begin among their neighbours.
    unit : float
        Of the finished layout.
    n_epochs : int or None

    Returns
    -------
    JointLayout
        In the frame of the finished pictures, which come back as given.

    Raises
    ------
    GraphMismatchError
        ``rows`` or ``drawn`` do not fit the graphs.
    """
    check_rows(graphs, rows, n_items)
    _check_drawn(graphs, drawn)
    problem = _problem(graphs, rows, n_items, n_neighbors=n_neighbors, taken_along=taken_along)
    epochs = default_epochs(n_items) if n_epochs is None else n_epochs
    begin = _among_neighbors(problem.graphs, rows, consensus, seed=seed)

    def scaled(places: Sequence[Picture]) -> list[Picture]:
        pairs = zip(drawn, places, strict=True)
        return [(unit * new).astype(np.float32) if old is None else old for old, new in pairs]

    fresh = _starts(begin, rows, taken_along)
    starts = [new if old is None else old for old, new in zip(drawn, fresh, strict=True)]
    places = problem.settle(
        [(start / unit).astype(np.float32) for start in starts],
        rates=cooling(epochs),
        seed=seed,
        fixed=np.array([old is not None for old in drawn]),
        tick=ticked(progress, 0, epochs),
        watch=None if watch is None else (lambda everyone: watch(scaled(everyone))),
    )
    return JointLayout(scaled(places), begin, unit, problem)


def drawn_again(
    graphs: Sequence[NeighborGraph],
    rows: Sequence[IntArray],
    n_items: int,
    *,
    layout: JointLayout,
    seed: int = 0,
    n_neighbors: int = 15,
    taken_along: TakenAlong | None = None,
    known: Sequence[Picture | None] | None = None,
    progress: Progress = silent,
) -> list[Picture]:
    """Draw every space a second time, with other random draws, the other spaces as they are.

    What differs between the two drawings of a space comes from the drawing alone: both set out
    from the consensus.

    Parameters
    ----------
    graphs, rows, n_items, seed, n_neighbors, taken_along, progress
        As given to :func:`joint_layout`.
    layout : JointLayout
        What it returned.
    known : sequence of arrays of shape (n_space_items, 2), or None
        Spaces that were drawn a second time before, which come back as given.

    Returns
    -------
    list of arrays of shape (n_space_items, 2), float32
        In the frame of ``layout``.
    """
    check_rows(graphs, rows, n_items)
    problem = layout.problem
    if problem is None:
        problem = _problem(graphs, rows, n_items, n_neighbors=n_neighbors, taken_along=taken_along)
    fresh = _starts(layout.consensus, rows, taken_along)
    second = []
    for space in range(len(rows)):
        if known is not None and (there := known[space]) is not None:
            second.append(there)
            continue
        starts = [*layout.pictures]
        starts[space] = fresh[space]
        places = problem.settle(
            [(start / layout.unit).astype(np.float32) for start in starts],
            rates=cooling(default_epochs(n_items)),
            seed=seed + 1,
            fixed=np.arange(len(starts)) != space,
            tick=lambda _: None,
            watch=None,
        )
        second.append((layout.unit * places[space]).astype(np.float32))
        progress(space + 1, len(graphs))
    return second


def _starts(
    common: Picture, rows: Sequence[IntArray], taken_along: TakenAlong | None
) -> list[Picture]:
    return (
        [common[items] for items in rows]
        if taken_along is None
        else taken_along.begin(common, rows)
    )


def _problem(
    graphs: Sequence[NeighborGraph],
    rows: Sequence[IntArray],
    n_items: int,
    *,
    n_neighbors: int,
    taken_along: TakenAlong | None,
) -> Problem:
    fuzzy = [sparse_rows(fuzzy_graph(graph, n_neighbors=n_neighbors)) for graph in graphs]
    ties = tie_strengths(graphs, rows, n_items, k=n_neighbors)
    if taken_along is not None:
        ties[taken_along.between] = 0
    return Problem.of(fuzzy, rows, n_items, ties)


def _among_neighbors(
    graphs: Sequence[SparseRows], rows: Sequence[IntArray], consensus: Picture, *, seed: int
) -> Picture:
    """Return the consensus with the items that it lacks amidst their neighbours, or the centre."""
    known = np.isfinite(consensus[:, 0])
    size = radius(consensus[known])
    total, weight = np.zeros(consensus.shape), np.zeros(len(consensus))
    for graph, items in zip(graphs, rows, strict=True):
        near, far = np.repeat(items, np.diff(graph.starts)), items[graph.columns]
        weights = graph.weights * (known[far] & ~known[near])
        places = np.where(known[:, None], consensus, 0)[far]
        weight += np.bincount(near, weights, len(consensus))
        for axis in range(2):
            total[:, axis] += np.bincount(near, weights * places[:, axis], len(consensus))
    jitter = np.random.default_rng(seed).uniform(-1, 1, consensus.shape)
    mean = total / np.where(weight > 0, weight, 1)[:, None] + _JITTER * size * jitter
    return np.where(known[:, None], consensus, mean).astype(np.float32)


def _check_drawn(graphs: Sequence[NeighborGraph], drawn: Sequence[Picture | None]) -> None:
    if len(drawn) != len(graphs):
        raise GraphMismatchError(f"{len(graphs)} graphs need as many pictures, not {len(drawn)}")
    for space, (graph, picture) in enumerate(zip(graphs, drawn, strict=True)):
        if picture is not None and picture.shape != (len(graph.indices), 2):
            raise GraphMismatchError(
                f"graph {space} covers {len(graph.indices)} items but its picture has shape "
                f"{picture.shape}"
            )
