"""What happened to a pair, in words that a user can quote: size first, then noise, then labels."""

from __future__ import annotations

import math
from collections.abc import Sequence

from emblink.errors import InputError
from emblink.limits import FEWEST_ITEMS
from emblink.power import fewest_to_tell
from emblink.types import (
    BeyondNoiseReport,
    LabelPairReport,
    LabelReport,
    LabelShift,
    MatchedBy,
    QualityReport,
    Score,
    SizeReport,
)
from emblink.wording._searches import search_quality_words
from emblink.wording._words import (
    counted,
    exactly,
    flip_words,
    label_words,
    named,
    not_lost,
    note_words,
    percent,
    probability,
    quoted,
)

_FEW_ITEMS = 100
_TOLD_SHIFT = 0.02
"""Of a common shift in purity or distance, the least that is worth a sentence."""


def pair_sentence(
    size: SizeReport,
    *,
    score: Score | None = None,
    noise: BeyondNoiseReport | None = None,
    quality: QualityReport | None = None,
    flips: Score | None = None,
    matched_by: MatchedBy = "id",
    rematched: float | None = None,
    labels: Sequence[LabelReport] = (),
    label_pairs: Sequence[LabelPairReport] = (),
    label_shift: LabelShift | None = None,
) -> str:
    """Say what happened to a pair with the numbers behind it.

    Parameters
    ----------
    size : SizeReport
    score : Score, optional
        From :func:`overlap_score`; left out when the grade is ``"labels_only"``.
    noise : BeyondNoiseReport, optional
    quality : QualityReport, optional
    flips : Score, optional
        Negative flips.
    matched_by : {"id", "row"}
        ``"row"`` when the items of either space were matched by row order.
    rematched : float, optional
        Neighbours that stay once shuffled rows are matched.
    labels : sequence of LabelReport
        Those that got better or worse are named, and those with a note quoted.
    label_pairs : sequence of LabelPairReport
        Those drawn together or pushed apart are named, in the order given.
    label_shift : LabelShift, optional
        What all labels have in common.

    Returns
    -------
    str
        A few sentences: size, noise, quality, labels. No p-value above 0.05 is told.

    Raises
    ------
    InputError
        No score is given, but the grade rests on one.
    """
    grade = size["grade"]
    if grade == "labels_only":
        return _labels_alone(labels, label_pairs)
    if score is None:
        raise InputError(f"grade {grade!r} rests on an overlap; give its score")
    if grade == "too_few":
        return _too_few(score)
    if grade == "misaligned":
        return _misaligned(score, matched_by=matched_by, rematched=rematched)
    if grade == "identical":
        same = "the same neighbours throughout"
        if score["value"] < 1.0:
            same = f"the same but for rotation and scale; {_stay(score)}"
        return f"Identical: {same}, over {score['n']:,} items."
    parts = [_size(size, score), *_unrelated(size, score, matched_by)]
    if noise is not None:
        parts.append(_noise(noise))
    if quality is not None:
        parts.append(_quality(quality))
        parts.append(flip_words(flips))
    parts.append(_shift(label_shift))
    if changes := label_words(labels, label_pairs):
        parts.append(f"{changes[0].upper()}{changes[1:]}.")
    return " ".join(part for part in parts if part) + note_words(labels)


def _stay(score: Score) -> str:
    return (
        f"{percent(score['value'])} of each item's {score.get('k', 10)} nearest neighbours stay "
        f"(chance {percent(score.get('hub_chance', score.get('chance', 0.0)))})"
    )


def _size(size: SizeReport, score: Score) -> str:
    low, high = size.get("interval", [0.0, 0.0])
    share, items = size.get("w", 0.0), f"{score['n']:,} items"
    as_if = f"As if {percent(share)} of every vector were another item's ({_range(low, high)})"
    if share >= _MOST:
        as_if = "As if half of every vector or more were another item's"
    nearest = percent(size.get("first_changed", 0.0))
    said = f"{as_if}: {_stay(score)}, and the nearest one changes for {nearest}, over {items}."
    if reason := size.get("reason"):
        said += f" {reason[0].upper()}{reason[1:]}."
    return said


_MOST = 0.495


def _range(low: float, high: float) -> str:
    least = f"{100 * low:.1f}" if high < _TELLS_TENTHS else f"{100 * low:.0f}"
    most = percent(high)
    return most if f"{least} %" == most or high == 0 else f"{least} to {most}"


_TELLS_TENTHS = 0.0995


def _unrelated(size: SizeReport, score: Score, matched_by: MatchedBy) -> list[str]:
    if size["grade"] != "unrelated":
        return []
    least = f", as far as {score['n']:,} items can tell" if score["n"] < _FEW_ITEMS else ""
    said = [f"No more neighbours stay than chance may leave{least}."]
    if matched_by == "row":
        said.append("Shuffled rows would look the same: give ids to be sure.")
    return said


