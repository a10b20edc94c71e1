from typing import Any

import numpy as np
import pytest

from emblink.groups._enrich import Category, category_of
from emblink.groups._shifts import changed_neighbors, neighbor_shifts
from tests.measures_helpers import graph_of, random_lists


def label(values: Any) -> Category:
    return category_of("label", np.array(values, dtype=np.dtypes.StringDType()), is_label=True)


def test_shares_are_of_the_neighbours_that_are_no_members() -> None:
    # Members 0 and 1 list each other, and go from two cats to a cat and a dog.
    a = graph_of([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], [5, 0, 1], [4, 0, 1]])
    b = graph_of([[1, 2, 4], [0, 2, 4], [0, 1, 3], [0, 1, 2], [5, 0, 1], [4, 0, 1]])
    shifts = neighbor_shifts(np.array([0, 1]), (a, b), label(["", "", "cat", "cat", "dog", "dog"]))
    assert shifts == [
        {"label": "cat", "share_a": 1.0, "share_b": 0.5, "chance": pytest.approx(1 / 3)},
        {"label": "dog", "share_a": 0.0, "share_b": 0.5, "chance": pytest.approx(1 / 3)},
    ]


def test_members_count_where_there_are_hardly_others() -> None:
    a = graph_of([[3, 4], [3, 4], [3, 4], [0, 1], [0, 1]])
    b = graph_of([[1, 2], [0, 2], [0, 1], [0, 1], [0, 1]])
    shifts = neighbor_shifts(np.array([0, 1, 2]), (a, b), label(["in"] * 3 + ["out"] * 2))
    assert [(one["label"], one["share_a"], one["share_b"]) for one in shifts] == [
        ("in", 0.0, 1.0),
        ("out", 1.0, 0.0),
    ]


def test_neighbours_without_a_label_are_part_of_the_whole() -> None:
    a = graph_of([[1, 2], [0, 2], [0, 1], [0, 1]])
    b = graph_of([[2, 3], [0, 2], [0, 1], [0, 1]])
    (shift,) = neighbor_shifts(np.array([0]), (a, b), label(["x", "y", "", ""]))
    assert shift == {"label": "y", "share_a": 0.5, "share_b": 0.0, "chance": 0.25}


def test_small_changes_are_left_out_and_eight_are_told_the_largest_first() -> None:
    n = 400
    values = [f"l{i % 12}" for i in range(n)]
    a, b = random_lists(n, 30, seed=1), random_lists(n, 30, seed=2)
    members = np.arange(40)
    lists = np.array(b)
    lists[:40] = np.where(lists[:40] % 12 == 3, a[:40], lists[:40])
    shifts = neighbor_shifts(members, (graph_of(a), graph_of(lists)), label(values))
    changes = [abs(one["share_b"] - one["share_a"]) for one in shifts]
    assert changes == sorted(changes, reverse=True)
    assert min(changes) >= 0.02
    assert len(shifts) <= 8
    assert shifts[0]["label"] == "l3"
    same = graph_of(a)
    assert neighbor_shifts(members, (same, same), label(values)) == []


def test_shifts_ignore_the_order_of_items() -> None:
    n, rng = 80, np.random.default_rng(0)
    values = np.array([f"l{i % 4}" for i in range(n)])
    lists = [random_lists(n, 7, seed=seed) for seed in (3, 4)]
    members = np.arange(9)
    first = neighbor_shifts(members, (graph_of(lists[0]), graph_of(lists[1])), label(values))
    order = rng.permutation(n)
    place = np.argsort(order)
    moved = (graph_of(place[lists[0][order]]), graph_of(place[lists[1][order]]))
    again = neighbor_shifts(np.sort(place[members]), moved, label(values[order]))
    assert {one["label"]: one for one in again} == {one["label"]: one for one in first}


def test_lost_and_gained_are_counted_over_members() -> None:
    rng = np.random.default_rng(5)
    a, b = random_lists(40, 6, seed=5), random_lists(40, 6, seed=6)
    members = np.sort(rng.choice(40, 12, replace=False))
    changed = changed_neighbors(members, graph_of(a), graph_of(b))
    for counted, before, after in ((changed.lost, a, b), (changed.gained, b, a)):
        truth = {
            row: n
            for row in range(40)
            if row not in members
            and (n := sum(row in before[m] and row not in after[m] for m in members)) >= 2
        }
        expected = sorted(truth.items(), key=lambda one: (-one[1], one[0]))[:8]
        assert list(zip(counted.rows.tolist(), counted.counts.tolist(), strict=True)) == expected


def test_lists_of_different_length_are_compared_as_sets() -> None:
    a, b = graph_of([[1, 2], [0, 2], [0, 1], [0, 1]]), graph_of([[2], [0], [3], [0]])
    changed = changed_neighbors(np.array([0]), a, b)
    assert changed.lost.rows.tolist() == [1]
    assert changed.gained.rows.tolist() == []


def test_a_change_of_one_member_counts_in_a_tiny_group_only() -> None:
    a = random_lists(30, 3, seed=7)
    b = a.copy()
    b[0] = next(row for row in random_lists(30, 3, seed=8) if not {*row} & {*a[0], *range(6)})
    tiny = changed_neighbors(np.arange(4), graph_of(a), graph_of(b))
    assert tiny.gained.counts.tolist() == [1, 1, 1]
    assert len(changed_neighbors(np.arange(5), graph_of(a), graph_of(b)).gained.rows) == 0


def test_a_group_of_all_items_has_no_others_to_lose() -> None:
    a, b = graph_of(random_lists(20, 3, seed=1)), graph_of(random_lists(20, 3, seed=2))
    changed = changed_neighbors(np.arange(20), a, b)
    assert len(changed.lost.rows) == len(changed.gained.rows) == 0
