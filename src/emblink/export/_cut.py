"""How much of a bundle a copy holds, from everything to a small sample of its items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

FEWER_NEIGHBORS = (30, 20, 10)
SMALLER = (2, 4)


@dataclass(frozen=True)
class Cut:
    """What a copy holds of a bundle.

    Attributes
    ----------
    n : int
        Items: the first ones, which are a random sample.
    k : int
        Neighbours of each item, the nearest ones.
    rounded : bool
        Whether measures are rounded as positions and distances are.
    shrink : int
        Pixels of a stored picture, along each side, that become one.
    """

    n: int
    k: int
    rounded: bool = False
    shrink: int = 1


def ladder(n: int, k: int, *, pictures: bool) -> Iterator[Cut]:
    """Yield what to try in turn, all items in each.

    Parameters
    ----------
    n : int
        Items of the bundle.
    k : int
        Most neighbours stored.
    pictures : bool
        Whether items have pictures.

    Yields
    ------
    Cut
    """
    cut = Cut(n, k)
    yield cut
    cut = replace(cut, rounded=True)
    yield cut
    for fewer in FEWER_NEIGHBORS:
        if fewer < k:
            cut = replace(cut, k=fewer)
            yield cut
    for shrink in SMALLER if pictures else ():
        cut = replace(cut, shrink=shrink)
        yield cut
