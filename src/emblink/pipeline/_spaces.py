"""The steps of one space: its vectors, its neighbours, its cells, and its health."""

from __future__ import annotations

from emblink.bundle import Stage
from emblink.measures import k_means_cells, space_health
from emblink.neighbors import nearest_neighbors
from emblink.pipeline._common import space_domain
from emblink.pipeline._run import Run, SpaceStages
from emblink.types import AnyArray, NeighborGraph

STORED_NEIGHBORS = 100


def prepare_space(run: Run, name: str) -> SpaceStages:
    """Find a space's exact nearest neighbours, and what else is known of it alone.

    Parameters
    ----------
    run : Run
    name : str

    Returns
    -------
    SpaceStages
    """
    space = run.space_set.spaces[name]
    over = space_domain(name)
    vectors = run.vectors[name]
    k = min(STORED_NEIGHBORS, len(space.ids) - 1)

    def find() -> tuple[dict[str, AnyArray], dict[str, object]]:
        graph = nearest_neighbors(
            vectors.arrays["vectors"],
            k=k,
            metric=space.metric,
            progress=run.progress(f"neighbours of {name}"),
        )
        return {"indices": graph.indices, "distances": graph.distances}, {"recall": graph.recall}

    graph = run.stage("neighbors", (vectors.key, space.metric, k), find)
    run.catalog.add(f"{over}/vectors", vectors, "vectors", kind="vectors", over=over)
    run.catalog.add(f"{over}/neighbors", graph, "indices", kind="neighbors", over=over)
    run.catalog.add(f"{over}/distances", graph, "distances", kind="distances", over=over)
    cells = _cells(run, name, vectors)
    run.catalog.add(f"{over}/cells", cells, "cells", kind="codes", over=over)
    return SpaceStages(
        over=over,
        vectors=vectors,
        graph=graph,
        cells=cells,
        health=_health(run, name, vectors, graph),
    )


def _cells(run: Run, name: str, vectors: Stage) -> Stage:
    """Divide the items into cells of few, by which dependent items are counted."""
    metric = run.space_set.spaces[name].metric

    def divide() -> tuple[dict[str, AnyArray], dict[str, object]]:
        run.report_step(f"cells of {name}", 0, 1)
        held = vectors.arrays["vectors"]
        return {"cells": k_means_cells(held, metric=metric, seed=run.seed)}, {}

    return run.stage("cells", (vectors.key, metric, run.seed), divide)


def _health(run: Run, name: str, vectors: Stage, graph: Stage) -> Stage:
    """Gather facts by which odd data show."""

    def look() -> tuple[dict[str, AnyArray], dict[str, object]]:
        run.report_step(f"health of {name}", 0, 1)
        found = NeighborGraph(
            graph.arrays["indices"],
            graph.arrays["distances"],
            run.space_set.spaces[name].metric,
        )
        health = space_health(vectors.arrays["vectors"], found)
        return {}, {"health": health}

    return run.stage("health", (graph.key,), look)
