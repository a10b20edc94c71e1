from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from emblink import neighbors
from emblink.errors import GraphMismatchError, InputError, TooLargeError, VectorError
from emblink.neighbors import _exact, _scan, _search, nearest_neighbors, restrict
from emblink.types import Metric, NeighborGraph

DATA = Path(__file__).parent / "data"
METRICS: list[Metric] = ["cosine", "euclidean"]
Vectors = NDArray[Any]


def exact_distances(vectors: Vectors, metric: Metric) -> NDArray[np.float64]:
    """The oracle: every distance, by direct differences in double precision."""
    points = np.asarray(vectors, dtype=np.float64)
    if metric == "cosine":
        points = points / np.linalg.norm(points, axis=1, keepdims=True)
    squares = np.square(points[:, None] - points[None]).sum(axis=2)
    np.fill_diagonal(squares, np.inf)
    return squares / 2 if metric == "cosine" else np.asarray(np.sqrt(squares))


def exact_indices(vectors: Vectors, k: int, metric: Metric = "euclidean") -> NDArray[np.intp]:
    return np.argsort(exact_distances(vectors, metric), axis=1, kind="stable")[:, :k]


def assert_nearest(graph: NeighborGraph, vectors: Vectors, k: int) -> None:
    """Distances are the true ones, sorted, of the rows named, and no row was passed over."""
    truth = exact_distances(vectors, graph.metric)
    sorted_truth = np.sort(truth, axis=1)[:, :k]
    named = np.take_along_axis(truth, graph.indices.astype(np.int64), axis=1)
    scale = 1.0 if graph.metric == "cosine" else float(sorted_truth.max()) + 1e-30
    np.testing.assert_allclose(graph.distances / scale, sorted_truth / scale, rtol=2e-7, atol=2e-7)
    np.testing.assert_allclose(named / scale, sorted_truth / scale, rtol=2e-7, atol=2e-7)
    assert np.all(np.diff(graph.distances, axis=1) >= 0)
    assert all(np.unique(row).size == k for row in graph.indices)


def overlap(a: NeighborGraph, b: NeighborGraph) -> float:
    same = a.indices[:, :, None] == b.indices[:, None, :]
    return float(same.any(axis=2).mean())


def gaussian(n: int, n_dims: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal((n, n_dims), dtype=np.float32)


def small_blocks(monkeypatch: pytest.MonkeyPatch, size: int = 64) -> None:
    for module in (_exact, _scan, _search):
        monkeypatch.setattr(module, "BLOCK", size)


def test_the_door_is_exact() -> None:
    assert neighbors.__all__ == [
        "WORKPLACE_FILES",
        "ApproximateGraph",
        "Recall",
        "approximate",
        "check_affordable",
        "likely_near",
        "nearest_neighbors",
        "neighbors_of",
        "neighbors_within",
        "prefers_approximate",
        "restrict",
    ]


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", [1, 7, 299])
def test_neighbors_equal_brute_force(metric: Metric, k: int) -> None:
    vectors = gaussian(300, 20)
    graph = nearest_neighbors(vectors, k=k, metric=metric)
    np.testing.assert_array_equal(graph.indices, exact_indices(vectors, k, metric))
    assert graph.indices.dtype == np.int32
    assert graph.distances.dtype == np.float32
    assert (graph.metric, graph.recall) == (metric, 1.0)
    assert_nearest(graph, vectors, k)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), n=st.integers(2, 140), n_dims=st.integers(1, 20), levels=st.integers(1, 4))
def test_ties_of_whole_numbers_come_in_order_of_row(
    data: st.DataObject, n: int, n_dims: int, levels: int
) -> None:
    k = data.draw(st.integers(1, n - 1))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    dtype = data.draw(st.sampled_from([np.float32, np.float16, np.uint8]))
    vectors = rng.integers(0, levels + 1, (n, n_dims)).astype(dtype)
    with pytest.MonkeyPatch.context() as patch:
        small_blocks(patch, data.draw(st.sampled_from([16, 64, 2048])))
        graph = nearest_neighbors(vectors, k=k, metric="euclidean")
    np.testing.assert_array_equal(graph.indices, exact_indices(vectors, k))


@pytest.mark.parametrize("metric", METRICS)
def test_copies_list_each_other_in_order_and_never_themselves(metric: Metric) -> None:
    vectors = np.repeat(gaussian(30, 12), 10, axis=0)[np.random.default_rng(3).permutation(300)]
    graph = nearest_neighbors(vectors, k=9, metric=metric)
    for row in range(300):
        copies = np.flatnonzero((vectors == vectors[row]).all(axis=1))
        assert graph.indices[row].tolist() == [int(i) for i in copies if i != row]
    assert not graph.distances.any()


