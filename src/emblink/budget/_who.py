"""Which labels pay for a setting."""

from __future__ import annotations

import numpy as np

from emblink.budget._stored import Lists
from emblink.judge import payers
from emblink.measures import k_means_cells
from emblink.stats import kept_interval
from emblink.types import BudgetLabel, FloatArray, IntArray, Space, SpaceSet


class Who:
    """The items that are asked: how far each keeps its neighbours, and by label.

    Parameters
    ----------
    space_set : SpaceSet
    space : Space
    asked : array of shape (n_asked,)
        Places of the items.
    true : array of shape (n_asked, k)
        Their neighbours by the vectors as they are.
    seed : int
    """

    def __init__(
        self, space_set: SpaceSet, space: Space, asked: IntArray, *, true: Lists, seed: int
    ) -> None:
        self._true = true
        self._cells = k_means_cells(space.vectors, metric=space.metric, seed=seed)[asked]
        self._codes = _codes(space_set, space)
        self._asked = asked

    def kept(self, found: Lists) -> FloatArray:
        """Return the share of its neighbours that each item finds."""
        shared: FloatArray = (found[:, :, None] == self._true[:, None, :]).any(axis=2).mean(axis=1)
        return shared

    def mean(self, kept: FloatArray, *, certain: bool) -> tuple[float, tuple[float, float]]:
        """Return the mean, and where it lies in 95 % of cases."""
        value = float(kept.mean())
        return value, (value, value) if certain else kept_interval(kept, self._cells)

    def labels(self, kept: FloatArray, found: Lists) -> list[BudgetLabel]:
        """Return what the items of each label keep, what loses most first."""
        if self._codes is None:
            return []
        names, codes = self._codes
        own = codes[self._asked]
        before, after = ((codes[one] == own[:, None]).mean(axis=1) for one in (self._true, found))
        return [
            BudgetLabel(
                label=names[one.code],
                n=len(one.rows),
                kept=float(kept[one.rows].mean()),
                lost=one.lost,
                interval=[max(-1.0, one.lost - one.reach), min(1.0, one.lost + one.reach)],
                pays=one.pays,
            )
            for one in payers(before - after, own, self._cells)
        ]


def _codes(space_set: SpaceSet, space: Space) -> tuple[list[str], IntArray] | None:
    """Return the names of the labels, and the code of each row of the space, -1 without one."""
    column = space_set.roles.get("label")
    if column is None:
        return None
    values = [str(one) for one in space_set.items[column][space_set.rows[space.name]].tolist()]
    names = sorted({*values} - {"", "nan"})
    place = {name: code for code, name in enumerate(names)}
    return names, np.array([place.get(one, -1) for one in values])
