"""A budget: how small vectors may become, setting by setting."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from emblink.types._report import QualityReport
from emblink.types._searches import PairSearches, SegmentReport


class BudgetLabel(TypedDict):
    """What the items of a label keep."""

    label: str
    n: int
    """Items asked."""
    kept: float
    lost: float
    """How much fewer of their neighbours are of their own label."""
    interval: list[float]
    """Of ``lost``, in 95 % of cases, for each label alone."""
    pays: bool
    """It loses, and more than the other items with a label, beyond the error of the difference."""


class BudgetQueries(TypedDict):
    """What the results of queries keep: of the first 10 of the vectors as they are."""

    n: int
    n_judged: int
    kept: float
    interval: list[float]
    first: float
    """The share of queries whose first result is the same."""
    pays: list[SegmentReport]
    """Segments that find less, then those of which more results are replaced, the surest first."""
    ndcg: NotRequired[float]
    ndcg_change: NotRequired[float]
    ndcg_interval: NotRequired[list[float]]
    """Of the change, paired by query."""
    recall_change: NotRequired[float]
    recall_interval: NotRequired[list[float]]
    mrr_change: NotRequired[float]
    mrr_interval: NotRequired[list[float]]
    quality: NotRequired[QualityReport]
    searches: NotRequired[PairSearches]
    """All of it; not in a bundle, which has that of its spaces."""


class BudgetSetting(TypedDict):
    """One way to store the vectors, and what a search among them keeps."""

    name: str
    steps: str
    """As those of a variant; "" of the vectors as they are."""
    n_dims: int
    bytes_per_vector: int
    index_bytes: int
    """Of all vectors, without what an index adds."""
    kept: float
    """Of the 10 nearest neighbours of items, the mean share that is found still."""
    interval: list[float]
    fits: bool
    """It surely keeps as much as is asked."""
    labels: list[BudgetLabel]
    """Those with 20 items asked, what loses most first."""
    queries: NotRequired[BudgetQueries]
    space: NotRequired[str]
    """Name of the space of a bundle that is so stored."""


class BudgetReport(TypedDict):
    """A ladder of settings, the largest first."""

    space: str
    measure: str
    """What must be kept: ``recall`` (of neighbours, of queries' results where there are some) or
    ``ndcg``."""
    allowed: float
    chosen: int | None
    """The smallest setting that surely keeps so much."""
    settings: list[BudgetSetting]
    notes: list[str]
    n_items: int
    n_asked: int
    sentence: str