@pytest.mark.parametrize("metric", METRICS)
def test_more_copies_than_neighbors_are_cut_by_row(
    metric: Metric, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_blocks(monkeypatch)
    graph = nearest_neighbors(np.repeat(gaussian(2, 33), 250, axis=0), k=20, metric=metric)
    assert graph.indices[400].tolist() == list(range(250, 270))
    assert graph.indices[5].tolist() == [i for i in range(21) if i != 5]


def test_parallel_rows_are_copies_under_cosine() -> None:
    vectors = gaussian(40, 24)
    graph = nearest_neighbors(np.concatenate([vectors, 3 * vectors]), k=1, metric="cosine")
    np.testing.assert_array_equal(graph.indices[:, 0], np.r_[40:80, 0:40])
    np.testing.assert_allclose(graph.distances, 0, atol=1e-14)


@pytest.mark.parametrize("metric", METRICS)
def test_two_items_are_each_others_neighbor(metric: Metric) -> None:
    graph = nearest_neighbors(np.array([[3, 0], [0, 4]], np.float32), k=1, metric=metric)
    assert graph.indices.tolist() == [[1], [0]]
    np.testing.assert_allclose(graph.distances, 1.0 if metric == "cosine" else 5.0, rtol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("offset", [50.0, 5e4])
def test_euclidean_neighbors_survive_a_large_common_offset(offset: float) -> None:
    vectors = (gaussian(400, 32) * 0.1 + offset).astype(np.float32)
    graph = nearest_neighbors(vectors, k=15, metric="euclidean")
    np.testing.assert_array_equal(graph.indices, exact_indices(vectors, 15))
    np.testing.assert_allclose(
        graph.distances, np.sort(exact_distances(vectors, "euclidean"), axis=1)[:, :15], rtol=1e-6
    )


def test_euclidean_neighbors_survive_tight_clusters_far_apart() -> None:
    near = gaussian(200, 16) * 1e-5
    vectors = np.concatenate([near, near[::-1] + 10]).astype(np.float32)
    graph = nearest_neighbors(vectors, k=5, metric="euclidean")
    np.testing.assert_array_equal(graph.indices, exact_indices(vectors, 5))


def test_small_cosine_distances_are_not_lost() -> None:
    angles = np.linspace(0, 1e-3, 50)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    graph = nearest_neighbors(vectors, k=1, metric="cosine")
    expected = 1 - np.cos(np.longdouble(1e-3) / 49)
    np.testing.assert_allclose(graph.distances, float(expected), rtol=0.02)


@pytest.mark.parametrize("scale", [1e-18, 2.0**-40, 1e18])
def test_neighbors_ignore_scale(scale: float) -> None:
    vectors = gaussian(200, 24)
    for metric in METRICS:
        graph = nearest_neighbors(vectors, k=10, metric=metric)
        scaled = nearest_neighbors(vectors * np.float32(scale), k=10, metric=metric)
        np.testing.assert_array_equal(scaled.indices, graph.indices)
        factor = scale if metric == "euclidean" else 1.0
        np.testing.assert_allclose(scaled.distances / factor, graph.distances, rtol=1e-5)


def test_one_far_row_does_not_disturb_the_others() -> None:
    vectors = gaussian(300, 16)
    vectors[7] = 1e6
    graph = nearest_neighbors(vectors, k=10, metric="euclidean")
    np.testing.assert_array_equal(graph.indices, exact_indices(vectors, 10))


@pytest.mark.parametrize("metric", METRICS)
def test_any_number_of_threads_and_any_blocks_give_the_same(
    metric: Metric, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = np.concatenate([gaussian(500, 20), np.repeat(gaussian(3, 20, seed=5), 90, axis=0)])
    graphs = []
    for threads, block in [(1, 2048), (2, 100), (5, 333)]:
        monkeypatch.setenv("EMBLINK_THREADS", str(threads))
        small_blocks(monkeypatch, block)
        graphs.append(nearest_neighbors(vectors, k=30, metric=metric))
    for graph in graphs[1:]:
        np.testing.assert_array_equal(graph.indices, graphs[0].indices)
        np.testing.assert_array_equal(graph.distances, graphs[0].distances)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ">f4"])
def test_a_memory_map_of_any_float_is_as_good_as_an_array(
    metric: Metric, dtype: Any, tmp_path: Path
) -> None:
    vectors = gaussian(150, 11).astype(dtype)
    np.save(tmp_path / "v.npy", vectors)
    mapped = np.load(tmp_path / "v.npy", mmap_mode="r")
    graph = nearest_neighbors(mapped, k=12, metric=metric)
    np.testing.assert_array_equal(graph.indices, exact_indices(vectors, 12, metric))
    fortran = nearest_neighbors(np.asfortranarray(vectors), k=12, metric=metric)
    np.testing.assert_array_equal(fortran.indices, graph.indices)


@pytest.mark.parametrize("metric", METRICS)
def test_queries_get_the_lists_of_the_whole_graph(
    metric: Metric, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_blocks(monkeypatch)
    vectors = np.concatenate([gaussian(250, 9), np.ones((60, 9), np.float32)])
    whole = nearest_neighbors(vectors, k=20, metric=metric)
    queries = np.random.default_rng(1).permutation(310)[:100]
    some = nearest_neighbors(vectors, k=20, metric=metric, queries=queries)
    np.testing.assert_array_equal(some.indices, whole.indices[queries])
    np.testing.assert_array_equal(some.distances, whole.distances[queries])
    none = nearest_neighbors(vectors, k=20, metric=metric, queries=queries[:0])
    assert none.indices.shape == (0, 20)


def test_progress_counts_up_to_its_total(monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)
    seen: list[tuple[int, int]] = []

    def watch(done: int, total: int) -> None:
        seen.append((done, total))

    for queries, total in [(None, 10), (np.arange(70), 8)]:
        seen.clear()
        nearest_neighbors(gaussian(200, 4), k=3, queries=queries, progress=watch)
        assert seen[: total + 1] == [(done, total) for done in range(total + 1)]
        assert set(seen[total:]) == {(total, total)}


@pytest.mark.parametrize(("last", "where"), [(1, "0 of 1"), (2, "1 of 1")])
def test_raising_from_progress_cancels(last: int, where: str) -> None:
    calls: list[int] = []

    def cancel(done: int, total: int) -> None:
        calls.append(done)
        if len(calls) == last:
            raise InterruptedError(f"{done} of {total}")

    with pytest.raises(InterruptedError, match=where):
        nearest_neighbors(gaussian(20, 4), k=3, progress=cancel)


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        (np.zeros(5, np.float32), r"shape \(5,\); expected \(n_items, n_dims\)"),
        (np.zeros((5, 0), np.float32), r"shape \(5, 0\)"),
        (np.ones((1, 3), np.float32), "have 1 row.*at least 2"),
        (np.ones((0, 3), np.float32), "have 0 row.*at least 2"),
        (np.array([[1, 2], [1, np.nan], [np.inf, 1]], np.float32), r"2 row.*NaN.*first: row 1"),
        (np.array([[1.0, 2.0], [1e50, 2.0]]), r"1 row.*too large.*first: row 1"),
        (np.array([[1, 2], [1, 3], [0, 0]], np.float32), r"1 row.*only zeros.*first: row 2"),
    ],
)
def test_unusable_vectors_are_refused_by_row(vectors: Vectors, message: str) -> None:
    with pytest.raises(VectorError, match=message):
        nearest_neighbors(vectors, k=1)


