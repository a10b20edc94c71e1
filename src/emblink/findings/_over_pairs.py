"""What stands out of a whole comparison: the findings of its pairs, the same items told once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from emblink.findings._find import MOST, Found, order
from emblink.findings._told import SAME, jaccard
from emblink.types import FindingPair, FindingReport, PairReport
from emblink.wording import AS_COUNTED, step_sentence, step_title

_STANDS_OUT = 1.5
"""Times the typical loss of the other steps, from which on one step holds most of the change."""
HEADLINE = "neighborhood_overlap"


def comparison_findings(
    reports: Sequence[PairReport], found: Sequence[Sequence[Found]]
) -> list[FindingReport]:
    """Rank what stands out of all pairs.

    Parameters
    ----------
    reports : sequence of PairReport
        Of the pairs, without those of a space and its replicate.
    found : sequence of sequence of Found
        Of the same pairs.

    Returns
    -------
    list of FindingReport
        At most 9. Items that another pair shows as well are told where they come first, which
        names those pairs.
    """
    every = [one for of_pair in found for one in of_pair]
    kept: list[tuple[Found, list[FindingPair]]] = []
    for one in sorted(every, key=lambda one: order(one.finding)):
        same = next((old for old in kept if _same(old[0], one)), None)
        if same is None:
            kept.append((one, []))
        else:
            _add_pair(*same, other=one.finding)
    told = _spread_out([_with_pairs(one.finding, pairs) for one, pairs in kept], len(reports))
    return [*_step(reports), *told][:MOST]


def _spread_out(findings: list[FindingReport], n_pairs: int) -> list[FindingReport]:
    """Leave out what is beyond a third of the list from one pair, of three pairs and more."""
    if n_pairs < 3:
        return findings
    counts: dict[tuple[str, str], int] = {}
    told = []
    for one in findings:
        pair = one["a"], one["b"]
        counts[pair] = counts.get(pair, 0) + 1
        if counts[pair] <= MOST // 3:
            told.append(one)
    return told


def _add_pair(told: Found, pairs: list[FindingPair], *, other: FindingReport) -> None:
    pair = FindingPair(a=other["a"], b=other["b"])
    if pair not in pairs and pair != FindingPair(a=told.finding["a"], b=told.finding["b"]):
        pairs.append(pair)


def _with_pairs(finding: FindingReport, pairs: list[FindingPair]) -> FindingReport:
    return {**finding, "pairs": pairs} if pairs else finding


def _same(one: Found, other: Found) -> bool:
    return len(one.items) > 0 and jaccard(one.items, other.items) >= SAME


def _step(reports: Sequence[PairReport]) -> list[FindingReport]:
    """Of a sequence, the step that holds most of the change."""
    steps = [one for one in reports if HEADLINE in one["scores"]]
    if len(steps) < 3 or not all(one["b"] == other["a"] for one, other in pairwise(steps)):
        return []
    lost = np.array([1.0 - one["scores"][HEADLINE]["value"] for one in steps])
    most = int(lost.argmax())
    others = np.delete(lost, most)
    if lost[most] < _STANDS_OUT * np.median(others):
        return []
    step, n = steps[most], steps[most]["n_common"]
    k = step["scores"][HEADLINE].get("k", 10)
    ends = [1.0 - float(end) for end in (others.max(), others.min())]
    return [
        FindingReport(
            kind="step",
            title=step_title(step["a"], step["b"]),
            sentence=step_sentence(1.0 - float(lost[most]), ends, k),
            how_sure=AS_COUNTED,
            a=step["a"],
            b=step["b"],
            n=n,
            share=1.0,
            far=float(lost[most] - np.median(others)),
            score=float(lost[most] - np.median(others)),
            sure=True,
            provisional=False,
            exemplars=[],
            picture="trails",
            groups=[],
            labels=[],
        )
    ]
