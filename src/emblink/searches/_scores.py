"""Means over queries beside chance, with intervals, and beside runs of one recipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from emblink.measures import (
    chance_first_lost,
    chance_rank_biased_overlap,
    chance_retrieval,
    kappa,
)
from emblink.searches._measured import Measured
from emblink.stats import paired_interval, share_interval
from emblink.types import Score, SearchLevel

Numbers = NDArray[np.float64]
QUALITIES = ("ndcg", "recall", "mrr")


def scores_of(found: Measured, runs: Sequence[Measured] = ()) -> dict[str, Score]:
    """Return every score of the searches of a pair.

    Parameters
    ----------
    found : Measured
    runs : sequence of Measured
        Of spaces of the pair against their replicates.

    Returns
    -------
    dict of name to Score
        Intervals hold the mean over all queries such as these in 95 % of cases.
    """
    scores = {
        name: _score(values, k=k, chance=chance, least=0.0)
        for name, values, k, chance in _results(found)
    }
    rbo = scores["search_rank_biased_overlap"]
    rbo["kappa"] = float(kappa(rbo["value"], rbo["chance"]))
    _add_floors(scores, runs, _results_mean)
    if found.delta is not None and len(found.judged):
        scores |= _of_relevance(found, runs)
    return scores


def _results(found: Measured) -> Iterator[tuple[str, Numbers, int, float]]:
    n, k = found.n_found, found.k
    rbo = chance_rank_biased_overlap(n + 1, depth=found.depth)
    yield "search_churn", found.churn.astype(np.float64), k, 1.0 - k / n
    yield "first_answer_change", found.first.astype(np.float64), 1, 1.0 - 1.0 / n
    yield "search_rank_biased_overlap", found.rbo.astype(np.float64), found.depth, rbo


def _results_mean(run: Measured, name: str) -> float:
    return next(float(values.mean()) for one, values, _, _ in _results(run) if one == name)


def _of_relevance(found: Measured, runs: Sequence[Measured]) -> dict[str, Score]:
    rows, scores = found.judged, {}
    same = found.unchanged
    for name in QUALITIES:
        scores[f"{name}_change"] = _score(
            getattr(found.delta, name)[rows], k=found.k, chance=None, least=-1.0, certain=same
        )
    judged = [run for run in runs if len(run.judged)]
    _add_floors(scores, judged, lambda run, name: _difference(run, name.removesuffix("_change")))
    lost = {"first_relevant_loss": _lost_score(found, certain=same)}
    _add_floors(lost, judged, lambda run, _: float(_flips(run).mean()))
    if judged and found.answers is not None:
        _add_excess(lost["first_relevant_loss"], found, judged)
    return scores | lost


def _lost_score(found: Measured, *, certain: bool) -> Score:
    rows, answers = found.judged, found.answers
    if answers is None or found.relevant is None:
        raise ValueError("nothing is known of relevance")
    chance = chance_first_lost(answers.rank_a, found.relevant, n_items=found.n_found, k=found.k)
    return _score(
        answers.lost[rows].astype(np.float64),
        k=found.k,
        chance=float(chance[rows].mean()),
        least=0.0,
        certain=certain,
    )


def _add_excess(score: Score, found: Measured, runs: Sequence[Measured]) -> None:
    """Add how many more queries lose their answer than between runs, by the same queries."""
    other = any(len(run.churn) != len(found.churn) for run in runs)
    if found.answers is None or len(found.judged) < 2 or other:
        return
    flips = np.mean([_every(run) for run in runs], axis=0)
    more = (found.answers.lost - flips)[found.judged]
    low, high = paired_interval(more)
    score["excess"], score["excess_interval"] = float(more.mean()), [low, high]


def _every(run: Measured) -> Numbers:
    """Return half of whether each query lost or gained: what a run loses against another one."""
    if run.answers is None:
        return np.zeros(len(run.churn))
    both: Numbers = (run.answers.lost.astype(np.float64) + run.answers.gained) / 2
    return both


def _flips(run: Measured) -> Numbers:
    return _every(run)[run.judged]


def _difference(run: Measured, name: str) -> float:
    return abs(float(getattr(run.delta, name)[run.judged].mean()))


def _add_floors(
    scores: dict[str, Score],
    runs: Sequence[Measured],
    value: Callable[[Measured, str], float],
) -> None:
    if not runs:
        return
    for name, score in scores.items():
        score["noise_floor"] = float(np.mean([value(run, name) for run in runs]))
        score["floor_kind"] = "replicate"
        score["floor_runs"] = len(runs) + 1


def _score(
    values: Numbers, *, k: int, chance: float | None, least: float, certain: bool = False
) -> Score:
    score = Score(value=float(values.mean()), n=len(values), k=k)
    if chance is not None:
        score["chance"] = chance
    if len(values) > 1:
        ends = paired_interval(values) if least < 0 else share_interval(values)
        low, high = (score["value"],) * 2 if certain else ends
        score["interval"] = [max(least, low), min(1.0, high)]
    return score


def levels_of(found: Measured) -> list[SearchLevel]:
    """Return how good the results of both spaces are, beside a random order.

    Parameters
    ----------
    found : Measured

    Returns
    -------
    list of SearchLevel
    """
    rows = found.judged
    if found.delta is None or found.relevant is None or len(rows) < 2:
        return []
    chance = chance_retrieval(found.relevant, n_items=found.n_found, k=found.k)
    levels = []
    for name in QUALITIES:
        sides = [getattr(found.delta, f"{name}_{side}")[rows] for side in "ab"]
        ends = [[*share_interval(side)] for side in sides]
        levels.append(
            SearchLevel(
                measure=name,
                k=found.k,
                a=float(sides[0].mean()),
                b=float(sides[1].mean()),
                chance=float(getattr(chance, name)[rows].mean()),
                interval_a=ends[0],
                interval_b=ends[1],
            )
        )
    return levels
