"""The nouns: frozen records of arrays, with no methods that compute.

Say *space* for the high-dimensional thing, *projection* for its 2-D picture. A *pair* is ordered:
``a → b``. Items are joined by id; ``rows`` always says which item a row is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
IntArray: TypeAlias = NDArray[np.integer[Any]]
AnyArray: TypeAlias = NDArray[Any]

Metric = Literal["cosine", "euclidean"]
Role = Literal["text", "label", "thumbnail"]
MatchedBy = Literal["id", "row"]
ComparedBy = Literal["items", "labels"]
FloorKind = Literal["numerical", "replicate"]
MoveFloorKind = Literal["replicate", "layout", "none"]
PairVerdict = Literal[
    "identical", "within_noise", "changed", "unrelated", "misaligned", "labels_only"
]
LabelVerdict = Literal["better", "worse", "same", "too_few"]
LabelPairVerdict = Literal["drawn_together", "pushed_apart", "same"]
MoveClass = Literal["still", "real", "layout_only", "hidden"]
MOVE_CLASSES: tuple[MoveClass, ...] = ("still", "real", "layout_only", "hidden")
"""The class of each code of a move."""


@dataclass(frozen=True, eq=False)
class Space:
    """One embedding space: vectors of items, in the order their owner gave them.

    Attributes
    ----------
    name : str
    vectors : array of shape (n_items, n_dims), float32 or float16
        May be a memory map. Finite; no zero rows under ``cosine``.
    ids : array of shape (n_items,), int64 or fixed-width unicode
        Unique.
    metric : {"cosine", "euclidean"}
    source : str
        Where the vectors came from, for people: a file name and key, or ``"array"``.
    matched_by : {"id", "row"}
        Whether the ids came with the vectors or were assumed from row order.
    """

    name: str
    vectors: FloatArray
    ids: AnyArray
    metric: Metric = "cosine"
    source: str = "array"
    matched_by: MatchedBy = "id"


@dataclass(frozen=True, eq=False)
class SpaceSet:
    """Several spaces over one union index of items.

    Attributes
    ----------
    spaces : mapping of name to Space
        In the order given.
    ids : array of shape (n_items,), int64 or fixed-width unicode
        The union of all spaces' ids: the item table's order first, then first appearance.
    rows : mapping of name to array of shape (n_space_items,), int64
        ``ids[rows[name]]`` are the ids of space ``name``: its presence in the union.
    items : mapping of column name to array of shape (n_items, ...)
        The item table. Words are ``numpy.dtypes.StringDType()`` (missing: ``""``), numbers are
        numeric (missing: NaN), thumbnails are ``(n_items, height, width, 3)`` uint8.
    roles : mapping of role to column name
        Which columns are the item's text, label and thumbnail.
    notes : tuple of str
        What the user should know of how the spaces were matched, a sentence each.
    replicates : mapping of space name to tuple of space names
        The same recipe run again with another seed: what differs between them is noise.
    """

    spaces: Mapping[str, Space]
    ids: AnyArray
    rows: Mapping[str, IntArray]
    items: Mapping[str, AnyArray] = field(default_factory=dict)
    roles: Mapping[Role, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    replicates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class NeighborGraph:
    """The nearest neighbours of every item of one space, nearest first.

    Attributes
    ----------
    indices : array of shape (n_items, k), int32
        Rows of the same space. Never the item itself; ties in order of row.
    distances : array of shape (n_items, k), float32
        ``1 - cos`` in [0, 2] for cosine; the Euclidean distance otherwise.
    metric : {"cosine", "euclidean"}
    recall : float
        Share of true neighbours found; 1.0 for an exact graph.
    """

    indices: NDArray[np.int32]
    distances: NDArray[np.float32]
    metric: Metric
    recall: float = 1.0


@dataclass(frozen=True, eq=False)
class Projection:
    """A 2-D picture of one space. No statistic of change is ever computed from it.

    Attributes
    ----------
    coords : array of shape (n_items, 2), float32
    method : str
        ``"joint"``, ``"pca"``, or the name of the pictures that the user gave.
    seed : int
    params : mapping
    trustworthiness, continuity : array of shape (n_items,), float32, or None
        Per item, at most 1; NaN where the item was not among the sampled queries.
    false_neighbors, missing_neighbors : array of shape (n_items,), float32, or None
        Per item, shares in [0, 1].
    """

    coords: NDArray[np.float32]
    method: str
    seed: int
    params: Mapping[str, float | int | str] = field(default_factory=dict)
    trustworthiness: NDArray[np.float32] | None = None
    continuity: NDArray[np.float32] | None = None
    false_neighbors: NDArray[np.float32] | None = None
    missing_neighbors: NDArray[np.float32] | None = None


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
    p_chance: NotRequired[float]
    """Of a permutation test: how often unrelated spaces would agree as much."""


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
    purity_a: float
    purity_b: float
    delta: float
    chance: float
    verdict: LabelVerdict
    interval: NotRequired[list[float]]
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


class GroupReport(TypedDict):
    """Items that changed together."""

    type: str
    items: list[str]
    p: float


class MoveCounts(TypedDict):
    """How many items make each class of move from one picture to another."""

    still: int
    real: int
    layout_only: int
    hidden: int


class MovesReport(TypedDict):
    """Whether what moves in the aligned layout changed, and the other way round."""

    counts: MoveCounts
    shares: dict[MoveClass, float]
    movement_floor: float
    """In layout radii: an item moved when its displacement is greater."""
    floor_kind: MoveFloorKind
    change_threshold: float
    """An item changed when its neighbourhood overlap is less; in a turned copy none did."""


class PairReport(TypedDict):
    """The comparison ``a → b`` on their common items, or on their labels alone."""

    a: str
    b: str
    compared_by: ComparedBy
    n_common: int
    only_a: int
    only_b: int
    coverage: float
    scores: dict[str, Score]
    overlap_curve: list[OverlapAt]
    verdict: PairVerdict
    sentence: str
    p_noise: NotRequired[float]
    """Of no change beyond the noise floor, adjusted for the number of pairs."""
    labels: list[LabelReport]
    label_pairs: list[LabelPairReport]
    n_label_pairs: int
    """How many were judged; the report holds those with the strongest evidence."""
    groups: list[GroupReport]
    moves: NotRequired[MovesReport]
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


class Report(TypedDict):
    """``emblink.report/1``."""

    schema: str
    version: str
    seed: int
    n_items: int
    spaces: list[SpaceReport]
    pairs: list[PairReport]
    map: NotRequired[SpaceMap]
    notes: list[str]


@dataclass(frozen=True, eq=False)
class PairComparison:
    """What changed from space ``a`` to space ``b``, on their common items.

    Attributes
    ----------
    a, b : str
    scores : mapping of measure name to Score
    items : mapping of column name to array of shape (n_items,), float32
        Per-item measures in the order of the comparison's ids; NaN for items not in both spaces.
    labels : list of LabelReport
    report : PairReport
        The same numbers as they stand in the report.
    """

    a: str
    b: str
    scores: Mapping[str, Score]
    items: Mapping[str, FloatArray]
    labels: list[LabelReport]
    report: PairReport


@dataclass(frozen=True, eq=False)
class Moves:
    """Every common item's move from the picture of space ``a`` to that of space ``b``.

    Attributes
    ----------
    method : str
        Of the pictures.
    rows : array of shape (n_common,), int64
        Which of the comparison's ids each item is.
    displacement : array of shape (n_common,), float32
        Distance between the item's two places, in layout radii.
    codes : array of shape (n_common,), int32
        0 still, 1 real, 2 layout only, 3 hidden.
    floor : float
        An item moved when its displacement is greater.
    floor_kind : {"replicate", "layout", "none"}
        Which noise the floor is; ``"none"`` when it is the least visible step.
    counts : MoveCounts
    """

    method: str
    rows: IntArray
    displacement: NDArray[np.float32]
    codes: NDArray[np.int32]
    floor: float
    floor_kind: MoveFloorKind
    counts: MoveCounts
