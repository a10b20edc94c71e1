"""How sure the change groups of several pairs are, taken together."""

from __future__ import annotations

from collections.abc import Sequence

from emblink.stats import holm
from emblink.types import GroupReport, PairReport
from emblink.wording import counted, probability


def allow_for_pairs(reports: Sequence[PairReport]) -> None:
    """Put into the groups of each pair their p, adjusted for the number of pairs.

    Holm's procedure over the surest group of every pair in which groups were sought; a pair without
    any counts with a p of 1. Groups of a single pair are left as they are.

    Parameters
    ----------
    reports : sequence of PairReport
        Of pairs that are no reference for others; their groups are replaced.
    """
    sought = [one for one in reports if one.get("group_search", {}).get("n_permutations")]
    if len(sought) < 2:
        return
    least = [min((group["p"] for group in one["groups"]), default=1.0) for one in sought]
    for report, p, after in zip(sought, least, holm(least).tolist(), strict=True):
        by = after / p
        report["groups"] = [_adjusted(one, by=by, n=len(sought)) for one in report["groups"]]


def _adjusted(group: GroupReport, *, by: float, n: int) -> GroupReport:
    p = min(1.0, by * group["p"])
    before, after = probability(group["p"]), probability(p)
    said = group["sentence"]
    if before != after:
        said = f"{said.removesuffix(f'{before}.')}{after}, allowing for {counted(n, 'pair')}."
    return {**group, "p_adjusted": p, "sentence": said}
