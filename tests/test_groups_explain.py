import json
import warnings
from typing import Any, get_args

import numpy as np
import pytest

from emblink.groups._explain import Background, Explained, Found, explain
from emblink.types import Exemplar, GroupEvidence, GroupReport, GroupType, NeighborGraph
from tests.measures_helpers import brute_graph

WORDS = np.dtypes.StringDType()
EVIDENCE: GroupEvidence = {
    "inner_a": 0.4,
    "inner_b": 0.5,
    "inner_chance": 0.1,
    "spread_a": 0.8,
    "spread_b": 0.7,
    "agreement": 0.6,
    "density_change": 0.0,
}
N = 150
MOVED = np.arange(12)


def words(values: Any) -> Any:
    return np.array(values, dtype=WORDS)


def spaces() -> tuple[NeighborGraph, NeighborGraph]:
    """Three clouds; the first twelve of the first move to the second."""
    rng = np.random.default_rng(0)
    centres = np.eye(3)[np.repeat(np.arange(3), 50)] * 10
    a = centres + rng.normal(size=(N, 3))
    b = centres + rng.normal(size=(N, 3))
    b[MOVED] += np.array([-10.0, 10.0, 0.0])
    return brute_graph(a, 20, metric="euclidean"), brute_graph(b, 20, metric="euclidean")


def background(columns: dict[str, Any] | None = None, **known: Any) -> Background:
    a, b = spaces()
    rng = np.random.default_rng(1)
    table = columns if columns is not None else full_table()
    given: dict[str, Any] = {
        "names": ("old", "new"),
        "ids": np.arange(N) + 1000,
        "columns": table,
        "roles": {role: role for role in ("label", "text") if role in table},
        "a": a,
        "b": b,
        "residuals": rng.normal(size=(N, 5)).astype(np.float32),
        "evidence": rng.random(N).astype(np.float32),
    }
    return Background(**{**given, **known})


def full_table() -> dict[str, Any]:
    return {
        "label": words(["dogs"] * 50 + ["faces"] * 50 + ["cars"] * 50),
        "text": words([f"{'red' if i < 12 else 'blue'} thing {i}" for i in range(N)]),
        "size": np.where(np.arange(N) < 12, 5.0, np.arange(N) % 4),
        "picture": np.zeros((N, 2, 2, 3), np.uint8),
        "row": np.arange(N),
    }


def found(members: Any = MOVED, kind: Any = "moved") -> Found:
    return Found(np.asarray(members), kind, 7.5, 1 / 51, EVIDENCE)


def test_a_planted_move_is_explained() -> None:
    explained = explain(found(), background())
    report = explained.report
    assert report["title"] == "dogs → faces"
    assert report["sentence"].startswith(
        "12 items, all dogs (expected 4), moved from old to new: they left other dogs and joined "
        "faces (share of neighbours "
    )
    assert report["sentence"].endswith("; p = 0.02.")
    assert [one["value"] for one in report["enriched"]] == ["dogs"]
    assert [one["column"] for one in report["numbers"]] == ["size"]
    assert report["numbers"][0]["auc"] == 1.0
    assert [(one["column"], one["word"]) for one in report["words"]] == [("text", "red")]
    assert {one["label"] for one in report["shifts"]} >= {"dogs", "faces"}
    assert (report["type"], report["n"], report["mass"]) == ("moved", 12, 7.5)
    assert report["evidence"] == EVIDENCE


def test_rows_are_those_of_the_items_that_the_report_names() -> None:
    known = background()
    explained = explain(found(), known)
    for rows, named in (
        (explained.exemplars, explained.report["exemplars"]),
        (explained.lost, explained.report["lost"]),
        (explained.gained, explained.report["gained"]),
    ):
        assert rows.dtype == np.int64
        assert [str(known.ids[row]) for row in rows] == [one["id"] for one in named]
        assert [str(known.columns["text"][row]) for row in rows] == [one["text"] for one in named]
    assert {*explained.exemplars.tolist()} <= {*MOVED.tolist()}
    assert all(12 <= row < 50 for row in explained.lost)
    assert all(50 <= row < 100 for row in explained.gained)


def test_a_report_is_plain_data_with_every_field() -> None:
    report = explain(found(), background()).report
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert {*report} == {*GroupReport.__annotations__} - {"p_adjusted"}  # of several pairs
    assert all({*one} <= {"id", "text", *Exemplar.__annotations__} for one in report["exemplars"])
    assert report["sentence"].endswith("; p = 0.02.")


@pytest.mark.parametrize("kind", get_args(GroupType))
def test_items_without_a_table_are_explained_by_their_neighbours(kind: str) -> None:
    report = explain(found(kind=kind), background({})).report
    assert report["title"] == "12 items"
    empty = {name for name, value in report.items() if value == []}
    assert empty == {"enriched", "numbers", "words", "shifts"}
    assert len(report["exemplars"]) == 3
    assert report["lost"]
    assert report["gained"]
    assert "text" not in report["lost"][0]


def test_words_as_ids_name_items() -> None:
    ids = np.array([f"w{i}" for i in range(N)])
    report = explain(found(), background({}, ids=ids)).report
    assert report["title"] == f"12 items near {report['exemplars'][0]['id']}"
    same = explain(found(), background({"word": words(ids)}, ids=ids)).report
    assert same == report


@pytest.mark.parametrize(
    "label", [["one"] * N, [""] * N, [f"unique {i}" for i in range(N)], list(range(N))]
)
def test_labels_that_say_nothing_are_not_quoted(label: list[Any]) -> None:
    values = words(label) if isinstance(label[0], str) else np.array(label)
    report = explain(found(), background({"label": values})).report
    assert report["enriched"] == []
    assert report["title"] == "12 items"


def test_numbers_as_labels_are_labels() -> None:
    digits = np.where(np.arange(N) < 50, 4.0, 9.0)
    digits[-3:] = np.nan
    report = explain(found(), background({"label": digits})).report
    assert report["title"] == "4 → 9"
    assert report["numbers"] == []


@pytest.mark.parametrize("members", [range(3), range(1), range(N), [0, 60, 120]])
def test_groups_of_any_size_are_explained_without_a_warning(members: Any) -> None:
    table = full_table()
    table["size"] = np.where(np.arange(N) < 140, np.nan, 1.0)
    table["text"] = words([""] * 5 + ["笑顔の猫"] * (N - 5))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = explain(found(list(members)), background(table)).report
    assert report["n"] == len(list(members))
    json.dumps(report, allow_nan=False)


def test_explanations_do_not_depend_on_the_order_of_items() -> None:
    known = background()
    order = np.random.default_rng(3).permutation(N)
    place = np.argsort(order)

    def moved(graph: NeighborGraph) -> NeighborGraph:
        return NeighborGraph(
            place[graph.indices[order]].astype(np.int32), graph.distances[order], graph.metric
        )

    again = Background(
        names=known.names,
        ids=known.ids[order],
        columns={name: values[order] for name, values in known.columns.items() if name != "row"},
        roles=known.roles,
        a=moved(known.a),
        b=moved(known.b),
        residuals=known.residuals[order],
        evidence=known.evidence[order],
    )
    first = explain(found(), known)
    second = explain(found(np.sort(place[MOVED])), again)
    assert _without_ties(first) == _without_ties(second)
    assert order[second.exemplars].tolist() == first.exemplars.tolist()


def _without_ties(explained: Explained) -> dict[str, Any]:
    """All but which of equally common neighbours come first."""
    report: dict[str, Any] = {**explained.report}
    for side in ("lost", "gained"):
        report[side] = [one["n"] for one in report[side]]
    return report
