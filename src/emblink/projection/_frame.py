"""The shared frame of pictures: their radius, and turning one onto another."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from emblink.types import FloatArray


def radius(coords: FloatArray) -> float:
    """Root mean square distance to the origin; 1 where that is 0 or nobody is there."""
    if not coords.size:
        return 1.0
    size = float(np.sqrt(np.mean(np.sum(np.square(coords, dtype=np.float64), axis=1))))
    return size if size > 0 else 1.0


def align(
    coords: NDArray[np.float64], anchors: FloatArray, targets: FloatArray
) -> NDArray[np.floating[Any]]:
    """Turn, reflect and shift ``coords`` as best carries ``anchors`` onto ``targets``.

    Orthogonal Procrustes; ``coords`` come back as they are when there are no anchors.
    """
    if not len(anchors):
        return coords
    here, there = anchors.mean(axis=0), targets.mean(axis=0)
    left, _, right = np.linalg.svd((anchors - here).T @ (targets - there))
    return np.asarray((coords - here) @ (left @ right) + there)
