"""What the results of queries keep under a setting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emblink.budget._stored import Lists
from emblink.searches import Asked
from emblink.stats import share_interval
from emblink.types import BudgetQueries, PairSearches, Score, SegmentReport

_QUALITIES = ("ndcg", "recall", "mrr")


def queries_kept(asked: Asked, true: Lists, found: Lists, pair: tuple[str, str]) -> BudgetQueries:
    """Compare results under a setting with those of the vectors as they are.

    Parameters
    ----------
    asked : Asked
    true, found : array of shape (n_queries, k), int32
    pair : (str, str)
        What both are called.

    Returns
    -------
    BudgetQueries
    """
    measured = asked.measured(true, found)
    searches = asked.report(pair, measured)
    kept = 1.0 - measured.churn.astype(np.float64)
    mean = float(kept.mean())
    told = BudgetQueries(
        n=len(kept),
        n_judged=len(measured.judged),
        kept=mean,
        interval=[mean, mean] if pair[0] == pair[1] else [*share_interval(kept)],
        first=float(1.0 - measured.first.mean()),
        pays=_paying(searches["segments"], asked.churned(measured)),
        searches=searches,
    )
    if measured.delta is not None and searches["levels"]:
        _add_quality(told, searches)
    return told


def _paying(
    judged: Sequence[SegmentReport], churned: Sequence[SegmentReport]
) -> list[SegmentReport]:
    """Return the segments that find less than the rest, then those of which more is replaced."""
    worse = [one for one in judged if one["verdict"] == "worse" and one.get("apart")]
    named = {(one["column"], one["segment"]) for one in worse}
    return [*worse, *(one for one in churned if (one["column"], one["segment"]) not in named)]


def _add_quality(told: BudgetQueries, searches: PairSearches) -> None:
    levels = {one["measure"]: one for one in searches["levels"]}
    told["ndcg"] = levels["ndcg"]["b"]
    changes = {name: searches["scores"][f"{name}_change"] for name in _QUALITIES}
    told["ndcg_change"], told["ndcg_interval"] = _ends(changes["ndcg"])
    told["recall_change"], told["recall_interval"] = _ends(changes["recall"])
    told["mrr_change"], told["mrr_interval"] = _ends(changes["mrr"])
    if "quality" in searches:
        told["quality"] = searches["quality"]


def _ends(score: Score) -> tuple[float, list[float]]:
    return score["value"], score.get("interval", [score["value"]] * 2)
