"""A space as points of few dimensions keeps its distances, and nothing else."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from emblink.groups import principal_points
from emblink.types import FloatArray, Metric
from tests.groups_helpers import rotation

RNG = np.random.default_rng(0)
VECTORS = RNG.normal(size=(120, 8)) * np.arange(1, 9) + 3


def distances(vectors: FloatArray, *, metric: Metric = "euclidean") -> FloatArray:
    found: FloatArray = pdist(principal_points(vectors, metric=metric))
    return found


def test_points_are_centred_with_mean_square_length_1() -> None:
    points = principal_points(VECTORS, metric="euclidean")
    assert points.dtype == np.float32
    assert points.flags.c_contiguous
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=1e-6)
    assert (points.astype(float) ** 2).sum(axis=1).mean() == pytest.approx(1, rel=1e-5)
    variances = points.var(axis=0)
    assert (np.diff(variances) < 0).all()


def test_points_keep_distances_up_to_one_scale() -> None:
    centred = VECTORS - VECTORS.mean(axis=0)
    scale = np.sqrt((centred**2).sum(axis=1).mean())
    np.testing.assert_allclose(distances(VECTORS), pdist(VECTORS) / scale, rtol=1e-5)


def test_points_ignore_rotation_scale_and_shift() -> None:
    moved = 7 * VECTORS @ rotation(8) - 11
    points = [principal_points(one, metric="euclidean") for one in (VECTORS, moved)]
    np.testing.assert_allclose(distances(moved), distances(VECTORS), rtol=1e-4)
    signs = np.sign((points[0] * points[1]).sum(axis=0))
    np.testing.assert_allclose(points[1] * signs, points[0], atol=1e-5)


def test_points_by_cosine_ignore_rotation_and_the_length_of_each_row() -> None:
    lengths = np.random.default_rng(1).uniform(0.1, 10, size=(120, 1))
    moved = lengths * (VECTORS @ rotation(8))
    expected = distances(VECTORS, metric="cosine")
    np.testing.assert_allclose(distances(moved, metric="cosine"), expected, rtol=1e-4, atol=1e-6)


def test_points_are_those_of_the_same_rows_in_more_dimensions() -> None:
    wide = np.hstack([VECTORS, np.zeros((120, 60))]) @ rotation(68)
    np.testing.assert_allclose(distances(wide), distances(VECTORS), rtol=1e-4)
    assert principal_points(wide, metric="euclidean").shape == (120, 8)


def test_no_more_dimensions_are_kept_than_asked_and_than_there_are() -> None:
    wide = np.random.default_rng(2).normal(size=(200, 70))
    assert principal_points(wide, metric="euclidean").shape == (200, 48)
    assert principal_points(wide, metric="euclidean", most=5).shape == (200, 5)
    assert principal_points(wide[:10], metric="euclidean").shape == (10, 9)
    assert principal_points(VECTORS, metric="euclidean").shape == (120, 8)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_vectors_that_are_all_alike_become_zeros(metric: Metric) -> None:
    alike = np.tile(np.array([0.1, -0.7, 0.3], dtype=np.float32), (80, 1))
    points = principal_points(alike, metric=metric)
    np.testing.assert_array_equal(points, np.zeros((80, 1)))


def test_copies_of_one_row_are_one_place() -> None:
    vectors = VECTORS.copy()
    vectors[:40] = vectors[0]
    points = principal_points(vectors, metric="euclidean")
    assert np.ptp(points[:40], axis=0).max() == 0
    assert np.isfinite(points).all()


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_half_precision_is_read_as_what_it_says(metric: Metric) -> None:
    half = VECTORS.astype(np.float16)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = principal_points(half, metric=metric)
    expected = principal_points(half.astype(np.float64), metric=metric)
    np.testing.assert_allclose(pdist(found), pdist(expected), rtol=1e-4, atol=1e-6)


def test_points_have_the_same_bytes_for_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors = np.random.default_rng(3).normal(size=(600, 90)).astype(np.float32)
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        results.append(principal_points(vectors, metric="cosine").tobytes())
    assert len({*results}) == 1
