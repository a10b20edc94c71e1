import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.measures import angular_shape_distance, procrustes_similarity


def gaussian(n: int, d: int, *, seed: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal((n, d))


@pytest.mark.slow
@pytest.mark.parametrize("sigma", [0.0, 0.5, 1.0, 3.0])
def test_white_space_with_noise_has_a_closed_form(sigma: float) -> None:
    x = gaussian(20_000, 64, seed=0)
    y = x + sigma * gaussian(20_000, 64, seed=1)
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


def test_uncentred_float32_loses_no_more_than_its_own_rounding() -> None:
    x, y = gaussian(1000, 16, seed=20), gaussian(1000, 16, seed=21)
    y += x
    shifted = procrustes_similarity((x + 50).astype(np.float32), (y + 50).astype(np.float32))
    assert shifted == pytest.approx(procrustes_similarity(x, y), abs=1e-4)


def test_angular_shape_distance_is_the_arc_cosine_of_the_similarity() -> None:
    for noise in (0.3, 1.0, 5.0):
        x = gaussian(200, 12, seed=22)
        y = np.pad(x, ((0, 0), (0, 3))) + noise * gaussian(200, 15, seed=23)
        expected = np.arccos(procrustes_similarity(x, y))
        assert angular_shape_distance(x, y) == pytest.approx(expected, abs=1e-12)
        assert angular_shape_distance(y, x) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("shape", [(300, 12), (20, 30)])
def test_angular_shape_distance_keeps_its_digits_near_zero(shape: tuple[int, int]) -> None:
    x, noise = gaussian(*shape, seed=24), gaussian(*shape, seed=25)
    turn, _ = np.linalg.qr(gaussian(shape[1], shape[1], seed=26))
    assert angular_shape_distance(x, 3 * x @ turn + 2) < 1e-13
    one, ten = (angular_shape_distance(x, x @ turn + s * noise) for s in (1e-9, 1e-8))
    assert 0.1e-9 < one < 2e-9
    assert ten == pytest.approx(10 * one, rel=1e-4)


def test_angular_shape_distance_obeys_the_triangle_inequality() -> None:
    rng = np.random.default_rng(27)
    for _ in range(100):
        base = rng.standard_normal((25, 6))
        x, y, z = (
            base[:, : rng.integers(2, 7)] + rng.exponential() * rng.standard_normal((25, 1))
            for _ in range(3)
        )
        direct = angular_shape_distance(x, z)
        assert direct <= angular_shape_distance(x, y) + angular_shape_distance(y, z) + 1e-12


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
