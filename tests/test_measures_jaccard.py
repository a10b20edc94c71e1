import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emblink.errors import GraphMismatchError
from emblink.measures import chance_jaccard, jaccard_similarity, neighborhood_overlap
from emblink.stats import standard_error
from tests.measures_helpers import graph_of, random_lists, renumbered


@given(st.integers(0, 10_000), st.integers(1, 12))
def test_jaccard_equals_intersection_over_union_of_sets(seed: int, k: int) -> None:
    a, b = random_lists(25, 12, seed=seed), random_lists(25, 12, seed=seed + 1)
    pairs = [({*x[:k]}, {*y[:k]}) for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    expected = [len(x & y) / len(x | y) for x, y in pairs]
    found = jaccard_similarity(graph_of(a), graph_of(b), k=k)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_jaccard_is_a_function_of_the_overlap() -> None:
    a, b = (graph_of(random_lists(60, 10, seed=seed)) for seed in (1, 2))
    overlap = neighborhood_overlap(a, b, k=10)
    np.testing.assert_allclose(jaccard_similarity(a, b), overlap / (2 - overlap), rtol=1e-6)


def test_jaccard_ignores_a_common_renumbering() -> None:
    a, b = (graph_of(random_lists(40, 10, seed=seed)) for seed in (1, 2))
    order = np.random.default_rng(0).permutation(40)
    found = jaccard_similarity(renumbered(a, order), renumbered(b, order))
    np.testing.assert_array_equal(found, jaccard_similarity(a, b)[order])


def test_random_lists_are_similar_by_chance() -> None:
    a, b = (graph_of(random_lists(400, 20, seed=seed)) for seed in (1, 2))
    found = jaccard_similarity(a, b, k=20)
    assert abs(found.mean() - chance_jaccard(400, k=20)) < 3 * standard_error(found)


def test_chance_in_closed_form() -> None:
    """Of one neighbour each: the same or not; of all: always the same."""
    assert chance_jaccard(11, k=1) == pytest.approx(1 / 10)
    assert chance_jaccard(11, k=10) == pytest.approx(1.0)
    assert chance_jaccard(5, k=2) == pytest.approx(4 / 6 / 3 + 1 / 6)
    with pytest.raises(GraphMismatchError, match="choose k from 1 to 4"):
        chance_jaccard(5, k=5)


def test_neighbors_beyond_those_held_are_refused() -> None:
    graph = graph_of(random_lists(20, 3, seed=0))
    with pytest.raises(GraphMismatchError, match="graphs hold 3"):
        jaccard_similarity(graph, graph, k=4)
