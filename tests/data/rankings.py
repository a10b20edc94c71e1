"""Make ``rankings.json``: 200 random rankings and what trec_eval says of them.

Run with pytrec_eval installed, ``pip install pytrec-eval-terrier``: its values are trec_eval's.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
N_ITEMS, N_FOUND, K = 60, 20, 10
MEASURES = {"ndcg": f"ndcg_cut_{K}", "recall": f"recall_{K}", "mrr": "recip_rank"}


def main() -> None:
    """Draw rankings and graded judgements, and write both with trec_eval's values."""
    rng = np.random.default_rng(19)
    found = np.array([rng.permutation(N_ITEMS)[:N_FOUND] for _ in range(200)])
    judged = {}
    for query in range(200):
        n = int(rng.integers(1, 25))
        items = rng.permutation(N_ITEMS)[:n]
        grades = rng.choice([0, 1, 2, 3], n, p=[0.3, 0.4, 0.2, 0.1])
        grades[0] = max(1, grades[0])
        judged[query] = {int(item): int(grade) for item, grade in zip(items, grades, strict=True)}
    values = trec_eval(found, judged)
    held = {"found": found.tolist(), "judged": judged, "values": values}
    (HERE / "rankings.json").write_text(json.dumps(held) + "\n", encoding="utf-8")


def trec_eval(
    found: np.ndarray[tuple[int, ...], np.dtype[np.int64]], judged: dict[int, dict[int, int]]
) -> dict[str, list[float]]:
    """Return each measure of each query; the reciprocal rank is that of the first ten results."""
    pytrec_eval = import_module("pytrec_eval")
    relevance = {
        str(query): {f"d{item}": grade for item, grade in of.items()}
        for query, of in judged.items()
    }

    def run(depth: int) -> dict[str, dict[str, float]]:
        return {
            str(query): {f"d{item}": float(depth - rank) for rank, item in enumerate(row[:depth])}
            for query, row in enumerate(found.tolist())
        }

    asked = {"ndcg_cut.10", "recall.10", "recip_rank"}
    whole = pytrec_eval.RelevanceEvaluator(relevance, asked).evaluate(run(N_FOUND))
    first = pytrec_eval.RelevanceEvaluator(relevance, asked).evaluate(run(K))
    return {
        name: [(first if name == "mrr" else whole)[str(q)][theirs] for q in range(len(found))]
        for name, theirs in MEASURES.items()
    }


if __name__ == "__main__":
    main()
