from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from emblink.groups._timelines import PairGroups, timelines, unchanging
from emblink.types import GroupType

WORDS = np.dtypes.StringDType()


def pair(
    a: str,
    b: str,
    groups: Sequence[Any] = (),
    *,
    items: Any = range(100),
    types: Sequence[GroupType] = (),
    titles: Sequence[str] = (),
    strayed: float = 3.0,
    lost: Any = (),
) -> PairGroups:
    """Members strayed by ``strayed`` over a threshold of 1, all others by nothing.

    All keep seven tenths of their neighbours, those of ``lost`` fewer.
    """
    rows = np.array(list(items), dtype=np.int64)
    held = [np.array(list(group), dtype=np.int64) for group in groups]
    evidence = np.zeros(len(rows), dtype=np.float32)
    evidence[np.isin(rows, np.concatenate([np.zeros(0, np.int64), *held]))] = strayed
    return PairGroups(
        a,
        b,
        rows,
        evidence,
        held,
        titles or [f"{a}{at}" for at in range(len(held))],
        types or ["moved"] * len(held),
        1.0,
        np.where(np.isin(rows, list(lost)), 0.6, 0.7),
    )


def test_like_groups_of_two_pairs_are_one_timeline() -> None:
    (line,) = timelines(
        [
            pair("x", "y", [range(10)], types=["split"]),
            pair("y", "z", [range(2, 11)], types=["merged"]),
            pair("z", "end"),
        ]
    )
    assert line["n"] == 11
    assert line["title"] == "x0"
    assert line["steps"] == [
        {"a": "x", "b": "y", "evidence": 3.0, "group": 0},
        {"a": "y", "b": "z", "evidence": 3.0, "group": 0},
        {"a": "z", "b": "end", "evidence": 0.0},
    ]
    assert line["sentence"] == (
        "11 items change at x → y (split) and y → z (merged); still at z → end."
    )


def test_items_are_those_in_at_least_half_of_the_groups() -> None:
    (line,) = timelines(
        [pair("a", "b", [range(10)]), pair("b", "c", [range(11)]), pair("c", "d", [range(1, 11)])]
    )
    assert line["n"] == 11
    (line,) = timelines(
        [pair("a", "b", [range(10)]), pair("b", "c", [range(10)]), pair("c", "d", [range(15)])]
    )
    assert line["n"] == 10
    assert line["title"] == "c0"


def test_groups_that_share_less_than_half_stay_apart() -> None:
    lines = timelines([pair("a", "b", [range(10)]), pair("b", "c", [range(4, 14)])])
    assert [line["n"] for line in lines] == [10, 10]
    joined = timelines([pair("a", "b", [range(9)]), pair("b", "c", [range(3, 12)])])
    assert [line["n"] for line in joined] == [12]


def test_a_group_of_one_pair_says_at_which_step_it_changed() -> None:
    (line,) = timelines([pair("a", "b"), pair("b", "c", [range(5)], types=["gathered"])])
    assert line["sentence"] == "5 items change at b → c (gathered); still at a → b."
    assert [step.get("group") for step in line["steps"]] == [None, 0]
    assert timelines([pair("a", "b", [range(5)])]) == []
    assert timelines([]) == []
    assert timelines([pair("a", "b"), pair("b", "c")]) == []


def test_items_that_strayed_without_a_group_are_said_to() -> None:
    second = pair("b", "c", [range(50)])
    scattered = replace(second, groups=[], titles=[], types=[])
    (line,) = timelines([pair("a", "b", [range(5)]), scattered])
    assert line["sentence"] == (
        "5 items change at a → b (moved); most strayed, not as a group, at b → c."
    )


def test_a_timeline_has_at_most_one_group_of_a_pair_and_the_best_match_wins() -> None:
    # The second pair cuts the group in two: both halves are like it, and the larger joins.
    lines = timelines(
        [pair("a", "b", [range(20)]), pair("b", "c", [range(10, 20), range(10)], titles=["r", "l"])]
    )
    assert [[step.get("group") for step in line["steps"]] for line in lines] == [[0, 0], [None, 1]]
    uneven = timelines([pair("a", "b", [range(20)]), pair("b", "c", [range(15, 20), range(15)])])
    assert [[step.get("group") for step in line["steps"]] for line in uneven] == [
        [0, 1],
        [None, 0],
    ]


def test_a_chain_that_would_bring_in_a_second_group_of_a_pair_is_cut() -> None:
    pairs = [
        pair("a", "b", [range(8), range(8, 16)]),
        pair("b", "c", [range(1, 9)]),
        pair("c", "d", [range(4, 12)]),
    ]
    for line in timelines(pairs):
        joined = [(step["a"], step["b"]) for step in line["steps"] if "group" in step]
        assert len(joined) == len({*joined})
    assert sum("group" in step for line in timelines(pairs) for step in line["steps"]) == sum(
        len(one.groups) for one in pairs
    )


