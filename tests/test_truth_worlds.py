"""Groups of worlds like a classifier's: few dims, tight classes, small ones, and bends of all."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.groups import change_groups
from emblink.types import FloatArray, IntArray
from tests.groups_helpers import benchmark, changes_of, members_of, side

Places = NDArray[np.float64]
Rng = np.random.Generator

pytestmark = pytest.mark.slow

SEEDS = pytest.mark.parametrize("seed", [0, 1, 2])


def simplex(rng: Rng, *, classes: int = 5, per: int = 180) -> Places:
    """Stand tight classes at the corners of a simplex, in one dim fewer than there are."""
    corners = 4 * (np.eye(classes) - 1 / classes)
    flat = np.linalg.svd(corners)[2][: classes - 1].T
    drawn = corners[np.repeat(np.arange(classes), per)]
    return np.asarray((drawn + 0.3 * rng.normal(size=drawn.shape)) @ flat)


def of_all_sizes(rng: Rng, *, dims: int = 20) -> tuple[Places, IntArray]:
    """Make 20 clusters of 17 to 470 items."""
    share = np.arange(1, 21) ** -1.1
    sizes = np.maximum(1500 * share / share.sum(), 9).astype(int)
    cluster = np.repeat(np.arange(20), sizes)
    widths = 0.6 * np.exp(0.4 * rng.normal(size=20))[cluster]
    means = 2 * rng.normal(size=(20, dims))
    return means[cluster] + widths[:, None] * rng.normal(size=(len(cluster), dims)), cluster


def bent(rng: Rng, places: Places, *, width: float = 0.8) -> Places:
    """Add the output of a random network of one layer."""
    scale, dims = places.std(), places.shape[1]
    weights = rng.normal(size=(dims, 4 * dims)) / np.sqrt(dims)
    layer = np.maximum(places / scale @ weights + 0.3 * rng.normal(size=4 * dims), 0)
    return np.asarray(
        places + width * scale * layer @ rng.normal(size=(4 * dims, dims)) / np.sqrt(2 * dims)
    )


def noisy(rng: Rng, places: Places, level: float) -> FloatArray:
    drawn = rng.normal(size=places.shape)
    return np.asarray(places + level * places.std() * drawn, dtype=np.float32)


@SEEDS
def test_noise_of_one_dim_among_tight_classes_is_no_group(seed: int) -> None:
    rng = np.random.default_rng([seed, 1])
    places = simplex(rng)
    way = rng.normal(size=4)
    way /= np.linalg.norm(way)
    a, b = (
        (places + 0.5 * rng.normal(size=(len(places), 1)) * way).astype(np.float32)
        for _ in range(2)
    )
    assert members_of(changes_of(a, b)) == []


@SEEDS
def test_a_bend_of_tight_classes_in_few_dims_parts_none(seed: int) -> None:
    rng = np.random.default_rng([seed, 2])
    places = simplex(rng)
    a, b = noisy(rng, places, 0.08), noisy(rng, bent(rng, places), 0.08)
    assert members_of(changes_of(a, b)) == []


@SEEDS
def test_small_clusters_that_a_bend_took_along_are_no_groups(seed: int) -> None:
    rng = np.random.default_rng([seed, 3])
    places, _ = of_all_sizes(rng)
    a, b = noisy(rng, places, 0.08), noisy(rng, bent(rng, places, width=0.6), 0.08)
    assert members_of(changes_of(a, b)) == []


@SEEDS
def test_of_a_large_cluster_torn_in_a_bent_space_the_half_that_went_is_told_alone(
    seed: int,
) -> None:
    rng = np.random.default_rng([seed, 4])
    places, cluster = of_all_sizes(rng)
    went = np.sort(rng.permutation(np.flatnonzero(cluster == 0))[:235])
    later = places.copy()
    way = rng.normal(size=places.shape[1])
    later[went] += 5 * way / np.linalg.norm(way)
    a, b = noisy(rng, places, 0.08), noisy(rng, bent(rng, later, width=0.5), 0.08)
    (group,) = members_of(changes_of(a, b))
    assert len(np.intersect1d(group, went)) > 0.9 * max(len(group), len(went))


@pytest.mark.parametrize("name", sorted(benchmark("classes").NOTHING))
@pytest.mark.parametrize("replicate", [True, False], ids=["replicate", "alone"])
def test_few_tight_classes_that_noise_or_a_bend_moved_have_no_group(
    name: str, replicate: bool
) -> None:
    pair = benchmark("classes").NOTHING[name](0)
    other_runs = [pair.again] if replicate else []
    assert change_groups(side(pair.a, other_runs=other_runs), side(pair.b)).groups == []


@SEEDS
def test_a_leaf_that_moved_in_a_bent_hierarchy_is_the_only_group(seed: int) -> None:
    made = benchmark("clustered").make(
        benchmark("clusters").PLANTED["a leaf moved, waves .6"], seed=16 + seed
    )
    (group,) = members_of(changes_of(made.pair.a, made.pair.b))
    (went,) = made.groups
    assert len(np.intersect1d(group, went)) > 0.9 * max(len(group), len(went))