def _noise(noise: BeyondNoiseReport) -> str:
    n = noise["n_replicates"]
    if n == 0:
        return ""
    kept = percent(noise.get("kept", 0.0))
    runs = counted(n + 1, "run")
    if noise["answer"] == "yes":
        sure = probability(noise.get("p", 0.0))
        later = " Provisionally: three replicates settle it." if noise.get("provisional") else ""
        return f"More than {runs} of one recipe differ by, which keep {kept} ({sure}).{later}"
    if noise.get("closer"):
        return (
            f"The two agree more than {runs} of one recipe do ({kept}), as with a shared start: "
            "these runs excuse nothing."
        )
    few = f"; {counted(n, 'replicate')} of the three that settle it" if n < 3 else ""
    if noise["answer"] == "no":
        return f"{runs[0].upper()}{runs[1:]} of one recipe differ as much, keeping {kept}{few}."
    return f"Whether that is noise is open: {runs} of one recipe keep {kept}{few}."


def _quality(quality: QualityReport) -> str:
    if quality["measure"] == "ndcg":
        return search_quality_words(quality)
    a, b = exactly(quality["a"]), exactly(quality["b"])
    if quality["verdict"] == "kept":
        shares = a if a == b else f"{a} → {b}"
        return f"Labels are recognised as well as before ({shares})."
    if quality["verdict"] == "better":
        return f"Labels are recognised more often ({a} → {b})."
    if quality["verdict"] == "undecided":
        low, high = (f"{100 * end:+.1f}" for end in quality["interval"])
        if not_lost(quality):
            return f"Labels are recognised as often or more ({a} → {b}, {low} to {high} points)."
        return (
            f"Whether labels are recognised as well is open: {a} → {b}, a change of {low} to "
            f"{high} points."
        )
    fell = [
        f"label {quoted(one['label'])} from {exactly(one['accuracy_a'])} to "
        f"{exactly(one['accuracy_b'])}"
        for one in quality["lost"]
    ]
    said = f"Labels are recognised {a} → {b}"
    return f"{said}; worst is {named(fell)}." if fell else f"{said}: less often than before."


def _shift(shift: LabelShift | None) -> str:
    if shift is None:
        return ""
    said = []
    purity, drawn = shift.get("purity", 0.0), shift.get("separation", 0.0)
    if abs(purity) >= _TOLD_SHIFT:
        kind = "purer" if purity > 0 else "less pure"
        said.append(f"the typical label is {100 * abs(purity):.0f} points {kind}")
    ratio = math.exp(abs(drawn) / 2)
    if ratio - 1 >= _TOLD_SHIFT:
        by = f"{percent(1 - 1 / ratio)} closer together" if drawn > 0 else _farther(ratio)
        said.append(f"labels lie {by}")
    words = " and ".join(said)
    return f"{words[0].upper()}{words[1:]}." if said else ""


_FAR = 100


def _farther(ratio: float) -> str:
    if ratio >= _FAR:
        return f"over {_FAR} times as far apart"
    if ratio >= 1.5:
        return f"{ratio:.1f} times as far apart"
    return f"{percent(ratio - 1)} farther apart"


def _labels_alone(labels: Sequence[LabelReport], label_pairs: Sequence[LabelPairReport]) -> str:
    said = label_words(labels, label_pairs)
    if not said and labels and all(one["verdict"] == "too_few" for one in labels):
        said = (
            f"none of {counted(len(labels), 'label')} that both have has the {FEWEST_ITEMS} items "
            "in either space that a claim takes"
        )
    said = said or (
        f"of {counted(len(labels), 'label')} that both have, none changed beyond sampling; no "
        f"claim on those with fewer than {FEWEST_ITEMS} items"
    )
    return f"Compared by their labels alone: no items in common; {said}.{note_words(labels)}"


def _too_few(score: Score) -> str:
    fewest = fewest_to_tell()
    wanted = f"at least {fewest}" if score["n"] < fewest else "more"
    return (
        f"Too few items to tell: {score['n']:,} in common, expected {wanted}. {_stay(score)}; that "
        "says neither whether the spaces agree nor whether they changed."
    )


def _misaligned(score: Score, *, matched_by: MatchedBy, rematched: float | None) -> str:
    found = "" if rematched is None else f" and {percent(rematched)} after matching"
    given, way_out = (
        ("order given", "Give both spaces ids, or put their rows in the same order.")
        if matched_by == "row"
        else ("match given", "Check that each space's rows carry their own ids.")
    )
    return (
        f"Misaligned: the rows look shuffled; {percent(score['value'])} of neighbours stay in "
        f"the {given}{found} items by the shape of their neighbourhoods. {way_out}"
    )
