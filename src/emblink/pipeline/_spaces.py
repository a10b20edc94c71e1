"""The steps of one space: its vectors, its neighbours, its cells, and its health."""

from __future__ import annotations

from dataclasses import replace

from emblink.bundle import Stage, Store, part, restore_graph, restore_rows, store_graph
from emblink.measures import k_means_cells, space_health
from emblink.neighbors import nearest_neighbors
from emblink.pipeline._run import Run, SpaceStages
from emblink.types import AnyArray, IntArray, NeighborGraph, SpaceSet

STORED_NEIGHBORS = 100


def keep_vectors(space_set: SpaceSet, store: Store) -> tuple[SpaceSet, dict[str, Stage]]:
    """Keep the vectors of all spaces, before anything else looks at them.

    Parameters
    ----------
    space_set : SpaceSet
    store : Store

    Returns
    -------
    space_set : SpaceSet
        Of the vectors that are kept: the given ones may change while others look at them.
    kept : dict of name to Stage
    """
    kept = {}
    for name, space in space_set.spaces.items():
        what = f"the vectors of space {name!r} ({space.source})"
        kept[name] = store.keep("vectors", {"vectors": space.vectors}, what=what)
    spaces = {
        name: replace(space, vectors=kept[name].arrays["vectors"])
        for name, space in space_set.spaces.items()
    }
    return replace(space_set, spaces=spaces), kept


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
    over = f"space/{part(name)}"
    order = run.catalog.add_domain(over, run.space_set.rows[name], run.places)
    vectors = run.vectors[name]
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
