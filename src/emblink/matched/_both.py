"""All scores of two sides that need no labels, over all their items or some."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from emblink.matched._geometry import geometry_scores
from emblink.matched._lists import (
    depths_of,
    list_columns,
    list_scores,
)
from emblink.matched._scores import RawScores
from emblink.matched._sides import LinkedSide, lists_at, side_at
from emblink.table import HEADLINE, NEAR_NEIGHBORS
from emblink.types import IntArray


def scores_at(
    a: LinkedSide,
    b: LinkedSide,
    rows: IntArray,
    *,
    names: Collection[str],
    k: int = NEAR_NEIGHBORS,
    seed: int,
) -> RawScores:
    """Measure how far two spaces agree at some of their common items.

    Parameters
    ----------
    a, b : LinkedSide
        Over all common items, among which neighbours are sought.
    rows : array of shape (n_rows,)
        The items that the scores are of; vectors are centred on their own mean.
    names : collection of str
        Of the scores.
    k : int
        Neighbours compared.
    seed : int

    Returns
    -------
    RawScores
    """
    depths = depths_of(a.graph, k=k)
    near = [lists_at(side, rows) for side in (a, b)]
    columns = list_columns(near[0], near[1], depths=depths, names={*names, HEADLINE})
    overlap = float(columns[HEADLINE].mean(dtype=np.float64))
    asked = {name: values for name, values in columns.items() if name in names}
    lists = list_scores(a, b, asked, rows=rows, depths=depths, seed=seed)
    parts = [side_at(side, rows) for side in (a, b)]
    return lists | geometry_scores(parts[0], parts[1], overlap=overlap, seed=seed, names=names)
