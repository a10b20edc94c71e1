import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import TooLargeError, VectorError
from emblink.measures import _rbf_cka, rbf_cka
from emblink.types import FloatArray

Float64 = NDArray[np.float64]


def noisy(n: int, d: int, *, seed: int, sigma: float = 1.0) -> tuple[Float64, Float64]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, d))
    return x, x + sigma * rng.standard_normal((n, d))


def by_whole_kernels(x: FloatArray, y: FloatArray) -> float:
    """Debiased, with the unbiased HSIC as Song et al. write it."""
    n = len(x)
    ones = np.ones(n)
    kernels = []
    for vectors in (x, y):
        squares = ((vectors[:, None] - vectors) ** 2).sum(axis=2)
        kernel = np.exp(-squares / (2 * 0.5**2 * np.median(squares)))
        kernels.append(kernel - np.diag(np.diag(kernel)))

    def hsic(k: Float64, m: Float64) -> float:
        traces = (ones @ k @ ones) * (ones @ m @ ones) / ((n - 1) * (n - 2))
        return float(np.trace(k @ m) + traces - 2 / (n - 2) * (ones @ k @ m @ ones))

    k, m = kernels
    return hsic(k, m) / float(np.sqrt(hsic(k, k) * hsic(m, m)))


def test_published_value_of_the_reference_implementation() -> None:
    legacy = np.random.RandomState(1337)
    x = legacy.randn(100, 10)
    y = legacy.randn(100, 10) + x
    assert rbf_cka(x, y, batch=None, debiased=False).value == pytest.approx(0.65483, abs=5e-6)


def test_debiased_form_equals_the_estimator_on_whole_kernels() -> None:
    x, y = noisy(80, 5, seed=0)
    found = rbf_cka(x, y, batch=None)
    assert found.value == pytest.approx(by_whole_kernels(x, y), abs=1e-12)
    assert found.standard_error is None
    assert found.n_batches == 1


@pytest.mark.slow
@pytest.mark.parametrize(("d", "sigma"), [(10, 0.5), (64, 1.0)])
def test_minibatches_are_within_two_thousandths_of_the_whole_kernel(d: int, sigma: float) -> None:
    x, y = noisy(2000, d, seed=1, sigma=sigma)
    found, whole = rbf_cka(x, y), rbf_cka(x, y, batch=None)
    assert abs(found.value - whole.value) < 0.002
    assert found.n_batches == 32


def test_more_items_are_sampled_not_read_without_end() -> None:
    x, y = noisy(3000, 4, seed=2)
    few = rbf_cka(x, y, batch=16)
    assert few.n_batches == 64
    assert abs(few.value - rbf_cka(x[:1500], y[:1500], batch=None).value) < 0.05


def test_unrelated_spaces_average_to_zero() -> None:
    rng = np.random.default_rng(3)
    found = [
        rbf_cka(rng.standard_normal((200, 5)), rng.standard_normal((200, 7)), batch=50, seed=trial)
        for trial in range(20)
    ]
    assert abs(np.mean([one.value for one in found])) < 0.01


@pytest.mark.slow
def test_standard_error_is_the_spread_over_draws() -> None:
    drawn = [rbf_cka(*noisy(300, 3, seed=seed), batch=50) for seed in range(60)]
    claimed = np.mean([one.standard_error or 0.0 for one in drawn])
    assert claimed == pytest.approx(np.std([one.value for one in drawn], ddof=1), rel=0.3)


@pytest.mark.slow
@pytest.mark.parametrize("batch", [None, 64])
def test_rbf_cka_ignores_rotation_scale_and_shift(batch: int | None) -> None:
    x, y = noisy(300, 6, seed=4)
    turn, _ = np.linalg.qr(np.random.default_rng(5).standard_normal((6, 6)))
    expected = rbf_cka(x, y, batch=batch).value
    for changed in (x @ turn, 1e-6 * x, 1e6 * x, x + 50.0):
        assert rbf_cka(changed, y, batch=batch).value == pytest.approx(expected, abs=1e-8)
    far = [(vectors + 50).astype(np.float32) for vectors in (x, y)]
    assert rbf_cka(*far, batch=batch).value == pytest.approx(expected, abs=1e-4)


def test_vectors_at_the_ends_of_float32_compare_like_any_others() -> None:
    x, y = (one.astype(np.float32) for one in noisy(300, 6, seed=13))
    expected = rbf_cka(x, y).value
    for unit in (2.0**-100, 2.0**120):
        assert rbf_cka(x * np.float32(unit), y).value == pytest.approx(expected, abs=1e-7)


def test_the_whole_kernel_ignores_the_order_of_items() -> None:
    x, y = noisy(300, 6, seed=6)
    order = np.random.default_rng(7).permutation(300)
    found = rbf_cka(x[order], y[order], batch=None).value
    assert found == pytest.approx(rbf_cka(x, y, batch=None).value, abs=1e-12)


def test_a_seed_gives_the_same_value_again() -> None:
    x, y = noisy(400, 6, seed=8)
    assert rbf_cka(x, y, batch=64, seed=1) == rbf_cka(x, y, batch=64, seed=1)
    assert rbf_cka(x, y, batch=64, seed=1) != rbf_cka(x, y, batch=64, seed=2)


def test_the_median_of_pairs_is_that_of_all_distances() -> None:
    for n in (4, 9, 100, 101):
        x, _ = noisy(n, 3, seed=n)
        squares = ((x[:, None] - x) ** 2).sum(axis=2)
        found = _rbf_cka._median_squared_distance(_rbf_cka._Scaled(x, 1.0), "x", seed=0)
        assert found == pytest.approx(np.median(squares), rel=1e-12)


@pytest.mark.slow
def test_vectors_of_float32_lose_less_than_a_millionth() -> None:
    x, y = (one.astype(np.float32) for one in noisy(600, 64, seed=11))
    precise = rbf_cka(x.astype(np.float64), y.astype(np.float64))
    assert rbf_cka(x, y).value == pytest.approx(precise.value, abs=1e-7)


def test_too_many_items_for_a_whole_kernel_are_refused() -> None:
    x, y = noisy(2001, 2, seed=9)
    with pytest.raises(TooLargeError, match="choose batch=256"):
        rbf_cka(x, y, batch=None)
    with pytest.raises(TooLargeError, match="batch=5000 asks for that"):
        rbf_cka(x, y, batch=5000)


def test_too_small_batches_and_copies_without_bandwidth_are_refused() -> None:
    x, y = noisy(50, 2, seed=10)
    with pytest.raises(VectorError, match="batch=3 is too small"):
        rbf_cka(x, y, batch=3)
    y[:40] = 0.0
    with pytest.raises(VectorError, match=r"at least half of all distances .* of y are 0"):
        rbf_cka(x, y)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_copies_are_found_in_spite_of_rounding(dtype: type) -> None:
    x, y = noisy(300, 96, seed=12)
    x, y = x.astype(dtype), y.astype(dtype)
    y[:250] = y[0]
    with pytest.raises(VectorError, match=r"distances .* of y are 0"):
        rbf_cka(x, y)


@pytest.mark.slow
def test_two_batches_of_the_same_items_differ_less_than_batches_of_others() -> None:
    drawn = [rbf_cka(*noisy(100, 3, seed=seed), batch=50) for seed in range(60)]
    claimed = np.mean([one.standard_error or 0.0 for one in drawn])
    assert claimed == pytest.approx(np.std([one.value for one in drawn], ddof=1), rel=0.25)
