"""Brute-force neighbours and the real spaces, for the tests of measures."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.types import FloatArray, IntArray, Metric, NeighborGraph

ROOT = Path(__file__).parent
EMOJI = ROOT.parent / "src" / "emblink" / "demo" / "emoji.npz"
MNIST = ROOT / "data" / "mnist_cnn.npz"


def brute_graph(vectors: FloatArray, k: int, *, metric: Metric = "cosine") -> NeighborGraph:
    """Neighbours by the full distance matrix, ties by row: for small spaces only."""
    x = np.asarray(vectors, dtype=np.float64)
    if metric == "cosine":
        norms = np.linalg.norm(x, axis=1, keepdims=True)
        x = x / np.where(norms > 0, norms, 1.0)
        distances = 1.0 - x @ x.T
    else:
        squares = (x * x).sum(axis=1)
        distances = np.sqrt(np.maximum(squares[:, None] + squares - 2.0 * x @ x.T, 0.0))
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :k]
    return NeighborGraph(
        nearest.astype(np.int32),
        np.take_along_axis(distances, nearest, axis=1).astype(np.float32),
        metric,
    )


def graph_of(indices: Any) -> NeighborGraph:
    """A graph with the given lists and no distances worth reading."""
    lists = np.asarray(indices, dtype=np.int32)
    return NeighborGraph(lists, np.ones(lists.shape, dtype=np.float32), "euclidean")


def random_lists(n: int, k: int, *, seed: int, pull: float = 0.0) -> NDArray[np.int32]:
    """Lists of ``k`` others each; ``pull`` > 0 makes early rows ever more popular."""
    rng = np.random.default_rng(seed)
    score = rng.gumbel(size=(n, n)) - pull * np.log1p(np.arange(n))
    np.fill_diagonal(score, -np.inf)
    return np.argsort(-score, axis=1)[:, :k].astype(np.int32)


@cache
def truth(name: str) -> dict[str, Any]:
    """The figures computed from the very arrays of a data set."""
    loaded: dict[str, Any] = json.loads((ROOT / "data" / f"{name}.json").read_text())
    return loaded


@cache
def space(path: Path, name: str) -> FloatArray:
    """One real space, float32."""
    with np.load(path) as arrays:
        vectors: FloatArray = arrays[f"space__{name}"].astype(np.float32)
    return vectors


@cache
def real_graph(path: Path, name: str, k: int = 20) -> NeighborGraph:
    """Its neighbours by cosine."""
    return brute_graph(space(path, name), k)


def renumbered(graph: NeighborGraph, order: IntArray) -> NeighborGraph:
    """The same graph with item ``order[i]`` as number ``i``; -1 stays."""
    back = np.append(np.argsort(order), -1).astype(np.int32)
    return NeighborGraph(back[graph.indices][order], graph.distances[order], graph.metric)


@cache
def mnist_digits() -> NDArray[np.int64]:
    """The digit that each item shows."""
    with np.load(MNIST) as arrays:
        digits: NDArray[np.int64] = arrays["label"].astype(np.int64)
    return digits
