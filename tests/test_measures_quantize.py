from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from emblink.measures import neighborhood_overlap, quantize_int8
from emblink.types import Metric
from tests.measures_helpers import brute_graph

METRICS: tuple[Metric, ...] = ("cosine", "euclidean")


@given(st.integers(0, 10_000), st.floats(1e-6, 1e6))
def test_rounding_moves_no_number_by_more_than_half_a_step(seed: int, scale: float) -> None:
    x = scale * np.random.default_rng(seed).standard_normal((50, 4))
    step = np.abs(x).max(axis=0) / 127
    rounded = quantize_int8(x)
    assert rounded.dtype == np.float32
    assert (np.abs(rounded - x) <= step * (0.5 + 1e-4)).all()
    assert all(len(np.unique(column)) <= 255 for column in rounded.T)


def test_int8_values_survive_unchanged() -> None:
    levels = np.random.default_rng(0).integers(-127, 128, (300, 5)).astype(np.float32)
    levels[0] = 127
    np.testing.assert_array_equal(quantize_int8(levels), levels)
    np.testing.assert_allclose(quantize_int8(0.01 * levels), 0.01 * levels, rtol=1e-6)


def test_rounding_twice_changes_nothing_more() -> None:
    once = quantize_int8(np.random.default_rng(1).standard_normal((200, 8)))
    np.testing.assert_allclose(quantize_int8(once), once, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_rows_that_would_vanish_and_empty_columns_stay(dtype: type) -> None:
    x: NDArray[np.floating[Any]] = np.array([[1000, 0], [1000, 0], [0.5, 0], [0, 0]], dtype=dtype)
    np.testing.assert_array_equal(quantize_int8(x), x.astype(np.float32))


@pytest.mark.slow
def test_an_extreme_row_does_not_lower_the_floor_of_the_others() -> None:
    vectors = np.random.default_rng(0).standard_normal((1000, 32)).astype(np.float32)
    floors = []
    for extreme in (1.0, 1e3, 1e6):
        stretched = vectors.copy()
        stretched[3] *= extreme
        for metric in METRICS:
            rounded = brute_graph(quantize_int8(stretched, metric=metric), 10, metric=metric)
            exact = brute_graph(stretched, 10, metric=metric)
            floors.append(float(neighborhood_overlap(exact, rounded).mean()))
    assert min(floors) > 0.96


def test_a_shift_of_the_space_changes_nothing_where_the_metric_does_not_see_it() -> None:
    vectors = np.random.default_rng(0).standard_normal((200, 8))
    near = quantize_int8(vectors, metric="euclidean")
    far = quantize_int8(vectors + 100.0, metric="euclidean") - 100.0
    assert np.abs(far - near).max() < 1e-4
    assert np.abs(far - vectors).max() < np.abs(vectors).max() / 200
