"""docs/measures/noise_floor.md: how often a third run of one recipe is called changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from _tables import Section
from numpy.typing import NDArray

from emblink.judge import combined_floor, noise_floor, pair_verdict
from emblink.measures import hub_chance_overlap, k_means_cells, neighborhood_overlap
from emblink.neighbors import nearest_neighbors

RUNS, DIMS, CLUSTERS = 100, 16, 10

Vectors = NDArray[np.float64]
Recipe = Callable[[Vectors, np.random.Generator], Vectors]


def noisy(base: Vectors, rng: np.random.Generator, *, size: float) -> Vectors:
    """Return a run that differs item by item."""
    return np.asarray(base + size * rng.standard_normal(base.shape))


def bent(base: Vectors, rng: np.random.Generator, *, size: float) -> Vectors:
    """Return a run that bends the whole space its own way, and differs item by item a little."""
    turn = rng.standard_normal((DIMS, DIMS)) / np.sqrt(DIMS)
    return noisy(base + size * np.tanh(base @ turn), rng, size=0.2)


RECIPES: dict[str, Recipe] = {
    "item by item": partial(noisy, size=0.5),
    "bent a little": partial(bent, size=0.2),
    "bent": partial(bent, size=0.6),
}


def section() -> Section:
    """Return the share of third runs called changed, by one replicate and by three."""
    rows = [
        (name, n, *(_changed(recipe, n, replicates) for replicates in (1, 3)))
        for name, recipe in RECIPES.items()
        for n in (400, 2000)
    ]
    columns = ("runs differ", "items", "one replicate", "three")
    return Section(f"third runs called changed, of {RUNS}", columns, rows)


def _changed(recipe: Recipe, n: int, replicates: int) -> float:
    return float(np.mean([_judge(recipe, n, replicates, seed) for seed in range(RUNS)]))


def _judge(recipe: Recipe, n: int, replicates: int, seed: int) -> bool:
    rng = np.random.default_rng(seed)
    centres = 2 * rng.standard_normal((CLUSTERS, DIMS))
    base = centres[rng.integers(0, CLUSTERS, n)] + rng.standard_normal((n, DIMS))
    runs = [recipe(base, rng).astype(np.float32) for _ in range(2 + replicates)]
    a, b, *others = (nearest_neighbors(one, k=10, metric="cosine") for one in runs)
    cells = k_means_cells(runs[0])
    floors = [
        noise_floor(neighborhood_overlap(a, other), kind="replicate", cells=cells)
        for other in others
    ]
    verdict = pair_verdict(
        neighborhood_overlap(a, b),
        hub_chance=hub_chance_overlap(a, b),
        floor=combined_floor(floors),
        cells=cells,
    )
    return verdict == "changed"
