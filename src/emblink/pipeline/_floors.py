"""What noise alone leaves of each score: between replicates, or else of rounding to 8 bits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from emblink.errors import VectorError
from emblink.measures import (
    NoiseFloor,
    combined_floor,
    jaccard_similarity,
    linear_cka,
    neighborhood_overlap,
    noise_floor,
    pair_floor,
    procrustes_similarity,
    quantize_int8,
    rank_biased_overlap,
)
from emblink.neighbors import nearest_neighbors
from emblink.pipeline._common import sensible_k
from emblink.pipeline._measures import OVERLAP_NEIGHBORS, Measured
from emblink.pipeline._run import Run, SpaceStages, graph_of
from emblink.pipeline._sides import WIDE_NEIGHBORS
from emblink.pipeline._spaces import QUERIES, sample_rows
from emblink.types import AnyArray, NeighborGraph

Floors = Mapping[str, NoiseFloor]
"""By name of the score."""


def pair_floors(
    run: Run,
    spaces: Mapping[str, SpaceStages],
    pair: tuple[str, str],
    *,
    replicates: Sequence[Measured],
) -> Floors:
    """Return the noise floor of each score of a pair.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    pair : (str, str)
    replicates : sequence of Measured
        Spaces of the pair against their replicates. Without any, the floors are numerical.

    Returns
    -------
    mapping of name to NoiseFloor
    """
    found: dict[str, list[Floors]] = {}
    for measured in replicates:
        found.setdefault(measured.pair[0], []).append(
            {
                name: NoiseFloor(
                    raw["value"], measured.errors.get(name, 0.0), "replicate", raw["n"]
                )
                for name, raw in measured.scores.items()
            }
        )
    if found:
        return _with_angle(_of_both([_combined(floors) for floors in found.values()]))
    return _with_angle(_of_both([_numerical(run, name, spaces[name]) for name in pair]))


def _combined(floors: list[Floors]) -> Floors:
    everywhere = [name for name in floors[0] if all(name in floor for floor in floors)]
    return {name: combined_floor([floor[name] for floor in floors]) for name in everywhere}


def _of_both(sides: list[Floors]) -> Floors:
    names = {name for floors in sides for name in floors}
    found = {
        name: pair_floor([floors[name] for floors in sides if name in floors]) for name in names
    }
    return {name: floor for name, floor in found.items() if floor is not None}


def _with_angle(floors: Floors) -> Floors:
    """Add the floor of the angular distance, which is the greater the less two spaces agree."""
    others = {name: one for name, one in floors.items() if name != "angular_shape_distance"}
    shape = floors.get("procrustes_similarity")
    if shape is None:
        return others
    angle = math.acos(min(1.0, shape.value))
    return others | {"angular_shape_distance": replace(shape, value=angle, error=0.0)}


def _numerical(run: Run, name: str, stages: SpaceStages) -> Floors:
    """Return what rounding to int8 leaves, asked of sampled items among all."""
    space = run.space_set.spaces[name]
    n_items = len(space.ids)
    k, k_wide = (sensible_k(most, n_items) for most in (OVERLAP_NEIGHBORS, WIDE_NEIGHBORS))

    def round_and_find() -> tuple[dict[str, AnyArray], dict[str, object]]:
        rows = sample_rows(n_items, most=QUERIES, seed=run.seed)
        vectors = stages.vectors.arrays["vectors"]
        rounded = quantize_int8(vectors, metric=space.metric)
        found = nearest_neighbors(
            rounded,
            k=k_wide,
            metric=space.metric,
            queries=rows,
            progress=run.progress(f"numerical floor of {name}"),
        )
        exact = graph_of(run, name, stages, k=k_wide)
        asked = NeighborGraph(exact.indices[rows], exact.distances[rows], exact.metric)
        arrays: dict[str, AnyArray] = {
            "neighborhood_overlap": neighborhood_overlap(asked, found, k=k),
            "neighborhood_overlap_50": neighborhood_overlap(asked, found, k=k_wide),
            "rank_biased_overlap": rank_biased_overlap(asked, found, depth=k_wide),
            "jaccard_similarity": jaccard_similarity(asked, found, k=k),
        }
        facts: dict[str, object] = {}
        for score, similarity in (
            ("linear_cka", linear_cka),
            ("procrustes_similarity", procrustes_similarity),
        ):
            try:
                facts[score] = similarity(vectors[rows], rounded[rows])
            except VectorError:  # a space that hardly varies has no such score either
                continue
        return arrays, {"similarity": facts, "n": len(rows)}

    stage = run.stage("floor", (stages.graph.key, QUERIES, run.seed, k, k_wide), round_and_find)
    lists = {score: noise_floor(values) for score, values in stage.arrays.items()}
    shapes = {
        score: NoiseFloor(value, 0.0, "numerical", stage.facts["n"])
        for score, value in stage.facts["similarity"].items()
    }
    return lists | shapes
