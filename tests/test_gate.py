"""The gate: limits held against a comparison, and a verdict that a job can act on."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import emblink as eb
from emblink.errors import InputError, ReadError
from emblink.gate import (
    Check,
    Gate,
    Policy,
    as_junit,
    as_markdown,
    as_metrics,
    decide,
    read_ids,
    read_policy,
)
from emblink.types import Report
from tests.gate_helpers import IDS, KINDS, OLD, run_of_the_recipe


@pytest.fixture(scope="module")
def report() -> Report:
    """Compare a space with one of the same recipe, both with labels."""
    found = eb.compare(
        {"old": OLD, "new": run_of_the_recipe(2)}, ids=IDS, labels=KINDS.astype(str), pairs="all"
    )
    return found.report()


def changed(report: Report, **pair: Any) -> Report:
    out = copy.deepcopy(report)
    out["pairs"][0].update(pair)  # type: ignore[typeddict-item]
    return out


def scored(report: Report, name: str, **values: Any) -> dict[str, Any]:
    """Return the scores of the first pair, one of them changed."""
    scores: dict[str, Any] = copy.deepcopy(dict(report["pairs"][0]["scores"]))
    scores[name] = {**scores[name], **values}
    return scores


def status_of(gate: Gate, limit: str) -> list[str]:
    return [one.status for one in gate.checks if one.limit == limit]


@pytest.mark.parametrize(
    ("ends", "least", "status"),
    [((0.2, 0.3), 0.1, "pass"), ((0.2, 0.3), 0.25, "undecided"), ((0.2, 0.3), 0.4, "fail")],
)
def test_a_limit_is_open_where_it_lies_within_the_interval(
    report: Report, ends: tuple[float, float], least: float, status: str
) -> None:
    scores = scored(report, "neighborhood_overlap", value=0.25, interval=[*ends])
    found = decide(changed(report, scores=scores), Policy(min_kept=least, max_size=None))
    assert status_of(found, "min_kept") == [status]
    assert found.verdict == status


def test_what_is_open_counts_as_the_policy_says(report: Report) -> None:
    scores = scored(report, "neighborhood_overlap", value=0.25, interval=[0.2, 0.3])
    verdicts = [
        decide(
            changed(report, scores=scores),
            Policy(min_kept=0.25, max_size=None, undecided=one),
        )
        for one in ("undecided", "pass", "fail")
    ]
    assert [one.verdict for one in verdicts] == ["undecided", "pass", "fail"]
    assert [one.exit for one in verdicts] == [3, 0, 1]


def test_runs_that_agree_no_more_than_the_pair_excuse_its_size(report: Report) -> None:
    noise = {"answer": "no", "n_replicates": 3}
    large = changed(report, beyond_noise=noise)
    assert status_of(decide(report), "max_size") == ["fail"]
    assert status_of(decide(large), "max_size") == ["pass"]
    assert status_of(decide(large, Policy(noise=False)), "max_size") == ["fail"]
    closer = changed(report, beyond_noise={**noise, "closer": True})
    assert status_of(decide(closer), "max_size") == ["fail"]


def test_a_size_is_open_where_its_interval_reaches_a_smaller_one(report: Report) -> None:
    size = {"grade": "like_another_run", "w": 0.05, "interval": [0.03, 0.07]}
    scores = scored(report, "neighborhood_overlap", value=0.9, interval=[0.88, 0.92])
    assert status_of(decide(changed(report, size=size, scores=scores)), "max_size") == ["undecided"]
    reason = {**size, "reason": "clusters stay, but the order inside them is new"}
    assert status_of(decide(changed(report, size=reason, scores=scores)), "max_size") == ["fail"]


def test_what_an_accepted_comparison_has_passes(report: Report) -> None:
    assert decide(report).verdict == "fail"
    assert decide(report, accepted=report).verdict == "pass"
    strict = Policy(min_kept=0.99, max_size="identical", max_flips=0.0)
    assert decide(report, strict, accepted=report).verdict == "pass"


def test_labels_that_are_gone_or_worse_fail_each_by_name(report: Report) -> None:
    labels = copy.deepcopy(report["pairs"][0]["labels"])
    labels[2]["verdict"] = labels[4]["verdict"] = "worse"
    one = changed(report, labels=labels, labels_gone=["old one"])
    failed = [check.about for check in decide(one).checks if check.limit == "labels"]
    assert failed == ["old one", labels[2]["label"], labels[4]["label"]]
    name = labels[4]["label"]
    relaxed = decide(one, Policy(labels="any", protected_labels=(name,)))
    assert [check.about for check in relaxed.checks if check.limit == "labels"] == [name]


def test_a_label_that_was_accepted_as_worse_may_not_get_worse_still(report: Report) -> None:
    def with_loss(delta: float) -> Report:
        labels: list[Any] = copy.deepcopy([*report["pairs"][0]["labels"]])
        labels[2].update(verdict="worse", delta=delta, interval=[delta - 0.02, delta + 0.02])
        return changed(report, labels=labels)

    for delta, status in ((-0.1, "pass"), (-0.5, "fail")):
        found = decide(with_loss(delta), accepted=with_loss(-0.1))
        assert status_of(found, "labels") == [status]


def test_a_protected_label_of_too_few_items_is_undecided(report: Report) -> None:
    labels: list[Any] = copy.deepcopy([*report["pairs"][0]["labels"]])
    labels[1].update(verdict="too_few", n=4)
    del labels[1]["interval"]
    rare = changed(report, labels=labels)
    policy = Policy(max_size=None, protected_labels=(labels[1]["label"],), max_label_loss=0.9)
    found = decide(rare, policy)
    assert status_of(found, "labels") == ["undecided", "pass"]
    assert found.verdict == "undecided"
    (loss,) = [one for one in found.checks if one.limit == "max_label_loss"]
    assert "1 label of too few items was not judged" in loss.sentence


def test_a_baseline_that_decides_nothing_is_refused(report: Report) -> None:
    shuffled = changed(report, size={"grade": "misaligned"})
    with pytest.raises(InputError, match="the baseline old → new accepts nothing"):
        decide(report, accepted=shuffled)


def test_a_baseline_of_other_names_is_its_only_pair(report: Report) -> None:
    other = changed(report, a="first", b="second")
    for space, name in zip(other["spaces"], ("first", "second"), strict=True):
        space["name"] = name
    assert decide(report, old="old", new="new", accepted=other).verdict == "pass"


def test_what_is_open_and_counts_as_failed_says_so(report: Report) -> None:
    scores = scored(report, "neighborhood_overlap", value=0.25, interval=[0.2, 0.3])
    policy = Policy(min_kept=0.25, max_size=None, undecided="fail")
    found = decide(changed(report, scores=scores), policy)
    assert found.why.startswith("Fail: 1 of 4 limits may hold or not")
    suite = ElementTree.fromstring(as_junit(found).partition("\n")[2])
    assert (suite.get("failures"), suite.get("errors")) == ("1", "0")


@pytest.mark.parametrize(
    "limit", [{"max_size": "anything"}, {"undecided": "Pass"}, {"labels": "some"}]
)
def test_a_limit_made_in_python_is_one_of_its_words(limit: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected one of"):
        Policy(**limit)


def test_flips_are_held_against_those_of_runs(report: Report) -> None:
    scores = scored(
        report,
        "negative_flip_rate",
        value=0.04,
        interval=[0.03, 0.05],
        noise_floor=0.03,
        excess=0.01,
        floor_runs=3,
        excess_interval=[-0.005, 0.025],
    )
    one = changed(report, scores=scores)
    asked: dict[float | str, str] = {
        "5%": "pass",
        "2%": "fail",
        0.04: "undecided",
        "replicate + 3%": "pass",
    }
    asked |= {"replicate + 1%": "undecided", "replicate": "undecided"}
    found = {most: status_of(decide(one, Policy(max_flips=most)), "max_flips") for most in asked}
    assert found == {most: [status] for most, status in asked.items()}


def test_items_that_must_keep_their_neighbours_fail_by_id(report: Report) -> None:
    gate = decide(report, Policy(), must_keep=["i1", "i2", "i3"], kept={"i1": 0.9, "i2": 0.2})
    failed = {one.about: one.sentence for one in gate.checks if one.limit == "must_keep"}
    assert [*failed] == ["i2", "i3"]
    assert "not in both spaces" in failed["i3"]
    assert "keeps 20 %" in failed["i2"]


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ({"min_quality": -0.01}, "asks for labels"),
        ({"max_label_loss": 0.1}, "asks for labels"),
        ({"max_flips": "1%"}, "asks for labels"),
        ({"protected_labels": ("flags",)}, "no item has"),
        ({"min_index_kept": 0.9}, "same dims"),
    ],
)
def test_a_limit_that_asks_for_what_is_not_there_is_refused(
    report: Report, limit: dict[str, Any], words: str
) -> None:
    scores = {
        name: one
        for name, one in report["pairs"][0]["scores"].items()
        if name not in ("negative_flip_rate", "knn_accuracy_change")
    }
    size = {key: one for key, one in report["pairs"][0]["size"].items() if key != "index_kept"}
    bare = changed(report, scores=scores, labels=[], size=size)
    del bare["pairs"][0]["quality"]
    with pytest.raises(InputError, match=words):
        decide(bare, Policy(**limit))


def test_replicates_are_asked_for_by_name(report: Report) -> None:
    with pytest.raises(InputError, match="give --replicate"):
        decide(report, Policy(max_flips="replicate + 1%"))


def test_several_pairs_are_told_apart(report: Report) -> None:
    two = copy.deepcopy(report)
    two["pairs"].append({**two["pairs"][0], "b": "newer"})
    two["spaces"].append({**two["spaces"][1], "name": "newer"})
    with pytest.raises(InputError, match=r"several pairs.*old → new, old → newer"):
        decide(two)
    assert decide(two, new="newer").b == "newer"
    with pytest.raises(InputError, match="no such pair"):
        decide(two, new="newest")


POLICIES: dict[str, tuple[str, str]] = {
    "a limit that is none": ('max_sise = "same"', "did you mean 'max_size'"),
    "a size that is none": ('max_size = "tiny"', "expected one of identical, same"),
    "no share": ("coverage = 99", "share from 0 to 1"),
    "flips": ('max_flips = "some"', "replicate \\+ 1%"),
    "no TOML": ("max_size =", "no TOML"),
    "words for a number": ('min_kept = "much"', "min_kept is 'much'"),
}


@pytest.mark.parametrize("kind", POLICIES)
def test_a_policy_that_cannot_be_read_says_what_and_the_way_out(tmp_path: Path, kind: str) -> None:
    text, words = POLICIES[kind]
    path = tmp_path / "gate.toml"
    path.write_text(text)
    with pytest.raises(ReadError, match=words):
        read_policy(path)


def test_a_policy_is_read_from_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "golden.txt").write_text("# kept by hand\ni1\r\n\n#2\n", "utf-8-sig", newline="")
    path = tmp_path / "gate.toml"
    path.write_text(
        'max_size = "like another run"\nmust_keep = "golden.txt"\nmin_quality = -0.01\n'
    )
    policy = read_policy(path)
    assert policy.max_size == "like another run"
    assert read_ids(Path(policy.must_keep or "")) == ["i1", "#2"]


def test_every_limit_is_in_the_docs() -> None:
    text = (Path(__file__).parents[1] / "docs" / "gate.md").read_text("utf-8")
    assert [name for name in Policy.__struct_fields__ if f"`{name}`" not in text] == []


def test_what_is_written_says_the_same(report: Report) -> None:
    hostile = Check("labels", "fail", "Label <a|b> & \x00 is *gone*.", about='a "<b>"')
    found = decide(report)
    found.checks.append(hostile)
    suite = ElementTree.fromstring(as_junit(found).partition("\n")[2])
    assert int(suite.get("failures", 0)) == len(suite.findall("testcase/failure"))
    names = [one.get("name") for one in suite.findall("testcase")]
    assert len(names) == len(found.checks) + len(found.within)
    assert 'labels: a "<b>"' in names
    assert "\\<a\\|b\\>" in as_markdown(found)
    metrics = json.loads(as_metrics(found))
    assert (
        metrics["neighborhood_overlap"]
        == report["pairs"][0]["scores"]["neighborhood_overlap"]["value"]
    )
    assert all(isinstance(value, int | float) for value in metrics.values())


@pytest.mark.parametrize(("n", "shape", "status"), [(12, 0.999, "undecided"), (12, 1.0, "pass")])
def test_few_items_that_keep_all_are_no_evidence_but_for_the_same_vectors(
    report: Report, n: int, shape: float, status: str
) -> None:
    scores = scored(report, "neighborhood_overlap", value=1.0, interval=[1.0, 1.0], n=n)
    scores["procrustes_similarity"] = {**scores["procrustes_similarity"], "value": shape}
    size = {"grade": "identical", "w": 0.0, "interval": [0.0, 0.0]}
    found = decide(changed(report, size=size, scores=scores))
    assert status_of(found, "max_size") == [status]
    said = next(one.sentence for one in found.checks if one.limit == "max_size")
    assert ("12 items are too few to judge: at least 100." in said) == (status == "undecided")


def test_a_share_beside_its_limit_is_not_rounded_to_it(report: Report) -> None:
    missing = round(report["pairs"][0]["n_common"] * 0.0132)
    found = decide(changed(report, only_a=missing))
    said = next(one for one in found.checks if one.limit == "coverage")
    assert said.status == "fail"
    assert said.sentence.startswith("98.")
    assert "at least 99.0 %" in said.sentence
