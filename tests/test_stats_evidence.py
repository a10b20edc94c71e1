"""Tests of significance against scipy, and their rates."""

import numpy as np
import pytest
from scipy import stats

from emblink.stats._evidence import (
    Error,
    error_of_mean,
    interval_reach,
    p_values,
    replicate_noise,
)
from emblink.stats._student import student_p


def test_the_p_of_students_t_is_that_of_scipy() -> None:
    rng = np.random.default_rng(0)
    t = np.append(np.abs(rng.standard_cauchy(3000)), 0.0)
    df = np.exp(rng.uniform(0.0, np.log(9999), 3001))
    np.testing.assert_allclose(student_p(t, df), 2 * stats.t.sf(t, df), rtol=1e-9, atol=1e-300)
    normal = student_p(t, np.inf)
    np.testing.assert_allclose(normal, 2 * stats.norm.sf(t), rtol=1e-9, atol=1e-300)
    assert student_p(np.inf, 3.0) == 0.0


@pytest.mark.parametrize("df", [7, 19, 100, 1e6])
def test_an_interval_reaches_to_students_quantile(df: float) -> None:
    assert interval_reach(Error(2.0, df)) == pytest.approx(2 * stats.t.ppf(0.975, df), rel=0.005)


def test_an_error_without_enough_cells_is_not_smaller_than_that_without_any() -> None:
    rng = np.random.default_rng(1)
    values = rng.standard_normal(300)
    plain = error_of_mean(values)
    assert error_of_mean(values, np.zeros(300, dtype=int)) == plain
    for n_cells in (2, 3, 5):
        assert error_of_mean(values, np.arange(300) % n_cells).value >= plain.value
    many = error_of_mean(values, np.arange(300) % 30)
    assert many.df == 29
    assert many.value == pytest.approx(1 / np.sqrt(300), rel=0.4)


def test_noise_is_worth_a_degree_of_freedom_a_quantity_unless_all_move_together() -> None:
    rng = np.random.default_rng(2)
    apart = np.mean([replicate_noise(rng.standard_normal((1, 20))).df for _ in range(300)])
    together = [
        replicate_noise(rng.standard_normal((1, 1)) + 0.01 * rng.standard_normal((1, 20))).df
        for _ in range(300)
    ]
    assert 14 < apart < 21
    assert np.median(together) == pytest.approx(1, abs=0.05)
    assert replicate_noise(np.array([[0.1]])).df == 1
    assert replicate_noise(np.full((2, 3), np.nan)).df == np.inf


def test_replicates_that_lack_a_quantity_do_not_speak_of_it() -> None:
    noise = replicate_noise(np.array([[3.0, np.nan], [np.nan, np.nan], [5.0, 1.0]]))
    pooled = np.sqrt((9 + 25 + 1) / 3)
    np.testing.assert_allclose(noise.scale, [np.sqrt(17), pooled])


@pytest.mark.slow
@pytest.mark.parametrize("together", [0.0, 1.0])
def test_a_difference_drawn_as_the_replicates_is_significant_in_five_of_a_hundred(
    together: float,
) -> None:
    rng = np.random.default_rng(3)
    found = []
    for _ in range(1500):
        draws = rng.standard_normal((2, 10)) + together * rng.standard_normal((2, 1))
        p = p_values(draws[0], np.zeros(10), 100.0, noise=replicate_noise(draws[1:]))
        found.append((p < 0.05).mean())
    assert 0.005 < np.mean(found) < 0.055


def test_no_difference_is_no_evidence_and_one_without_error_is_certain() -> None:
    noise = replicate_noise(np.empty((0, 2)))
    np.testing.assert_array_equal(p_values([0.0, 0.1], [0.0, 0.0], [9, 9], noise=noise), [1, 0])
