"""docs/measures/intervals.md: what standard errors miss, over the spread of means drawn anew."""

from __future__ import annotations

import numpy as np
from _tables import Section
from interval_coverage import POPULATIONS, Population, nearest

from emblink.measures import k_means_cells, neighborhood_overlap
from emblink.stats import standard_error

DRAWS, ITEMS = 200, 500


def section() -> Section:
    """Return errors over the true one: of independent items, and of cells."""
    rows = [(name, 10, *_errors(one, 10)) for name, one in POPULATIONS.items()]
    small = Population(8, 10, 0.5)
    rows.append(("clusters of 50, as many neighbours", 50, *_errors(small, 50)))
    notes = ["1 is right; below it, intervals are too narrow by that factor."]
    columns = ("population", "k", "items independent", "cells")
    return Section(f"standard errors over the true one, {ITEMS} items", columns, rows, notes=notes)


def _errors(population: Population, k: int) -> tuple[float, float]:
    rng = np.random.default_rng(1)
    means, alone, cells = [], [], []
    for _ in range(DRAWS):
        x, y, _ = population.draw(ITEMS, rng)
        overlap = neighborhood_overlap(nearest(x, k), nearest(y, k), k=k)
        means.append(overlap.mean())
        alone.append(overlap.std(ddof=1) / np.sqrt(len(overlap)))
        cells.append(standard_error(overlap, k_means_cells(x)))
    spread = np.std(means, ddof=1)
    return float(np.mean(alone) / spread), float(np.mean(cells) / spread)
