"""Whether there are enough items for an agreement to be told from chance."""

from __future__ import annotations

import math

AT_CHANCE_ERRORS = 3.0
"""Standard errors above chance that an agreement has to lie to be none of chance."""

_HALFWAY = 0.5
_NEIGHBORS = 10
_MOST_SOUGHT = 1000


def error_of_chance(n_items: int, *, k: int, chance: float, n_candidates: int = 0) -> float:
    """Return the standard error of the mean overlap of lists drawn at random (hypergeometric).

    Parameters
    ----------
    n_items : int
        Whose lists are compared.
    k : int
    chance : float
        Their expected overlap.
    n_candidates : int
        Among which their neighbours are; without it these items alone.

    Returns
    -------
    float
    """
    n = n_candidates or n_items
    unseen = max(0, n - 1 - k) / max(1, n - 2)
    return math.sqrt(chance * (1 - chance) / k * unseen / n_items)


def can_tell(chance: float, error: float) -> bool:
    """Whether an agreement half-way from chance to 1 would stand out of chance.

    Parameters
    ----------
    chance : float
    error : float
        The standard error that the agreement is judged by.

    Returns
    -------
    bool
        False where even that would be called chance: to be no better than it then says nothing.
    """
    return _HALFWAY * (1.0 - chance) > AT_CHANCE_ERRORS * error


def fewest_to_tell(*, k: int = _NEIGHBORS) -> int:
    """Return how many items without hubs are enough, each with ``k`` neighbours or half the others.

    Parameters
    ----------
    k : int

    Returns
    -------
    int
    """
    for n in range(3, _MOST_SOUGHT):
        held = max(1, min(k, (n - 1) // 2))
        chance = held / (n - 1)
        if can_tell(chance, error_of_chance(n, k=held, chance=chance)):
            return n
    return _MOST_SOUGHT
