"""The same items over several pairs: when they changed, and who never did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.decimals import decimals
from emblink.groups._enrich import category_of, column_kinds, enrich
from emblink.types import (
    AnyArray,
    FloatArray,
    GroupTimeline,
    GroupType,
    IntArray,
    Role,
    TimelineStep,
    Unchanging,
)
from emblink.wording import step_name, timeline_sentence, unchanging_sentence

LEAST_JACCARD = 0.5
STEADY = 0.7
"""Share of its neighbours that an item keeps in every pair, to be told as unchanging."""


@dataclass(frozen=True, eq=False)
class PairGroups:
    """What one judged pair has to say of its common items.

    Attributes
    ----------
    a, b : str
    items : array of shape (n_common,)
        Union rows, ascending.
    evidence : array of shape (n_common,)
    groups : sequence of array of shape (n_members,)
        Union rows of each group; no item in two.
    titles : sequence of str
    types : sequence of GroupType
    threshold : float
        An item strayed when its evidence is greater.
    kept : array of shape (n_common,)
        Share of each item's neighbours that stayed, in [0, 1].
    """

    a: str
    b: str
    items: IntArray
    evidence: FloatArray
    groups: Sequence[IntArray]
    titles: Sequence[str]
    types: Sequence[GroupType]
    threshold: float
    kept: FloatArray


class _Place(NamedTuple):
    """One group: the place of its pair, and its own among the pair's groups."""

    pair: int
    group: int


class _Line(NamedTuple):
    """A timeline's items, and the group of each pair that it joins."""

    title: str
    items: IntArray
    groups: dict[int, int]


@dataclass(frozen=True, eq=False)
class _Members:
    """All groups of all pairs in one list: ``items[i]`` is a member of group ``owners[i]``."""

    places: list[_Place]
    items: IntArray
    owners: NDArray[np.int32]
    pairs: NDArray[np.int32]
    """Of each group."""
    n_items: int


def timelines(pairs: Sequence[PairGroups]) -> list[GroupTimeline]:
    """Join groups of several pairs that are the same items, and follow them over all pairs.

    Parameters
    ----------
    pairs : sequence of PairGroups
        In the order in which steps are to be told.

    Returns
    -------
    list of GroupTimeline
        The heaviest first: by the sum of their members' evidence above the threshold, over all
        groups joined. None where there are fewer than two pairs. A group without its like in
        another pair is a timeline of its own: it says at which step its items changed.

    Notes
    -----
    Two groups are the same where their Jaccard index, over the items that both pairs hold, is at
    least 0.5 and at least half of either group is held by both pairs. The best matches join first
    (single linkage), and at most one group of a pair: a match that would bring in a second is
    passed over. Misleads for groups that grow from step to step: the items are those in at least
    half of the groups joined, and the first and the last of the groups may share few.
    """
    if len(pairs) < 2:
        return []
    members = _members(pairs)
    lines = [
        _line(pairs, [members.places[group] for group in joined])
        for joined in _joined(members, _links(pairs, members))
    ]
    steps: list[list[TimelineStep]] = [[] for _ in lines]
    mass = np.zeros(len(lines))
    for at, pair in enumerate(pairs):
        evidence = np.full(members.n_items, np.nan, dtype=np.float32)
        evidence[pair.items] = pair.evidence
        for place, line in enumerate(lines):
            group = line.groups.get(at)
            steps[place] += _step(pair, evidence[line.items], group=group)
            if group is not None:
                above = evidence[pair.groups[group]] - pair.threshold
                mass[place] += np.maximum(0.0, above).sum(dtype=np.float64)
    sizes = np.array([len(line.items) for line in lines], dtype=np.int64)
    return [
        {
            "title": lines[place].title,
            "n": int(sizes[place]),
            "steps": steps[place],
            "sentence": _line_sentence(pairs, steps[place], n=int(sizes[place])),
        }
        for place in np.lexsort((-sizes, -mass)).tolist()
    ]


def unchanging(
    pairs: Sequence[PairGroups],
    *,
    columns: Mapping[str, AnyArray],
    roles: Mapping[Role, str],
) -> Unchanging | None:
    """Describe the items that kept their place and most of their neighbours in every pair.

    Parameters
    ----------
    pairs : sequence of PairGroups
    columns : mapping of column name to array of shape (n_union, ...)
        The item table over the union.
    roles : mapping of role to column name

    Returns
    -------
    Unchanging or None
        Of the items that all pairs hold, those that strayed in none, are in no group and kept
        seven tenths of their neighbours each time; None where no item is in all pairs. Values are
        enriched in the steady ones against all of these.

    Notes
    -----
    Misleads with many pairs: each adds its chance of straying by noise.
    """
    if not pairs:
        return None
    n_items = 1 + max((int(pair.items.max(initial=-1)) for pair in pairs), default=-1)
    held = np.zeros(n_items, dtype=np.int32)
    steady = np.ones(n_items, dtype=bool)
    for pair in pairs:
        held[pair.items] += 1
        steady[pair.items] &= (pair.evidence <= pair.threshold) & (pair.kept >= STEADY)
        for group in pair.groups:
            steady[group] = False
    rows = np.flatnonzero(held == len(pairs))
    if not len(rows):
        return None
    members = np.flatnonzero(steady[rows])
    table = {name: values[rows] for name, values in columns.items() if values.ndim == 1}
    label = roles.get("label")
    categories = [
        category_of(name, table[name], is_label=name == label)
        for name, kind in column_kinds(table, roles).items()
        if kind == "category"
    ]
    enriched = enrich(members, categories).values
    return {
        "n": len(members),
        "n_all": len(rows),
        "enriched": enriched,
        "sentence": unchanging_sentence(len(members), len(rows), enriched=enriched, label=label),
    }


