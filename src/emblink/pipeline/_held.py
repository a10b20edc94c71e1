"""What a run holds of one space, at some of its rows."""

from __future__ import annotations

from emblink.matched import LinkedSide, Side, graph_at, linked, side_at
from emblink.pipeline._run import Run, cells_of, graph_of
from emblink.types import IntArray


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
    """
    whole = _whole(run, name)
    graph = graph_of(run, name)
    return linked(side_at(whole, rows), graph_at(graph, whole.vectors, rows))


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
