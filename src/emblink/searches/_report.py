"""The report of the searches of one pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emblink.judge import FEWEST_QUERIES, search_quality
from emblink.searches._measured import Measured
from emblink.searches._scores import levels_of, scores_of
from emblink.searches._segments import Segment, judged_segments
from emblink.types import AnyArray, IntArray, LostQuery, PairSearches, SearchLevel
from emblink.wording import (
    NO_BETTER_THAN_CHANCE,
    search_findings,
    search_sentence,
    too_few_judged,
)

MOST_LOST = 100


@dataclass(frozen=True, eq=False)
class Names:
    """What queries and items are called.

    Attributes
    ----------
    queries : array of shape (n_queries,)
        Ids.
    texts : array of shape (n_queries,), or None
    items : array of shape (n_items,)
        Ids.
    where : str
        Where the queries came from.
    """

    queries: AnyArray
    texts: AnyArray | None
    items: AnyArray
    where: str = "queries"


def searches_report(
    pair: tuple[str, str],
    found: Measured,
    *,
    names: Names,
    segments: Sequence[Segment] = (),
    runs: Sequence[Measured] = (),
    n_items: int,
) -> PairSearches:
    """Return the report of the searches of a pair.

    Parameters
    ----------
    pair : (str, str)
    found : Measured
    names : Names
        Of the queries measured, and of the items that both spaces have.
    segments : sequence of Segment
        Their rows are those of the queries measured.
    runs : sequence of Measured
        Of spaces of the pair against their replicates.
    n_items : int

    Returns
    -------
    PairSearches
    """
    told = judged_segments(found, segments)
    levels = levels_of(found)
    report = PairSearches(
        name=names.where,
        a=pair[0],
        b=pair[1],
        n=len(found.churn),
        n_judged=len(found.judged),
        n_items=n_items,
        k=found.k,
        scores=scores_of(found, runs),
        levels=levels,
        n_first=int(found.first.sum()),
        lost=[],
        segments=told,
        n_replicates=len(runs),
        sentence="",
        findings=[],
        warnings=[],
    )
    if found.answers is not None and len(found.judged):
        rows = np.flatnonzero(found.answers.lost)
        report["n_lost"], report["n_gained"] = len(rows), int(found.answers.gained.sum())
        report["lost"] = [_lost(found, int(row), names) for row in _worst_first(found, rows)]
        _add_quality(report, found, levels)
    report["sentence"] = search_sentence(report)
    report["findings"] = search_findings(report)
    return report


def _add_quality(report: PairSearches, found: Measured, levels: Sequence[SearchLevel]) -> None:
    rows, delta = found.judged, found.delta
    if delta is None or not levels:
        return
    quality = search_quality(
        delta.ndcg_a[rows],
        delta.ndcg_b[rows],
        k=found.k,
        chance=levels[0]["chance"],
        segments=report["segments"],
        unchanged=found.unchanged,
    )
    if quality is not None:
        report["quality"] = quality
    elif len(rows) < FEWEST_QUERIES:
        report["warnings"].append(too_few_judged(len(rows), fewest=FEWEST_QUERIES))
    else:
        report["warnings"].append(NO_BETTER_THAN_CHANCE)


def _worst_first(found: Measured, rows: IntArray) -> IntArray:
    """Return lost queries by how much their nDCG fell; at most so many."""
    if found.delta is None:
        return rows
    order: IntArray = rows[np.argsort(found.delta.ndcg[rows], kind="stable")][:MOST_LOST]
    return order


def _lost(found: Measured, row: int, names: Names) -> LostQuery:
    if found.answers is None:
        raise ValueError("nothing is known of relevance")
    told = LostQuery(
        id=str(names.queries[row]),
        answer=str(names.items[found.answers.item_a[row]]),
        rank_a=int(found.answers.rank_a[row]),
        rank_b=int(found.answers.rank_b[row]),
    )
    if names.texts is not None and (text := str(names.texts[row])):
        told["text"] = text
    return told
