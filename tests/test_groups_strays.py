"""How far items strayed, in units of the noise around them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.groups import Surroundings
from emblink.groups._drift import drift
from emblink.groups._strays import MOST_EVIDENCE, Strays, evidence, strays
from emblink.types import FloatArray
from tests.groups_helpers import halves, planted, rotation, side
from tests.measures_helpers import random_lists

N = 400
GROUP = np.arange(40)
Lists = tuple[NDArray[np.int32], NDArray[np.int32]]


def lists_of(a: Surroundings, b: Surroundings) -> Lists:
    first, second = (np.ascontiguousarray(one.graph.indices[:, :30]) for one in (a, b))
    return first, second


def strays_of(a: FloatArray, b: FloatArray, *other_runs: FloatArray) -> tuple[Strays, Lists]:
    first, second = side(a, other_runs=other_runs), side(b)
    lists = lists_of(first, second)
    others = (first.other_runs, second.other_runs)
    found = strays(first.points, second.points, lists, folds=halves(len(a)), other_runs=others)
    return found, lists


def moved(*, noise: float = 0.3, seed: int = 0) -> tuple[FloatArray, FloatArray]:
    """A cloud of ten dimensions, of which a region of forty items goes away together."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(N, 10))
    a = a[np.argsort(np.linalg.norm(a - a[0], axis=1))]
    b = a + noise * rng.normal(size=a.shape)
    b[GROUP] += 6 * rotation(10)[0]
    return a, b


def test_items_that_went_away_strayed_and_others_did_not() -> None:
    found, lists = strays_of(*moved())
    others = np.setdiff1d(np.arange(N), GROUP)
    assert found.residuals.dtype == found.z.dtype == found.drift.dtype == np.float32
    assert np.quantile(found.z[GROUP], 0.1) > np.quantile(found.z[others], 0.95)
    item_evidence = evidence(found.z, lists, along=found.drift)
    assert (item_evidence[GROUP] > 1).mean() > 0.9
    assert (item_evidence[others] > 1).mean() < 0.05


def test_the_score_has_median_0_and_unit_spread_below_it() -> None:
    z = strays_of(*moved())[0].z
    assert np.median(z) == pytest.approx(0, abs=1e-6)
    assert np.median(-z[z < 0]) == pytest.approx(1 / 1.4826, rel=1e-5)


def test_strays_ignore_rotation_scale_and_shift_of_either_space() -> None:
    a, b = moved()
    found, _ = strays_of(a, b)
    for pair in ((0.01 * a @ rotation(10, seed=1) + 5, b), (a, 90 * b @ rotation(10, seed=2) - 3)):
        again, _ = strays_of(*pair)
        np.testing.assert_allclose(again.z, found.z, atol=2e-3)
        np.testing.assert_allclose(again.drift, found.drift, atol=2e-3)
        assert again.fit == pytest.approx(found.fit, abs=1e-5)
        np.testing.assert_allclose(
            np.linalg.norm(again.residuals, axis=1),
            np.linalg.norm(found.residuals, axis=1),
            atol=1e-4,
        )


def test_fit_is_nearly_1_for_an_affine_image_and_0_without_any_relation() -> None:
    rng = np.random.default_rng(3)
    a = rng.normal(size=(N, 10))
    image = a @ (np.eye(10) + 0.2 * rng.normal(size=(10, 10))) + 1
    assert strays_of(a, image)[0].fit > 0.9999
    assert abs(strays_of(a, rng.normal(size=(N, 10)))[0].fit) < 0.1


@pytest.mark.parametrize("twisted", [False, True])
def test_nothing_strayed_in_an_affine_image(twisted: bool) -> None:
    rng = np.random.default_rng(3)
    a = rng.normal(size=(N, 10))
    map_ = np.eye(10) + 0.2 * rng.normal(size=(10, 10)) if twisted else 3 * rotation(10)
    found, lists = strays_of(a, a @ map_ + 1)
    item_evidence = evidence(found.z, lists, along=found.drift)
    assert np.isfinite(found.z).all()
    assert np.isfinite(found.drift).all()
    assert item_evidence.max() <= 1


def test_another_run_says_how_much_noise_there_is() -> None:
    a, b = moved(noise=0.5)
    rng = np.random.default_rng(9)
    again = a + 0.5 * rng.normal(size=a.shape)
    found, _ = strays_of(a, b, again)
    others = np.setdiff1d(np.arange(N), GROUP)
    assert np.median(found.z[GROUP]) > 2
    assert np.median(found.z[others]) < 0.3
    wild = a + 12 * rng.normal(size=a.shape)
    assert np.median(strays_of(a, b, wild)[0].z[GROUP]) < 0.7 * np.median(found.z[GROUP])


