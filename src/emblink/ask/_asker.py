"""Questions about a finished bundle, and what is kept between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from emblink.ask._answer import SelectionAnswer
from emblink.ask._ground import Ground
from emblink.ask._groups import (
    SimilarGroups,
    Suggestion,
    similar_groups,
    suggest_groups,
)
from emblink.ask._near import NearItems, near_items
from emblink.ask._pair import Pair, ReplicatePair
from emblink.ask._scores import DEFAULT
from emblink.ask._selection import ask_selection
from emblink.ask._spaces import BundleSpaces
from emblink.bundle import Bundle
from emblink.bundle.schema import CategoryField
from emblink.errors import InputError, MatchError
from emblink.matched import FEWEST_COMMON, replicate_pairs_of
from emblink.types import IntArray, SpaceSet


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
        self._spaces = BundleSpaces(bundle)
        self._pair: Pair | None = None
        self._ground: Ground | None = None

    @property
    def n_items(self) -> int:
        """How many items the union has."""
        return self._bundle.manifest.n_items

    def checked(self, rows: IntArray) -> IntArray:
        """Refuse rows that no item of the bundle has.

        Parameters
        ----------
        rows : array of shape (n,)

        Returns
        -------
        array of shape (n,)
            The same.

        Raises
        ------
        InputError
            A row is not one of the bundle's.
        """
        if len(rows) and not (rows.min() >= 0 and rows.max() < self.n_items):
            raise InputError(
                f"item rows from {rows.min()} to {rows.max()} are asked about; the bundle has "
                f"rows 0 to {self.n_items - 1}"
            )
        return rows

    def ask(
        self,
        pair: tuple[str, str],
        rows: IntArray,
        *,
        measures: Sequence[str] = DEFAULT,
        k: int = 10,
        seed: int | None = None,
    ) -> SelectionAnswer:
        """Compare two spaces at some of their items.

        Parameters
        ----------
        pair : (str, str)
            Any two spaces with items in common, compared before or not.
        rows : array of shape (n_selected,)
            Rows of the bundle's items.
        measures : sequence of str
        k : int
        seed : int, optional
            Default: the bundle's.

        Returns
        -------
        SelectionAnswer
            See :func:`ask_selection`. Where a bundle's spaces have so many items that numbers are
            of a sample, no more of the selected ones are asked than there were in that.

        Raises
        ------
        InputError
            A space or measure is unknown, both spaces are the same, nothing is selected, or the
            spaces have fewer than four items in common.
        """
        held = self._held(pair)
        rows = self._few(held, rows)
        seed = self._bundle.manifest.seed if seed is None else seed
        return ask_selection(held, rows, measures=measures, k=k, seed=seed)

    def _few(self, pair: Pair, rows: IntArray) -> IntArray:
        """Of very many items keep the first, which are a random sample; they are asked exactly."""
        most = self._spaces.most_asked
        if most is None:
            return rows
        inside = np.isin(rows, pair.common.items)
        asked = np.unique(rows[inside])[:most]
        self._spaces.ask_exactly(asked)
        return np.concatenate([asked, rows[~inside]])

    def suggest(self, pair: tuple[str, str], rows: IntArray) -> Suggestion:
        """Find the change groups among some items.

        Parameters
        ----------
        pair : (str, str)
            Any two spaces with items in common, compared before or not.
        rows : array of shape (n_selected,)
            Rows of the bundle's items.

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
            self._ground = Ground.of(self._bundle, self._held(pair), self._space_set, seed=seed)
        return suggest_groups(self._ground, rows, seed=seed)

    def similar(self, rows: IntArray) -> SimilarGroups:
        """Rank the change groups of all pairs by how much of a selection they share.

        Parameters
        ----------
        rows : array of shape (n_selected,)
            Rows of the bundle's items.

        Returns
        -------
        SimilarGroups
        """
        return similar_groups(self._bundle, rows)

    def near(self, space: str, rows: IntArray) -> NearItems:
        """Find the items nearest to any of some items, exactly and among all of a space.

        Parameters
        ----------
        space : str
        rows : array of shape (n_selected,)
            Rows of the bundle's items.

        Returns
        -------
        NearItems
            At most 5,000 items.

        Raises
        ------
        InputError
            The space is unknown, none of the items is in it, or they are too many.
        """
        self._check_known(space)
        return near_items(self._bundle, self._spaces.infos[space], rows)

    @cached_property
    def _space_set(self) -> SpaceSet:
        return self._bundle.space_set()

    def _held(self, pair: tuple[str, str]) -> Pair:
        self._check_known(*pair)
        if pair[0] == pair[1]:
            raise InputError(f"space {pair[0]!r} is asked to be compared with itself; name two")
        if self._pair is None or self._pair.names != pair:
            self._spaces.forget()
            self._pair = self._matched(pair)
        return self._pair

    def _check_known(self, *names: str) -> None:
        unknown = [name for name in names if name not in self._spaces.infos]
        if unknown:
            raise InputError(
                f"there is no space {unknown[0]!r}; the spaces are: {', '.join(self._spaces.infos)}"
            )

    def _matched(self, pair: tuple[str, str]) -> Pair:
        common = self._spaces.common(*pair)
        if len(common.items) < FEWEST_COMMON:
            raise MatchError(
                f"spaces {pair[0]!r} and {pair[1]!r} have {len(common.items)} items in common; "
                f"choose two with at least {FEWEST_COMMON}"
            )
        codes, replicates = self._label_codes(), self._bundle.replicates()
        runs = replicate_pairs_of(replicates, [*self._spaces.infos], pair)
        return Pair(
            names=pair,
            common=common,
            spaces=self._spaces,
            codes=None if codes is None else codes[common.items],
            other_runs=tuple(ReplicatePair(names, self._spaces.common(*names)) for names in runs),
            replicates=replicates,
        )

    def _label_codes(self) -> IntArray | None:
        label = self._bundle.manifest.roles.label
        for field in self._bundle.manifest.fields:
            if field.name == label and isinstance(field, CategoryField):
                return self._bundle.array(field.codes)
        return None
