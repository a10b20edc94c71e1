"""Change groups within a selection, and those that are like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from emblink.ask._ground import Ground
from emblink.bundle import Bundle
from emblink.errors import InputError
from emblink.groups import (
    Explained,
    hypergeometric_tail,
    pair_changes,
)
from emblink.types import (
    ChangeGroup,
    GroupReport,
    GroupSearch,
    IntArray,
)
from emblink.wording import EXPLORATORY, AlikeGroup, alike_sentence

FEWEST_SELECTED = 8
"""No smaller group is reported."""


class SimilarGroup(TypedDict):
    """A group of some pair that shares items with a selection.

    ``pair`` counts the compared pairs and ``group`` the groups of that pair, as in the report;
    ``expected`` is how many items a random selection as large shares with it, and ``p`` how often
    one shares as many (hypergeometric).
    """

    pair: int
    group: int
    a: str
    b: str
    title: str
    n: int
    n_shared: int
    jaccard: float
    expected: float
    p: float


class SimilarGroups(TypedDict):
    """The groups like a selection, most alike first."""

    groups: list[SimilarGroup]
    sentence: str


@dataclass(frozen=True, eq=False)
class Suggestion:
    """The change groups among selected items.

    Attributes
    ----------
    groups : list of ChangeGroup
        Heaviest first.
    named : list of Explained
        Of each group, the items that its report names, as rows of ``items``.
    items : array of shape (n_common,)
        The common items.
    search : GroupSearch
    """

    groups: list[ChangeGroup]
    named: list[Explained]
    items: IntArray
    search: GroupSearch

    @property
    def reports(self) -> list[GroupReport]:
        """The groups as data."""
        return [group.report for group in self.groups]


def suggest_groups(ground: Ground, rows: IntArray, *, seed: int) -> Suggestion:
    """Find the change groups among some items of a pair.

    Neighbours and the map are those of all common items; only the selected ones can be members,
    and residuals are permuted among them alone.

    Parameters
    ----------
    ground : Ground
    rows : array of shape (n_selected,)
        Rows of the bundle's items.
    seed : int

    Returns
    -------
    Suggestion

    Raises
    ------
    InputError
        Fewer than 8 of the items are in both spaces.
    """
    among = np.isin(ground.items, rows)
    if np.count_nonzero(among) < FEWEST_SELECTED:
        raise InputError(
            f"{np.count_nonzero(among)} of the selected items are in both spaces; select at least "
            f"{FEWEST_SELECTED}, the size of the smallest group"
        )
    found = pair_changes(
        ground.a,
        ground.b,
        names=ground.names,
        items=ground.about,
        among=among,
        same=ground.same,
        seed=seed,
    )
    groups = [
        change_group(
            ground.names,
            one.report,
            rows=ground.items[found.codes == code],
            exploratory=found.search["exploratory"],
            origin="change group within a selection",
        )
        for code, one in enumerate(found.explained)
    ]
    return Suggestion(groups, found.explained, ground.items, found.search)


def groups_of(bundle: Bundle, a: str, b: str) -> list[ChangeGroup]:
    """Return the change groups of a compared pair.

    Parameters
    ----------
    bundle : Bundle
    a, b : str

    Returns
    -------
    list of ChangeGroup
        Heaviest first; none where they were not sought.

    Raises
    ------
    BundleError
        The pair was not compared.
    """
    info = bundle.pair(a, b)
    report = bundle.manifest.report["pairs"][bundle.manifest.pairs.index(info)]
    if info.groups is None:
        return []
    codes, rows = bundle.array(info.groups.members), bundle.item_rows(info.over)
    exploratory = report["group_search"]["exploratory"]
    return [
        change_group(
            (a, b), one, rows=rows[codes == code], exploratory=exploratory, origin="change group"
        )
        for code, one in enumerate(report["groups"])
    ]


def similar_groups(bundle: Bundle, rows: IntArray) -> SimilarGroups:
    """Rank the change groups of all pairs by how much of a selection they share.

    Parameters
    ----------
    bundle : Bundle
    rows : array of shape (n_selected,)
        Rows of the bundle's items.

    Returns
    -------
    SimilarGroups
        Those that share more than chance would have it, by Jaccard similarity.
    """
    selected = np.zeros(bundle.manifest.n_items, dtype=bool)
    selected[rows] = True
    found = [
        one
        for at, info in enumerate(bundle.manifest.pairs)
        if info.groups is not None
        for one in _shared(bundle, at, selected[bundle.item_rows(info.over)])
    ]
    found.sort(key=lambda one: (-one["jaccard"], one["pair"], one["group"]))
    return SimilarGroups(groups=found, sentence=_sentence(found, int(selected.sum())))


def change_group(
    names: tuple[str, str],
    report: GroupReport,
    *,
    rows: IntArray,
    exploratory: bool,
    origin: str,
) -> ChangeGroup:
    """Return a group as a selection with a score and a reason.

    Parameters
    ----------
    names : (str, str)
    report : GroupReport
    rows : array of shape (n_members,)
        Rows of the bundle's items.
    exploratory : bool
    origin : str

    Returns
    -------
    ChangeGroup
    """
    return ChangeGroup(
        rows=np.sort(rows),
        name=report["title"],
        origin=origin,
        a=names[0],
        b=names[1],
        type=report["type"],
        mass=report["mass"],
        p=report["p"],
        exploratory=exploratory,
        reason=f"{report['sentence']} {EXPLORATORY}" if exploratory else report["sentence"],
        report=report,
    )


def _shared(bundle: Bundle, at: int, selected: NDArray[np.bool_]) -> list[SimilarGroup]:
    """Return the groups of a pair that share more items with a selection than chance."""
    info, report = bundle.manifest.pairs[at], bundle.manifest.report["pairs"][at]
    if info.groups is None or not selected.any() or not report["groups"]:
        return []
    codes, n_groups = bundle.array(info.groups.members), len(report["groups"])
    sizes = np.bincount(codes[codes >= 0], minlength=n_groups)
    shared = np.bincount(codes[selected & (codes >= 0)], minlength=n_groups)
    n_selected = int(selected.sum())
    tails = hypergeometric_tail(shared, sizes, n_drawn=n_selected, n=len(codes))
    expected = sizes * (n_selected / len(codes))
    return [
        SimilarGroup(
            pair=at,
            group=group,
            a=info.a,
            b=info.b,
            title=report["groups"][group]["title"],
            n=int(sizes[group]),
            n_shared=int(shared[group]),
            jaccard=float(shared[group] / (sizes[group] + n_selected - shared[group])),
            expected=float(expected[group]),
            p=float(tails[group]),
        )
        for group in np.flatnonzero(shared > expected).tolist()
    ]


def _sentence(found: list[SimilarGroup], n: int) -> str:
    first = None
    if found:
        one = found[0]
        first = AlikeGroup(
            one["title"], one["a"], one["b"], one["n_shared"], one["jaccard"], one["expected"]
        )
    return alike_sentence(first, n_found=len(found), n=n)
