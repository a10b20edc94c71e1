"""A recipe of embeddings, runs of it, and changes of them that a gate must tell."""

from __future__ import annotations

import numpy as np

from emblink.types import AnyArray

N, D, K = 500, 32, 10
RNG = np.random.default_rng(11)
KINDS = RNG.integers(0, K, N)
BASE = RNG.normal(size=(K, D))[KINDS] * 1.3 + RNG.normal(size=(N, D)) * 0.8
IDS = [f"i{i}" for i in range(N)]


def run_of_the_recipe(seed: int) -> AnyArray:
    rng = np.random.default_rng(seed)
    turned = BASE @ np.linalg.qr(rng.normal(size=(D, D)))[0]
    out: AnyArray = turned + 0.45 * rng.normal(size=(N, D))
    return out


OLD = run_of_the_recipe(1)


def rounded() -> AnyArray:
    step = np.abs(OLD).max(axis=0) / 127
    out: AnyArray = np.round(OLD / step) * step
    return out


def damaged() -> AnyArray:
    """Scatter the items of one label among the others."""
    rng = np.random.default_rng(5)
    out, at = OLD.copy(), KINDS == 3
    out[at] = OLD[rng.choice(np.flatnonzero(~at), at.sum())] + 0.1 * rng.normal(size=(at.sum(), D))
    return out
