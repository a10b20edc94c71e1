"""Questions about a finished bundle, and what is kept between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from emblink.ask._answer import Answer
from emblink.ask._groups import (
    Ground,
    SimilarGroups,
    Suggestion,
    similar_groups,
    suggest_groups,
)
from emblink.ask._pair import Pair, Rerun, Side
from emblink.ask._purity import PURITY_NEIGHBORS
from emblink.ask._scores import HEADLINE
from emblink.ask._selection import FEWEST_ITEMS, ask_selection
from emblink.bundle import Bundle, inverse
from emblink.bundle.schema import CategoryField, SpaceInfo
from emblink.errors import InputError, MatchError
from emblink.neighbors import restrict
from emblink.types import IntArray, SpaceSet

SURROUNDINGS = 50
"""Neighbours that change groups are sought by."""


class Asker:
    """Answers questions about selections of a bundle's items.

    The neighbours of the pair last asked about are kept, ``O(n k)`` numbers, so that the next
    question about it is quick. Not for two threads at a time.

    Parameters
    ----------
    bundle : Bundle
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._kept: tuple[str, str] | None = None
        self._pair: Pair | None = None
        self._ground: Ground | None = None

    @property
    def n_items(self) -> int:
        """How many items the union has."""
        return self._bundle.manifest.n_items

    def rows_of_stored(self, stored: IntArray) -> IntArray:
        """Return the caller's rows of items given by their stored rows.

        Parameters
        ----------
        stored : array of shape (n,)
            Rows of the bundle's items as its columns hold them.

        Returns
        -------
        array of shape (n,), int64

        Raises
        ------
        InputError
            A row is not one of the bundle's.
        """
        if len(stored) and not (stored.min() >= 0 and stored.max() < self.n_items):
            raise InputError(
                f"item rows from {stored.min()} to {stored.max()} are asked about; the bundle has "
                f"rows 0 to {self.n_items - 1}"
            )
        return self._item_order[stored]

    def stored_of_rows(self, rows: IntArray) -> IntArray:
        """Return the stored rows of items given by the caller's rows.

        Parameters
        ----------
        rows : array of shape (n,)

        Returns
        -------
        array of shape (n,), int64
        """
        return inverse(self._item_order)[rows]

    def ask(
        self,
        pair: tuple[str, str],
        rows: IntArray,
        *,
        measures: Sequence[str] = HEADLINE,
        k: int = 10,
        seed: int | None = None,
    ) -> Answer:
        """Compare two spaces at some of their items.

        Parameters
        ----------
        pair : (str, str)
            Any two spaces with items in common, compared before or not.
        rows : array of shape (n_selected,)
            Rows of the union in the caller's order.
        measures : sequence of str
        k : int
        seed : int, optional
            Default: the bundle's.

        Returns
        -------
        Answer
            See :func:`ask_selection`.

        Raises
        ------
        InputError
            A space or measure is unknown, both spaces are the same, nothing is selected, or the
            spaces have fewer than four items in common.
        """
        held = self._held(pair, k=max(k, PURITY_NEIGHBORS))
        seed = self._bundle.manifest.seed if seed is None else seed
        return ask_selection(held, rows, measures=measures, k=k, seed=seed)

    def suggest(self, pair: tuple[str, str], rows: IntArray) -> Suggestion:
        """Find the change groups among some items.

        Parameters
        ----------
        pair : (str, str)
            Any two spaces with items in common, compared before or not.
        rows : array of shape (n_selected,)
            Rows of the union in the caller's order.

        Returns
        -------
        Suggestion
            See :func:`suggest_groups`.

        Raises
        ------
        InputError
            A space is unknown, both are the same, they have fewer than 60 items in common, or fewer
            than 8 of the selected ones.
        """
        seed = self._bundle.manifest.seed
        if self._ground is None or self._ground.names != pair:
            held = self._held(pair, k=SURROUNDINGS)
            self._ground = Ground.of(self._bundle, held, self._space_set, seed=seed)
        return suggest_groups(self._ground, rows, seed=seed)

    def similar(self, rows: IntArray) -> SimilarGroups:
        """Rank the change groups of all pairs by how much of a selection they share.

        Parameters
        ----------
        rows : array of shape (n_selected,)
            Rows of the union in the caller's order.

        Returns
        -------
        SimilarGroups
        """
        return similar_groups(self._bundle, rows)

    @cached_property
    def _space_set(self) -> SpaceSet:
        return self._bundle.space_set()

    def _held(self, pair: tuple[str, str], *, k: int) -> Pair:
        a, b = (self._info(name) for name in pair)
        if a is b:
            raise InputError(f"space {a.name!r} is asked to be compared with itself; name two")
        if self._pair is None or self._kept != pair or not _holds(self._pair, k):
            self._pair, self._kept = self._matched(a, b, k=k), pair
        return self._pair

    @cached_property
    def _item_order(self) -> IntArray:
        return self._bundle.order("items")

    def _info(self, name: str) -> SpaceInfo:
        infos = {info.name: info for info in self._bundle.manifest.spaces}
        if name not in infos:
            raise InputError(f"there is no space {name!r}; the spaces are: {', '.join(infos)}")
        return infos[name]

    def _matched(self, a: SpaceInfo, b: SpaceInfo, *, k: int) -> Pair:
        row_in_a, row_in_b = self._row_of_item(a), self._row_of_item(b)
        items = np.flatnonzero((row_in_a >= 0) & (row_in_b >= 0))
        if len(items) < FEWEST_ITEMS:
            raise MatchError(
                f"spaces {a.name!r} and {b.name!r} have {len(items)} items in common; choose two "
                f"with at least {FEWEST_ITEMS}"
            )
        codes = self._label_codes()
        return Pair(
            items=items,
            a=self._side(a, row_in_a[items], items, other=b, k=k),
            b=self._side(b, row_in_b[items], items, other=a, k=k),
            codes=None if codes is None else codes[items],
        )

    def _side(
        self, info: SpaceInfo, rows: IntArray, items: IntArray, *, other: SpaceInfo, k: int
    ) -> Side:
        vectors = self._bundle.array(info.vectors)
        graph = restrict(self._bundle.graph(info.name), vectors, rows, k=min(k, len(rows) - 1))
        reruns = tuple(
            Rerun(self._bundle.array(one.vectors), self._row_of_item(one)[items], one.metric)
            for one in self._reruns(info)
            if one is not other
        )
        cells = self._bundle.array(info.cells)[rows]
        return Side(info.name, vectors, rows, graph, cells, reruns)

    def _reruns(self, info: SpaceInfo) -> list[SpaceInfo]:
        """Return the other runs of a space's recipe."""
        recipe = {
            space["name"]: space.get("replicate_of", space["name"])
            for space in self._bundle.manifest.report["spaces"]
        }
        return [
            one
            for one in self._bundle.manifest.spaces
            if one is not info and recipe[one.name] == recipe[info.name]
        ]

    def _row_of_item(self, info: SpaceInfo) -> IntArray:
        """Return the row of each union item in a space, -1 where it has none."""
        held = self._bundle.item_rows(info.over)
        rows = np.full(self.n_items, -1, dtype=np.int64)
        rows[held] = np.arange(len(held))
        return rows

    def _label_codes(self) -> IntArray | None:
        label = self._bundle.manifest.roles.label
        for field in self._bundle.manifest.fields:
            if field.name == label and isinstance(field, CategoryField):
                return self._bundle.column(field.codes)
        return None


def _holds(pair: Pair, k: int) -> bool:
    """Whether a pair's lists are as long as was asked, or as there are items for."""
    held: int = pair.a.graph.indices.shape[1]
    return held >= min(k, len(pair.items) - 1)