def test_a_zero_row_is_a_point_like_others_under_euclidean() -> None:
    vectors = np.array([[1, 0], [0, 0], [3, 0]], np.float32)
    assert nearest_neighbors(vectors, k=1, metric="euclidean").indices.tolist() == [[1], [0], [0]]


@pytest.mark.parametrize("k", [0, 10])
def test_k_out_of_range_says_what_is_possible(k: int) -> None:
    with pytest.raises(InputError, match=f"k={k} neighbours asked of 10 items.*from 1 to 9"):
        nearest_neighbors(gaussian(10, 3), k=k)


def test_unknown_metric_and_queries_out_of_range_are_refused() -> None:
    with pytest.raises(InputError, match="metric is 'dot'; expected 'cosine' or 'euclidean'"):
        nearest_neighbors(gaussian(10, 3), k=1, metric="dot")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"queries must be .* from 0 to 9"):
        nearest_neighbors(gaussian(10, 3), k=1, queries=np.array([10]))


def test_beyond_the_budget_is_refused_before_any_work() -> None:
    huge = np.broadcast_to(np.float32(1), (1_000_000, 768))
    with pytest.raises(TooLargeError, match=r"131 minutes.*limit is 10.*sample"):
        nearest_neighbors(huge, k=10)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), metric=st.sampled_from(METRICS), whole=st.booleans())
