"""The neighbours of the items that are asked, among a sample of a space."""

from __future__ import annotations

from emblink.matched import Sampled, asked_neighbors
from emblink.pipeline._held import vectors_of
from emblink.pipeline._run import Run
from emblink.types import AnyArray, IntArray, NeighborGraph


def asked_of(run: Run, name: str, rows: IntArray, chosen: Sampled) -> NeighborGraph:
    """Return the neighbours of the items asked, among sampled rows of a space.

    Parameters
    ----------
    run : Run
    name : str
        Of the space.
    rows : array of shape (n_sampled,)
        Of the space.
    chosen : Sampled
        Which of them are asked.

    Returns
    -------
    NeighborGraph
    """

    def look() -> tuple[dict[str, AnyArray], dict[str, object]]:
        found = asked_neighbors(
            vectors_of(run, name, rows=rows),
            chosen,
            progress=run.progress(f"asking a sample of {name}"),
        )
        return {"indices": found.indices, "distances": found.distances}, {}

    stage = run.stage("asked", (run.spaces[name].graph.key, rows, chosen.asked, chosen.k), look)
    metric = run.space_set.spaces[name].metric
    return NeighborGraph(stage.arrays["indices"], stage.arrays["distances"], metric)
