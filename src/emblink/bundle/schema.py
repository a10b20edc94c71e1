"""The manifest of a bundle: which columns it holds, what they are about, where their bytes lie.

A bundle is a directory: ``manifest.json`` and ``.npy`` files (C order). The page's TypeScript types
are generated from these Structs. ``docs/bundle.md`` says what else lies there.

Every column is *over* a domain, an ordered set of items: ``items`` (the union), ``space/NAME`` or
``pair/A|B``; ``%``, ``/`` and ``|`` in a user's names are percent-encoded there. A domain that
covers only some items has a ``rows`` column: the item row of each of its own rows. Rows of every
domain are in one shuffled order, so that each prefix of a column is an unbiased sample;
``position`` columns lead back to the order of the caller.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from emblink.table import Measure
from emblink.types import Given, MatchedBy, Metric, MoveCounts, MoveFloorKind, MoveJudge, Report

SCHEMA = "emblink.bundle/2"

ColumnKind = Literal[
    "position",  # int32 (n,): the caller's row of each row
    "rows",  # int32 (n,): the item row of each row
    "values",  # numbers (n,): NaN is missing
    "codes",  # int32 (n,): which category; -1 is missing
    "bits",  # int32 (n,): bit i says whether the row is in set i
    "offsets",  # int64 (n + 1,): where each row's words begin and end in the utf8 column
    "utf8",  # uint8 (bytes,): words, one after the other
    "pixels",  # uint8 (n, height, width, 3)
    "coords",  # float32 (n, 2)
    "neighbors",  # int32 (n, k): rows of the same domain, nearest first
    "distances",  # float32 (n, k)
    "results",  # int32 (n, k): item rows found for each query, best first; -1 is none
    "vectors",  # float32 or float16 (n, n_dims); for Python
]


class StoredArray(msgspec.Struct, frozen=True, kw_only=True):
    """What must be found in one ``.npy`` file."""

    dtype: str
    shape: list[int]
    offset: int
    """Bytes before the first row."""
    bytes: int
    """Length of the file."""
    crc32: str
    """Of the whole file, as eight hexadecimal digits."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One ``.npy`` file."""

    path: str
    kind: ColumnKind
    over: str
    dtype: str
    shape: list[int]
    offset: int
    """Bytes before the first row, so that row ``i`` is one range of bytes."""
    bytes: int | None = None
    """Length of the file; None in bundles from before checksums."""
    crc32: str | None = None
    """Of the whole file, as eight hexadecimal digits; None in bundles from before checksums."""
    version: int = 1


class Domain(msgspec.Struct, frozen=True, kw_only=True):
    """An ordered set of items that columns are over."""

    n: int
    position: str
    """Name of its ``position`` column."""
    rows: str | None = None
    """Name of its ``rows`` column; None when row ``i`` is item ``i``."""


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """Names of the two columns that hold strings."""

    offsets: str
    utf8: str


class NumberField(msgspec.Struct, frozen=True, kw_only=True, tag="number", tag_field="kind"):
    """A number of each item."""

    name: str
    title: str
    values: str
    over: str = "items"
    definition: str = ""
    range: list[float] | None = None
    """Least and greatest value the quantity can take; None: as the data are."""
    method: Literal["approximate"] | None = None
    """Of very many items: all but a sample have it from a graph that lacks some neighbours."""


class CategoryField(msgspec.Struct, frozen=True, kw_only=True, tag="category", tag_field="kind"):
    """One of a few words for each item."""

    name: str
    title: str
    codes: str
    words: Words
    """The category of each code, most frequent first."""
    n_categories: int


class TextField(msgspec.Struct, frozen=True, kw_only=True, tag="text", tag_field="kind"):
    """Free words of each item."""

    name: str
    title: str
    words: Words


class ThumbnailField(msgspec.Struct, frozen=True, kw_only=True, tag="thumbnail", tag_field="kind"):
    """A small picture of each item."""

    name: str
    title: str
    pixels: str


Field = NumberField | CategoryField | TextField | ThumbnailField


class Roles(msgspec.Struct, frozen=True, kw_only=True):
    """Names of the item fields that play a part in the page."""

    id: str
    text: str | None = None
    label: str | None = None
    thumbnail: str | None = None


class ProjectionInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A 2-D picture of a space."""

    method: str
    title: str
    coords: str
    params: dict[str, float | int | str]
    trust_k: int | None = None
    """Neighbours that trust looks at."""
    trust_items: int | None = None
    """Items asked for trustworthiness and continuity: all of up to 20,000, else a sample of 2,000,
    with all items as candidates."""
    trustworthiness: float | None = None
    """Mean over the items asked."""
    continuity: float | None = None
    preservation: float | None = None
    """Mean share of the ``trust_k`` nearest in the space that are so in the picture; this and the
    next two over all items."""
    false_neighbors: float | None = None
    """Of the ``trust_k`` nearest in the picture, those beyond three times as many in the space."""
    missing_neighbors: float | None = None
    """Of the ``trust_k`` nearest in the space, those beyond three times as many in the picture."""


class SpaceInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One space: names of its columns, and facts."""

    name: str
    n_items: int
    n_dims: int
    metric: Metric
    source: str
    matched_by: MatchedBy
    over: str
    neighbors: str
    distances: str
    vectors: str
    cells: str
    """Which cell of neighbours each item lies in: items of one cell may depend on each other."""
    k: int
    recall: float
    projections: list[ProjectionInfo]
    fields: list[NumberField]
    """Per-item measures of this space alone."""


