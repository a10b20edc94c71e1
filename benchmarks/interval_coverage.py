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

from emblink.judge import label_changes
from emblink.matched import (
    Side,
    depths_of,
    flip_scores,
    geometry_scores,
    label_votes,
    linked,
    list_columns,
    list_scores,
    lists_at,
)
from emblink.measures import k_means_cells, purity_errors
from emblink.rows import as_measured
from emblink.table import PURITY_NEIGHBORS, WIDE_NEIGHBORS
from emblink.types import NeighborGraph

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
    graphs = [nearest(of, WIDE_NEIGHBORS) for of in (x, y)]
    a, b = (
        linked(
            Side(name, "cosine", as_measured(of, metric="cosine"), k_means_cells(of), 0.0), graph
        )
        for name, of, graph in zip("ab", (x, y), graphs, strict=True)
    )
    rows, depths = np.arange(len(x)), depths_of(a.graph)
    columns = list_columns(lists_at(a, rows), lists_at(b, rows), depths=depths)
    votes = [label_votes(side, label) for side in (a, b)]
    raw = dict(list_scores(a, b, columns, rows=rows, depths=depths, seed=0).raw)
    raw |= flip_scores(votes[0].correct, votes[1].correct, label, cells=a.cells).raw
    if geometry:
        raw |= geometry_scores(a, b, overlap=0.5, seed=0).raw
    for name, score in raw.items():
        low, high = score.interval or (-np.inf, np.inf)
        yield (name, ""), (score.value, low, high)
    n_labels = int(label.max()) + 1
    reports = label_changes(
        votes[0].purity,
        votes[1].purity,
        overlap=columns["neighborhood_overlap"],
        codes=label,
        names=[str(code) for code in range(n_labels)],
        cells=a.cells,
        errors=purity_errors(
            a.graph, b.graph, label, k=PURITY_NEIGHBORS, groups=label, n_groups=n_labels
        ),
    )
    for report in reports:
        if "interval" in report:
            low, high = report["interval"]
            yield ("labels", report["label"]), (report["delta"], low, high)


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
                print(f"{name:32} {n_items:5} {score:24} {held:.3f} ({width:.2f})", flush=True)


if __name__ == "__main__":
    main()
