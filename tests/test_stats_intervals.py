import math

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.measures import k_means_cells, neighborhood_overlap
from emblink.stats import (
    Error,
    block_bootstrap,
    interval_reach,
    standard_error,
    student_quantile,
)
from tests.measures_helpers import brute_graph

RNG = np.random.default_rng(0)


def test_independent_items_have_the_textbook_error_whatever_their_cells() -> None:
    values = RNG.standard_normal(20_000)
    for size in (2, 10, 40):
        error = standard_error(values, np.arange(20_000) // size)
        assert error == pytest.approx(20_000**-0.5, rel=0.2 / np.sqrt(size) + 0.05)


def test_items_that_are_copies_within_a_cell_count_once() -> None:
    values = np.repeat(RNG.standard_normal(2000), 10)
    error = standard_error(values, np.repeat(np.arange(2000), 10))
    assert error == pytest.approx(2000**-0.5, rel=0.05)


def test_what_differs_between_regions_is_not_noise_of_cells() -> None:
    trend = np.sin(np.linspace(0, 20, 20_000))
    values = trend + 0.1 * RNG.standard_normal(len(trend))
    error = standard_error(values, np.arange(len(trend)) // 25)
    assert error == pytest.approx(values.std() / np.sqrt(len(values)), rel=0.15)


def test_standard_error_is_that_of_its_definition() -> None:
    cells = RNG.integers(0, 32, 200)
    values = RNG.random(200)
    present = np.unique(cells)
    groups = np.split(present, np.arange(3, 3 * (len(present) // 3), 3))
    total = 0.0
    for group in groups:
        here = values[np.isin(cells, group)]
        total += len(here) * (here.mean() - values.mean()) ** 2
        within = sum(((values[cells == cell] - here.mean()).sum()) ** 2 for cell in group)
        total += len(group) / (len(group) - 1) * within
    assert standard_error(values, cells) == pytest.approx(np.sqrt(total) / 200)


def test_standard_error_is_infinite_where_nothing_is_known_of_the_spread() -> None:
    assert standard_error(np.ones(5), np.zeros(5, dtype=int)) == np.inf
    assert standard_error(np.ones(1), np.zeros(1, dtype=int)) == np.inf
    assert standard_error(np.ones(8), np.arange(8)) == 0.0


def test_the_bootstrap_is_as_wide_as_its_standard_error() -> None:
    values, cells = RNG.standard_normal(6000), np.arange(6000) // 10
    low, high = block_bootstrap(values, cells, n_resamples=2000)
    assert (high + low) / 2 == pytest.approx(values.mean(), abs=0.002)
    assert high - low == pytest.approx(2 * 1.96 * standard_error(values, cells), rel=0.06)


def test_columns_are_resampled_alone_and_missing_values_left_out() -> None:
    cells = np.arange(400) // 5
    values = RNG.random((400, 3))
    values[:200, 1] = np.nan
    values[:, 2] = np.nan
    both = block_bootstrap(values, cells)
    np.testing.assert_array_equal(both[0], block_bootstrap(values[:, 0], cells))
    assert both[1, 0] < values[200:, 1].mean() < both[1, 1]
    assert both[2].tolist() == [-np.inf, np.inf]


def test_the_bootstrap_ignores_the_order_of_the_items() -> None:
    values, cells = RNG.random(300), np.arange(300) // 6
    order = RNG.permutation(300)
    here, there = block_bootstrap(values, cells), block_bootstrap(values[order], cells[order])
    np.testing.assert_allclose(here, there, rtol=1e-12)


def test_a_lower_level_is_narrower_and_few_cells_are_wider() -> None:
    values = RNG.random(4000)
    cells = np.arange(4000) // 10
    wide, narrow = (np.ptp(block_bootstrap(values, cells, level=p)) for p in (0.95, 0.5))
    assert wide / narrow == pytest.approx(1.96 / 0.6745, rel=0.15)
    published = {1: 12.706, 2: 4.303, 3: 3.182, 5: 2.571, 10: 2.228, 30: 2.042, math.inf: 1.960}
    for freedom, quantile in published.items():
        assert student_quantile(0.975, df=freedom) == pytest.approx(quantile, abs=6e-4)


def test_every_interval_of_an_error_has_the_published_quantile() -> None:
    published: dict[float, float] = {4: 2.77645, 5: 2.57058, 10: 2.22814, 30: 2.04227}
    for freedom, quantile in published.items():
        assert interval_reach(Error(2.0, freedom)) == pytest.approx(2 * quantile, abs=2e-5)


def draw(n: int, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw from a mixture of 10 clusters and its noisy linear map, noisier in some clusters."""
    fixed = np.random.default_rng(5)
    centres, turn = 2 * fixed.standard_normal((10, 8)), fixed.standard_normal((8, 8)) / 8**0.5
    noise = 0.5 * np.exp(0.4 * fixed.standard_normal(10))
    cluster = rng.integers(0, 10, n)
    x = centres[cluster] + rng.standard_normal((n, 8))
    return x, x @ turn + noise[cluster, None] * rng.standard_normal((n, 8))


@pytest.mark.slow
def test_the_interval_of_overlap_covers_the_population() -> None:
    rng = np.random.default_rng(7)
    means, ends = [], []
    for _ in range(200):
        x, y = draw(300, rng)
        overlap = neighborhood_overlap(brute_graph(x, 10), brute_graph(y, 10))
        means.append(overlap.mean())
        ends.append(block_bootstrap(overlap, k_means_cells(x), n_resamples=300))
    low, high = np.array(ends).T
    truth = np.mean(means)
    assert 0.90 <= np.mean((low <= truth) & (truth <= high)) <= 0.98


def test_an_interval_of_misfit_arguments_is_refused() -> None:
    with pytest.raises(InputError, match="give one cell an item"):
        block_bootstrap(np.ones(3), np.ones(4, dtype=int))
    with pytest.raises(InputError, match="choose a level between 0 and 1"):
        block_bootstrap(np.ones(3), np.arange(3), level=95)
