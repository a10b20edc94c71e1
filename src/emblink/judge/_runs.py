"""Whether a space is one more run of a recipe: the runs are judged, not the items."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emblink.errors import InputError
from emblink.stats import student_p, student_quantile

Numbers = NDArray[np.float64]

PRIOR_SPREAD = 0.01
"""By which a run's overlap with all others is expected to stray, before its runs are seen."""
PRIOR_DF = 2.0
"""Runs that the expectation is worth."""
ONE_REPLICATE_DF = 0.5
"""What the two overlaps of a space with two runs tell of the spread of these: that of a single
difference, which hangs on the space that is judged as well."""

_SIGNIFICANCE = 0.05
_FEWEST_TO_TELL = 3
_ODD, _ODD_P = 0.6, 0.01
_SOFT = 0.003
"""Added to both odds: runs that are copies would else have none."""


@dataclass(frozen=True)
class RunEvidence:
    """How a space compares with the runs of a recipe.

    Attributes
    ----------
    n_runs : int
        Of the recipe.
    kept : float
        Mean overlap of its runs among themselves.
    with_other : float
        Mean overlap of the space with them.
    least : float
        The overlap below which the space would stand out at 5 %.
    p_less : float
        That one more run would share as little with the others.
    p_closer : float
        That two independent runs would share as much as the space does with its pair.
    """

    n_runs: int
    kept: float
    with_other: float
    least: float
    p_less: float
    p_closer: float


def run_evidence(overlaps: ArrayLike, with_other: ArrayLike) -> RunEvidence:
    """Compare the overlap of a space with a recipe's runs to theirs among themselves.

    Parameters
    ----------
    overlaps : array of shape (n_runs, n_runs)
        Mean :func:`neighborhood_overlap` of each two runs, over the same items; the diagonal is
        not looked at.
    with_other : array of shape (n_runs,)
        The space's with each run, that of its pair first.

    Returns
    -------
    RunEvidence

    Raises
    ------
    InputError
        There are fewer than two runs, or the shapes do not fit.

    Notes
    -----
    The overlap of two runs is taken for a common level and an effect of each run (some are noisier
    than others), in log odds. ``t`` is the recipe's level less the space's, over how far one
    more run strays, whose variance joins the spread of the effects with an expectation worth two
    runs (0.01 in overlap): with two runs the effects hardly show, and their difference beside the
    space counts for half a run. All runs share the items, so
    that no sampling of items enters, and the test does not grow with their number.

    Two spaces with a shared start agree more than independent runs would: ``p_closer`` is of their
    overlap less what both have with the other runs, as effects of runs add up.

    Misleads for recipes whose runs differ wildly, as long as only one replicate is known: it may be
    the odd one, and the pair the normal ones.

    References
    ----------
    .. [1] Székely and Rizzo, "Energy statistics: A class of statistics based on distances",
       Journal of Statistical Planning and Inference 2013.
    """
    among, other = np.array(overlaps, dtype=np.float64), np.asarray(with_other, dtype=np.float64)
    n_runs = len(other)
    if n_runs < 2 or among.shape != (n_runs, n_runs):
        raise InputError(
            f"overlaps of shape {among.shape} and {other.shape} are no two runs or more of one "
            "recipe and one space; give (n_runs, n_runs) and (n_runs,)"
        )
    pairs = np.triu_indices(n_runs, 1)
    kept = float(among[pairs].mean())
    odds = _log_odds(among)
    level = float(odds[pairs].mean())
    expected = _expected_spread(kept)
    effects, df = _effects(odds, _log_odds(other), level)
    variance = (PRIOR_DF * expected**2 + effects) / (PRIOR_DF + df)
    spread = float(np.sqrt(variance * (1 + 1 / n_runs)))
    df += PRIOR_DF
    t = (level - float(_log_odds(other).mean())) / spread
    tail = float(student_p(t, df)) / 2
    below = level - student_quantile(1 - _SIGNIFICANCE, df=df) * spread
    return RunEvidence(
        n_runs=n_runs,
        kept=kept,
        with_other=float(other.mean()),
        least=_share_of(below),
        p_less=tail if t > 0 else 1 - tail,
        p_closer=_p_closer(odds, _log_odds(other), expected) if other[0] > kept else 1.0,
    )


