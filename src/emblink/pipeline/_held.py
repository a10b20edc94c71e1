"""What a run holds of one space, at some of its rows."""

from __future__ import annotations

from collections.abc import Mapping

from emblink.matched import LinkedSide, Side, graph_at, linked, side_at
from emblink.pipeline._run import Run, SpaceStages, cells_of, graph_of
from emblink.types import IntArray


def side_of(
    run: Run, spaces: Mapping[str, SpaceStages], name: str, *, rows: IntArray
) -> LinkedSide:
    """Restrict a space to some of its rows, before neighbours are counted.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    name : str
    rows : array of shape (n_common,)

    Returns
    -------
    LinkedSide
    """
    stages = spaces[name]
    vectors = stages.vectors.arrays["vectors"]
    whole = Side(
        name=name,
        metric=run.space_set.spaces[name].metric,
        vectors=vectors,
        cells=cells_of(stages),
        top_share=stages.health.facts["health"]["top_variance_share"],
    )
    return linked(side_at(whole, rows), graph_at(graph_of(run, name, stages), vectors, rows))
