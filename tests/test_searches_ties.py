"""nDCG, recall and MRR of a comparison, by hand, where items tie and documents are copies."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pytest

import emblink as eb


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_relevance_is_that_of_a_search_by_hand_up_to_the_order_of_ties(
    metric: Literal["cosine", "euclidean"],
) -> None:
    """Small whole numbers tie often; grades go below zero; a fifth of the queries has no answer."""
    rng = np.random.default_rng(71)
    n, dims, m = 80, 4, 30
    a = rng.integers(1, 5, (n, dims)).astype(np.float32)
    a[60:] = a[:20]
    spaces = {"a": a, "b": a + rng.integers(0, 2, (n, dims)).astype(np.float32)}
    asked = rng.integers(1, 5, (m, dims)).astype(np.float32)
    ids = [f"d{at}" for at in range(n)]
    grades = [
        {
            f"d{at}": int(rng.integers(-1, 4))
            for at in rng.choice(n, 20 * (q % 5 > 0), replace=False)
        }
        for q in range(m)
    ]
    found = eb.compare(
        spaces,
        ids=dict.fromkeys(spaces, ids),
        metric=metric,
        queries=dict.fromkeys(spaces, asked),
        query_items={"id": [f"q{at}" for at in range(m)]},
        qrels={f"q{at}": one for at, one in enumerate(grades) if one},
    )
    table = found.queries("a", "b").to_pandas().set_index("id")
    for name, vectors in spaces.items():
        for q, judged in enumerate(grades):
            row = table.loc[f"q{q}"]
            results = row[f"results_{name}"].split(", ")
            near = -np.linalg.norm(vectors - asked[q], axis=1)
            if metric == "cosine":
                near = vectors @ asked[q] / np.linalg.norm(vectors, axis=1)
            places = [ids.index(one) for one in results]
            np.testing.assert_allclose(near[places], np.sort(near)[::-1][:10], rtol=1e-5, atol=1e-6)
            assert len({*results}) == 10
            best = sorted((grade for grade in judged.values() if grade > 0), reverse=True)
            gains = [max(0, judged.get(one, 0)) for one in results]
            told = [row[f"{measure}_{name}"] for measure in ("ndcg", "recall", "mrr")]
            if not best:
                assert np.isnan(told).all()
                continue
            hits = [rank for rank, gain in enumerate(gains, 1) if gain]
            first = 1 / hits[0] if hits else 0.0
            expected = [_dcg(gains) / _dcg(best[:10]), len(hits) / len(best), first]
            np.testing.assert_allclose(told, expected, atol=1e-6)


def _dcg(gains: list[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
