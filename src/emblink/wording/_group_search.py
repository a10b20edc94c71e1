"""The search for change groups and what became of items over several pairs, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emblink.types import Enrichment, Grade, GroupType
from emblink.wording._phrases import expected, short, value_of
from emblink.wording._words import counted, listed, percent

EXPLORATORY = "Exploratory: no replicate says what noise alone changes."
NOT_SOUGHT = "Change groups were not sought."
_MOST_STEPS = 4
_NAMED = 3
_NO_GROUPS: Mapping[Grade, str] = {
    "identical": "Nothing stands out of spaces that are identical but for rounding.",
    "misaligned": "Rows that look shuffled have no groups: mend their order first.",
    "unrelated": "The spaces share no more neighbours than chance, so nothing stands out of the "
    "rest.",
    "too_few": "The common items are too few to tell agreement from chance.",
}


def group_search_sentence(kinds: Mapping[GroupType, int], *, n_grouped: int, n: int) -> str:
    """Say how many change groups there are, and of which kinds.

    Parameters
    ----------
    kinds : mapping of GroupType to int
        Groups of each kind.
    n_grouped, n : int
        Items in groups, and all.

    Returns
    -------
    str
    """
    if not kinds:
        return f"No group stands out: whatever changed is spread over all {n:,} items."
    said = listed([f"{count:,} {kind}" for kind, count in kinds.items()])
    return (
        f"{counted(sum(kinds.values()), 'group')} of items changed together: {said}; "
        f"{n_grouped:,} of {counted(n, 'item')}."
    )


SOUGHT_LATER = "Against the first step of a run they are sought once it has ended."


def why_no_groups(n: int, grade: Grade, *, fewest: int) -> str:
    """Say why change groups are not sought; "" where they are.

    Parameters
    ----------
    n, fewest : int
        Common items, and how many are needed.
    grade : Grade

    Returns
    -------
    str
    """
    if n < fewest:
        return f"{n:,} common items are too few to look for groups; {fewest} are needed."
    return _NO_GROUPS.get(grade, "")


def lacking_items(names: Sequence[str]) -> str:
    """Say which runs do not count as replicates for change groups."""
    return f"{' and '.join(names)} lack some of these items and do not count as replicates here."


def step_name(a: str, b: str) -> str:
    """Name a step from one space to another within a sentence."""
    return f"{short(a)} → {short(b)}"


def timeline_sentence(
    n: int, *, changed: Sequence[str], strayed: Sequence[str], still: Sequence[str]
) -> str:
    """Say at which steps items changed as a group, strayed otherwise, or kept still.

    Parameters
    ----------
    n : int
    changed, strayed, still : sequence of str
        Names of steps; of those that changed with what happened.

    Returns
    -------
    str
    """
    parts = [
        f"{counted(n, 'item')} {'changes' if n == 1 else 'change'} at {_few(changed, named=2)}",
        f"most strayed, not as a group, at {_few(strayed, named=0)}" if strayed else "",
        f"still at {_few(still, named=0)}" if still else "",
    ]
    return f"{'; '.join(part for part in parts if part)}."


def unchanging_sentence(
    n: int, n_all: int, *, enriched: Sequence[Enrichment], label: str | None
) -> str:
    """Say how many items kept most of their neighbours in every pair, and which most often.

    Parameters
    ----------
    n, n_all : int
    enriched : sequence of Enrichment
    label : str or None
        The column with the role of label.

    Returns
    -------
    str
    """
    share = f" ({percent(n / n_all)})" if 0 < n < n_all else ""
    said = f"{n:,} of {counted(n_all, 'item')}{share} kept most of their neighbours in every pair"
    names = [
        f"{short(value_of(one, label))} "
        f"({one['n']:,} of {one['n_all']:,}, expected {expected(one['expected'])})"
        for one in enriched[:_NAMED]
    ]
    return f"{said}; most often {listed(names)}." if names else f"{said}."


def _few(names: Sequence[str], *, named: int) -> str:
    """Name a few steps, or of many the first ``named``, and how many they are."""
    if len(names) <= _MOST_STEPS:
        return listed(names)
    if not named:
        return counted(len(names), "step")
    return f"{', '.join(names[:named])} and {len(names) - named:,} more"
