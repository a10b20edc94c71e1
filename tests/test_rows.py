from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.rows import as_measured, directions, few_dims, same_directions, spans

RNG = np.random.default_rng(0)
Vectors = NDArray[np.floating[Any]]


def gaussian(n: int, d: int, *, seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal((n, d))


def lengths_of(vectors: Vectors) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(vectors.astype(np.float64), axis=1))


@pytest.mark.parametrize(
    ("dtype", "scales"),
    [
        (np.float16, [6e-8, 1e-6, 1.0, 2e4]),
        (np.float32, [1e-44, 1e-20, 1.0, 1e20, 1e38]),
        (np.float64, [1e-320, 1e-200, 1.0, 1e200, 1e308]),
    ],
)
def test_no_length_is_too_long_or_too_short_for_a_direction(
    dtype: type[np.floating[Any]], scales: list[float]
) -> None:
    plain = np.array([[1, -1, 0, 1], [0, 0, 1, 0], [1, 1, 1, -1]], dtype=np.float64)
    expected = plain / lengths_of(plain)[:, None]
    for scale in scales:
        scaled = (plain * scale).astype(dtype)
        np.testing.assert_allclose(directions(scaled), expected, rtol=1e-14)
        np.testing.assert_allclose(as_measured(scaled, metric="cosine"), expected, rtol=1e-7)


def test_unit_rows_do_not_depend_on_the_length_of_each() -> None:
    x = gaussian(200, 30).astype(np.float32)
    lengths = np.ldexp(np.float32(1), RNG.integers(-60, 60, (200, 1))).astype(np.float32)
    np.testing.assert_array_equal(
        as_measured(x * lengths, metric="cosine"), as_measured(x, metric="cosine")
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_is_copied_where_nothing_is_to_be_done(dtype: type[np.floating[Any]]) -> None:
    x = gaussian(300, 20).astype(dtype)
    assert as_measured(x, metric="euclidean") is x
    unit = as_measured(x, metric="cosine")
    assert unit.dtype == dtype
    assert as_measured(unit, metric="cosine") is unit


def test_unit_rows_of_half_precision_are_single() -> None:
    x = gaussian(50, 8).astype(np.float16)
    unit = as_measured(x, metric="cosine")
    assert unit.dtype == np.float32
    np.testing.assert_allclose(lengths_of(unit), 1.0, atol=1e-6)


def test_rows_of_zeros_stay() -> None:
    x = np.array([[3.0, 4.0], [0.0, 0.0]])
    np.testing.assert_array_equal(as_measured(x, metric="cosine"), [[0.6, 0.8], [0.0, 0.0]])


def test_rows_that_point_one_way_are_found_whatever_their_lengths() -> None:
    x = gaussian(500, 12).astype(np.float32)
    x[100:110] = x[7]
    x[300] = x[299]
    assert same_directions(gaussian(500, 12)) is None
    expected = np.arange(500)
    expected[100:110], expected[300] = 7, 299
    for lengths in (1.0, np.exp(3 * RNG.standard_normal((500, 1))).astype(np.float32)):
        np.testing.assert_array_equal(same_directions(x * lengths), expected)
        unit = as_measured(x * lengths, metric="cosine")
        np.testing.assert_array_equal(unit[100:110], np.broadcast_to(unit[7], (10, 12)))


def test_opposite_and_near_rows_are_no_copies() -> None:
    x = gaussian(40, 5)
    assert same_directions(np.vstack([x, -x, x + 1e-5])) is None


@pytest.mark.parametrize("n_dims", [31, 60, 150, 4000])
@pytest.mark.parametrize("centred", [True, False])
def test_few_dims_keep_every_product(n_dims: int, centred: bool) -> None:
    x = gaussian(30, n_dims) + 0.5
    few = few_dims(x, centred=centred)
    assert few.shape == (30, 30)
    rows = x - x.mean(axis=0) if centred else x
    np.testing.assert_allclose(few @ few.T, rows @ rows.T, atol=1e-12 * n_dims)


@pytest.mark.parametrize("stretch", [1e3, 1e6, 1e9])
def test_few_dims_of_rows_of_very_different_lengths_keep_the_digits_of_each(
    stretch: float,
) -> None:
    x = gaussian(40, 200)
    x[3] *= stretch
    x[20:24] = x[19]
    few, rows = few_dims(x, centred=False), x
    sizes = lengths_of(rows)
    np.testing.assert_allclose(
        few @ few.T / np.outer(sizes, sizes), rows @ rows.T / np.outer(sizes, sizes), atol=1e-13
    )


def test_few_dims_of_equal_rows_are_exactly_zero() -> None:
    assert not few_dims(np.full((7, 50), 0.1)).any()
    assert not few_dims(np.full((1, 5), 0.1)).any()


def test_no_more_dims_than_items_are_left_as_they_are() -> None:
    x = gaussian(20, 20)
    assert few_dims(x) is x


def test_blocks_cover_all_rows_and_are_bounded() -> None:
    for n_rows, n_dims in ((10, 1), (100_000, 300), (40, 1_000_000), (0, 3)):
        cut = spans(n_rows, n_dims)
        assert sum(one.stop - one.start for one in cut) == n_rows
        assert all((one.stop - one.start) * n_dims <= max(1 << 21, 16 * n_dims) for one in cut)
