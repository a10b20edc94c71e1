"""What exact methods are attempted on: minutes, and memory that the machine has."""

from __future__ import annotations

import math
from bisect import bisect_right

from emblink.compute import memory_of_machine
from emblink.errors import TooLargeError
from emblink.executors import elsewhere

BUDGET = 8e13
"""Most ``n_queries · n_items · (n_dims + 256)`` attempted: about ten minutes on two cores."""

# Choosing the best of the products costs about as much as 256 dims of them.
_CHOOSING = 256
_PER_SECOND = 1.3e11

# NN-descent takes as long for a row as an exact search among so many: 11,000 for 15 neighbours,
# 18,000 for 30, reckoned from runs at 12,000 and 20,000. Both grow as dims + 256.
_DESCENT = 20_000

# Beside the vectors as float32, as many times over; and squares of the fewer of items and dims in
# float64, of which no method holds more than 8,192 a side where dims are more than items.
_COPIES = 6
_SQUARES = 8
_WIDEST_SQUARE = 8192
_GB = 1e9


def check_affordable(
    shape: tuple[int, ...], *, n_queries: int | None = None, alone: bool = True
) -> None:
    """Refuse a search that would take too long or too much memory, before any work.

    Parameters
    ----------
    shape : tuple of int
        Of the vectors, ``(n_items, n_dims)``.
    n_queries : int, optional
        Rows to answer for; all of them by default.
    alone : bool
        Whether this process does the work; where others do, its time is theirs to limit.

    Raises
    ------
    TooLargeError
        The work is beyond ``BUDGET``, or the machine has less memory than comparing takes: about
        six copies of the vectors, and eight squares of the fewer of items and dims.
    """
    n_items, n_dims = shape[0], math.prod(shape[1:])
    asked = n_items if n_queries is None else n_queries
    work = float(asked) * n_items * (n_dims + _CHOOSING)
    if alone and work > BUDGET and elsewhere(work) is None:
        each = BUDGET / (n_dims + _CHOOSING)
        affordable = math.isqrt(int(each)) if n_queries is None else int(each / asked)
        raise TooLargeError(
            f"exact neighbours of {asked} rows among vectors of shape {shape} would take about "
            f"{work / _PER_SECOND / 60:.0f} minutes on two cores, and the limit is "
            f"{BUDGET / _PER_SECOND / 60:.0f}: {_way_out(affordable, n_dims)}"
        )
    memory = memory_of_machine()
    if memory is not None and _bytes(n_items, n_dims) > memory:
        affordable = bisect_right(range(n_items), memory, key=lambda n: _bytes(n, n_dims)) - 1
        raise TooLargeError(
            f"comparing vectors of shape {shape} takes about {_bytes(n_items, n_dims) / _GB:.0f} "
            f"GB of memory, and this machine has {memory / _GB:.0f}: "
            f"{_way_out(affordable, n_dims)}"
        )


def prefers_approximate(n_items: int, n_dims: int) -> bool:
    """Say whether an approximate search of all rows takes less than half the time of an exact one.

    Parameters
    ----------
    n_items, n_dims : int
        More dims slow both searches down alike: the items decide.

    Returns
    -------
    bool
    """
    return n_items > 2 * _DESCENT


def takes_a_minute(n_items: int, n_dims: int) -> bool:
    """Say whether an exact search of all rows takes about a minute on two cores, or less."""
    return float(n_items) ** 2 * (n_dims + _CHOOSING) <= BUDGET / 10


def _bytes(n_items: int, n_dims: int) -> float:
    side = n_dims if n_dims <= n_items else min(n_items, _WIDEST_SQUARE)
    return 4.0 * _COPIES * n_items * n_dims + 8.0 * _SQUARES * side**2


def _way_out(affordable: int, n_dims: int) -> str:
    return (
        f"with {n_dims:,} dimensions up to {affordable:,} items are affordable; compare a random "
        "sample of the items, or vectors of fewer dimensions (their leading principal components, "
        "say)"
    )
