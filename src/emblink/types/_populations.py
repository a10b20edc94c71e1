"""What is written down of two or more populations in one space."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from emblink.types._groups import Enrichment, GroupItem, GroupWord, NumberShift
from emblink.types._words import Metric

PopulationVerdict = Literal["same_population", "drifted", "paired", "gap"]
PopulationGroupKind = Literal["new", "vanished", "grew", "shrank"]
PopulationFindingKind = Literal["group", "drift", "gap", "partners", "copies"]
DriftScope = Literal["none", "groups", "rest", "all"]
"""Where two populations differ: nowhere, in groups alone, in what is left without the groups, or so
widely that no group stands out."""


class PopulationFacts(TypedDict):
    """One population."""

    name: str
    n: int
    n_dims: int
    source: str
    has_ids: bool
    """Whether ids were given; rows that were numbered are nobody's partner."""


class Share(TypedDict):
    """How common something is on both sides, and how that differs."""

    n_a: int
    n_b: int
    share_a: float
    share_b: float
    interval_a: list[float]
    """In 95 % of cases (Wilson)."""
    interval_b: list[float]
    change: float
    """``share_b - share_a``."""
    interval: list[float]
    """Of the change (Newcombe)."""
    p: float
    """Adjusted for all cells and labels of the pair (Westfall and Young), for its two questions
    and for all pairs (Holm)."""


class PopulationGroup(Share):
    """Items that are more, or fewer, on the second side than chance lets them be."""

    kind: PopulationGroupKind
    title: str
    sentence: str
    n: int
    enriched: list[Enrichment]
    numbers: list[NumberShift]
    words: list[GroupWord]
    exemplars: list[GroupItem]
    """Members that lie in most lists of the others."""
    n_partnered: NotRequired[int]
    """Members with a partner on the other side; left out where nobody has one."""
    n_together: NotRequired[int]
    """Of these, those whose partner is in the group as well."""


class LabelShare(Share):
    """A label on both sides."""

    label: str
    kind: NotRequired[PopulationGroupKind]
    """Left out where its share is not surely another."""


class PartnerWay(TypedDict):
    """How well partners are found from one side among the other."""

    n: int
    """Items asked."""
    n_others: int
    recall_at_1: float
    recall_at_10: float
    mrr: float
    chance: float
    """Of recall@1."""
    median_rank: float
    recall_at_1_centred: float
    """With the mean of each side taken off."""
    interval: list[float]
    """Of recall@1, in 95 % of cases."""
    found: int
    """Items of the other side that are nearest to any of those asked."""
    hub: GroupItem
    """The item of the other side that is nearest to most."""
    hub_n: int


class Partners(TypedDict):
    """Items with one id on both sides."""

    n: int
    there: PartnerWay
    back: PartnerWay


class CopyPair(TypedDict):
    """Two items of one vector, one on each side."""

    a: GroupItem
    b: GroupItem


class Copies(TypedDict):
    """Items of the second side whose very vector the first side has."""

    n: int
    n_other_ids: int
    """Of these, items whose copy has another id; none where rows were numbered."""
    examples: list[CopyPair]


class PopulationFinding(TypedDict):
    """One thing that is to be known of two populations."""

    kind: PopulationFindingKind
    title: str
    sentence: str
    how_sure: str
    n: int
    sure: bool
    exemplars: list[GroupItem]
    group: NotRequired[int]
    """Place among the groups."""


class PairColumns(TypedDict):
    """Names of item columns of a bundle."""

    groups: str
    """Titles of groups; "" for items of none."""
    around: str
    """How much commoner the second side is around an item than in all, from -1 to 1."""


class PopulationPair(TypedDict):
    """How the second of two populations differs from the first."""

    a: str
    b: str
    n_a: int
    n_b: int
    verdict: PopulationVerdict
    scope: DriftScope
    sentence: str
    k: int
    recall: float
    """Of the neighbours; 1 where they are exact."""
    apart: float
    """1 less the mean shares of the other side among the neighbours of both: 0 for one population,
    1 where no neighbour is of the other side."""
    apart_interval: list[float]
    """In 95 % of cases."""
    apart_p: float
    rest: float
    """The same without the groups and what is at their edge."""
    rest_p: float
    n_rest: int
    gap: float
    """Distance of both means over the spread of the items."""
    apart_centred: float
    """``apart`` of a sample, with the mean of each side taken off."""
    apart_asked: float
    """``apart`` of that sample as the vectors are."""
    groups: list[PopulationGroup]
    labels: list[LabelShare]
    partners: NotRequired[Partners]
    copies: Copies
    findings: list[PopulationFinding]
    warnings: list[str]
    columns: NotRequired[PairColumns]
    """Of a bundle: where the page finds what is said of items."""


class PopulationStep(TypedDict):
    """One population of a series, beside the one before it and beside the first."""

    name: str
    apart_before: NotRequired[float]
    apart_first: NotRequired[float]
    told: list[str]
    """What of it is new against the one before."""


class PopulationsReport(TypedDict):
    """Populations of one space, in the order given: each beside the one before and the first."""

    schema: str
    version: str
    seed: int
    metric: Metric
    n_permutations: int
    level: float
    """Up to which adjusted p-values are claims."""
    blocks: NotRequired[str]
    """The column within whose values sides were dealt."""
    populations: list[PopulationFacts]
    pairs: list[PopulationPair]
    timeline: list[PopulationStep]
    notes: list[str]
