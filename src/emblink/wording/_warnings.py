"""What a reader of a pair's numbers should beware of."""

from __future__ import annotations

from emblink.types import Grade, MatchedBy, Score
from emblink.wording._words import counted, percent

_FEW_ITEMS = 100
_WIDE_NEIGHBORHOOD = 0.1
_LOW_COVERAGE = 0.5


def pair_warnings(
    grade: Grade, *, score: Score, coverage: float = 1.0, matched_by: MatchedBy = "id"
) -> list[str]:
    """Say what a reader of the numbers should beware of.

    Parameters
    ----------
    grade : Grade
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
    beyond = max(0.0, score.get("kappa", 0.0))
    above = score["value"] - chance
    if beyond < score["value"] and above > max(0.02, chance) and hub_chance - chance > above / 2:
        warnings.append(
            f"A few items are neighbours of very many in both spaces: that alone gives "
            f"{percent(hub_chance)} common neighbours, so read {percent(score['value'])} as "
            f"{percent(beyond)} beyond chance."
        )
    if score["n"] < _FEW_ITEMS:
        warnings.append(f"Only {score['n']} common items: the numbers are coarse.")
    if chance > _WIDE_NEIGHBORHOOD:
        k = score.get("k", 10)
        warnings.append(
            f"With {score['n']:,} items, {counted(k, 'neighbour')} {'is' if k == 1 else 'are'} "
            f"{percent(chance)} of all others: much of the overlap is chance, so read kappa."
        )
    if coverage < _LOW_COVERAGE:
        warnings.append(
            f"Only {percent(coverage)} of the items are in both spaces; the rest is not judged."
        )
    if matched_by == "row" and grade == "unrelated":
        warnings.append(
            "The items were matched by row order, and at chance level shuffled rows look the same "
            "as unrelated spaces: give both spaces ids to tell them apart."
        )
    return warnings


def shifted_rows(pair: tuple[str, str], offset: int, *, stay: float, found: float) -> str:
    """Say that rows matched by position are those of other items by a few rows."""
    rows = "1 row" if abs(offset) == 1 else f"{abs(offset)} rows"
    return (
        f"Some rows of {pair[1]} look shifted by {rows} against those of {pair[0]}: of a block of "
        f"them {percent(stay)} of neighbours stay as given, and {percent(found)} when moved; a "
        "row is missing or out of place: give ids."
    )
