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
PairVerdict = Literal["identical", "within_noise", "changed", "unrelated", "misaligned"]
LabelVerdict = Literal["better", "worse", "same", "too_few"]


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
    """

    spaces: Mapping[str, Space]
    ids: AnyArray
    rows: Mapping[str, IntArray]
    items: Mapping[str, AnyArray] = field(default_factory=dict)
    roles: Mapping[Role, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


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
    method : {"joint", "pca"}
    seed : int
    params : mapping
    trustworthiness, continuity : array of shape (n_items,), float32, or None
        Per item, at most 1; NaN where the item was not among the sampled queries.
    """

    coords: NDArray[np.float32]
    method: str
    seed: int
    params: Mapping[str, float | int | str] = field(default_factory=dict)
    trustworthiness: NDArray[np.float32] | None = None
    continuity: NDArray[np.float32] | None = None


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
    floor_kind: NotRequired[str]


class LabelReport(TypedDict):
    """How one label's neighbourhoods changed from ``a`` to ``b``."""

    label: str
    n: int
    purity_a: float
    purity_b: float
    delta: float
    chance: float
    overlap: float
    verdict: LabelVerdict
    interval: NotRequired[list[float]]


class LabelPairReport(TypedDict):
    """Two labels drawn together (``delta`` > 0) or pushed apart."""

    label_a: str
    label_b: str
    delta: float


class GroupReport(TypedDict):
    """Items that changed together."""

    type: str
    items: list[str]
    p: float


class PairReport(TypedDict):
    """The comparison ``a → b`` on their common items."""

    a: str
    b: str
    n_common: int
    only_a: int
    only_b: int
    coverage: float
    scores: dict[str, Score]
    verdict: PairVerdict
    sentence: str
    labels: list[LabelReport]
    label_pairs: list[LabelPairReport]
    groups: list[GroupReport]
    warnings: list[str]


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


class Report(TypedDict):
    """``emblink.report/1``."""

    schema: str
    version: str
    seed: int
    n_items: int
    spaces: list[SpaceReport]
    pairs: list[PairReport]
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