def test_groups_are_compared_over_the_items_that_both_pairs_hold() -> None:
    half = pair("b", "c", [range(0, 10, 2)], items=range(0, 100, 2))
    (line,) = timelines([pair("a", "b", [range(10)]), half])
    assert line["n"] == 10
    assert [step.get("group") for step in line["steps"]] == [0, 0]
    few = pair("b", "c", [range(0, 10, 4)], items=range(0, 100, 4))
    lines = timelines([pair("a", "b", [range(10)]), few])
    assert len(lines) == 2
    # A pair that holds less than half of the items has no step.
    assert [step["a"] for step in lines[0]["steps"]] == ["a"]
    assert [step["a"] for step in lines[1]["steps"]] == ["a", "b"]


def test_the_heaviest_timeline_comes_first() -> None:
    lines = timelines(
        [pair("a", "b", [range(30)], strayed=1.5), pair("b", "c", [range(50, 60)], strayed=9.0)]
    )
    assert [line["n"] for line in lines] == [10, 30]
    even = timelines([pair("a", "b", [range(5), range(10, 20)]), pair("b", "c")])
    assert [line["n"] for line in even] == [10, 5]


def test_timelines_do_not_depend_on_which_rows_items_have() -> None:
    rng = np.random.default_rng(0)
    order = rng.permutation(100)
    groups = [[range(10), range(20, 32)], [range(19, 31), range(2, 12)], [range(40, 45)]]
    names = [("a", "b"), ("b", "c"), ("c", "d")]
    first = timelines([pair(*name, held) for name, held in zip(names, groups, strict=True)])
    moved = [[np.sort(order[list(group)]) for group in held] for held in groups]
    again = timelines([pair(*name, held) for name, held in zip(names, moved, strict=True)])
    assert again == first
    assert [line["n"] for line in first] == [13, 12, 5]


@pytest.mark.slow
def test_many_groups_are_matched_as_by_brute_force() -> None:
    rng = np.random.default_rng(1)
    cuts = [np.sort(rng.choice(np.arange(1, 3000), 200, replace=False)) for _ in range(2)]
    cuts[1] = np.sort(np.r_[cuts[0][:150] + rng.integers(0, 4, 150), cuts[1][:50]])
    held = [[one for one in np.split(np.arange(3000), cut) if len(one)] for cut in cuts]
    lines = timelines(
        [pair(str(at), str(at + 1), groups, items=range(3000)) for at, groups in enumerate(held)]
    )
    matched = {
        tuple(step["group"] for step in line["steps"])
        for line in lines
        if all("group" in step for step in line["steps"])
    }
    truth = {
        (g, h)
        for g, one in enumerate(held[0])
        for h, other in enumerate(held[1])
        if len(np.intersect1d(one, other)) > 0.5 * len(np.union1d(one, other))
    }
    assert truth <= matched
    assert len(truth) > 50


def test_long_lists_of_steps_are_cut() -> None:
    pairs = [pair("s0", "s1", [range(5)]), *(pair(f"s{i}", f"s{i + 1}") for i in range(1, 9))]
    (line,) = timelines(pairs)
    assert line["sentence"].endswith("still at 8 steps.")


def test_unchanging_items_strayed_in_no_pair() -> None:
    pairs = [pair("a", "b", [range(10)]), pair("b", "c", [range(5, 20)], items=range(80))]
    label = np.array(["x"] * 20 + ["steady"] * 30 + ["x"] * 50, dtype=WORDS)
    found = unchanging(pairs, columns={"label": label}, roles={"label": "label"})
    assert found is not None
    assert (found["n"], found["n_all"]) == (60, 80)
    (one,) = found["enriched"]
    assert (one["value"], one["n"], one["n_all"]) == ("steady", 30, 30)
    assert one["expected"] == pytest.approx(60 * 30 / 80)
    assert found["sentence"] == (
        "60 of 80 items (75 %) kept most of their neighbours in every pair; "
        "most often steady (30 of 30, expected 22)."
    )


def test_items_that_lost_neighbours_or_went_in_a_group_are_not_unchanging() -> None:
    quiet = pair("a", "b", [range(10)], strayed=0.5, lost=range(90, 100))
    found = unchanging([quiet], columns={}, roles={})
    assert found is not None
    assert found["n"] == 80


def test_unchanging_holds_for_all_for_none_and_for_nothing_in_common() -> None:
    everything = unchanging([pair("a", "b")], columns={}, roles={})
    assert everything is not None
    assert everything["sentence"] == "100 of 100 items kept most of their neighbours in every pair."
    nothing = unchanging([pair("a", "b", [range(100)])], columns={}, roles={})
    assert nothing is not None
    assert (nothing["n"], nothing["enriched"]) == (0, [])
    assert nothing["sentence"] == "0 of 100 items kept most of their neighbours in every pair."
    apart = [pair("a", "b", items=range(10)), pair("c", "d", items=range(10, 20))]
    assert unchanging(apart, columns={}, roles={}) is None
    assert unchanging([], columns={}, roles={}) is None
