"""What a run holds of one space, at some of its rows."""

from __future__ import annotations

from collections.abc import Mapping

from emblink.matched import WIDE_NEIGHBORS, Side, take
from emblink.neighbors import restrict
from emblink.pipeline._run import Run, SpaceStages, cells_of, graph_of
from emblink.types import IntArray


def side_of(run: Run, spaces: Mapping[str, SpaceStages], name: str, *, rows: IntArray) -> Side:
    """Restrict a space to some of its rows, before neighbours are counted.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    name : str
    rows : array of shape (n_common,)

    Returns
    -------
    Side
    """
    stages = spaces[name]
    vectors = stages.vectors.arrays["vectors"]
    graph = graph_of(run, name, stages)
    # A whole space has all its stored neighbours at hand; of fewer items, more would be a search.
    most = graph.indices.shape[1] if len(rows) == len(vectors) else WIDE_NEIGHBORS
    return Side(
        name=name,
        metric=run.space_set.spaces[name].metric,
        vectors=take(vectors, rows),
        graph=restrict(graph, vectors, rows, k=min(most, len(rows) - 1)),
        cells=cells_of(stages)[rows],
        clusters=stages.cells.arrays["clusters"][rows],
        top_share=stages.health.facts["health"]["top_variance_share"],
    )
