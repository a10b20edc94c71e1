"""Claims of the same items are one finding, and what is not clear of chance comes last."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from emblink.findings import Evidence, Found, pair_claims, pair_findings
from emblink.types import IntArray, PairReport

N, LABELS = 400, ["bag", "boot", "coat", "shirt"]
CODES = np.arange(N) % 4


def label(name: str, *, a: float = 0.9, b: float = 0.9, **other: Any) -> dict[str, Any]:
    verdict = "same" if a == b else "worse" if b < a else "better"
    told = {"label": name, "n": 100, "purity_a": a, "purity_b": b, "delta": b - a, "chance": 0.25}
    return told | {"verdict": verdict, "p": 1.0 if a == b else 0.001} | other


def two(first: str, second: str, *, a: float, b: float) -> dict[str, Any]:
    verdict = "drawn_together" if b > a else "pushed_apart"
    told = {"first": first, "second": second, "mixing_a": a, "mixing_b": b, "p": 0.001}
    return told | {"confusion_a": [0.0, 0.0], "confusion_b": [0.0, 0.0], "verdict": verdict}


def group(kind: str, n: int, *, p: float = 1 / 60, **share: float) -> dict[str, Any]:
    """Return a group whose neighbours went to, or from, the labels named."""
    shifts = [
        {"label": name, "share_a": 0.0 if by > 0 else -by, "share_b": max(by, 0.0), "chance": 0.1}
        for name, by in share.items()
    ]
    evidence = {"inner_a": 0.2, "inner_b": 0.9, "spread_a": 1.0, "spread_b": 0.5}
    told = {"title": "some", "type": kind, "n": n, "mass": 1.0, "p": p, "shifts": shifts}
    empty: dict[str, Any] = {"enriched": [], "words": [], "exemplars": [], "numbers": []}
    return told | {"evidence": evidence} | empty


def report(*, b: str = "b", **other: Any) -> PairReport:
    told: Any = {
        "a": "a", "b": b, "compared_by": "items", "size": {"grade": "reworked", "w": 0.2},
        "beyond_noise": {"answer": "unknown", "n_replicates": 0}, "labels": [], "label_pairs": [],
        "groups": [],
    }  # fmt: skip
    made: PairReport = told | other
    return made


def evidence(groups: IntArray | None = None, *, kept: float = 0.7) -> Evidence:
    return Evidence(
        ids=np.arange(N),
        kept=np.full(N, kept, np.float32),
        nearest=lambda row: (np.array([row - 1]), np.array([row - 2])),
        labels=CODES,
        label_names=LABELS,
        groups=np.full(N, -1) if groups is None else groups,
        strayed=np.where(np.full(N, -1) if groups is None else groups >= 0, 3.0, 0.1),
    )


def members(*parts: tuple[str, int]) -> IntArray:
    """Return codes of groups: so many of the label's items that are in none yet, for each part."""
    codes: IntArray = np.full(N, -1)
    for at, (name, n) in enumerate(parts):
        codes[np.flatnonzero((LABELS.index(name) == CODES) & (codes < 0))[:n]] = at
    return codes


def found(told: PairReport, about: Evidence) -> list[Found]:
    return pair_findings([pair_claims(told, about, items=np.arange(N))])[0]


def test_a_group_that_is_a_label_tells_its_claim_its_partners_and_that_of_both() -> None:
    told = report(
        labels=[label("bag", b=0.5), label("shirt", b=0.7), label("boot"), label("coat")],
        label_pairs=[two("bag", "shirt", a=0.0, b=0.4), two("bag", "boot", a=0.1, b=0.0)],
        groups=[group("merged", 90, shirt=0.6)],
    )
    (one,) = found(told, evidence(members(("bag", 90))))
    said = one.finding["sentence"]
    assert said.startswith("bag (90 of 100) merged with shirt: 0 → 60 % of their neighbours are")
    assert "shirt: 90 → 70 % of their neighbours are their own" in said
    assert {*one.finding["labels"]} == {"bag", "shirt"}
    assert one.rows.tolist() == np.flatnonzero(CODES == 0)[:90].tolist()
    assert one.finding["p"] == pytest.approx(0.001)


def test_groups_of_one_label_that_did_the_same_are_one() -> None:
    told = report(
        labels=[label(name) for name in LABELS],
        groups=[group("split", 40, coat=-0.5), group("split", 20, coat=-0.4)],
    )
    (one,) = found(told, evidence(members(("bag", 40), ("bag", 20))))
    assert one.finding["sentence"].startswith("bag (60 of 100), in 2 groups, split off from coat")
    assert one.finding["groups"] == [0, 1]
    assert len(one.rows) == 60


def test_groups_of_one_label_that_went_different_ways_are_two() -> None:
    told = report(
        labels=[label(name) for name in LABELS],
        groups=[group("merged", 40, coat=0.5), group("merged", 30, boot=0.5)],
    )
    groups = members(("bag", 40), ("bag", 30))
    said = [one.finding["sentence"] for one in found(told, evidence(groups))]
    assert len(said) == 2
    assert {sentence.split(":")[0] for sentence in said} == {
        "bag (40 of 100) merged with coat",
        "bag (30 of 100) merged with boot",
    }


def test_a_few_items_of_a_label_are_told_with_the_label() -> None:
    told = report(
        labels=[label("bag", b=0.5), *(label(name) for name in LABELS[1:])],
        groups=[group("split", 12, coat=-0.5)],
    )
    (one,) = found(told, evidence(members(("bag", 12))))
    assert one.finding["kind"] == "label"
    assert "12 of them split off from coat" in one.finding["sentence"]
    assert one.finding["groups"] == [0]
    assert len(one.rows) == 100


