"""What is not true of vectors that are other vectors."""

from __future__ import annotations

from emblink.parity._ways import FEWEST, asks_of
from emblink.wording import counted


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
        return f"what was done to them is not to be seen in {counted(n, 'item')}, only in {FEWEST}."
    may_turn, may_map = asks_of(n_sampled, d_old, d_new)
    if d_old != d_new:
        cut = "they are no cut or padded copy of the old"
        if may_map:
            return f"{cut}, and no linear map brings these to them."
        return (
            f"{cut}. Whether a linear map brings these to them was not asked: that takes more "
            "items than dims."
        )
    ways = [
        "scale",
        "shift",
        *(["rotation"] if may_turn else []),
        *(["linear map"] if may_map else []),
    ]
    none = f"no order of rows or dims, no {', '.join(ways[:-1])} or {ways[-1]}"
    open_ways = [] if may_turn else ["a rotation"]
    open_ways += [] if may_map else ["a linear map"]
    left = f" Whether {' or '.join(open_ways)} does was not asked: that takes more items than dims."
    return f"{none} brings the old to the new.{left if open_ways else ''}"
