"""docs/measures/space_health.md: what Gaussian vectors show without any fault."""

from __future__ import annotations

import numpy as np
from _tables import Section

from emblink.measures import space_health
from emblink.neighbors import nearest_neighbors

DIMS, DRAWS = 64, 5


def section() -> Section:
    """Return the hubness and the dimension found in Gaussian vectors."""
    rows = []
    for n in (2_000, 20_000):
        facts = []
        for seed in range(DRAWS):
            vectors = np.random.default_rng(seed).standard_normal((n, DIMS)).astype(np.float32)
            health = space_health(vectors, nearest_neighbors(vectors, k=10, metric="euclidean"))
            facts.append([health[name] for name in ("hubness", "dimension", "top_variance_share")])
        rows.append((n, *np.mean(facts, axis=0).tolist()))
    columns = ("items", "hubness", "dimension", "top variance share")
    return Section(f"Gaussian vectors of {DIMS} dims, mean of {DRAWS}", columns, rows)
