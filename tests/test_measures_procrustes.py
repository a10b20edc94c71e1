import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.measures import procrustes_similarity


def gaussian(n: int, d: int, *, seed: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal((n, d))


@pytest.mark.parametrize("sigma", [0.0, 0.5, 1.0, 3.0])
def test_white_space_with_noise_has_a_closed_form(sigma: float) -> None:
    x = gaussian(20_000, 16, seed=0)
    y = x + sigma * gaussian(20_000, 16, seed=1)
    assert procrustes_similarity(x, y) == pytest.approx(1 / np.sqrt(1 + sigma**2), abs=0.005)


@pytest.mark.parametrize("shape", [(200, 12), (20, 30)])
def test_procrustes_ignores_rotation_scale_shift_and_order(shape: tuple[int, int]) -> None:
    x, noise = gaussian(*shape, seed=2), gaussian(*shape, seed=3)
    y = x + noise
    turn, _ = np.linalg.qr(gaussian(shape[1], shape[1], seed=4))
    order = np.random.default_rng(5).permutation(shape[0])
    expected = procrustes_similarity(x, y)
    for changed in (x @ turn, 1e-6 * x, x + 50.0, -x):
        assert procrustes_similarity(changed, y) == pytest.approx(expected, abs=1e-8)
    assert procrustes_similarity(x[order], y[order]) == pytest.approx(expected, abs=1e-8)
    assert procrustes_similarity(y, x) == pytest.approx(expected, abs=1e-12)
    assert procrustes_similarity(x, 7 * x @ turn + 1) == pytest.approx(1.0, abs=1e-12)


def test_a_rotated_float32_copy_is_one_to_rounding() -> None:
    x = gaussian(500, 24, seed=6).astype(np.float32)
    turn, _ = np.linalg.qr(gaussian(24, 24, seed=7))
    assert procrustes_similarity(x, (3 * x @ turn).astype(np.float32)) > 1 - 1e-11


def test_spaces_of_different_dims_compare_as_if_padded() -> None:
    x, y = gaussian(100, 8, seed=8), gaussian(100, 30, seed=9)
    y[:, :8] += 2 * x
    padded = np.pad(x, ((0, 0), (0, 200)))
    expected = procrustes_similarity(x, y)
    assert procrustes_similarity(padded, y) == pytest.approx(expected, abs=1e-10)


def test_one_dim_is_the_absolute_correlation() -> None:
    x, y = gaussian(300, 1, seed=10), gaussian(300, 1, seed=11)
    y -= 0.4 * x
    expected = abs(np.corrcoef(x[:, 0], y[:, 0])[0, 1])
    assert procrustes_similarity(x, y) == pytest.approx(expected)


def test_a_constant_space_is_refused() -> None:
    with pytest.raises(VectorError, match="all items of x have the same vector"):
        procrustes_similarity(np.full((10, 2), 0.3), gaussian(10, 2, seed=12))
