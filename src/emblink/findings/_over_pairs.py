"""What stands out of a whole comparison: the findings of its pairs, the same items told once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from emblink.findings._find import MOST, Found, order
from emblink.findings._told import SAME, jaccard
from emblink.findings._words import of_ten
from emblink.types import Finding, FindingPair, PairReport

_STANDS_OUT = 1.5
"""Times the typical loss of the other steps, from which on one step holds most of the change."""
HEADLINE = "neighborhood_overlap"


def comparison_findings(
    reports: Sequence[PairReport], found: Sequence[Sequence[Found]]
) -> list[Finding]:
    """Rank what stands out of all pairs.

    Parameters
    ----------
    reports : sequence of PairReport
        Of the pairs, without those of a space and its replicate.
    found : sequence of sequence of Found
        Of the same pairs.

    Returns
    -------
    list of Finding
        At most 9; empty for fewer than two pairs. Items that another pair shows as well are told
        where they come first, which names those pairs.
    """
    if len(reports) < 2:
        return []
    ranked = sorted((one for of_pair in found for one in of_pair), key=lambda one: order(one.finding))
    kept: list[tuple[Found, list[FindingPair]]] = []
    for one in ranked:
        same = next((old for old in kept if _same(old[0], one)), None)
        pair = FindingPair(a=one.finding["a"], b=one.finding["b"])
        if same is None:
            kept.append((one, []))
        elif pair not in same[1] and pair != {key: same[0].finding[key] for key in ("a", "b")}:  # type: ignore[literal-required]
            same[1].append(pair)
    told: list[Finding] = [
        Finding(**one.finding, pairs=pairs) if pairs else one.finding for one, pairs in kept
    ]
    return [*_step(reports), *told][:MOST]


def _same(one: Found, other: Found) -> bool:
    return len(one.items) > 0 and jaccard(one.items, other.items) >= SAME


def _step(reports: Sequence[PairReport]) -> list[Finding]:
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
    stay = of_ten(1.0 - float(lost[most]), k)
    rest = sorted({of_ten(1.0 - float(end), k) for end in (others.max(), others.min())}, key=float)
    return [
        Finding(
            kind="step",
            title=f"most changes at {step['a']} → {step['b']}",
            sentence=f"Most changes at this step: {stay} of {k} neighbours stay, at the others "
            f"{' to '.join(rest)}.",
            how_sure="As counted.",
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
