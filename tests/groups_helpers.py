"""Spaces as the search for change groups takes them, and pairs with planted changes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.groups import Changes, Surroundings, change_groups, principal_points
from emblink.neighbors import nearest_neighbors
from emblink.types import FloatArray, Metric
from tests.benchmarks_helpers import imported


def benchmark(part: str) -> Any:
    """Import a part of the benchmark of planted changes."""
    return imported(f"_planted.{part}")


@cache
def planted(*changes: str, seed: int, **recipe: Any) -> Any:
    """A pair of 2,000 items with these changes, and decoys only where there are changes."""
    generate = benchmark("generate")
    given = {"n": 2000, **({} if changes else {"decoys": 0.0}), **recipe}
    return generate.generate(generate.Recipe(changes=changes, **given), seed=seed)


def side(
    vectors: FloatArray, *, metric: Metric = "euclidean", other_runs: Sequence[FloatArray] = ()
) -> Surroundings:
    return Surroundings(
        points=principal_points(vectors, metric=metric),
        graph=nearest_neighbors(vectors, k=min(50, len(vectors) - 1), metric=metric),
        other_runs=[principal_points(one, metric=metric) for one in other_runs],
    )


def changes_of(
    a: FloatArray, b: FloatArray, *, metric: Metric = "euclidean", **options: Any
) -> Changes:
    return change_groups(side(a, metric=metric), side(b, metric=metric), **options)


def rotation(n_dims: int, *, seed: int = 0) -> NDArray[np.float64]:
    drawn = np.random.default_rng(seed).normal(size=(n_dims, n_dims))
    turn: NDArray[np.float64] = np.linalg.qr(drawn)[0]
    return turn


def halves(n_items: int, *, seed: int = 0) -> NDArray[np.bool_]:
    return np.asarray(np.random.default_rng(seed).permutation(n_items) % 2 == 1)


def members_of(found: Changes) -> list[list[int]]:
    return [group.members.tolist() for group in found.groups]
