"""Ask emblaze which groups changed: ``python emblaze_worker.py IN.npz OUT.npz``, in its own Python.

``IN.npz`` holds the spaces ``a`` and ``b``; row i is the same item in both. No pictures are needed:
the suggestions are made of neighbours alone, here those of the vectors as they are given.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

OUT_OF_MEMORY = 3


def spaces(vectors: list[Any], *, k: int, metric: str) -> Any:
    """Return both spaces as emblaze holds them, with their neighbours."""
    from emblaze import Embedding, EmbeddingSet, Field

    found = EmbeddingSet(
        [
            Embedding({Field.POSITION: one, Field.COLOR: np.zeros(len(one))}, metric=metric)
            for one in vectors
        ],
        align=False,
    )
    found.compute_neighbors(n_neighbors=k)
    return found


def recommender(*, mended: bool) -> Any:
    """Return emblaze's class, or one in which a score is always a number.

    As released, a group with no neighbour gained (or lost) outside itself has the mean of nothing,
    NaN, as a term of its score, which leaves the order of all groups undefined; and the sum of a
    large group's similarities is taken in float16 and becomes infinite.
    """
    from emblaze.recommender import SelectionRecommender

    class Mended(SelectionRecommender):  # type: ignore[misc]
        def _change_score(self, change_set: Any, ids: Any, num_neighbors: int = 10) -> Any:
            found = super()._change_score(change_set, ids, num_neighbors)
            return 0.0 if np.isnan(found) else found

        def _consistency_score(self, ids: Any, frame: Any) -> Any:
            apart = self._pairwise_jaccard_distances(frame.get_recent_neighbors()[ids])
            n = len(ids)
            return (np.sum(1 - apart, dtype=np.float64) - n) / (n * (n - 1))

    return Mended if mended else SelectionRecommender


def suggestions(made_of: Any, *, mended: bool) -> list[dict[str, Any]]:
    """Return every suggestion from the first space to the second, in emblaze's order."""
    found = recommender(mended=mended)(made_of, frame_idx=0, preview_frame_idx=1)
    ranked = found.query(frame_idx=0, preview_frame_idx=1, num_results=sys.maxsize)
    return [group for group, _ in ranked]


def score(group: dict[str, Any]) -> float:
    """Return what emblaze sorts by, which it does not hand out."""
    terms = group["consistency"] + group["innerChange"] + group["gain"] + group["loss"]
    return float(terms * np.log(len(group["ids"])))


def peak_bytes() -> int:
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024 if found else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("given", type=Path)
    parser.add_argument("found", type=Path)
    parser.add_argument("--began", type=Path, help="written when only the suggestions are left")
    parser.add_argument("--k", type=int, default=100)
    parser.add_argument("--metric", default="cosine")
    parser.add_argument("--memory", type=int, help="bytes of address space")
    parser.add_argument("--mended", action="store_true")
    asked = parser.parse_args()
    if asked.memory:
        resource.setrlimit(resource.RLIMIT_AS, (asked.memory, asked.memory))

    with np.load(asked.given) as stored:
        vectors = [stored["a"], stored["b"]]
    few = [one[:300] for one in vectors]
    small = spaces(few, k=min(asked.k, len(few[0]) - 1), metric=asked.metric)
    suggestions(small, mended=asked.mended)  # compiles

    start = time.perf_counter()
    made_of = spaces(vectors, k=asked.k, metric=asked.metric)
    knn_seconds = time.perf_counter() - start
    if asked.began:
        asked.began.write_text(str(knn_seconds))

    start = time.perf_counter()
    ranked = suggestions(made_of, mended=asked.mended)
    seconds = time.perf_counter() - start
    rows = [sorted(group["ids"]) for group in ranked]
    np.savez(
        asked.found,
        rows=np.array([row for group in rows for row in group], np.int64),
        sizes=np.array([len(group) for group in rows], np.int64),
        scores=np.array([score(group) for group in ranked], np.float64),
        seconds=seconds,
        peak_bytes=peak_bytes(),
    )


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
