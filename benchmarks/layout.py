"""The layout against UMAP, the same k-NN graphs given to both: ``python benchmarks/layout.py``.

Three spaces of the same items: a base of clusters, and two noisy copies in each of which a tenth of
the items went to another cluster. Prints seconds, the share of 15 nearest neighbours that the
picture keeps, and how far unchanged items move between the pictures, in layout radii.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.projection import joint_layout, pca_projections
from emblink.types import NeighborGraph

K = 15
Arrays = list[NDArray[np.float32]]


def spaces(n: int, seed: int = 0) -> tuple[Arrays, NDArray[np.bool_]]:
    """Return three spaces, and which items are unchanged in all."""
    rng = np.random.default_rng(seed)
    mixing = rng.normal(size=(12, 96)) / 3
    centres = 2.5 * rng.normal(size=(40, 12))
    labels = rng.integers(0, 40, n)
    latent = centres[labels] + rng.normal(size=(n, 12))
    found, unchanged = [latent], np.ones(n, bool)
    for _ in range(2):
        moved = rng.random(n) < 0.1
        goal = (labels + rng.integers(1, 40, n)) % 40
        found.append(latent + np.where(moved[:, None], centres[goal] - centres[labels], 0))
        unchanged &= ~moved
    noise = 0.1 * rng.normal(size=(3, n, 96))
    return [
        (x @ mixing + e).astype(np.float32) for x, e in zip(found, noise, strict=True)
    ], unchanged


def nearest(vectors: NDArray[Any], k: int = K) -> NeighborGraph:
    rows = np.asarray(vectors, np.float32)
    squares = np.einsum("ij,ij->i", rows, rows)
    indices = np.empty((len(rows), k), np.int32)
    distances = np.empty((len(rows), k), np.float32)
    for begin in range(0, len(rows), 1000):
        block = slice(begin, begin + 1000)
        found = squares - 2 * rows[block] @ rows.T + squares[block, None]
        found[np.arange(len(found)), np.arange(begin, begin + len(found))] = np.inf
        chosen = np.argpartition(found, k, axis=1)[:, :k]
        values = np.take_along_axis(found, chosen, axis=1)
        order = np.argsort(values, axis=1)
        indices[block] = np.take_along_axis(chosen, order, axis=1)
        distances[block] = np.sqrt(np.maximum(np.take_along_axis(values, order, axis=1), 0))
    return NeighborGraph(indices, distances, "euclidean")


def ours(vectors: Arrays, graphs: list[NeighborGraph]) -> Arrays:
    rows = [np.arange(len(space)) for space in vectors]
    start = pca_projections(vectors, rows, metrics=["euclidean"] * len(vectors))
    return joint_layout(graphs, rows, len(rows[0]), start=start, n_neighbors=K)


def umap(vectors: Arrays, graphs: list[NeighborGraph]) -> Arrays:
    from umap import UMAP

    pictures = []
    for space, graph in zip(vectors, graphs, strict=True):
        n = len(space)
        own = np.arange(n, dtype=np.int32)[:, None]
        knn = (
            np.concatenate((own, graph.indices[:, : K - 1]), axis=1),
            np.concatenate((np.zeros((n, 1), np.float32), graph.distances[:, : K - 1]), axis=1),
            None,
        )
        model = UMAP(n_neighbors=K, precomputed_knn=knn, init="pca")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pictures.append(np.asarray(model.fit_transform(space), np.float32))
    return pictures


def kept(graph: NeighborGraph, coords: NDArray[np.float32]) -> float:
    n = len(coords)
    pairs = np.arange(n)[:, None] * n
    shared = np.isin(pairs + nearest(coords).indices, pairs + graph.indices[:, :K])
    return float(shared.mean())


def jitter(pictures: Arrays, unchanged: NDArray[np.bool_]) -> float:
    """Median move of unchanged items between two pictures, best turned onto each other."""
    first, second = (p - p.mean(axis=0) for p in pictures[:2])
    first, second = (p / np.sqrt((p**2).sum(axis=1).mean()) for p in (first, second))
    left, _, right = np.linalg.svd(second.T @ first)
    return float(np.median(np.linalg.norm(first - second @ left @ right, axis=1)[unchanged]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=20_000)
    n = parser.parse_args().n
    vectors, unchanged = spaces(n)
    graphs = [nearest(space) for space in vectors]
    engines: dict[str, Callable[[Arrays, list[NeighborGraph]], Arrays]] = {"emblink": ours}
    if importlib.util.find_spec("umap"):
        engines["umap"] = umap
        small, _ = spaces(500)
        umap(small[:1], [nearest(small[0])])  # compiles
    for count in (1, 3):
        seconds = {}
        for name, engine in engines.items():
            began = time.perf_counter()
            pictures = engine(vectors[:count], graphs[:count])
            seconds[name] = time.perf_counter() - began
            share = np.mean([kept(g, p) for g, p in zip(graphs[:count], pictures, strict=True)])
            still = f"  jitter {jitter(pictures, unchanged):.4f}" if count > 1 else ""
            print(f"{n} x {count}  {name:8s} {seconds[name]:7.2f} s  kept {share:.3f}{still}")
        if "umap" in seconds:
            print(f"{n} x {count}  ratio emblink / umap {seconds['emblink'] / seconds['umap']:.3f}")


if __name__ == "__main__":
    main()
