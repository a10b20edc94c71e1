"""What holds exactly: copies stay, threads and row order change nothing, no NaN, PCA at once."""

from __future__ import annotations

import os
import time
from functools import partial

import numpy as np
from _tables import Check, Section, Value, say

from _layout import engines, scores
from _layout.data import Case, K, complete, copies, movers
from _layout.engines import OURS, UMAP, Pictures, timed
from emblink.neighbors import nearest_neighbors
from emblink.projection import joint_layout, pca_projections
from emblink.types import FloatArray, NeighborGraph


def judge_copies(*, peers: bool) -> Section:
    """Draw digits beside themselves, and beside a rotated and scaled copy."""
    rows: list[list[Value]] = []
    checks = []
    for case, limit in zip(copies(), (0.0, 0.01), strict=True):
        say(case.name)
        graphs = case.graphs()
        drawings = {OURS: timed(partial(engines.ours, case, graphs), one_frame=True)}
        if peers:
            way = partial(engines.umap, case, graphs, init="spectral", seed=0)
            drawings[UMAP] = timed(way)
        for name, drawing in drawings.items():
            moves = scores.displacement(case, drawing, (0, 1))
            rows.append([case.name, name, float(moves.max()), float(np.median(moves))])
        largest = scores.displacement(case, drawings[OURS], (0, 1)).max()
        checks.append(Check(f"{case.name}: largest", float(largest), limit))
    columns = ("spaces", "engine", "largest", "median")
    return Section("displacement of copies, in layout radii", columns, rows, checks)


def judge_exactness(*, n: int) -> Section:
    """Draw again with other threads, and draw what is hard to draw."""
    say("threads, degenerate spaces")
    case = movers(n, 3, seed=100)
    graphs = case.graphs()
    start = pca_projections(case.vectors, case.rows, metrics=[case.metric] * 3)
    one, two = (_with_threads(count, case, graphs, start) for count in (1, 2))
    differing = sum(a.tobytes() != b.tobytes() for a, b in zip(one, two, strict=True))
    bad = [name for name, pictures in _degenerate() if not _finite(pictures)]
    checks = [
        Check("pictures that differ between 1 and 2 threads", differing, 0),
        Check("degenerate spaces drawn with NaN", len(bad), 0),
    ]
    return Section(
        "the same whatever the machine", (), [], checks, [f"NaN in {name}" for name in bad]
    )


def judge_first_picture(n: int, *, n_spaces: int = 3, dims: int = 384) -> Section:
    """Time the PCA pictures that are shown first, from vectors in memory."""
    say(f"PCA of {n:,} x {n_spaces} x {dims}")
    rng = np.random.default_rng(0)
    spaces: list[FloatArray] = [
        rng.standard_normal((n, dims), dtype=np.float32) for _ in range(n_spaces)
    ]
    began = time.perf_counter()
    pca_projections(spaces, [np.arange(n)] * n_spaces, metrics=["cosine"] * n_spaces)
    seconds = time.perf_counter() - began
    check = Check("seconds to the PCA pictures", seconds, 3.0)
    return Section(f"first picture, {n:,} x {n_spaces} x {dims}", (), [], [check])


def _with_threads(count: int, case: Case, graphs: list[NeighborGraph], start: Pictures) -> Pictures:
    before = os.environ.get("EMBLINK_THREADS")
    os.environ["EMBLINK_THREADS"] = str(count)
    try:
        layout = joint_layout(graphs, case.rows, case.n_items, start=start, n_neighbors=K)
        return layout.pictures
    finally:
        os.environ.pop("EMBLINK_THREADS")
        if before is not None:
            os.environ["EMBLINK_THREADS"] = before


def _degenerate() -> list[tuple[str, Pictures]]:
    """Draw each of the spaces that have no proper neighbourhoods."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((200, 8)).astype(np.float32)
    far = x.copy()
    far[0] = 1e6
    hard: dict[str, FloatArray] = {
        "duplicates": np.repeat(x[:20], 10, axis=0),
        "all-equal vectors": np.ones((200, 8), np.float32),
        "islands": x + 1e4 * (np.arange(200) % 4)[:, None].astype(np.float32),
        "an isolated item": far,
    }
    cases = [complete(name, {"it": one, "other": x}, [(0, 1)]) for name, one in hard.items()]
    cases.append(complete("fewer items than neighbours", {"a": x[:5], "b": x[5:10]}, [(0, 1)]))
    found = []
    for case in cases:
        graphs = [
            nearest_neighbors(space, k=min(K, len(space) - 1), metric="euclidean")
            for space in case.vectors
        ]
        found.append((case.name, engines.ours(case, graphs)))
    nobody = NeighborGraph(np.empty((1, 0), np.int32), np.empty((1, 0), np.float32), "euclidean")
    lone = complete("one item", {"a": x[:1], "b": x[1:2]}, [(0, 1)])
    return [*found, (lone.name, engines.ours(lone, [nobody, nobody]))]


def _finite(pictures: Pictures) -> bool:
    return all(np.isfinite(picture).all() for picture in pictures)
