"""Where the other cells let a cell be expected: maps that have not seen it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.groups._cells import Cells
from emblink.groups._stands_out import lengths_of, usual_of

_FOLDS = 16
_ROUNDS = 4
_TOLERATED = 1.5
_RIDGE = 1e-4
_LEAST_SEEN = 0.3
"""Share of the items that a map is fitted on at least: cells linked to those left out are left
out as well, unless too few remain."""
_STEPS_TO_MEDIAN = 30
_HALF = 0.5

Floats: TypeAlias = NDArray[np.float32]
Numbers: TypeAlias = NDArray[np.float64]
Kind: TypeAlias = Literal["affine", "rigid"]
Map: TypeAlias = tuple[Numbers, Numbers]


@dataclass(frozen=True, eq=False)
class HeldOut:
    """How far cells are from where all others let them be expected.

    Attributes
    ----------
    residuals : array of shape (n_items, n_dims), float32
        Of the items in cells, from the map that has not seen their cell; 0 elsewhere.
    means : array of shape (n_cells, n_dims)
        Of each cell.
    usual : float
        The length of ``means`` that half of the items in cells are in cells below, or ``share``.
    """

    residuals: Floats
    means: Numbers
    usual: float


@dataclass(frozen=True, eq=False)
class _Moments:
    """What a linear fit needs to know of each cell."""

    sizes: Numbers
    points: Numbers
    goals: Numbers
    """Their means; of the products below, about these means."""
    within: Numbers
    across: Numbers
    spread: Numbers


def held_out(points: Floats, goals: Floats, cells: Cells, *, share: float = 0.5) -> HeldOut:
    """Expect each cell where a robust map of the other cells takes it.

    Parameters
    ----------
    points, goals : array of shape (n_items, n_dims), float32
        By :func:`principal_points`.
    cells : Cells
        Three or more.
    share : float
        Of the items, those that the map is to take to their place: half, or fewer.

    Returns
    -------
    HeldOut

    Notes
    -----
    A map that has seen the items of a cell follows it wherever it goes when there are about as few
    clusters as dimensions. So none has: cells, and those that are parts of one cluster with them,
    are left out in up to 16 folds. Where centres say little, the items of the other cells say how
    directions turned. Cells count by ``1 / (1 + (|r| / 1.5 median)^4)`` over four rounds. Of an
    affine and a rigid map (rotation, scale and shift), begun from the cells' centres or from the
    differences within cells alone, that one is taken by which half of the items are nearest to
    where they are expected, or ``share`` of them.
    """
    moments = _moments(points, goals, cells)
    folds = _folds(cells)
    kinds: tuple[Kind, ...] = ("affine", "rigid")
    best: tuple[float, list[Map]] | None = None
    for kind, whole in product(kinds, (True, False)):
        maps = _fitted(moments, folds, cells, kind=kind, whole=whole, share=share)
        usual = usual_of(lengths_of(_off(moments, folds, maps)), cells, share=share)
        if best is None or usual < best[0]:
            best = usual, maps
    assert best is not None
    usual, maps = best
    residuals = np.zeros(goals.shape, dtype=np.float32)
    for (left_out, _), (matrix, offset) in zip(folds, maps, strict=True):
        rows = np.flatnonzero(np.isin(cells.codes, left_out))
        residuals[rows] = goals[rows] - (points[rows].astype(np.float64) @ matrix + offset)
    return HeldOut(residuals, _off(moments, folds, maps), usual)


Fold: TypeAlias = tuple[NDArray[np.int64], NDArray[np.bool_]]
"""Cells that are left out, and which are seen."""


def _folds(cells: Cells) -> list[Fold]:
    n_cells, total = len(cells), int(cells.sizes.sum())
    folds = []
    for first in range(min(_FOLDS, n_cells)):
        left_out = np.arange(first, n_cells, _FOLDS)
        seen = np.asarray(~cells.linked[left_out].any(axis=0))
        if cells.sizes[seen].sum() < _LEAST_SEEN * total:
            seen = np.ones(n_cells, dtype=bool)
            seen[left_out] = False
        folds.append((left_out, seen))
    return folds


def _fitted(
    moments: _Moments, folds: list[Fold], cells: Cells, *, kind: Kind, whole: bool, share: float
) -> list[Map]:
    """Fit a map for each fold, from the centres too or, at first, within cells alone.

    Where the lesser part is to be in its place, few cells are left to say how directions turned
    once the others have lost their trust: so of all rounds the best is taken, not the last.
    """
    trust, rounds = np.ones(len(moments.sizes)), list[tuple[float, list[Map]]]()
    total = float(moments.sizes.sum())
    for at in range(_ROUNDS):
        centres = whole or at > 0
        maps = []
        for left_out, seen in folds:
            agree = share * total - float(moments.sizes[left_out].sum())
            one = _fit(
                moments,
                trust * seen,
                kind=kind,
                centres=centres,
                agree=None if share >= _HALF else agree,
            )
            maps.append(one)
        lengths = lengths_of(_off(moments, folds, maps))
        usual = max(usual_of(lengths, cells, share=share), np.finfo(np.float64).tiny)
        rounds.append((usual, maps))
        trust = 1.0 / (1.0 + (lengths / (_TOLERATED * usual)) ** 4)
    return rounds[-1][1] if share >= _HALF else min(rounds, key=lambda one: one[0])[1]


def _fit(
    moments: _Moments, trust: Numbers, *, kind: Kind, centres: bool, agree: float | None
) -> Map:
    counts = trust * moments.sizes
    total = counts.sum()
    origin, aim = counts @ moments.points / total, counts @ moments.goals / total
    within = np.tensordot(trust, moments.within, 1)
    across = np.tensordot(trust, moments.across, 1)
    spread = float(trust @ moments.spread)
    if centres:
        points, goals = moments.points - origin, moments.goals - aim
        within = within + (points * counts[:, None]).T @ points
        across = across + (points * counts[:, None]).T @ goals
        spread += float(counts @ np.einsum("ij,ij->i", goals, goals))
    size = float(np.trace(within))
    if size <= 0.0:
        return np.zeros(across.shape), aim
    if kind == "affine":
        matrix = np.linalg.solve(within + _RIDGE * size / len(within) * np.eye(len(within)), across)
    else:
        left, _, right = np.linalg.svd(across, full_matrices=False)
        matrix = left @ right * np.sqrt(spread / size)
    if centres:
        return np.asarray(matrix), np.asarray(aim - origin @ matrix)
    places = moments.goals - moments.points @ matrix
    middle = _middle(places, counts) if agree is None else _densest(places, counts, agree)
    return np.asarray(matrix), middle


def _middle(places: Numbers, counts: Numbers) -> Numbers:
    """Return the geometric median, which a few far cells do not draw away."""
    weights = np.sqrt(counts)
    middle: Numbers = weights @ places / weights.sum()
    for _ in range(_STEPS_TO_MEDIAN):
        lengths = np.linalg.norm(places - middle, axis=1)
        pull = weights / np.maximum(lengths, 1e-9 * max(float(lengths.max()), 1e-300))
        middle = pull @ places / pull.sum()
    return middle


def _densest(places: Numbers, counts: Numbers, agree: float) -> Numbers:
    """Return the place with the nearest other ones, as many as make up a count; one at least."""
    known = np.flatnonzero(counts > 0.0)
    apart = np.linalg.norm(places[known, None] - places[known], axis=2)
    order = np.argsort(apart, axis=1, kind="stable")
    reached = np.cumsum(counts[known][order], axis=1) >= agree
    nearest = np.maximum(reached.argmax(axis=1), min(1, len(known) - 1))
    radius = np.take_along_axis(apart, order, axis=1)[np.arange(len(known)), nearest]
    return np.asarray(places[known[radius.argmin()]])


def _moments(points: Floats, goals: Floats, cells: Cells) -> _Moments:
    n_cells, n_dims, n_goals = len(cells), points.shape[1], goals.shape[1]
    means = np.zeros((n_cells, n_dims)), np.zeros((n_cells, n_goals))
    within, across = np.zeros((n_cells, n_dims, n_dims)), np.zeros((n_cells, n_dims, n_goals))
    spread = np.zeros(n_cells)
    order = np.argsort(cells.codes, kind="stable")
    ends = np.cumsum(cells.sizes) + len(order) - int(cells.sizes.sum())
    for cell, (end, size) in enumerate(zip(ends.tolist(), cells.sizes.tolist(), strict=True)):
        rows = order[end - size : end]
        own, theirs = points[rows].astype(np.float64), goals[rows].astype(np.float64)
        means[0][cell], means[1][cell] = own.mean(axis=0), theirs.mean(axis=0)
        own, theirs = own - means[0][cell], theirs - means[1][cell]
        within[cell], across[cell] = own.T @ own, own.T @ theirs
        spread[cell] = np.einsum("ij,ij->", theirs, theirs)
    return _Moments(cells.sizes.astype(np.float64), *means, within, across, spread)


def _off(moments: _Moments, folds: list[Fold], maps: list[Map]) -> Numbers:
    """Return each cell's centre less where the map that has not seen it takes it."""
    off = np.zeros(moments.goals.shape)
    for (left_out, _), (matrix, offset) in zip(folds, maps, strict=True):
        off[left_out] = moments.goals[left_out] - (moments.points[left_out] @ matrix + offset)
    return off
