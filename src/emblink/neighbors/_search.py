"""Who looks at the products: this process, a device, or workers elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress
from emblink.executors import elsewhere
from emblink.kernels import TopLists
from emblink.neighbors._apart import pairs_apart, queries_apart
from emblink.neighbors._device import device_for, queries_on
from emblink.neighbors._points import Points, spans
from emblink.neighbors._scan import (
    BLOCK,
    SUMMED,
    Part,
    pairs_of,
    products_of,
    scan_pairs,
    scan_queries,
)

_CHOOSING = 256
"""Choosing the best of the products costs about as much as so many dims of them."""


def find_all(points: Points, lists: TopLists, progress: Progress) -> int:
    """Have all rows look at all others; return how many products that took."""
    n, n_dims = points.values.shape
    work = float(n) * n * (n_dims + _CHOOSING) / 2
    if (others := elsewhere(work)) is not None:
        return pairs_apart(others, points, lists, progress)
    rows = np.arange(n)
    if (device := _device(points, 2 * work)) is not None:
        return queries_on(device, points, rows, lists, n_candidates=n, progress=progress)
    parts = [Part(one, one.start) for one in spans(n, BLOCK)]
    told = _Told(progress, pairs_of(len(parts)))
    scan_pairs(points, parts, lists, tick=told)
    return told.total


def find_for(
    points: Points,
    queries: NDArray[np.int64],
    lists: TopLists,
    progress: Progress,
    *,
    n_candidates: int,
) -> int:
    """Have some rows look at the first ``n_candidates``; return how many products that took."""
    work = _work(points, queries.size, n_candidates)
    if (others := elsewhere(work)) is not None:
        return queries_apart(
            others, points, queries, lists, n_candidates=n_candidates, progress=progress
        )
    if (device := _device(points, work)) is not None:
        return queries_on(
            device, points, queries, lists, n_candidates=n_candidates, progress=progress
        )
    candidates = slice(0, n_candidates)
    told = _Told(progress, products_of(queries.size, candidates))
    scan_queries(points, queries, lists, candidates=candidates, tick=told)
    return told.total


def is_done_here(points: Points, n_queries: int, *, n_candidates: int) -> bool:
    """Say whether :func:`find_for` would have this process look, on its own processors."""
    work = _work(points, n_queries, n_candidates)
    return elsewhere(work) is None and _device(points, work) is None


def _work(points: Points, n_queries: int, n_candidates: int) -> float:
    return float(n_queries) * n_candidates * float(points.values.shape[1] + _CHOOSING)


def _device(points: Points, work: float) -> Any | None:
    # Of more dims sums are added in float64, which devices are slow at.
    return device_for(work) if points.values.shape[1] <= SUMMED else None


class _Told:
    """Counts products, and tells how many of all are done."""

    def __init__(self, progress: Progress, total: int) -> None:
        self.total, self._done, self._progress = total, 0, progress
        progress(0, total)

    def __call__(self) -> None:
        self._done += 1
        self._progress(self._done, self.total)
