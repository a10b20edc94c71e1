from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.measures import (
    linear_cka,
    linear_cka_influence,
    pair_geometry,
    procrustes_influence,
    procrustes_similarity,
)
from emblink.measures._hsic import gram_rows_by_items, unbiased_hsic, unbiased_hsic_rows
from emblink.stats import standard_error
from emblink.types import FloatArray

Float64 = NDArray[np.float64]
SHAPES = [(300, 8), (50, 70)]
MEASURES = [
    (linear_cka, linear_cka_influence),
    (procrustes_similarity, procrustes_influence),
]


def related(n: int, d: int, *, seed: int, heavy: bool = False) -> tuple[Float64, Float64]:
    """Two spaces of one population: only the seed of the items differs."""
    rng = np.random.default_rng(seed)
    mixing = np.random.default_rng(99).standard_normal((d, d + 2))
    x = rng.standard_normal((n, d)) * np.linspace(0.3, 2.0, d)
    if heavy:
        x *= np.exp(0.5 * rng.standard_normal((n, 1)))
    return x, x @ mixing + 2.0 * rng.standard_normal((n, d + 2))


@pytest.mark.parametrize("shape", SHAPES)
def test_shared_passes_give_what_each_function_gives(shape: tuple[int, int]) -> None:
    x, y = related(*shape, seed=0)
    both = pair_geometry(x, y)
    assert both.linear_cka == pytest.approx(linear_cka(x, y), abs=1e-12)
    assert both.procrustes_similarity == pytest.approx(procrustes_similarity(x, y), abs=1e-12)
    np.testing.assert_allclose(both.linear_cka_influence, linear_cka_influence(x, y), atol=1e-10)
    np.testing.assert_allclose(both.procrustes_influence, procrustes_influence(x, y), atol=1e-10)


def test_what_items_add_to_the_estimator_is_that_of_whole_centred_kernels() -> None:
    x, y = related(40, 6, seed=1)
    n = len(x)

    def centred(vectors: Float64) -> Float64:
        kernel = (vectors - vectors.mean(axis=0)) @ (vectors - vectors.mean(axis=0)).T
        np.fill_diagonal(kernel, 0.0)
        sums = kernel.sum(axis=0)
        kernel = kernel - (sums[:, None] + sums) / (n - 2) + sums.sum() / ((n - 1) * (n - 2))
        np.fill_diagonal(kernel, 0.0)
        return np.asarray(kernel)

    sums, rows = gram_rows_by_items(x, y)
    found = unbiased_hsic_rows(rows.kl, sums.s, sums.t, k_t=rows.k_t, l_s=rows.l_s)
    np.testing.assert_allclose(found, (centred(x) * centred(y)).sum(axis=1), rtol=1e-9, atol=1e-9)
    assert found.sum() == pytest.approx(unbiased_hsic(sums.kl, sums.s, sums.t), rel=1e-12)


@pytest.mark.parametrize(("measure", "influence"), MEASURES)
def test_influence_predicts_what_leaving_an_item_out_does(
    measure: Callable[[FloatArray, FloatArray], float],
    influence: Callable[[FloatArray, FloatArray], Float64],
) -> None:
    x, y = related(250, 6, seed=2)
    found = influence(x, y)
    value = measure(x, y)
    rows = range(0, 250, 5)
    left_out = [measure(np.delete(x, i, axis=0), np.delete(y, i, axis=0)) for i in rows]
    change = (len(x) - 1) * (value - np.array(left_out))
    assert np.corrcoef(change, found[rows])[0, 1] > 0.995
    assert np.std(change) == pytest.approx(np.std(found[rows]), rel=0.05)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("measure", "influence"), MEASURES)
def test_influence_averages_to_zero_and_ignores_rotation_scale_and_shift(
    measure: object, influence: Callable[[FloatArray, FloatArray], Float64], shape: tuple[int, int]
) -> None:
    x, y = related(*shape, seed=3)
    expected = influence(x, y)
    assert abs(expected.mean()) < 1e-10
    turn, _ = np.linalg.qr(np.random.default_rng(4).standard_normal((shape[1], shape[1])))
    for changed in (x @ turn, 1e-6 * x, 1e6 * x, x + 50.0):
        np.testing.assert_allclose(influence(changed, y), expected, atol=1e-8)
    order = np.random.default_rng(5).permutation(len(x))
    np.testing.assert_allclose(influence(x[order], y[order]), expected[order], atol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("heavy", [False, True])
def test_standard_error_of_the_influence_is_the_spread_over_draws(heavy: bool) -> None:
    n = 250
    drawn = [pair_geometry(*related(n, 6, seed=seed, heavy=heavy)) for seed in range(300)]
    each = np.arange(n)
    for values, influences in (
        (
            [one.linear_cka for one in drawn],
            [one.linear_cka_influence for one in drawn],
        ),
        (
            [one.procrustes_similarity for one in drawn],
            [one.procrustes_influence for one in drawn],
        ),
    ):
        claimed = np.mean([standard_error(influence, each) for influence in influences])
        assert claimed == pytest.approx(np.std(values, ddof=1), rel=0.15)


def test_influence_names_the_row_that_carries_the_number() -> None:
    x, y = related(300, 8, seed=6)
    y[17] += 30.0 * np.random.default_rng(7).standard_normal(10)
    for influence in (linear_cka_influence(x, y), procrustes_influence(x, y)):
        assert np.argmax(np.abs(influence)) == 17


def test_a_constant_space_is_refused() -> None:
    x, y = related(30, 4, seed=8)
    for measure in (pair_geometry, linear_cka_influence, procrustes_influence):
        with pytest.raises(VectorError, match="all items of y have the same vector"):
            measure(x, np.full_like(y, 0.3))