def _members(pairs: Sequence[PairGroups]) -> _Members:
    places = [
        _Place(at, group) for at, pair in enumerate(pairs) for group in range(len(pair.groups))
    ]
    groups = [pairs[at].groups[group] for at, group in places]
    sizes = np.array([len(group) for group in groups], dtype=np.int64)
    return _Members(
        places=places,
        items=np.concatenate([np.zeros(0, dtype=np.int64), *groups]),
        owners=np.repeat(np.arange(len(groups), dtype=np.int32), sizes),
        pairs=np.array([place.pair for place in places], dtype=np.int32),
        n_items=1 + max((int(pair.items.max(initial=-1)) for pair in pairs), default=-1),
    )


def _links(pairs: Sequence[PairGroups], members: _Members) -> list[tuple[float, int, int]]:
    """Return ``(-jaccard, group, group)`` of like groups of different pairs, the likest first."""
    n_groups = len(members.places)
    sizes = np.bincount(members.owners, minlength=n_groups)
    held = _held(pairs, members)
    first, second, common = _shared(members)
    size_first = held[first, members.pairs[second]]
    size_second = held[second, members.pairs[first]]
    jaccard = common / (size_first + size_second - common)
    like = (
        (jaccard >= LEAST_JACCARD)
        & (2 * size_first >= sizes[first])
        & (2 * size_second >= sizes[second])
    )
    return sorted(
        zip((-jaccard[like]).tolist(), first[like].tolist(), second[like].tolist(), strict=True)
    )


def _held(pairs: Sequence[PairGroups], members: _Members) -> NDArray[np.int64]:
    """Count the members of each group that each pair holds: ``(n_groups, n_pairs)``."""
    held = np.zeros((len(members.places), len(pairs)), dtype=np.int64)
    for at, pair in enumerate(pairs):
        present = np.zeros(members.n_items, dtype=bool)
        present[pair.items] = True
        kept = members.owners[present[members.items]]
        held[:, at] = np.bincount(kept, minlength=len(held))
    return held


def _shared(members: _Members) -> tuple[IntArray, IntArray, IntArray]:
    """Return groups of different pairs with common items, and how many: a pass per two pairs."""
    n_pairs = int(members.pairs.max(initial=-1)) + 1
    bounds = np.searchsorted(members.pairs, np.arange(n_pairs + 1))
    starts = np.searchsorted(members.owners, bounds)
    found = [np.zeros((3, 0), dtype=np.int64)]
    for later in range(n_pairs):
        own = np.full(members.n_items, -1, dtype=np.int32)
        mine = slice(starts[later], starts[later + 1])
        own[members.items[mine]] = members.owners[mine] - bounds[later]
        for earlier in range(later):
            theirs = slice(starts[earlier], starts[earlier + 1])
            met = own[members.items[theirs]]
            both = met >= 0
            width = int(bounds[later + 1] - bounds[later])
            first = (members.owners[theirs][both] - bounds[earlier]).astype(np.int64)
            codes, counts = _tally(first * width + met[both])
            found.append(
                np.stack([codes // width + bounds[earlier], codes % width + bounds[later], counts])
                if len(codes)
                else found[0]
            )
    first, second, common = np.concatenate(found, axis=1)
    return first, second, common


def _tally(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the codes that occur and how often: by a table unless that is mostly empty."""
    if int(codes.max(initial=0)) > 4 * len(codes) + 1024:
        found, counts = np.unique(codes, return_counts=True)
        return found, counts.astype(np.int64)
    table = np.bincount(codes)
    found = np.flatnonzero(table).astype(np.int64)
    return found, table[found].astype(np.int64)


def _joined(members: _Members, links: Sequence[tuple[float, int, int]]) -> list[list[int]]:
    """Join groups along links, the likest first, with at most one group of each pair."""
    clusters = {group: [group] for group in range(len(members.places))}
    for _, first, second in links:
        one, other = clusters[first], clusters[second]
        pairs_of = {members.places[group].pair for group in one}
        if one is not other and not any(members.places[group].pair in pairs_of for group in other):
            one = sorted(one + other)
            clusters.update(dict.fromkeys(one, one))
    return [cluster for group, cluster in clusters.items() if cluster[0] == group]


def _line(pairs: Sequence[PairGroups], places: Sequence[_Place]) -> _Line:
    groups = [pairs[at].groups[group] for at, group in places]
    rows, counts = np.unique(np.concatenate(groups), return_counts=True)
    at, group = places[max(range(len(groups)), key=lambda one: len(groups[one]))]
    return _Line(pairs[at].titles[group], rows[2 * counts >= len(groups)], dict(places))


def _step(pair: PairGroups, evidence: FloatArray, *, group: int | None) -> list[TimelineStep]:
    """Return what a pair shows of items; nothing where it holds less than half of them."""
    seen = evidence[~np.isnan(evidence)]
    if 2 * len(seen) < len(evidence):
        return []
    step: TimelineStep = {"a": pair.a, "b": pair.b, "evidence": float(np.median(decimals(seen)))}
    if group is not None:
        step["group"] = group
    return [step]


def _line_sentence(pairs: Sequence[PairGroups], steps: Sequence[TimelineStep], *, n: int) -> str:
    """Say at which steps items changed as a group, strayed otherwise, or kept still."""
    by_name = {(pair.a, pair.b): pair for pair in pairs}
    changed, strayed, still = [], [], []
    for step in steps:
        pair = by_name[step["a"], step["b"]]
        name = step_name(pair.a, pair.b)
        if "group" in step:
            changed.append(f"{name} ({pair.types[step['group']]})")
        elif step["evidence"] > pair.threshold:
            strayed.append(name)
        else:
            still.append(name)
    return timeline_sentence(n, changed=changed, strayed=strayed, still=still)
