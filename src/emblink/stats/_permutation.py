"""How much unrelated spaces would agree by chance, from permutations of the items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError


@dataclass(frozen=True)
class Null:
    """A value beside what permutations of the items give.

    Attributes
    ----------
    value : float
        Of the items as they are matched.
    mean, sd : float
        Of the permuted values.
    p : float
        Share of values at least as large, the value itself counted among them: at least
        ``1 / (n_permutations + 1)``.
    n_items, n_permutations : int
        How many items each permutation covers, and how many permutations were drawn.
    """

    value: float
    mean: float
    sd: float
    p: float
    n_items: int
    n_permutations: int


def permutation_test(
    value: float,
    draw: Callable[[NDArray[np.int64]], float],
    *,
    n_items: int,
    n_permutations: int = 199,
    seed: int = 0,
) -> Null:
    """Test whether two spaces agree more than they would with their items matched at random.

    Parameters
    ----------
    value : float
        The agreement of the items as they are matched.
    draw : callable
        Takes a permutation of ``range(n_items)``, returns the agreement when item ``i`` of the
        one space is matched to item ``permutation[i]`` of the other.
    n_items : int
    n_permutations : int
        With 199 the smallest p-value is 0.005.
    seed : int

    Returns
    -------
    Null
        ``p`` is one-sided: small where the agreement is larger than permutations give. Under the
        null it is at most ``x`` with probability at most ``x``.

    Raises
    ------
    InputError
        Fewer than 1 permutation or 2 items.

    Notes
    -----
    Misleads when items are copies of each other or come in families: they are not exchangeable,
    and every tiny relation between families counts as agreement. A small p-value says that there
    is some relation, not that it is strong.

    References
    ----------
    .. [1] Phipson and Smyth, "Permutation p-values should never be zero", SAGMB 2010.
    """
    if n_permutations < 1 or n_items < 2:
        raise InputError(
            f"{n_permutations} permutations of {n_items} items test nothing; give at least 1 "
            "permutation and 2 items"
        )
    rng = np.random.default_rng(seed)
    values = np.array([draw(rng.permutation(n_items)) for _ in range(n_permutations)])
    return null_of(value, values, n_items=n_items)


def null_of(value: float, values: NDArray[np.float64], *, n_items: int) -> Null:
    """Set a value beside those that permutations gave.

    Parameters
    ----------
    value : float
    values : array of shape (n_permutations,), float64
    n_items : int
        That each permutation covers.

    Returns
    -------
    Null
    """
    # The same sum in another order differs by rounding: such a value is a tie, not a smaller one.
    reached = int((values >= value - 1e-12 * abs(value)).sum())
    return Null(
        value=value,
        mean=float(values.mean()),
        sd=float(values.std(ddof=1)) if len(values) > 1 else 0.0,
        p=(1 + reached) / (1 + len(values)),
        n_items=n_items,
        n_permutations=len(values),
    )
