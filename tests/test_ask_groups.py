"""Change groups in Python and for the page: of a pair, within a selection, and like one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
from scipy import stats

import emblink as eb
from emblink.bundle import Bundle
from emblink.errors import BundleError, InputError
from emblink.types import IntArray
from emblink.wording import EXPLORATORY
from tests.groups_helpers import planted
from tests.server_helpers import origin_of, running

pytestmark = pytest.mark.slow

N = 1000
ORDER = np.random.default_rng(7).permutation(N)
"""Items are given in an order that is neither that of their ids nor the stored one."""


def made() -> Any:
    return planted("move", "gather", seed=200, n=N)


def planted_rows(at: int) -> IntArray:
    """Rows, as they are given, of a planted group."""
    return np.flatnonzero(np.isin(ORDER, made().groups[at]))


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    """Two spaces and a copy of the first, which is not compared with the second."""
    pair = made()
    return eb.compare(
        {"old": pair.a[ORDER], "new": pair.b[ORDER], "copy": pair.a[ORDER]},
        ids=np.array([f"item-{row:04d}" for row in ORDER]),
        items={
            "id": np.array([f"item-{row:04d}" for row in ORDER]),
            "cluster": np.array([f"c{code}" for code in pair.cluster[ORDER]]),
        },
        labels="cluster",
        metric="euclidean",
        pairs=[("old", "new"), ("old", "copy")],
        out=tmp_path_factory.mktemp("ask") / "run.emblink",
    )


@pytest.fixture(scope="module")
def groups(comparison: eb.Comparison) -> list[eb.ChangeGroup]:
    found = comparison.groups("old", "new")
    assert len(found) >= 2
    return found


def f1(rows: IntArray, goal: IntArray) -> float:
    return 2 * len(np.intersect1d(rows, goal)) / (len(rows) + len(goal))


@pytest.mark.slow
def test_groups_are_those_of_the_report_by_the_rows_that_were_given(
    comparison: eb.Comparison, groups: list[eb.ChangeGroup]
) -> None:
    reports = comparison.pair("old", "new").report["groups"]
    assert [one.report for one in groups] == reports
    for group, report in zip(groups, reports, strict=True):
        assert (np.diff(group.rows) > 0).all()
        assert len(group) == len(group.rows) == report["n"]
        assert (group.name, group.type) == (report["title"], report["type"])
        assert (group.mass, group.p) == (report["mass"], report["p"])
        assert (group.a, group.b, group.origin) == ("old", "new", "change group")
        assert {one["id"] for one in report["exemplars"]} <= {*comparison.ids[group.rows]}
    for at in range(2):
        assert max(f1(one.rows, planted_rows(at)) for one in groups) > 0.5
    masses = [one.mass for one in groups]
    assert masses == sorted(masses, reverse=True)


def test_without_a_replicate_every_group_says_that_it_is_exploratory(
    groups: list[eb.ChangeGroup],
) -> None:
    for group in groups:
        assert group.exploratory
        assert group.reason == f"{group.report['sentence']} {EXPLORATORY}"


def test_a_group_shows_itself_on_one_line(groups: list[eb.ChangeGroup]) -> None:
    first = groups[0]
    assert repr(first) == (
        f"ChangeGroup({first.name!r}, old → new, {first.type}, {len(first)} items, p = 1e-06)"
    )
    chosen = eb.Selection(rows=np.arange(1200), name="some", origin="by hand")
    assert repr(chosen) == "Selection('some', 1,200 items)"


def test_a_pair_without_groups_has_none_and_one_that_was_not_compared_is_named(
    comparison: eb.Comparison,
) -> None:
    assert comparison.groups("old", "copy") == []
    with pytest.raises(BundleError, match="new → copy was not compared"):
        comparison.groups("new", "copy")


def test_among_all_items_the_groups_of_the_pair_are_suggested(
    comparison: eb.Comparison, groups: list[eb.ChangeGroup]
) -> None:
    found = comparison.suggest("old", "new", rows=np.arange(N))
    assert [one.report for one in found] == [one.report for one in groups]
    for one, other in zip(found, groups, strict=True):
        np.testing.assert_array_equal(one.rows, other.rows)
        assert one.origin == "change group within a selection"


def test_suggested_groups_are_within_the_selection(comparison: eb.Comparison) -> None:
    goal = planted_rows(0)
    others = np.setdiff1d(np.arange(N), goal)[:300]
    chosen = np.concatenate([goal[: 2 * len(goal) // 3], others])
    found = comparison.suggest("old", "new", rows=chosen)
    assert found
    assert all(np.isin(one.rows, chosen).all() for one in found)
    assert max(f1(one.rows, np.intersect1d(goal, chosen)) for one in found) > 0.5


@pytest.mark.slow
def test_a_selection_can_be_named_by_ids_and_columns(comparison: eb.Comparison) -> None:
    cluster = f"c{np.bincount(made().cluster[made().groups[0]]).argmax()}"
    rows = np.flatnonzero(made().cluster[ORDER] == int(cluster[1:]))
    by_rows = comparison.suggest("old", "new", rows=rows)
    by_ids = comparison.suggest("old", "new", items=comparison.ids[rows])
    by_column = comparison.suggest("old", "new", where={"cluster": cluster})
    reports = [[one.report for one in found] for found in (by_rows, by_ids, by_column)]
    assert by_rows
    assert reports[0] == reports[1] == reports[2]


@pytest.mark.slow
def test_nothing_is_suggested_where_nothing_changed(comparison: eb.Comparison) -> None:
    changed = np.concatenate([*made().groups, made().decoys])
    still = np.flatnonzero(~np.isin(ORDER, changed))
    assert comparison.suggest("old", "copy", rows=still) == []


@pytest.mark.slow
def test_pairs_that_were_not_compared_can_be_searched(
    comparison: eb.Comparison, groups: list[eb.ChangeGroup]
) -> None:
    found = comparison.suggest("copy", "new", rows=np.arange(N))
    assert [(one.a, one.b) for one in found] == [("copy", "new")] * len(found)
    for one, other in zip(found, groups, strict=True):
        np.testing.assert_array_equal(one.rows, other.rows)


@pytest.mark.parametrize(
    ("pair", "question", "words"),
    [
        (("old", "new"), {"rows": [*range(7)]}, "7 of the selected items are in both spaces; .* 8"),
        (("old", "other"), {"rows": [*range(20)]}, "no space 'other'; the spaces are: old, new"),
        (("old", "old"), {"rows": [*range(20)]}, "'old' is asked to be compared with itself"),
        (("old", "new"), {"where": {"cluster": "x"}}, "no item has cluster = 'x'"),
        (("old", "new"), {}, "0 of items, rows and where are given"),
    ],
)
def test_a_bad_question_is_named(
    comparison: eb.Comparison, pair: tuple[str, str], question: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        comparison.suggest(*pair, **question)


def test_few_common_items_are_named() -> None:
    x = np.random.default_rng(0).normal(size=(59, 6))
    comparison = eb.compare({"old": x, "new": x + 0.1 * x[::-1]}, metric="euclidean")
    with pytest.raises(InputError, match="59 items in common; change groups are sought among 60"):
        comparison.suggest("old", "new", rows=np.arange(59))


def test_the_group_itself_is_the_most_alike(
    comparison: eb.Comparison, groups: list[eb.ChangeGroup]
) -> None:
    for place, group in enumerate(groups):
        first = comparison.groups_like(rows=group.rows)[0]
        assert (first["a"], first["b"], first["pair"]) == ("old", "new", 0)
        assert (first["group"], first["title"]) == (place, group.name)
        assert first["n"] == first["n_shared"] == len(group)
        assert first["jaccard"] == 1


def test_likeness_is_counted_beside_chance(
    comparison: eb.Comparison, groups: list[eb.ChangeGroup]
) -> None:
    rng = np.random.default_rng(3)
    chosen = np.union1d(groups[0].rows[::2], rng.choice(N, 100, replace=False))
    found = {one["group"]: one for one in comparison.groups_like(rows=chosen)}
    shared = [len(np.intersect1d(chosen, group.rows)) for group in groups]
    expected = [len(group) * len(chosen) / N for group in groups]
    assert {*found} == {at for at in range(len(groups)) if shared[at] > expected[at]}
    assert 0 in found
    for at, one in found.items():
        n = len(groups[at])
        assert one["n_shared"] == shared[at]
        assert one["expected"] == pytest.approx(expected[at])
        assert one["jaccard"] == pytest.approx(shared[at] / (n + len(chosen) - shared[at]))
        tail = stats.hypergeom.sf(shared[at] - 1, N, n, len(chosen))
        assert one["p"] == pytest.approx(tail, rel=1e-6)
    alike = [one["jaccard"] for one in comparison.groups_like(rows=chosen)]
    assert alike == sorted(alike, reverse=True)


def test_items_of_no_group_are_like_none(
    comparison: eb.Comparison, groups: list[eb.ChangeGroup]
) -> None:
    grouped = np.concatenate([one.rows for one in groups])
    assert comparison.groups_like(rows=np.setdiff1d(np.arange(N), grouped)) == []
    with pytest.raises(InputError, match="no column 'colour'"):
        comparison.groups_like(where={"colour": "red"})


@pytest.fixture(scope="module")
def page(comparison: eb.Comparison) -> Iterator[httpx.Client]:
    """The server's own page, as a client that knows the token."""
    with running(comparison.path) as server:
        transport, headers = httpx.HTTPTransport(retries=20), {"origin": origin_of(server.url)}
        with httpx.Client(base_url=server.url, transport=transport, headers=headers) as client:
            assert client.get("/").status_code == 200
            yield client


