"""Whether a new space may take an old one's place: one verdict of all limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from emblink.errors import InputError
from emblink.gate._check import FEWEST, Check, Evidence, covered
from emblink.gate._label_limits import labels_within
from emblink.gate._limits import checks
from emblink.gate._policy import Policy
from emblink.types import PairReport, PairSearches, Report
from emblink.wording.gate import (
    NOT_BY_LABELS,
    NOT_SHUFFLED,
    too_few_to_judge,
    why_failed,
    why_passed,
    why_undecided,
)

Verdict = Literal["pass", "fail", "undecided", "not comparable"]
EXITS: Mapping[Verdict, int] = {"pass": 0, "fail": 1, "undecided": 3, "not comparable": 4}
"""Exit statuses; 2 is for what was given wrong."""


@dataclass(frozen=True)
class Gate:
    """A verdict, and what it rests on.

    Attributes
    ----------
    a, b : str
        The old space and the new one.
    verdict : {"pass", "fail", "undecided", "not comparable"}
    why : str
        In one line.
    answer : str
        What the comparison says of the pair.
    checks : list of Check
    within : list of Check
        Of each label that is held to a limit and within it.
    findings : list of str
        What stands out, for who must look.
    numbers : dict of str to float
        The pair's scores by name, and its size.
    """

    a: str
    b: str
    verdict: Verdict
    why: str
    answer: str
    checks: list[Check] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    numbers: dict[str, float] = field(default_factory=dict)
    within: list[Check] = field(default_factory=list)

    @property
    def exit(self) -> int:
        """The exit status of a command: 0, 1, 3 or 4."""
        return EXITS[self.verdict]


def pair_to_judge(report: Report, a: str | None = None, b: str | None = None) -> PairReport:
    """Return the pair that a gate is about.

    Parameters
    ----------
    report : Report
    a, b : str, optional
        The old space and the new one; by default those of the only pair that is no space and its
        replicate.

    Returns
    -------
    PairReport

    Raises
    ------
    InputError
        There is no such pair, or there are several.
    """
    replicate_of = {space["name"]: space.get("replicate_of") for space in report["spaces"]}
    replicates = {name for name, of in replicate_of.items() if of is not None}
    found = [
        pair
        for pair in report["pairs"]
        if (a is None or pair["a"] == a)
        and (b is None or pair["b"] == b)
        and (a is not None or pair["a"] not in replicates)
        and (b is not None or pair["b"] not in replicates)
    ]
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"{pair['a']} → {pair['b']}" for pair in report["pairs"]) or "none"
    what = "several pairs could be meant" if found else "there is no such pair"
    raise InputError(f"{what}; name one with --old and --new. Pairs: {there}")


def decide(
    report: Report,
    policy: Policy | None = None,
    *,
    old: str | None = None,
    new: str | None = None,
    accepted: Report | None = None,
    must_keep: Sequence[str] = (),
    kept: Mapping[str, float] | None = None,
) -> Gate:
    """Hold the report of a comparison against limits.

    Parameters
    ----------
    report : Report
    policy : Policy, optional
        By default: interchangeable, or no larger than between runs of one recipe; quality kept and
        no label worse, where there are labels; 99 % of the items there.
    old, new : str, optional
        The spaces, where there are several pairs.
    accepted : Report, optional
        Of a comparison that was accepted: what is no worse than there passes.
    must_keep : sequence of str
        Ids that must keep their neighbours.
    kept : mapping of id to float, optional
        The share of their neighbours that these kept.

    Returns
    -------
    Gate

    Raises
    ------
    InputError
        A limit asks for what the comparison lacks, or it is not clear which pair is meant.
    """
    policy = policy or Policy()
    policy.refuse_populations()
    pair = pair_to_judge(report, old, new)
    a, b = pair["a"], pair["b"]
    findings = [one["sentence"] for one in pair.get("findings", [])]
    reason = _incomparable(pair)
    if reason:
        return Gate(a, b, "not comparable", reason, pair["answer"], [], findings, _numbers(pair))
    if pair["size"]["grade"] == "too_few":
        verdict = _open(policy)
        why = f"{verdict.capitalize()}: {too_few_to_judge(pair['n_common'], fewest=FEWEST)}"
        return Gate(a, b, verdict, why, pair["answer"], [], [], _numbers(pair))
    before = None if accepted is None else _accepted(accepted, old, new)
    spaces = {space["name"]: space for space in report["spaces"]}
    evidence = Evidence(
        pair,
        before,
        kept or {},
        [*spaces[a]["warnings"], *spaces[b]["warnings"]],
        _searches(report, pair),
        None if accepted is None or before is None else _searches(accepted, before),
    )
    held = checks(evidence, policy, must_keep)
    verdict = verdict_of(held, policy)
    numbers = _numbers(pair) | _search_numbers(evidence.searches)
    why, within = why_of(held, verdict), labels_within(held, pair, policy)
    return Gate(a, b, verdict, why, pair["answer"], held, findings, numbers, within)


def _searches(report: Report, pair: PairReport) -> PairSearches | None:
    held = report["searches"]["pairs"] if "searches" in report else []
    return next((one for one in held if (one["a"], one["b"]) == (pair["a"], pair["b"])), None)


def _search_numbers(searches: PairSearches | None) -> dict[str, float]:
    if searches is None:
        return {}
    found = {name: float(score["value"]) for name, score in searches["scores"].items()}
    found["queries"] = float(searches["n"])
    for level in searches["levels"]:
        found |= {f"{level['measure']}_old": level["a"], f"{level['measure']}_new": level["b"]}
    return found


def _incomparable(pair: PairReport) -> str:
    if pair["compared_by"] == "labels":
        return NOT_BY_LABELS
    if pair["size"]["grade"] == "misaligned":
        return NOT_SHUFFLED
    return ""


def _accepted(report: Report, old: str | None, new: str | None) -> PairReport:
    """Return the pair that was accepted: that of the same names, else the only one."""
    named = any(old in (None, pair["a"]) and new in (None, pair["b"]) for pair in report["pairs"])
    try:
        pair = pair_to_judge(report, old, new) if named else pair_to_judge(report)
    except InputError as error:
        raise InputError(f"the baseline: {error}") from error
    if _incomparable(pair) or pair["size"]["grade"] == "too_few":
        raise InputError(
            f"the baseline {pair['a']} → {pair['b']} accepts nothing: {pair['answer']} "
            "Give a comparison that was accepted"
        )
    return pair


def _open(policy: Policy) -> Verdict:
    return policy.undecided


def verdict_of(held: Sequence[Check], policy: Policy) -> Verdict:
    """Return the verdict of all limits."""
    found = {one.status for one in held}
    if "fail" in found:
        return "fail"
    return _open(policy) if "undecided" in found else "pass"


def why_of(held: Sequence[Check], verdict: Verdict) -> str:
    """Say a verdict in one line."""
    n_open = sum(one.status == "undecided" for one in held)
    if verdict == "fail":
        failed = [one.limit for one in held if one.status == "fail"]
        return why_failed(failed, n_limits=len(held), n_open=n_open)
    words = why_undecided if verdict == "undecided" else why_passed
    return words(len(held), n_open)


def _numbers(pair: PairReport) -> dict[str, float]:
    found = {name: float(score["value"]) for name, score in pair["scores"].items()}
    for name in ("w", "first_changed", "index_kept"):
        if name in pair["size"]:
            found[f"size_{name}"] = float(pair["size"][name])
    found["n_common"] = float(pair["n_common"])
    found["coverage"] = covered(pair)
    found["labels_worse"] = float(sum(one["verdict"] == "worse" for one in pair["labels"]))
    return found
