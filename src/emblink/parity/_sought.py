"""What is not true of vectors that are other vectors."""

from __future__ import annotations

from emblink.parity._ways import FEWEST, asks_of
from emblink.wording.parity import (
    no_cut_or_map,
    no_way,
    too_few_to_see,
)


def sought_in_vain(n: int, n_sampled: int, d_old: int, d_new: int) -> str:
    """Say which ways were sought in vain, and which so few items cannot show.

    Parameters
    ----------
    n, n_sampled : int
        Items, and those of them in which ways were sought.
    d_old, d_new : int

    Returns
    -------
    str
    """
    if n < FEWEST:
        return too_few_to_see(n, FEWEST)
    may_turn, may_map = asks_of(n_sampled, d_old, d_new)
    return no_way(may_turn, may_map) if d_old == d_new else no_cut_or_map(may_map)
