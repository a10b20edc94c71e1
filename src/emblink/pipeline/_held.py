"""What a run holds of one space, at some of its rows."""

from __future__ import annotations

from collections.abc import Mapping

from emblink.matched import LinkedSide, linked_at
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
    whole = LinkedSide(
        name=name,
        metric=run.space_set.spaces[name].metric,
        vectors=stages.vectors.arrays["vectors"],
        cells=cells_of(stages),
        clusters=stages.cells.arrays["clusters"],
        top_share=stages.health.facts["health"]["top_variance_share"],
        graph=graph_of(run, name, stages),
    )
    return linked_at(whole, rows)
