"""Neighbours kept beside what runs keep: who is called changed, and how often wrongly."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.matched import RunKept, beside_runs
from emblink.types import IntArray

CELLS = np.arange(2000) // 10


def drawn(mean: NDArray[np.float64], *, seed: int, scatter: float = 0.1) -> IntArray:
    rng = np.random.default_rng(seed)
    weight = 1 / scatter - 1
    return rng.binomial(10, rng.beta(weight * mean, weight * (1 - mean)))


def by_cell(*, seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).uniform(0.4, 0.9, 200)[CELLS]


def test_of_one_more_run_hardly_an_item_is_called_changed() -> None:
    mean, every = by_cell(), np.arange(2000)
    runs = [RunKept(every, drawn(mean, seed=1))]
    changed = [
        beside_runs(drawn(mean, seed=seed), [runs], k=10, cells=CELLS).changed.sum()
        for seed in range(2, 12)
    ]
    assert np.mean(changed) < 2


def test_items_that_kept_far_fewer_than_runs_there_are_found() -> None:
    mean, every = by_cell(), np.arange(2000)
    kept = drawn(mean, seed=2)
    kept[:100] = 0
    found = beside_runs(kept, [[RunKept(every, drawn(mean, seed=1))]], k=10, cells=CELLS)
    assert found.changed[:100].mean() > 0.6
    assert found.changed[100:].sum() <= 0.1 * found.changed.sum()
    assert found.telling


def test_what_is_expected_is_what_runs_keep_in_the_cell_drawn_to_all() -> None:
    cells = np.repeat([0, 1], [10, 990])
    kept = np.where(cells == 0, 2, 8)
    found = beside_runs(kept, [[RunKept(np.arange(1000), kept)]], k=10, cells=cells)
    overall = kept.mean()
    assert found.expected[0] == pytest.approx((10 * 2 + 4 * overall) / 14)
    assert found.expected[-1] == pytest.approx((990 * 8 + 4 * overall) / 994)


def test_where_a_place_keeps_little_between_runs_losing_all_is_no_change() -> None:
    cells = np.repeat([0, 1], 500)
    mean = np.where(cells == 0, 0.05, 0.8)
    runs = [RunKept(np.arange(1000), drawn(mean, seed=1, scatter=0.02))]
    kept = drawn(mean, seed=2, scatter=0.02)
    kept[[0, 1, 2, 500, 501, 502]] = 0
    changed = beside_runs(kept, [runs], k=10, cells=cells).changed
    assert changed[500:503].all()
    assert not changed[:500].any()


def test_runs_that_keep_hardly_anything_cannot_tell() -> None:
    runs = [RunKept(np.arange(2000), drawn(np.full(2000, 0.05), seed=1))]
    found = beside_runs(np.zeros(2000, int), [runs], k=10, cells=CELLS)
    assert not found.telling
    assert not found.changed.any()


def test_both_spaces_runs_count_alike_and_need_not_hold_every_item() -> None:
    some = np.arange(0, 2000, 2)
    first = [RunKept(np.arange(2000), np.full(2000, 4))] * 3
    second = [RunKept(some, np.full(1000, 8))]
    found = beside_runs(np.full(2000, 6), [first, second], k=10, cells=CELLS)
    np.testing.assert_allclose(found.expected, 6)
