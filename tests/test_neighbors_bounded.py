"""Exact lists beside likely neighbours: the same as without, whatever was thought likely."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.neighbors import _bounded as bounded
from emblink.neighbors import approximate, likely_near, nearest_neighbors
from emblink.neighbors._points import ROUNDING, prepare
from emblink.types import Metric

N, DIMS, K = 700, 40, 12
METRICS: tuple[Metric, ...] = ("cosine", "euclidean")
Vectors = NDArray[np.float32]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have few rows be enough, and every bound be thought worth its trouble."""
    values = {"_SAMPLE": 64, "_TRIED": 8, "_FEWER": (2, 8, 16), "_WORTH": 1e9}
    for name, value in values.items():
        monkeypatch.setattr(bounded, name, value)


def clusters(seed: int = 0) -> Vectors:
    rng = np.random.default_rng(seed)
    latent = 3 * rng.normal(size=(20, 5))[rng.integers(0, 20, N)] + rng.normal(size=(N, 5))
    noise = 0.05 * rng.normal(size=(N, DIMS))
    return np.asarray(latent @ rng.normal(size=(5, DIMS)) + noise, np.float32)


def noise(seed: int = 0) -> Vectors:
    return np.random.default_rng(seed).normal(size=(N, DIMS)).astype(np.float32)


def copies(seed: int = 0) -> Vectors:
    """Return rows of which most are there many times."""
    rng = np.random.default_rng(seed)
    return clusters(seed)[np.minimum(rng.integers(0, N, N), rng.integers(0, 9, N) * 80)]


def grid(seed: int = 0) -> Vectors:
    """Return whole numbers, many of them as far from each other as others."""
    return np.random.default_rng(seed).integers(1, 3, size=(N, DIMS)).astype(np.float32)


def far_off(seed: int = 0) -> Vectors:
    return np.asarray(clusters(seed) + 1e4, np.float32)


def flat(seed: int = 0) -> Vectors:
    """Return rows that vary along two dims alone."""
    return np.asarray(clusters(seed) * ([1, 1] + [0] * (DIMS - 2)) + 1e-3, np.float32)


SHAPES: dict[str, Callable[[int], Vectors]] = {
    one.__name__: one for one in (clusters, noise, copies, grid, far_off, flat)
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_likely_changes_no_list(shape: str, metric: Metric, seed: int) -> None:
    vectors = SHAPES[shape](seed)
    rng = np.random.default_rng(seed)
    queries = rng.permutation(N)[:300]
    plain = nearest_neighbors(vectors, k=K, metric=metric, queries=queries)
    graph = nearest_neighbors(vectors, k=5, metric=metric).indices
    guesses: dict[str, NDArray[np.integer]] = {
        "a graph": likely_near(graph, queries, k=K),
        "the truth": plain.indices,
        "anyone": rng.integers(0, N, (300, 40)),
        "too few": np.tile(queries[:, None], 30),
        "only itself, and one row": np.column_stack([queries, np.zeros((300, 20), np.int64)]),
    }
    for what, likely in guesses.items():
        found = nearest_neighbors(vectors, k=K, metric=metric, queries=queries, likely=likely)
        np.testing.assert_array_equal(found.indices, plain.indices, err_msg=what)
        np.testing.assert_array_equal(found.distances, plain.distances, err_msg=what)
        assert found.distances.dtype == np.float32


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("shape", SHAPES)
def test_no_product_is_more_than_its_bound(shape: str, metric: Metric) -> None:
    points = prepare(SHAPES[shape](1), metric)
    rows = np.arange(N)
    exact = points.values.astype(np.float64)
    centred = exact if points.centre is None else (exact - points.centre) * points.scale
    products = centred @ centred.T
    lengths = np.outer(points.norms, points.norms)
    for directions in bounded._directions(points):
        bounds = directions.bounds_of(points, rows).astype(np.float64)
        slack = 8 * ROUNDING * lengths
        assert (bounds @ bounds.T >= products - slack).all()


@pytest.mark.parametrize("metric", METRICS)
def test_few_are_measured_where_rows_vary_along_few_directions(
    metric: Metric, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {"_SAMPLE": 300, "_FEWER": (4, 8, 16), "_LOOKED_AT": 1, "_WORTH": 9}
    for name, value in few.items():
        monkeypatch.setattr(bounded, name, value)
    vectors, queries = clusters(), np.arange(400)
    likely = nearest_neighbors(vectors, k=K, metric=metric, queries=queries).indices
    points = prepare(vectors, metric)
    farthest = bounded._farthest(points, queries, likely, k=K)
    best = bounded._best(points, queries, farthest)
    assert best is not None
    assert best.basis.shape[1] < DIMS / 2
    bounds = best.bounds_of(points, np.arange(N))
    scores = bounds[queries] @ bounds.T - points.bias
    reached = (scores >= best.floors_of(points, queries, farthest)[:, None]).sum(axis=1)
    assert K + 1 <= reached.mean() < 2 * K


def test_a_plain_search_is_done_where_rows_vary_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "_SAMPLE", 300)
    vectors, queries = noise(), np.arange(400)
    likely = nearest_neighbors(vectors, k=K, queries=queries).indices
    points = prepare(vectors, "cosine")
    assert bounded._best(points, queries, bounded._farthest(points, queries, likely, k=K)) is None


def test_neighbors_of_neighbors_are_likely_where_lists_are_short() -> None:
    lists = np.arange(N)[:, None] + np.arange(1, 6)
    lists = lists % N
    rows = np.array([3, 699])
    np.testing.assert_array_equal(likely_near(lists, rows, k=4), lists[rows])
    found = likely_near(lists, rows, k=12)
    assert found.shape == (2, 30)
    assert {*found[0]} == {*range(4, 14)}
    assert {*found[1]} == {*range(10)}


def test_an_approximate_graph_makes_exact_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "_WORTH", 1e9)
    vectors = np.concatenate([clusters(seed) for seed in range(8)])
    graph = approximate(vectors, 10).graph
    queries = np.arange(500)
    plain = nearest_neighbors(vectors, k=25, queries=queries)
    likely = likely_near(graph.indices, queries, k=25)
    found = nearest_neighbors(vectors, k=25, queries=queries, likely=likely)
    np.testing.assert_array_equal(found.indices, plain.indices)


@pytest.mark.parametrize(
    "likely", [np.zeros((2, 3), int), np.zeros(3, int), np.full((3, 2), N), np.full((3, 2), -1)]
)
def test_what_is_likely_are_rows_of_each_query(likely: NDArray[np.integer]) -> None:
    with pytest.raises(InputError, match=f"rows from 0 to {N - 1} for each of the 3 queries"):
        nearest_neighbors(clusters(), k=K, queries=np.arange(3), likely=likely)


def test_what_is_likely_is_of_queries() -> None:
    with pytest.raises(InputError, match="without queries"):
        nearest_neighbors(clusters(), k=K, likely=np.zeros((N, 3), int))
