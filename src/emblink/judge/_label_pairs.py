"""Which labels were drawn together or pushed apart from one space to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.judge._label_changes import FALSE_DISCOVERY_RATE
from emblink.measures import LabelParts
from emblink.stats import (
    Error,
    Noise,
    benjamini_hochberg,
    interval_reach,
    p_values,
    replicate_noise,
)
from emblink.types import LabelPairReport, LabelPairVerdict

MOST_REPORTED = 100

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
    """

    reports: list[LabelPairReport]
    n_judged: int


def label_pair_changes(
    a: LabelParts,
    b: LabelParts,
    *,
    names: Sequence[str],
    replicates: Sequence[tuple[LabelParts, LabelParts]] = (),
) -> LabelPairChanges:
    """Judge for each pair of labels whether it was drawn together or pushed apart.

    Parameters
    ----------
    a, b : LabelParts
        Of the same items with the same codes and cells.
    names : sequence of str
        Of the codes.
    replicates : sequence of (LabelParts, LabelParts)
        Spaces and their replicates: what their separation and mixing differ by is noise.

    Returns
    -------
    LabelPairChanges
        ``delta`` is ``separation_a - separation_b``: above 0 drawn together. Its ``interval``
        is for 95 % of cases; its ``noise_floor`` is how far it strays from 0 between replicates.
        ``p`` is of no change beyond both, adjusted over all pairs (Benjamini and Hochberg).
        Invariant to what :func:`label_separation` and :func:`label_mixing` are invariant to.

    Raises
    ------
    InputError
        ``a`` and ``b`` hold other labels or folds.

    Notes
    -----
    Errors are those of a delete-a-group jackknife over 20 folds. Separation and the square root of
    the mixing (which evens out the spread of small and large shares) are tested each on its own,
    against its error and its floor together. The direction is that of the separation. ``p`` is
    twice the smaller p of the two, where mixing counts only if it moved the same way; where it
    moved the other way with a p under 5 %, the two contradict each other and nothing is claimed
    (``p`` 1). A change of separation by less than 0.001, which rounding makes, is no evidence.
    Claims come first, then the order is by Fisher's sum of both logarithms: near pairs, which
    can mix, stand above far ones with the same change of separation.

    Misleads for far pairs, where separation alone speaks and a change has no meaning for
    neighbours: look at the mixing. Without a replicate nearly every pair of a retrained model
    changes.

    References
    ----------
    .. [1] Efron and Stein, "The jackknife estimate of variance", Annals of Statistics 1981.
    """
    if not np.array_equal(a.labels, b.labels) or len(a.fold_mixing) != len(b.fold_mixing):
        raise InputError(
            "the spaces' parts hold other labels or folds; make both with label_parts from the "
            "same items, codes and cells"
        )
    n_labels = len(a.labels)
    pairs = np.triu_indices(n_labels, 1)
    drawn = _separation_change(a, b, pairs)
    mixed = _mixing_change(a, b, pairs)
    defined = np.isfinite(drawn[0]) & np.isfinite(mixed[0])
    pairs = (pairs[0][defined], pairs[1][defined])
    if not len(pairs[0]):
        return LabelPairChanges([], 0)
    delta, errors = (one[defined] for one in drawn)
    mixing_delta, mixing_errors = (one[defined] for one in mixed)
    floor = _noise([_separation_change(*_aligned(one, a), pairs)[0] for one in replicates], a)
    mixing_floor = _noise([_mixing_change(*_aligned(one, a), pairs)[0] for one in replicates], a)
    df = float(len(a.fold_mixing) - 1)
    p_drawn = p_values(delta, errors, df, noise=floor)
    p_drawn = np.where((np.abs(delta) < _LEAST) & (p_drawn <= FALSE_DISCOVERY_RATE), 1.0, p_drawn)
    p_mixed = p_values(mixing_delta, mixing_errors, df, noise=mixing_floor)
    agree = np.sign(delta) * np.sign(mixing_delta)
    against = (agree < 0) & (p_mixed < FALSE_DISCOVERY_RATE)
    p_mixed = np.where(agree > 0, p_mixed, 1.0)
    p = np.where(against, 1.0, np.minimum(1.0, 2 * np.minimum(p_drawn, p_mixed)))
    adjusted = benjamini_hochberg(p)
    claimed = (adjusted <= FALSE_DISCOVERY_RATE) & (delta != 0)
    with np.errstate(divide="ignore"):
        fisher = np.where(against, 0.0, -np.log(p_drawn) - np.log(p_mixed))
    reach = errors * interval_reach(Error(1.0, df))
    order = np.lexsort((-np.abs(delta), -fisher, ~claimed))[:MOST_REPORTED]
    reports = []
    for place in order:
        report = _describe(a, b, names, int(pairs[0][place]), int(pairs[1][place]))
        shift = float(delta[place])
        verdict: LabelPairVerdict = "drawn_together" if shift > 0 else "pushed_apart"
        report["verdict"] = verdict if claimed[place] else "same"
        report["interval"] = [shift - float(reach[place]), shift + float(reach[place])]
        report["p"] = float(adjusted[place])
        if np.isfinite(floor.df):
            report["noise_floor"] = float(floor.scale[place])
        reports.append(report)
    return LabelPairChanges(reports, len(delta))


def _separation_change(a: LabelParts, b: LabelParts, pairs: Places) -> tuple[Numbers, Numbers]:
    """Return the change towards each other, and its error."""
    folds = a.fold_separation[:, *pairs] - b.fold_separation[:, *pairs]
    return a.separation[pairs] - b.separation[pairs], _jackknife(folds)


def _mixing_change(a: LabelParts, b: LabelParts, pairs: Places) -> tuple[Numbers, Numbers]:
    folds = np.sqrt(b.fold_mixing[:, *pairs]) - np.sqrt(a.fold_mixing[:, *pairs])
    return np.sqrt(b.mixing[pairs]) - np.sqrt(a.mixing[pairs]), _jackknife(folds)


def _jackknife(left_out: Numbers) -> Numbers:
    n_folds = len(left_out)
    spread = ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)
    error: Numbers = np.sqrt(spread * (n_folds - 1) / n_folds)
    return error


def _noise(deltas: list[Numbers], parts: LabelParts) -> Noise:
    """Pairs that share a label move together: no more degrees of freedom than labels."""
    n_pairs = len(deltas[0]) if deltas else 0
    noise = replicate_noise(np.array(deltas).reshape(len(deltas), n_pairs))
    if not deltas:
        return Noise(np.zeros(1), np.inf)
    most = float(len(deltas) * len(parts.labels))
    return Noise(noise.scale, min(noise.df, most)) if np.isfinite(noise.df) else noise


def _aligned(
    replicate: tuple[LabelParts, LabelParts], like: LabelParts
) -> tuple[LabelParts, LabelParts]:
    """Give a replicate's tables the labels of ``like``, NaN where it lacks one."""
    space, again = (_with_labels(parts, like.labels) for parts in replicate)
    return space, again


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
