"""The change groups of a pair, as data and words."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from emblink.groups import Items, PairChanges, change_groups, pair_changes
from tests.groups_helpers import planted, side


def items_of(pair: Any) -> Items:
    n = len(pair.a)
    columns = {
        "cluster": np.array([f"c{code}" for code in pair.cluster], dtype=np.dtypes.StringDType()),
        "name": np.array([f"thing {row}" for row in range(n)], dtype=np.dtypes.StringDType()),
    }
    ids = np.array([f"item-{row}" for row in range(n)])
    return Items(ids, columns, {"label": "cluster", "text": "name"})


def found_in(pair: Any, **options: Any) -> PairChanges:
    other_runs = options.pop("other_runs", ())
    return pair_changes(
        side(pair.a, other_runs=other_runs),
        side(pair.b),
        names=("old", "new"),
        items=items_of(pair),
        **options,
    )


@pytest.fixture(scope="module")
def pair() -> Any:
    return planted("move", "gather", seed=200)


@pytest.fixture(scope="module")
def found(pair: Any) -> PairChanges:
    return found_in(pair)


@pytest.mark.slow
def test_codes_say_which_group_each_item_is_in(pair: Any, found: PairChanges) -> None:
    groups = change_groups(side(pair.a), side(pair.b)).groups
    assert found.codes.dtype == np.int32
    for code, group in enumerate(groups):
        np.testing.assert_array_equal(np.flatnonzero(found.codes == code), group.members)
    sizes = [one.report["n"] for one in found.explained]
    assert np.bincount(found.codes[found.codes >= 0]).tolist() == sizes
    assert (found.codes == -1).sum() == len(pair.a) - sum(sizes)


@pytest.mark.slow
def test_the_search_is_counted_and_said(pair: Any, found: PairChanges) -> None:
    search = found.search
    assert search["n"] == len(pair.a)
    assert search["n_grouped"] == (found.codes >= 0).sum()
    assert search["n_strayed"] == (found.evidence > 1).sum()
    assert (search["threshold"], search["n_permutations"]) == (1.0, 59)
    assert (search["floor_kind"], search["exploratory"]) == ("neighbors", True)
    kinds = [one.report["type"] for one in found.explained]
    assert search["sentence"].startswith(f"{len(kinds)} groups of items changed together: ")
    for kind in set(kinds):
        assert f"{kinds.count(kind)} {kind}" in search["sentence"]
    assert f"{search['n_grouped']:,} of 2,000 items." in search["sentence"]
    assert "note" not in search


def test_reports_are_plain_data_and_name_members(found: PairChanges) -> None:
    for code, one in enumerate(found.explained):
        assert json.loads(json.dumps(one.report, allow_nan=False)) == one.report
        assert (found.codes[one.exemplars] == code).all()
        assert [f"item-{row}" for row in one.exemplars] == [
            named["id"] for named in one.report["exemplars"]
        ]
        for rows, told in ((one.lost, "lost"), (one.gained, "gained")):
            named: Any = one.report[told]  # type: ignore[literal-required]
            assert [f"item-{row}" for row in rows] == [each["id"] for each in named]
            assert [f"thing {row}" for row in rows] == [each["text"] for each in named]
    assert json.loads(json.dumps(found.search, allow_nan=False)) == found.search


def test_a_moved_part_of_a_cluster_is_said_to_be_of_that_cluster(
    pair: Any, found: PairChanges
) -> None:
    home = f"c{pair.cluster[pair.groups[0][0]]}"
    codes = np.bincount(found.codes[pair.groups[0]] + 1)
    moved = found.explained[int(codes[1:].argmax())].report
    assert moved["type"] == "moved"
    assert [one["value"] for one in moved["enriched"]][:1] == [home]


@pytest.mark.slow
def test_with_another_run_the_search_does_not_call_itself_exploratory(pair: Any) -> None:
    search = found_in(pair, other_runs=[pair.again]).search
    assert (search["floor_kind"], search["exploratory"]) == ("replicate", False)
    assert search["sentence"].endswith("items.")


@pytest.mark.slow
def test_nothing_found_is_said() -> None:
    null = found_in(planted(seed=201))
    assert null.search["sentence"] == (
        "No group stands out: whatever changed is spread over all 2,000 items."
    )
    assert null.explained == []
    assert (null.codes == -1).all()
    assert null.search["n_grouped"] == 0
    assert 0.8 < null.search["fit"] < 1


@pytest.mark.slow
def test_a_search_among_some_items_counts_these(pair: Any) -> None:
    among = np.zeros(len(pair.a), dtype=bool)
    among[:1500] = True
    found = found_in(pair, among=among)
    assert found.search["n"] == 1500
    assert (found.codes[1500:] == -1).all()
    assert found.search["n_grouped"] == (found.codes >= 0).sum() > 0


@pytest.mark.slow
def test_a_search_can_be_cancelled(pair: Any) -> None:
    def cancel(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        found_in(pair, progress=cancel)
