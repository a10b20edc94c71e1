"""Limits of what labels may lose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from emblink.errors import InputError
from emblink.gate._check import Check, Evidence, Status, pair_of
from emblink.gate._policy import Policy
from emblink.types import LabelReport
from emblink.wording import (
    named,
    quoted,
)
from emblink.wording.gate import (
    label_gone,
    label_got_worse,
    label_loss,
    label_too_few,
    none_got_worse,
    none_lost_more,
)


def of_labels(evidence: Evidence, policy: Policy) -> Iterator[Check]:
    """Hold the limits of labels against a pair."""
    labels = {one["label"]: one for one in evidence.pair["labels"]}
    before = {one["label"]: one for one in evidence.accepted["labels"]} if evidence.accepted else {}
    unknown = [name for name in policy.protected_labels if name not in labels]
    gone = evidence.pair.get("labels_gone", [])
    missing = [name for name in unknown if name not in gone]
    if missing:
        raise InputError(
            f"protected_labels names {named([quoted(name) for name in missing])}, which no item "
            f"has; labels: {named([quoted(name) for name in labels]) or 'none (name --label)'}"
        )
    guarded = policy.labels == "none worse"
    gone_before = evidence.accepted.get("labels_gone", []) if evidence.accepted else []
    for name in gone:
        if name not in gone_before and (guarded or name in policy.protected_labels):
            yield Check("labels", "fail", label_gone(name), about=name)
    worse = [one for one in labels.values() if one["verdict"] == "worse"]
    for one in worse:
        if guarded or one["label"] in policy.protected_labels:
            accepted = _no_worse(one, before.get(one["label"]))
            yield Check(
                "labels",
                "pass" if accepted else "fail",
                label_got_worse(one, accepted=accepted),
                about=one["label"],
                value=one["delta"],
                interval=pair_of(one.get("interval")),
            )
    for name in policy.protected_labels:
        if name in labels and labels[name]["verdict"] == "too_few":
            yield Check(
                "labels",
                "undecided",
                label_too_few(name, labels[name]["n"]),
                about=name,
            )
    if labels and not worse and not gone and (guarded or policy.protected_labels):
        n_few = sum(one["verdict"] == "too_few" for one in labels.values())
        words = none_got_worse(len(labels) - n_few, n_unjudged=n_few)
        yield Check("labels", "pass", words)
    yield from _losses(labels, before, policy)


def _no_worse(one: LabelReport, before: LabelReport | None) -> bool:
    """Whether a label that was accepted as worse is no worse now than that may have been."""
    if before is None or before["verdict"] != "worse":
        return False
    low = before.get("interval", [before["delta"]])[0]
    return one["delta"] >= low


def _losses(
    labels: Mapping[str, LabelReport], before: Mapping[str, LabelReport], policy: Policy
) -> Iterator[Check]:
    most = policy.max_label_loss
    if most is None:
        return
    if not labels:
        raise InputError(
            "max_label_loss asks for labels, and this comparison has none: name --label"
        )
    found = []
    for name, one in labels.items():
        if "interval" not in one:
            continue
        accepted = pair_of(before[name].get("interval")) if name in before else None
        bound = max(most, -accepted[0]) if accepted else most
        low, high = -one["interval"][1], -one["interval"][0]
        status: Status = "pass" if high <= bound else "fail" if low > bound else "undecided"
        words = label_loss(one, bound=bound)
        found.append(
            Check("max_label_loss", status, words, name, -one["delta"], bound, (low, high))
        )
    yield from (one for one in found if one.status != "pass")
    if found and all(one.status == "pass" for one in found):
        yield Check(
            "max_label_loss",
            "pass",
            none_lost_more(len(found), most=most, n_unjudged=len(labels) - len(found)),
            bound=most,
        )
