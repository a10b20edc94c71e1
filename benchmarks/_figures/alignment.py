"""docs/measures/row_alignment.md: which shuffled rows are recognised."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import numpy as np
from _tables import Section, Value
from numpy.typing import NDArray

from emblink.measures import neighborhood_overlap, row_alignment
from emblink.neighbors import nearest_neighbors
from emblink.types import Metric

DATA = Path(__file__).parents[2] / "tests" / "data" / "mnist_cnn.npz"
CLOUDS, ITEMS, K = 5, 1500, 50

Vectors: TypeAlias = NDArray[np.float32]


def section() -> Section:
    """Return the overlap in true order and under the re-matching, for each kind of pair."""
    columns = ("pair", "true order", "re-matched", "matched", "found")
    return Section("rows in another order", columns, [*_networks(), *_clouds()])


def _networks() -> list[tuple[Value, ...]]:
    rng = np.random.default_rng(0)
    with np.load(DATA) as arrays:

        def layer(seed: int, epoch: int) -> Vectors:
            vectors: Vectors = arrays[f"space__fc_seed{seed}_epoch{epoch:02}"].astype(np.float32)
            return vectors

        late = layer(0, 10)
        turn = np.linalg.qr(rng.standard_normal((late.shape[1],) * 2))[0]
        copy = (3 * late @ turn).astype(np.float32)
        given = {
            "shuffled copy, also rotated and scaled": (late, copy),
            "seed 0, epochs 5 and 10": (layer(0, 5), late),
            "seed 1, epochs 5 and 10": (layer(1, 5), layer(1, 10)),
            "two seeds, epoch 10": (late, layer(1, 10)),
        }
    order = rng.permutation(len(late))
    return [_row(name, x, y, order, metric="cosine") for name, (x, y) in given.items()]


def _clouds() -> list[tuple[Value, ...]]:
    rows = []
    for d in (2, 1):
        for seed in range(CLOUDS):
            rng = np.random.default_rng(seed)
            x, y = (rng.standard_normal((ITEMS, d)).astype(np.float32) for _ in range(2))
            name = f"independent clouds, {d} dims, seed {seed}"
            rows.append(_row(name, x, y, np.arange(ITEMS), metric="euclidean"))
    return rows


def _row(
    name: str, x: Vectors, y: Vectors, order: NDArray[np.int64], *, metric: Metric
) -> tuple[Value, ...]:
    a, b, shuffled = (nearest_neighbors(v, k=K, metric=metric) for v in (x, y, y[order]))
    found = row_alignment(a, shuffled)
    true = float(neighborhood_overlap(a, b).mean())
    return name, true, found.rematched, found.matched, "yes" if found.misaligned else "no"