def odd_runs(overlaps: ArrayLike) -> list[int]:
    """Find runs that share far less with the others than these do: no runs of the recipe.

    Parameters
    ----------
    overlaps : array of shape (n_runs, n_runs)
        The first run is the space itself, which is never odd.

    Returns
    -------
    list of int
        Those that share less than 0.6 of what the others do, where that is no chance (p at most
        0.01); the farthest first. None of fewer than three runs: of two, either may be the odd one.
    """
    among = np.array(overlaps, dtype=np.float64)
    left, odd = [*range(len(among))], []
    while len(left) >= _FEWEST_TO_TELL:
        found = []
        for one in left[1:]:
            rest = [other for other in left if other != one]
            evidence = run_evidence(among[np.ix_(rest, rest)], among[one, rest])
            if evidence.with_other < _ODD * evidence.kept and evidence.p_less <= _ODD_P:
                found.append((evidence.with_other, one))
        if not found:
            break
        odd.append(min(found)[1])
        left.remove(odd[-1])
    return odd


def of_both_recipes(evidence: Sequence[RunEvidence]) -> RunEvidence | None:
    """Join what the runs of either space's recipe say: the surer, adjusted for having looked twice.

    Parameters
    ----------
    evidence : sequence of RunEvidence
        None, one or two.

    Returns
    -------
    RunEvidence or None
        That of the recipe by which the pair stands out most, ``p_less`` and ``p_closer`` times
        their number.
    """
    if not evidence:
        return None
    chosen = evidence[stands_out_more(evidence)]
    p_less, p_closer = (
        min(1.0, len(evidence) * min(getattr(one, name) for one in evidence))
        for name in ("p_less", "p_closer")
    )
    return replace(chosen, p_less=p_less, p_closer=p_closer)


def stands_out_more(evidence: Sequence[RunEvidence]) -> int:
    """Return by which recipe a pair stands out the most.

    Parameters
    ----------
    evidence : sequence of RunEvidence
        One or more.

    Returns
    -------
    int
        Its place.
    """
    by_place = range(len(evidence))
    return min(by_place, key=lambda place: (evidence[place].p_less, -evidence[place].n_runs))


def _effects(odds: Numbers, other: Numbers, level: float) -> tuple[float, float]:
    """Return the sum of squares of the runs' effects, and its degrees of freedom."""
    n_runs = len(odds)
    if n_runs == 2:
        return ONE_REPLICATE_DF * float((other[0] - other[1]) ** 2) / 2, ONE_REPLICATE_DF
    rest = odds.copy()
    np.fill_diagonal(rest, 0.0)
    means = rest.sum(axis=1) / (n_runs - 1)
    effects = (means - level) * (n_runs - 1) / (n_runs - 2)
    return float(effects @ effects), n_runs - 1.0


def _p_closer(odds: Numbers, other: Numbers, expected_spread: float) -> float:
    """Return the p of the first run and the space, beside what both share with the other runs."""
    n_runs = len(odds)
    beside = np.concatenate([odds[0, 1:], other[1:]])
    expectation = PRIOR_DF * expected_spread**2
    if n_runs == 2:
        expected, factor = float(beside.mean()), 1.5
        squares, df = float((odds[0, 1] - other[1]) ** 2) / 2, 1.0
    else:
        rest = odds[1:, 1:][np.triu_indices(n_runs - 1, 1)]
        expected = float(odds[0, 1:].mean() + other[1:].mean() - rest.mean())
        factor = 1 + 2 / (n_runs - 1) + 2 / ((n_runs - 1) * (n_runs - 2))
        squares, df = _residuals(odds)
    spread = float(np.sqrt((expectation + squares) / (PRIOR_DF + df) * factor))
    t = (float(other[0]) - expected) / spread
    tail = float(student_p(t, PRIOR_DF + df)) / 2
    return tail if t > 0 else 1 - tail


def _residuals(odds: Numbers) -> tuple[float, float]:
    """Return what effects of single runs leave of their overlaps, and its degrees of freedom."""
    n_runs = len(odds)
    first, second = np.triu_indices(n_runs, 1)
    runs = np.arange(n_runs)
    design = ((first[:, None] == runs) | (second[:, None] == runs)).astype(np.float64)
    effects, *_ = np.linalg.lstsq(design, odds[first, second], rcond=None)
    left = odds[first, second] - design @ effects
    return float(left @ left), max(0.0, len(first) - n_runs)


def _log_odds(share: ArrayLike) -> Numbers:
    share = np.asarray(share, dtype=np.float64)
    odds: Numbers = np.log((share + _SOFT) / (1 - share + _SOFT))
    return odds


def _share_of(odds: float) -> float:
    ratio = math.exp(odds)
    return min(1.0, max(0.0, (ratio * (1 + _SOFT) - _SOFT) / (1 + ratio)))


def _expected_spread(kept: float) -> float:
    """Return what is expected of the log odds of a run: what they lose with PRIOR_SPREAD."""
    return float(_log_odds(kept) - _log_odds(max(0.0, kept - PRIOR_SPREAD))) or PRIOR_SPREAD
