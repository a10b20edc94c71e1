"""How often the intervals of the scores hold the truth.

    python benchmarks/interval_coverage.py

Items are drawn from a known population (a mixture of Gaussian clusters, and a second space that is
a noisy linear map of the first), neighbours found by brute force, and the intervals taken from that
one draw. The truth is the mean over all draws of the same size. Printed are how often each
interval holds it (95 % wanted) and, in brackets, its mean standard error over the true one (1
wanted). ``--seed`` draws other items.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.judge import purity_change
from emblink.matched import LIST_MEASURES, Lists, depths_of
from emblink.measures import (
    FEWEST_ITEMS,
    k_means_cells,
    knn_label_purity,
    list_errors,
    pair_geometry,
    purity_errors,
    rbf_cka,
    rsa_influence,
)
from emblink.rows import as_measured
from emblink.stats import Error, error_of_influence, interval_reach, standard_error
from emblink.table import PURITY_NEIGHBORS, WIDE_NEIGHBORS
from emblink.types import FloatArray, NeighborGraph

Vectors = NDArray[np.float32]

_FEWEST_DRAWS = 0.9
"""Labels that have an interval in fewer of the draws are left out."""


@dataclass(frozen=True)
class Population:
    """``noise`` is that of the map; ``uneven`` how much it differs between clusters."""

    n_dims: int
    n_clusters: int
    noise: float
    uneven: float = 0.0

    def draw(
        self, n_items: int, rng: np.random.Generator
    ) -> tuple[Vectors, Vectors, NDArray[np.int64]]:
        """Return two spaces and a label of each item: its cluster, or the quadrant it is in."""
        fixed = np.random.default_rng(0)
        centres = 2.0 * fixed.standard_normal((self.n_clusters, self.n_dims))
        turn = fixed.standard_normal((self.n_dims, self.n_dims)) / np.sqrt(self.n_dims)
        noise = self.noise * np.exp(self.uneven * fixed.standard_normal(self.n_clusters))
        shares = fixed.dirichlet(np.full(self.n_clusters, 5.0))
        cluster = rng.choice(self.n_clusters, n_items, p=shares)
        x = centres[cluster] + rng.standard_normal((n_items, self.n_dims))
        y = x @ turn + noise[cluster, None] * rng.standard_normal(x.shape)
        beyond = x[:, :2] > centres[0, :2]
        label = cluster if self.n_clusters > 1 else 2 * beyond[:, 0] + beyond[:, 1]
        return x.astype(np.float32), y.astype(np.float32), label


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
    away = np.take_along_axis(distances, chosen, axis=1)
    order = np.argsort(away, axis=1, kind="stable")
    indices, away = (np.take_along_axis(of, order, axis=1) for of in (chosen, away))
    return NeighborGraph(indices, away, "cosine")


Found = tuple[float, float, float]
"""A value and the ends of its interval."""


def scores_of(
    x: Vectors, y: Vectors, label: NDArray[np.int64], *, geometry: bool
) -> Iterator[tuple[tuple[str, str], Found]]:
    """Yield the value and the interval of each score, and of each label's change of purity."""
    a, b = (nearest(of, WIDE_NEIGHBORS) for of in (x, y))
    rows, cells = np.arange(len(x)), k_means_cells(x)
    lists_a, lists_b = Lists(rows, a, x), Lists(rows, b, y)
    depths = depths_of(a)
    for name, one in LIST_MEASURES.items():
        if one.gain is None:
            continue
        k = depths.wide if one.wide else depths.near
        values = one.per_item(lists_a, lists_b, k).astype(np.float64)
        error = list_errors(a, b, k=k, rows=rows, n_items=len(x), gains={"": one.gain})[""]
        yield (name, ""), _about(values.mean(), error)
        by_cells = Error(standard_error(values, cells), len(x))
        yield (f"{name}, by cells", ""), _about(values.mean(), by_cells)
    yield from _labels(a, b, label, cells=cells)
    if geometry:
        yield from _geometry(as_measured(x, metric="cosine"), as_measured(y, metric="cosine"))


def _about(value: float, error: Error) -> Found:
    reach = interval_reach(error)
    return float(value), value - reach, value + reach


def _labels(
    a: NeighborGraph, b: NeighborGraph, label: NDArray[np.int64], *, cells: NDArray[np.int32]
) -> Iterator[tuple[tuple[str, str], Found]]:
    n_labels, k = int(label.max()) + 1, PURITY_NEIGHBORS
    purity = [knn_label_purity(graph, label, k=k) for graph in (a, b)]
    errors = purity_errors(a, b, label, k=k, groups=label, n_groups=n_labels)
    for code, error in enumerate(errors):
        own = label == code
        if own.sum() < FEWEST_ITEMS:
            continue
        for name, known in (("labels", error), ("labels, by cells", None)):
            found = purity_change(purity[0][own], purity[1][own], cells=cells[own], error=known)
            if found is not None:
                yield (name, str(code)), (found.delta, *found.interval)


def _geometry(x: FloatArray, y: FloatArray) -> Iterator[tuple[tuple[str, str], Found]]:
    found, kernel, ranks = pair_geometry(x, y), rbf_cka(x, y), rsa_influence(x, y)
    for name, value, influence in (
        ("linear_cka", found.linear_cka, found.linear_cka_influence),
        ("procrustes_similarity", found.procrustes_similarity, found.procrustes_influence),
        ("rsa", ranks.value, ranks.influence),
    ):
        yield (name, ""), _about(value, error_of_influence(influence))
    if kernel.standard_error is not None:
        yield ("rbf_cka", ""), _about(kernel.value, Error(kernel.standard_error, len(x)))


def study(
    population: Population, *, n_items: int, draws: int, seed: int, geometry: bool
) -> dict[str, tuple[float, float]]:
    """Return, of each score, how often its interval held the truth, and its width over the true."""
    rng = np.random.default_rng(seed)
    found: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for _ in range(draws):
        for key, one in scores_of(*population.draw(n_items, rng), geometry=geometry):
            found[key].append(one)
    by_name: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for (name, _), rows in found.items():
        if len(rows) >= _FEWEST_DRAWS * draws:
            by_name[name].append(_covered(np.array(rows)))
    return {
        name: (float(np.mean([one[0] for one in all_])), float(np.mean([one[1] for one in all_])))
        for name, all_ in by_name.items()
    }


def _covered(rows: NDArray[np.float64]) -> tuple[float, float]:
    values, low, high = rows.T
    truth, spread = values.mean(), values.std(ddof=1)
    width = float((high - low).mean() / (2 * 1.96 * spread)) if spread > 0 else np.nan
    return float(np.mean((low <= truth) & (truth <= high))), width


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, nargs="+", default=[600, 2000])
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--geometry", action="store_true", help="CKA, Procrustes and RSA as well")
    chosen = parser.parse_args()
    for n_items in chosen.items:
        for name, population in POPULATIONS.items():
            found: Mapping[str, tuple[float, float]] = study(
                population,
                n_items=n_items,
                draws=chosen.draws,
                seed=chosen.seed,
                geometry=chosen.geometry,
            )
            for score, (held, width) in found.items():
                print(f"{name:32} {n_items:5} {score:36} {held:.3f} ({width:.2f})", flush=True)


if __name__ == "__main__":
    main()
