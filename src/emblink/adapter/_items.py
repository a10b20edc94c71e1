"""Items that are asked for by their new vectors, among the old ones of all others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.adapter._maps import Floats, brought
from emblink.adapter._pair import Pair
from emblink.errors import InputError
from emblink.judge import payers
from emblink.measures import k_means_cells
from emblink.neighbors import nearest_neighbors, neighbors_of
from emblink.searches import Asked, asked_of
from emblink.stats import kept_interval, sample_items, share_interval
from emblink.types import (
    AdapterPayer,
    AdapterRoute,
    AnyArray,
    IntArray,
    PairSearches,
    QuerySet,
    Space,
)
from emblink.wording import percent

Lists = NDArray[np.int32]
K = 10
QUERIES = 2000
_TIED = 0.5
_TIE_DIGITS = 6


class AskedItems:
    """Items, what the new space answers them, and what a route finds of that.

    Those that are given as queries, with what is known of their answers; else up to 2,000.
    """

    def __init__(self, pair: Pair, queries: QuerySet | None, *, seed: int) -> None:
        self._pair = pair
        self._asked = np.sort(sample_items(pair.n, min(pair.n, QUERIES), seed=seed))
        self._answers: Asked | None = None
        if queries is not None:
            self._answers = asked_of(queries, [], ids=pair.space_set.ids, items=pair.items)
            self._asked = _places(self._answers)
        self._k = min(K, pair.n - 1)
        self._queries = pair.new_vectors[self._asked]
        refuse_ties(pair.b, self._queries)
        self._true = self._within(pair.new_vectors, pair.b)
        cells = k_means_cells(pair.new_vectors, metric=pair.b.metric, seed=seed)
        self._cells = cells[self._asked]
        self._names, self._codes = _labels(pair, self._asked)

    @property
    def n(self) -> int:
        """How many are asked for."""
        return len(self._asked)

    def among(self, name: str, vectors: AnyArray) -> AdapterRoute:
        """Ask by the new vectors, among some others in the new space."""
        return self._route(name, self._others(self._queries, vectors, self._pair.b))

    def back(self, name: str) -> AdapterRoute:
        """Bring the new vectors of those asked for into the old space, and ask there."""
        pair = self._pair
        rows = self._asked
        queries = brought(pair.back, lambda at: pair.new(rows[at]), pair.folds[rows])
        return self._route(name, self._others(queries, pair.old_vectors, pair.a))

    def of_old(self, name: str) -> AdapterRoute:
        """Ask the old model by its own vectors."""
        return self._route(name, self._within(self._pair.old_vectors, self._pair.a))

    def _others(self, queries: AnyArray, vectors: AnyArray, space: Space) -> Lists:
        """Return the nearest of some vectors to each query, itself left out."""
        found = neighbors_of(queries, vectors, k=self._k + 1, metric=space.metric).indices
        is_other = found != self._asked[:, None]
        last = is_other.all(axis=1)  # itself was not found: the last one is too many
        is_other[last, -1] = False
        others: Lists = found[is_other].reshape(len(found), self._k)
        return others

    def _within(self, vectors: AnyArray, space: Space) -> Lists:
        return nearest_neighbors(
            vectors, k=self._k, metric=space.metric, queries=self._asked
        ).indices

    def _route(self, name: str, found: Lists) -> AdapterRoute:
        kept = (found[:, :, None] == self._true[:, None, :]).any(axis=2).mean(axis=1)
        first = (found[:, 0] == self._true[:, 0]).astype(np.float64)
        told = AdapterRoute(
            name=name,
            kept=float(kept.mean()),
            interval=[*kept_interval(kept, self._cells)],
            first=float(first.mean()),
            first_interval=[*share_interval(first)],
        )
        pays = self._pays(kept)
        if pays is not None:
            told["pays"] = pays
        if self._answers is not None and self._answers.relevant is not None:
            measured = self._answers.measured(self._true, found)
            add_quality(told, self._answers.report((self._pair.b.name, name), measured))
        return told

    def _pays(self, kept: Floats) -> AdapterPayer | None:
        """Return the label that finds least, and less than the others, beyond the error."""
        for one in payers(1.0 - kept, self._codes, self._cells):
            if one.pays:
                name = str(self._names[one.code])
                n = len(one.rows)
                return AdapterPayer(name=name, n=n, kept=float(kept[one.rows].mean()))
        return None


def add_quality(told: AdapterRoute, searches: PairSearches) -> None:
    """Add what is known of relevance: nDCG, and its change from the new model."""
    told["searches"] = searches
    levels = {one["measure"]: one for one in searches["levels"]}
    if "ndcg" not in levels:
        return
    change = searches["scores"]["ndcg_change"]
    told["ndcg"] = levels["ndcg"]["b"]
    told["ndcg_change"] = change["value"]
    told["ndcg_interval"] = change.get("interval", [change["value"]] * 2)


def _places(asked: Asked) -> IntArray:
    """Return the places of items that are queries.

    Raises
    ------
    InputError
    """
    if asked.own is None or not len(asked.own):
        raise InputError("none of the items asked is in both spaces; ask with more of them")
    return asked.own


def refuse_ties(space: Space, vectors: AnyArray) -> None:
    """Refuse new vectors of which so many are one that which are nearest is a matter of order.

    Raises
    ------
    InputError
    """
    _, of = np.unique(np.round(vectors, _TIE_DIGITS), axis=0, return_inverse=True)
    crowds = np.bincount(of.ravel())
    tied = float(crowds[crowds > K + 1].sum()) / len(vectors)
    if tied > _TIED:
        raise InputError(
            f"{percent(tied)} of the items of {space.name!r} share their vector with more than "
            f"{K} others, so that no {K} are the nearest; expected vectors that tell items apart: "
            "leave out the copies, or check the file"
        )


def _labels(pair: Pair, asked: IntArray) -> tuple[AnyArray, IntArray]:
    """Return the names of the labels, and the code of each item asked, -1 without one."""
    column = pair.space_set.roles.get("label")
    if column is None:
        return np.zeros(0, np.str_), np.full(len(asked), -1)
    values = pair.space_set.items[column][pair.items[asked]].tolist()
    names, codes = np.unique([str(one) for one in values], return_inverse=True)
    return names, np.where(np.isin(names, ("", "nan"))[codes], -1, codes)
