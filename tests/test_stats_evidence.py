"""Tests of significance against scipy, and their rates."""

import numpy as np
import pytest
from scipy import stats

from emblink.stats import student_quantile
from emblink.stats._evidence import Error, error_of_influence, error_of_mean, interval_reach
from emblink.stats._student import student_p


def test_the_p_of_students_t_is_that_of_scipy() -> None:
    rng = np.random.default_rng(0)
    t = np.append(np.abs(rng.standard_cauchy(3000)), 0.0)
    df = np.exp(rng.uniform(0.0, np.log(9999), 3001))
    np.testing.assert_allclose(student_p(t, df), 2 * stats.t.sf(t, df), rtol=1e-9, atol=1e-300)
    normal = student_p(t, np.inf)
    np.testing.assert_allclose(normal, 2 * stats.norm.sf(t), rtol=1e-9, atol=1e-300)
    assert student_p(np.inf, 3.0) == 0.0


@pytest.mark.parametrize("df", [1, 2, 3.5, 19, 1e3])
@pytest.mark.parametrize("level", [0.6, 0.95, 0.9999])
def test_the_quantile_of_students_t_is_that_of_scipy(df: float, level: float) -> None:
    assert student_quantile(level, df=df) == pytest.approx(stats.t.ppf(level, df), rel=1e-9)


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


def test_the_error_of_influence_is_that_of_independent_values() -> None:
    pulls = np.random.default_rng(2).standard_normal(400)
    found = error_of_influence(pulls)
    assert found.value == pytest.approx(pulls.std(ddof=1) / 20)
    assert found.df > 200
    assert error_of_influence(np.where(np.arange(400) == 0, 1.0, 0.0)).df < 4
    assert error_of_influence(pulls[:1]).value == np.inf
