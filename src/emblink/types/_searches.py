"""Queries, and what a change of space does to their results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict

from emblink.types._report import QualityReport, Score
from emblink.types._words import AnyArray, FloatArray, IntArray, SegmentVerdict


@dataclass(frozen=True, eq=False)
class Relevance:
    """Which items answer which queries.

    Attributes
    ----------
    queries : array of shape (n_judgements,), int64
        Rows of the queries.
    items : array of shape (n_judgements,)
        Ids of items.
    gains : array of shape (n_judgements,), float64
        Above 0.
    """

    queries: IntArray
    items: AnyArray
    gains: FloatArray


@dataclass(frozen=True, eq=False)
class QuerySet:
    """What is searched for, as vectors of some of the spaces.

    Attributes
    ----------
    name : str
        Where it came from, for people.
    ids : array of shape (n_queries,), int64 or fixed-width unicode
    vectors : mapping of space name to array of shape (n_space_queries, n_dims)
        Empty where items are the queries.
    rows : mapping of space name to array of shape (n_space_queries,), int64
        Which of the queries each row is.
    columns : mapping of column name to array of shape (n_queries,)
    text : str or None
        The column of their words.
    relevance : Relevance or None
    notes : tuple of str
    are_items : bool
        Whether queries are items by the same ids, which are not among their own results.
    """

    name: str
    ids: AnyArray
    vectors: Mapping[str, FloatArray] = field(default_factory=dict)
    rows: Mapping[str, IntArray] = field(default_factory=dict)
    columns: Mapping[str, AnyArray] = field(default_factory=dict)
    text: str | None = None
    relevance: Relevance | None = None
    notes: tuple[str, ...] = ()
    are_items: bool = False


class SearchLevel(TypedDict):
    """How good the results of two spaces are: means over the queries with relevant items."""

    measure: str
    k: int
    a: float
    b: float
    chance: float
    interval_a: list[float]
    interval_b: list[float]


class LostQuery(TypedDict):
    """A query that lost its first relevant answer, which stood at ``rank_a``."""

    id: str
    text: NotRequired[str]
    answer: str
    """Id of the item."""
    rank_a: int
    rank_b: int
    """Of the first relevant item now; 0 where none is among the first ``k``."""


class SegmentReport(TypedDict):
    """The queries that have one value of a column; what is claimed allows for all values."""

    column: str
    segment: str
    n: int
    n_judged: int
    churn: float
    verdict: SegmentVerdict
    ndcg_a: NotRequired[float]
    ndcg_b: NotRequired[float]
    delta: NotRequired[float]
    interval: NotRequired[list[float]]
    """Of ``delta``, or of ``churn`` less that of the other queries; 95 % for each alone."""
    n_lost: NotRequired[int]
    n_gained: NotRequired[int]
    p: NotRequired[float]
    """Of no change of nDCG, or of the churn of the others (Holm over all segments)."""
    p_lost: NotRequired[float]
    """Of as many lost answers, were these dealt at random (Holm)."""
    apart: NotRequired[bool]
    """With relevance: whether it changes otherwise than the rest, beyond chance."""


class PairSearches(TypedDict):
    """What the change ``a → b`` does to searches."""

    name: str
    """Of the queries: where they came from."""
    a: str
    b: str
    n: int
    """Queries with vectors in both spaces."""
    n_judged: int
    """Of these, with a relevant item in both."""
    n_items: int
    """Items that could be found."""
    k: int
    scores: dict[str, Score]
    levels: list[SearchLevel]
    quality: NotRequired[QualityReport]
    n_first: int
    """Queries whose first result is another item."""
    n_lost: NotRequired[int]
    n_gained: NotRequired[int]
    lost: list[LostQuery]
    """At most 100."""
    segments: list[SegmentReport]
    """What is claimed first, the most lost first."""
    n_replicates: int
    sentence: str
    findings: list[str]
    """What stands out, in sentences."""
    warnings: list[str]


class SearchesReport(TypedDict):
    """The searches of a comparison."""

    name: str
    n_queries: int
    n_judgements: int
    columns: list[str]
    """Columns whose values are the segments."""
    pairs: list[PairSearches]
