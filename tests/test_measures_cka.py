from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.measures import linear_cka, linear_cka_null, linear_cka_trimmed, neighborhood_overlap
from emblink.types import FloatArray
from tests.measures_helpers import EMOJI, MNIST, brute_graph, space, truth


def rotation(n_dims: int, *, seed: int) -> NDArray[np.float64]:
    turned, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((n_dims, n_dims)))
    return np.asarray(turned)


def correlated(n: int, d: int, *, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, d))
    return x, x @ rng.standard_normal((d, d + 3)) + rng.standard_normal((n, d + 3))


def by_kernels(x: FloatArray, y: FloatArray) -> float:
    """Debiased CKA from whole kernels, as Song et al. define it."""
    n = len(x)
    kernels = [np.asarray(v @ v.T) for v in (x, y)]
    for kernel in kernels:
        np.fill_diagonal(kernel, 0.0)

    def hsic(k: NDArray[np.float64], m: NDArray[np.float64]) -> float:
        traces = k.sum() * m.sum() / ((n - 1) * (n - 2))
        return float((k * m).sum() + traces - 2 / (n - 2) * (k.sum(0) @ m.sum(0)))

    k, m = kernels
    return hsic(k, m) / float(np.sqrt(hsic(k, k) * hsic(m, m)))


def test_published_values_of_the_reference_implementation() -> None:
    legacy = np.random.RandomState(1337)
    x = legacy.randn(100, 10)
    y = legacy.randn(100, 10) + x
    assert linear_cka(x, y, debiased=False) == pytest.approx(0.55761, abs=5e-6)
    assert linear_cka(x, y) == pytest.approx(0.51346, abs=5e-6)


@pytest.mark.slow
@pytest.mark.parametrize(("path", "name"), [(EMOJI, "emoji"), (MNIST, "mnist_cnn")])
def test_published_biased_values_of_real_pairs(path: Path, name: str) -> None:
    published = truth(name)["cka"]
    for pair, expected in list(published.items())[::4]:
        a, b = pair.split("|")
        found = linear_cka(space(path, a), space(path, b), debiased=False)
        assert found == pytest.approx(expected, abs=5.1e-5), pair


@pytest.mark.parametrize("shape", [(60, 5), (30, 80)])
def test_debiased_form_equals_the_estimator_on_whole_kernels(shape: tuple[int, int]) -> None:
    x, y = correlated(*shape, seed=1)
    assert linear_cka(x, y) == pytest.approx(by_kernels(x, y), abs=1e-10)


def test_more_dims_than_items_gives_the_same_as_padding_with_zeros() -> None:
    x, y = correlated(200, 40, seed=2)
    padded = np.pad(x, ((0, 0), (0, 400)))
    for debiased in (True, False):
        expected = linear_cka(x, y, debiased=debiased)
        assert linear_cka(padded, y, debiased=debiased) == pytest.approx(expected, abs=1e-10)


@pytest.mark.slow
def test_independent_gaussians_average_to_zero() -> None:
    rng = np.random.default_rng(3)
    found = [
        linear_cka(rng.standard_normal((1000, 768)), rng.standard_normal((1000, 768)))
        for _ in range(20)
    ]
    assert abs(np.mean(found)) < 0.001


