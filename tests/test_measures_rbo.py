from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emblink.errors import GraphMismatchError, InputError
from emblink.measures import (
    chance_rank_biased_overlap,
    hub_chance_rank_biased_overlap,
    list_rank_biased_overlap,
    rank_biased_overlap,
    rbo_weight,
)
from emblink.stats import standard_error
from tests.measures_helpers import graph_of, random_lists, renumbered

# By the PyPI package rbo 0.1.3, whose requirement numpy < 2 keeps it out of the test extra.
PUBLISHED = [
    ("abcdefg", "bacdfeg", 0.9, 0.886878),
    ("abcdefghij", "jihgfedcba", 0.9, 0.511607566),
    ("abcde", "vwxyz", 0.98, 0.0),
    ("abcde", "aexyb", 0.5, 0.719791667),
    ("abcdefghij", "acxbyzwdie", 0.98, 0.602806609),
]
WEIGHTS = [(0.9, 10, 0.855585), (0.98, 50, 0.852234), (0.5, 1, 0.693147), (0.7, 5, 0.941217)]


def literal(a: list[int], b: list[int], p: float) -> float:
    """Equation 32 for lists of one length, word for word."""
    depth = len(a)
    share = [len({*a[:d]} & {*b[:d]}) / d for d in range(1, depth + 1)]
    total = sum(agreed * p**d for d, agreed in enumerate(share, start=1))
    return share[-1] * p**depth + (1 - p) / p * total


@pytest.mark.parametrize(("first", "second", "p", "expected"), PUBLISHED)
def test_published_rank_biased_overlaps(first: str, second: str, p: float, expected: float) -> None:
    assert list_rank_biased_overlap(first, second, p=p) == pytest.approx(expected, abs=1e-8)
    assert list_rank_biased_overlap(second, first, p=p) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(("p", "depth", "expected"), WEIGHTS)
def test_published_weights_of_the_first_ranks(p: float, depth: int, expected: float) -> None:
    assert rbo_weight(p, depth) == pytest.approx(expected, abs=5e-7)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9, 0.98])
def test_weight_of_the_first_ranks_is_the_sum_of_their_shares(p: float) -> None:
    """Rank r takes part in every depth from r on, by a d-th each: summed far enough."""
    depths = np.arange(1, 5_000, dtype=np.float64)
    terms = (1 - p) * p ** (depths - 1)
    for depth in (1, 2, 7, 60):
        share = (terms * np.minimum(depth, depths) / depths).sum()
        assert rbo_weight(p, depth) == pytest.approx(share, abs=1e-9)


@given(st.integers(0, 10_000), st.integers(1, 12), st.floats(0.05, 0.99))
def test_rank_biased_overlap_of_graphs_is_that_of_their_lists(
    seed: int, depth: int, p: float
) -> None:
    a, b = random_lists(25, 12, seed=seed), random_lists(25, 12, seed=seed + 1)
    found = rank_biased_overlap(graph_of(a), graph_of(b), p=p, depth=depth)
    expected = [
        literal(x[:depth], y[:depth], p) for x, y in zip(a.tolist(), b.tolist(), strict=True)
    ]
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


def test_rank_biased_overlap_is_one_for_the_same_order_and_zero_for_disjoint_lists() -> None:
    ring = np.arange(30)[:, None]
    near, far = graph_of((ring + np.arange(1, 6)) % 30), graph_of((ring + np.arange(6, 11)) % 30)
    np.testing.assert_allclose(rank_biased_overlap(near, near, depth=5), 1.0, rtol=1e-6)
    assert (rank_biased_overlap(near, far, depth=5) == 0.0).all()


def test_the_nearest_ranks_count_most() -> None:
    swapped = partial(list_rank_biased_overlap, "abcdef", p=0.9)
    assert swapped("bacdef") < swapped("acbdef") < swapped("abcdfe") < 1.0


def test_rank_biased_overlap_ignores_a_common_renumbering() -> None:
    a, b = (graph_of(random_lists(40, 12, seed=seed)) for seed in (1, 2))
    order = np.random.default_rng(0).permutation(40)
    found = rank_biased_overlap(renumbered(a, order), renumbered(b, order), depth=12)
    np.testing.assert_array_equal(found, rank_biased_overlap(a, b, depth=12)[order])


@pytest.mark.parametrize(("p", "depth"), [(0.9, 50), (0.98, 20), (0.5, 3)])
def test_random_lists_agree_by_chance(p: float, depth: int) -> None:
    a, b = (graph_of(random_lists(800, 50, seed=seed)) for seed in (1, 2))
    found = rank_biased_overlap(a, b, p=p, depth=depth)
    chance = chance_rank_biased_overlap(800, p=p, depth=depth)
    assert chance == pytest.approx(sum(p**d for d in range(depth)) / 799)
    assert abs(found.mean() - chance) < 3 * standard_error(found)
    assert hub_chance_rank_biased_overlap(a, b, p=p, depth=depth) == pytest.approx(chance, rel=0.01)


def test_shuffled_lists_of_hub_heavy_spaces_agree_by_hub_chance() -> None:
    lists = random_lists(1000, 30, seed=5, pull=1.0)
    a, b = graph_of(lists), graph_of(np.random.default_rng(6).permutation(lists))
    found = rank_biased_overlap(a, b, depth=30)
    expected = hub_chance_rank_biased_overlap(a, b, depth=30)
    assert expected > 10 * chance_rank_biased_overlap(1000, depth=30)
    assert abs(found.mean() - expected) < 3 * standard_error(found)


def test_chance_of_all_ranks_is_that_of_two_random_orders() -> None:
    """All others listed: only the agreement before the end is left to chance."""
    ranks = np.arange(1, 5)
    expected = (0.1 * 0.9 ** (ranks - 1) * ranks / 4).sum() + 0.9**4
    assert chance_rank_biased_overlap(5, p=0.9, depth=4) == pytest.approx(expected)


@pytest.mark.parametrize("p", [0.0, 1.0, -0.5, float("nan")])
def test_a_chance_of_reading_on_out_of_range_is_refused(p: float) -> None:
    graph = graph_of(random_lists(20, 3, seed=0))
    for refused in (
        partial(rank_biased_overlap, graph, graph, depth=3),
        partial(rbo_weight, depth=3),
        partial(chance_rank_biased_overlap, 20, depth=3),
        partial(list_rank_biased_overlap, "ab", "ba"),
    ):
        with pytest.raises(InputError, match="between 0 and 1"):
            refused(p=p)


def test_more_ranks_than_held_are_refused() -> None:
    graph = graph_of(random_lists(20, 3, seed=0))
    with pytest.raises(GraphMismatchError, match="graphs hold 3"):
        rank_biased_overlap(graph, graph, depth=4)
    with pytest.raises(InputError, match="depth=0"):
        rank_biased_overlap(graph, graph, depth=0)


def test_lists_that_are_no_rankings_of_one_length_are_refused() -> None:
    with pytest.raises(InputError, match="hold 2 and 3 members"):
        list_rank_biased_overlap("ab", "abc")
    with pytest.raises(InputError, match="hold 0 and 0 members"):
        list_rank_biased_overlap("", "")
    with pytest.raises(InputError, match="second list names a member twice"):
        list_rank_biased_overlap("abc", "aba")
