"""Shares of two populations, how sure they are, and what their change is called."""

from __future__ import annotations

from math import sqrt
from typing import Literal

from emblink.stats import Z95

Kind = Literal["new", "vanished", "grew", "shrank"]
NEARLY_NONE = 0.1
"""Of its share on the other side: a group that had less is called new."""


def wilson(n: int, total: int) -> tuple[float, float]:
    """Interval of a share, in 95 % of cases.

    Parameters
    ----------
    n, total : int

    Returns
    -------
    (float, float)
        In [0, 1]; all of it of nothing.

    References
    ----------
    .. [1] Wilson, "Probable inference, the law of succession, and statistical inference", JASA
       1927.
    """
    if total == 0:
        return 0.0, 1.0
    share, square = n / total, Z95 * Z95
    middle = (share + square / (2 * total)) / (1 + square / total)
    reach = sqrt(share * (1 - share) / total + square / (4 * total * total)) * Z95
    reach /= 1 + square / total
    low = 0.0 if n == 0 else max(0.0, middle - reach)
    return low, 1.0 if n == total else min(1.0, middle + reach)


def change_interval(before: tuple[int, int], after: tuple[int, int]) -> tuple[float, float]:
    """Interval of the change of a share, in 95 % of cases.

    Parameters
    ----------
    before, after : (int, int)
        How many, of how many.

    Returns
    -------
    (float, float)
        In [-1, 1]. Misleads for a group that was sought by its change: it was chosen for being
        large.

    References
    ----------
    .. [1] Newcombe, "Interval estimation for the difference between independent proportions",
       Statistics in Medicine 1998 (method 10).
    """
    (n, of), (m, among) = before, after
    first, second = n / max(of, 1), m / max(among, 1)
    (low, high), (lower, higher) = wilson(n, of), wilson(m, among)
    down = sqrt((second - lower) ** 2 + (high - first) ** 2)
    up = sqrt((higher - second) ** 2 + (first - low) ** 2)
    return second - first - down, second - first + up


def kind_of(before: float, after: float) -> Kind:
    """Name the change of a share.

    Parameters
    ----------
    before, after : float

    Returns
    -------
    {"new", "vanished", "grew", "shrank"}
        New, where it was less than a tenth as common before.
    """
    if after >= before:
        return "new" if before < NEARLY_NONE * after else "grew"
    return "vanished" if after < NEARLY_NONE * before else "shrank"
