"""How many of the true neighbours were found, counted on rows whose exact lists are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emblink.stats import Z95
from emblink.types import NeighborGraph


@dataclass(frozen=True)
class Recall:
    """Share of the true neighbours that lists hold.

    Attributes
    ----------
    share : float
        In [0, 1]. A row as near as the last of the exact list counts, whichever of such ties that
        list names.
    low, high : float
        95 % interval (Wilson's, for rows found or missed together within a list).
    queries : int
        Rows it was counted on.
    """

    share: float
    low: float
    high: float
    queries: int


def recall_of(found: NeighborGraph, exact: NeighborGraph) -> Recall:
    """Count what lists hold of the exact lists of the same rows.

    Parameters
    ----------
    found, exact : NeighborGraph
        Of the same rows, by the same distances, equally long.

    Returns
    -------
    Recall
    """
    n_rows, k = exact.distances.shape
    hits = (found.distances <= exact.distances[:, -1:]).sum(axis=1) / k
    share = float(hits.mean())
    together = float(k) if share in (0.0, 1.0) else hits.var() * k / (share * (1 - share))
    size = n_rows * k / max(1.0, together)
    middle = (share + Z95**2 / (2 * size)) / (1 + Z95**2 / size)
    reach = np.sqrt(share * (1 - share) / size + (Z95 / (2 * size)) ** 2) * Z95
    reach /= 1 + Z95**2 / size
    return Recall(share, max(0.0, float(middle - reach)), min(1.0, float(middle + reach)), n_rows)
