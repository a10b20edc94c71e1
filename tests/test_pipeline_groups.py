"""Change groups through a whole comparison: report, bundle, replicates, and when none is sought."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.bundle import Bundle
from emblink.types import AnyArray, FloatArray
from tests.groups_helpers import benchmark, planted

N = 1000


def spaces() -> Any:
    return planted("move", "gather", seed=200, n=N)


def ids_of(n: int = N) -> AnyArray:
    return np.array([f"item-{row:04d}" for row in range(n)])


def table(n: int = N) -> dict[str, AnyArray]:
    return {
        "id": ids_of(n),
        "cluster": np.array([f"c{code}" for code in spaces().cluster[:n]]),
        "words": np.array([f"thing {row}" for row in range(n)]),
    }


def compared(vectors: dict[str, FloatArray], **options: Any) -> eb.Comparison:
    known: dict[str, Any] = {"ids": ids_of(), "items": table(), "metric": "euclidean"}
    return eb.compare(vectors, **{"labels": "cluster", "text": "words", **known, **options})


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("groups") / "run.emblink"


@pytest.fixture(scope="module")
def comparison(path: Path) -> eb.Comparison:
    """Two runs of a recipe and a later version of it."""
    made = spaces()
    return compared(
        {"old": made.a, "new": made.b, "again": made.again},
        replicates={"old": ["again"]},
        out=path,
    )


def named_groups(comparison: eb.Comparison, a: str = "old", b: str = "new") -> list[Any]:
    """Member ids, p, mass and type of each group."""
    bundle = Bundle(comparison.path)
    info = bundle.pair(a, b)
    assert info.groups is not None
    codes = bundle.array(info.groups.members)
    rows = bundle.order("items")[bundle.item_rows(info.over)]
    return [
        (
            sorted(str(comparison.ids[row]) for row in rows[codes == code]),
            report["p"],
            report["mass"],
            report["type"],
        )
        for code, report in enumerate(comparison.pair(a, b).report["groups"])
    ]


@pytest.mark.slow
def test_planted_groups_are_in_the_report(comparison: eb.Comparison) -> None:
    report = comparison.pair("old", "new").report
    search = report["group_search"]
    assert (search["n"], search["floor_kind"], search["exploratory"]) == (N, "replicate", False)
    assert search["n_grouped"] == sum(one["n"] for one in report["groups"])
    assert "note" not in search
    for goal in spaces().groups:
        ids = {*ids_of()[goal].tolist()}
        best = max(
            2 * len(ids & {*members}) / (len(ids) + len(members))
            for members, *_ in named_groups(comparison)
        )
        assert best > benchmark("score").MATCHED


@pytest.mark.slow
def test_the_report_follows_groups_over_pairs(comparison: eb.Comparison) -> None:
    report = comparison.report()
    steady = report["unchanging"]
    assert steady["n_all"] == N
    grouped = comparison.pair("old", "new").report["group_search"]["n_strayed"]
    assert 0 < steady["n"] <= N - grouped + 1
    for line in report["timelines"]:
        assert {(step["a"], step["b"]) for step in line["steps"]} <= {("old", "new")}


@pytest.mark.slow
def test_columns_of_the_bundle_are_over_the_pairs_domain(comparison: eb.Comparison) -> None:
    bundle = Bundle(comparison.path)
    info = bundle.pair("old", "new")
    groups = info.groups
    assert groups is not None
    assert bundle.manifest.columns[groups.members].kind == "codes"
    assert bundle.manifest.columns[groups.evidence].over == info.over
    codes, evidence = bundle.array(groups.members), bundle.array(groups.evidence)
    assert codes.shape == evidence.shape == (N,)
    report = comparison.pair("old", "new").report
    assert np.bincount(codes[codes >= 0]).tolist() == [one["n"] for one in report["groups"]]
    search = report["group_search"]
    assert (evidence > search["threshold"]).sum() == search["n_strayed"]
    assert (evidence[codes >= 0] > search["threshold"]).all()
    field = next(one for one in info.fields if one.name == "change_evidence")
    assert field.values == groups.evidence
    items = comparison.pair("old", "new").items["change_evidence"]
    np.testing.assert_array_equal(
        items[bundle.order("items")[bundle.item_rows(info.over)]], evidence
    )


@pytest.mark.slow
def test_item_rows_lead_to_the_items_that_the_report_names(comparison: eb.Comparison) -> None:
    bundle = Bundle(comparison.path)
    info = bundle.pair("old", "new").groups
    assert info is not None
    stored = comparison.ids[bundle.order("items")]
    reports = comparison.pair("old", "new").report["groups"]
    assert len(info.rows) == len(reports) > 0
    for rows, report in zip(info.rows, reports, strict=True):
        for row_list, named in (
            (rows.exemplars, report["exemplars"]),
            (rows.lost, report["lost"]),
            (rows.gained, report["gained"]),
        ):
            assert [str(stored[row]) for row in row_list] == [one["id"] for one in named]
            for one in named:
                assert one["text"] == f"thing {int(one['id'][-4:])}"


@pytest.mark.slow
def test_members_of_the_bundle_are_those_of_the_report(comparison: eb.Comparison) -> None:
    reports = comparison.pair("old", "new").report["groups"]
    for (members, *_), report in zip(named_groups(comparison), reports, strict=True):
        assert {one["id"] for one in report["exemplars"]} <= {*members}
        assert not {one["id"] for one in [*report["lost"], *report["gained"]]} & {*members}


@pytest.mark.slow
def test_a_pair_of_a_space_and_its_own_replicate_is_searched_and_followed_by_nobody(
    comparison: eb.Comparison,
) -> None:
    report = comparison.pair("old", "again").report
    assert report["groups"] == []
    assert report["group_search"]["sentence"].startswith("No group stands out")
    told = [
        (step["a"], step["b"]) for one in comparison.report()["timelines"] for step in one["steps"]
    ]
    assert ("old", "again") not in told


@pytest.mark.slow
def test_a_second_run_computes_nothing_anew(comparison: eb.Comparison, path: Path) -> None:
    before = {one.name: one.stat().st_mtime_ns for one in (path / "columns").iterdir()}
    steps: list[str] = []
    made = spaces()
    again = compared(
        {"old": made.a, "new": made.b, "again": made.again},
        replicates={"old": ["again"]},
        out=path,
        progress=lambda step, done, total: steps.append(step),
    )
    assert not [step for step in steps if "change groups" in step or "components" in step]
    assert {one.name: one.stat().st_mtime_ns for one in (path / "columns").iterdir()} == before
    assert again.report()["pairs"] == comparison.report()["pairs"]


@pytest.mark.slow
def test_groups_do_not_depend_on_the_order_of_rows() -> None:
    made = spaces()
    straight = compared({"old": made.a, "new": made.b})
    order, other = (np.random.default_rng(seed).permutation(N) for seed in (1, 2))
    given = table()
    shuffled = compared(
        {"old": made.a[order], "new": made.b[other]},
        ids={"old": ids_of()[order], "new": ids_of()[other]},
        items={name: values[other] for name, values in given.items()},
    )
    assert len(named_groups(straight)) >= 2
    for one, two in zip(named_groups(straight), named_groups(shuffled), strict=True):
        assert one[0] == two[0]
        assert one[1:] == pytest.approx(two[1:]) or (one[1], one[3]) == (two[1], two[3])
        assert one[2] == pytest.approx(two[2], rel=1e-5)
    assert straight.pair("old", "new").report["group_search"]["exploratory"]


@pytest.mark.slow
def test_a_replicate_that_lacks_items_does_not_count_and_is_named() -> None:
    made, ids = spaces(), ids_of(200)
    found = compared(
        {"old": made.a[:200], "new": made.b[:200], "again": made.again[:180]},
        ids={"old": ids, "new": ids, "again": ids[:180]},
        items=table(200),
        replicates={"old": ["again"]},
    )
    search = found.pair("old", "new").report["group_search"]
    assert search["floor_kind"] == "neighbors"
    assert search["exploratory"]
    assert search["note"].startswith("again lack")


@pytest.mark.slow
def test_spaces_with_some_items_in_common_are_searched_on_those() -> None:
    made = spaces()
    ids = ids_of()
    found = compared(
        {"old": made.a[:900], "new": made.b[100:]},
        ids={"old": ids[:900], "new": ids[100:]},
    )
    assert found.pair("old", "new").report["group_search"]["n"] == 800
    common = {*ids[100:900].tolist()}
    members = [{*one[0]} for one in named_groups(found)]
    assert members
    assert all(one <= common for one in members)
    # Of eight clusters, those that gather come from few places, and are a group each.
    planted_items = {item for goal in made.groups for item in ids[goal].tolist()} & common
    in_groups = set().union(*members)
    assert len(planted_items & in_groups) > 0.8 * len(planted_items)
    assert len(planted_items & in_groups) > 0.8 * len(in_groups)


def small(n: int, *, seed: int = 0) -> FloatArray:
    drawn: FloatArray = np.random.default_rng(seed).normal(size=(n, 8))
    return drawn


def not_sought(a: FloatArray, b: FloatArray, **options: Any) -> Any:
    found = eb.compare({"old": a, "new": b}, metric="euclidean", **options)
    report = found.pair("old", "new").report
    assert report["groups"] == []
    assert report["group_search"]["sentence"] == "Change groups were not sought."
    assert Bundle(found.path).pair("old", "new").groups is None
    assert found.report()["timelines"] == []
    return report


@pytest.mark.slow
def test_groups_are_not_sought_among_too_few_items() -> None:
    report = not_sought(small(59), small(59) + 0.1 * small(59, seed=1))
    note = report["group_search"]["note"]
    assert note == "59 common items are too few to look for groups; 60 are needed."
    sixty = eb.compare(
        {"old": small(60), "new": small(60) + 0.1 * small(60, seed=1)}, metric="euclidean"
    )
    assert sixty.pair("old", "new").report["group_search"]["n_permutations"] == 59


@pytest.mark.slow
def test_groups_are_not_sought_in_unrelated_spaces() -> None:
    report = not_sought(small(200), small(200, seed=1))
    assert report["size"]["grade"] == "unrelated"
    assert "no more neighbours than chance" in report["group_search"]["note"]


@pytest.mark.slow
def test_groups_are_not_sought_in_shuffled_rows() -> None:
    x = small(300)
    moved = x + 0.05 * small(300, seed=1)
    report = not_sought(x, np.roll(moved, 1, axis=0))
    assert report["size"]["grade"] == "misaligned"
    assert "mend their order first" in report["group_search"]["note"]


@pytest.mark.slow
def test_vectors_that_are_all_alike_are_compared_without_groups() -> None:
    for a, b in ((np.ones((80, 4)), np.ones((80, 4))), (small(80), np.ones((80, 8)))):
        report = eb.compare({"old": a, "new": b}, metric="euclidean").pair("old", "new").report
        assert report["groups"] == []


@pytest.mark.slow
def test_a_space_that_is_identical_has_no_groups() -> None:
    clusters = spaces().a
    report = eb.compare({"old": clusters, "new": clusters}, metric="euclidean").pair("old", "new")
    assert report.report["size"]["grade"] == "identical"
    assert report.report["groups"] == []


def test_copies_of_one_row_are_compared_without_groups() -> None:
    x = small(100)
    x[:70] = x[0]
    report = eb.compare({"old": x, "new": 2 * x}, metric="euclidean").pair("old", "new").report
    assert report["groups"] == []
