"""What stands out, in words: the parts of a claim, and its sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from emblink.types import GroupType
from emblink.wording._words import clip, counted, listed, percent, quoted

_OWN_WORDS = ("label ",)
"""With which a subject may begin that is no name."""
_MOST_FACTS = 3
_GROUP_DID: Mapping[GroupType, str] = {
    "moved": "went elsewhere together",
    "carried": "went elsewhere as a whole, with all their neighbours",
    "merged": "merged with others",
    "split": "split off from others",
    "gathered": "came together",
    "scattered": "scattered",
    "contracted": "drew closer together",
    "expanded": "spread out",
}


def change(a: float, b: float) -> str:
    """Write two shares as ``94 → 55 %``, with tenths where whole points do not tell them apart.

    Where tenths do not either, they are one: ``still 100 %``.

    Parameters
    ----------
    a, b : float
        In [0, 1].

    Returns
    -------
    str
    """
    if f"{100 * a:.1f}" == f"{100 * b:.1f}":
        return f"still {percent(b)}"
    if abs(b - a) < 0.01:
        return f"{100 * a:.1f} → {100 * b:.1f} %"
    return f"{_bare(a)} → {percent(b)}"


def of_ten(share: float, k: int) -> str:
    """Write how many of ``k`` neighbours stay, on average.

    Parameters
    ----------
    share : float
        In [0, 1].
    k : int

    Returns
    -------
    str
    """
    return f"{k * share:.1f}".removesuffix(".0")


def short_name(name: str) -> str:
    """Write a name on one line of at most 40 characters, quoted where it could be two."""
    return quoted(clip(name))


def label_name(name: str) -> str:
    """Write a label as a subject: one that is a number, or a letter, is called a label."""
    bare = re.fullmatch(r"[\d.\-+]+|.", name.strip())
    return f"label {short_name(name)}" if bare else short_name(name)


def part_of(name: str, n: int, n_all: int) -> str:
    """Name items by what they share: ``Bag (71 of 80)``, ``Bag (80)`` where it is all of them."""
    return f"{name} ({n:,})" if n == n_all else f"{name} ({n:,} of {n_all:,})"


def items(n: int) -> str:
    """Write a number of items."""
    return counted(n, "item")


def _bare(share: float) -> str:
    return percent(share).removesuffix(" %")


def claim_sentence(who: str, did: str, facts: Sequence[str]) -> str:
    """Say a claim in one sentence: at most three facts.

    Parameters
    ----------
    who, did : str
        The items, as the subject, and what they did.
    facts : sequence of str
        How much, the most telling first.

    Returns
    -------
    str
    """
    told = "; ".join(facts[:_MOST_FACTS])
    said = f"{who} {did}{f': {told}' if told else ''}."
    return f"{said[0].upper()}{said[1:]}" if said.startswith(_OWN_WORDS) else said


def next_to(name: str, before: Sequence[str], after: Sequence[str]) -> str:
    """Say beside whom an item was, and is now."""
    sides = (listed([short_name(one) for one in side]) for side in (before, after))
    return f"{short_name(name)}: next to {next(sides)}, now to {next(sides)}"


def group_did(kind: GroupType, *, left: str | None, joined: str | None) -> str:
    """Say what a group did, and with which labels.

    Parameters
    ----------
    kind : GroupType
    left, joined : str or None
        Labels that are told with it.

    Returns
    -------
    str
    """
    if kind == "merged" and joined:
        return f"merged with {label_name(joined)}"
    if kind == "split" and left:
        return f"split off from {label_name(left)}"
    if kind in ("moved", "carried") and (left or joined):
        parts = [f"away from {label_name(left)}"] if left else []
        parts += [f"to {label_name(joined)}"] if joined else []
        return f"went {' and '.join(parts)}"
    return _GROUP_DID[kind]


def mostly_of(n: int, label: str) -> str:
    """Name items of which most carry a label."""
    return f"{items(n)}, mostly {label_name(label)},"


def with_words(n: int, words: Sequence[str]) -> str:
    """Name items by words of their texts."""
    return f"{items(n)} with {listed([short_name(one) for one in words])}"


def like(n: int, example: str | None) -> str:
    """Name items by an example, where there is one."""
    return f"{items(n)} like {short_name(example)}" if example else items(n)


def column_value(column: str, value: str) -> str:
    """Name a value of a column."""
    return f"{short_name(column)} {short_name(value)}"


def in_groups(who: str, n_groups: int) -> str:
    """Add to a subject in how many groups it is."""
    return f"{who}, in {n_groups} groups,"


def and_mostly(who: str, mostly: str) -> str:
    """Add to a subject with its count in brackets what most of it is besides."""
    return f"{who[:-1]}, mostly {mostly})"


def of_them(n: int, mostly: str, did: str) -> str:
    """Say what some of a label's items did, as a part of what the label did."""
    return f"{n:,} of them{f', mostly {mostly},' if mostly else ''} {did}"


def neighbours_are(a: float, b: float, whose: str) -> str:
    """Say how a share of neighbours changed: of a label, or their own."""
    return f"{change(a, b)} of their neighbours are {whose}"


def as_wide(ratio: float) -> str:
    """Say how wide a group is beside before."""
    if ratio > 1:
        return f"{ratio:.1f} times as wide as before"
    return f"{percent(ratio)} as wide as before"
