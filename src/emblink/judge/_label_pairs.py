"""Which labels were drawn together or pushed apart from one space to another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.judge._label_claims import FALSE_DISCOVERY_RATE, RunsOf
from emblink.limits import MOST_REPORTED
from emblink.measures import LabelParts
from emblink.stats import (
    FEWEST_TO_CENTRE,
    Error,
    benjamini_hochberg,
    interval_reach,
    one_more_run,
    student_p,
)
from emblink.types import LabelPairReport, LabelPairVerdict

LEAST_MIXING = 0.005
"""Of fewer shared neighbours, a change of distance means nothing to a search."""

_LEAST = 1e-3
"""A twentieth of a percent in distance: rounding numbers to 16 bits moves centroids by less."""

Numbers = NDArray[np.float64]
Places = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True)
class LabelPairChanges:
    """The label pairs with the strongest evidence of change, strongest first.

    Attributes
    ----------
    reports : list of LabelPairReport
        At most 100.
    n_judged : int
        How many pairs were judged, and adjusted for.
    shift : float or None
        What all of them have in common, where that is no noise: above 0 closer together. None of
        fewer than four.
    """

    reports: list[LabelPairReport]
    n_judged: int
    shift: float | None = None


def label_pair_changes(
    a: LabelParts,
    b: LabelParts,
    *,
    names: Sequence[str],
    replicates: Sequence[tuple[LabelParts, LabelParts]] = (),
    runs_of: RunsOf = "a",
) -> LabelPairChanges:
    """Judge for each pair of labels whether it was drawn together or pushed apart.

    Parameters
    ----------
    a, b : LabelParts
        Of the same items with the same codes and cells.
    names : sequence of str
        Of the codes.
    replicates : sequence of (LabelParts, LabelParts)
        One of the spaces and each of its replicates, over the items that both hold.
    runs_of : {"a", "b"}
        Whose replicates they are.

    Returns
    -------
    LabelPairChanges
        ``delta`` is ``separation_a - separation_b``: above 0 drawn together. Its ``interval``
        is for 95 % of cases; its ``noise_floor`` is how far one more run of the recipe strays.
        ``p`` is of no change beside the shift that all pairs have in common, adjusted over the
        pairs judged (Benjamini and Hochberg): those whose labels mix, by 0.005 in either space.
        Invariant to what :func:`label_separation` and :func:`label_mixing` are invariant to.

    Raises
    ------
    InputError
        ``a`` and ``b`` hold other labels or folds.

    Notes
    -----
    Separation and the square root of the mixing (which evens out the spread of small and large
    shares) are tested each on its own, less what all pairs have in common: a space that is tighter
    all over is one shift, and is told once. A pair is claimed only where both moved the same
    way: ``p`` is the larger one. With replicates they are those of :func:`one_more_run`; without,
    of the change over its error by a delete-a-group jackknife over 20 folds.
    A change of separation by less than 0.001, which rounding makes, is no evidence. Claims come
    first, then the order is by Fisher's sum of both logarithms.

    Misleads without a replicate: a change beyond sampling is not yet one beyond another run.

    References
    ----------
    .. [1] Efron and Stein, "The jackknife estimate of variance", Annals of Statistics 1981.
    .. [2] Berger, "Multiparameter hypothesis testing and acceptance sampling", Technometrics 1982
       (why the larger p is that of both).
    """
    if not np.array_equal(a.labels, b.labels) or len(a.fold_mixing) != len(b.fold_mixing):
        raise InputError(
            "the spaces' parts hold other labels or folds; make both with label_parts from the "
            "same items, codes and cells"
        )
    pairs = _judged(a, b)
    if not len(pairs[0]):
        return LabelPairChanges([], 0, None)
    runs = [_aligned(one, a) for one in replicates]
    drawn = _changes(_separation, a, b, pairs, runs=runs, runs_of=runs_of)
    mixed = _changes(_root_mixing, a, b, pairs, runs=runs, runs_of=runs_of)
    delta = -drawn.delta
    p_drawn = np.where(np.abs(delta) < _LEAST, 1.0, drawn.p)
    agree = np.sign(drawn.beside) * np.sign(mixed.beside) < 0
    own = np.sign(delta) * np.sign(-drawn.beside) > 0
    p = np.where(agree & own, np.maximum(p_drawn, mixed.p), 1.0)
    adjusted = benjamini_hochberg(p)
    claimed = adjusted <= FALSE_DISCOVERY_RATE
    with np.errstate(divide="ignore"):
        fisher = np.where(agree, -np.log(p_drawn) - np.log(mixed.p), 0.0)
    reach = drawn.error * interval_reach(Error(1.0, len(a.fold_mixing) - 1.0))
    order = np.lexsort((-np.abs(delta), -fisher, ~claimed))[:MOST_REPORTED]
    reports = []
    for place in order:
        report = _describe(a, b, names, int(pairs[0][place]), int(pairs[1][place]))
        shift = float(delta[place])
        verdict: LabelPairVerdict = "drawn_together" if shift > 0 else "pushed_apart"
        report["verdict"] = verdict if claimed[place] else "same"
        report["interval"] = [shift - float(reach[place]), shift + float(reach[place])]
        report["p"] = float(adjusted[place])
        if drawn.spread is not None and np.isfinite(drawn.spread[place]):
            report["noise_floor"] = float(drawn.spread[place])
        reports.append(report)
    told = len(delta) >= FEWEST_TO_CENTRE and drawn.shift_p <= FALSE_DISCOVERY_RATE
    common = -drawn.shift if told else None
    return LabelPairChanges(reports, len(delta), common)


class _Changes(NamedTuple):
    """How a quantity changed, pair by pair: as it is, and beside what all have in common."""

    delta: Numbers
    beside: Numbers
    p: Numbers
    error: Numbers
    shift: float
    shift_p: float
    spread: Numbers | None


Quantity = Callable[[LabelParts, Places], tuple[Numbers, Numbers]]


def _separation(parts: LabelParts, pairs: Places) -> tuple[Numbers, Numbers]:
    """Return the separation of some pairs, and again without each fold."""
    return parts.separation[pairs], parts.fold_separation[:, *pairs]


def _root_mixing(parts: LabelParts, pairs: Places) -> tuple[Numbers, Numbers]:
    return np.sqrt(parts.mixing[pairs]), np.sqrt(parts.fold_mixing[:, *pairs])


def _judged(a: LabelParts, b: LabelParts) -> Places:
    """Return the pairs that mix in either space: of the others a change means nothing.

    Nor does it where nobody knows how far it strays: where without one fold no two items of a pair
    differ.
    """
    first, second = np.triu_indices(len(a.labels), 1)
    pairs = (first, second)
    defined = np.isfinite(a.separation[pairs] - b.separation[pairs])
    for parts in (a, b):
        defined &= np.isfinite(parts.fold_separation[:, *pairs]).all(axis=0)
        defined &= np.isfinite(parts.fold_mixing[:, *pairs]).all(axis=0)
    with np.errstate(invalid="ignore"):
        defined &= np.maximum(a.mixing[pairs], b.mixing[pairs]) >= LEAST_MIXING
    return first[defined], second[defined]


def _changes(
    quantity: Quantity,
    a: LabelParts,
    b: LabelParts,
    pairs: Places,
    *,
    runs: Sequence[tuple[LabelParts, LabelParts]],
    runs_of: RunsOf,
) -> _Changes:
    (in_a, folds_a), (in_b, folds_b) = quantity(a, pairs), quantity(b, pairs)
    base, other = (in_a, in_b) if runs_of == "a" else (in_b, in_a)
    strays = [quantity(other, pairs)[0] - quantity(space, pairs)[0] for space, other in runs]
    recipe = np.array([base, *(base + one for one in strays if np.isfinite(one).any())])
    known = np.isfinite(recipe).all(axis=0)
    delta, folds = in_b - in_a, folds_b - folds_a
    if len(recipe) == 1 or not known.any():
        return _by_sampling(delta, folds)
    sign = 1.0 if runs_of == "a" else -1.0
    found = one_more_run(recipe[:, known], other[known], n_free=len(a.labels))
    beside, p, spread = np.zeros(len(delta)), np.ones(len(delta)), np.full(len(delta), np.nan)
    beside[known], p[known], spread[known] = sign * found.beside, found.p, found.spread
    shift = sign * found.shift
    return _Changes(delta, beside, p, _jackknife(folds), shift, found.shift_p, spread)


def _by_sampling(delta: Numbers, folds: Numbers) -> _Changes:
    """Judge changes by what they are without each fold of the items."""
    df, shift, shift_p = len(folds) - 1.0, 0.0, 1.0
    if len(delta) >= FEWEST_TO_CENTRE:
        shift = float(np.median(delta))
        middles = np.median(folds, axis=1)
        folds, strayed = folds - middles[:, None], float(_jackknife(middles))
        shift_p = float(student_p(shift / strayed, df)) if strayed > 0 else 1.0
    error, beside = _jackknife(folds), delta - shift
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(beside == 0, 0.0, beside / error)
    return _Changes(delta, beside, student_p(t, df), error, shift, shift_p, None)


def _jackknife(left_out: Numbers) -> Numbers:
    n_folds = len(left_out)
    spread = ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)
    error: Numbers = np.sqrt(spread * (n_folds - 1) / n_folds)
    return error


def _aligned(
    replicate: tuple[LabelParts, LabelParts], like: LabelParts
) -> tuple[LabelParts, LabelParts]:
    """Give a replicate's tables the labels of ``like``, NaN where it lacks one."""
    space, other = (_with_labels(parts, like.labels) for parts in replicate)
    return space, other