def test_another_run_of_b_says_so_too() -> None:
    a, b = moved(noise=0.2)
    again = b + 0.2 * np.random.default_rng(9).normal(size=b.shape)
    first, second = side(a), side(b, other_runs=[again])
    lists = lists_of(first, second)
    found = strays(
        first.points, second.points, lists, folds=halves(N), other_runs=((), second.other_runs)
    )
    assert np.median(found.z[GROUP]) > 2


def test_drift_is_the_common_way_over_the_distance_to_neighbours() -> None:
    ring = (np.arange(12)[:, None] + [1, 2, 11, 10]) % 12
    lists = ring.astype(np.int32)
    angle = 2 * np.pi * np.arange(12) / 12
    points = np.column_stack([np.cos(angle), np.sin(angle)]).astype(np.float32)
    residuals = np.tile(np.array([0.3, 0.4], dtype=np.float32), (12, 1))
    near, far = 2 * np.sin(np.pi / 12), 2 * np.sin(np.pi / 6)
    found = drift(residuals, points, lists)
    np.testing.assert_allclose(found, 0.5 / ((near + far) / 2), rtol=1e-5)
    np.testing.assert_array_equal(drift(0 * residuals, points, lists), 0)


def test_who_goes_against_its_neighbours_does_not_drift() -> None:
    lists = random_lists(50, 8, seed=0)
    residuals = np.tile(np.array([1.0, 0.0], dtype=np.float32), (50, 1))
    residuals[7] = [-1, 0]
    points = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    found = drift(residuals, points, lists)
    assert found[7] == 0
    assert found.min() >= 0


@pytest.mark.slow
@pytest.mark.parametrize("noise", [0.05, 0.25, 0.5])
@pytest.mark.parametrize("seed", [200, 201])
def test_noise_carries_hardly_an_item_along_with_its_neighbours(noise: float, seed: int) -> None:
    pair = planted(seed=seed, noise=noise)
    assert strays_of(pair.a, pair.b)[0].drift.max() < 1


def test_evidence_needs_the_item_and_its_neighbours() -> None:
    lists = np.array([[1, 2], [0, 2], [0, 1], [4, 5], [3, 5], [3, 4]], dtype=np.int32)
    z = np.array([3, 2, 4, 5, 0, 0], dtype=np.float32)
    expected = [3, 2, 2.5, 0, 0, 0]
    np.testing.assert_allclose(evidence(z, (lists, lists)), expected, atol=1e-6)


def test_evidence_counts_the_space_in_which_the_neighbours_strayed_more() -> None:
    a = np.array([[1], [0], [3], [2]], dtype=np.int32)
    b = np.array([[2], [3], [0], [1]], dtype=np.int32)
    z = np.array([4, 0, 3, 0], dtype=np.float32)
    np.testing.assert_array_equal(evidence(z, (a, b)), [3, 0, 3, 0])


def test_evidence_of_one_item_is_bounded() -> None:
    lists = random_lists(60, 9, seed=0)
    z = np.full(60, 99, dtype=np.float32)
    assert evidence(z, (lists, lists)).max() == MOST_EVIDENCE
    assert evidence(-z, (lists, lists)).min() == -MOST_EVIDENCE
    one = np.zeros(60, dtype=np.float32)
    one[3] = 1e6
    assert evidence(one, (lists, lists)).max() == 0


def test_going_along_is_evidence_by_itself() -> None:
    lists = random_lists(60, 9, seed=0)
    z, along = np.zeros((2, 60), dtype=np.float32)
    along[:2] = [3, 99]
    found = evidence(z, (lists, lists), along=along)
    assert found[:3].tolist() == [3, MOST_EVIDENCE, 0]


@pytest.mark.parametrize("which", ["a", "b", "both"])
def test_vectors_that_are_all_alike_leave_numbers(which: str) -> None:
    drawn = np.random.default_rng(0).normal(size=(2, N, 6))
    a, b = (
        np.ones((N, 6)) if which in (name, "both") else one
        for name, one in zip("ab", drawn, strict=True)
    )
    found, lists = strays_of(a, b)
    for values in (found.z, found.drift, found.residuals, [found.fit]):
        assert np.isfinite(values).all()
    assert np.isfinite(evidence(found.z, lists, along=found.drift)).all()
