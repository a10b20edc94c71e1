"""Changes of density, where nothing came or went."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.groups import Surroundings
from emblink.groups._cells import cells
from emblink.groups._density import densities
from emblink.groups._map import unexplained
from emblink.types import FloatArray, Metric
from tests.groups_helpers import halves, planted, rotation, side

N = 1200
CLUSTER = np.arange(60)
NOBODY = np.zeros(N, dtype=bool)
Two = tuple[NDArray[np.float32], NDArray[np.float32]]


def pair(*, shrunk: float = 1.0) -> tuple[FloatArray, FloatArray]:
    """Twenty clusters of sixty, with little noise; the first shrinks in its place."""
    rng = np.random.default_rng(0)
    centres = 4 * np.repeat(rng.normal(size=(20, 4)), 60, axis=0)
    spread = rng.normal(size=(N, 4))
    factors = np.where(np.arange(N) < 60, shrunk, 1.0)[:, None]
    a = centres + spread
    return a, centres + factors * spread + 0.1 * rng.normal(size=a.shape)


def densities_of(
    a: FloatArray,
    b: FloatArray,
    *,
    taken: NDArray[np.bool_] = NOBODY,
    metric: Metric = "euclidean",
) -> Two:
    first, second = side(a, metric=metric), side(b, metric=metric)
    return of_sides(first, second, taken=taken)


def of_sides(a: Surroundings, b: Surroundings, *, taken: NDArray[np.bool_] = NOBODY) -> Two:
    first, second = (
        np.ascontiguousarray(one.graph.indices[:, :30], dtype=np.int32) for one in (a, b)
    )
    return densities(
        (a.graph, b.graph),
        (a.points, b.points),
        unexplained(a.points, b.points, folds=halves(len(taken))),
        cells=cells((first, second)),
        taken=taken,
    )


@pytest.mark.parametrize(("shrunk", "sign"), [(0.4, 1), (2.5, -1)])
def test_a_cluster_that_shrank_is_denser_and_one_that_grew_is_less(
    shrunk: float, sign: int
) -> None:
    change, z = densities_of(*pair(shrunk=shrunk))
    assert change.dtype == z.dtype == np.float32
    assert (sign * z[CLUSTER] > 2).mean() > 0.9
    assert sign * np.median(change[CLUSTER]) > 0.4
    assert abs(np.median(z[60:])) < 0.3
    assert (np.abs(z[60:]) > 3).mean() < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_density_ignores_rotation_and_scale_of_either_space(metric: Metric) -> None:
    a, b = pair(shrunk=0.4)
    turned = 0.02 * a @ rotation(4, seed=1), 70 * b @ rotation(4, seed=2)
    change, z = densities_of(a, b, metric=metric)
    for one in ((turned[0], b), (a, turned[1])):
        again = densities_of(*one, metric=metric)
        np.testing.assert_allclose(again[0], change, atol=3e-3)
        np.testing.assert_allclose(again[1], z, atol=3e-2)


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_nothing_is_denser_in_the_same_space_rotated_and_scaled(metric: Metric) -> None:
    a, _ = pair()
    for b in (a, 9 * a @ rotation(4), a.astype(np.float16)):
        change, z = densities_of(a, b, metric=metric)
        assert np.abs(change).max() < 0.02
        assert np.abs(z).max() < 0.2


def test_taken_items_do_not_count_and_neither_does_their_coming() -> None:
    a, b = pair()
    come = np.arange(60, 120)
    b[come] = b[CLUSTER]  # copies: the cluster is twice as dense
    taken = np.isin(np.arange(N), come)
    assert np.median(densities_of(a, b)[1][CLUSTER]) > 2
    change, z = densities_of(a, b, taken=taken)
    np.testing.assert_array_equal(change[come], 0)
    np.testing.assert_array_equal(z[come], 0)
    assert abs(np.median(change[CLUSTER])) < 0.1


def test_items_with_too_few_others_around_them_say_nothing() -> None:
    a, b = pair()
    taken = np.ones(N, dtype=bool)
    taken[:10] = False
    for values in densities_of(a, b, taken=taken):
        np.testing.assert_array_equal(values, 0)


@pytest.mark.parametrize("which", ["a", "b", "both"])
def test_vectors_that_are_all_alike_leave_numbers(which: str) -> None:
    a, b = (
        np.ones((N, 4)) if which in (name, "both") else one
        for name, one in zip("ab", pair(), strict=True)
    )
    for values in densities_of(a, b):
        assert np.isfinite(values).all()


def test_copies_of_one_row_leave_numbers() -> None:
    a, b = pair()
    copies = a.copy()
    copies[:100] = a[0]
    for one in ((copies, b), (b, copies), (copies, copies)):
        assert all(np.isfinite(values).all() for values in densities_of(*one))


@pytest.mark.slow
@pytest.mark.parametrize("noise", [0.05, 0.5])
def test_noise_makes_few_regions_denser(noise: float) -> None:
    drawn = planted(seed=200, noise=noise)
    _, z = of_sides(side(drawn.a), side(drawn.b), taken=np.zeros(2000, dtype=bool))
    assert np.abs(z).mean() < 1.2
    assert np.abs(np.median(z)) < 0.1
