"""Maps from one space to another, each learnt of other items than those it brings over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.types import IntArray

Floats: TypeAlias = NDArray[np.float64]
Fit: TypeAlias = Callable[["Sums"], Floats]

FOLDS = 5
FITTED = FOLDS - 2
"""Folds that weights are learnt of; one more says how strict to be."""
_BLOCK = 4096
_RIDGES = (1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
"""Shares of the mean variance of a dim."""


@dataclass(frozen=True)
class Sums:
    """What a least-squares fit needs of some items: counts, sums and products."""

    n: int
    x: Floats
    y: Floats
    xx: Floats
    xy: Floats

    @staticmethod
    def of(x: Floats, y: Floats) -> Sums:
        return Sums(len(x), x.sum(axis=0), y.sum(axis=0), x.T @ x, x.T @ y)

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.n + other.n,
            self.x + other.x,
            self.y + other.y,
            self.xx + other.xx,
            self.xy + other.xy,
        )

    def centered(self) -> tuple[Floats, Floats]:
        """Return the products about the means: ``XᵀX`` and ``XᵀY``."""
        return (
            self.xx - np.outer(self.x, self.x) / self.n,
            self.xy - np.outer(self.x, self.y) / self.n,
        )


@dataclass(frozen=True)
class Map:
    """``(x - origin) @ weights + target``."""

    origin: Floats
    weights: Floats
    target: Floats

    def __call__(self, x: Floats) -> Floats:
        brought: Floats = (x - self.origin) @ self.weights + self.target
        return brought


def rotation(sums: Sums, _: Floats, __: Floats) -> Map:
    """Learn the best rotation and scale (orthogonal Procrustes); for spaces of one width."""
    xx, xy = sums.centered()
    left, values, right = np.linalg.svd(xy)
    scale = float(values.sum() / max(float(np.trace(xx)), np.finfo(np.float64).tiny))
    return Map(sums.x / sums.n, scale * (left @ right), sums.y / sums.n)


def ridge(sums: Sums, x: Floats, y: Floats) -> Map:
    """Learn the best linear map, held small as far as that helps on held-out items ``x``, ``y``."""
    xx, xy = sums.centered()
    values, axes = np.linalg.eigh(xx)
    values, across = np.maximum(values, 0.0), axes.T @ xy
    origin, target = sums.x / sums.n, sums.y / sums.n
    there, wanted = (x - origin) @ axes, y - target
    mean = max(float(values.mean()), np.finfo(np.float64).tiny)

    def weights(share: float) -> Floats:
        shrunk: Floats = across / (values + share * mean)[:, None]
        return shrunk

    errors = [float(np.square(there @ weights(one) - wanted).sum()) for one in _RIDGES]
    best = weights(_RIDGES[int(np.argmin(errors))])
    return Map(origin, axes @ best, target)


def learnt_maps(
    x: Callable[[IntArray | slice], Floats],
    y: Callable[[IntArray | slice], Floats],
    folds: IntArray,
    learn: Callable[[Sums, Floats, Floats], Map],
    *,
    most: int,
) -> list[Map]:
    """Learn a map for each fold, of the items of the others.

    Parameters
    ----------
    x, y : callable
        Return rows of the one space and of the other.
    folds : array of shape (n,)
        From 0 to 4.
    learn : callable
        Given sums over three folds, and items of a fourth.
    most : int
        Items that a map is learnt of, at most.

    Returns
    -------
    list of Map
    """
    members = [np.flatnonzero(folds == one) for one in range(FOLDS)]
    parts = [one[: max(1, most // (FOLDS - 1))] for one in members]
    sums = [_sums(x, y, one) for one in parts]
    made = []
    for fold in range(FOLDS):
        check = (fold + 1) % FOLDS
        held = [sums[one] for one in range(FOLDS) if one not in (fold, check)]
        made.append(learn(sum(held[1:], held[0]), x(parts[check]), y(parts[check])))
    return made


def brought(
    maps: list[Map], x: Callable[[IntArray | slice], Floats], folds: IntArray
) -> NDArray[np.float32]:
    """Bring rows over, each by the map of its own fold.

    Parameters
    ----------
    maps : list of Map
    x : callable
        Returns rows of what is brought.
    folds : array of shape (n,)

    Returns
    -------
    array of shape (n, d_y), float32
    """
    out: NDArray[np.float32] = np.empty((len(folds), len(maps[0].target)), np.float32)
    for fold, made in enumerate(maps):
        members = np.flatnonzero(folds == fold)
        for start in range(0, len(members), _BLOCK):
            rows = members[start : start + _BLOCK]
            out[rows] = made(x(rows))
    return out


def _sums(
    x: Callable[[IntArray | slice], Floats],
    y: Callable[[IntArray | slice], Floats],
    rows: IntArray,
) -> Sums:
    found = Sums.of(x(rows[:_BLOCK]), y(rows[:_BLOCK]))
    for start in range(_BLOCK, len(rows), _BLOCK):
        some = rows[start : start + _BLOCK]
        found = found + Sums.of(x(some), y(some))
    return found
