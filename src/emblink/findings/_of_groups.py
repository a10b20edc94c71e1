"""Claims of the change groups of a pair."""

from __future__ import annotations

import numpy as np

from emblink.findings._claim import Claim
from emblink.findings._evidence import Evidence
from emblink.types import Enrichment, GroupReport, IntArray, NeighborShift, PairReport
from emblink.wording import (
    and_mostly,
    as_wide,
    column_value,
    group_did,
    in_groups,
    label_name,
    like,
    mostly_of,
    neighbours_are,
    part_of,
    with_words,
)

_CLEAR = 0.1
"""A change of a label's share of the neighbours that gives a direction."""
_MOST = 0.8
"""Of the members that have a value, the share for them to be called by it alone."""


def group_claims(report: PairReport, evidence: Evidence) -> list[Claim]:
    """Return a claim for each change group of a pair.

    Groups of one label that did the same are one claim.

    Parameters
    ----------
    report : PairReport
    evidence : Evidence

    Returns
    -------
    list of Claim
    """
    if evidence.groups is None:
        return []
    alike: dict[object, list[int]] = {}
    for at, group in enumerate(report["groups"]):
        label = _label_of(at, evidence, least=_MOST)
        key = at if label is None else (label, _did(group, label))
        alike.setdefault(key, []).append(at)
    return [_claim(report["groups"], groups_at, evidence) for groups_at in alike.values()]


def _claim(groups: list[GroupReport], groups_at: list[int], evidence: Evidence) -> Claim:
    assert evidence.groups is not None
    first, label = groups[groups_at[0]], _label_of(groups_at[0], evidence)
    rows = np.flatnonzero(np.isin(evidence.groups, groups_at))
    did, partner = _did(first, label)
    who = _who(groups_at[0], first, rows, label, evidence)
    mostly = "" if label is None or len(groups_at) > 1 else _mostly(first, label, evidence)
    if len(groups_at) > 1:
        who = in_groups(who, len(groups_at))
    elif mostly and who.endswith(")"):
        who = and_mostly(who, mostly)
    shift = _shift(first, partner)
    return Claim(
        kind="group",
        title=first["title"],
        who=who,
        did=did,
        facts=tuple(one for one in (_how_much(first, shift),) if one),
        rows=rows,
        far=_far(rows, shift, evidence),
        p=min(groups[at]["p"] for at in groups_at),
        subjects=frozenset() if label is None else frozenset([label]),
        partners=frozenset() if partner is None else frozenset([partner]),
        mostly=mostly,
        groups=tuple(groups_at),
        picture="side_by_side" if first["type"] in ("contracted", "expanded") else "trails",
    )


def _label_of(at: int, evidence: Evidence, *, least: float = 0.5) -> str | None:
    """Return the label that at least such a share of a group's members carry."""
    if evidence.labels is None or evidence.groups is None:
        return None
    codes = evidence.labels[evidence.groups == at]
    counts = np.bincount(codes[codes >= 0], minlength=len(evidence.label_names))
    if not len(codes) or counts.max(initial=0) < least * len(codes):
        return None
    return evidence.label_names[int(counts.argmax())]


def _main(group: GroupReport) -> Enrichment | None:
    """Return the value that most members have, the rarest of those that as many have."""
    most = [one for one in group["enriched"] if one["n"] >= _MOST * group["n"]]
    return min(most, key=lambda one: one["n_all"], default=None)


def _who(at: int, group: GroupReport, rows: IntArray, label: str | None, evidence: Evidence) -> str:
    if label is not None:
        own = evidence.of_label(label)
        n = int(np.isin(rows, own).sum())
        if n >= _MOST * len(rows):
            return part_of(label_name(label), n, len(own))
        return mostly_of(len(rows), label)
    main = _main(group)
    if main is not None:
        name = column_value(main["column"], main["value"])
        return part_of(name, main["n"], main["n_all"])
    telling = [one for one in group["words"] if 3 * one["n"] >= group["n"]][:2]
    if telling:
        return with_words(len(rows), [one["word"] for one in telling])
    members = evidence.exemplars[at] if evidence.exemplars else []
    names = [one for row in members if (one := evidence.name(row))]
    return like(len(rows), names[0] if names else None)


def _mostly(group: GroupReport, label: str, evidence: Evidence) -> str:
    """Name what most members are besides their label, where that is at most half as common."""
    main = _main(group)
    if main is None or main["value"] == label or 2 * main["n_all"] > len(evidence.of_label(label)):
        return ""
    return column_value(main["column"], main["value"])


def _did(group: GroupReport, label: str | None) -> tuple[str, str | None]:
    """Say what a group did, and with which label it has to do."""
    left, joined = (_clearest(group, sign, label) for sign in (-1, 1))
    kind = group["type"]
    partners = {"merged": joined, "split": left, "moved": joined or left, "carried": joined or left}
    return group_did(kind, left=left, joined=joined), partners.get(kind)


def _clearest(group: GroupReport, sign: int, label: str | None) -> str | None:
    """Return the other label whose share of the neighbours fell (-1) or rose (1) the most."""
    for one in group["shifts"]:
        rose = one["share_b"] - one["share_a"]
        end = one["share_b"] if sign > 0 else one["share_a"]
        if sign * rose >= _CLEAR and end > one["chance"] and one["label"] != label:
            return one["label"]
    return None


def _shift(group: GroupReport, partner: str | None) -> NeighborShift | None:
    return next((one for one in group["shifts"] if one["label"] == partner), None)


def _how_much(group: GroupReport, shift: NeighborShift | None) -> str:
    seen = group["evidence"]
    if shift is not None:
        return neighbours_are(shift["share_a"], shift["share_b"], label_name(shift["label"]))
    if group["type"] in ("contracted", "expanded"):
        return as_wide(seen["spread_b"] / seen["spread_a"] if seen["spread_a"] else 1.0)
    return neighbours_are(seen["inner_a"], seen["inner_b"], "their own")


def _far(rows: IntArray, shift: NeighborShift | None, evidence: Evidence) -> float:
    """Return the greatest of three: neighbours lost beyond others, a label's share, straying."""
    share = 0.0 if shift is None else abs(shift["share_b"] - shift["share_a"])
    strayed = 0.0
    if evidence.strayed is not None and len(rows):
        typical = float(np.median(evidence.strayed[rows]))
        strayed = 1.0 - 1.0 / typical if typical > 1.0 else 0.0
    return max(evidence.lost_beside_others(rows), share, strayed)
