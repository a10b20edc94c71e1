"""The report: what is written down of a comparison, key by key."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from emblink.types._findings import FindingReport
from emblink.types._groups import GroupItem, GroupReport, GroupSearch
from emblink.types._words import (
    BeyondNoise,
    ComparedBy,
    FloorKind,
    Grade,
    LabelPairVerdict,
    LabelVerdict,
    MatchedBy,
    Metric,
    MoveFloorKind,
    MoveJudge,
    QualityVerdict,
)


class Score(TypedDict):
    """One number of a pair, beside what it must be read against."""

    value: float
    n: int
    k: NotRequired[int]
    chance: NotRequired[float]
    hub_chance: NotRequired[float]
    kappa: NotRequired[float]
    interval: NotRequired[list[float]]
    noise_floor: NotRequired[float]
    floor_kind: NotRequired[FloorKind]
    change_index: NotRequired[float]
    """0 at the noise floor, 1 at chance: ``(noise_floor - value) / (noise_floor - chance)``."""
    floor_spread: NotRequired[float]
    """Of negative flips: how far one more run of the recipe strays from the floor."""
    floor_runs: NotRequired[int]
    """Runs of the recipe that this floor is of."""
    excess: NotRequired[float]
    """``value - noise_floor``, of negative flips."""
    excess_interval: NotRequired[list[float]]
    """All above 0: more than one more run would flip, in 97.5 % of cases."""
    p_chance: NotRequired[float]
    """Of a permutation test: how often unrelated spaces would agree as much."""
    n_chance: NotRequired[int]
    """Items that this test permuted, where they are a sample of the ``n``."""


class OverlapAt(TypedDict):
    """The mean overlap of a pair at one number of neighbours."""

    k: int
    value: float
    chance: float
    kappa: float


class LabelReport(TypedDict):
    """How one label's neighbourhoods changed from ``a`` to ``b``.

    ``wide_`` is among 50 neighbours instead of 20; ``within_`` is among the label's own items.
    """

    label: str
    n: int
    queries: NotRequired[int]
    """Items of it that were asked, where they are a sample."""
    purity_a: float
    purity_b: float
    delta: float
    chance: float
    verdict: LabelVerdict
    interval: NotRequired[list[float]]
    rough: NotRequired[bool]
    """Fewer than 12 items changed, so that the interval is too narrow."""
    noise_floor: NotRequired[float]
    """How far ``delta`` strays from 0 between replicates."""
    p: NotRequired[float]
    """Of no change beyond noise, adjusted for the number of labels."""
    wide_purity_a: NotRequired[float]
    wide_purity_b: NotRequired[float]
    overlap: NotRequired[float]
    within_overlap: NotRequired[float]
    within_chance: NotRequired[float]
    share_a: NotRequired[float]
    share_b: NotRequired[float]
    """The label's share of the items, where the two spaces hold different ones."""
    note: NotRequired[str]


class LabelPairReport(TypedDict):
    """Two labels drawn together (``delta`` > 0) or pushed apart from ``a`` to ``b``.

    ``delta`` is the fall of the labels' separation. Mixing is the mean of both shares of
    neighbours that carry the other label; ``confusion`` holds the share of the first label's items
    taken for the second, and of the second's for the first, by vote of the neighbours.
    """

    first: str
    second: str
    n_first: int
    n_second: int
    delta: float
    separation_a: float
    separation_b: float
    mixing_a: float
    mixing_b: float
    mixing_chance: float
    confusion_a: list[float]
    confusion_b: list[float]
    verdict: LabelPairVerdict
    interval: NotRequired[list[float]]
    noise_floor: NotRequired[float]
    p: NotRequired[float]


class SizeReport(TypedDict):
    """How large the change of a pair is, in a unit that means the same for every space."""

    grade: Grade
    w: NotRequired[float]
    """Noise-equivalent share: as if ``w`` of every vector were another random item's."""
    interval: NotRequired[list[float]]
    runs: NotRequired[float]
    """The same between runs of the recipe."""
    first_changed: NotRequired[float]
    """Share of the items whose nearest neighbour is another one."""
    index_kept: NotRequired[float]
    """Neighbours in ``a`` that the vectors of ``b`` find among those of ``a``: an old index."""
    n: NotRequired[int]
    """Items asked, where they are a sample."""
    reason: NotRequired[str]
    """Why the grade is not the one of ``w`` alone."""


class BeyondNoiseReport(TypedDict):
    """Whether a pair differs by more than runs of one recipe do among themselves."""

    answer: BeyondNoise
    n_replicates: int
    provisional: NotRequired[bool]
    """Fewer than three replicates: one more may change the answer."""
    closer: NotRequired[bool]
    """The pair agrees more than independent runs do, so that they excuse nothing."""
    p: NotRequired[float]
    """Of no difference, adjusted for the number of pairs."""
    p_closer: NotRequired[float]
    kept: NotRequired[float]
    """Mean overlap of the recipe's runs among themselves."""
    least: NotRequired[float]
    """Mean overlap with these runs below which a space stands out of them."""


class LabelLoss(TypedDict):
    """A label whose items are recognised less often."""

    label: str
    accuracy_a: float
    accuracy_b: float


class SegmentLoss(TypedDict):
    """Queries that find less: those with one value of a column."""

    column: str
    segment: str
    a: float
    b: float


