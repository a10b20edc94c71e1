"""Communities of strayed items that are heavier than chance makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress, in_threads
from emblink.groups._communities import JOINS, SMALLEST, Communities, communities, joined
from emblink.groups._strays import evidence

CLEAR = 1.5
"""Least mean evidence of a group."""
SIGNIFICANT = 0.01

_LEAST_MASS = SMALLEST * (CLEAR - JOINS)
_LEAST_P = 1e-6

Floats = NDArray[np.float32]
Order: TypeAlias = NDArray[np.int64] | None


@dataclass(frozen=True, eq=False)
class Piece:
    """Items that strayed together more than chance would have it.

    Attributes
    ----------
    members : array of shape (n_members,), int64
        Ascending.
    mass, p : float
    """

    members: NDArray[np.int64]
    mass: float
    p: float


@dataclass(frozen=True, eq=False)
class Test:
    """How the mass of communities is tested.

    Attributes
    ----------
    lists : (array of shape (n_items, k), array of shape (n_items, k)), int32
        Nearest neighbours in ``a`` and ``b``.
    eligible : array of shape (n_items,), bool
        Which items may be members; residuals are permuted among these alone.
    n_permutations, seed : int
    progress : callable
        Called with ``(done, total)`` permutations.
    """

    lists: tuple[NDArray[np.int32], NDArray[np.int32]]
    eligible: NDArray[np.bool_]
    n_permutations: int
    seed: int
    progress: Progress


def heavy_pieces(
    z: Floats,
    residuals: Floats | None,
    test: Test,
    *,
    along: Floats | None = None,
    away: NDArray[np.bool_] | None = None,
) -> tuple[Floats, list[Piece]]:
    """Divide what strayed, and keep what chance does not make.

    The mass of each community is compared with the greatest of a community when the items' scores,
    and their residuals with them, are dealt to the items at random: the neighbour graphs stay, that
    neighbours strayed alike does not.

    Parameters
    ----------
    z : array of shape (n_items,), float32
        How far each item strayed, in standard scores.
    residuals : array of shape (n_items, n_dims), float32, or None
        Which way; None where there is no way to agree in.
    test : Test
    along : array of shape (n_items,), float32, optional
        How far each item went along with its neighbours, on the scale of ``z``.
    away : array of shape (n_items,), bool, optional
        Items that are known to have gone elsewhere, which is no evidence of those around them.

    Returns
    -------
    evidence : array of shape (n_items,), float32
    pieces : list of Piece
        Of 8 items or more, with ``p < 0.05`` (add-one; where no deal is as heavy, by Gumbel's law
        of the heaviest, at least 1e-6) and a mean evidence of at least 1.5.
    """
    ways = None if residuals is None else unit_rows(residuals)

    def divide(order: Order) -> tuple[Floats, Communities]:
        if order is None:
            found = evidence(z, test.lists, along=along, away=away)
        else:  # no permuted residuals go one way, nor has any item gone
            found = evidence(z[order], test.lists)
        return found, communities(
            found, ways, test.lists, permuted=order, among=test.eligible, seed=test.seed
        )

    item_evidence, parts = divide(None)
    if not (_large(parts) & _clear(parts)).any():
        return item_evidence, []  # joined ones are no clearer than the clearest of them
    null = _null(divide, test)
    if residuals is not None:
        parts = joined(parts, item_evidence, residuals, over=float(np.quantile(null, 0.95)))
    return item_evidence, _significant(parts, null)


def unit_rows(residuals: Floats) -> Floats:
    """Return residuals at length 1; those of length 0 stay."""
    lengths = np.sqrt(np.einsum("ij,ij->i", residuals, residuals))
    return np.asarray(residuals / np.maximum(lengths, 1e-12)[:, None], dtype=np.float32)


def _null(divide: Callable[[Order], tuple[Floats, Communities]], test: Test) -> NDArray[np.float64]:
    masses = np.zeros(test.n_permutations)
    for at, mass in enumerate(
        in_threads(lambda order: divide(order)[1].heaviest, _permutations(test))
    ):
        masses[at] = mass
        test.progress(at + 1, test.n_permutations)
    return masses


def _permutations(test: Test) -> Iterator[NDArray[np.int64]]:
    rng = np.random.default_rng([test.seed, 1])
    rows = np.flatnonzero(test.eligible)
    for _ in range(test.n_permutations):
        order = np.arange(len(test.eligible))
        order[rows] = rng.permutation(rows)
        yield order


def _heavier(mass: float, null: NDArray[np.float64]) -> float:
    """Return how often a deal makes a mass as great: counted, and where none did, by their tail.

    The greatest of many masses follows Gumbel's law, fitted by moments to those that were dealt.
    """
    reached = int(np.count_nonzero(null >= mass))
    counted = (1 + reached) / (1 + len(null))
    if reached:
        return counted
    scale = max(float(null.std()), _LEAST_MASS) * np.sqrt(6) / np.pi
    beyond = (mass - float(null.mean())) / scale + np.euler_gamma
    return float(np.clip(-np.expm1(-np.exp(-beyond)), _LEAST_P, counted))


def _significant(parts: Communities, null: NDArray[np.float64]) -> list[Piece]:
    pieces = []
    for code in np.flatnonzero(_large(parts) & _clear(parts)):
        mass = float(parts.masses[code])
        p = _heavier(mass, null)
        if p < SIGNIFICANT:
            pieces.append(Piece(parts.rows[parts.codes == code], mass, p))
    return pieces


def _large(parts: Communities) -> NDArray[np.bool_]:
    return np.asarray(parts.sizes >= SMALLEST)


def _clear(parts: Communities) -> NDArray[np.bool_]:
    return np.asarray(parts.masses / np.maximum(parts.sizes, 1) + JOINS >= CLEAR)
