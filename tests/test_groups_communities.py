"""Communities of strayed items: who is joined, and which pieces are one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.groups._communities import JOINS, SMALLEST, Communities, communities, joined, linked
from tests.measures_helpers import random_lists

SIZE, K = 20, 6


def blocks(n_blocks: int, *, seed: int = 0) -> NDArray[np.int32]:
    """Lists within blocks of twenty items."""
    parts = [random_lists(SIZE, K, seed=seed + at) + SIZE * at for at in range(n_blocks)]
    return np.concatenate(parts).astype(np.int32)


def ways(*angles: float) -> NDArray[np.float32]:
    """Unit vectors, twenty for each angle in degrees."""
    turned = np.deg2rad(np.repeat(angles, SIZE))
    return np.column_stack([np.cos(turned), np.sin(turned)]).astype(np.float32)


def item_evidence(n: int, *, value: float = 3.0) -> NDArray[np.float32]:
    return np.full(n, value, dtype=np.float32)


def members(found: Communities) -> set[frozenset[int]]:
    return {
        frozenset(found.rows[found.codes == code].tolist()) for code in range(len(found.masses))
    }


def test_blocks_without_links_are_communities_of_their_own() -> None:
    lists = (blocks(3), blocks(3, seed=9))
    found = communities(item_evidence(60), ways(0, 0, 0), lists)
    assert members(found) == {frozenset(range(at, at + SIZE)) for at in (0, 20, 40)}
    assert found.sizes.tolist() == [SIZE] * 3
    np.testing.assert_allclose(found.masses, SIZE * (3 - JOINS))
    assert found.heaviest == SIZE * (3 - JOINS)


def test_only_items_above_the_threshold_take_part() -> None:
    lists = (blocks(2), blocks(2, seed=9))
    evidence = item_evidence(40)
    evidence[[3, 25]] = [JOINS, -4]
    found = communities(evidence, ways(0, 0), lists)
    assert set(found.rows.tolist()) == set(range(40)) - {3, 25}


def test_only_items_among_those_asked_for_take_part() -> None:
    lists = (blocks(2), blocks(2, seed=9))
    among = np.arange(40) >= 20
    found = communities(item_evidence(40), ways(0, 0), lists, among=among)
    assert members(found) == {frozenset(range(20, 40))}


def test_neighbours_that_went_other_ways_are_told_apart() -> None:
    a, b = random_lists(40, K, seed=0), random_lists(40, K, seed=1)
    both = communities(item_evidence(40), ways(0, 180), (a, b))
    assert all(one <= {*range(20)} or one <= {*range(20, 40)} for one in members(both))
    assert len(members(communities(item_evidence(40), ways(0, 0), (a, b)))) == 1
    assert len(members(communities(item_evidence(40), None, (a, b)))) == 1


def test_dealt_directions_are_those_of_other_items() -> None:
    a, b = random_lists(40, K, seed=0), random_lists(40, K, seed=1)
    order = np.random.default_rng(0).permutation(40)
    permuted = communities(item_evidence(40), ways(0, 180), (a, b), permuted=order)
    expected = communities(item_evidence(40), ways(0, 180)[order], (a, b))
    np.testing.assert_array_equal(permuted.codes, expected.codes)


def fan(*angles: float) -> NDArray[np.float32]:
    turned = np.deg2rad(angles)
    return np.column_stack([np.cos(turned), np.sin(turned)]).astype(np.float32)


def test_a_link_weighs_the_lists_that_hold_it_where_both_agree_as_their_surroundings_do() -> None:
    # A pair in all four lists: coherence is its cosine, the same for both, where it is above 0.
    lists = np.array([[1], [0]], dtype=np.int32)
    for angle, expected in ((0, 4), (60, 4), (90, 4), (120, 4 * 0.5**6), (180, 0)):
        arcs, weights = linked(np.arange(2), fan(0, angle), (lists, lists))
        assert arcs.counts.tolist() == [4, 4]
        np.testing.assert_allclose(weights, expected, atol=1e-5)
    np.testing.assert_array_equal(linked(np.arange(2), None, (lists, lists))[1], 4)


def test_a_link_weighs_less_by_what_it_lacks_of_the_coherence_of_both_and_by_their_difference() -> (
    None
):
    # A chain: the first two went one way, the third at right angles to it.
    lists = np.array([[1], [2], [1]], dtype=np.int32)
    arcs, weights = linked(np.arange(3), fan(0, 0, 90), (lists, lists))
    assert (arcs.others.tolist(), arcs.counts.tolist()) == ([1, 0, 2, 1], [2, 2, 4, 4])
    middle = 2 / 6  # of two of six links the cosine is 1, of four 0
    like, unlike = 2 * (1 - (1 - middle)) ** 3, 4 * ((1 - middle / 2) ** 2 * (1 - middle)) ** 3
    np.testing.assert_allclose(weights, [like, like, unlike, unlike], rtol=1e-5)


def test_no_weight_is_negative_where_residuals_are_alike_to_rounding() -> None:
    a, b = random_lists(300, K, seed=0), random_lists(300, K, seed=1)
    rng = np.random.default_rng(0)
    for spread in (0, 1e-7, 1e-3, 1.0, 100.0):
        ways = 1 + spread * rng.normal(size=(300, 5))
        ways /= np.linalg.norm(ways, axis=1, keepdims=True)
        _, weights = linked(np.arange(300), ways.astype(np.float32), (a, b))
        assert 0 <= weights.min() <= weights.max() <= 4


def test_nobody_strayed_is_no_community() -> None:
    lists = (blocks(2), blocks(2))
    found = communities(item_evidence(40, value=0.5), ways(0, 0), lists)
    assert found.heaviest == 0
    assert found.masses.shape == found.sizes.shape == (0,)
    assert joined(found, item_evidence(40), ways(0, 0), over=0.0) is found


def test_the_heaviest_is_of_communities_large_enough() -> None:
    lists = (blocks(2), blocks(2, seed=9))
    evidence = item_evidence(40)
    evidence[SMALLEST - 1 : SIZE] = 0
    evidence[: SMALLEST - 1] = 8
    evidence[SIZE:] = 2
    assert communities(evidence, None, lists).heaviest == pytest.approx(SIZE * (2 - JOINS))


def test_communities_are_the_same_again_and_with_other_names_of_directions() -> None:
    a, b = random_lists(200, K, seed=0), random_lists(200, K, seed=1)
    rng = np.random.default_rng(0)
    directions = rng.normal(size=(200, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    evidence = rng.uniform(0, 4, size=200).astype(np.float32)
    made = [communities(evidence, directions.astype(np.float32), (a, b), seed=3) for _ in range(2)]
    assert made[0].codes.tobytes() == made[1].codes.tobytes()
    mirrored = communities(evidence, -directions.astype(np.float32), (a, b), seed=3)
    assert members(mirrored) == members(made[0])


def test_communities_are_the_same_for_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a, b = random_lists(700, K, seed=0), random_lists(700, K, seed=1)
    directions = np.random.default_rng(0).normal(size=(700, 3)).astype(np.float32)
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        found = communities(item_evidence(700), directions, (a, b))
        results.append(found.codes.tobytes() + found.masses.tobytes())
    assert len({*results}) == 1


def test_pieces_that_went_the_same_way_as_a_whole_are_one_change() -> None:
    lists = (blocks(3), blocks(3, seed=9))
    residuals = 2 * ways(0, 10, 90)
    found = communities(item_evidence(60), ways(0, 10, 90), lists)
    one = joined(found, item_evidence(60), residuals, over=1.0)
    assert members(one) == {frozenset(range(40)), frozenset(range(40, 60))}
    assert sorted(one.masses.tolist()) == pytest.approx([40, 80])


def test_pieces_that_went_as_far_again_are_another_change() -> None:
    lists = (blocks(2), blocks(2, seed=9))
    found = communities(item_evidence(40), ways(0, 0), lists)
    residuals = ways(0, 0)
    residuals[SIZE:] *= 2
    assert joined(found, item_evidence(40), residuals, over=1.0) is found
    residuals[SIZE:] *= np.float32(0.7)
    assert len(members(joined(found, item_evidence(40), residuals, over=1.0))) == 1


def test_light_pieces_are_not_joined() -> None:
    lists = (blocks(2), blocks(2, seed=9))
    found = communities(item_evidence(40), ways(0, 0), lists)
    assert joined(found, item_evidence(40), ways(0, 0), over=41.0) is found


def test_pieces_of_no_one_way_are_not_joined() -> None:
    lists = (blocks(2), blocks(2, seed=9))
    found = communities(item_evidence(40), None, lists)
    residuals = np.random.default_rng(0).normal(size=(40, 9)).astype(np.float32)
    assert joined(found, item_evidence(40), residuals, over=1.0) is found


def test_what_scattered_is_one_community_though_no_two_of_it_went_the_same_way() -> None:
    rng = np.random.default_rng(0)
    ways = rng.normal(size=(400, 20))
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    lists = random_lists(400, 30, seed=0), random_lists(400, 30, seed=1)
    assert communities(item_evidence(400), ways.astype(np.float32), lists).sizes.tolist() == [400]


@pytest.mark.parametrize("angle", [90, 120, 180])
def test_what_went_one_way_is_told_from_its_neighbours_that_went_another(angle: float) -> None:
    # Neighbours all over before; apart since.
    before = random_lists(2 * SIZE, K, seed=0)
    found = communities(item_evidence(2 * SIZE), ways(0, angle), (before, blocks(2, seed=3)))
    assert members(found) == {frozenset(range(SIZE)), frozenset(range(SIZE, 2 * SIZE))}


def test_communities_are_those_of_the_kernel_whatever_the_seed_where_they_are_clear() -> None:
    lists = blocks(5), blocks(5, seed=9)
    found = [communities(item_evidence(5 * SIZE), None, lists, seed=seed) for seed in range(6)]
    assert {one.codes.tobytes() for one in found} == {np.repeat(np.arange(5), SIZE).tobytes()}
