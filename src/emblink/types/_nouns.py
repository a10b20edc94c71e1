"""Frozen records of arrays, with no methods that compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from emblink.types._findings import FindingReport
from emblink.types._groups import GroupReport
from emblink.types._report import (
    LabelReport,
    MoveCounts,
    PairReport,
    Score,
)
from emblink.types._words import (
    AnyArray,
    FloatArray,
    GroupType,
    IntArray,
    MatchedBy,
    Metric,
    MoveFloorKind,
    Role,
)


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
    in_bytes : bool
        Whether the numbers came as bytes, one each.
    """

    name: str
    vectors: FloatArray
    ids: AnyArray
    metric: Metric = "cosine"
    source: str = "array"
    matched_by: MatchedBy = "id"
    in_bytes: bool = False


@dataclass(frozen=True)
class Given:
    """What a column was when it came in, of which only words or numbers are kept."""

    kind: Literal["flag", "day", "time", "whole", "levels"]
    """``true`` and ``false``; dates; times, in UTC; whole numbers, some missing; ordered words."""
    zone: str = ""
    """Of times."""
    levels: tuple[str, ...] = ()
    """All words there can be, in their order."""
    ordered: bool = False
    """Whether their order means something."""


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
    given : mapping of column name to Given
        What columns of the item table were when they came in, where that is more than it tells.
    """

    spaces: Mapping[str, Space]
    ids: AnyArray
    rows: Mapping[str, IntArray]
    items: Mapping[str, AnyArray] = field(default_factory=dict)
    roles: Mapping[Role, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    replicates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    given: Mapping[str, Given] = field(default_factory=dict)


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
    among : int, optional
        Items of the space, where only the first of them have a list.
    """

    indices: NDArray[np.int32]
    distances: NDArray[np.float32]
    metric: Metric
    recall: float = 1.0
    among: int | None = None

    @property
    def n_items(self) -> int:
        """How many items can stand in a list."""
        return len(self.indices) if self.among is None else self.among


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
        0 still, 1 changed and moved, 2 moved and not changed, 3 changed and not shown, 4 amount
        only, 5 lost every neighbour and looks still.
    floor : float
        An item moved when its displacement is greater.
    floor_kind : {"replicate", "layout", "none"}
        Which noise the floor is; ``"none"`` when it is the least visible step.
    counts : MoveCounts
    k : int
        Neighbours looked at; 0 in an older bundle.
    kept : array of shape (n_common,), int32, or None
        How many of them the item kept.
    expected : array of shape (n_common,), float32, or None
        How many an item there keeps between runs of one recipe.
    """

    method: str
    rows: IntArray
    displacement: NDArray[np.float32]
    codes: NDArray[np.int32]
    floor: float
    floor_kind: MoveFloorKind
    counts: MoveCounts
    k: int = 0
    kept: NDArray[np.int32] | None = None
    expected: NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Selection:
    """Some of a comparison's items.

    Attributes
    ----------
    rows : array of shape (n,), int64
        Ascending rows of the comparison's ids.
    name : str
        What they are, for people.
    origin : str
        How they were chosen: ``"change group"``, for instance.
    """

    rows: IntArray
    name: str
    origin: str

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"Selection({self.name!r}, {len(self):,} items)"


@dataclass(frozen=True, eq=False, repr=False)
class ChangeGroup(Selection):
    """Items that changed together between two spaces: a selection with a score and a reason.

    Attributes
    ----------
    a, b : str
    type : GroupType
    mass : float
        Sum of the members' evidence above the threshold; groups come heaviest first.
    p : float
        How often a group as heavy arises when residuals are permuted among the items.
    exploratory : bool
        Whether no replicate says what noise alone changes.
    reason : str
        What happened to them, in a sentence.
    report : GroupReport
        The explanation as data, as it stands in the report.
    """

    a: str
    b: str
    type: GroupType
    mass: float
    p: float
    exploratory: bool
    reason: str
    report: GroupReport

    def __repr__(self) -> str:
        of = f"{self.a} → {self.b}, {self.type}, {len(self):,} items, p = {self.p:.3g}"
        return f"ChangeGroup({self.name!r}, {of})"


@dataclass(frozen=True, eq=False, repr=False)
class Finding(Selection):
    """One thing that changed between two spaces, in words: a selection that stands out.

    Attributes
    ----------
    a, b : str
    sentence : str
        What happened, and how much.
    how_sure : str
        What is known of noise and chance.
    sure : bool
        Whether it is clear of chance after all pairs are allowed for.
    exemplars : array of shape (at most 6,), int64
        Rows of the members that changed most.
    report : FindingReport
        The finding as data, as it stands in the report.
    """

    a: str
    b: str
    sentence: str
    how_sure: str
    sure: bool
    exemplars: IntArray
    report: FindingReport

    def __repr__(self) -> str:
        of = f"{self.a} → {self.b}, {len(self):,} items"
        return f"Finding({self.sentence!r}, {of})"
