"""What stands out of a report, as lines of words."""

from __future__ import annotations

from collections import Counter

from emblink.types import FindingReport, PairReport, Report
from emblink.wording import OLDER, counted, none_of_pairs, percent

MOST_ANSWERED = 6
"""Pairs whose answers stand by themselves; of more the sizes are counted."""


def findings_of(report: Report) -> list[FindingReport]:
    """Return what stands out of a whole comparison, or of its only pair."""
    pairs = report["pairs"]
    return report.get("findings", []) if len(pairs) != 1 else pairs[0].get("findings", [])


def has_findings(report: Report) -> bool:
    """Whether findings were sought: not in bundles of an older Emblink."""
    return any("findings" in pair for pair in report["pairs"])


def nothing_words(report: Report) -> str:
    """Say that nothing stands out, of the only pair or of any."""
    pairs = judged_pairs(report)
    if not has_findings(report):
        return OLDER
    if len(pairs) == 1:
        return pairs[0].get("nothing", "")
    return none_of_pairs(len(pairs))


def where(finding: FindingReport) -> str:
    """Name the pair of a finding, and how many others show the same."""
    others = finding.get("pairs", [])
    more = f", and {counted(len(others), 'other pair')}" if others else ""
    return f"{finding['a']} → {finding['b']}{more}"


def doubt(finding: FindingReport) -> str:
    """Say of a finding that it may be chance; "" of one that is sure."""
    return "" if finding["sure"] else finding["how_sure"].partition(";")[0].rstrip(".") + "."


def answers(report: Report) -> list[tuple[str, str]]:
    """Return a name and an answer for each pair; of many pairs, for the most and the least alike.

    Pairs of a space and its replicate, by which the others are judged, are left out where there
    are others.
    """
    pairs = judged_pairs(report)
    if len(pairs) <= MOST_ANSWERED:
        return [(_name(pair), pair["answer"]) for pair in pairs]
    sized = sorted((one for one in pairs if "w" in one["size"]), key=lambda one: one["size"]["w"])
    grades = Counter(one["size"]["grade"].replace("_", " ") for one in pairs)
    said = ", ".join(f"{n:,} {grade}" for grade, n in grades.most_common())
    hold = sum(pair["answer"].startswith("Hold") for pair in pairs)
    lines = [(counted(len(pairs), "pair"), f"{said}{f'; {hold:,} to hold' if hold else ''}.")]
    if sized:
        lines += [("Most alike", _extreme(sized[0])), ("Least alike", _extreme(sized[-1]))]
    return lines


def judged_pairs(report: Report) -> list[PairReport]:
    """Return the pairs that are no space and its replicate; all, where there are no others."""
    replicates = {space["name"]: space.get("replicate_of") for space in report["spaces"]}
    judged = [
        pair
        for pair in report["pairs"]
        if replicates.get(pair["b"]) != pair["a"] and replicates.get(pair["a"]) != pair["b"]
    ]
    return judged or report["pairs"]


def _extreme(pair: PairReport) -> str:
    score = pair["scores"].get("neighborhood_overlap")
    stay = "" if score is None else f": {percent(score['value'])} of neighbours stay"
    return f"{_name(pair)}{stay}."


def _name(pair: PairReport) -> str:
    return f"{pair['a']} → {pair['b']}"


def unwitnessed(report: Report) -> bool:
    """Whether no rerun says what noise does, of a comparison that shows something."""
    return not any("replicate_of" in space for space in report["spaces"])
