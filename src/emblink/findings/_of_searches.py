"""Claims of what a change does to searches."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from emblink.findings._claim import Claim
from emblink.stats import sign_test
from emblink.types import IntArray, LostQuery, PairSearches, SegmentReport
from emblink.wording import (
    CHANGE_LESS,
    CHANGE_MORE,
    as_a_whole,
    exactly,
    gained_words,
    lost_answer,
    lost_words,
    of_lost,
    replaced_words,
    segment_words,
    whole_words,
)

FEWEST_LOST = 3
"""Lost answers that are told though they may be chance."""
_LEVEL = 0.05


def search_claims(
    searches: PairSearches,
    *,
    lost: IntArray,
    replaced: Callable[[SegmentReport], IntArray],
) -> list[Claim]:
    """Claim what queries lost, and which change otherwise than the rest.

    Parameters
    ----------
    searches : PairSearches
    lost : array of shape (n,)
        Common items that were the first relevant answers and are lost, ascending.
    replaced : callable
        Returns the common items that the queries of a segment find no more, ascending.

    Returns
    -------
    list of Claim
    """
    claims = [*_lost(searches, lost)]
    told = {(one["column"], one["segment"]) for one in of_lost(searches)} if claims else set()
    alike, apart = as_a_whole(searches)
    if alike:
        claims.append(_whole(searches, alike[0]))
    for one in apart:
        if (one["column"], one["segment"]) not in told:
            claims += [*_segment(searches, one, replaced)]
    return claims


def _lost(searches: PairSearches, rows: IntArray) -> Iterator[Claim]:
    who, did = lost_words(searches)
    if not who:
        return
    n_lost, n_gained = searches["n_lost"], searches["n_gained"]
    among = of_lost(searches)
    chances = [sign_test(n_lost, n_gained), *(one["p_lost"] for one in among)]
    p = min(1.0, min(chances) * min(2, len(chances)))
    score = searches["scores"]["first_relevant_loss"]
    as_runs = "excess_interval" in score and score["excess_interval"][0] <= 0.0
    if (n_lost < FEWEST_LOST and p > _LEVEL) or (as_runs and not among):
        return
    levels = {one["measure"]: one for one in searches["levels"]}
    facts = [gained_words(n_gained)]
    if "ndcg" in levels:
        a, b = exactly(levels["ndcg"]["a"]), exactly(levels["ndcg"]["b"])
        facts.insert(0, f"nDCG@{searches['k']} {a} → {b}")
    yield Claim(
        kind="searches",
        title=f"{who}: answers lost",
        who=who,
        did=did,
        facts=tuple(facts),
        rows=rows,
        far=n_lost / max(1, searches["n_judged"]),
        p=p,
        example=_example(searches["lost"]),
    )


def _example(lost: list[LostQuery]) -> str:
    """Name a query, the answer it had, and where one stands now."""
    if not lost:
        return ""
    one = lost[0]
    query = one.get("text", one["id"])
    return lost_answer(query, one["answer"], before=one["rank_a"], now=one["rank_b"])


def _whole(searches: PairSearches, one: SegmentReport) -> Claim:
    who, did, facts = whole_words(searches, one)
    change = searches["scores"]["ndcg_change"]["value"]
    return Claim(
        kind="searches",
        title=f"{who} {did}",
        who=who,
        did=did,
        facts=(facts,),
        rows=np.zeros(0, np.int64),
        far=abs(change),
        p=min(1.0, 2 * one.get("p", 1.0)),
        better=change > 0,
    )


def _segment(
    searches: PairSearches, one: SegmentReport, replaced: Callable[[SegmentReport], IntArray]
) -> Iterator[Claim]:
    who = f"queries {segment_words(one['column'], one['segment'])} ({one['n']:,})"
    who = f"{who[0].upper()}{who[1:]}"
    p = min(1.0, 2 * min(one.get("p", 1.0), one.get("p_lost", 1.0)))
    if one["verdict"] in ("worse", "better") and "delta" in one:
        did = "find less" if one["verdict"] == "worse" else "find more"
        a, b = exactly(one["ndcg_a"]), exactly(one["ndcg_b"])
        facts, far = (f"nDCG@{searches['k']} {a} → {b}",), abs(one["delta"])
    elif one["verdict"] in ("churned", "steady"):
        did = CHANGE_LESS if one["verdict"] == "steady" else CHANGE_MORE
        every = searches["scores"]["search_churn"]["value"]
        facts = (replaced_words(one["churn"], every),)
        far, p = abs(one["churn"] - every), one["p"]
    else:
        return
    rows = replaced(one)
    yield Claim(
        kind="searches",
        title=f"{who} {did}",
        who=who,
        did=did,
        facts=facts,
        rows=rows if len(rows) else np.zeros(0, np.int64),
        far=far,
        p=p,
        better=one["verdict"] == "better",
    )
