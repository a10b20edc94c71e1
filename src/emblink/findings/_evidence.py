"""What is known of the common items of a pair, one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.decimals import decimals
from emblink.types import AnyArray, FloatArray, GroupItem, IntArray
from emblink.wording import name_item

Nearest: TypeAlias = Callable[[int], tuple[IntArray, IntArray]]


@dataclass(frozen=True, eq=False)
class Evidence:
    """The common items of a pair, in one order.

    Attributes
    ----------
    ids : array of shape (n_items,)
    kept : array of shape (n_items,)
        Share of each item's ``k`` neighbours that stay.
    nearest : callable
        Given a row, the rows of its neighbours in each space, nearest first.
    k : int
    texts : array of shape (n_items,), or None
        What the items are to people.
    labels : array of shape (n_items,), or None
        Codes of the labels, -1 where an item has none.
    label_names : list of str
    correct : (array, array), or None
        Whether an item's neighbours vote for its own label, in each space: of all items, or of the
        first of them.
    groups : array of shape (n_items,), or None
        Which change group of the pair each item is in, -1 none.
    exemplars : list of list of int
        Of each group, rows of members that show what it is.
    strayed : array of shape (n_items,), or None
        Evidence that an item changed with its neighbours, in units of the threshold.
    still : array of shape (n_items,), bool, or None
        Whether an item looks still in the picture.
    """

    ids: AnyArray
    kept: FloatArray
    nearest: Nearest
    k: int = 10
    texts: AnyArray | None = None
    labels: IntArray | None = None
    label_names: list[str] = field(default_factory=list)
    correct: tuple[AnyArray, AnyArray] | None = None
    groups: IntArray | None = None
    exemplars: list[list[int]] = field(default_factory=list)
    strayed: FloatArray | None = None
    still: NDArray[np.bool_] | None = None

    @property
    def n(self) -> int:
        """How many common items there are."""
        return len(self.kept)

    @cached_property
    def kept_shares(self) -> NDArray[np.float64]:
        """Share of each item's neighbours that stay, as it was before it was rounded."""
        return decimals(self.kept)

    def of_label(self, name: str) -> IntArray:
        """Return the rows of a label's items.

        Parameters
        ----------
        name : str

        Returns
        -------
        array of shape (n,)
        """
        code = self._code_of.get(name)
        if code is None:
            return np.zeros(0, np.int64)
        order, ends = self._by_label
        return order[ends[code] : ends[code + 1]]

    @cached_property
    def _code_of(self) -> dict[str, int]:
        return {name: code for code, name in enumerate(self.label_names)}

    @cached_property
    def _by_label(self) -> tuple[IntArray, IntArray]:
        """Rows in the order of their labels, and where each label begins among them."""
        codes = np.full(self.n, -1) if self.labels is None else self.labels
        order = np.argsort(codes, kind="stable")
        return order, np.searchsorted(codes[order], np.arange(len(self.label_names) + 1))

    def accuracy(self, rows: IntArray) -> tuple[float, float] | None:
        """Return the share of items that their neighbours take for what they are, in each space.

        Parameters
        ----------
        rows : array of shape (n,)

        Returns
        -------
        (float, float), or None
        """
        if self.correct is None:
            return None
        rows = rows[rows < len(self.correct[0])]
        if not len(rows):
            return None
        a, b = (float(np.mean(side[rows], dtype=np.float64)) for side in self.correct)
        return a, b

    def lost_beside_others(self, rows: IntArray) -> float:
        """Return how many more of their neighbours some items lost than the others, in [0, 1].

        Parameters
        ----------
        rows : array of shape (n,)

        Returns
        -------
        float
        """
        others = np.delete(self.kept_shares, rows)
        if not len(others) or not len(rows):
            return 0.0
        return max(0.0, float(others.mean() - self.kept_shares[rows].mean()))

    def changed_most(self, rows: IntArray) -> IntArray:
        """Return some items in order: those first that kept least and strayed farthest.

        Parameters
        ----------
        rows : array of shape (n,)

        Returns
        -------
        array of shape (n,)
        """
        strayed = np.zeros(self.n) if self.strayed is None else self.strayed
        order: IntArray = rows[np.lexsort((rows, -strayed[rows], self.kept_shares[rows]))]
        return order

    def of_each_label(self, rows: IntArray) -> IntArray:
        """Return some items with the first of each label before the others.

        Parameters
        ----------
        rows : array of shape (n,)

        Returns
        -------
        array of shape (n,)
        """
        if self.labels is None:
            return rows
        first = np.sort(np.unique(self.labels[rows], return_index=True)[1])
        return np.concatenate([rows[first], np.delete(rows, first)])

    def item(self, row: int) -> GroupItem:
        """Name an item for people: its id, and its text on one line where it has one.

        Parameters
        ----------
        row : int

        Returns
        -------
        GroupItem
        """
        return name_item(row, self.ids, self.texts)

    def name(self, row: int) -> str | None:
        """Name an item in a few words; None where only a number is known of it.

        Parameters
        ----------
        row : int

        Returns
        -------
        str or None
        """
        item = self.item(row)
        if "text" in item:
            return item["text"]
        return None if self.ids.dtype.kind in "iuf" or item["id"].isdecimal() else item["id"]
