"""Counts whose chance scatters: against scipy, and the scatter that was drawn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import betabinom, binom

from emblink.stats import at_most, scatter_of


@pytest.mark.parametrize("scatter", [0.05, 0.3, 0.8])
def test_the_tail_is_that_of_the_beta_binomial_distribution(scatter: float) -> None:
    counts, mean = np.arange(11).repeat(3), np.tile([0.05, 0.5, 0.98], 11)
    weight = 1 / scatter - 1
    expected = betabinom.cdf(counts, 10, weight * mean, weight * (1 - mean))
    np.testing.assert_allclose(at_most(counts, 10, mean=mean, scatter=scatter), expected, atol=1e-9)


def test_without_scatter_it_is_that_of_the_binomial_distribution() -> None:
    counts = np.arange(8)
    found = at_most(counts, 7, mean=np.full(8, 0.3), scatter=0.0)
    np.testing.assert_allclose(found, binom.cdf(counts, 7, 0.3), atol=1e-5)


@pytest.mark.parametrize("scatter", [0.0, 0.1, 0.4])
def test_the_scatter_that_counts_were_drawn_with_is_found(scatter: float) -> None:
    rng = np.random.default_rng(0)
    mean = rng.uniform(0.2, 0.8, 20_000)
    weight = 1 / max(scatter, 1e-9) - 1
    shares = rng.beta(weight * mean, weight * (1 - mean)) if scatter else mean
    found = scatter_of(rng.binomial(10, shares), 10, mean=mean)
    assert found == pytest.approx(scatter, abs=0.01)


def test_one_draw_and_no_counts_have_no_scatter() -> None:
    assert scatter_of(np.array([0, 1]), 1, mean=np.array([0.5, 0.5])) == 0.0
    assert scatter_of(np.zeros(0, int), 10, mean=np.zeros(0)) == 0.0
