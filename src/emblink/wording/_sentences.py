"""Verdicts and warnings in words that a user can quote."""

from __future__ import annotations

from collections.abc import Sequence

from emblink.errors import InputError
from emblink.measures import FEWEST_ITEMS, RowAlignment, fewest_to_tell
from emblink.types import LabelPairReport, LabelReport, MatchedBy, PairVerdict, Score
from emblink.wording._words import counted, label_words, note_words, percent, probability

_FLOORS = {
    "numerical": "rounding to 8 bits keeps",
    "replicate": "another run of the same recipe keeps",
}
_FEW_ITEMS = 100
_WIDE_NEIGHBORHOOD = 0.1
_LOW_COVERAGE = 0.5


def pair_sentence(
    verdict: PairVerdict,
    *,
    score: Score | None = None,
    matched_by: MatchedBy = "id",
    alignment: RowAlignment | None = None,
    p_noise: float | None = None,
    labels: Sequence[LabelReport] = (),
    label_pairs: Sequence[LabelPairReport] = (),
) -> str:
    """Say a verdict with the numbers behind it, words first.

    Parameters
    ----------
    verdict : PairVerdict
        From :func:`pair_verdicts`.
    score : Score, optional
        From :func:`overlap_score`; left out when the verdict is ``"labels_only"``.
    matched_by : {"id", "row"}
        ``"row"`` when the items of either space were matched by row order.
    alignment : RowAlignment, optional
    p_noise : float, optional
        From :func:`pair_verdicts`.
    labels : sequence of LabelReport
        Those that got better or worse are named, and those with a note quoted.
    label_pairs : sequence of LabelPairReport
        Those drawn together or pushed apart are named, in the order given.

    Returns
    -------
    str
        A few sentences. A pair within noise as a whole whose labels changed is said to be both.

    Raises
    ------
    InputError
        No score is given, but the verdict rests on one.
    """
    changes = label_words(labels, label_pairs)
    notes = note_words(labels)
    if verdict == "labels_only":
        least = f"; no claim on those with fewer than {FEWEST_ITEMS} items"
        shared = f"of {counted(len(labels), 'label')} that both have, none changed beyond noise"
        said = changes or f"{shared}{least}"
        if labels and all(one["verdict"] == "too_few" for one in labels):
            said = (
                f"none of {counted(len(labels), 'label')} that both have has the "
                f"{FEWEST_ITEMS} items in either space that a claim takes"
            )
        return f"Compared by their labels alone: no items in common; {said}.{notes}"
    if score is None:
        raise InputError(f"verdict {verdict!r} rests on an overlap; give its score")
    stay = (
        f"{percent(score['value'])} of each item's {score.get('k', 10)} nearest neighbours stay "
        f"(chance {percent(score.get('hub_chance', score.get('chance', 0.0)))}), "
        f"over {score['n']:,} common items"
    )
    if verdict == "too_few":
        return _too_few(score, stay)
    floor = _beyond_floor(score, p_noise, verdict=verdict)
    if verdict == "identical":
        same = (
            "the same neighbours"
            if score["value"] == 1.0
            else "the same but for rotation and scale"
        )
        return f"Identical: {same}; {stay}{floor}."
    if verdict == "within_noise":
        if changes:
            return f"Within noise as a whole, but {changes}. {stay}{floor}.{notes}"
        return f"Within noise: {stay}{floor}.{notes}"
    if verdict == "changed":
        return f"Changed: {stay}{floor}.{f' Also {changes}.' if changes else ''}{notes}"
    if verdict == "misaligned":
        return _misaligned(score, matched_by=matched_by, alignment=alignment)
    caution = (
        " Shuffled rows would look the same: give ids to be sure." if matched_by == "row" else ""
    )
    least = f", as far as {score['n']:,} items can tell" if score["n"] < _FEW_ITEMS else ""
    return f"Unrelated{least}: no more neighbours stay than chance may leave; {stay}.{caution}"


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
    if matched_by == "row" and verdict == "unrelated":
        warnings.append(
            "The items were matched by row order, and at chance level shuffled rows look the same "
            "as unrelated spaces: give both spaces ids to tell them apart."
        )
    return warnings


def _too_few(score: Score, stay: str) -> str:
    fewest = fewest_to_tell()
    wanted = f"at least {fewest}" if score["n"] < fewest else "more"
    return (
        f"Too few items to tell: {score['n']:,} in common, expected {wanted}. {stay}; that says "
        "neither whether the spaces agree nor whether they changed."
    )


def _misaligned(score: Score, *, matched_by: MatchedBy, alignment: RowAlignment | None) -> str:
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


def _beyond_floor(score: Score, p_noise: float | None, *, verdict: PairVerdict) -> str:
    """Say what noise alone keeps, of what kind that floor is, and how sure a change beyond is."""
    if "noise_floor" not in score:
        return ""
    kind = score.get("floor_kind", "")
    said = f"; {_FLOORS.get(kind, 'noise alone keeps')} {percent(score['noise_floor'])}"
    if p_noise is not None and verdict != "identical":
        said += f" ({probability(p_noise)} for no change beyond that)"
    if verdict == "changed" and kind == "numerical":
        said += ", and what another run of the same recipe keeps is not known"
    return said
