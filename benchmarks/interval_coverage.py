"""How often the intervals of a mean overlap hold the truth.

    python benchmarks/interval_coverage.py

Items are drawn from a known population (a mixture of Gaussian clusters, and a second space that is
a noisy linear map of the first), neighbours found by brute force, and the interval taken from that
one draw. The truth is the mean over all draws of the same size. Printed are how often each
interval holds it (95 % wanted) and its standard error over the true one (1 wanted).
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.measures import k_means_cells, neighborhood_overlap
from emblink.stats import block_bootstrap, standard_error
from emblink.types import NeighborGraph

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Population:
    """``noise`` is that of the map; ``uneven`` how much it differs between clusters."""

    n_dims: int
    n_clusters: int
    noise: float
    uneven: float = 0.0

    def draw(self, n_items: int, rng: np.random.Generator) -> tuple[Vectors, Vectors]:
        fixed = np.random.default_rng(0)
        centres = 2.0 * fixed.standard_normal((self.n_clusters, self.n_dims))
        turn = fixed.standard_normal((self.n_dims, self.n_dims)) / np.sqrt(self.n_dims)
        noise = self.noise * np.exp(self.uneven * fixed.standard_normal(self.n_clusters))
        shares = fixed.dirichlet(np.full(self.n_clusters, 5.0))
        cluster = rng.choice(self.n_clusters, n_items, p=shares)
        x = centres[cluster] + rng.standard_normal((n_items, self.n_dims))
        y = x @ turn + noise[cluster, None] * rng.standard_normal(x.shape)
        return x.astype(np.float32), y.astype(np.float32)


POPULATIONS = {
    "8 dims, 1 cluster": Population(8, 1, 0.5),
    "8 dims, 10 clusters": Population(8, 10, 0.5),
    "8 dims, 10 clusters, uneven": Population(8, 10, 0.5, 0.7),
    "8 dims, 10 clusters, much noise": Population(8, 10, 3.0),
    "3 dims, 10 clusters, uneven": Population(3, 10, 0.3, 0.5),
    "32 dims, 10 clusters": Population(32, 10, 1.0),
    "32 dims, 30 clusters, uneven": Population(32, 30, 1.0, 0.7),
}


def nearest(vectors: Vectors, k: int) -> NeighborGraph:
    rows = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    distances = 1.0 - rows @ rows.T
    np.fill_diagonal(distances, np.inf)
    chosen = np.argpartition(distances, k, axis=1)[:, :k].astype(np.int32)
    return NeighborGraph(chosen, np.take_along_axis(distances, chosen, axis=1), "cosine")


def study(
    population: Population, *, n_items: int, k: int, draws: int
) -> dict[str, NDArray[np.float64]]:
    """Return, of each draw, the mean, both standard errors and the bootstrap's ends."""
    rng = np.random.default_rng(1)
    found: dict[str, list[object]] = {"mean": [], "items": [], "cells": [], "ends": []}
    for _ in range(draws):
        x, y = population.draw(n_items, rng)
        overlap = neighborhood_overlap(nearest(x, k), nearest(y, k), k=k)
        cells = k_means_cells(x)
        found["mean"].append(overlap.mean())
        found["items"].append(standard_error(overlap))
        found["cells"].append(standard_error(overlap, cells))
        found["ends"].append(block_bootstrap(overlap, cells))
    return {name: np.array(values) for name, values in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, nargs="+", default=[100, 500, 2000])
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--k", type=int, default=10)
    chosen = parser.parse_args()
    print(f"{'population':32} {'n':>5} {'overlap':>8}  bootstrap   1.3 · items")
    for n_items in chosen.items:
        for name, population in POPULATIONS.items():
            found = study(population, n_items=n_items, k=chosen.k, draws=chosen.draws)
            truth, spread = found["mean"].mean(), found["mean"].std(ddof=1)
            low, high = found["ends"].T
            held = np.mean((low <= truth) & (truth <= high))
            plain = np.mean(np.abs(found["mean"] - truth) <= 1.96 * found["items"])
            print(
                f"{name:32} {n_items:5} {truth:8.3f}  "
                f"{held:.2f} ({found['cells'].mean() / spread:.2f})  "
                f"{plain:.2f} ({found['items'].mean() / spread:.2f})",
                flush=True,
            )


if __name__ == "__main__":
    main()
