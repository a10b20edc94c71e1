"""A catalogue that is searched: items, queries by topic, answers, and changes of the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emblink.types import AnyArray, FloatArray, IntArray

TOPICS = (
    *("billing", "delivery", "refunds", "accounts"),
    *("returns", "warranty", "stock", "prices"),
)
N_ITEMS, N_QUERIES, D = 600, 400, 24


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Vectors of items and queries, and what answers which."""

    items: FloatArray
    queries: FloatArray
    topics: AnyArray
    answers: IntArray
    """Of each query, the item that answers it."""

    @property
    def ids(self) -> list[str]:
        """Of the items."""
        return [f"d{at}" for at in range(len(self.items))]

    @property
    def query_items(self) -> dict[str, AnyArray]:
        """What is known of the queries."""
        n = len(self.queries)
        return {
            "id": np.array([f"q{at}" for at in range(n)]),
            "text": np.array([f"how about {topic} {at}" for at, topic in enumerate(self.topics)]),
            "topic": self.topics,
        }

    @property
    def qrels(self) -> dict[str, dict[str, int]]:
        """One item for each query."""
        return {f"q{at}": {f"d{item}": 1} for at, item in enumerate(self.answers)}


def catalogue(seed: int = 0) -> Catalogue:
    """Draw items, and queries near the items that answer them, 50 of each topic."""
    rng = np.random.default_rng(seed)
    items = rng.normal(size=(N_ITEMS, D))
    answers = rng.permutation(N_ITEMS)[:N_QUERIES]
    queries = items[answers] + 0.35 * rng.normal(size=(N_QUERIES, D))
    topics = np.array(TOPICS)[np.arange(N_QUERIES) % len(TOPICS)]
    return Catalogue(items, queries, topics, answers)


def turned(vectors: FloatArray, *, noise: float = 0.0, seed: int = 1) -> FloatArray:
    """Turn vectors by one rotation, and add noise."""
    turn = np.linalg.qr(np.random.default_rng(99).normal(size=(D, D)))[0]
    rng = np.random.default_rng(seed)
    out: FloatArray = vectors @ turn + noise * rng.normal(size=vectors.shape)
    return out


def damaged(world: Catalogue, n_lost: int = 20, topic: str = "refunds") -> FloatArray:
    """Return the turned queries, some of one topic led astray."""
    rng = np.random.default_rng(5)
    out = turned(world.queries)
    lost = np.flatnonzero(world.topics == topic)[:n_lost]
    out[lost] = rng.normal(size=(len(lost), D)) * 1.1
    return out
