"""What is measured of each query: results replaced, their order, the first, and their relevance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.measures import (
    FirstRelevant,
    Relevant,
    RetrievalDelta,
    first_changed,
    first_relevant,
    rank_biased_overlap,
    retrieval_churn,
    retrieval_delta,
)
from emblink.types import IntArray, NeighborGraph

RESULTS = 10
"""Results of a search that are looked at."""
DEPTH = 50
"""Results whose order is compared."""


@dataclass(frozen=True, eq=False)
class Measured:
    """What was measured of every query in two spaces.

    Attributes
    ----------
    a, b : array of shape (n_queries, k), int32
        The first results, as rows of the items that both spaces have.
    k : int
    n_found : int
        Items that a search may return.
    depth : int
        Results whose order was compared.
    churn, rbo : array of shape (n_queries,), float32
    first : array of shape (n_queries,), bool
        Whether the first result is another item.
    relevant : Relevant or None
    delta : RetrievalDelta or None
    answers : FirstRelevant or None
    """

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    k: int
    n_found: int
    depth: int
    churn: NDArray[np.float32]
    rbo: NDArray[np.float32]
    first: NDArray[np.bool_]
    relevant: Relevant | None = None
    delta: RetrievalDelta | None = None
    answers: FirstRelevant | None = None

    @property
    def judged(self) -> IntArray:
        """Rows of the queries with relevant items."""
        if self.delta is None:
            return np.zeros(0, np.int64)
        return np.flatnonzero(np.isfinite(self.delta.ndcg))

    @property
    def unchanged(self) -> bool:
        """Whether every query has the same results in the same order."""
        return bool(np.array_equal(self.a, self.b))


def measured(
    a: NDArray[np.int32],
    b: NDArray[np.int32],
    *,
    n_found: int,
    relevant: Relevant | None = None,
) -> Measured:
    """Measure the results of the same queries in two spaces.

    Parameters
    ----------
    a, b : array of shape (n_queries, depth), int32
        Rows of items, best first.
    n_found : int
        Items that a search may return.
    relevant : Relevant, optional

    Returns
    -------
    Measured
    """
    depth = a.shape[1]
    k = min(RESULTS, depth)
    rbo = rank_biased_overlap(_graph(a), _graph(b), depth=depth)
    first = a[:, :k], b[:, :k]
    return Measured(
        a=first[0],
        b=first[1],
        k=k,
        n_found=n_found,
        depth=depth,
        churn=retrieval_churn(*first, k=k),
        rbo=rbo,
        first=first_changed(*first),
        relevant=relevant,
        delta=None if relevant is None else retrieval_delta(*first, relevant, k=k),
        answers=None if relevant is None else first_relevant(*first, relevant, k=k),
    )


def _graph(lists: NDArray[np.int32]) -> NeighborGraph:
    return NeighborGraph(
        indices=np.ascontiguousarray(lists, np.int32),
        distances=np.zeros(lists.shape, np.float32),
        metric="cosine",
    )
