"""A group of items that changed together, in words that a user can quote."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from emblink.types import (
    Enrichment,
    Exemplar,
    GroupEvidence,
    GroupItem,
    GroupNeighbor,
    GroupType,
    GroupWord,
    NeighborShift,
    NumberShift,
)
from emblink.wording._phrases import expected, short, value_of
from emblink.wording._words import clip, counted, listed, percent, probability

_NAMED = 2
# A change of label shares that gives a direction; smaller ones are listed, not claimed.
_CLEAR = 0.1
_PAST: dict[GroupType, str] = {
    "moved": "moved",
    "carried": "moved as a whole",
    "merged": "merged with others",
    "split": "split off",
    "gathered": "gathered",
    "scattered": "scattered",
    "contracted": "contracted",
    "expanded": "expanded",
}


@dataclass(frozen=True, eq=False)
class GroupFacts:
    """What a title and a sentence are made of.

    Attributes
    ----------
    names : (str, str)
        Of the spaces.
    type : GroupType
    n : int
        Members.
    p : float
    evidence : GroupEvidence
    enriched : sequence of Enrichment
    numbers : sequence of NumberShift
    words : sequence of GroupWord
    exemplars : sequence of Exemplar
    shifts : sequence of NeighborShift
    lost, gained : sequence of GroupNeighbor
    label : str or None
        The column with the role of label.
    telling_ids : bool
        Whether ids are words, which name items to people; numbers do not.
    """

    names: tuple[str, str]
    type: GroupType
    n: int
    p: float
    evidence: GroupEvidence
    enriched: Sequence[Enrichment] = ()
    numbers: Sequence[NumberShift] = ()
    words: Sequence[GroupWord] = ()
    exemplars: Sequence[Exemplar] = ()
    shifts: Sequence[NeighborShift] = ()
    lost: Sequence[GroupNeighbor] = ()
    gained: Sequence[GroupNeighbor] = ()
    label: str | None = None
    telling_ids: bool = False


def group_title(facts: GroupFacts) -> str:
    """Name a group in a few words.

    Parameters
    ----------
    facts : GroupFacts

    Returns
    -------
    str
        ``"dogs → faces"`` where labels tell a direction (of a carried cluster who it is, not beside
        whom it stood), ``"4 and 9 apart"`` where they tell of whom; else who they are by labels, by
        words, by an example, and at last by their number.
    """
    who, count = _subject(facts), counted(facts.n, "item")
    left, joined = _direction(facts.shifts)
    source, target = (one and clip(one["label"]) for one in (left, joined))
    foreign_source, foreign_target = (
        one is not None and not _is_own(one["label"], facts) for one in (left, joined)
    )
    match facts.type:
        case "moved" | "carried" if target is not None:
            named = foreign_target and (source is None or facts.type == "carried")
            return f"{(who if named else None) or source or count} → {target}"
        case "moved" | "carried" if foreign_source:
            return f"{who or count} away from {source}"
        case "merged" if foreign_target:
            return f"{who} and {target} together" if who else f"{count} into {target}"
        case "split" if foreign_source:
            return f"{who} and {source} apart" if who else f"{count} out of {source}"
    return f"{who} {_PAST[facts.type]}" if who else _without_labels(facts)


def told_apart(titles: Sequence[str], facts: Sequence[GroupFacts]) -> list[str]:
    """Tell groups of one title from each other.

    Parameters
    ----------
    titles : sequence of str
    facts : sequence of GroupFacts
        Of the same groups.

    Returns
    -------
    list of str
        Titles that occur once stay. To others is added what their own group has: a value of
        another column, a word, an example near their middle; at last their place in the list.
    """
    told = [*titles]
    for title in {one for one in titles if titles.count(one) > 1}:
        same = [at for at, one in enumerate(titles) if one == title]
        for marks in zip(*(_marks(facts[at], at) for at in same), strict=True):
            if all(marks) and len(set(marks)) == len(marks):
                for at, mark in zip(same, marks, strict=True):
                    told[at] = f"{title} ({mark})"
                break
    return told


def _marks(facts: GroupFacts, at: int) -> list[str]:
    """What may tell a group from another of its title, the most telling first."""
    main = _main(facts)
    values = [
        clip(value_of(one, facts.label))
        for one in facts.enriched
        if main is None or (one["column"], one["value"]) != (main["column"], main["value"])
    ]
    words = [word["word"] for word in _telling_words(facts)]
    example = _example(facts)
    return [
        f"{values[0]}" if values else "",
        words[0] if words else "",
        f"near {clip(example)}" if example else "",
        counted(facts.n, "item"),
        f"{at + 1}",
    ]


def group_sentence(facts: GroupFacts) -> str:
    """Say who changed, how, and how surely.

    Parameters
    ----------
    facts : GroupFacts

    Returns
    -------
    str
        One sentence.
    """
    return f"{_who(facts)} {_happened(facts)}; {probability(facts.p)}."


def _main(facts: GroupFacts) -> Enrichment | None:
    """The first value that most members have, labels before others; else the first of all.

    Another column's value takes its place that covers as many members and is half as common.
    """
    most = [one for one in facts.enriched if 2 * one["n"] >= facts.n]
    if not most:
        return facts.enriched[0] if facts.enriched else None
    finer = (
        one for one in most if one["n"] >= most[0]["n"] and 2 * one["n_all"] <= most[0]["n_all"]
    )
    return min(finer, key=lambda one: one["n_all"], default=most[0])


def _subject(facts: GroupFacts) -> str | None:
    """The value that most members have, or two labels that together most have."""
    main = _main(facts)
    if main is None:
        return None
    if 2 * main["n"] >= facts.n:
        return clip(value_of(main, facts.label))
    labels = [one for one in facts.enriched if one["column"] == facts.label]
    labels = sorted(labels, key=lambda one: -one["n"])[:_NAMED]
    if len(labels) == _NAMED and 2 * sum(one["n"] for one in labels) >= facts.n:
        return listed([clip(one["value"]) for one in labels])
    return None


def _direction(
    shifts: Sequence[NeighborShift],
) -> tuple[NeighborShift | None, NeighborShift | None]:
    """The label most left and that most joined, where clearly so and above chance."""
    left = [
        one
        for one in shifts
        if one["share_a"] - one["share_b"] >= _CLEAR and one["share_a"] > one["chance"]
    ]
    joined = [
        one
        for one in shifts
        if one["share_b"] - one["share_a"] >= _CLEAR and one["share_b"] > one["chance"]
    ]
    return (left[0] if left else None), (joined[0] if joined else None)


def _without_labels(facts: GroupFacts) -> str:
    count = counted(facts.n, "item")
    if words := _telling_words(facts):
        return ", ".join(word["word"] for word in words)
    example = _example(facts)
    return f"{count} near {clip(example)}" if example else count


def _telling_words(facts: GroupFacts) -> list[GroupWord]:
    """Words that stand for a group: each of at least a third of the members."""
    return [word for word in facts.words if 3 * word["n"] >= facts.n][: _NAMED + 1]


def _example(facts: GroupFacts) -> str | None:
    return _named(facts.exemplars[0], facts) if facts.exemplars else None


def _named(item: GroupItem, facts: GroupFacts) -> str | None:
    return item.get("text") or (item["id"] if facts.telling_ids else None)


def _who(facts: GroupFacts) -> str:
    count, main = counted(facts.n, "item"), _main(facts)
    if main is not None:
        return f"{count}, {_by_value(facts, main)},"
    if words := _telling_words(facts):
        return f"{count} with the words {listed([_with_word(word, facts) for word in words])}"
    if facts.numbers:
        return f"{count} {_by_number(facts.numbers[0])}"
    example = _example(facts)
    return f"{count} near {short(example)}" if example else count


def _by_value(facts: GroupFacts, main: Enrichment) -> str:
    if main["n"] == facts.n:
        value = short(value_of(main, facts.label))
        return f"all {value} (expected {expected(main['expected'])})"
    if 2 * main["n"] >= facts.n:
        return f"mostly {_with_chance(main, facts)}"
    same = [one for one in facts.enriched if one["column"] == main["column"]][:_NAMED]
    return f"among them {listed([_with_chance(one, facts) for one in same])}"


def _with_chance(one: Enrichment, facts: GroupFacts) -> str:
    value = short(value_of(one, facts.label))
    return f"{value} ({one['n']:,} of {facts.n:,}, expected {expected(one['expected'])})"


def _with_word(word: GroupWord, facts: GroupFacts) -> str:
    return f'"{word["word"]}" ({word["n"]:,} of {facts.n:,})'


def _by_number(shift: NumberShift) -> str:
    larger = "larger" if shift["auc"] > 0.5 else "smaller"
    return (
        f"of {larger} {short(shift['column'])} (median {shift['median']:.3g}, "
        f"of the others {shift['median_others']:.3g})"
    )


def _happened(facts: GroupFacts) -> str:
    old, new = map(short, facts.names)
    match facts.type:
        case "moved":
            route = _route(facts) or _route_by_example(facts)
            return f"moved from {old} to {new}{f': {route}' if route else ''}"
        case "carried":
            return f"moved as a whole from {old} to {new}{_beside(facts)}"
        case "merged":
            return f"merged with {_partner(facts)}"
        case "split":
            return f"split from {_partner(facts)}"
        case "gathered":
            verb = f"came together in {new}: {_inner(facts)}"
        case "scattered":
            verb = f"came apart in {new}: {_inner(facts)}"
        case "contracted":
            return f"drew closer together in {new}, in their place: {_nearer(facts)}"
        case "expanded":
            return f"spread out in {new}, in their place: {_nearer(facts)}"
    route = _route(facts)
    return f"{verb}; {route}" if route else verb


def _beside(facts: GroupFacts) -> str:
    """Beside whom a cluster stood and stands: by label, or by example."""
    left, joined = _direction(facts.shifts)
    names = [
        _label(one["label"], facts) if one else _first_named(items, facts)
        for one, items in ((left, facts.lost), (joined, facts.gained))
    ]
    said = [
        f"{verb} {name}" for verb, name in zip(("away from", "beside"), names, strict=True) if name
    ]
    return f": {' and '.join(said)}" if said else ""


def _route(facts: GroupFacts) -> str:
    """Which labels were left and joined: "they left X and joined Y (share of …)"."""
    left, joined = _direction(facts.shifts)
    if left is None and joined is None:
        return ""
    parts = [
        f"{verb} {_label(one['label'], facts)}"
        for verb, one in (("left", left), ("joined", joined))
        if one is not None
    ]
    shift = joined or left
    return f"they {' and '.join(parts)} ({_change(shift)})" if shift else ""


def _route_by_example(facts: GroupFacts) -> str:
    lost, gained = (_neighbors(items, facts, "of") for items in (facts.lost, facts.gained))
    if lost and gained:
        return f"their neighbours {lost} gave way to {gained}"
    said = lost or gained
    return f"they {'lost' if lost else 'gained'} the neighbours {said}" if said else ""


def _partner(facts: GroupFacts) -> str:
    """With whom they merged, or from whom they split: by label, by example, or by numbers."""
    merged = facts.type == "merged"
    left, joined = _direction(facts.shifts)
    shift, items = (joined, facts.gained) if merged else (left, facts.lost)
    new = short(facts.names[1])
    if shift is not None:
        return f"{_label(shift['label'], facts)} in {new} ({_change(shift)})"
    bond = "now a neighbour of" if merged else "no longer a neighbour of"
    said = _neighbors(items, facts, bond)
    return f"others in {new}{f', such as {said}' if said else f': {_inner(facts)}'}"


def _label(label: str, facts: GroupFacts) -> str:
    """Name a label that was left or joined: "other X" where most members are X themselves."""
    return f"other {short(label)}" if _is_own(label, facts) else short(label)


def _is_own(label: str, facts: GroupFacts) -> bool:
    return any(
        (one["column"], one["value"]) == (facts.label, label) and 2 * one["n"] >= facts.n
        for one in facts.enriched
    )


def _first_named(items: Sequence[GroupNeighbor], facts: GroupFacts) -> str:
    return next((short(name) for item in items if (name := _named(item, facts))), "")


def _neighbors(items: Sequence[GroupNeighbor], facts: GroupFacts, bond: str) -> str:
    """Name the first of items, with how many members each concerns."""
    named = [(name, item["n"]) for item in items[:_NAMED] if (name := _named(item, facts))]
    return listed(
        [f"{short(name)} ({'of' if at else bond} {n:,})" for at, (name, n) in enumerate(named)]
    )


def _change(shift: NeighborShift) -> str:
    return f"share of neighbours {percent(shift['share_a'])} → {percent(shift['share_b'])}"


def _inner(facts: GroupFacts) -> str:
    seen = facts.evidence
    return (
        f"members among their neighbours {percent(seen['inner_a'])} → {percent(seen['inner_b'])} "
        f"(chance {percent(seen['inner_chance'])})"
    )


def _nearer(facts: GroupFacts) -> str:
    grown = -facts.evidence["density_change"]
    how = "longer" if grown > 0 else "shorter"
    return (
        f"their distances to each other are {percent(abs(math.expm1(grown)))} {how} than expected"
    )
