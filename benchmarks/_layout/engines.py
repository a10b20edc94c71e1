"""Who draws: Emblink, umap-learn in two ways, and AlignedUMAP in a process of its own."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from _layout.data import Case, K, movers
from emblink.projection import (
    JointLayout,
    TakenAlong,
    drawn_again,
    joint_layout,
    pca_projections,
)
from emblink.types import FloatArray, NeighborGraph

Pictures: TypeAlias = list[NDArray[np.float32]]
Graphs: TypeAlias = Sequence[NeighborGraph]

OURS, ALONE, UMAP, WARM, ALIGNED = (
    "emblink",
    "emblink, each alone",
    "umap",
    "umap, from previous",
    "AlignedUMAP",
)
ALIGNED_LIMIT = 600.0


@dataclass(frozen=True, eq=False)
class Drawing:
    """Pictures of all spaces of a case.

    ``one_frame`` pictures are judged as they are. Others are turned, shifted and scaled onto each
    other for every pair, which is the best that can be done for them.
    """

    pictures: Pictures
    seconds: float
    one_frame: bool


def have_umap() -> bool:
    return importlib.util.find_spec("umap") is not None


def ours(case: Case, graphs: Graphs, *, seed: int = 0) -> Pictures:
    return _joint(case, graphs, seed=seed, taken_along=_taken(case, graphs)).pictures


def ours_again(case: Case, graphs: Graphs) -> Pictures:
    """Draw each space once more with other random draws, the others as they are."""
    taken_along = _taken(case, graphs)
    layout = _joint(case, graphs, seed=0, taken_along=taken_along)
    return drawn_again(
        graphs, case.rows, case.n_items, layout=layout, taken_along=taken_along, n_neighbors=K
    )


def _taken(case: Case, graphs: Graphs) -> TakenAlong:
    return TakenAlong.of(case.vectors, graphs, case.rows, n_items=case.n_items, k=K)


def _joint(case: Case, graphs: Graphs, *, seed: int, taken_along: TakenAlong) -> JointLayout:
    start = pca_projections(case.vectors, case.rows, metrics=[case.metric] * len(graphs))
    return joint_layout(
        graphs,
        case.rows,
        case.n_items,
        start=start,
        seed=seed,
        n_neighbors=K,
        taken_along=taken_along,
    )


def each_alone(case: Case, graphs: Graphs, *, seed: int = 0) -> Pictures:
    """Lay out every space by itself, from PCA pictures that face each other: no anchors."""
    start = pca_projections(case.vectors, case.rows, metrics=[case.metric] * len(graphs))
    return [
        joint_layout(
            [g], [np.arange(len(s))], len(s), start=[s], seed=seed, n_neighbors=K
        ).pictures[0]
        for g, s in zip(graphs, start, strict=True)
    ]


def umap(case: Case, graphs: Graphs, *, init: str, seed: int | None) -> Pictures:
    return [
        _fit(vectors, graph, init=init, seed=seed, metric=case.metric)
        for vectors, graph in zip(case.vectors, graphs, strict=True)
    ]


def umap_from_previous(case: Case, graphs: Graphs, *, init: str, seed: int | None) -> Pictures:
    """Start each space from the picture before it; items that had no place start at random."""
    pictures: Pictures = []
    places = np.random.default_rng(seed).uniform(-10, 10, (case.n_items, 2)).astype(np.float32)
    for vectors, graph, rows in zip(case.vectors, graphs, case.rows, strict=True):
        begin = np.ascontiguousarray(places[rows]) if pictures else init
        pictures.append(_fit(vectors, graph, init=begin, seed=seed, metric=case.metric))
        places[rows] = pictures[-1]
    return pictures


def _fit(
    vectors: FloatArray, graph: NeighborGraph, *, init: Any, seed: int | None, metric: str
) -> NDArray[np.float32]:
    """Run umap-learn on the given neighbours, of which it counts an item as its own first."""
    from umap import UMAP

    n = len(vectors)
    own = np.arange(n, dtype=np.int32)[:, None]
    knn = (
        np.concatenate((own, graph.indices[:, : K - 1]), axis=1),
        np.concatenate((np.zeros((n, 1), np.float32), graph.distances[:, : K - 1]), axis=1),
        None,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = UMAP(
            n_neighbors=K,
            precomputed_knn=knn,
            force_approximation_algorithm=True,  # else it searches again where n < 4,096
            init=init,
            random_state=seed,
            metric=metric,
        )
        return np.asarray(model.fit_transform(vectors), np.float32)


def warm_up() -> None:
    """Let umap-learn compile, with a seed and without, so that no time below includes it."""
    case = movers(500, 2, seed=0)
    for seed in (0, None):
        for init in ("pca", "spectral"):
            umap_from_previous(case, case.graphs(), init=init, seed=seed)


def timed(draw: Callable[[], Pictures], *, one_frame: bool = False) -> Drawing:
    began = time.perf_counter()
    pictures = draw()
    return Drawing(pictures, time.perf_counter() - began, one_frame)


def aligned_umap(case: Case, *, limit: float = ALIGNED_LIMIT) -> Drawing:
    """Draw with ``umap.AlignedUMAP`` in a child process, ended after ``limit`` seconds.

    Its seconds include its own neighbour search, as it accepts no neighbours, but neither its start
    nor compiling. Without pictures, the seconds are a lower bound.
    """
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "in.npz", Path(folder) / "out.npz"
        np.savez(given, *case.vectors)
        script = Path(__file__).with_name("aligned_umap.py")
        child = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(script), str(given), str(found)],
            stdout=subprocess.DEVNULL,
        )
        try:
            code = child.wait(limit)
        except subprocess.TimeoutExpired:
            return Drawing([], limit, False)
        finally:
            child.kill()
            child.wait()
        if code:
            raise SystemExit(f"AlignedUMAP ended with status {code}; its message is above")
        with np.load(found) as stored:
            pictures = [stored[f"arr_{i}"] for i in range(len(case.spaces))]
            return Drawing(pictures, float(stored["seconds"]), False)
