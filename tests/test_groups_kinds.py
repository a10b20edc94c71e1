"""The figures of a group, and the word for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.groups._kinds import group_evidence, group_type, is_as_surrounded, spread_of
from emblink.kernels import list_ranks
from emblink.types import GroupEvidence
from tests.groups_helpers import rotation
from tests.measures_helpers import random_lists

N, K = 60, 5
MEMBERS = np.arange(6)
OTHERS = np.arange(6, N)
EVIDENCE: GroupEvidence = {
    "inner_a": 0.5,
    "inner_b": 0.5,
    "inner_chance": 0.1,
    "spread_a": 0.5,
    "spread_b": 0.5,
    "agreement": 0.0,
    "density_change": 0.0,
}
Lists = tuple[NDArray[np.int32], NDArray[np.int32]]


def lists_with(inner: int, *, others: NDArray[np.int64] = OTHERS) -> NDArray[np.int32]:
    """Lists in which each member has so many others of the six members."""
    lists = random_lists(N, K, seed=0)
    for member in MEMBERS:
        fellows = MEMBERS[member != MEMBERS][:inner]
        lists[member] = [*fellows, *others[: K - inner]]
    return lists


def points(seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(N, 4)).astype(np.float32)


def named(lists: Lists, places: NDArray[np.float32], **figures: float) -> str:
    evidence: Any = {**EVIDENCE, **figures}
    return group_type(evidence, MEMBERS, lists, places, spread=spread_of(places))


def figures(lists: Lists, both: tuple[Any, Any], **known: Any) -> GroupEvidence:
    spreads = spread_of(both[0]), spread_of(both[1])
    return group_evidence(MEMBERS, lists, both, spreads=spreads, **known)


def test_figures_are_those_of_the_definition() -> None:
    lists = (lists_with(4), lists_with(1))
    both = (points(), 3 * points())
    both[1][MEMBERS] *= 0.5
    ways = np.tile(np.array([0.6, 0.8], dtype=np.float32), (N, 1))
    change = np.arange(N, dtype=np.float32)
    found = figures(lists, both, residuals=ways, density_change=change)
    assert found["inner_a"] == pytest.approx(4 / 5)
    assert found["inner_b"] == pytest.approx(1 / 5)
    assert found["inner_chance"] == pytest.approx(5 / 59)
    own, everyone = (
        np.sqrt(((one - one.mean(axis=0)) ** 2).sum(axis=1).mean())
        for one in (both[0][MEMBERS], both[0])
    )
    assert found["spread_a"] == pytest.approx(own / everyone, rel=1e-5)
    assert found["spread_b"] < found["spread_a"]
    assert found["agreement"] == pytest.approx(1, rel=1e-6)
    assert found["density_change"] == 2.5


def test_agreement_is_the_mean_cosine_between_different_members() -> None:
    lists, ways = (lists_with(2), lists_with(2)), points(3)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    both = (points(), points(1))
    change = np.zeros(N, dtype=np.float32)
    found = figures(lists, both, residuals=ways, density_change=change)
    cosines = (ways @ ways.T)[np.ix_(MEMBERS, MEMBERS)]
    expected = cosines[~np.eye(6, dtype=bool)].mean()
    assert found["agreement"] == pytest.approx(expected, abs=1e-6)


def test_figures_ignore_rotation_scale_and_shift() -> None:
    lists, ways = (lists_with(4), lists_with(1)), points(3)
    both = (points(), points(1))
    change = np.zeros(N, dtype=np.float32)
    found = figures(lists, both, residuals=ways, density_change=change)
    turn = rotation(4)
    moved = tuple((5 * one @ turn + 2).astype(np.float32) for one in both)
    again = figures(
        lists,
        (moved[0], moved[1]),
        residuals=(ways @ turn).astype(np.float32),
        density_change=change,
    )
    assert again == pytest.approx(found, rel=1e-4, abs=1e-6)


def test_places_that_are_all_alike_have_no_spread() -> None:
    lists, same = (lists_with(4), lists_with(4)), np.zeros((N, 1), dtype=np.float32)
    none = np.zeros((N, 2), dtype=np.float32)
    found = figures(lists, (same, same), residuals=none, density_change=same[:, 0])
    assert (found["spread_a"], found["spread_b"]) == (0, 0)
    assert np.isfinite([*found.values()]).all()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"inner_a": 0.12, "inner_b": 0.8, "spread_a": 1.0, "spread_b": 0.2}, "gathered"),
        ({"inner_b": 0.12, "inner_a": 0.8, "spread_b": 1.0, "spread_a": 0.2}, "scattered"),
        ({"inner_a": 0.8, "inner_b": 0.5}, "merged"),
        ({"inner_a": 0.8, "inner_b": 0.12}, "merged"),
        ({"inner_a": 0.8, "inner_b": 0.7}, "moved"),
        ({"inner_a": 0.7, "inner_b": 0.8}, "moved"),
        ({"inner_a": 0.6, "inner_b": 0.45}, "moved"),
        ({"inner_a": 0.7, "inner_b": 0.45}, "merged"),
        ({"inner_a": 1.0, "inner_b": 0.85}, "merged"),
        ({"inner_a": 0.99, "inner_b": 0.95}, "carried"),
        ({"inner_a": 0.95, "inner_b": 0.99}, "carried"),
        ({"inner_a": 0.0, "inner_b": 0.0}, "moved"),
        ({"inner_a": 0.12, "inner_b": 0.14, "spread_a": 1.0, "spread_b": 0.2}, "moved"),
    ],
)
def test_the_type_is_read_from_the_figures(figures: dict[str, float], expected: str) -> None:
    lists = (lists_with(3), lists_with(3))
    assert named(lists, points(), **figures) == expected


@pytest.mark.parametrize(("inner_a", "inner_b"), [(0.2, 0.8), (0.7, 0.95), (0.85, 1.0)])
@pytest.mark.parametrize(("near", "expected"), [(True, "split"), (False, "moved")])
def test_who_parted_is_split_while_it_is_near_to_whom_it_left(
    near: bool, expected: str, inner_a: float, inner_b: float
) -> None:
    left = OTHERS[:10]
    lists = (lists_with(1, others=left), lists_with(4))
    places = points()
    places[MEMBERS] = places[left].mean(axis=0) + (0 if near else 20)
    assert named(lists, places, inner_a=inner_a, inner_b=inner_b) == expected


def test_a_group_that_left_nobody_is_not_split() -> None:
    lists = np.array([[(row + 1 + step) % 6 for step in range(5)] for row in range(6)])
    whole = (lists.astype(np.int32), lists.astype(np.int32))
    evidence: Any = {**EVIDENCE, "inner_a": 0.2, "inner_b": 0.9}
    places = points()[:6]
    assert group_type(evidence, MEMBERS, whole, places, spread=spread_of(places)) == "moved"


@pytest.mark.parametrize(
    ("inner", "stayed", "expected"),
    [
        ((2, 2), 1.0, True),
        ((2, 2), 0.5, True),
        ((2, 2), 0.0, False),
        ((4, 1), 1.0, False),
        ((1, 4), 1.0, False),
        ((5, 5), 1.0, True),
    ],
)
def test_a_group_with_the_neighbours_that_it_had_is_none(
    inner: tuple[int, int], stayed: float, expected: bool
) -> None:
    lists = (lists_with(inner[0]), lists_with(inner[1]))
    kept = np.ones((N, K), dtype=bool)
    kept[MEMBERS] = np.random.default_rng(0).permuted(
        np.tile(np.arange(K) < round(stayed * K), (6, 1)), axis=1
    )
    usual = float(kept.mean())
    found = is_as_surrounded(MEMBERS, lists, (kept, kept), usual=usual, residuals=points(3))
    assert found is expected


@pytest.mark.parametrize(
    ("stayed", "others", "expected"),
    [
        (0.6, 0.0, False),
        (0.6, 0.1, False),
        (0.6, 0.5, True),
        (1.0, 0.0, True),
        (1.0, 1.0, True),
        (0.2, 1.0, False),
    ],
)
def test_a_loose_group_that_went_one_way_alone_is_one_though_some_neighbours_stay(
    stayed: float, others: float, expected: bool
) -> None:
    lists = (lists_with(0), lists_with(0))
    kept = np.ones((N, K), dtype=bool)
    kept[MEMBERS] = np.arange(K) < round(stayed * K)
    residuals = 0.01 * points(3)
    residuals[MEMBERS, 0] += 5
    residuals[OTHERS, 0] += 5 * others
    found = is_as_surrounded(MEMBERS, lists, (kept, kept), usual=1.0, residuals=residuals)
    assert found is expected


def test_a_group_by_itself_is_as_surrounded_wherever_it_went() -> None:
    lists, kept = (lists_with(5), lists_with(5)), np.ones((N, K), dtype=bool)
    residuals = points(3)
    residuals[MEMBERS, 0] += 5.0
    assert is_as_surrounded(MEMBERS, lists, (kept, kept), usual=0.5, residuals=residuals)


def clusters_of(size: int, k: int, *, seed: int) -> Any:
    """Lists in which each member of a cluster has all others first, then strangers."""
    rng = np.random.default_rng(seed)
    lists = np.zeros((400, k), dtype=np.int32)
    for row in range(400):
        own = np.setdiff1d(np.arange(size), row) if row < size else np.arange(0)
        others = np.setdiff1d(np.arange(size, 400), row)
        lists[row] = np.r_[rng.permutation(own), rng.permutation(others)][:k]
    return lists


def test_a_cluster_smaller_than_its_lists_is_by_itself_though_strangers_fill_these_up() -> None:
    lists = clusters_of(12, 30, seed=0), clusters_of(12, 30, seed=1)
    kept = list_ranks(*lists) > 0, list_ranks(*lists[::-1]) > 0
    ways = np.tile(np.array([1.0, 0.0], dtype=np.float32), (400, 1))
    members = np.arange(12)
    assert is_as_surrounded(members, lists, kept, usual=0.9, residuals=ways)


def test_who_was_left_by_others_has_the_neighbours_that_it_had() -> None:
    before, after = clusters_of(80, 30, seed=0), clusters_of(40, 30, seed=0)
    kept = list_ranks(before, after) > 0, list_ranks(after, before) > 0
    ways = np.tile(np.array([1.0, 0.0], dtype=np.float32), (400, 1))
    stayed, went = np.arange(40), np.arange(40, 80)
    given: Any = {"usual": 0.9, "residuals": ways}
    assert not is_as_surrounded(stayed, (before, after), kept, **given)
    assert is_as_surrounded(stayed, (before, after), kept, gone=went, **given)
