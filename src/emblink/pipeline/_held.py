"""What a run holds of one space, at some of its rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from emblink.bundle import digest
from emblink.matched import LinkedSide, Side, graph_at, linked, side_at
from emblink.neighbors import nearest_neighbors
from emblink.pipeline._run import Run, cells_of, exact_of, graph_of
from emblink.pipeline._spaces import asked_lists, near_graph
from emblink.rows import as_measured
from emblink.types import IntArray, NeighborGraph


def side_of(run: Run, name: str, *, rows: IntArray) -> LinkedSide:
    """Restrict a space to some of its rows, before neighbours are counted.

    Parameters
    ----------
    run : Run
    name : str
    rows : array of shape (n_common,)

    Returns
    -------
    LinkedSide
        With exact neighbours of all these rows; of very many, of the first of them.
    """
    whole = _whole(run, name)
    if run.spaces[name].asked is None:
        graph = graph_of(run, name)
        return linked(_side(run, whole, rows), graph_at(graph, whole.vectors, rows))
    return linked(_side(run, whole, rows), _exact_at(run, name, rows))


def near_of(run: Run, name: str, *, rows: IntArray) -> NeighborGraph:
    """Return the neighbours of all of some rows among themselves: of very many, nearly all of them.

    Parameters
    ----------
    run : Run
    name : str
    rows : array of shape (n_common,)

    Returns
    -------
    NeighborGraph
        With its measured recall.
    """
    if run.spaces[name].asked is None or run.sampling.first(len(rows)) is None:
        return side_of(run, name, rows=rows).graph
    if _is_whole(run, name, rows):
        return graph_of(run, name)
    stages, metric = run.spaces[name], run.space_set.spaces[name].metric
    found = near_graph(
        run, name, stages.vectors.arrays["vectors"][rows], key=(stages.vectors.key, digest(rows))
    )
    arrays = found.arrays
    return NeighborGraph(arrays["indices"], arrays["distances"], metric, found.facts["recall"])


def _side(run: Run, whole: Side, rows: IntArray) -> Side:
    """Take some rows; of a space as a whole the unit rows are made once, where there is room."""
    often = run.spaces[whole.name].asked is not None or run.has_room_for_units
    if not often or not _is_whole(run, whole.name, rows):
        return side_at(whole, rows)
    unit = run.unit_rows.get(whole.name)
    if unit is None:
        unit = run.unit_rows[whole.name] = as_measured(whole.vectors, metric=whole.metric)
    return replace(whole, vectors=unit)


def _exact_at(run: Run, name: str, rows: IntArray) -> NeighborGraph:
    if _is_whole(run, name, rows):
        return exact_of(run, name)
    stages, metric = run.spaces[name], run.space_set.spaces[name].metric
    vectors = stages.vectors.arrays["vectors"][rows]
    n, key = len(rows), (stages.vectors.key, digest(rows))
    near = None if run.sampling.first(n) is None else near_of(run, name, rows=rows).indices
    lists = asked_lists(run, name, vectors, near=near, key=key).arrays
    among = None if len(lists["indices"]) == n else n
    return NeighborGraph(lists["indices"], lists["distances"], metric, among=among)


def _is_whole(run: Run, name: str, rows: IntArray) -> bool:
    n = run.spaces[name].n_items
    return len(rows) == n and bool(np.array_equal(rows, np.arange(n)))


def exact_row(run: Run, name: str, row: int) -> IntArray:
    """Return the exact neighbours of one item of a space, nearest first.

    Parameters
    ----------
    run : Run
    name : str
    row : int

    Returns
    -------
    array of shape (k,)
    """
    stages = run.spaces[name]
    lists = (stages.asked or stages.graph).arrays["indices"]
    if row < len(lists):
        return np.asarray(lists[row])
    found = nearest_neighbors(
        stages.vectors.arrays["vectors"],
        k=lists.shape[1],
        metric=run.space_set.spaces[name].metric,
        queries=np.array([row]),
    )
    nearest: IntArray = found.indices[0]
    return nearest


def vectors_of(run: Run, name: str, *, rows: IntArray) -> Side:
    """Take some rows of a space as measures see them, without neighbours.

    Parameters
    ----------
    run : Run
    name : str
    rows : array of shape (n,)

    Returns
    -------
    Side
    """
    return side_at(_whole(run, name), rows)


def _whole(run: Run, name: str) -> Side:
    stages = run.spaces[name]
    return Side(
        name=name,
        metric=run.space_set.spaces[name].metric,
        vectors=stages.vectors.arrays["vectors"],
        cells=cells_of(run, name),
        top_share=stages.health.facts["health"]["top_variance_share"],
    )
