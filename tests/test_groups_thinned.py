"""What noise thins out is told from what drew apart."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.groups._thinned import noise_across, without_noise
from emblink.neighbors import nearest_neighbors

RADII = np.repeat([0.3, 1.0, 1.1], [100, 500, 400])
DENSE = np.arange(1000) < 100


def left(noise: NDArray[np.float64], *, grown: float = 1.0, turned: bool = False) -> float:
    """How much denser the dense are told to be, beside the others, when noise came or went."""
    before = RADII * np.exp(0.02 * np.random.default_rng(0).normal(size=1000))
    after = np.sqrt(np.square(before) + noise) * np.where(DENSE, grown, 1.0)
    pair = (np.log(after), np.log(before)) if turned else (np.log(before), np.log(after))
    told = without_noise(*pair, gained=lambda: noise, lost=lambda: 3.0 * noise)
    return float(np.median(told[DENSE]) - np.median(told[~DENSE]))


@pytest.mark.parametrize("turned", [False, True], ids=["came", "went"])
@pytest.mark.parametrize("noise", [0.0, 0.1, 0.7])
@pytest.mark.parametrize("more", [0.5, 1.0, 2.0])
def test_noise_is_no_change_of_density_of_what_was_dense(
    noise: float, more: float, turned: bool
) -> None:
    around = np.where(DENSE, more, 1.0) * noise
    assert abs(left(around, turned=turned)) < 0.1
    assert (-1 if not turned else 1) * left(around, grown=2.0, turned=turned) > 0.5


def test_the_noise_of_the_other_way_is_asked_for_only_where_noise_went() -> None:
    def never() -> NDArray[np.float64]:
        raise AssertionError

    noise = np.full(1000, 0.1)
    without_noise(
        np.log(RADII), np.log(np.sqrt(RADII**2 + noise)), gained=lambda: noise, lost=never
    )


@pytest.mark.parametrize("width", [0.4, 2.5])
def test_what_draws_together_or_apart_is_no_noise(width: float) -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(600, 8)) + 5.0 * np.repeat(np.arange(6), 100)[:, None]
    noise = 0.1 * np.where(np.arange(600) < 300, 1.0, 2.0)[:, None] * rng.normal(size=(600, 8))
    middle = np.repeat(points.reshape(6, 100, 8).mean(axis=1), 100, axis=0)
    drawn = np.where(np.arange(600)[:, None] % 300 < 100, (width - 1) * (points - middle), 0.0)
    residuals = (noise + drawn).astype(np.float32)
    goals = (points + noise + drawn).astype(np.float32)
    lists = nearest_neighbors(points.astype(np.float32), k=30, metric="euclidean").indices
    found = noise_across(residuals, goals, np.ascontiguousarray(lists, dtype=np.int32))
    usual = [float(np.median(found[start : start + 100])) for start in range(0, 600, 100)]
    assert max(usual[:3]) < 1.3 * min(usual[:3])
    assert 3.0 < np.mean(usual[3:]) / np.mean(usual[:3]) < 5.0
    assert not noise_across(np.zeros_like(goals), goals, lists.astype(np.int32)).any()
