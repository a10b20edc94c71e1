"""Groups sized, named and explained."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emblink.groups import Background, distinctive_words, enrich
from emblink.population._pair import Measured
from emblink.population._sentences import group_sentence
from emblink.population._shares import change_interval, kind_of, wilson
from emblink.population._sought import Sought
from emblink.types import IntArray, PopulationGroup, Share
from emblink.wording import clip, name_item

_EXEMPLARS = 6


def share_of(n: tuple[int, int], of: tuple[int, int], p: float) -> Share:
    """Set a count of both sides beside all items of both.

    Parameters
    ----------
    n, of : (int, int)
    p : float

    Returns
    -------
    Share
    """
    (n_a, n_b), (all_a, all_b) = n, of
    return Share(
        n_a=n_a,
        n_b=n_b,
        share_a=n_a / all_a,
        share_b=n_b / all_b,
        interval_a=[*wilson(n_a, all_a)],
        interval_b=[*wilson(n_b, all_b)],
        change=n_b / all_b - n_a / all_a,
        interval=[*change_interval((n_a, all_a), (n_b, all_b))],
        p=min(1.0, p),
    )


def named_groups(found: Measured, told: Sequence[Sought], factor: float) -> list[PopulationGroup]:
    """Size, name and explain groups.

    Parameters
    ----------
    found : Measured
    told : sequence of Sought
    factor : float
        By which all questions asked raise a p-value.

    Returns
    -------
    list of PopulationGroup
    """
    if not told:
        return []
    ground, titles = found.background, set[str]()
    groups = []
    for one in told:
        share = share_of((one.n_first, one.n_second), found.sizes, one.p * factor)
        values = enrich(one.members, ground.categories, ground.numbers)
        words = distinctive_words(one.members, ground.texts)
        rows = _central(one.members, found.graph.indices)
        text = ground.roles.get("text")
        texts = None if text is None else ground.columns[text]
        exemplars = [name_item(row, ground.ids, texts) for row in rows]
        group = PopulationGroup(
            **share,  # type: ignore[typeddict-item]
            kind=kind_of(share["share_a"], share["share_b"]),
            title="",
            sentence="",
            n=len(one.members),
            enriched=values.values,
            numbers=values.numbers,
            words=words,
            exemplars=exemplars,
        )
        if found.ranked is not None:
            group["n_partnered"], group["n_together"] = _together(found, one.members)
        group["title"] = _told_apart(_titles(group, ground), titles)
        group["sentence"] = group_sentence(group, *found.names)
        groups.append(group)
    return groups


def _together(found: Measured, members: IntArray) -> tuple[int, int]:
    """Count members with a partner, and those whose partner is a member too."""
    inside = np.zeros(len(found.side), bool)
    inside[members] = True
    held = inside[found.pairs]
    return int(held.sum()), 2 * int(held.all(axis=1).sum())


def _titles(group: PopulationGroup, ground: Background) -> list[str]:
    """Name a group: by a value that most members have, by words, by an example."""
    titles = []
    for one in group["enriched"]:
        if 2 * one["n"] >= group["n"]:
            label = one["column"] == ground.roles.get("label")
            titles.append(clip(one["value"] if label else f"{one['column']} {one['value']}"))
    if words := group["words"][:3]:
        titles.append(" · ".join(one["word"] for one in words))
    return [*titles, clip(f"near {group['exemplars'][0]['id']}")]


def _told_apart(wanted: Sequence[str], titles: set[str]) -> str:
    """Return the first title that no group before has."""
    first, at = wanted[0], 2
    told = next((one for one in wanted if one not in titles), first)
    while told in titles:
        told, at = f"{first} ({at})", at + 1
    titles.add(told)
    return told


def _central(members: IntArray, lists: NDArray[np.int32]) -> list[int]:
    """Return the members that stand in most lists of the others."""
    inside = np.zeros(len(lists), bool)
    inside[members] = True
    counts = np.bincount(lists[members].ravel(), minlength=len(lists))
    central = members[np.argsort(-counts[members], kind="stable")][:_EXEMPLARS]
    return [int(row) for row in central]
