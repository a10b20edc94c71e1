"""Worlds of two populations."""

from __future__ import annotations

import numpy as np

from emblink.types import AnyArray

DIMS = 24


def source(n: int, *, seed: int = 0, clusters: int = 8) -> tuple[AnyArray, AnyArray]:
    """Draw items of one population, and the cluster of each."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((clusters, DIMS)) * 2
    codes = rng.integers(0, clusters, n)
    return (centres[codes] + rng.standard_normal((n, DIMS))).astype(np.float32), codes


def far_group(n: int, *, seed: int = 0) -> AnyArray:
    """Draw items of a place where the source has none."""
    rng = np.random.default_rng(1000 + seed)
    middle = 6 * np.random.default_rng(7).standard_normal(DIMS)
    return (middle + rng.standard_normal((n, DIMS))).astype(np.float32)


def with_news(
    n: int = 400, *, more: int = 40, seed: int = 0
) -> tuple[dict[str, AnyArray], dict[str, AnyArray]]:
    """Return two populations of one source, the second with a group of its own, and labels."""
    first, second = source(n, seed=seed)[0], source(n, seed=seed + 50)[0]
    sides = {"jan": first, "feb": np.concatenate([second, far_group(more, seed=seed)])}
    labels = {
        name: np.array(["outage" if at >= n else f"topic {at % 4}" for at in range(len(rows))])
        for name, rows in sides.items()
    }
    return sides, labels
