"""Items that changed together: what is written down of each such group."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from emblink.types._words import ExemplarRole, GroupFloor, GroupType


class GroupEvidence(TypedDict):
    """The figures that a group's type is read from."""

    inner_a: float
    """Mean share of a member's nearest neighbours in ``a`` that are members, in [0, 1]."""
    inner_b: float
    inner_chance: float
    """The same for as many items drawn at random."""
    spread_a: float
    """Root mean square distance of the members from their centre, over that of all items."""
    spread_b: float
    agreement: float
    """Mean cosine of a member's residual with the other members', in [-1, 1]; 0 by chance."""
    density_change: float
    """Median of the members' ``log_density_change``: above 0 denser in ``b``."""


class Enrichment(TypedDict):
    """A value of a column that is commoner in a group than among the pair's other items."""

    column: str
    value: str
    n: int
    n_all: int
    expected: float
    """Of ``n``, had the group been drawn at random."""
    p: float
    """Hypergeometric, adjusted for all values of all columns (Benjamini and Hochberg)."""


class NumberShift(TypedDict):
    """A column of numbers that is larger or smaller in a group than among the other items."""

    column: str
    median: float
    median_others: float
    auc: float
    """How often a member's number is the larger one; 0.5 by chance."""
    p: float
    """Rank sum test, adjusted like that of an :class:`Enrichment`."""


class GroupWord(TypedDict):
    """A word of a text column that is distinctive of a group (c-TF-IDF)."""

    column: str
    word: str
    n: int
    """Members whose text has it."""
    n_all: int
    weight: float


class GroupItem(TypedDict):
    """One item, named for people."""

    id: str
    text: NotRequired[str]


class Exemplar(GroupItem):
    """A member that shows what a group is."""

    role: ExemplarRole


class GroupNeighbor(GroupItem):
    """A neighbour that members lost or gained."""

    n: int
    """How many of the members."""


class NeighborShift(TypedDict):
    """The share of the members' neighbours that have one label, before and after."""

    label: str
    share_a: float
    share_b: float
    chance: float
    """The label's share of all items."""


class GroupReport(TypedDict):
    """Items that changed together from ``a`` to ``b``."""

    title: str
    type: GroupType
    n: int
    mass: float
    """Sum of the members' evidence above the threshold."""
    p: float
    """How often a group as heavy arises when residuals are permuted among the items, or, of a
    cluster carried as a whole, how often one of so many cells is as far from where it is expected.
    Holds for all groups of a pair."""
    p_adjusted: NotRequired[float]
    """The same, adjusted for the number of pairs (Holm); left out where a single one was asked."""
    sentence: str
    evidence: GroupEvidence
    enriched: list[Enrichment]
    numbers: list[NumberShift]
    words: list[GroupWord]
    exemplars: list[Exemplar]
    shifts: list[NeighborShift]
    """Labels whose share of the members' neighbours changed, the largest change first; of a group
    that was carried, of the items outside that are nearest to its middle."""
    lost: list[GroupNeighbor]
    """Neighbours in ``a`` and no longer in ``b``, of the most members first; none is a member."""
    gained: list[GroupNeighbor]


class GroupSearch(TypedDict):
    """How groups were sought in a pair, and what can be said of the search as a whole."""

    floor_kind: GroupFloor
    exploratory: bool
    """Without a replicate, noise is told from change by the neighbours alone."""
    n: int
    """Common items."""
    n_strayed: int
    """Items whose evidence exceeds the threshold."""
    n_grouped: int
    threshold: float
    fit: float
    """Share of the variance of ``b`` that the map from ``a`` explains, at most 1."""
    n_permutations: int
    sentence: str
    note: NotRequired[str]
    """Why no groups were sought, or what to beware of."""


class TimelineStep(TypedDict):
    """What one pair shows of the items of a timeline."""

    a: str
    b: str
    evidence: float
    """Median of the items' evidence: 0 as all others, above the threshold strayed."""
    group: NotRequired[int]
    """Which of the pair's groups is this one."""


class GroupTimeline(TypedDict):
    """One set of items, over the pairs in which it changed together."""

    title: str
    n: int
    """Items in at least half of the groups that were joined."""
    steps: list[TimelineStep]
    sentence: str


class Unchanging(TypedDict):
    """The items that kept their place and most of their neighbours in every pair."""

    n: int
    n_all: int
    """Items that were in every pair judged."""
    enriched: list[Enrichment]
    sentence: str
