"""An adapter: what is found once a map has brought old vectors, or new queries, over."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from emblink.types._searches import PairSearches


class AdapterPayer(TypedDict):
    """Who finds least: a label of the items asked, or a segment of the queries."""

    column: NotRequired[str]
    """Of a segment; a label has none."""
    name: str
    n: int
    kept: float


class AdapterRoute(TypedDict):
    """One way to answer a new query, and what it finds of what a search in the new space finds."""

    name: str
    kept: float
    """Of the first 10 answers, the mean share."""
    interval: list[float]
    first: float
    """The share of first answers."""
    first_interval: list[float]
    pays: NotRequired[AdapterPayer]
    """Absent where nobody is worse off beyond chance."""
    ndcg: NotRequired[float]
    ndcg_change: NotRequired[float]
    """From the new model, paired by query."""
    ndcg_interval: NotRequired[list[float]]
    searches: NotRequired[PairSearches]


class AdapterReport(TypedDict):
    """How much of a change of model a linear map carries."""

    old: str
    new: str
    asked: str
    """``items`` or ``queries``."""
    routes: list[AdapterRoute]
    """Those that there are, the old model last where it has queries."""
    carried: float | None
    """Share of what changed that the linear map brings about; None where the old model has none."""
    chance: float
    """Of the first 10 answers, the mean share that as many items drawn at random are."""
    n_items: int
    n_learnt: int
    n_asked: int
    notes: list[str]
    sentence: str
