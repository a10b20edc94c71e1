"""The change groups of a pair, found and explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress, silent
from emblink.groups._communities import JOINS
from emblink.groups._explain import Background, Explained, explain
from emblink.groups._find import NEIGHBORS, Changes, Surroundings, change_groups
from emblink.types import (
    AnyArray,
    GroupSearch,
    GroupType,
    IntArray,
    NeighborGraph,
    Role,
    SpaceSet,
)
from emblink.wording import group_search_sentence, told_apart


@dataclass(frozen=True, eq=False)
class Items:
    """What is known of items.

    Attributes
    ----------
    ids : array of shape (n_items,)
    columns : mapping of column name to array of shape (n_items, ...)
    roles : mapping of role to column name
    """

    ids: AnyArray
    columns: Mapping[str, AnyArray]
    roles: Mapping[Role, str]

    @classmethod
    def of(cls, space_set: SpaceSet) -> Items:
        """Take the item table of a set of spaces, without thumbnails.

        Parameters
        ----------
        space_set : SpaceSet

        Returns
        -------
        Items
        """
        columns = {name: values for name, values in space_set.items.items() if values.ndim == 1}
        return cls(space_set.ids, columns, space_set.roles)

    def at(self, rows: IntArray) -> Items:
        """Take some of the items.

        Parameters
        ----------
        rows : array of shape (n,)

        Returns
        -------
        Items
        """
        columns = {name: values[rows] for name, values in self.columns.items()}
        return Items(self.ids[rows], columns, self.roles)


@dataclass(frozen=True, eq=False)
class PairChanges:
    """What changed together in a pair, as data and words.

    Attributes
    ----------
    codes : array of shape (n_items,), int32
        Which group each item is in; -1 for none.
    evidence : array of shape (n_items,), float32
    explained : list of Explained
        The groups, heaviest first.
    search : GroupSearch
    """

    codes: NDArray[np.int32]
    evidence: NDArray[np.float32]
    explained: list[Explained]
    search: GroupSearch


def pair_changes(
    a: Surroundings,
    b: Surroundings,
    *,
    names: tuple[str, str],
    items: Items,
    among: NDArray[np.bool_] | None = None,
    same: bool = False,
    seed: int = 0,
    progress: Progress = silent,
) -> PairChanges:
    """Find the change groups of a pair, and explain each.

    Parameters
    ----------
    a, b : Surroundings
        Over the same items in the same order, an order that does not depend on how they came.
    names : (str, str)
        Of the spaces.
    items : Items
        In that order.
    among : array of shape (n_items,), bool, optional
        Only these may be members.
    same : bool
        Whether the spaces are known to be the same, so that nothing moved.
    seed : int
    progress : callable
        Called with ``(done, total)``; raise from it to cancel.

    Returns
    -------
    PairChanges

    Raises
    ------
    GraphMismatchError
        See :func:`change_groups`.
    """
    found = change_groups(a, b, among=among, same=same, seed=seed, progress=progress)
    background = Background(
        names=names,
        ids=items.ids,
        columns=items.columns,
        roles=items.roles,
        a=_nearest(a.graph),
        b=_nearest(b.graph),
        residuals=found.residuals,
        evidence=found.evidence,
    )
    codes = np.full(len(found.evidence), -1, dtype=np.int32)
    for code, group in enumerate(found.groups):
        codes[group.members] = code
    explained = [explain(one, background) for one in found.groups]
    titles = [one.report["title"] for one in explained]
    for one, title in zip(
        explained, told_apart(titles, [one.facts for one in explained]), strict=True
    ):
        one.report["title"] = title
    return PairChanges(
        codes=codes,
        evidence=found.evidence,
        explained=explained,
        search=_search(found, n=len(codes) if among is None else int(among.sum())),
    )


def _nearest(graph: NeighborGraph) -> NeighborGraph:
    """Take the neighbours that the groups were found by."""
    return replace(
        graph, indices=graph.indices[:, :NEIGHBORS], distances=graph.distances[:, :NEIGHBORS]
    )


def _search(found: Changes, *, n: int) -> GroupSearch:
    return GroupSearch(
        floor_kind=found.floor_kind,
        exploratory=found.floor_kind == "neighbors",
        n=n,
        n_strayed=found.n_strayed,
        n_grouped=sum(len(one.members) for one in found.groups),
        threshold=JOINS,
        fit=found.fit,
        n_permutations=found.n_permutations,
        sentence=_sentence(found, n=n),
    )


def _sentence(found: Changes, *, n: int) -> str:
    kinds: dict[GroupType, int] = {}
    for group in found.groups:
        kinds[group.type] = kinds.get(group.type, 0) + 1
    grouped = sum(len(one.members) for one in found.groups)
    return group_search_sentence(kinds, n_grouped=grouped, n=n)
