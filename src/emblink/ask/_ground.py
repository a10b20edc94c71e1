"""What change groups within a selection are sought in: both spaces of a pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emblink.ask._floor import sides_of_replicate
from emblink.ask._pair import Pair, ReplicatePair
from emblink.bundle import Bundle
from emblink.errors import InputError
from emblink.groups import (
    FEWEST_ITEMS,
    SURROUNDINGS,
    Items,
    Surroundings,
    principal_points,
    surroundings,
)
from emblink.matched import replicates_of, row_of_item
from emblink.neighbors import approximate
from emblink.types import IntArray, SpaceSet


@dataclass(frozen=True, eq=False)
class Ground:
    """What suggestions within a pair are made from; the costly part, kept between questions.

    Attributes
    ----------
    names : (str, str)
    items : array of shape (n_common,)
        The common items.
    a, b : Surroundings
    about : Items
    same : bool
        Whether the pair was found to be identical.
    """

    names: tuple[str, str]
    items: IntArray
    a: Surroundings
    b: Surroundings
    about: Items
    same: bool = False

    @classmethod
    def of(cls, bundle: Bundle, pair: Pair, space_set: SpaceSet, *, seed: int) -> Ground:
        """Take a pair's common items.

        Parameters
        ----------
        bundle : Bundle
        pair : Pair
        space_set : SpaceSet
            Of the bundle.
        seed : int

        Returns
        -------
        Ground

        Raises
        ------
        InputError
            The spaces have fewer than 60 items in common.
        """
        names, common = pair.names, pair.common
        if len(common.items) < FEWEST_ITEMS:
            raise InputError(
                f"spaces {names[0]!r} and {names[1]!r} have {len(common.items)} items in common; "
                f"change groups are sought among {FEWEST_ITEMS} or more"
            )
        items = common.items
        others = replicates_of(names, pair.replicates, [one.names for one in _counting(pair)])
        a, b = (
            _surroundings(bundle, space_set, name, items=items, others=both_runs, seed=seed)
            for name, both_runs in zip(names, others, strict=True)
        )
        about = Items.of(space_set).at(items)
        same = any(
            {one["a"], one["b"]} == {*names} and one["size"]["grade"] == "identical"
            for one in bundle.manifest.report["pairs"]
        )
        return cls(names, items, a, b, about, same)


def _counting(pair: Pair) -> list[ReplicatePair]:
    """Return the recipes run twice that show what noise does."""
    found = [(one, sides_of_replicate(pair, one)) for one in pair.other_runs]
    return [one for one, both_runs in found if both_runs is not None and not both_runs.at_chance]


def _surroundings(
    bundle: Bundle,
    space_set: SpaceSet,
    name: str,
    *,
    items: IntArray,
    others: Sequence[str],
    seed: int,
) -> Surroundings:
    spaces = space_set.spaces
    rows = {one: _rows_of(space_set, one, items) for one in (name, *others)}
    points = {
        one: principal_points(spaces[one].vectors, metric=spaces[one].metric, rows=held, seed=seed)
        for one, held in rows.items()
        if (held >= 0).all()
    }
    vectors, graph, own = spaces[name].vectors, bundle.graph(name), rows[name]
    if bundle.is_approximate(name) and len(own) < len(vectors):
        vectors = vectors[own]
        graph = approximate(vectors, min(SURROUNDINGS, len(own) - 1), graph.metric).graph
        own = np.arange(len(own))
    return surroundings(
        vectors,
        graph,
        own,
        points=points[name],
        other_runs=[points[one] for one in others if one in points],
    )


def _rows_of(space_set: SpaceSet, name: str, items: IntArray) -> IntArray:
    """Return where items lie in a space, -1 where they are not."""
    return row_of_item(space_set.rows[name], n_items=len(space_set.ids))[items]