def _with_labels(parts: LabelParts, labels: NDArray[np.integer]) -> LabelParts:
    if np.array_equal(parts.labels, labels):
        return parts
    place = {int(label): row for row, label in enumerate(parts.labels)}
    rows = np.array([place.get(int(label), -1) for label in labels])
    missing = (rows < 0)[:, None] | (rows < 0)

    def pick(table: Numbers) -> Numbers:
        if not len(place):
            return np.full((*table.shape[:-2], len(rows), len(rows)), np.nan)
        return np.where(missing, np.nan, table[..., rows[:, None], rows])

    return LabelParts(
        labels,
        np.where(rows < 0, 0, parts.counts[rows]) if len(place) else np.zeros(len(rows), int),
        *(
            pick(table)
            for table in (
                parts.separation,
                parts.mixing,
                parts.mixing_chance,
                parts.confusion,
                parts.fold_separation,
                parts.fold_mixing,
            )
        ),
    )


def _describe(
    a: LabelParts, b: LabelParts, names: Sequence[str], i: int, j: int
) -> LabelPairReport:
    return LabelPairReport(
        first=str(names[int(a.labels[i])]),
        second=str(names[int(a.labels[j])]),
        n_first=int(a.counts[i]),
        n_second=int(a.counts[j]),
        delta=float(a.separation[i, j] - b.separation[i, j]),
        separation_a=float(a.separation[i, j]),
        separation_b=float(b.separation[i, j]),
        mixing_a=float(a.mixing[i, j]),
        mixing_b=float(b.mixing[i, j]),
        mixing_chance=float(a.mixing_chance[i, j]),
        confusion_a=[float(a.confusion[i, j]), float(a.confusion[j, i])],
        confusion_b=[float(b.confusion[i, j]), float(b.confusion[j, i])],
        verdict="same",
    )
