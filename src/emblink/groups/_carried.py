"""Clusters carried as a whole to another place: what a map that has seen them takes for granted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.groups._bends import unbent
from emblink.groups._cells import SMALLEST, Cells
from emblink.groups._held_out import HeldOut, held_out
from emblink.groups._lesser_part import SHARES, p_of_lesser_part
from emblink.groups._parted import humps, parted
from emblink.groups._stands_out import FARTHER, FEWEST_CELLS, SURE, beyond, lengths_of, means_of
from emblink.groups._ways import alike

_CLEAR = 2.5
_REACHED = 0.3
_WORTH_A_LOOK = 2.0
_STAYED = 0.3
_TWO_HUMPS = 4.0
_MANY = 0.2

Floats: TypeAlias = NDArray[np.float32]
Numbers: TypeAlias = NDArray[np.float64]
Lists: TypeAlias = NDArray[np.int32]
Rows: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Carried:
    """Items that went to another place as one.

    Attributes
    ----------
    members : array of shape (n_members,), int64
        Ascending.
    p : float
        How often the farthest of so many cells, all alike, is as far from where it is expected.
    way : array of shape (n_dims,)
        From where they were expected to where they are.
    """

    members: Rows
    p: float
    way: Numbers


def carried(
    a: Floats,
    b: Floats,
    divided: Cells,
    *,
    other_runs: tuple[Sequence[Floats], Sequence[Floats]] = ((), ()),
) -> list[Carried]:
    """Find the clusters that stand elsewhere among the others than they stood.

    Parameters
    ----------
    a, b : array of shape (n_items, n_dims), float32
        By :func:`principal_points`.
    divided : Cells
        Of the items that stay together.
    other_runs : (sequence of arrays, sequence of arrays)
        Other runs of the recipes of ``a`` and of ``b``, over the same items.

    Returns
    -------
    list of Carried
        The least ``p`` first; none where fewer than five cells stay together, and of fewer than
        five clusters none that went as a whole. No item is in two.
        Invariant to rotation, scale and shift of the spaces.

    Notes
    -----
    Of each cell (:func:`cells`), the distance from where the other cells let it be expected
    (:func:`held_out`), over the usual one of all cells or the cell's own between runs, whichever is
    greater, and the error of its mean in quadrature. Carried are cells with a ratio of 3.5 or more
    that lies beyond the others', by Student's t on its logarithm and Bonferroni over the cells;
    which went farther than 2.5 times what their members differ in that direction, and by three
    tenths or more of the distance to the nearest other cell before or after. A bend of the whole
    space moves many cells and so none. Members that stayed while the others of their cell went are
    left out; cells that went one way are joined. A part of a cell went too where the cell has two
    humps (:func:`parted`), wherever a bend took the whole of it.
    """
    if len(divided) < FEWEST_CELLS:
        return []
    found, near = held_out(a, b, divided), _nearest(a, b, divided)
    runs = [held_out(a, other_run, divided) for other_run in other_runs[0]]
    runs += [held_out(other_run, b, divided) for other_run in other_runs[1]]
    noise = _noise(found, runs, divided)
    whole = _whole(found, noise, divided, near=near)
    shares = () if whole or not _many_are_off(found, divided, near) else SHARES
    for share in shares:
        lesser = held_out(a, b, divided, share=share)
        if told := _whole_but_few(lesser, runs, b, divided, near=near):
            found, whole = lesser, told
            break
    bent = unbent(found, a, b, divided)
    if bent is not None:
        noise = np.maximum(bent.noise, _between(runs, divided))
        whole = _whole(bent.found, noise, divided, near=near) | whole
    whole = _beside_others(whole, divided)
    halves = parted(found.residuals, a, divided, other_runs=[one.residuals for one in runs])
    parts = [Carried(one.went, one.p, one.way) for cell, one in halves.items() if cell not in whole]
    return sorted(
        _joined([*parts, *whole.values()]),
        key=lambda one: (one.p, -len(one.members), int(one.members[0])),
    )


def _beside_others(whole: dict[int, Carried], divided: Cells) -> dict[int, Carried]:
    """Leave out whole clusters where so few stand that one says nothing of another."""
    clusters = divided.clusters
    if clusters.max(initial=-1) + 1 >= FEWEST_CELLS:
        return whole
    staying = clusters[[cell not in whole for cell in range(len(divided))]]
    return {cell: one for cell, one in whole.items() if clusters[cell] in staying}


def _whole(found: HeldOut, noise: Numbers, divided: Cells, *, near: Numbers) -> dict[int, Carried]:
    """Return the cells that went, of which the greater part of all items did not."""
    ratios = _ratios(found, noise, divided)
    told = {}
    for cell in np.flatnonzero(ratios > _WORTH_A_LOOK).tolist():
        others = np.delete(ratios, cell)
        one = _judged(cell, found, divided, noise=noise, near=near)
        if one is not None:
            p = beyond(one.ratio, others[others < FARTHER])
            if p < SURE:
                told[cell] = Carried(one.rows, p, one.way)
    return told


def _whole_but_few(
    found: HeldOut, runs: Sequence[HeldOut], b: Floats, divided: Cells, *, near: Numbers
) -> dict[int, Carried]:
    """Return the cells that went, of which a few did not: all that are not in their place."""
    noise = _noise(found, runs, divided)
    ratios = _ratios(found, noise, divided)
    p = p_of_lesser_part(ratios, b, divided)
    if p is None or p >= SURE:
        return {}
    went = np.flatnonzero(ratios >= FARTHER).tolist()
    judged = {cell: _judged(cell, found, divided, noise=noise, near=near) for cell in went}
    return {cell: Carried(one.rows, p, one.way) for cell, one in judged.items() if one is not None}


def _noise(found: HeldOut, runs: Sequence[HeldOut], divided: Cells) -> Numbers:
    """Return the square of how far each cell is off where nothing went."""
    usual = max(found.usual**2, np.finfo(np.float64).tiny)
    return np.maximum(usual, _between(runs, divided))


def _between(runs: Sequence[HeldOut], divided: Cells) -> Numbers:
    """Return the mean square of how far each cell is off between runs; 0 without any."""
    if not runs:
        return np.zeros(len(divided))
    return np.asarray(np.mean([lengths_of(one.means) ** 2 for one in runs], axis=0))


def _ratios(found: HeldOut, noise: Numbers, divided: Cells) -> Numbers:
    """Return how far each cell is off in units of noise and the error of its mean."""
    return lengths_of(found.means) / np.sqrt(noise + means_of(found.residuals, divided)[1])


def _many_are_off(found: HeldOut, divided: Cells, near: Numbers) -> bool:
    """Whether many items are in cells that are as far off as what is told has to be."""
    off = lengths_of(found.means) >= _REACHED * near
    return bool(divided.sizes[off].sum() >= _MANY * divided.sizes.sum())


@dataclass(frozen=True, eq=False)
class _Went:
    """Items of a cell that are far from where they are expected, which way, and how far."""

    rows: Rows
    way: Numbers
    ratio: float


def _judged(
    cell: int, found: HeldOut, divided: Cells, *, noise: Numbers, near: Numbers
) -> _Went | None:
    rows = _that_went(np.flatnonzero(divided.codes == cell), found)
    if len(rows) < SMALLEST:
        return None
    off = found.residuals[rows].astype(np.float64)
    way = off.mean(axis=0)
    length = float(np.linalg.norm(way))
    error = float(np.square(off - way).sum()) / (len(rows) * (len(rows) - 1))
    ratio = length / np.sqrt(noise[cell] + error)
    differ = float((off @ (way / length)).std())
    parted = len(rows) < divided.sizes[cell]
    if ratio < FARTHER or length < _CLEAR * differ:
        return None
    if not parted and length < _REACHED * near[cell]:
        return None
    return _Went(rows, way, ratio)


def _that_went(rows: Rows, found: HeldOut) -> Rows:
    """Leave out the members of a cell that stayed where the rest of it went."""
    off = found.residuals[rows].astype(np.float64)
    way = off.mean(axis=0)
    cut = humps(off @ way)
    below, above = (float((off[one] @ way).mean()) for one in (cut.low, cut.high))
    if cut.clear <= _TWO_HUMPS or below > _STAYED * above:
        return rows
    return np.asarray(rows[np.sort(cut.high)])


def _nearest(a: Floats, b: Floats, divided: Cells) -> Numbers:
    """Return the distance of each cell to the nearest other one, in whichever space is less."""
    found = np.full(len(divided), np.inf)
    for points in (a, b):
        centres = np.array(
            [points[divided.codes == cell].mean(axis=0) for cell in range(len(divided))],
            dtype=np.float64,
        )
        apart = np.linalg.norm(centres[:, None] - centres, axis=2)
        np.fill_diagonal(apart, np.inf)
        found = np.minimum(found, apart.min(axis=1))
    return found


def _joined(found: Sequence[Carried]) -> list[Carried]:
    """Join cells that went the same way, as far, one after the other."""
    joined: list[Carried] = []
    for one in sorted(found, key=lambda one: -len(one.members)):
        for at, other in enumerate(joined):
            if alike(np.stack([one.way, other.way]))[0][0, 1]:
                counts = len(one.members), len(other.members)
                way = (counts[0] * one.way + counts[1] * other.way) / sum(counts)
                members = np.sort(np.concatenate([one.members, other.members]))
                joined[at] = Carried(members, min(one.p, other.p), way)
                break
        else:
            joined.append(one)
    return joined
