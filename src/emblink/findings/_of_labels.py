"""Claims of labels: what all have in common, what one did besides, and what two did."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from emblink.findings._claim import Claim
from emblink.findings._evidence import Evidence
from emblink.types import IntArray, LabelPairReport, LabelReport, PairReport
from emblink.wording import (
    IN_ANOTHER_ORDER,
    INNER_ORDER,
    accuracy_words,
    all_labels,
    change,
    clearer_words,
    items,
    label_name,
    labels_apart,
    neighbours_are,
    reordered,
    taken_for,
    typical_label,
    within_words,
)

LEAST = 0.02
"""Of a label's share of its neighbours, the least change beside others' that is worth telling."""
_COMMON = 0.05
"""The same of what all labels have in common."""
_MOST_KEPT = 0.5
"""Of what a typical label kept within, the most that a label in another order keeps."""
_TELLING = 0.03
"""A change of accuracy that is told in place of one of neighbours."""


def label_claims(report: PairReport, evidence: Evidence) -> list[Claim]:
    """Return what is claimed of labels: of all, of each, and of two.

    Parameters
    ----------
    report : PairReport
    evidence : Evidence

    Returns
    -------
    list of Claim
    """
    common = report.get("label_shift", {}).get("purity", 0.0)
    found = [_of_all(report, evidence, common)]
    found += _orders(report["labels"], evidence)
    found += [_of_one(one, evidence, common) for one in report["labels"]]
    found += [_of_two(one, evidence) for one in report["label_pairs"]]
    return [one for one in found if one is not None and one.n]


def _of_all(report: PairReport, evidence: Evidence, common: float) -> Claim | None:
    verdict = report["quality"]["verdict"] if "quality" in report else "undecided"
    told = LEAST if verdict in ("lost", "better") else _COMMON
    if abs(common) < told or evidence.labels is None:
        return None
    rows = np.flatnonzero(evidence.labels >= 0)
    typical = (
        float(np.median([one["purity_a"] for one in report["labels"]])),
        float(np.median([one["purity_b"] for one in report["labels"]])),
    )
    closer = common > 0
    facts = [typical_label(*typical)]
    accuracy = evidence.accuracy(rows)
    if accuracy is not None and abs(accuracy[1] - accuracy[0]) >= LEAST:
        facts.insert(0, accuracy_words(*accuracy))
    apart = report.get("label_shift", {}).get("separation", 0.0)
    if apart <= -2 * math.log(1.5):
        facts.append(labels_apart(math.exp(-apart / 2)))
    return Claim(
        kind="all_labels",
        title=f"all labels {clearer_words(closer)}",
        who=all_labels(len(report["labels"])),
        did=f"became {clearer_words(closer)}",
        facts=tuple(facts),
        rows=rows,
        far=abs(common),
    )


def _orders(labels: Sequence[LabelReport], evidence: Evidence) -> list[Claim]:
    """Of labels that stayed together, and whose items have other neighbours among themselves.

    Only those that kept at most half of what a typical label kept: reordering may be common to all.
    """
    kept = {one["label"]: _kept_within(one) for one in labels}
    typical = float(np.median([one for one in kept.values() if one is not None] or [0.0]))
    found = []
    for one in labels:
        stay = kept[one["label"]]
        if one.get("note") == INNER_ORDER and stay is not None and stay <= _MOST_KEPT * typical:
            found.append(_order(one, stay, evidence.of_label(one["label"])))
    return found


def _kept_within(one: LabelReport) -> float | None:
    if "within_overlap" not in one or "within_chance" not in one:
        return None
    chance = one["within_chance"]
    return max(0.0, (one["within_overlap"] - chance) / (1.0 - chance)) if chance < 1 else None


def _order(one: LabelReport, kept: float, rows: IntArray) -> Claim:
    name = label_name(one["label"])
    return Claim(
        kind="order",
        title=reordered(name),
        who=f"{name} ({len(rows):,})",
        did=IN_ANOTHER_ORDER,
        facts=(within_words(one["within_overlap"]),),
        rows=rows,
        far=min(one["purity_a"], one["purity_b"]) * (1.0 - kept),
        subjects=frozenset([one["label"]]),
        labels=(one["label"],),
    )


def _of_one(one: LabelReport, evidence: Evidence, common: float) -> Claim | None:
    better = one["verdict"] == "better"
    beside = (one["delta"] - common) * (1 if better else -1)
    if one["verdict"] not in ("better", "worse") or beside < LEAST:
        return None
    rows = evidence.of_label(one["label"])
    name = label_name(one["label"])
    return Claim(
        kind="label",
        title=f"{name} {clearer_words(better)}",
        who=f"{name} ({one['n']:,})",
        did=f"became {clearer_words(better)}",
        facts=(label_fact(one, evidence),),
        rows=rows,
        far=beside,
        p=one.get("p"),
        subjects=frozenset([one["label"]]),
        labels=(one["label"],),
        size=one["n"],
        better=better,
    )


def label_fact(one: LabelReport, evidence: Evidence) -> str:
    """Say how much a label changed: by accuracy where that tells, else by its neighbours.

    Parameters
    ----------
    one : LabelReport
    evidence : Evidence

    Returns
    -------
    str
    """
    accuracy = evidence.accuracy(evidence.of_label(one["label"]))
    if accuracy is not None:
        by = accuracy[1] - accuracy[0]
        if abs(by) >= _TELLING and (by > 0) == (one["verdict"] == "better"):
            return accuracy_words(*accuracy)
    return neighbours_are(one["purity_a"], one["purity_b"], "their own")


def _of_two(one: LabelPairReport, evidence: Evidence) -> Claim | None:
    if one["verdict"] == "same":
        return None
    names = [label_name(one["first"]), label_name(one["second"])]
    together = one["verdict"] == "drawn_together"
    mixed = one["mixing_b"] - one["mixing_a"]
    taken = [b - a for a, b in zip(one["confusion_a"], one["confusion_b"], strict=True)]
    most = max((0, 1), key=lambda at: abs(taken[at]))
    fact = neighbours_are(one["mixing_a"], one["mixing_b"], "the other's")
    if abs(taken[most]) > max(abs(mixed), LEAST):
        share = change(one["confusion_a"][most], one["confusion_b"][most])
        fact = taken_for(share, names[most], names[1 - most])
    far = max(abs(mixed), abs(taken[most]))
    rows = np.union1d(evidence.of_label(one["first"]), evidence.of_label(one["second"]))
    if far < LEAST / 2:
        return None
    return Claim(
        kind="label_pair",
        title=f"{names[0]} and {names[1]} {'closer' if together else 'apart'}",
        who=f"{names[0]} and {names[1]} ({items(len(rows))})",
        did="came closer" if together else "came apart",
        facts=(fact,),
        rows=rows,
        far=far,
        p=one.get("p"),
        subjects=frozenset([one["first"], one["second"]]),
        closer=together,
    )
