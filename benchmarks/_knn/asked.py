"""Exact lists of some rows: alone, beside an approximate graph, and by faiss, in one run."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import faiss
import numpy as np
from numpy.typing import NDArray
from scale import spaces

from _knn.real import mixed
from emblink.neighbors import approximate, likely_near, nearest_neighbors

Vectors = NDArray[np.float32]
Result = TypeVar("Result")

ASKED, HELD = 20_000, 50


def few_directions(n: int, n_dims: int) -> Vectors:
    """Return clusters in 24 latent dims, with noise in all, as `scale.py` compares."""
    return spaces(n, n_dims, 1)["space0.npy"]


def race(n: int, n_dims: int, *, k: int) -> None:
    """Ask in turn; print seconds of the processor, and fail where lists differ."""
    for name, make in (("few directions", few_directions), ("real rows mixed", mixed)):
        print(f"\n{name}, n = {n}, d = {n_dims}, {min(ASKED, n)} asked for {k}; CPU seconds")
        _race(make(n, n_dims), np.arange(min(ASKED, n)), k)


def _race(vectors: Vectors, asked: NDArray[np.int64], k: int) -> None:
    exact = partial(nearest_neighbors, vectors, k=k, queries=asked)
    graph = _timed("emblink's approximate graph", partial(approximate, vectors, HELD)).graph
    alone = _timed("emblink's exact lists, alone", exact)
    likely = likely_near(graph.indices, asked, k=k)
    beside = _timed("emblink's exact lists, beside the graph", partial(exact, likely=likely))
    _timed("faiss IndexFlatIP", partial(_by_faiss, vectors, asked, k))
    if not np.array_equal(alone.indices, beside.indices):
        raise SystemExit("lists beside the graph differ from those alone")


def _by_faiss(vectors: Vectors, asked: NDArray[np.int64], k: int) -> NDArray[Any]:
    unit = vectors.copy()
    faiss.normalize_L2(unit)
    index = faiss.IndexFlatIP(unit.shape[1])
    index.add(unit)
    return np.asarray(index.search(unit[asked], k + 1)[1])


def _timed(name: str, search: Callable[[], Result]) -> Result:
    cpu = time.process_time()
    found = search()
    print(f"{name:42}{time.process_time() - cpu:9.2f}", flush=True)
    return found
