"""Queries of the new model, asked among old items that a map brings over, and the other way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.adapter._items import K, add_quality, refuse_ties
from emblink.adapter._maps import FOLDS, brought
from emblink.adapter._pair import Pair, seen
from emblink.errors import InputError
from emblink.neighbors import neighbors_of
from emblink.searches import asked_of
from emblink.stats import share_interval
from emblink.types import (
    AdapterPayer,
    AdapterRoute,
    AnyArray,
    FloatArray,
    QuerySet,
    Space,
)

Lists = NDArray[np.int32]


class AskedQueries:
    """Queries with vectors of the new model, and what it answers."""

    def __init__(self, pair: Pair, queries: QuerySet, *, seed: int) -> None:
        if pair.b.name not in queries.rows:
            raise InputError(
                f"an adapter is asked by queries of the new model, and there are none of "
                f"{pair.b.name!r}; give --queries {pair.b.name}=PATH"
            )
        self._pair, self._queries = pair, queries
        both = [one.name for one in (pair.a, pair.b) if one.name in queries.rows]
        self._asked = asked_of(queries, both, ids=pair.space_set.ids, items=pair.items)
        if not len(self._asked.rows):
            raise InputError("no query has vectors of both models; give the same queries of both")
        self._k = min(K, pair.n)
        refuse_ties(pair.b, pair.new_vectors)
        self._vectors = self._of(pair.b)
        self._true = self._found(self._vectors, pair.new_vectors, pair.b)
        self._folds = np.random.default_rng(seed + 1).permutation(self.n) % FOLDS

    @property
    def n(self) -> int:
        """How many are asked."""
        return len(self._asked.rows)

    @property
    def knows_old(self) -> bool:
        """Whether there are the old model's vectors of the same queries."""
        return self._pair.a.name in self._queries.rows

    def among(self, name: str, vectors: AnyArray) -> AdapterRoute:
        """Ask among some vectors in the new space."""
        return self._route(name, self._found(self._vectors, vectors, self._pair.b))

    def back(self, name: str) -> AdapterRoute:
        """Bring the queries into the old space, and ask there."""
        pair = self._pair
        there = brought(pair.back, lambda at: self._vectors[at].astype(np.float64), self._folds)
        return self._route(name, self._found(there, pair.old_vectors, pair.a))

    def of_old(self, name: str) -> AdapterRoute:
        """Ask the old model by its own vectors."""
        pair = self._pair
        return self._route(name, self._found(self._of(pair.a), pair.old_vectors, pair.a))

    def _of(self, space: Space) -> FloatArray:
        rows = self._queries.rows[space.name]
        order = np.argsort(rows, kind="stable")
        at = order[np.searchsorted(rows[order], self._asked.rows)]
        return seen(space, self._queries.vectors[space.name][at]).astype(np.float32)

    def _found(self, queries: AnyArray, vectors: AnyArray, space: Space) -> Lists:
        found: Lists = neighbors_of(queries, vectors, k=self._k, metric=space.metric).indices
        return found

    def _route(self, name: str, found: Lists) -> AdapterRoute:
        measured = self._asked.measured(self._true, found)
        searches = self._asked.report((self._pair.b.name, name), measured)
        kept = 1.0 - measured.churn.astype(np.float64)
        same = 1.0 - measured.first.astype(np.float64)
        told = AdapterRoute(
            name=name,
            kept=float(kept.mean()),
            interval=[*share_interval(kept)],
            first=float(same.mean()),
            first_interval=[*share_interval(same)],
        )
        churned = self._asked.churned(measured)
        if churned:
            first = max(churned, key=lambda one: one["churn"])
            told["pays"] = AdapterPayer(
                column=first["column"],
                name=first["segment"],
                n=first["n"],
                kept=1.0 - first["churn"],
            )
        add_quality(told, searches)
        return told
