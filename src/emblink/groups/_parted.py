"""Cells of which a part went: told by two humps about their own mean, wherever the mean is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.groups._cells import SMALLEST, Cells
from emblink.groups._stands_out import FEWEST_CELLS, means_of
from emblink.stats import student_p

_LEAST_PART = 0.15
_TWO = 6.0
_SURE = 0.02
_CLEAR = 4.0
_TWO_BEFORE = 4.0
_TOO = 0.5
_LEAST_SPREAD = 0.1

Floats: TypeAlias = NDArray[np.float32]
Numbers: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.int64]


class Humps(NamedTuple):
    """The two halves in which what happened to some items falls best, along one axis.

    Attributes
    ----------
    low, high : array of shape (n_rows,), int64
        Which of the items.
    apart : float
        Distance of the means of both.
    clear : float
        The same over the deviation within both: about 2.7 for one normal hump, 3.5 for a flat one.
    """

    low: Rows
    high: Rows
    apart: float
    clear: float


class Parted(NamedTuple):
    """A cell of which a part went.

    Attributes
    ----------
    went, stayed : array of shape (n_rows,), int64
    way : array of shape (n_dims,)
        From those that stayed to those that went.
    p : float
    """

    went: Rows
    stayed: Rows
    way: Numbers
    p: float


def humps(along: Numbers) -> Humps:
    """Cut numbers in two where the means of both parts explain most of their variance.

    Parameters
    ----------
    along : array of shape (n,)
        Two or more.

    Returns
    -------
    Humps
    """
    order = np.argsort(along, kind="stable")
    known = along[order]
    counts, reached = np.arange(1, len(known)), np.cumsum(known)[:-1]
    below, above = reached / counts, (known.sum() - reached) / counts[::-1]
    cut = int(np.argmax(counts * counts[::-1] * (above - below) ** 2))
    left, right = known[: cut + 1] - below[cut], known[cut + 1 :] - above[cut]
    within = float(np.concatenate([left, right]).std())
    apart = float(above[cut] - below[cut])
    clear = apart / within if within > 0.0 else 0.0
    return Humps(order[: cut + 1], order[cut + 1 :], apart, clear)


def parted(
    residuals: Floats, points: Floats, cells: Cells, *, other_runs: Sequence[Floats] = ()
) -> dict[int, Parted]:
    """Find the cells of which a part went, whether or not the rest is where it is expected.

    Parameters
    ----------
    residuals : array of shape (n_items, n_dims), float32
        By :func:`held_out`.
    points : array of shape (n_items, n_dims), float32
        Where the items were.
    cells : Cells
        Five or more.
    other_runs : sequence of arrays of shape (n_items, n_dims), float32
        The same where only the run differs.

    Returns
    -------
    dict of cell to Parted
        Cells whose residuals, about their mean and along the axis of most variance, have two humps
        of 8 items and 15 % or more: 6 deviations apart, more clearly than other cells by Student's
        t of the logarithm with Bonferroni over the cells, and 4 of what the items of other cells
        differ by in that direction; not half as far between runs; and not two clusters before, 4
        deviations apart or more, which a bend takes each its own way. Those that went are the ones
        farther from where the cell is expected.
    """
    about = _about_their_cells(residuals, cells)
    found = [_humps_of(about, np.flatnonzero(cells.codes == at)) for at in range(len(cells))]
    clear = np.array([one.clear for one in found])
    others, told = clear[clear < _TWO], dict[int, Parted]()
    for cell in np.flatnonzero(clear >= _TWO).tolist():
        one, p = found[cell], _beyond(float(clear[cell]), others)
        fewest = min(len(one.low), len(one.high))
        if fewest < max(SMALLEST, _LEAST_PART * cells.sizes[cell]) or p >= _SURE:
            continue
        parts = [one.low, one.high]
        means = [residuals[rows].mean(axis=0, dtype=np.float64) for rows in parts]
        way = means[1] - means[0]
        apart, usual = float(np.linalg.norm(way)), about[cells.codes != cell] @ way
        if apart**2 < _CLEAR * float(usual.std()) or _were_two(points, parts):
            continue
        if any(_apart(other_run, parts) > _TOO * apart for other_run in other_runs):
            continue
        far = int(np.linalg.norm(means[1]) > np.linalg.norm(means[0]))
        told[cell] = Parted(parts[far], parts[1 - far], means[far] - means[1 - far], p)
    return told


def _beyond(clear: float, others: Numbers) -> float:
    """Return how often the clearest of so many cells is as clear as this, were they all alike."""
    if len(others) < FEWEST_CELLS - 1:
        return 1.0
    known = np.log(np.maximum(others, 1.0))
    spread = max(float(known.std(ddof=1)), _LEAST_SPREAD) * np.sqrt(1 + 1 / len(known))
    t = (np.log(clear) - float(known.mean())) / spread
    return min(1.0, float(student_p(t, len(known) - 1)) * (len(known) + 1))


def _about_their_cells(residuals: Floats, cells: Cells) -> Numbers:
    """Return residuals less the mean of their cell; 0 for items in none."""
    means = means_of(residuals, cells)[0]
    held = cells.codes >= 0
    about = np.zeros(residuals.shape)
    about[held] = residuals[held] - means[cells.codes[held]]
    return about


def _humps_of(about: Numbers, rows: Rows) -> Humps:
    off = about[rows]
    _, axes = np.linalg.eigh(off.T @ off)
    found = humps(off @ axes[:, -1])
    return found._replace(low=np.sort(rows[found.low]), high=np.sort(rows[found.high]))


def _were_two(points: Floats, parts: Sequence[Rows]) -> bool:
    """Whether items stood apart, along the way from one part to the other."""
    here = [points[rows].astype(np.float64) for rows in parts]
    way = here[1].mean(axis=0) - here[0].mean(axis=0)
    within = np.concatenate([(one - one.mean(axis=0)) @ way for one in here]).std()
    return float(way @ way) >= _TWO_BEFORE * float(within)


def _apart(residuals: Floats, parts: Sequence[Rows]) -> float:
    low, high = (residuals[rows].mean(axis=0, dtype=np.float64) for rows in parts)
    return float(np.linalg.norm(high - low))
