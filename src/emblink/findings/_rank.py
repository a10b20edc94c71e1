"""Which findings come first: those that are sure, and each by how much."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from emblink.findings._claim import Claim
from emblink.stats import holm

LEVEL = 0.05


def score(claim: Claim, n: int) -> float:
    """Return ``sqrt(share) * far``: how many items, and how far they went.

    Parameters
    ----------
    claim : Claim
    n : int
        Common items of the pair.

    Returns
    -------
    float
        In [0, 1]. A change that is twice as far weighs as much as one of four times the items. Of
        several claims told as one, the greatest.
    """
    parts = ((claim.n, claim.far), *claim.parts)
    return max(math.sqrt(min(1.0, size / max(1, n))) * min(1.0, far) for size, far in parts)


def factors(claims: Sequence[Sequence[Claim]]) -> list[float]:
    """Return by what each pair's p-values are multiplied, to allow for the number of pairs.

    Holm's procedure over the surest claim of every pair that has one.

    Parameters
    ----------
    claims : sequence of sequence of Claim
        Of each pair.

    Returns
    -------
    list of float
        1 for a single pair.
    """
    least = [
        min((one.p for one in of_pair if one.p is not None), default=math.nan) for of_pair in claims
    ]
    adjusted = holm(np.array(least))
    return [
        1.0 if math.isnan(p) else max(1.0, float(after) / p) if p > 0 else float(len(claims))
        for p, after in zip(least, adjusted, strict=True)
    ]


def is_sure(p: float | None) -> bool:
    """Whether a claim is clear of chance; one that chance cannot make always is.

    Parameters
    ----------
    p : float or None

    Returns
    -------
    bool
    """
    return p is None or p <= LEVEL