class QualityReport(TypedDict):
    """Whether a space serves as well as before: a test of equivalence.

    ``measure`` is ``"knn_accuracy"``, of labels told from the neighbours, or ``"ndcg"``, of queries
    with known answers, which comes first.
    """

    verdict: QualityVerdict
    measure: str
    k: NotRequired[int]
    a: float
    b: float
    interval: list[float]
    """Holds ``b - a`` in 90 % of cases: within the margin on both sides, quality is kept."""
    margin: float
    label_margin: float
    lost: list[LabelLoss]
    """Labels that lost more than their margin, the most first."""
    segments: NotRequired[list[SegmentLoss]]
    """Of queries: segments that lost more than their margin, the most first."""
    n: int


class LabelShift(TypedDict):
    """What all labels have in common, told once: the median of their changes."""

    purity: NotRequired[float]
    separation: NotRequired[float]
    """Of all pairs of labels: above 0 they came closer."""


class MoveCounts(TypedDict, total=False):
    """How many items make each class of move; all classes are there but in older bundles."""

    still: int
    changed_and_moved: int
    moved_not_changed: int
    changed_not_shown: int
    amount_only: int
    lost_and_still: int


class LostItems(TypedDict):
    """Items that kept none of their neighbours and look still."""

    n: int
    first: list[GroupItem]
    """At most ten: those first that kept fewest of the neighbours farther off, then by move."""


class MovesReport(TypedDict):
    """How much of each item's neighbourhood stayed, and whether its move says so."""

    counts: MoveCounts
    shares: dict[str, float]
    n: NotRequired[int]
    """Items that these are of, where they are a sample."""
    movement_floor: float
    """In layout radii: an item moved when its displacement is greater."""
    floor_kind: MoveFloorKind
    judged_by: NotRequired[MoveJudge]
    k: NotRequired[int]
    kept: NotRequired[float]
    """Of ``k`` neighbours, the mean number kept."""
    expected: NotRequired[float]
    """The same between runs of one recipe."""
    carried: NotRequired[int]
    """Items that kept their nearest neighbours and went elsewhere with them."""
    lost_and_still: NotRequired[LostItems]
    """None where nothing is claimed: at least half of all items keep no neighbour."""


class PairReport(TypedDict):
    """The comparison ``a → b`` on their common items, or on their labels alone."""

    a: str
    b: str
    compared_by: ComparedBy
    n_common: int
    queries: NotRequired[int]
    """Items asked for their exact neighbours, where they are a sample: what all numbers are of."""
    only_a: int
    only_b: int
    coverage: float
    scores: dict[str, Score]
    overlap_curve: list[OverlapAt]
    size: SizeReport
    beyond_noise: BeyondNoiseReport
    quality: NotRequired[QualityReport]
    label_quality: NotRequired[QualityReport]
    """That of labels, where ``quality`` is that of queries."""
    answer: str
    """What to do, in one line."""
    sentence: str
    """What that rests on: size, noise, quality, labels."""
    labels: list[LabelReport]
    label_pairs: list[LabelPairReport]
    labels_gone: NotRequired[list[str]]
    """Labels of ``a`` that no item of ``b`` carries."""
    label_shift: NotRequired[LabelShift]
    n_label_pairs: int
    """How many were judged; the report holds those with the strongest evidence."""
    groups: list[GroupReport]
    """The heaviest first."""
    group_search: NotRequired[GroupSearch]
    moves: NotRequired[MovesReport]
    findings: NotRequired[list[FindingReport]]
    """What stands out, at most nine: the sure ones first, then by how much."""
    nothing: NotRequired[str]
    """Where nothing does, that in a sentence."""
    warnings: list[str]


class SpaceHealth(TypedDict):
    """Facts of one space by which odd data show."""

    norm_median: float
    norm_spread: float
    duplicates: int
    constant_dims: int
    anisotropy: float
    hubness: float
    top_variance_share: float
    dimension: float


class SpaceLabel(TypedDict):
    """One label in one whole space."""

    label: str
    n: int
    purity: float
    accuracy: float
    chance: float


class PictureReport(TypedDict):
    """How far one picture of a space may be believed, at ``k`` neighbours; means over items."""

    method: str
    k: int
    trustworthiness: float
    continuity: float
    preservation: float
    chance: float
    """The preservation of a picture that has nothing to do with the space."""
    false_neighbors: float
    missing_neighbors: float
    n: int
    """Items asked for trustworthiness and continuity."""


class SpaceReport(TypedDict):
    """One space in a report."""

    name: str
    n_items: int
    n_dims: int
    dtype: str
    metric: Metric
    source: str
    matched_by: MatchedBy
    coverage: float
    replicate_of: NotRequired[str]
    health: SpaceHealth
    labels: list[SpaceLabel]
    pictures: NotRequired[list[PictureReport]]
    warnings: list[str]


class SpaceMap(TypedDict):
    """All spaces as points of a plane, near where they agree."""

    measure: str
    coords: dict[str, list[float]]
    kept: float
    """Share of the squared dissimilarities that the plane can show, in [0, 1]."""


class GraphMethod(TypedDict):
    """How the neighbours of all items of a space were found."""

    k: int
    recall: float
    """Share of the true neighbours found, of a sample."""
    interval: NotRequired[list[float]]


class Method(TypedDict):
    """How numbers came about where spaces have very many items."""

    queries: int
    """Items asked for their exact neighbours among all items; no candidate is left out."""
    above: int
    """Of spaces of more items."""
    exact: bool
    """Whether the neighbours of the items asked are exact: always."""
    graphs: dict[str, GraphMethod]
    """By space, of all items, for pictures, clicks and numbers of single items: approximate."""
