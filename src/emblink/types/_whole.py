"""The whole report."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from emblink.types._budget import BudgetReport
from emblink.types._findings import FindingReport
from emblink.types._groups import GroupTimeline, Unchanging
from emblink.types._populations import PopulationsReport
from emblink.types._report import Method, PairReport, SpaceMap, SpaceReport
from emblink.types._searches import SearchesReport


class Report(TypedDict):
    """``emblink.report/2``."""

    schema: str
    version: str
    seed: int
    n_items: int
    spaces: list[SpaceReport]
    pairs: list[PairReport]
    method: NotRequired[Method]
    """Where spaces have so many items that numbers are measured on a sample of them."""
    map: NotRequired[SpaceMap]
    timelines: list[GroupTimeline]
    """Groups of several pairs that are of the same items, and those of one pair alone."""
    unchanging: NotRequired[Unchanging]
    searches: NotRequired[SearchesReport]
    budget: NotRequired[BudgetReport]
    """Where the spaces are settings of how one of them is stored."""
    findings: NotRequired[list[FindingReport]]
    """What stands out of several pairs, at most nine, the same items told once."""
    populations: NotRequired[PopulationsReport]
    """Of a bundle of populations, whose one space is their union."""
    notes: list[str]
