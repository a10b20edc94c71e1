"""The steps of one space: its vectors, its neighbours, and its numerical floor."""

from __future__ import annotations

import numpy as np

from emblink.bundle import part, store_graph
from emblink.measures import neighborhood_overlap, quantize_int8
from emblink.neighbors import nearest_neighbors
from emblink.pipeline._run import Run, SpaceStages, graph_of
from emblink.types import AnyArray, FloatArray, IntArray, NeighborGraph

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
    return SpaceStages(over=over, order=order, vectors=vectors, graph=graph)


def sample_rows(n_items: int, *, most: int, seed: int) -> IntArray:
    """Return all rows, or ``most`` of them drawn at random, in order."""
    if n_items <= most:
        return np.arange(n_items)
    return np.sort(np.random.default_rng(seed).choice(n_items, size=most, replace=False))


def numerical_floor(run: Run, name: str, stages: SpaceStages, *, k: int) -> FloatArray:
    """Return the overlap of sampled items' neighbours before and after rounding vectors to int8.

    Parameters
    ----------
    run : Run
    name : str
    stages : SpaceStages
    k : int

    Returns
    -------
    array of shape (n_queries,), float32
    """
    space = run.space_set.spaces[name]
    k = min(k, len(space.ids) - 1)

    def round_and_find() -> tuple[dict[str, AnyArray], dict[str, object]]:
        rows = sample_rows(len(space.ids), most=QUERIES, seed=run.seed)
        exact = graph_of(run, name, stages, k=k)
        rounded = nearest_neighbors(
            quantize_int8(stages.vectors.arrays["vectors"], metric=space.metric),
            k=k,
            metric=space.metric,
            queries=rows,
            progress=run.progress(f"numerical floor of {name}"),
        )
        asked = NeighborGraph(exact.indices[rows], exact.distances[rows], exact.metric)
        return {"overlap": neighborhood_overlap(asked, rounded, k=k)}, {}

    inputs = (stages.graph.key, QUERIES, run.seed, k)
    return run.stage("floor", inputs, round_and_find).arrays["overlap"]
