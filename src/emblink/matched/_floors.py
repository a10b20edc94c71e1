"""What noise alone leaves of each score: between runs of a recipe, else of rounding to 8 bits."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from emblink.compute import Progress, silent
from emblink.errors import VectorError
from emblink.judge import NoiseFloor, combined_floor, noise_floor, pair_floor
from emblink.matched._items import QUERIES, sample
from emblink.matched._lists import LIST_MEASURES, Depths, list_columns
from emblink.matched._scores import RawScore
from emblink.matched._sides import LinkedSide, Lists, lists_at
from emblink.measures import linear_cka, procrustes_similarity, quantize_int8
from emblink.neighbors import nearest_neighbors
from emblink.rows import few_dims
from emblink.table import HEADLINE
from emblink.types import FloatArray, IntArray
from emblink.wording import scrambled_words

Floors = Mapping[str, NoiseFloor]
"""By name of the score."""

ROUNDED_SHAPES = {"linear_cka": linear_cka, "procrustes_similarity": procrustes_similarity}
"""The measures of vectors that have a numerical floor."""
LEAST_KEPT = 0.9
"""Neighbours that rounding must keep to be a reference."""


@dataclass(frozen=True, eq=False)
class Rounded:
    """How much of some items of a space rounding to int8 leaves.

    Attributes
    ----------
    columns : mapping of name to array of shape (n_asked,)
        Measures of neighbour lists, of each item asked.
    similarity : mapping of name to float
        Measures of vectors.
    n : int
        Items asked.
    """

    columns: Mapping[str, FloatArray]
    similarity: Mapping[str, float]
    n: int


def rounded(
    side: LinkedSide,
    *,
    rows: IntArray,
    depths: Depths,
    seed: int,
    names: Collection[str] | None = None,
    progress: Progress = silent,
) -> Rounded:
    """Round a space to int8, and ask some of its items what became of them.

    Parameters
    ----------
    side : LinkedSide
        The items that neighbours are sought among, by their row in the space.
    rows : array of shape (n_rows,)
        The items that are meant, ascending: of more than 2,000 a sample is asked.
    depths : Depths
    seed : int
    names : collection of str, optional
        Of the measures: all by default.
    progress : callable

    Returns
    -------
    Rounded
    """
    queries = sample(rows, most=QUERIES, seed=seed)
    vectors = quantize_int8(side.vectors, metric=side.metric)
    lists = [*LIST_MEASURES] if names is None else [one for one in LIST_MEASURES if one in names]
    columns: Mapping[str, FloatArray] = {}
    if lists:
        found = nearest_neighbors(
            vectors,
            k=max(depths),
            metric=side.metric,
            queries=queries,
            likely=side.graph.indices[queries],
            progress=progress,
        )
        asked = Lists(queries, found, vectors)
        columns = list_columns(lists_at(side, queries), asked, depths=depths, names=lists)
    similarity = {}
    shapes = [one for one in ROUNDED_SHAPES if names is None or one in names]
    few = [few_dims(of[queries]) for of in (side.vectors, vectors)] if shapes else []
    for name in shapes:
        try:
            similarity[name] = ROUNDED_SHAPES[name](*few)
        except VectorError:  # a space that hardly varies has no such score either
            continue
    return Rounded(columns, similarity, len(queries))


def rounding_floors(sides: Sequence[tuple[str, Rounded]]) -> tuple[Floors, list[str]]:
    """Return the floors of a pair that rounding leaves: the lower of both spaces.

    Parameters
    ----------
    sides : sequence of (str, Rounded)
        Each space's name, and what rounding leaves of it.

    Returns
    -------
    floors : mapping of name to NoiseFloor
        None where rounding scrambles a space, which is no reference.
    warnings : list of str
    """
    warnings = [
        scrambled_words(name, kept) for name, one in sides if (kept := _kept(one)) < LEAST_KEPT
    ]
    return ({} if warnings else _lower([one for _, one in sides])), warnings


def _kept(side: Rounded) -> float:
    column = side.columns.get(HEADLINE)
    return 1.0 if column is None else float(np.nanmean(column, dtype=np.float64))


def _lower(sides: Sequence[Rounded]) -> Floors:
    floors: list[Floors] = [
        {name: noise_floor(values) for name, values in one.columns.items()}
        | {
            name: NoiseFloor(value, 0.0, "numerical", one.n)
            for name, value in one.similarity.items()
        }
        for one in sides
    ]
    return _with_angle(_of_both(floors))


def run_floors(
    runs: Sequence[tuple[str, Mapping[str, RawScore]]],
) -> Floors:
    """Return the floors of a pair that runs of one recipe leave, both spaces counting by half.

    Parameters
    ----------
    runs : sequence of (str, mapping of name to RawScore)
        The space that was run again, and the scores of both its runs.

    Returns
    -------
    mapping of name to NoiseFloor
    """
    found: dict[str, list[Floors]] = {}
    for recipe, scores in runs:
        found.setdefault(recipe, []).append(
            {
                name: NoiseFloor(raw.value, raw.error or 0.0, "replicate", raw.n)
                for name, raw in scores.items()
            }
        )
    return _with_angle(_of_both([_combined(floors) for floors in found.values()]))


def _combined(floors: Sequence[Floors]) -> Floors:
    everywhere = [name for name in floors[0] if all(name in floor for floor in floors)]
    return {name: combined_floor([floor[name] for floor in floors]) for name in everywhere}


def _of_both(sides: Sequence[Floors]) -> Floors:
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