@pytest.mark.slow
def test_as_much_noise_as_signal_gives_one_half() -> None:
    rng = np.random.default_rng(4)
    x = rng.standard_normal((2000, 768), dtype=np.float32)
    y = x + rng.standard_normal((2000, 768), dtype=np.float32)
    assert linear_cka(x, y) == pytest.approx(0.5, abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("sigma", [0.3, 1.0, 2.0])
def test_white_space_with_noise_has_a_closed_form(sigma: float) -> None:
    rng = np.random.default_rng(20)
    x = rng.standard_normal((20_000, 64))
    y = x + sigma * rng.standard_normal(x.shape)
    assert linear_cka(x, y) == pytest.approx(1 / (1 + sigma**2), abs=0.005)


def test_biased_form_of_unrelated_spaces_has_a_closed_form() -> None:
    rng = np.random.default_rng(21)
    n, dx, dy = 1000, 64, 160
    found = [
        linear_cka(rng.standard_normal((n, dx)), rng.standard_normal((n, dy)), debiased=False)
        for _ in range(5)
    ]
    expected = np.sqrt(dx * dy / ((n + dx + 1) * (n + dy + 1)))
    assert np.mean(found) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("debiased", [True, False])
@pytest.mark.parametrize("shape", [(300, 12), (40, 60)])
def test_linear_cka_ignores_rotation_scale_shift_and_order(
    shape: tuple[int, int], debiased: bool
) -> None:
    x, y = correlated(*shape, seed=5)
    turn = rotation(shape[1], seed=6)
    order = np.random.default_rng(7).permutation(shape[0])
    expected = linear_cka(x, y, debiased=debiased)
    for changed in (x @ turn, 1e-6 * x, 1e6 * x, x + 5.0):
        assert linear_cka(changed, y, debiased=debiased) == pytest.approx(expected, abs=1e-8)
    assert linear_cka(x[order], y[order], debiased=debiased) == pytest.approx(expected, abs=1e-8)
    assert linear_cka(x, 3.0 * x @ turn, debiased=debiased) == pytest.approx(1.0, abs=1e-8)


def test_uncentred_float32_loses_no_more_than_its_own_rounding() -> None:
    x, y = correlated(1000, 16, seed=8)
    expected = linear_cka(x, y)
    shifted = linear_cka((x + 50).astype(np.float32), (y + 50).astype(np.float32))
    assert shifted == pytest.approx(expected, abs=1e-4)


@pytest.mark.slow
def test_one_outlier_takes_cka_down_and_leaves_overlap() -> None:
    rng = np.random.default_rng(9)
    x = rng.standard_normal((1500, 20))
    y = x.copy()
    y[0] += 400.0 * rng.standard_normal(20)
    overlap = neighborhood_overlap(
        brute_graph(x, 10, metric="euclidean"), brute_graph(y, 10, metric="euclidean"), k=10
    )
    assert overlap.mean() >= 0.999
    assert linear_cka(x, y, debiased=False) < 0.5
    assert linear_cka(x, y) < 0.5


def test_without_the_extreme_rows_the_outlier_is_gone() -> None:
    rng = np.random.default_rng(9)
    x = rng.standard_normal((1500, 20))
    y = x.copy()
    y[0] += 1e6 * rng.standard_normal(20)
    assert linear_cka(x, y) < 0.5
    assert linear_cka_trimmed(x, y) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("shape", [(300, 12), (120, 200)])
def test_trimmed_form_is_the_value_of_the_rows_that_stay(shape: tuple[int, int]) -> None:
    x, y = correlated(*shape, seed=22)
    norms = [np.linalg.norm(v - v.mean(axis=0), axis=1) for v in (x, y)]
    extreme = {int(row) for one in norms for row in np.argsort(one)[-round(0.05 * shape[0]) :]}
    stay = [row for row in range(shape[0]) if row not in extreme]
    found = linear_cka_trimmed(x, y, share=0.05)
    assert found == pytest.approx(linear_cka(x[stay], y[stay]), abs=1e-12)


@pytest.mark.parametrize("shape", [(100, 12), (40, 60)])
def test_null_recomputes_the_cross_term_alone_and_exactly(shape: tuple[int, int]) -> None:
    x, y = correlated(*shape, seed=23)
    null = linear_cka_null(x, y, n_permutations=20, seed=3)
    rng = np.random.default_rng(3)
    drawn = [linear_cka(x, y[rng.permutation(shape[0])]) for _ in range(20)]
    assert null.value == pytest.approx(linear_cka(x, y), abs=1e-12)
    assert null.mean == pytest.approx(np.mean(drawn), abs=1e-12)
    assert null.sd == pytest.approx(np.std(drawn, ddof=1), abs=1e-12)
    assert null.p == pytest.approx(1 / 21)
    assert (null.n_items, null.n_permutations) == (shape[0], 20)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "d"), [(30, 5), (20, 50)])
def test_permutation_test_of_unrelated_spaces_rejects_as_often_as_it_says(n: int, d: int) -> None:
    rng = np.random.default_rng(24)
    rejected = [
        linear_cka_null(
            rng.standard_normal((n, d)),
            rng.standard_normal((n, d + 2)),
            n_permutations=39,
            seed=trial,
        ).p
        <= 0.05
        for trial in range(500)
    ]
    assert 0.02 <= np.mean(rejected) <= 0.08


def test_null_of_many_items_is_of_a_sample_and_says_so() -> None:
    x, y = correlated(500, 6, seed=25)
    null = linear_cka_null(x, y, n_permutations=9, most=100)
    assert null.n_items == 100
    assert null.p == pytest.approx(0.1)


def test_memory_mapped_half_precision_is_read_as_it_is(tmp_path: Path) -> None:
    x, y = (v.astype(np.float16) for v in correlated(400, 8, seed=10))
    np.save(tmp_path / "x.npy", x)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    assert linear_cka(mapped, y) == linear_cka(x.astype(np.float64), y.astype(np.float64))


def test_a_constant_space_is_refused() -> None:
    x, _ = correlated(50, 4, seed=11)
    with pytest.raises(VectorError, match="all items of y have the same vector"):
        linear_cka(x, np.full((50, 3), 0.1, dtype=np.float32))


def test_a_single_differing_item_has_no_debiased_value() -> None:
    x, _ = correlated(50, 4, seed=12)
    lone = np.zeros((50, 3))
    lone[7] = 1.0
    with pytest.raises(VectorError, match="y varies in too few items"):
        linear_cka(x, lone)


def test_no_permutation_is_no_test() -> None:
    x, y = correlated(50, 4, seed=14)
    with pytest.raises(VectorError, match="n_permutations=0 permutes nothing"):
        linear_cka_null(x, y, n_permutations=0)


def test_vectors_of_other_items_are_refused() -> None:
    x, y = correlated(50, 4, seed=13)
    with pytest.raises(VectorError, match="x has 50 rows and y has 49"):
        linear_cka(x, y[1:])
    with pytest.raises(VectorError, match="3 items are too few"):
        linear_cka(x[:3], y[:3])
    with pytest.raises(VectorError, match=r"y has shape \(50,\)"):
        linear_cka(x, y[:, 0])
