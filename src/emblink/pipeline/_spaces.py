"""The steps of one space: its vectors, its neighbours, its cells, and its health."""

from __future__ import annotations

import numpy as np

from emblink.bundle import Stage
from emblink.measures import k_means_cells, space_health
from emblink.neighbors import approximate, likely_near, nearest_neighbors
from emblink.pipeline._beside import beside
from emblink.pipeline._common import space_domain
from emblink.pipeline._run import Run, SpaceStages
from emblink.types import AnyArray, FloatArray, IntArray, NeighborGraph

STORED_NEIGHBORS = 100
NEAR_NEIGHBORS = 50
"""Of each of many items: as many as the layout, groups and trust look at."""


def prepare_spaces(run: Run) -> dict[str, SpaceStages]:
    """Find each space's nearest neighbours, and what else is known of it alone.

    Parameters
    ----------
    run : Run

    Returns
    -------
    mapping of name to SpaceStages
    """
    names = [*run.space_set.spaces]
    graphs = [_graphs(run, name) for name in names]  # each shared out among all threads
    spaces = beside(run, _prepared, [*zip(names, graphs, strict=True)])
    for one in spaces:
        add, over = run.catalog.add, one.over
        add(f"{over}/vectors", one.vectors, "vectors", kind="vectors", over=over)
        add(f"{over}/neighbors", one.graph, "indices", kind="neighbors", over=over)
        add(f"{over}/distances", one.graph, "distances", kind="distances", over=over)
        add(f"{over}/cells", one.cells, "cells", kind="codes", over=over)
    return dict(zip(names, spaces, strict=True))


def _graphs(run: Run, name: str) -> tuple[Stage, Stage | None]:
    """Return the neighbours of all items, and where these are approximate those of items asked."""
    vectors = run.vectors[name]
    if run.sampling.first(len(run.space_set.spaces[name].ids)) is None:
        return _exact(run, name, vectors), None
    held, key = vectors.arrays["vectors"], (vectors.key,)
    graph = near_graph(run, name, held, key=key)
    return graph, asked_lists(run, name, held, near=graph.arrays["indices"], key=key)


def _prepared(run: Run, job: tuple[str, tuple[Stage, Stage | None]]) -> SpaceStages:
    name, (graph, asked) = job
    vectors = run.vectors[name]
    return SpaceStages(
        over=space_domain(name),
        vectors=vectors,
        graph=graph,
        cells=_cells(run, name, vectors),
        health=_health(run, name, vectors, graph, asked),
        asked=asked,
    )


def _exact(run: Run, name: str, vectors: Stage) -> Stage:
    """Find the nearest neighbours of every item."""
    space = run.space_set.spaces[name]
    k = min(STORED_NEIGHBORS, len(space.ids) - 1)

    def find() -> tuple[dict[str, AnyArray], dict[str, object]]:
        graph = nearest_neighbors(
            vectors.arrays["vectors"],
            k=k,
            metric=space.metric,
            progress=run.progress(f"neighbours of {name}"),
        )
        return {"indices": graph.indices, "distances": graph.distances}, {"recall": graph.recall}

    return run.stage("neighbors", (vectors.key, space.metric, k), find)


def near_graph(run: Run, name: str, vectors: FloatArray, *, key: tuple[object, ...]) -> Stage:
    """Find nearly all nearest neighbours of every one of many items, for pictures and for clicks.

    Parameters
    ----------
    run : Run
    name : str
        Of the space, whose vectors these are, or some of them.
    vectors : array of shape (n_items, n_dims)
    key : tuple
        What these vectors depend on.

    Returns
    -------
    Stage
        With the measured ``recall`` among its facts.
    """
    metric = run.space_set.spaces[name].metric

    def find() -> tuple[dict[str, AnyArray], dict[str, object]]:
        found = approximate(
            vectors,
            k=NEAR_NEIGHBORS,
            metric=metric,
            seed=run.seed,
            progress=run.progress(f"graph of {name}"),
        )
        graph, recall = found.graph, found.recall
        arrays = {"indices": graph.indices, "distances": graph.distances}
        return arrays, {"recall": recall.share, "interval": [recall.low, recall.high]}

    return run.stage("near", (*key, metric, NEAR_NEIGHBORS, run.seed), find)


def asked_lists(
    run: Run, name: str, vectors: FloatArray, *, near: IntArray | None, key: tuple[object, ...]
) -> Stage:
    """Find the exact nearest neighbours of the first of many items, among all of them.

    Parameters
    ----------
    run : Run
    name : str
    vectors : array of shape (n_items, n_dims)
    near : array of shape (n_items, k) or None
        An approximate graph of them, which makes this faster.
    key : tuple
        What these vectors depend on.

    Returns
    -------
    Stage
    """
    metric, first = run.space_set.spaces[name].metric, run.sampling.first(len(vectors))
    k = min(STORED_NEIGHBORS, len(vectors) - 1)

    def find() -> tuple[dict[str, AnyArray], dict[str, object]]:
        asked = None if first is None else np.arange(first)
        likely = None if near is None or asked is None else likely_near(near, asked, k=k)
        graph = nearest_neighbors(
            vectors,
            k=k,
            metric=metric,
            queries=asked,
            likely=likely,
            progress=run.progress(f"neighbours of a sample of {name}"),
        )
        return {"indices": graph.indices, "distances": graph.distances}, {}

    return run.stage("queries", (*key, metric, k, first), find)


def _cells(run: Run, name: str, vectors: Stage) -> Stage:
    """Divide the items into cells of few, by which dependent items are counted."""
    metric = run.space_set.spaces[name].metric

    def divide() -> tuple[dict[str, AnyArray], dict[str, object]]:
        run.report_step(f"cells of {name}", 0, 1)
        held = vectors.arrays["vectors"]
        return {"cells": k_means_cells(held, metric=metric, seed=run.seed)}, {}

    return run.stage("cells", (vectors.key, metric, run.seed), divide)


def _health(run: Run, name: str, vectors: Stage, graph: Stage, asked: Stage | None) -> Stage:
    """Gather facts by which odd data show."""

    def look() -> tuple[dict[str, AnyArray], dict[str, object]]:
        run.report_step(f"health of {name}", 0, 1)
        metric = run.space_set.spaces[name].metric
        found, near = (
            NeighborGraph(one.arrays["indices"], one.arrays["distances"], metric)
            for one in (graph, asked or graph)
        )
        health = space_health(vectors.arrays["vectors"], found, near=near)
        return {}, {"health": health}

    keys = (graph.key,) if asked is None else (graph.key, asked.key)
    return run.stage("health", keys, look)
