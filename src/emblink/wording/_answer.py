"""What to do about a pair, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from emblink.types import (
    BeyondNoiseReport,
    Grade,
    LabelReport,
    PairSearches,
    QualityReport,
    Score,
    SizeReport,
)
from emblink.wording._searches import search_loss
from emblink.wording._words import counted, exactly, named, not_lost, percent, quoted


def pair_answer(
    size: SizeReport,
    *,
    noise: BeyondNoiseReport | None = None,
    quality: QualityReport | None = None,
    flips: Score | None = None,
    labels: Sequence[LabelReport] = (),
    gone: Sequence[str] = (),
    searches: PairSearches | None = None,
    n_compared: int = 0,
    n_missing: int = 0,
) -> str:
    """Say in one line what to do about a pair.

    Parameters
    ----------
    size : SizeReport
    noise : BeyondNoiseReport, optional
    quality : QualityReport, optional
    flips : Score, optional
        Negative flips; told beside those of runs.
    labels : sequence of LabelReport
        Told where labels are all that was compared.
    gone : sequence of str
        Labels that the second space has no more.
    searches : PairSearches, optional
        Of queries; what these lost comes first.
    n_compared, n_missing : int
        Items in both spaces, and in the first alone.

    Returns
    -------
    str
    """
    said = _answer(size, noise, quality, labels, flips, searches)
    if gone:
        one, verb = ("label", "is") if len(gone) == 1 else ("labels", "are")
        names = named([quoted(name) for name in gone])
        rest = said.removeprefix(_NO)
        return f"{_NO}{one} {names} {verb} gone. Apart from that, {rest[0].lower()}{rest[1:]}"
    if n_missing > _MISSED * (n_compared + n_missing):
        return f"{said} Judged on {n_compared:,} of {n_compared + n_missing:,} items."
    return said


_NO = "Do not swap: "
"""How an answer begins that says no."""
_MISSED = 0.01
"""Share of the first space's items that may be left out of a comparison without a word."""


def _answer(
    size: SizeReport,
    noise: BeyondNoiseReport | None,
    quality: QualityReport | None,
    labels: Sequence[LabelReport],
    flips: Score | None,
    searches: PairSearches | None,
) -> str:
    grade = size["grade"]
    if grade in _NO_SIZE:
        return _NO_SIZE[grade]
    if grade == "labels_only":
        worse = [quoted(one["label"]) for one in labels if one["verdict"] == "worse"]
        return f"{_NO}{named(worse)} got worse." if worse else "By labels alone: none got worse."
    beyond = noise is not None and noise["answer"] == "yes"
    real = grade == "like_another_run" and beyond
    if quality is not None and quality["verdict"] == "lost":
        besides = "no larger than a rerun usually is, yet not noise" if real else _BESIDES[grade]
        return f"{_NO}{_loss(quality, searches)}; as a whole, {besides}."
    word = "No larger than a rerun usually is, yet not noise" if real else _GRADES[grade]
    kept = _kept(quality)
    return f"{word}{kept}: {_action(size)}{_first(searches)}{_flips(grade, flips)}."


def _first(searches: PairSearches | None) -> str:
    """Say of how many queries the first result changes."""
    if searches is None or not searches["n_first"]:
        return ""
    first = searches["n_first"] / searches["n"]
    return f"; {percent(first)} of {searches['n']:,} queries get another first result"


def _kept(quality: QualityReport | None) -> str:
    if quality is None:
        return ""
    said = "no lower" if not_lost(quality) else quality["verdict"]
    return f"; {_measure(quality)} {said}"


def _flips(grade: Grade, flips: Score | None) -> str:
    """Say how many votes turn wrong, where it is known how many do between runs."""
    if flips is None or "noise_floor" not in flips or grade not in _RENEWED:
        return ""
    runs = percent(flips["noise_floor"])
    return f"; {percent(flips['value'])} of items turn from right to wrong, between reruns {runs}"


_GRADES: dict[Grade, str] = {
    "identical": "Identical",
    "same": "The same but for rounding",
    "interchangeable": "Interchangeable",
    "like_another_run": "Like another run",
    "reworked": "Reworked",
    "another_space": "Another space",
}
_BESIDES: dict[Grade, str] = {
    "identical": "nothing changed",
    "same": "no more than rounding",
    "interchangeable": "a small change",
    "like_another_run": "no larger than a rerun usually is",
    "reworked": "reworked",
    "another_space": "another space",
}
"""What the change as a whole is, where accuracy is lost."""
_NO_SIZE: dict[Grade, str] = {
    "unrelated": "Unrelated: nothing of the one carries over to the other.",
    "misaligned": "Rows look shuffled: mend their order and compare again.",
    "too_few": "Too few items to tell: compare more.",
}
_RENEWED: tuple[Grade, ...] = ("like_another_run", "reworked", "another_space")
_SWAPS = 0.9
"""Neighbours that an old index must give for the new vectors, to be kept."""


def _action(size: SizeReport) -> str:
    grade = size["grade"]
    if grade in ("identical", "same", "interchangeable"):
        if size.get("index_kept", 0.0) >= _SWAPS:
            return "may be swapped without re-indexing"
        return "may be swapped once all is indexed anew; answers stay"
    changes = (
        f"the nearest neighbour changes for {percent(size.get('first_changed', 1.0))} of items"
    )
    if grade == "like_another_run":
        return f"re-index; {changes}"
    if grade == "reworked":
        return f"re-index and test what is built on it; {changes}"
    return f"treat it as a new model; {changes}"


def _measure(quality: QualityReport) -> str:
    return f"nDCG@{quality.get('k', 10)}" if quality["measure"] == "ndcg" else "accuracy"


def _loss(quality: QualityReport, searches: PairSearches | None) -> str:
    if quality["measure"] == "ndcg":
        return search_loss(quality, searches)
    if quality["lost"]:
        worst = quality["lost"][0]
        others = len(quality["lost"]) - 1
        more = f", and {counted(others, 'other label')}" if others else ""
        return (
            f"label {quoted(worst['label'])} got worse (accuracy {exactly(worst['accuracy_a'])} → "
            f"{exactly(worst['accuracy_b'])}){more}"
        )
    return f"accuracy fell from {exactly(quality['a'])} to {exactly(quality['b'])}"
