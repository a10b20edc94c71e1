"""Limits of how far two populations may be apart, as a gate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from emblink.errors import InputError
from emblink.gate._check import Check, Status, least
from emblink.gate._decide import Gate, verdict_of, why_of
from emblink.gate._policy import POPULATION_LIMITS, Policy
from emblink.types import PopulationPair, PopulationsReport
from emblink.wording.gate import OF_PARTNERS, at_most_words, in_new_groups, populations_apart

DEFAULTS = {"max_drift": 0.05, "max_new_share": 0.05}
"""Limits where a policy sets none of populations."""


def gate_of_populations(
    report: PopulationsReport,
    policy: Policy | None = None,
    *,
    old: str | None = None,
    new: str | None = None,
) -> Gate:
    """Hold what was found of two populations against limits.

    Parameters
    ----------
    report : PopulationsReport
    policy : Policy, optional
        Only ``max_drift``, ``max_new_share``, ``min_partner_recall`` and ``undecided`` are of
        populations; where it sets none of these, 5 % of drift and 5 % of new items are allowed.
    old, new : str, optional
        The populations, where there are several pairs.

    Returns
    -------
    Gate

    Raises
    ------
    InputError
        It is not clear which pair is meant, or ``min_partner_recall`` is asked of populations
        without ids in common.
    """
    policy = policy or Policy()
    pair = _pair(report["pairs"], old, new)
    limits = {name: getattr(policy, name) for name in POPULATION_LIMITS}
    if not any(value is not None for value in limits.values()):
        limits |= DEFAULTS
    held = [*_drift(pair, limits), *_new(pair, limits), *_partners(pair, limits)]
    verdict = verdict_of(held, policy)
    findings = [one["sentence"] for one in pair["findings"] if one["sure"]]
    return Gate(
        pair["a"],
        pair["b"],
        verdict,
        why_of(held, verdict),
        pair["sentence"],
        held,
        findings,
        _numbers(pair),
    )


def _pair(pairs: Sequence[PopulationPair], old: str | None, new: str | None) -> PopulationPair:
    found = [one for one in pairs if old in (None, one["a"]) and new in (None, one["b"])]
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"{one['a']} → {one['b']}" for one in pairs)
    what = "several pairs could be meant" if found else "there is no such pair"
    raise InputError(f"{what}; name one with --old and --new. Pairs: {there}")


def _drift(pair: PopulationPair, limits: dict[str, float | None]) -> Iterator[Check]:
    bound = limits["max_drift"]
    if bound is None:
        return
    low, high = pair["apart_interval"]
    yield _most(
        "max_drift",
        pair["apart"],
        (low, high),
        bound,
        populations_apart(pair["apart"]),
    )


def _new(pair: PopulationPair, limits: dict[str, float | None]) -> Iterator[Check]:
    bound = limits["max_new_share"]
    if bound is None:
        return
    groups = [one for one in pair["groups"] if one["kind"] == "new"]
    share = sum(one["share_b"] for one in groups)
    ends = None
    if groups:
        reach = [sum(one["share_b"] - one["interval_b"][0] for one in groups)]
        reach.append(sum(one["interval_b"][1] - one["share_b"] for one in groups))
        ends = max(0.0, share - reach[0]), min(1.0, share + reach[1])
    yield _most("max_new_share", share, ends, bound, in_new_groups(share, pair["b"]))


def _partners(pair: PopulationPair, limits: dict[str, float | None]) -> Iterator[Check]:
    bound = limits["min_partner_recall"]
    if bound is None:
        return
    partners = pair.get("partners")
    if partners is None:
        raise InputError(
            "min_partner_recall asks for ids that both populations have, and "
            f"{pair['a']} and {pair['b']} have none in common; name the column of ids with --id"
        )
    way = min((partners["there"], partners["back"]), key=lambda one: one["recall_at_1"])
    low, high = way["interval"]
    yield least("min_partner_recall", way["recall_at_1"], (low, high), bound, OF_PARTNERS)


def _most(
    limit: str, value: float, ends: tuple[float, float] | None, bound: float, what: str
) -> Check:
    low, high = ends or (value, value)
    status: Status = "pass" if high <= bound else "fail" if low > bound else "undecided"
    return Check(limit, status, at_most_words(what, ends, bound), "", value, bound, ends)


def _numbers(pair: PopulationPair) -> dict[str, float]:
    found = {"apart": pair["apart"], "apart_rest": pair["rest"], "gap": pair["gap"]}
    for kind, share in (("new", "share_b"), ("vanished", "share_a")):
        held = [one[share] for one in pair["groups"] if one["kind"] == kind]  # type: ignore[literal-required]
        found[f"{kind}_share"] = float(sum(held))
    found["groups"] = float(len(pair["groups"]))
    if (partners := pair.get("partners")) is not None:
        found["partner_recall"] = partners["there"]["recall_at_1"]
        found["partner_recall_back"] = partners["back"]["recall_at_1"]
    return found
