"""Limits of what labels may lose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from emblink.errors import InputError
from emblink.gate._check import Check, Evidence, Status, pair_of, same_vectors, too_few
from emblink.gate._policy import Policy
from emblink.types import LabelReport, PairReport
from emblink.wording import (
    named,
    quoted,
)
from emblink.wording.gate import (
    few_were_judged,
    label_gone,
    label_got_worse,
    label_loss,
    label_stays,
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
        few = [one for one in labels.values() if one["verdict"] == "too_few"]
        said = _too_few_judged(evidence.pair, few) if guarded else ""
        words = said or none_got_worse(len(labels) - len(few), n_unjudged=len(few))
        yield Check("labels", "undecided" if said else "pass", words)
    yield from _losses(evidence.pair, before, policy)


def labels_gone(evidence: Evidence, policy: Policy) -> Iterator[Check]:
    """Fail each label that is held to a limit and gone."""
    before = evidence.accepted.get("labels_gone", []) if evidence.accepted else []
    for name in evidence.pair.get("labels_gone", []):
        if name not in before and _held(name, policy):
            yield Check("labels", "fail", label_gone(name), about=name)


def labels_within(held: Sequence[Check], pair: PairReport, policy: Policy) -> list[Check]:
    """Return a check for each label that is held to a limit and within it.

    Parameters
    ----------
    held : sequence of Check
        What was found of the pair.
    pair : PairReport
    policy : Policy

    Returns
    -------
    list of Check
    """
    if too_few(pair) and not same_vectors(pair):
        return []
    told = {(one.limit, one.about) for one in held}
    found = []
    for one in pair["labels"]:
        name = one["label"]
        judged = {
            "labels": _held(name, policy) and one["verdict"] != "too_few",
            "max_label_loss": policy.max_label_loss is not None and "interval" in one,
        }
        found += [
            Check(limit, "pass", label_stays(one), name, one["delta"])
            for limit, is_judged in judged.items()
            if is_judged and (limit, name) not in told
        ]
    return found


def _held(name: str, policy: Policy) -> bool:
    return policy.labels == "none worse" or name in policy.protected_labels


def _too_few_judged(pair: PairReport, unjudged: Sequence[LabelReport]) -> str:
    """Say so where the labels that are judged hold less than half of the items with one."""
    n_items = sum(one["n"] for one in pair["labels"])
    n_judged = n_items - sum(one["n"] for one in unjudged)
    if 2 * n_judged >= n_items or same_vectors(pair):
        return ""
    return few_were_judged(n_judged, n_items, n_unjudged=len(unjudged))


def _no_worse(one: LabelReport, before: LabelReport | None) -> bool:
    """Whether a label that was accepted as worse is no worse now than that may have been."""
    if before is None or before["verdict"] != "worse":
        return False
    low = before.get("interval", [before["delta"]])[0]
    return one["delta"] >= low


def _losses(pair: PairReport, before: Mapping[str, LabelReport], policy: Policy) -> Iterator[Check]:
    labels = pair["labels"]
    most = policy.max_label_loss
    if most is None:
        return
    if not labels:
        raise InputError(
            "max_label_loss asks for labels, and this comparison has none: name --label"
        )
    found = []
    for one in labels:
        name = one["label"]
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
    if said := _too_few_judged(pair, [one for one in labels if "interval" not in one]):
        yield Check("max_label_loss", "undecided", said, bound=most)
    elif found and all(one.status == "pass" for one in found):
        yield Check(
            "max_label_loss",
            "pass",
            none_lost_more(len(found), most=most, n_unjudged=len(labels) - len(found)),
            bound=most,
        )
