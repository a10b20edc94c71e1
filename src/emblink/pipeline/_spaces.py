"""The steps of one space: its vectors, its neighbours, its cells, and its health."""

from __future__ import annotations

import numpy as np

from emblink.bundle import Stage, part, restore_graph, restore_rows, store_graph
from emblink.measures import k_means_cells, space_health
from emblink.neighbors import nearest_neighbors
from emblink.pipeline._run import Run, SpaceStages
from emblink.types import AnyArray, IntArray, NeighborGraph

STORED_NEIGHBORS = 100
QUERIES = 2000
"""Items asked about where asking about all would cost as much as the neighbours did."""


def prepare_space(run: Run, name: str) -> SpaceStages:
    """Store a space's vectors and find its exact nearest neighbours.

    Parameters
    ----------
    run : Run
    name : str

    Returns
    -------
    SpaceStages
    """
    space = run.space_set.spaces[name]
    over = f"space/{part(name)}"
    order = run.catalog.add_domain(over, run.space_set.rows[name], run.places)
    run.report_step(f"vectors of {name}", 0, 1)
    vectors = run.stage("vectors", (space.vectors,), lambda: ({"vectors": space.vectors}, {}))
    k = min(STORED_NEIGHBORS, len(space.ids) - 1)

    def find() -> tuple[dict[str, AnyArray], dict[str, object]]:
        graph = nearest_neighbors(
            vectors.arrays["vectors"],
            k=k,
            metric=space.metric,
            progress=run.progress(f"neighbours of {name}"),
        )
        stored = {
            "indices": store_graph(graph.indices, order),
            "distances": graph.distances[order],
        }
        return stored, {"recall": graph.recall}

    graph = run.stage("neighbors", (vectors.key, order, space.metric, k), find)
    run.catalog.add(f"{over}/vectors", vectors, "vectors", kind="vectors", over=over)
    run.catalog.add(f"{over}/neighbors", graph, "indices", kind="neighbors", over=over)
    run.catalog.add(f"{over}/distances", graph, "distances", kind="distances", over=over)
    cells = _cells(run, name, vectors, order)
    run.catalog.add(f"{over}/cells", cells, "cells", kind="codes", over=over)
    return SpaceStages(
        over=over,
        order=order,
        vectors=vectors,
        graph=graph,
        cells=cells,
        health=_health(run, name, vectors, graph, order),
    )


def _cells(run: Run, name: str, vectors: Stage, order: IntArray) -> Stage:
    """Divide the items into cells of few, by which dependent items are counted."""
    metric = run.space_set.spaces[name].metric

    def divide() -> tuple[dict[str, AnyArray], dict[str, object]]:
        run.report_step(f"cells of {name}", 0, 1)
        held = vectors.arrays["vectors"]
        return {"cells": k_means_cells(held, metric=metric, seed=run.seed)[order]}, {}

    return run.stage("cells", (vectors.key, order, metric, run.seed), divide)


def _health(run: Run, name: str, vectors: Stage, graph: Stage, order: IntArray) -> Stage:
    """Gather facts by which odd data show."""

    def look() -> tuple[dict[str, AnyArray], dict[str, object]]:
        run.report_step(f"health of {name}", 0, 1)
        found = NeighborGraph(
            restore_graph(graph.arrays["indices"], order),
            restore_rows(graph.arrays["distances"], order),
            run.space_set.spaces[name].metric,
        )
        health = space_health(vectors.arrays["vectors"], found)
        return {}, {"health": health}

    return run.stage("health", (graph.key,), look)


def sample_rows(n_items: int, *, most: int, seed: int) -> IntArray:
    """Return all rows, or ``most`` of them drawn at random, in order."""
    if n_items <= most:
        return np.arange(n_items)
    return np.sort(np.random.default_rng(seed).choice(n_items, size=most, replace=False))
