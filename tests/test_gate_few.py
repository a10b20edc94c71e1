"""The gate of few items, of labels with few, and a case of JUnit for each label."""

from __future__ import annotations

import copy
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import ArrayLike

import emblink as eb
from emblink.gate import Gate, Policy, as_json, as_junit, decide
from emblink.types import Report
from tests.gate_helpers import IDS, KINDS, OLD, damaged, rounded

ALL = Policy(min_kept=0.5, min_index_kept=0.5, max_label_loss=0.5, max_flips=0.5)
FEWEST = 100


def compared(n: int, labels: ArrayLike = KINDS) -> Report:
    names = [str(one) for one in np.asarray(labels)[:n]]
    spaces = {"old": OLD[:n], "new": rounded()[:n]}
    return eb.compare(spaces, ids=IDS[:n], labels=names).report()


@pytest.fixture(scope="module")
def enough() -> Report:
    return compared(len(OLD))


def status_of(found: Gate) -> dict[str, str]:
    return {one.limit: one.status for one in found.checks}


OF_ITEMS = ("max_size", "min_kept", "min_index_kept", "labels", "max_label_loss", "max_flips")


@pytest.mark.parametrize("n", [30, FEWEST - 1])
def test_of_few_items_no_limit_of_them_is_judged(n: int) -> None:
    found = decide(compared(n, [f"kind {at % 3}" for at in range(n)]), ALL)
    said = status_of(found)
    assert {said[name] for name in OF_ITEMS} == {"undecided"}
    assert said["coverage"] == "pass"
    assert (found.verdict, found.exit) == ("undecided", 3)
    assert f"{n} items are too few to judge: at least 100." in found.checks[0].sentence
    assert found.within == []


def test_of_enough_items_they_are(enough: Report) -> None:
    found = decide(enough, ALL)
    said = status_of(found)
    assert said["min_index_kept"] == said["min_kept"] == said["max_label_loss"] == "pass"
    assert not any("too few to judge" in one.sentence for one in found.checks)


def test_of_few_items_what_is_beyond_a_limit_fails() -> None:
    n = FEWEST // 2
    report = eb.compare({"old": OLD[:n], "new": OLD[n : 2 * n]}, ids=IDS[:n]).report()
    assert decide(report, Policy(min_kept=0.9)).verdict == "fail"
    report["pairs"][0]["labels_gone"] = ["old one"]
    assert "old one" in [one.about for one in decide(report).checks if one.status == "fail"]


def with_few(report: Report, n_few: int) -> Report:
    """Return it as if so many of its labels had too few items."""
    out: Any = copy.deepcopy(report)
    for one in out["pairs"][0]["labels"][:n_few]:
        one["verdict"] = "too_few"
        one.pop("interval", None)
    return out  # type: ignore[no-any-return]


@pytest.mark.parametrize(("n_few", "status"), [(2, "pass"), (8, "undecided"), (10, "undecided")])
def test_labels_that_are_judged_hold_half_of_the_items(
    enough: Report, n_few: int, status: str
) -> None:
    found = decide(with_few(enough, n_few), Policy(max_label_loss=0.9))
    checks = {one.limit: one for one in found.checks}
    for limit in ("labels", "max_label_loss"):
        assert checks[limit].status == status
        words = f"{n_few} labels of too few items could not be judged; the others hold"
        assert (words in checks[limit].sentence) == (status == "undecided")
    of_any = decide(with_few(enough, n_few), Policy(labels="any"))
    assert "labels" not in status_of(of_any)


def test_labels_of_too_few_items_are_undecided_but_for_the_same_vectors() -> None:
    singles = [f"one {at // 2}" for at in range(2 * FEWEST)]
    found = decide(compared(2 * FEWEST, singles))
    assert status_of(found)["labels"] == "undecided"
    assert "100 labels of too few items" in next(
        one.sentence for one in found.checks if one.limit == "labels"
    )
    same = eb.compare({"old": OLD, "new": OLD}, ids=IDS, labels=[f"a {one}" for one in IDS])
    assert decide(same.report()).verdict == "pass"


def cases(found: Gate) -> tuple[ElementTree.Element, dict[str | None, ElementTree.Element]]:
    suite = ElementTree.fromstring(as_junit(found).partition("\n")[2])
    return suite, {one.get("name"): one for one in suite.findall("testcase")}


def test_junit_has_a_case_for_each_label_that_is_held_to_a_limit() -> None:
    spaces = {"old": OLD, "new": damaged()}
    report = eb.compare(spaces, ids=IDS, labels=KINDS.astype(str)).report()
    found = decide(report, Policy(max_label_loss=0.9))
    suite, named = cases(found)
    assert len(named) == int(suite.get("tests", 0)) == len(suite.findall("testcase"))
    for limit in ("labels", "max_label_loss"):
        assert {f"{limit}: {kind}" for kind in range(10)} <= {*named}
    assert named["labels: 3"].find("failure") is not None
    passed = named["labels: 4"].findtext("system-out")
    assert passed is not None
    assert passed.startswith("Label 4: ")
    _, chosen = cases(decide(report, Policy(labels="any", protected_labels=("4",))))
    assert "labels: 4" in chosen
    assert "labels: 5" not in chosen
    assert "within" not in as_json(found)


def test_junit_lists_no_more_than_200_cases_and_says_so(enough: Report) -> None:
    out: Any = copy.deepcopy(enough)
    (first, *_) = out["pairs"][0]["labels"]
    out["pairs"][0]["labels"] = [{**first, "label": f"kind {at}"} for at in range(250)]
    found = decide(out)
    suite, named = cases(found)
    assert len(named) == int(suite.get("tests", 0)) == 200
    said = suite.find("properties/property")
    assert said is not None
    n_more = 250 - (200 - len(found.checks))
    assert said.get("value") == f"{n_more} more labels within the limits are not listed."
