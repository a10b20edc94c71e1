"""What is said of a selection, in words that a user can quote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from emblink.power import can_tell, error_of_chance
from emblink.table import title_of
from emblink.types import Score
from emblink.wording._words import flip_words, percent

_FLIPS = "negative_flip_rate"
_FLOORS = {"numerical": "rounding to 8 bits", "replicate": "another run of the same recipe"}
_OVERLAPS = ("neighborhood_overlap", "inner_overlap")
_PLACES = {
    "neighborhood_overlap": "among all items",
    "inner_overlap": "among themselves",
}
_FEW_ITEMS = 30
_WIDE_NEIGHBORHOOD = 1 / 3


def answer_sentence(
    names: tuple[str, str],
    n: int,
    scores: Mapping[str, Score],
    *,
    purity: tuple[float, float, float] | None,
) -> str:
    """Say how much of a selection stayed.

    Parameters
    ----------
    names : (str, str)
        Of the spaces.
    n : int
        Selected items in both spaces.
    scores : mapping of measure name to Score
    purity : (float, float, float) or None
        Neighbours of the own label in each space, and by chance.

    Returns
    -------
    str
        One to four sentences.
    """
    sentences = [_overlaps(n, scores)] if any(name in scores for name in _OVERLAPS) else []
    others = [
        f"{title_of(name)} {score['value']:.2f}{_by_chance(score)}"
        for name, score in scores.items()
        if name not in (*_OVERLAPS, _FLIPS)
    ]
    if others and not sentences:
        sentences.append(f"These {n:,} items: {', '.join(others)}.")
    if _FLIPS in scores:
        sentences.append(flip_words(scores[_FLIPS]))
    if purity is not None:
        sentences.append(
            f"Of their neighbours, {percent(purity[0])} carry the item's own label in {names[0]} "
            f"and {percent(purity[1])} in {names[1]} (chance {percent(purity[2])})."
        )
    return " ".join(sentences) or f"Nothing can be measured of these {n:,} items."


def answer_warnings(n: int, n_outside: int, *, scores: Mapping[str, Score]) -> list[str]:
    """Say what a reader of an answer should beware of.

    Parameters
    ----------
    n : int
        Selected items in both spaces.
    n_outside : int
        Selected items that are not.
    scores : mapping of measure name to Score

    Returns
    -------
    list of str
        A sentence each.
    """
    warnings = []
    if n_outside:
        warnings.append(
            f"{n_outside:,} of the {n + n_outside:,} selected items are not in both spaces and are "
            "left out."
        )
    if n < _FEW_ITEMS:
        warnings.append(f"Only {n} items: the numbers are coarse.")
    blind = [words for name, words in _PLACES.items() if name in scores and _blind(scores[name])]
    if blind:
        warnings.append(
            f"Too few items to tell agreement from chance {' or '.join(blind)}: a low overlap is "
            "no sign of change."
        )
    warnings += _samples(n, scores)
    overlap, inner = (scores.get(name) for name in _OVERLAPS)
    if overlap is not None and _hubs_explain(overlap):
        warnings.append(
            f"A few items are neighbours of very many in both spaces: that alone gives "
            f"{percent(overlap['hub_chance'])} common neighbours."
        )
    if inner is not None and inner["chance"] > _WIDE_NEIGHBORHOOD:
        warnings.append(
            f"Among {n:,} items, {_nearest(inner)} are {percent(inner['chance'])} of all "
            "others: what stays among themselves says little."
        )
    return warnings


def _samples(n: int, scores: Mapping[str, Score]) -> list[str]:
    """Say of how many items the scores are, where not of all."""
    return [
        f"The {title_of(name)} is of {score['n']:,} of the {n:,} items, drawn at random."
        for name, score in scores.items()
        if score["n"] < n and "chance" in score
    ]


def _overlaps(n: int, scores: Mapping[str, Score]) -> str:
    overlap, inner = (scores.get(name) for name in _OVERLAPS)
    parts = []
    if overlap is not None:
        floor = (
            f", {_FLOORS[overlap['floor_kind']]} {percent(overlap['noise_floor'])}"
            if "noise_floor" in overlap
            else ""
        )
        parts.append(
            f"These {n:,} items keep {percent(overlap['value'])} of their {_nearest(overlap)}"
            f"{_chance(overlap, floor)}"
        )
    if inner is not None:
        subject = "among themselves they keep" if parts else f"These {n:,} items keep"
        place = "" if parts else " among themselves"
        size = (
            ""
            if overlap is not None and overlap.get("k") == inner.get("k")
            else f" of their {_nearest(inner)}{place}"
        )
        parts.append(f"{subject} {percent(inner['value'])}{size}{_chance(inner)}")
    return "; ".join(parts) + "."


def _nearest(score: Score) -> str:
    return "nearest neighbour" if score["k"] == 1 else f"{score['k']} nearest neighbours"


def _chance(score: Score, floor: str = "") -> str:
    return f" (chance {percent(score.get('hub_chance', score['chance']))}{floor})"


def _by_chance(score: Score) -> str:
    return f" (chance {score['chance']:.3g})" if "chance" in score else ""


def _blind(score: Score) -> bool:
    """Whether half of full agreement could not be told from chance."""
    k, chance = score["k"], score["hub_chance"]
    candidates = round(k / score["chance"]) + 1
    error = error_of_chance(score["n"], k=k, chance=chance, n_candidates=candidates)
    return not can_tell(chance, error)


def _hubs_explain(score: Score) -> bool:
    chance, hub_chance = score["chance"], score["hub_chance"]
    above = score["value"] - chance
    return above > max(0.02, chance) and hub_chance - chance > above / 2


def too_few_selected(n: int, n_selected: int, *, fewest: int) -> str:
    """Say that too few of the selected items are in both spaces."""
    return (
        f"Too few to measure: {n} of the {n_selected:,} selected items "
        f"are in both spaces, and {fewest} are needed."
    )


NO_LABELS_TO_FLIP = "The items have no labels, so none of them can flip."


def too_few_to_flip(n: int) -> str:
    """Say that flips of so few items are not counted."""
    return f"Flips are counted of two labelled items or more, not of {n}."


class AlikeGroup(NamedTuple):
    """A change group that shares more of the selected items than chance would have it."""

    title: str
    a: str
    b: str
    n_shared: int
    jaccard: float
    expected: float


def alike_sentence(first: AlikeGroup | None, *, n_found: int, n: int) -> str:
    """Say which change group is most like a selection.

    Parameters
    ----------
    first : AlikeGroup or None
    n_found : int
        Groups that share some.
    n : int
        Selected items.

    Returns
    -------
    str
    """
    if first is None:
        return f"No change group shares more of these {n:,} items than chance would have it."
    others = f", and {n_found - 1:,} more share some" if n_found > 1 else ""
    return (
        f'Most alike is "{first.title}" of {first.a} → {first.b}: it shares '
        f"{first.n_shared:,} items, {percent(first.jaccard)} of those in either "
        f"(expected {first.expected:.2g}){others}."
    )
