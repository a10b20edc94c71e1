"""One layout of all spaces at once, in which an item moves only if its neighbourhood changed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress, silent
from emblink.errors import GraphMismatchError
from emblink.kernels import layout_epoch
from emblink.projection._frame import radius
from emblink.projection._fuzzy import (
    FuzzyGraph,
    SparseRows,
    agreement,
    consensus,
    fuzzy_graph,
    sparse_rows,
)
from emblink.types import FloatArray, IntArray, NeighborGraph

_SAMPLES = 10
_REPULSION = 5.0  # half of the samples, as UMAP moves both ends of an edge but one of a sample
_START_RADIUS = 2.5
_START_JITTER = 0.01
_FARTHEST_START = 3.0
_RATE = 2.0
_WATCH_EPOCHS = 20
_STRONGEST_PULL = 30.0  # beside an attraction of at most 2


def joint_layout(
    graphs: Sequence[NeighborGraph],
    rows: Sequence[IntArray],
    n_items: int,
    *,
    start: Sequence[FloatArray] | None,
    seed: int = 0,
    n_epochs: int | None = None,
    n_neighbors: int = 15,
    progress: Progress = silent,
    watch: Callable[[Sequence[NDArray[np.float32]]], None] | None = None,
) -> list[NDArray[np.float32]]:
    """Pictures of several spaces in one frame, in which motion means change.

    The mean of the spaces' fuzzy neighbour graphs (as in UMAP, with the curve ``1 / (1 + d^2)``) is
    laid out first. Each space then relaxes from there under its own graph, every item held to its
    consensus position by a pull that grows with how much of its neighbourhood the other spaces
    share, and with its rank in that. An item that agrees stays put, one that changed may move.

    Parameters
    ----------
    graphs : sequence of NeighborGraph
    rows : sequence of arrays of shape (n_space_items,)
        The item, in ``[0, n_items)``, of each row of each graph; spaces may cover different items.
    n_items : int
    start : sequence of arrays of shape (n_space_items, 2), or None
        Where to begin: pictures in one frame, as :func:`pca_projections` gives. None begins at
        random, and loses the large-scale order.
    seed : int
    n_epochs : int or None
        Of the consensus; the spaces take half as many more. None: 300, falling to 100 from
        10,000 to 90,000 items.
    n_neighbors : int
        Neighbours of each item that shape the layout, clipped to what the graphs hold.
    progress : Progress
        Called between epochs; raise from it to cancel.
    watch : callable, optional
        Called with the pictures so far, now and then between epochs.

    Returns
    -------
    list of arrays of shape (n_space_items, 2), float32
        Finite, with mean 0 and root mean square radius 1 over all spaces together. The same bytes
        for the same input and seed, whatever the number of threads. Equal graphs give equal
        pictures. Misleads as every such picture does: distances between clusters and their
        sizes mean little; read change from the high-dimensional scores.

    Raises
    ------
    GraphMismatchError
        ``rows`` do not fit the graphs.

    References
    ----------
    .. [1] McInnes, Healy and Melville, "UMAP", 2018.
    .. [2] Dadu et al., "Application of Aligned-UMAP to longitudinal biomedical studies", 2023.
    """
    _check(graphs, rows, n_items)
    first = _default_epochs(n_items) if n_epochs is None else n_epochs
    second = (first + 1) // 2 if len(graphs) > 1 else 0
    total = first + second * len(graphs)
    fuzzy = [fuzzy_graph(graph, n_neighbors=n_neighbors) for graph in graphs]
    common = consensus(fuzzy, rows, n_items)
    covering = np.zeros(n_items, np.int64)
    for items in rows:
        covering[items] += 1
    whole = _sheet(common, np.arange(n_items), n_items, np.flatnonzero(covering))
    begin = _begin(start, rows, n_items, seed=seed)

    def show(so_far: list[NDArray[np.float32]]) -> None:
        if watch is not None:
            watch(_framed(so_far))

    places = _relax(
        whole,
        begin,
        anchors=begin,
        pull=np.zeros(n_items, np.float32),
        rates=_cooling(first),
        seed=seed,
        tick=_tick(progress, 0, total),
        see=lambda so_far: show([so_far[items] for items in rows]),
    )
    if second == 0:
        return _framed([places[items] for items in rows])
    pictures = [places[items] for items in rows]

    def show_one(space: int, so_far: NDArray[np.float32]) -> None:
        show([*pictures[:space], so_far, *pictures[space + 1 :]])

    for space, (graph, items) in enumerate(zip(fuzzy, rows, strict=True)):
        anchors = np.ascontiguousarray(pictures[space])
        pictures[space] = _relax(
            _sheet(graph, items, n_items, items),
            anchors,
            anchors=anchors,
            pull=_pull(agreement(graph, common, items, covering[items])),
            rates=_cooling(second),
            seed=seed,
            tick=_tick(progress, first + second * space, total),
            see=partial(show_one, space),
        )
    return _framed(pictures)


@dataclass(frozen=True, eq=False)
class _Sheet:
    """What the kernel needs to know of one space."""

    edges: SparseRows
    items: NDArray[np.int32]
    rows: NDArray[np.int32]


def _sheet(graph: FuzzyGraph, items: IntArray, n_items: int, covered: IntArray) -> _Sheet:
    rows = np.full(n_items, -1, np.int32)
    rows[items] = np.arange(len(items), dtype=np.int32)
    present = np.zeros(n_items, bool)
    present[covered] = True
    rows[~present] = -1
    return _Sheet(sparse_rows(graph), items.astype(np.int32), rows)


def _relax(
    sheet: _Sheet,
    positions: NDArray[np.float32],
    *,
    anchors: NDArray[np.float32],
    pull: NDArray[np.float32],
    rates: Iterable[float],
    seed: int,
    tick: Callable[[int], None],
    see: Callable[[NDArray[np.float32]], None],
) -> NDArray[np.float32]:
    """Run one epoch per rate; return the last positions."""
    here, there = positions.copy(), np.empty_like(positions)
    for epoch, rate in enumerate(rates):
        layout_epoch(
            here,
            there,
            starts=sheet.edges.starts,
            columns=sheet.edges.columns,
            weights=sheet.edges.weights,
            items=sheet.items,
            rows=sheet.rows,
            anchors=anchors,
            pull=pull,
            rate=float(rate),
            repulsion=_REPULSION,
            samples=_SAMPLES,
            seed=seed,
            epoch=epoch,
        )
        here, there = there, here
        tick(epoch + 1)
        if (epoch + 1) % _WATCH_EPOCHS == 0:
            see(here)
    return here


def _pull(agreed: FloatArray) -> NDArray[np.float32]:
    """Return the pull of each item, by how much it agrees and by its rank in that.

    The rank adapts to noise, which lowers every agreement; the amount lets go of spaces that have
    little in common, whose best-ranked items changed too.
    """
    rank = np.searchsorted(np.sort(agreed), agreed, side="right") / max(len(agreed), 1)
    return (_STRONGEST_PULL * rank * agreed**2).astype(np.float32)


def _begin(
    start: Sequence[FloatArray] | None, rows: Sequence[IntArray], n_items: int, *, seed: int
) -> NDArray[np.float32]:
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


def _framed(pictures: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """Centre and scale all pictures as one."""
    if not pictures:
        return []
    every = np.concatenate(pictures).astype(np.float64)
    centre = every.mean(axis=0) if len(every) else np.zeros(2)
    size = radius(every - centre)
    return [((coords - centre) / size).astype(np.float32) for coords in pictures]


def _tick(progress: Progress, before: int, total: int) -> Callable[[int], None]:
    return lambda done: progress(before + done, total)


def _cooling(n_epochs: int) -> NDArray[np.float64]:
    return np.asarray(_RATE * (1 - np.arange(n_epochs) / max(n_epochs, 1)) ** 2)


def _default_epochs(n_items: int) -> int:
    return round(min(300.0, max(100.0, 300.0 * math.sqrt(10_000 / max(n_items, 1)))))


def _check(graphs: Sequence[NeighborGraph], rows: Sequence[IntArray], n_items: int) -> None:
    if len(graphs) != len(rows):
        raise GraphMismatchError(f"{len(graphs)} graphs need as many rows, not {len(rows)}")
    for space, (graph, items) in enumerate(zip(graphs, rows, strict=True)):
        if items.shape != (len(graph.indices),):
            raise GraphMismatchError(
                f"graph {space} covers {len(graph.indices)} items but its rows have shape "
                f"{items.shape}; give the item of each row"
            )
        if len(items) and not 0 <= items.min() <= items.max() < n_items:
            raise GraphMismatchError(
                f"rows of graph {space} reach from {items.min()} to {items.max()}; "
                f"items are numbered from 0 to {n_items - 1}"
            )
