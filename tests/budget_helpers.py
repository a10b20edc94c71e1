"""Vectors whose last dims tell the items of one topic apart, and queries for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emblink.budget import Allowed, budget
from emblink.load import from_arrays, load_queries
from emblink.types import AnyArray, BudgetReport, BudgetSetting, FloatArray, QuerySet, SpaceSet

TOPICS = ("cables", "code", "prices", "returns")
N, D, N_QUERIES = 640, 64, 200


@dataclass(frozen=True, eq=False)
class Shop:
    """Items and queries; those about code differ along the last half of the dims alone."""

    spaces: SpaceSet
    queries: QuerySet
    vectors: FloatArray
    asked: FloatArray
    topics: AnyArray
    answers: AnyArray

    def budget(self, allowed: float = 0.9, measure: str = "recall") -> BudgetReport:
        """Find how small the vectors may become."""
        told = Allowed(allowed, "ndcg" if measure == "ndcg" else "recall")
        return budget(self.spaces, allowed=told, queries=self.queries)


def shop(seed: int = 0, *, half: bool = False) -> Shop:
    """Draw items of four topics, and queries near some of them, which answer these."""
    rng = np.random.default_rng(seed)
    topics = np.arange(N) % len(TOPICS)
    vectors = rng.normal(size=(N, D)) + 2 * rng.normal(size=(4, D))[topics]
    code = topics == 1
    vectors[code, : D // 2] = 2 + 0.02 * rng.normal(size=(int(code.sum()), D // 2))
    answers = rng.permutation(N)[:N_QUERIES]
    asked = vectors[answers] + 0.25 * rng.normal(size=(N_QUERIES, D))
    asked[code[answers], : D // 2] = 2
    kept = np.float16 if half else np.float32
    vectors, asked = vectors.astype(kept), asked.astype(np.float32)
    names = np.array(TOPICS)[topics]
    spaces = from_arrays(
        {"x": vectors}, ids=[f"d{at}" for at in range(N)], labels=[f"is {one}" for one in names]
    )
    queries = load_queries(
        {"x": asked},
        spaces,
        items={"id": [f"q{at}" for at in range(N_QUERIES)], "topic": names[answers]},
        qrels={f"q{at}": {f"d{item}": 1} for at, item in enumerate(answers)},
    )
    assert queries is not None
    return Shop(spaces, queries, vectors, asked, names, answers)


def by_name(found: BudgetReport) -> dict[str, BudgetSetting]:
    """Return the settings by their names."""
    return {one["name"]: one for one in found["settings"]}
