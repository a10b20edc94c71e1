"""Approximate neighbours against pynndescent and against our exact search, in one run."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pynndescent
from numpy.typing import NDArray

from _knn.real import mixed
from emblink import compute
from emblink.neighbors import approximate, nearest_neighbors

Vectors = NDArray[np.float32]
Search = Callable[[Vectors, int], NDArray[Any]]

QUERIES = 1000
SETTINGS: tuple[dict[str, int], ...] = ({}, {"max_candidates": 20}, {"max_candidates": 15})
"""Of pynndescent: its own, then fewer candidates, which find less in less time."""
_WARM = 3000


def race(n: int, n_dims: int, *, k: int, exact: bool, peer: bool) -> None:
    """Search in turn; print seconds of the processor, and recall on the same exact queries."""
    vectors = mixed(n, n_dims)
    queries = np.random.default_rng(1).choice(n, QUERIES, replace=False)
    truth = nearest_neighbors(vectors, k=k, queries=queries).indices
    print(f"\nn = {n}, d = {n_dims}, k = {k}, cosine, real rows mixed; {compute.threads()} threads")
    print(f"{'':40}{'CPU s':>9}{'wall s':>9}{'recall':>9}")
    for name, search in _searches(exact=exact, peer=peer).items():
        found, cpu, wall = _timed(search, vectors, k)
        hits = [np.isin(row, found[at]).mean() for row, at in zip(truth, queries, strict=True)]
        print(f"{name:40}{cpu:9.2f}{wall:9.2f}{np.mean(hits):9.4f}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"peak of the process {peak:.2f} GiB, the vectors {vectors.nbytes / 2**30:.2f} GiB")


def _searches(*, exact: bool, peer: bool) -> dict[str, Search]:
    searches: dict[str, Search] = {
        f"emblink approximate, target {target}": _ours(target) for target in (0.98, 0.99)
    }
    if peer:
        _theirs({})(mixed(_WARM, 8), 5)  # compiles
        searches |= {f"pynndescent {settings or ''}": _theirs(settings) for settings in SETTINGS}
    if exact:
        searches["emblink exact"] = lambda vectors, k: nearest_neighbors(vectors, k=k).indices
    return searches


def _ours(target: float) -> Search:
    return lambda vectors, k: approximate(vectors, k, target=target).graph.indices


def _theirs(settings: dict[str, int]) -> Search:
    def search(vectors: Vectors, k: int) -> NDArray[Any]:
        index = pynndescent.NNDescent(
            vectors,
            metric="cosine",
            n_neighbors=k + 1,  # it lists the row itself
            random_state=0,
            n_jobs=compute.threads(),
            **settings,
        )
        return np.asarray(index.neighbor_graph[0])

    return search


def _timed(search: Search, vectors: Vectors, k: int) -> tuple[NDArray[Any], float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    found = search(vectors, k)
    return found, time.process_time() - cpu, time.perf_counter() - wall
