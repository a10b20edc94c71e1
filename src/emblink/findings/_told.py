"""Claims of the same items, told as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from emblink.findings._claim import Claim
from emblink.findings._evidence import Evidence
from emblink.findings._of_labels import LEAST, label_fact
from emblink.types import IntArray, PairReport
from emblink.wording import ACCURACY, label_name, of_them

SAME = 0.5
"""Jaccard index from which on two sets of items are the same ones."""
_PART = 0.25
"""Of a label's items, the share in a group from which on the label's own claim is the group's."""


def jaccard(one: IntArray, other: IntArray) -> float:
    """Return the share of the items in either set that are in both.

    Parameters
    ----------
    one, other : array
        Ascending rows.

    Returns
    -------
    float
    """
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / max(1, len(one) + len(other) - shared)


def told_once(
    report: PairReport, groups: Sequence[Claim], labels: Sequence[Claim], evidence: Evidence
) -> list[Claim]:
    """Join the claims of groups and of labels that are of the same items.

    A label's claim and those of groups of that label are one: of the group, where it holds a
    quarter of the label's items, else of the label. A label is told as well by the group that
    joined it or left it, and two labels by the group that went from the one to the other, or by
    either label where one changed. Two groups of the same items are one.

    Parameters
    ----------
    report : PairReport
    groups, labels : sequence of Claim
    evidence : Evidence

    Returns
    -------
    list of Claim
    """
    verdicts = {one["label"]: one for one in report["labels"]}
    told: list[Claim] = [one for one in labels if one.kind in ("order", "all_labels")]
    for group in sorted(groups, key=lambda one: -len(one.rows)):
        told = _add_group(told, group)
    for claim in labels:
        if claim.kind == "label":
            told = _add_label(told, claim, label_fact(verdicts[claim.labels[0]], evidence))
    facts = {name: label_fact(one, evidence) for name, one in verdicts.items()}
    twos = [one for one in labels if one.kind == "label_pair"]
    for claim in sorted(twos, key=lambda one: -one.far):
        told = _add_two(told, claim, facts)
    return told


def _add_group(told: list[Claim], group: Claim) -> list[Claim]:
    for at, one in enumerate(told):
        if one.kind == "order" and np.isin(group.rows, one.rows).mean() > SAME:
            return _replaced(told, at, one.with_facts(group, _piece(group)))
        if one.kind == "group" and jaccard(one.rows, group.rows) >= SAME:
            return _replaced(told, at, one.with_facts(group))
    return [*told, group]


def _piece(group: Claim) -> str:
    """Say what some of a label's items did, as a part of what the label did."""
    return of_them(len(group.rows), group.mostly, group.did)


def _add_label(told: list[Claim], claim: Claim, fact: str) -> list[Claim]:
    """Add what became of a label to what is told of it, or of the group that joined or left it."""
    own = [at for at, one in enumerate(told) if one.subjects == claim.subjects]
    held = {at: len(np.intersect1d(told[at].rows, claim.rows)) / claim.n for at in own}
    for at in own:
        if told[at].kind == "order":
            return _replaced(told, at, replace(told[at], labels=(*told[at].labels, *claim.labels)))
        if held[at] >= _PART:
            joined = told[at].with_facts(claim)
            facts = (fact, *joined.facts) if fact.startswith(ACCURACY) else joined.facts
            return _replaced(told, at, replace(joined, facts=facts))
    if own:
        for at in own:
            claim = claim.with_facts(told[at], _piece(told[at]))
        return [*(one for at, one in enumerate(told) if at not in own), claim]
    for at, one in enumerate(told):
        joins = one.kind == "group" and claim.subjects <= one.partners and one.subjects
        if joins and claim.better == one.did.startswith("split"):
            said = f"{label_name(claim.labels[0])}: {fact}"
            return _replaced(told, at, one.with_facts(claim, said))
    return [*told, claim]


def _add_two(told: list[Claim], claim: Claim, facts: Mapping[str, str]) -> list[Claim]:
    """Add that two labels came closer, or apart, to what is told of either."""
    both = [one for one in told if one.kind == "label" and one.subjects < claim.subjects]
    if len(both) == _TWO and all(_explains(claim, one) for one in both):
        for one in both:
            said = f"{label_name(one.labels[0])}: {facts[one.labels[0]]}"
            claim = claim.with_facts(one, said)
        return [*(one for one in told if one not in both), claim]
    for at, one in enumerate(told):
        shared = one.subjects & claim.subjects
        if not shared or one.kind not in ("group", "label", "label_pair"):
            continue
        if claim.subjects <= one.subjects | one.partners:
            return _replaced(told, at, one.with_facts(claim))
        if one.kind == "label":
            other = label_name(next(iter(claim.subjects - shared)))
            bond = f"closer to {other}" if claim.closer else f"farther from {other}"
            return _replaced(told, at, one.with_facts(claim, bond))
        if one.kind == "group":  # where a label went, it is nearer to some, and farther from others
            return told
    return [*told, claim]


_TWO = 2
_MOST_OF = 0.5


def _explains(claim: Claim, label: Claim) -> bool:
    """Whether what became of a label is that it came closer to another one, or came apart."""
    alone = not label.parts and claim.far >= max(LEAST, _MOST_OF * label.far)
    return alone and label.better != claim.closer


def _replaced(told: list[Claim], at: int, claim: Claim) -> list[Claim]:
    return [*told[:at], claim, *told[at + 1 :]]