def test_groups_in_a_label_that_stayed_together_are_told_by_it() -> None:
    note = "same cluster, other inner order"
    told = report(
        labels=[
            label("bag", note=note, within_overlap=0.1, within_chance=0.05),
            *(label(name, within_overlap=0.6, within_chance=0.05) for name in LABELS[1:]),
        ],
        groups=[group("split", 30)],
    )
    (one,) = found(told, evidence(members(("bag", 30))))
    assert one.finding["kind"] == "order"
    assert "stayed together, in another order" in one.finding["sentence"]
    assert "30 of them split off" in one.finding["sentence"]
    assert len(one.rows) == 100


def test_a_part_of_a_label_is_told_by_what_else_it_is() -> None:
    mostly = {"column": "size", "value": "small", "n": 36, "n_all": 40, "expected": 4.0, "p": 0.0}
    told = report(
        labels=[label(name) for name in LABELS],
        groups=[group("split", 40, coat=-0.5) | {"enriched": [mostly]}],
    )
    (one,) = found(told, evidence(members(("bag", 40))))
    assert one.finding["sentence"].startswith("bag (40 of 100, mostly size small) split off from")


def test_two_labels_that_got_worse_since_they_came_closer_are_one() -> None:
    told = report(
        labels=[label("bag", b=0.6), label("shirt", b=0.6), label("boot"), label("coat")],
        label_pairs=[two("bag", "shirt", a=0.0, b=0.3)],
    )
    (one,) = found(told, evidence())
    assert one.finding["kind"] == "label_pair"
    assert {*one.finding["labels"]} == {"bag", "shirt"}
    assert len(one.rows) == 200


def test_what_all_labels_have_in_common_is_told_once() -> None:
    told = report(
        labels=[label(name, a=0.5, b=0.8) for name in LABELS],
        label_shift={"purity": 0.3},
    )
    (one,) = found(told, evidence())
    assert one.finding["kind"] == "all_labels"
    assert "50 → 80 % of a typical label's neighbours are its own" in one.finding["sentence"]
    # Members of each, though those of one changed alike or more.
    assert {*CODES[one.exemplars[: len(LABELS)]]} == {*range(len(LABELS))}
    assert len(one.exemplars) == 6


def test_trifles_and_claims_against_what_all_did_are_not_told() -> None:
    told = report(labels=[label("bag", b=0.89), *(label(name) for name in LABELS[1:])])
    assert found(told, evidence()) == []


def test_what_is_not_clear_of_chance_over_the_pairs_comes_last_and_says_so() -> None:
    weak = report(
        labels=[label("bag", b=0.3, p=0.02), label("boot", b=0.85, p=0.0001)],
    )
    others = [report(b=f"b{at}", labels=[label("bag", b=0.8, p=0.04)]) for at in range(9)]
    claims = [pair_claims(one, evidence(), items=np.arange(N)) for one in (weak, *others)]
    first, second = pair_findings(claims)[0]
    assert first.finding["labels"] == ["boot"]
    assert first.finding["p"] == pytest.approx(0.001)
    assert second.finding["score"] > first.finding["score"]
    assert (first.finding["sure"], second.finding["sure"]) == (True, False)
    assert second.finding["how_sure"].startswith("Beside 10 pairs it may be chance (p = 0.2)")
    (alone,) = pair_findings([claims[1]])[0]
    assert alone.finding["sure"]
    for (one,) in pair_findings(claims)[1:]:
        assert not one.finding["sure"]


def test_yardsticks_make_no_other_pair_harder() -> None:
    asked = report(labels=[label("bag", b=0.8, p=0.04)])
    claims = [pair_claims(asked, evidence(), items=np.arange(N))]
    claims += [
        pair_claims(report(b=f"r{at}"), evidence(), items=np.arange(N), of_replicates=True)
        for at in range(5)
    ]
    assert pair_findings(claims)[0][0].finding["p"] == pytest.approx(0.04)


@pytest.mark.parametrize("grade", ["identical", "misaligned", "too_few"])
def test_what_cannot_be_told_is_not_told(grade: str) -> None:
    told = report(size={"grade": grade}, labels=[label("bag", b=0.5)])
    claims = pair_claims(told, evidence(), items=np.arange(N))
    assert claims.told == []
    assert claims.nothing.startswith("Nothing ")


def test_items_that_lost_every_neighbour_are_none_where_that_is_usual() -> None:
    few = evidence(kept=0.05)
    few.kept[:100] = 0.0
    assert found(report(), few) == []
    most = evidence(kept=0.8)
    most.kept[:7] = 0.0
    (one,) = found(report(), most)
    assert one.rows.tolist() == [*range(7)]
    assert "the others keep 8 of 10 on average" in one.finding["sentence"]
    noise = {"answer": "no", "n_replicates": 3}
    assert found(report(beyond_noise=noise), most) == []


def test_one_item_that_moved_among_many_that_did_not_is_named() -> None:
    about = evidence(kept=0.9)
    about.kept[17] = 0.0
    told = replace(about, ids=np.array([f"w{at}" for at in range(N)]), still=np.ones(N, bool))
    (one,) = found(report(), told)
    said = "1 item (w17) lost every neighbour and looks still in the picture: the others keep 9"
    assert one.finding["sentence"] == f"{said} of 10 on average."
    assert one.finding["picture"] == "side_by_side"
    assert one.finding["example"] == "w17: next to w16, now to w15"