def test_restricting_equals_starting_over(data: st.DataObject, metric: Metric, whole: bool) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    n = data.draw(st.integers(4, 120))
    vectors = gaussian(n, 6, seed=int(rng.integers(1000)))
    if whole and metric == "euclidean":
        vectors = rng.integers(0, 3, (n, 4)).astype(np.float32)
    graph = nearest_neighbors(vectors, k=data.draw(st.integers(1, n - 1)), metric=metric)
    rows = rng.permutation(n)[: data.draw(st.integers(2, n))]
    if data.draw(st.booleans()):
        rows.sort()
    k = data.draw(st.integers(1, rows.size - 1))
    again = nearest_neighbors(vectors[rows], k=k, metric=metric)
    part = restrict(graph, vectors, rows, k=k)
    np.testing.assert_allclose(part.distances, again.distances, rtol=1e-5, atol=1e-6)
    if whole and metric == "euclidean":
        np.testing.assert_array_equal(part.indices, again.indices)
    else:  # near-ties may stand either way, but each neighbour is as far as is said
        chosen = vectors[rows].astype(np.float64)
        if metric == "cosine":
            chosen /= np.linalg.norm(chosen, axis=1, keepdims=True)
        apart = np.linalg.norm(chosen[:, None] - chosen[part.indices], axis=2)
        true = apart if metric == "euclidean" else apart**2 / 2
        np.testing.assert_allclose(part.distances, true, rtol=1e-5, atol=1e-6)
        assert all(len({*row}) == k for row in part.indices.tolist())
    assert part.metric == metric


def test_restricting_computes_only_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = gaussian(400, 8)
    graph = nearest_neighbors(vectors, k=60)
    rows = np.arange(0, 400, 2)
    asked: list[int] = []

    def spy(*args: Any, **options: Any) -> NeighborGraph:
        asked.append(len(options["queries"]))
        return nearest_neighbors(*args, **options)

    monkeypatch.setattr("emblink.neighbors._restrict.nearest_neighbors", spy)
    restrict(graph, vectors, rows, k=5)
    assert asked == []
    restrict(graph, vectors, rows, k=25)
    survivors = (graph.indices[rows] % 2 == 0).sum(axis=1)
    assert 0 < asked[0] <= np.count_nonzero(survivors <= 25)


def test_restrict_refuses_what_does_not_fit() -> None:
    vectors = gaussian(20, 3)
    graph = nearest_neighbors(vectors, k=5)
    with pytest.raises(GraphMismatchError, match="covers 20 items and the vectors 19"):
        restrict(graph, vectors[1:], np.arange(5), k=2)
    with pytest.raises(InputError, match="rows name an item twice"):
        restrict(graph, vectors, np.array([1, 2, 1]), k=1)
    with pytest.raises(InputError, match=r"rows must be .* from 0 to 19"):
        restrict(graph, vectors, np.array([1, 20]), k=1)
    with pytest.raises(InputError, match=r"k=5 neighbours asked of 5 rows.*from 1 to 4"):
        restrict(graph, vectors, np.arange(5), k=5)


def check_overlaps(spaces: dict[str, Vectors], published: dict[str, float], metric: Metric) -> int:
    graphs = {
        name: nearest_neighbors(np.asarray(vectors, dtype=np.float32), k=10, metric=metric)
        for name, vectors in spaces.items()
    }
    pairs = [pair for pair in combinations(spaces, 2) if "|".join(pair) in published]
    for a, b in pairs:
        assert overlap(graphs[a], graphs[b]) == pytest.approx(published[f"{a}|{b}"], abs=0.002)
    return len(pairs)


def published_overlaps(name: str) -> dict[str, float]:
    overlaps: dict[str, float] = json.loads((DATA / f"{name}.json").read_text())["overlap"]
    return overlaps


@pytest.mark.slow
def test_mnist_overlaps_are_the_published_ones() -> None:
    with np.load(DATA / "mnist_cnn.npz") as file:
        spaces = {key[7:]: file[key] for key in file.files if key.startswith("space__")}
    published = published_overlaps("mnist_cnn")
    assert check_overlaps(spaces, published, "cosine") == len(published) == 105


@pytest.mark.slow
def test_digits_overlaps_are_the_published_ones() -> None:
    load_digits: Callable[..., Any] = import_module("sklearn.datasets").load_digits
    decomposition = import_module("sklearn.decomposition")
    lda = import_module("sklearn.discriminant_analysis").LinearDiscriminantAnalysis
    pixels, label = load_digits(return_X_y=True)
    rotation = np.linalg.qr(np.random.default_rng(0).standard_normal((64, 64)))[0]
    spaces = {
        "pixels64": pixels,
        "pca10": decomposition.PCA(10, random_state=0).fit_transform(pixels),
        "nmf16": decomposition.NMF(16, random_state=0, max_iter=500).fit_transform(pixels),
        "lda9": lda().fit_transform(pixels, label),
        "rotated_scaled": 3 * pixels @ rotation,
        "row_permuted": np.random.default_rng(0).permutation(pixels),
    }
    published = published_overlaps("digits_recipe")
    assert check_overlaps(spaces, published, "euclidean") == len(published) == 15