class MovesInfo(msgspec.Struct, frozen=True, kw_only=True):
    """How every common item of a pair moves from one picture to the other."""

    method: str
    codes: str
    """Name of its column: 0 still, 1 changed and moved, 2 moved and not changed, 3 changed and not
    shown, 4 amount only, 5 lost every neighbour and looks still."""
    displacement: str
    """Name of its column: in layout radii."""
    floor: float
    """An item moved when its displacement is greater."""
    floor_kind: MoveFloorKind
    counts: MoveCounts
    judged_by: MoveJudge | None = None
    """None in bundles from before moves were told by amount."""
    k: int | None = None
    kept: str | None = None
    """Name of its column: how many of ``k`` neighbours the item kept."""
    expected: str | None = None
    """Name of its column: how many an item there keeps between runs of one recipe."""


class GroupRows(msgspec.Struct, frozen=True, kw_only=True):
    """Item rows of what the report names of one group."""

    exemplars: list[int]
    lost: list[int]
    gained: list[int]


class GroupsInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The change groups of a pair; their words and numbers are in the report at the same index."""

    members: str
    """Name of its column of codes: which group each common item is in, -1 none."""
    evidence: str
    """Name of its column of values: how far each item strayed, as ``change_evidence``."""
    rows: list[GroupRows]


class FindingRows(msgspec.Struct, frozen=True, kw_only=True):
    """Item rows of the exemplars of one finding, in the order of the report."""

    exemplars: list[int]


class FindingsInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The findings of a pair; their words and numbers are in the report at the same index."""

    members: str
    """Name of its column of bits: bit ``i`` is set of the common items that finding ``i`` is of."""
    rows: list[FindingRows]


class QueriesInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The queries of a comparison: columns over ``queries``, which is no domain of items."""

    n: int
    ids: Words
    text: Words | None = None
    fields: list[NumberField | TextField]
    """What is known of each query."""
    relevant: str | None = None
    """Name of its column of offsets: query ``q`` has the answers from there to the next."""
    answers: str | None = None
    """Name of the column of item rows of all answers; -1 is an item that is not there."""
    gains: str | None = None
    """Name of the column of how well each answers."""


class SearchColumns(msgspec.Struct, frozen=True, kw_only=True):
    """The searches of a pair; their words and numbers are in the report under ``searches``."""

    queries: str
    """Name of its column of codes: which query each row is."""
    a: str
    """Name of its column of results in ``a``."""
    b: str
    fields: list[NumberField]
    """Of each query."""


class PairInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One compared pair; its numbers are in the report at the same index."""

    a: str
    b: str
    over: str
    fields: list[NumberField]
    """Per-item measures of this pair."""
    moves: list[MovesInfo] = []
    """One for each method that drew both spaces; none without common items."""
    groups: GroupsInfo | None = None
    """None where groups were not sought."""
    findings: FindingsInfo | None = None
    """None where nothing stands out, and in bundles from before findings."""
    searches: SearchColumns | None = None
    """None where no queries were given for both spaces."""


class WatchStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a run that was watched."""

    name: str
    """Of its space."""
    step: int
    time: float | None = None
    loss: float | None = None


class WatchLeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A step that has no space."""

    step: int
    why: str


class WatchAlert(msgspec.Struct, frozen=True, kw_only=True):
    """What stood out of a step, beside the step before it."""

    step: int
    a: str
    b: str
    sentence: str


class WatchInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The spaces as steps of one run, in order."""

    steps: list[WatchStep]
    left_out: list[WatchLeftOut] = []
    alerts: list[WatchAlert] = []
    """In the order of the steps."""
    learnt: list[str] = []
    """What was learnt when, a sentence each, in order."""
    finished: bool = False
    """Whether all pairs were judged together."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The whole bundle."""

    schema: str
    checksum: str = ""
    """CRC-32 of the file with eight zeros in this place; empty from before checksums."""
    title: str
    seed: int
    n_items: int
    domains: dict[str, Domain]
    columns: dict[str, Column]
    fields: list[Field]
    """Columns of the item table, the id first."""
    given: dict[str, Given] = {}
    """What some of them were when they came in, for Python; empty in bundles from before."""
    roles: Roles
    spaces: list[SpaceInfo]
    pairs: list[PairInfo]
    report: Report
    measures: list[Measure] = []
    """What the scores of the report are called, mean and reach, in the order they are shown."""
    queries: QueriesInfo | None = None
    """None where none were given."""
    watch: WatchInfo | None = None
    """None where the spaces are not steps of a run that was watched."""
    stages: list[str] = []
    """Folders of all steps of the run, whether a column lies there or not."""
    copy_notes: list[str] | None = None
    """Of a copy that was made to be handed on: what it leaves out or rounds, a sentence each."""
