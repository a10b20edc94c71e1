"""One more run among the runs of a recipe: its rates, and what it finds."""

import numpy as np
import pytest

from emblink.stats import benjamini_hochberg, one_more_run


@pytest.mark.slow
@pytest.mark.parametrize("n_runs", [2, 3, 5])
@pytest.mark.parametrize("together", [0.0, 1.0])
def test_one_more_run_of_the_recipe_is_rarely_found_to_differ(n_runs: int, together: float) -> None:
    rng = np.random.default_rng([n_runs, int(together)])
    found, shifts = 0, 0
    for _ in range(300):
        draws = rng.standard_normal((n_runs + 1, 12)) * np.exp(0.3 * rng.standard_normal(12))
        draws += together * rng.standard_normal((n_runs + 1, 1))
        one = one_more_run(draws[:-1], draws[-1])
        found += bool((benjamini_hochberg(one.p) <= 0.05).any())
        shifts += one.shift_p <= 0.05
    assert found <= 0.08 * 300
    assert shifts <= 0.09 * 300


@pytest.mark.parametrize("n_runs", [2, 4])
def test_a_quantity_that_changed_is_found_beside_what_all_have_in_common(n_runs: int) -> None:
    rng = np.random.default_rng(n_runs)
    runs = rng.standard_normal((n_runs, 12)) + 5 * rng.standard_normal((n_runs, 1))
    other = rng.standard_normal(12) - 20.0
    other[4] += 15.0
    found = one_more_run(runs, other)
    assert int(np.argmin(found.p)) == 4
    assert found.p[4] < 0.02
    assert found.shift == pytest.approx(-20 - runs.mean(), abs=2)


def test_few_quantities_have_no_common_shift() -> None:
    found = one_more_run(np.array([[0.0, 1.0, 2.0], [0.1, 1.1, 2.1]]), np.array([5.0, 6.0, 7.0]))
    assert (found.shift, found.shift_p) == (0.0, 1.0)
    assert (found.p < 0.01).all()


def test_a_run_that_is_a_copy_of_the_others_differs_in_nothing() -> None:
    runs = np.tile(np.arange(6.0), (3, 1))
    found = one_more_run(runs, runs[0])
    assert (found.shift, found.shift_p) == (0.0, 1.0)
    assert (found.p == 1.0).all()


@pytest.mark.parametrize("n_runs", [2, 4])
def test_quantities_that_take_unevenly_of_a_large_shift_are_rarely_found(n_runs: int) -> None:
    rng, found = np.random.default_rng(n_runs), 0
    for _ in range(200):
        uneven = 1 + 0.12 * rng.standard_normal(12)
        shifts = 0.02 * rng.standard_normal((n_runs + 1, 1))
        shifts[-1] = 0.3
        draws = shifts * uneven + 0.01 * rng.standard_normal((n_runs + 1, 12))
        one = one_more_run(draws[:-1], draws[-1])
        found += bool((benjamini_hochberg(one.p) <= 0.05).any())
    assert found <= 0.05 * 200


def test_a_shift_no_larger_than_those_of_the_runs_leaves_the_spread_as_it_is() -> None:
    rng = np.random.default_rng(3)
    runs = 0.01 * rng.standard_normal((3, 12)) + np.array([[-0.5], [0.0], [0.5]])
    plain = one_more_run(runs, runs.mean(axis=0) + 0.01 * rng.standard_normal(12))
    moved = one_more_run(runs, runs.mean(axis=0) + 0.4)
    far = one_more_run(runs, runs.mean(axis=0) + 4.0)
    np.testing.assert_allclose(moved.spread, plain.spread, rtol=1e-12)
    assert (far.spread > 10 * plain.spread).all()
