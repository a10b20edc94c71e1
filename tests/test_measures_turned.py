import numpy as np
import pytest
from numpy.typing import NDArray

import emblink as eb
from emblink.errors import VectorError
from emblink.measures import is_turned_copy, procrustes_similarity
from emblink.types import Metric


def cloud(n: int = 300, d: int = 12, *, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)


def turned(x: NDArray[np.float32], *, wider: int = 0) -> NDArray[np.float32]:
    """A rotated, scaled copy in float32, of more dims when asked."""
    d = x.shape[1] + wider
    turn, _ = np.linalg.qr(np.random.default_rng(1).standard_normal((d, d)))
    copy: NDArray[np.float32] = (3 * x @ turn[: x.shape[1]]).astype(np.float32)
    return copy


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("wider", [0, 5])
@pytest.mark.parametrize("offset", [0.0, 50.0])
def test_a_rotated_and_scaled_copy_is_one(metric: Metric, wider: int, offset: float) -> None:
    x = cloud() + np.float32(offset)
    copy = turned(x, wider=wider)
    assert is_turned_copy(x, copy, metric=metric)
    assert is_turned_copy(copy, x, metric=metric)


def test_a_shift_makes_another_space_under_cosine_alone() -> None:
    x = cloud()
    assert not is_turned_copy(x, x + 1000, metric="cosine")
    assert is_turned_copy(x, x + 1000, metric="euclidean")


def test_one_moved_row_is_no_copy() -> None:
    x = cloud()
    moved = turned(x)
    moved[7] = -moved[7]
    assert not is_turned_copy(x, moved)
    assert not is_turned_copy(x, moved, metric="euclidean")


def test_rows_of_very_different_lengths_can_be_a_copy_or_none() -> None:
    rng = np.random.default_rng(2)
    lengths = np.exp(rng.uniform(-3, 3, 300)).astype(np.float32)[:, None]
    x = cloud() * lengths
    assert is_turned_copy(x, turned(x), metric="euclidean")
    assert is_turned_copy(x, turned(x) / lengths, metric="cosine")
    noisy = x + 0.1 * rng.standard_normal(x.shape).astype(np.float32)
    assert not is_turned_copy(x, noisy, metric="euclidean")


def test_rows_of_any_length_far_out_excuse_no_other() -> None:
    rng = np.random.default_rng(4)
    x = cloud() * np.exp(2 * rng.standard_t(2, (300, 1))).clip(1e-6, 1e12).astype(np.float32)
    noisy = x + 0.1 * rng.standard_normal(x.shape).astype(np.float32)
    assert procrustes_similarity(x, noisy) > 1 - 1e-9
    assert not is_turned_copy(x, noisy, metric="euclidean")


def test_many_equal_rows_and_dead_dims_can_be_a_copy() -> None:
    x = np.repeat(cloud(30), 10, axis=0)
    x[:, 8:] = 0
    x[:200] = x[0]
    assert is_turned_copy(x, turned(x))
    assert is_turned_copy(x, turned(x), metric="euclidean")


def test_other_items_are_refused() -> None:
    with pytest.raises(VectorError, match="300 rows and y has 299"):
        is_turned_copy(cloud(), cloud(299))


@pytest.mark.slow
def test_extreme_rows_and_shifts_are_not_taken_for_copies_by_a_comparison() -> None:
    rng = np.random.default_rng(5)
    x = cloud(200, 16)
    heavy = x.copy()
    heavy[:3] *= 1e5
    noisy = heavy + 0.3 * rng.standard_normal(x.shape).astype(np.float32)
    assert procrustes_similarity(heavy, noisy) > 1 - 1e-9
    extreme = eb.compare({"a": heavy, "b": noisy}, metric="euclidean").pair("a", "b").report
    assert extreme["scores"]["neighborhood_overlap"]["value"] < 0.9
    assert extreme["size"]["grade"] != "identical"
    shifted = eb.compare({"a": x + 300, "b": x}).pair("a", "b").report
    assert shifted["size"]["grade"] != "identical"
