"""The kernels of neighbours and ranks in pictures against numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from emblink.errors import KernelError
from emblink.kernels import near_points, point_ranks

Points = NDArray[np.float32]


def order(points: Points, places: Points) -> NDArray[np.int64]:
    """Return all points in order of their distance to each place, ties by row."""
    squares = ((places[:, None].astype(float) - points[None]) ** 2).sum(axis=2)
    return np.argsort(squares, axis=1, kind="stable")


def whole_numbers(n: int, dims: int, levels: int, seed: int) -> Points:
    points = np.random.default_rng(seed).integers(-levels, levels + 1, (n, dims))
    return points.astype(np.float32)


@given(
    st.integers(1, 90),
    st.sampled_from([2, 3]),
    st.sampled_from([0, 1, 3, 1000]),
    st.integers(0, 10**6),
)
def test_near_points_equal_the_oracle_with_ties(n: int, dims: int, levels: int, seed: int) -> None:
    points = whole_numbers(n, dims, levels, seed)
    places = whole_numbers(7, dims, 2 * levels, seed + 1)
    k = 1 + seed % n
    np.testing.assert_array_equal(near_points(points, places, k=k), order(points, places)[:, :k])
    if n > k:
        rows = np.arange(n)
        others = order(points, points)
        others = others[others != rows[:, None]].reshape(n, n - 1)
        np.testing.assert_array_equal(near_points(points, points, k=k, selves=rows), others[:, :k])


@given(
    st.integers(2, 90),
    st.sampled_from([2, 3]),
    st.sampled_from([0, 1, 3, 1000]),
    st.integers(0, 10**6),
)
def test_point_ranks_equal_the_oracle_with_ties(n: int, dims: int, levels: int, seed: int) -> None:
    points = whole_numbers(n, dims, levels, seed)
    rng = np.random.default_rng(seed)
    queries = rng.integers(0, n, 5)
    members = ((queries[:, None] + rng.integers(1, n, (5, 4))) % n).astype(np.int32)
    others = order(points, points[queries])
    others = others[others != queries[:, None]].reshape(5, n - 1)
    expected = (others[:, None] == members[:, :, None]).argmax(axis=2) + 1
    np.testing.assert_array_equal(point_ranks(points, members, queries=queries), expected)


@pytest.mark.slow
def test_near_points_of_an_uneven_cloud_are_exact() -> None:
    rng = np.random.default_rng(0)
    near, far = rng.normal(size=(2, 900, 2)).astype(np.float32)
    points = np.concatenate((near, np.float32(1e-4) * far))
    points[0] = 1e6
    np.testing.assert_array_equal(near_points(points, points, k=9), order(points, points)[:, :9])


def test_points_are_the_same_for_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.random.default_rng(0).normal(size=(700, 2)).astype(np.float32)
    rows, results = np.arange(700), set()
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        near = near_points(points, points, k=7, selves=rows)
        results.add(
            near.tobytes() + point_ranks(points, near[:, ::-1].copy(), queries=rows).tobytes()
        )
    assert len(results) == 1


def test_near_points_refuse_what_does_not_fit() -> None:
    points = np.zeros((3, 2), np.float32)
    with pytest.raises(KernelError):
        near_points(points, points, k=4)
    with pytest.raises(KernelError):
        near_points(points, points, k=3, selves=np.arange(3))
    with pytest.raises(KernelError):
        near_points(np.zeros((3, 4), np.float32), points, k=1)
