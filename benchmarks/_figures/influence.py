"""docs/measures/influence.md: the standard error from influences where dims exceed items."""

from __future__ import annotations

import numpy as np
from _tables import Section

from emblink.measures import pair_geometry
from emblink.stats import standard_error

DRAWS = 100
SHAPES = ((250, 6), (100, 150))


def section() -> Section:
    """Return the standard errors over the spread of values drawn anew."""
    rows = [(f"{n} items, {d} dims", *_errors(n, d)) for n, d in SHAPES]
    columns = ("spaces", "linear CKA", "Procrustes")
    return Section(f"standard errors of influences over the true one, {DRAWS}", columns, rows)


def _errors(n: int, d: int) -> tuple[float, float]:
    mixing = np.random.default_rng(99).standard_normal((d, d))
    values, errors = [], []
    for seed in range(DRAWS):
        rng = np.random.default_rng(seed)
        x = rng.standard_normal((n, d)) * np.linspace(0.3, 2.0, d)
        both = pair_geometry(x, x @ mixing + 2.0 * rng.standard_normal((n, d)))
        values.append((both.linear_cka, both.procrustes_similarity))
        influences = (both.linear_cka_influence, both.procrustes_influence)
        errors.append([standard_error(one, np.arange(n)) for one in influences])
    cka, procrustes = np.mean(errors, axis=0) / np.std(values, axis=0, ddof=1)
    return float(cka), float(procrustes)
