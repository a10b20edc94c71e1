"""The robust map explains what is an affine image, and is not bent by what is none."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.groups._map import unexplained
from tests.groups_helpers import halves, rotation

N = 400
FOLDS = halves(N)


def points(n_dims: int = 6, *, seed: int = 0) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).normal(size=(N, n_dims)) / np.sqrt(n_dims)
    return np.asarray(drawn, dtype=np.float32)


def image(a: NDArray[np.float32], n_dims: int = 9, *, seed: int = 1) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    made = a @ rng.normal(size=(a.shape[1], n_dims)) + rng.normal(size=n_dims)
    return np.asarray(made, dtype=np.float32)


def lengths(residuals: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(residuals.astype(np.float64), axis=1))


def test_an_affine_image_leaves_nothing_but_what_the_ridge_holds_back() -> None:
    a = points()
    b = image(a)
    left = unexplained(a, b, folds=FOLDS)
    assert left.dtype == np.float32
    assert left.shape == b.shape
    assert lengths(left).max() < 0.01 * np.linalg.norm(b - b.mean(axis=0), axis=1).max()


def test_residuals_turn_and_grow_with_the_goals_and_ignore_their_shift() -> None:
    a = points()
    b = image(a) + np.random.default_rng(2).normal(size=(N, 9)).astype(np.float32) / 5
    turn = rotation(9)
    left = unexplained(a, b, folds=FOLDS)
    moved = unexplained(a, (5 * b @ turn + 4).astype(np.float32), folds=FOLDS)
    np.testing.assert_allclose(moved, 5 * left @ turn, atol=5e-5)


def test_residuals_ignore_rotation_scale_and_shift_of_the_points() -> None:
    a = points()
    b = image(a) + np.random.default_rng(2).normal(size=(N, 9)).astype(np.float32) / 5
    left = unexplained(a, b, folds=FOLDS)
    moved = unexplained((3 * a @ rotation(6) - 2).astype(np.float32), b, folds=FOLDS)
    np.testing.assert_allclose(moved, left, atol=2e-5)


def test_no_item_bends_the_map_that_it_is_measured_by() -> None:
    a = points()
    b = image(a)
    changed = b.copy()
    changed[7] += 100
    own = FOLDS[7] == FOLDS
    before, after = (unexplained(a, goals, folds=FOLDS) for goals in (b, changed))
    others = own & (np.arange(N) != 7)
    np.testing.assert_array_equal(after[others], before[others])
    np.testing.assert_allclose(after[7] - before[7], 100, rtol=1e-5)


def test_a_fifth_of_items_that_went_far_does_not_bend_the_map_of_the_others() -> None:
    a, rng = points(), np.random.default_rng(3)
    noise = 0.05 * rng.normal(size=(N, 9)).astype(np.float32)
    b = image(a) + noise
    away = np.sort(rng.permutation(N)[: N // 5])
    changed = b.copy()
    changed[away] += np.float32(4) * rng.normal(size=9).astype(np.float32)
    stayed = np.setdiff1d(np.arange(N), away)
    clean = np.median(lengths(unexplained(a, b, folds=FOLDS))[stayed])
    found = np.median(lengths(unexplained(a, changed, folds=FOLDS))[stayed])
    assert found < 1.3 * clean
    assert np.median(lengths(unexplained(a, changed, folds=FOLDS))[away]) > 20 * clean


def test_items_without_trust_do_not_count() -> None:
    a = points()
    b = image(a)
    trust = np.ones(N, dtype=np.float32)
    trust[:100] = 0
    wild = b.copy()
    wild[:100] = np.random.default_rng(5).normal(size=(100, 9))
    left = [unexplained(a, goals, folds=FOLDS, trust=trust) for goals in (b, wild)]
    # Their residuals are in the median that weights are cut by: the ridge's small share may differ.
    np.testing.assert_allclose(left[1][100:], left[0][100:], atol=2e-2)


def test_points_that_are_all_alike_explain_the_mean() -> None:
    b = points(3, seed=4)
    same = np.zeros((N, 1), dtype=np.float32)
    left = unexplained(same, b, folds=FOLDS)
    assert np.isfinite(left).all()
    assert np.ptp(b - left, axis=0).max() < 0.3  # one constant for each half
    np.testing.assert_array_equal(unexplained(b, same, folds=FOLDS), same)
    np.testing.assert_array_equal(unexplained(same, same, folds=FOLDS), same)


def test_redundant_dimensions_change_no_residual() -> None:
    a = points()
    b = image(a) + np.random.default_rng(2).normal(size=(N, 9)).astype(np.float32) / 5
    twice = np.hstack([a, a]) / np.float32(np.sqrt(2))
    left, again = (unexplained(one, b, folds=FOLDS) for one in (a, twice))
    np.testing.assert_allclose(again, left, atol=0.01)


def test_more_rows_than_a_block_are_fitted_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    a = points()
    b = image(a) + np.random.default_rng(2).normal(size=(N, 9)).astype(np.float32) / 5
    whole = unexplained(a, b, folds=FOLDS)
    monkeypatch.setattr("emblink.groups._map._BLOCK", 37)
    np.testing.assert_allclose(unexplained(a, b, folds=FOLDS), whole, atol=1e-6)


def test_of_very_many_items_the_first_say_what_the_map_is(monkeypatch: pytest.MonkeyPatch) -> None:
    a = points()
    b = image(a)
    b[:20] += 1
    whole = unexplained(a, b, folds=FOLDS)
    for name, value in (("_MOST_FITTED", 80), ("_BLOCK", 16)):
        monkeypatch.setattr(f"emblink.groups._map.{name}", value)
    first = unexplained(a, b, folds=FOLDS)
    assert lengths(first - whole).max() < 0.02 * lengths(whole[:20]).min()
    b[300:] += np.random.default_rng(0).normal(size=(100, 9)).astype(np.float32)
    np.testing.assert_array_equal(unexplained(a, b, folds=FOLDS)[20:150], first[20:150])
