"""How far noise alone makes items seem to go along with their neighbours."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.groups._drift import drift, drift_of_noise
from emblink.neighbors import nearest_neighbors

Floats = NDArray[np.float32]


def lists_of(points: Floats, k: int = 30) -> NDArray[np.int32]:
    found = nearest_neighbors(points, k=k, metric="euclidean").indices
    return np.ascontiguousarray(found, dtype=np.int32)


def made(dims: int, noise: NDArray[np.float64], *, seed: int = 0) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    points = 0.3 * rng.normal(size=(len(noise), dims))
    return points.astype(np.float32), noise.astype(np.float32)


def one_way(n: int, dims: int, *, seed: int = 1) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    noise = np.zeros((n, dims))
    noise[:, 0] = rng.normal(size=n)
    return noise


def test_noise_of_one_dim_makes_neighbours_drift_and_noise_of_many_does_not() -> None:
    places, noise = made(4, one_way(600, 4))
    narrow = drift_of_noise(noise, places + noise, lists_of(places))
    many = 0.1 * np.random.default_rng(1).normal(size=(600, 24))
    places, noise = made(24, many)
    assert narrow > 1.0
    assert drift_of_noise(noise, places + noise, lists_of(places)) < 0.3


def test_hardly_an_item_drifts_farther_than_noise_lets_it() -> None:
    places, noise = made(4, one_way(600, 4))
    after = places + noise
    least = drift_of_noise(noise, after, lists_of(places))
    found = drift(noise, after, lists_of(after))
    assert np.mean(found > least) < np.mean(found > 0.7) / 3


def test_a_common_way_is_no_noise() -> None:
    places, noise = made(8, 0.01 * np.random.default_rng(2).normal(size=(400, 8)))
    moved = noise.copy()
    moved[:, 0] += 5.0
    least = [drift_of_noise(one, places + one, lists_of(places)) for one in (noise, moved)]
    assert least[0] == pytest.approx(least[1], rel=1e-3)


def test_where_nothing_is_left_nothing_drifts() -> None:
    places, noise = made(3, np.zeros((100, 3)))
    assert drift_of_noise(noise, places, lists_of(places)) == 0.0
