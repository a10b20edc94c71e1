"""What a measure gives when the items of one space are shuffled."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Null:
    """A value beside its distribution over permutations of the items.

    Attributes
    ----------
    value : float
        Of the items as they are.
    mean, sd : float
        Over permutations.
    p : float
        One-sided, add-one: ``(1 + permutations that reach the value) / (1 + n_permutations)``.
    n_items, n_permutations : int
    """

    value: float
    mean: float
    sd: float
    p: float
    n_items: int
    n_permutations: int
