"""Verdicts and warnings in words that a user can quote."""

from __future__ import annotations

import math

from emblink.measures._alignment import RowAlignment
from emblink.types import MatchedBy, PairVerdict, Score

_FLOOR_NAMES = {"numerical": "numerical floor", "replicate": "another run of the same recipe"}
_FEW_ITEMS = 100
_WIDE_NEIGHBORHOOD = 0.1
_LOW_COVERAGE = 0.5


def percent(share: float) -> str:
    """Write a share as a percentage that never rounds up to 100 nor down to 0.

    Parameters
    ----------
    share : float
        In [0, 1].

    Returns
    -------
    str
    """
    points = 100.0 * share
    if points in (0.0, 100.0) or 9.95 <= points < 99.0:
        return f"{points:.0f} %"
    if points >= 99.0:
        return f"{math.floor(points * 10) / 10:.1f} %"
    return f"{points:.1f} %" if points >= 0.05 else "under 0.1 %"


def pair_sentence(
    verdict: PairVerdict,
    *,
    score: Score,
    matched_by: MatchedBy = "id",
    alignment: RowAlignment | None = None,
) -> str:
    """Say a verdict with the numbers behind it, words first.

    Parameters
    ----------
    verdict : PairVerdict
        From :func:`pair_verdict`.
    score : Score
        From :func:`overlap_score`.
    matched_by : {"id", "row"}
        ``"row"`` when the items of either space were matched by row order.
    alignment : RowAlignment, optional

    Returns
    -------
    str
        One or two sentences.
    """
    stay = (
        f"{percent(score['value'])} of each item's {score.get('k', 10)} nearest neighbours stay "
        f"({_against(score)}), over {score['n']:,} common items"
    )
    if verdict == "identical":
        same = (
            "the same neighbours"
            if score["value"] == 1.0
            else "the same but for rotation and scale"
        )
        return f"Identical: {same}; {stay}."
    if verdict == "within_noise":
        return f"Within noise: {stay}."
    if verdict == "changed":
        return f"Changed: {stay}."
    if verdict == "misaligned":
        found = "" if alignment is None else f" and {percent(alignment.rematched)} after matching"
        given, way_out = (
            ("order given", "Give both spaces ids, or put their rows in the same order.")
            if matched_by == "row"
            else ("match given", "Check that each space's rows carry their own ids.")
        )
        return (
            f"Misaligned: the rows look shuffled; {percent(score['value'])} of neighbours stay in "
            f"the {given}{found} items by the shape of their neighbourhoods. {way_out}"
        )
    caution = (
        " Shuffled rows would look the same: give ids to be sure." if matched_by == "row" else ""
    )
    return f"Unrelated: no more neighbours stay than by chance; {stay}.{caution}"


def pair_warnings(
    verdict: PairVerdict, *, score: Score, coverage: float = 1.0, matched_by: MatchedBy = "id"
) -> list[str]:
    """Say what a reader of the numbers should beware of.

    Parameters
    ----------
    verdict : PairVerdict
    score : Score
        From :func:`overlap_score`.
    coverage : float
        Share of the items of either space that are in both.
    matched_by : {"id", "row"}

    Returns
    -------
    list of str
        A sentence each, none when there is nothing to say: shared hubs (more than half of what
        the overlap has above ``k / (n - 1)`` is what the hubs alone would give), few items, a
        neighbourhood that is a large part of the space, low coverage, unrelated rows that may be
        shuffled ones.
    """
    warnings = []
    chance, hub_chance = score.get("chance", 0.0), score.get("hub_chance", 0.0)
    above = score["value"] - chance
    if above > max(0.02, chance) and hub_chance - chance > above / 2:
        warnings.append(
            f"A few items are neighbours of very many in both spaces: that alone gives "
            f"{percent(hub_chance)} common neighbours, so read {percent(score['value'])} as "
            f"{percent(max(0.0, score.get('kappa', 0.0)))} beyond chance."
        )
    if score["n"] < _FEW_ITEMS:
        warnings.append(f"Only {score['n']} common items: the numbers are coarse.")
    if chance > _WIDE_NEIGHBORHOOD:
        warnings.append(
            f"With {score['n']:,} items, {score.get('k', 10)} neighbours are {percent(chance)} of "
            "all others: a smaller k says more."
        )
    if coverage < _LOW_COVERAGE:
        warnings.append(
            f"Only {percent(coverage)} of the items are in both spaces; the rest is not judged."
        )
    if matched_by == "row" and verdict == "unrelated":
        warnings.append(
            "The items were matched by row order, and at chance level shuffled rows look the same "
            "as unrelated spaces: give both spaces ids to tell them apart."
        )
    return warnings


def _against(score: Score) -> str:
    parts = [f"chance {percent(score.get('hub_chance', score.get('chance', 0.0)))}"]
    if "noise_floor" in score:
        name = _FLOOR_NAMES.get(score.get("floor_kind", ""), "noise floor")
        parts.append(f"{name} {percent(score['noise_floor'])}")
    return ", ".join(parts)
