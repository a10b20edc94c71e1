"""Exact probabilities of counts."""

from __future__ import annotations

import math


def at_least_of(x: int, *, drawn: int, marked: int, n: int) -> float:
    """Return how likely ``drawn`` of ``n`` hold ``x`` or more of the ``marked`` ones.

    Parameters
    ----------
    x : int
    drawn, marked, n : int
        Both at most ``n``.

    Returns
    -------
    float
        Hypergeometric, in [0, 1].
    """
    first = max(x, 0, drawn + marked - n)
    whole = _choose(n, drawn)
    terms = (
        _choose(marked, i) + _choose(n - marked, drawn - i) - whole
        for i in range(first, min(drawn, marked) + 1)
    )
    return min(1.0, sum(map(math.exp, terms)))


def sign_test(first: int, second: int) -> float:
    """Return how likely two counts of equal chances differ as much, in either direction.

    Parameters
    ----------
    first, second : int

    Returns
    -------
    float
        In [0, 1]; 1 where both are 0.
    """
    n = first + second
    if n == 0:
        return 1.0
    half = n * math.log(2)
    tail = sum(math.exp(_choose(n, i) - half) for i in range(max(first, second), n + 1))
    return min(1.0, 2 * tail)


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
