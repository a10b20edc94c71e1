"""Many rows with the structure of real ones: words and names of emoji in MiniLM, mixed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    (ROOT / "src" / "emblink" / "demo" / "emoji.npz", "space__minilm_l6_name_en"),
    (ROOT / "tests" / "data" / "words_partial.npz", "space__minilm_input384"),
)
_BLOCK = 50_000
_NEAR = 40


def mixed(n: int, n_dims: int, *, seed: int = 0) -> NDArray[np.float32]:
    """Mix real rows in threes: one, one of its 40 nearest, any one, and a share of a difference.

    Of the 4,655 real rows at most 384 dims, the leading principal components where fewer.
    """
    real = np.concatenate([np.load(path)[name].astype(np.float32) for path, name in SOURCES])
    real /= np.linalg.norm(real, axis=1, keepdims=True)
    cosines = real @ real.T
    np.fill_diagonal(cosines, -2)
    near = np.argsort(-cosines, axis=1)[:, :_NEAR]
    axes = np.linalg.eigh(np.cov(real.T))[1][:, ::-1][:, :n_dims].astype(np.float32)
    rng = np.random.default_rng(seed)
    made = np.empty((n, axes.shape[1]), dtype=np.float32)
    for begin in range(0, n, _BLOCK):
        rows = min(_BLOCK, n - begin)
        first, third, plus, minus = rng.integers(len(real), size=(4, rows))
        second = near[first, rng.integers(_NEAR, size=rows)]
        shares = rng.dirichlet((2, 1, 1), size=rows).astype(np.float32)
        block = 0.175 * rng.random((rows, 1), dtype=np.float32) * (real[plus] - real[minus])
        for share, row in zip(shares.T, (first, second, third), strict=True):
            block += share[:, None] * real[row]
        made[begin : begin + rows] = (block - real.mean(axis=0)) @ axes
    return made
