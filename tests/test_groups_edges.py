"""What is cut from the edge of one continuum, and what went as one."""

from __future__ import annotations

import numpy as np
import pytest

from emblink.groups._edges import is_edge
from emblink.neighbors import nearest_neighbors
from emblink.types import FloatArray, IntArray

Lists = tuple[np.ndarray, np.ndarray]
SEEDS = pytest.mark.parametrize("seed", range(4))


def lists_of(*spaces: FloatArray) -> Lists:
    first, second = (
        np.ascontiguousarray(
            nearest_neighbors(one, k=30, metric="euclidean").indices, dtype=np.int32
        )
        for one in spaces
    )
    return first, second


def moved(seed: int, *, went: IntArray | None, length: float) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(600, 5)).astype(np.float32)
    residuals = 0.4 * rng.normal(size=a.shape)
    if went is not None:
        residuals[went, 0] += length
    return a, residuals.astype(np.float32)


@SEEDS
def test_those_that_noise_took_farthest_one_way_are_an_edge(seed: int) -> None:
    a, residuals = moved(seed, went=None, length=0.0)
    farthest = np.sort(np.argsort(-residuals[:, 0])[:60])
    assert is_edge(farthest, lists_of(a, a + residuals), residuals)


@SEEDS
def test_those_that_a_bend_took_farthest_are_an_edge(seed: int) -> None:
    a, residuals = moved(seed, went=None, length=0.0)
    residuals[:, 0] += np.tanh(2 * a[:, 1])
    farthest = np.sort(np.argsort(-residuals[:, 0])[:60])
    assert is_edge(farthest, lists_of(a, a + residuals), residuals)


@pytest.mark.parametrize("seed", [0, 1, 48, 57])
def test_the_end_of_noise_in_one_dim_is_an_edge_however_narrow_what_is_nearest(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a = 0.3 * rng.normal(size=(180, 3))
    b = a.copy()
    a[:, 0] += 0.5 * rng.normal(size=len(a))
    b[:, 0] += 0.5 * rng.normal(size=len(a))
    first, second = a.astype(np.float32), b.astype(np.float32)
    farthest = np.sort(np.argsort(a[:, 0] - b[:, 0])[:9])
    assert is_edge(farthest, lists_of(first, second), second - first)


@SEEDS
def test_what_went_as_one_is_no_edge_whoever_strayed_beside_it(seed: int) -> None:
    went = np.arange(0, 600, 12)
    a, residuals = moved(seed, went=went, length=3.0)
    residuals[1::60] += 20.0
    assert not is_edge(went, lists_of(a, a + residuals), residuals)


def test_a_cluster_by_itself_and_what_became_one_have_no_edge_to_be_cut_from() -> None:
    a, residuals = moved(0, went=None, length=0.0)
    farthest = np.sort(np.argsort(-residuals[:, 0])[:60])
    alone = a.copy()
    alone[farthest] += 50.0
    assert not is_edge(farthest, lists_of(alone, alone + residuals), residuals)
    assert not is_edge(farthest, lists_of(a, alone), residuals)


def test_what_went_no_way_is_left_to_others_to_judge() -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=(300, 5)).astype(np.float32)
    residuals = rng.normal(size=a.shape).astype(np.float32)
    assert not is_edge(np.arange(40), lists_of(a, a + residuals), residuals)
    assert not is_edge(np.arange(40), lists_of(a, a), np.zeros_like(a))