def asked(page: httpx.Client, question: str, stored: IntArray) -> httpx.Response:
    return page.post(f"/ask?{question}", content=stored.astype("<i4").tobytes(), timeout=60)


@pytest.mark.slow
def test_the_page_is_suggested_what_python_is(
    page: httpx.Client, comparison: eb.Comparison
) -> None:
    order = Bundle(comparison.path).order("items")
    stored = np.random.default_rng(5).permutation(N)[:700]
    answer = asked(page, "kind=suggest&a=old&b=new", stored)
    assert answer.status_code == 200
    length = int(np.frombuffer(answer.content[:4], dtype="<i4")[0])
    assert length % 4 == 0
    about = json.loads(answer.content[4 : 4 + length])
    codes = np.frombuffer(answer.content[4 + length :], dtype="<i4")
    expected = comparison.suggest("old", "new", rows=order[stored])
    assert expected
    assert about["groups"] == [one.report for one in expected]
    assert about["search"]["n"] == 700
    assert codes.shape == (700,)
    for code, group in enumerate(expected):
        np.testing.assert_array_equal(np.sort(order[stored[codes == code]]), group.rows)
    assert {*codes.tolist()} == {-1, *range(len(expected))}
    ids = comparison.ids[order]
    for rows, report in zip(about["rows"], about["groups"], strict=True):
        for named in ("exemplars", "lost", "gained"):
            assert [ids[row] for row in rows[named]] == [one["id"] for one in report[named]]


def test_the_page_is_told_of_like_groups_as_python_is(
    page: httpx.Client, comparison: eb.Comparison, groups: list[eb.ChangeGroup]
) -> None:
    order = Bundle(comparison.path).order("items")
    stored = np.flatnonzero(np.isin(order, groups[0].rows))
    answer = asked(page, "kind=like", stored).json()
    assert answer["groups"] == comparison.groups_like(rows=groups[0].rows)
    assert answer["sentence"].startswith(
        f'Most alike is "{groups[0].name}" of old → new: it shares'
    )
    still = np.flatnonzero(~np.isin(order, np.concatenate([one.rows for one in groups])))
    nobody = asked(page, "kind=like", still).json()
    assert nobody["groups"] == []
    assert nobody["sentence"].startswith("No change group shares more of these")


def test_too_few_items_are_refused_in_words(page: httpx.Client) -> None:
    answer = asked(page, "kind=suggest&a=old&b=new", np.arange(7))
    assert answer.status_code == 400
    assert "7 of the selected items are in both spaces" in answer.text
