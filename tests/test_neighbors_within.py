import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emblink.errors import GraphMismatchError, InputError
from emblink.neighbors import nearest_neighbors, neighbors_within
from emblink.types import FloatArray, IntArray, Metric, NeighborGraph


def oracle(x: FloatArray, codes: IntArray, k: int, metric: Metric) -> NeighborGraph:
    """The first k of each full list that carry the item's label."""
    whole = nearest_neighbors(x, k=len(x) - 1, metric=metric)
    indices = np.full((len(x), k), -1, dtype=np.int32)
    distances = np.full((len(x), k), np.inf, dtype=np.float32)
    for item in np.flatnonzero(codes >= 0):
        own = np.flatnonzero(codes[whole.indices[item]] == codes[item])[:k]
        indices[item, : own.size] = whole.indices[item, own]
        distances[item, : own.size] = whole.distances[item, own]
    return NeighborGraph(indices, distances, metric)


def same(found: NeighborGraph, expected: NeighborGraph) -> None:
    np.testing.assert_array_equal(found.indices, expected.indices)
    np.testing.assert_allclose(found.distances, expected.distances, rtol=1e-5)
    assert found.metric == expected.metric


@pytest.mark.slow
@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 12), st.sampled_from(["cosine", "euclidean"]))
def test_neighbors_within_labels_equal_the_filtered_full_lists(
    seed: int, k: int, metric: Metric
) -> None:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((60, 5)).astype(np.float32)
    codes = rng.integers(-1, 6, size=60) ** 2
    codes[rng.random(60) < 0.1] = -1
    expected = oracle(x, codes, k, metric)
    same(neighbors_within(x, codes, k=k, metric=metric), expected)
    for stored in (k, 20, 59):
        graph = nearest_neighbors(x, k=stored, metric=metric)
        same(neighbors_within(x, codes, k=k, metric=metric, graph=graph), expected)


def test_copies_at_the_end_of_a_stored_list_are_ordered_by_row() -> None:
    """On a grid many distances tie with the last stored one: such lists are found again."""
    x = np.random.default_rng(0).integers(0, 3, size=(80, 2)).astype(np.float32)
    codes = np.arange(80) % 2
    graph = nearest_neighbors(x, k=12, metric="euclidean")
    found = neighbors_within(x, codes, k=5, metric="euclidean", graph=graph)
    same(found, oracle(x, codes, 5, "euclidean"))


def test_of_large_labels_the_same_sample_is_asked_in_every_space() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((2, 90, 4)).astype(np.float32)
    codes = np.array([0] * 50 + [1] * 40)
    lists = [
        neighbors_within(x, codes, k=5, large=45, queries=8),
        neighbors_within(y, codes, k=5, large=45, queries=8, graph=nearest_neighbors(y, k=30)),
    ]
    asked = [graph.indices[:, 0] >= 0 for graph in lists]
    assert (asked[0] == asked[1]).all()
    assert asked[0][:50].sum() == 8
    assert asked[0][50:].all()
    everything = neighbors_within(x, codes, k=5)
    np.testing.assert_array_equal(lists[0].indices[asked[0]], everything.indices[asked[0]])
    other = neighbors_within(x, codes, k=5, large=45, queries=8, seed=1)
    assert (other.indices[:, 0] >= 0).tolist() != asked[0].tolist()


def test_items_without_company_have_no_neighbors() -> None:
    x = np.eye(4, dtype=np.float32)
    found = neighbors_within(x, np.array([-1, 0, -1, 1]), k=2)
    assert (found.indices == -1).all()
    assert np.isinf(found.distances).all()


def test_progress_counts_labels() -> None:
    seen: list[tuple[int, int]] = []
    x = np.random.default_rng(0).standard_normal((30, 3))
    neighbors_within(
        x, np.arange(30) % 3, k=2, progress=lambda done, total: seen.append((done, total))
    )
    assert seen[0] == (0, 3)
    assert seen[-1] == (3, 3)
    assert seen == sorted(seen)


def test_what_does_not_fit_is_refused() -> None:
    x = np.random.default_rng(0).standard_normal((20, 3)).astype(np.float32)
    codes = np.zeros(20, dtype=np.int64)
    with pytest.raises(GraphMismatchError, match="give one code a vector"):
        neighbors_within(x, codes[:5], k=2)
    with pytest.raises(GraphMismatchError, match="covers 10 items and the vectors 20"):
        neighbors_within(x, codes, k=2, graph=nearest_neighbors(x[:10], k=3))
    with pytest.raises(GraphMismatchError, match="'cosine' and 'euclidean' is asked for"):
        neighbors_within(x, codes, k=2, metric="euclidean", graph=nearest_neighbors(x, k=3))
    with pytest.raises(InputError, match="at least 1"):
        neighbors_within(x, codes, k=0)
