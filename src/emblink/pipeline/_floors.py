"""What noise alone leaves of each score: between replicates, or else of rounding to 8 bits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from emblink.bundle import Stage
from emblink.decimals import decimals
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
from emblink.pipeline._measures import OVERLAP_NEIGHBORS, Measured
from emblink.pipeline._run import Run, SpaceStages
from emblink.pipeline._sides import WIDE_NEIGHBORS, ks_of, side_of
from emblink.pipeline._spaces import QUERIES, sample_rows
from emblink.types import AnyArray, FloatArray, IntArray, NeighborGraph

HEADLINE = "neighborhood_overlap"
UNCHANGED_BELOW = 5.0
"""Percent of the items of a recipe run twice that are taken for changed."""

Floors = Mapping[str, NoiseFloor]
"""By name of the score."""


def pair_floors(
    run: Run,
    spaces: Mapping[str, SpaceStages],
    measured: Measured,
    *,
    replicates: Sequence[Measured],
) -> Floors:
    """Return the noise floor of each score of a pair, over its common items.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    measured : Measured
        Of the pair.
    replicates : sequence of Measured
        Spaces of the pair against their replicates. Without any, the floors are numerical.

    Returns
    -------
    mapping of name to NoiseFloor
    """
    found: dict[str, list[Floors]] = {}
    for one in replicates:
        found.setdefault(one.pair[0], []).append(
            {
                name: NoiseFloor(raw["value"], one.errors.get(name, 0.0), "replicate", raw["n"])
                for name, raw in one.scores.items()
            }
        )
    if found:
        return _with_angle(_of_both([_combined(floors) for floors in found.values()]))
    sides = zip(measured.pair, (measured.common.rows_a, measured.common.rows_b), strict=True)
    return _with_angle(_of_both([_numerical(run, spaces, name, rows) for name, rows in sides]))


def change_threshold(
    run: Run,
    spaces: Mapping[str, SpaceStages],
    measured: Measured,
    *,
    replicates: Sequence[Measured],
) -> float:
    """Return the overlap below which an item of a pair changed more than noise changes items.

    Of one recipe run twice, one item in twenty falls below: the 5th percentile of the items'
    overlaps between a space and its replicates. As for floors, both spaces' replicates count by
    half, and without any the lower of both numerical ones counts.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    measured : Measured
        Of the pair.
    replicates : sequence of Measured
        Spaces of the pair against their replicates.

    Returns
    -------
    float
        In [0, 1].
    """
    overlaps: dict[str, list[FloatArray]] = {}
    for one in replicates:
        overlaps.setdefault(one.pair[0], []).append(one.stage.arrays[HEADLINE])
    if overlaps:
        return float(np.mean([_low(np.concatenate(of_side)) for of_side in overlaps.values()]))
    sides = zip(measured.pair, (measured.common.rows_a, measured.common.rows_b), strict=True)
    return min(_low(_rounded(run, spaces, name, rows).arrays[HEADLINE]) for name, rows in sides)


def _low(overlaps: FloatArray) -> float:
    """Return the 5th percentile, as one of the values: fewer than that are strictly below."""
    return float(np.percentile(decimals(overlaps), UNCHANGED_BELOW, method="lower"))


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


def _numerical(run: Run, spaces: Mapping[str, SpaceStages], name: str, rows: IntArray) -> Floors:
    stage = _rounded(run, spaces, name, rows)
    lists = {score: noise_floor(values) for score, values in stage.arrays.items()}
    shapes = {
        score: NoiseFloor(value, 0.0, "numerical", stage.facts["n"])
        for score, value in stage.facts["similarity"].items()
    }
    return lists | shapes


def _rounded(run: Run, spaces: Mapping[str, SpaceStages], name: str, rows: IntArray) -> Stage:
    """Keep what rounding to int8 leaves, asked of sampled items among all of some rows."""
    rows = np.sort(rows)  # pairs over the same items, matched in another order, share a floor

    def round_and_find() -> tuple[dict[str, AnyArray], dict[str, object]]:
        side = side_of(run, spaces, name, rows=rows)
        vectors, exact = side.vectors, side.graph
        k, k_wide = (ks_of(exact, upto=most) for most in (OVERLAP_NEIGHBORS, WIDE_NEIGHBORS))
        queries = sample_rows(len(rows), most=QUERIES, seed=run.seed)
        rounded = quantize_int8(vectors, metric=side.metric)
        found = nearest_neighbors(
            rounded,
            k=k_wide,
            metric=side.metric,
            queries=queries,
            progress=run.progress(f"numerical floor of {name}"),
        )
        asked = NeighborGraph(
            exact.indices[queries, :k_wide], exact.distances[queries, :k_wide], exact.metric
        )
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
                facts[score] = similarity(vectors[queries], rounded[queries])
            except VectorError:  # a space that hardly varies has no such score either
                continue
        return arrays, {"similarity": facts, "n": len(queries)}

    inputs = (spaces[name].graph.key, rows, QUERIES, run.seed, OVERLAP_NEIGHBORS, WIDE_NEIGHBORS)
    return run.stage("floor", inputs, round_and_find)
