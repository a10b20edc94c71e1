"""Queries by the values of their columns: which find less, and where results are replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from emblink.searches._measured import Measured
from emblink.stats import at_least_of, holm, paired, paired_interval, student_p, subset_p
from emblink.types import AnyArray, IntArray, SegmentReport, SegmentVerdict
from emblink.words import as_words

FEWEST = 10
"""Queries of a segment that is judged."""
MOST_VALUES = 200
"""Values of a column that makes segments."""
_MOST_NUMBERS = 12
"""The same of numbers, which are few where they name kinds."""
LEVEL = 0.05
"""Of all claims of one kind of a pair together."""


@dataclass(frozen=True, eq=False)
class Segment:
    """The queries that have one value of a column."""

    column: str
    value: str
    rows: IntArray


def segmenting(columns: Mapping[str, AnyArray], *, text: str | None = None) -> list[str]:
    """Return the columns whose values part the queries.

    Parameters
    ----------
    columns : mapping of name to array of shape (n_queries,)
    text : str, optional
        The column of words, which is none.

    Returns
    -------
    list of str
        Those of 2 to 200 values, each of two queries on average or more; of numbers at most 12.
    """
    found = []
    for name, values in columns.items():
        if name == text or values.ndim != 1:
            continue
        words = as_words(values)
        n = len(np.unique(words[_given(words)]))
        most = _MOST_NUMBERS if values.dtype.kind in "iuf" else MOST_VALUES
        if 2 <= n <= min(most, len(values) // 2):
            found.append(name)
    return found


def segments_of(columns: Mapping[str, AnyArray], names: Sequence[str]) -> list[Segment]:
    """Return the queries of each value of the columns that part them.

    Parameters
    ----------
    columns : mapping of name to array of shape (n_queries,)
    names : sequence of str

    Returns
    -------
    list of Segment
    """
    found = []
    for name in names:
        words = as_words(columns[name])
        for value in np.unique(words[_given(words)]).tolist():
            rows = np.flatnonzero(np.asarray(words == value))
            found.append(Segment(name, str(value), rows))
    return found


def _given(words: AnyArray) -> NDArray[np.bool_]:
    said: NDArray[np.bool_] = (words != "") & (words != "nan")
    return said


def judged_segments(found: Measured, segments: Sequence[Segment]) -> list[SegmentReport]:
    """Say of every segment what became of its searches, and whether that is no chance.

    Parameters
    ----------
    found : Measured
    segments : sequence of Segment
        Their rows are those of the queries measured.

    Returns
    -------
    list of SegmentReport
        What is claimed first: the most lost, then the surest. ``p`` allows for the number of
        segments (Holm). With relevance it is that of no change of nDCG, and ``p_lost`` that of as
        many lost answers, were these dealt to the judged queries at random; without, that of the
        churn of the other queries.
    """
    by_relevance = len(found.judged) >= FEWEST
    told = [
        _of_relevance(found, one) if by_relevance else _of_churn(found, one) for one in segments
    ]
    _adjust(told, "p")
    _adjust(told, "p_lost")
    for one in told:
        if one["verdict"] != "too_few":
            one["verdict"] = _verdict(one)
    if by_relevance:
        _set_apart(told, found, segments)
    return sorted(told, key=_order)


def _set_apart(told: Sequence[SegmentReport], found: Measured, segments: Sequence[Segment]) -> None:
    """Say of each segment that is claimed whether it changes otherwise than the rest."""
    if found.delta is None:
        return
    change = found.delta.ndcg[found.judged]
    every = float(change.mean())
    places = [np.flatnonzero(np.isin(found.judged, one.rows)) for one in segments]
    asked = [at for at, one in enumerate(told) if one["verdict"] != "too_few"]
    if not asked:
        return
    adjusted = holm(np.array([subset_p(change, places[at]) for at in asked]))
    for at, p in zip(asked, adjusted.tolist(), strict=True):
        one = told[at]
        further = abs(one["delta"]) > abs(every) or one["delta"] * every < 0
        lost = one["verdict"] == "worse" and one["p_lost"] <= LEVEL / 2
        one["apart"] = bool(lost or (p <= LEVEL and further))


def _adjust(told: Sequence[SegmentReport], key: Literal["p", "p_lost"]) -> None:
    asked = [one for one in told if key in one]
    if asked:
        adjusted = holm(np.array([one[key] for one in asked]))
        for one, p in zip(asked, adjusted.tolist(), strict=True):
            one[key] = p


def _verdict(one: SegmentReport) -> SegmentVerdict:
    sure = one.get("p", 1.0) <= LEVEL
    if "delta" not in one:
        more = one["interval"][0] + one["interval"][1] > 0
        return ("churned" if more else "steady") if sure else "same"
    # Two tests share the level.
    sure, lost = one.get("p", 1.0) <= LEVEL / 2, one.get("p_lost", 1.0) <= LEVEL / 2
    if one["delta"] < 0 and (sure or lost):
        return "worse"
    return "better" if sure and one["delta"] > 0 else "same"


def _order(one: SegmentReport) -> tuple[object, ...]:
    claimed = ("worse", "churned", "better", "steady", "same", "too_few").index(one["verdict"])
    p = min(one.get("p_lost", 1.0), one.get("p", 1.0))
    return (claimed, p, one.get("delta", -one["churn"]), one["column"], one["segment"])


def _outline(found: Measured, one: Segment) -> SegmentReport:
    return SegmentReport(
        column=one.column,
        segment=one.value,
        n=len(one.rows),
        n_judged=len(np.intersect1d(one.rows, found.judged)),
        churn=float(found.churn[one.rows].mean()) if len(one.rows) else 0.0,
        verdict="too_few",
    )


def _of_relevance(found: Measured, one: Segment) -> SegmentReport:
    told, rows = _outline(found, one), np.intersect1d(one.rows, found.judged)
    if found.delta is None or found.answers is None or not len(rows):
        return told
    change = found.delta.ndcg[rows]
    lost, gained = found.answers.lost, found.answers.gained
    told["ndcg_a"] = float(found.delta.ndcg_a[rows].mean())
    told["ndcg_b"] = float(found.delta.ndcg_b[rows].mean())
    told["delta"] = float(change.mean())
    told["n_lost"], told["n_gained"] = int(lost[rows].sum()), int(gained[rows].sum())
    if len(rows) < FEWEST:
        return told
    told["verdict"] = "same"
    told["interval"] = [*paired_interval(change)]
    told["p"] = _p(change) if change.any() else 1.0
    told["p_lost"] = at_least_of(
        told["n_lost"],
        drawn=len(rows),
        marked=int(lost[found.judged].sum()),
        n=len(found.judged),
    )
    return told


def _p(change: NDArray[np.float64]) -> float:
    held = paired(change)
    return float(student_p(held.centre / held.error, held.df))


def _of_churn(found: Measured, one: Segment) -> SegmentReport:
    told = _outline(found, one)
    others = np.setdiff1d(np.arange(len(found.churn)), one.rows)
    if min(len(one.rows), len(others)) < FEWEST:
        return told
    told["verdict"] = "same"
    values = found.churn.astype(np.float64)
    change = float(values[one.rows].mean() - values[others].mean())
    reach = 1.96 * float(
        np.sqrt(sum(float(values[rows].var(ddof=1)) / len(rows) for rows in (one.rows, others)))
    )
    told["interval"] = [change - reach, change + reach]
    told["p"] = subset_p(values, one.rows)
    return told


def within(segments: Sequence[Segment], rows: IntArray) -> list[Segment]:
    """Return segments of some of the queries, by their places among these.

    Parameters
    ----------
    segments : sequence of Segment
    rows : array of shape (n,)
        Ascending.

    Returns
    -------
    list of Segment
        Without those that have none.
    """
    kept = []
    for one in segments:
        at = np.flatnonzero(np.isin(rows, one.rows))
        if len(at):
            kept.append(Segment(one.column, one.value, cast(IntArray, at)))
    return kept
