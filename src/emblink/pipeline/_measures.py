"""Every measure of two spaces over the same items, kept as one step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace

import msgspec
import numpy as np

from emblink.bundle import Stage, digest
from emblink.judge import at_chance
from emblink.matched import (
    LIST_MEASURES,
    Common,
    LinkedSide,
    Lists,
    RawScore,
    RawScores,
    Side,
    depths_of,
    geometry_scores,
    ks_of,
    linked,
    list_columns,
    list_scores,
    lists_at,
    side_at,
)
from emblink.measures import (
    RowAlignment,
    hubness_change,
    is_turned_copy,
    log_density_change,
    overlap_curve,
    rank_displacement,
    row_alignment,
    row_shift,
)
from emblink.neighbors import nearest_neighbors
from emblink.pipeline._held import near_of, side_of
from emblink.pipeline._run import Run
from emblink.table import DENSITY_NEIGHBORS, HEADLINE, ITEM_MEASURES, NEAR_NEIGHBORS
from emblink.types import AnyArray, FloatArray, IntArray, NeighborGraph, OverlapAt
from emblink.wording import shifted_rows

SAME_SHAPE = 1e-6
"""Short of 1 by more than this, spaces fit so badly that rows need not be looked at."""
LOOKS_SHIFTED = 0.5
"""Overlap below which rows matched by position are looked at for a shift."""
CURVE = (5, 10, 20, 30, 50, 70, 100)


@dataclass(frozen=True, eq=False)
class Measured:
    """What was measured of two spaces over the same items.

    Attributes
    ----------
    pair : (str, str)
    common : Common
    stage : Stage
        Its arrays are per-item measures; its facts are those of :func:`_facts`.
    """

    pair: tuple[str, str]
    common: Common
    stage: Stage

    @property
    def rows(self) -> tuple[tuple[str, IntArray], tuple[str, IntArray]]:
        """Each space's name, and its rows of the common items."""
        (a, b), common = self.pair, self.common
        return (a, common.rows_a), (b, common.rows_b)

    @property
    def kept(self) -> FloatArray:
        """Exact overlap of every common item; of very many, of the first of them."""
        overlap: FloatArray = self.stage.arrays[HEADLINE][: self.stage.facts.get("asked")]
        return overlap

    @property
    def scores(self) -> dict[str, RawScore]:
        """Scores by name, without a noise floor."""
        return msgspec.convert(self.stage.facts["scores"], dict[str, RawScore])

    @property
    def curve(self) -> list[OverlapAt]:
        """Overlap at several numbers of neighbours."""
        curve: list[OverlapAt] = self.stage.facts["curve"]
        return curve

    @property
    def alignment(self) -> RowAlignment | None:
        """Whether the rows look shuffled, where that was asked."""
        found = self.stage.facts["alignment"]
        return RowAlignment(**found) if found else None

    @property
    def is_turned_copy(self) -> bool:
        """Whether each row of one space is that of the other, turned and scaled."""
        return bool(self.stage.facts["turned_copy"])

    @property
    def at_chance(self) -> bool:
        """Whether no more neighbours stay than chance would have it."""
        return self.stage.facts["alignment"] is not None


def measure(run: Run, pair: tuple[str, str], common: Common) -> Measured:
    """Measure how two spaces differ over their common items.

    Parameters
    ----------
    run : Run
    pair : (str, str)
    common : Common

    Returns
    -------
    Measured
    """
    given = _as_given(run, pair, common)
    keys = [[run.spaces[name].graph.key, run.spaces[name].cells.key] for name in pair]
    asked = [run.spaces[name].exact_key for name in pair]
    sides = tuple(zip(pair, (common.rows_a, common.rows_b), strict=True))

    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        step = f"comparing {' → '.join(pair)}"
        run.report_step(step, 0, 1)
        a, b = (side_of(run, name, rows=rows) for name, rows in sides)
        columns = dict(_columns(a, b))
        if len(a.asked) == len(a.vectors):
            facts = _facts(run, a, b, columns, given=given, whole=(a.graph, b.graph))
        else:
            first, second = (near_of(run, name, rows=rows) for name, rows in sides)
            near = first, second
            facts = _facts(run, a, b, columns, given=given, whole=near)
            facts["asked"] = len(a.asked)
            columns = _of_all(a, b, near)
            _looked_at_again(run, a, b, columns, key=digest(asked, common.rows_a, common.rows_b))
        run.report_step(step, 1, 1)
        return columns, facts

    by_row = () if given is None else (given,)
    sampled = [] if asked == [key for key, _ in keys] else [asked]
    inputs = ([*pair], keys, common.rows_a, common.rows_b, run.seed, *by_row, *sampled)
    return Measured(pair, common, run.stage("measures", inputs, compute))


def _columns(
    a: LinkedSide, b: LinkedSide, *, names: Collection[str] = LIST_MEASURES.keys()
) -> Iterator[tuple[str, FloatArray]]:
    k, k_density = (ks_of(a.graph, upto=most) for most in (NEAR_NEIGHBORS, DENSITY_NEIGHBORS))
    near = [lists_at(side, side.asked) for side in (a, b)]
    yield from list_columns(near[0], near[1], depths=depths_of(a.graph), names=names).items()
    yield "rank_displacement", rank_displacement(a.graph, b.graph, k=k)
    yield "log_density_change", log_density_change(a.graph, b.graph, k=k_density)
    yield "hubness_change", hubness_change(a.graph, b.graph, k=k)


def _of_all(
    a: LinkedSide, b: LinkedSide, near: tuple[NeighborGraph, NeighborGraph]
) -> dict[str, FloatArray]:
    """Measure every item by nearly all of its neighbours, those asked by all of them."""
    k = min(one.indices.shape[1] for one in near)
    names = [one.name for one in ITEM_MEASURES]
    columns = dict(_columns(linked(a, near[0]), linked(b, near[1]), names=names))
    exact = dict(_columns(*(linked(one, _first(one.graph, k)) for one in (a, b)), names=names))
    for name in {*exact} - {"log_density_change", "hubness_change"}:  # which all items are part of
        columns[name][: len(exact[name])] = exact[name]
    return columns


def _looked_at_again(
    run: Run, a: LinkedSide, b: LinkedSide, columns: dict[str, FloatArray], *, key: str
) -> None:
    """Ask exactly who seems to have lost every neighbour: nobody is told so for a missed one."""
    beyond = np.arange(len(a.asked), len(a.vectors))
    lost = beyond[columns[HEADLINE][beyond] == 0]
    order = np.argsort(columns["neighborhood_overlap_50"][lost], kind="stable")
    lost = np.sort(lost[order[: run.sampling.queries]])
    if not len(lost):
        return
    depths = depths_of(a.graph)

    def ask() -> tuple[dict[str, AnyArray], dict[str, object]]:
        asking = run.progress(f"asking again who changed most from {a.name} to {b.name}")
        found = {
            place: nearest_neighbors(
                side.vectors, k=max(depths), metric=side.metric, queries=lost, progress=asking
            )
            for place, side in (("a", a), ("b", b))
        }
        return {place: one.indices for place, one in found.items()}, {}

    lists = run.stage("again", (key, lost, max(depths)), ask).arrays
    again = [
        Lists(lost, NeighborGraph(near, np.zeros(near.shape, np.float32), one.metric), one.vectors)
        for near, one in ((lists["a"], a), (lists["b"], b))
    ]
    names = [one.name for one in ITEM_MEASURES]
    for name, values in list_columns(again[0], again[1], depths=depths, names=names).items():
        columns[name][lost] = values


def _first(graph: NeighborGraph, k: int) -> NeighborGraph:
    return replace(graph, indices=graph.indices[:, :k], distances=graph.distances[:, :k])


def _facts(
    run: Run,
    a: LinkedSide,
    b: LinkedSide,
    columns: Mapping[str, FloatArray],
    *,
    given: IntArray | None,
    whole: tuple[NeighborGraph, NeighborGraph],
) -> dict[str, object]:
    rows, depths = a.asked, depths_of(a.graph)
    lists = list_scores(a, b, columns, rows=rows, depths=depths, seed=run.seed)
    overlap = lists.raw[HEADLINE]
    some = [one if len(rows) == len(one.vectors) else side_at(one, rows) for one in (a, b)]
    geometry = geometry_scores(some[0], some[1], overlap=overlap.value, seed=run.seed)
    alignment = None
    k, chance = overlap.k_and_chance
    if at_chance(columns[HEADLINE], hub_chance=chance, k=k):
        run.report_step(f"looking for shuffled rows in {a.name} → {b.name}", 0, 1)
        alignment = asdict(row_alignment(*whole, seed=run.seed))
    most = ks_of(a.graph, upto=CURVE[-1])
    pair = a.name, b.name
    shifted = _shifted(pair, whole, given) if overlap.value < LOOKS_SHIFTED else []
    return {
        "scores": msgspec.to_builtins(lists.raw | geometry.raw),
        "curve": overlap_curve(a.graph, b.graph, ks=[k for k in CURVE if k <= most] or [most]),
        "alignment": alignment,
        "turned_copy": _is_turned_copy(a, b, geometry),
        "warnings": [*shifted, *geometry.warnings],
    }


def _as_given(run: Run, pair: tuple[str, str], common: Common) -> IntArray | None:
    """Return the sequence in which the items came, where rows of the pair were matched by it."""
    if all(run.space_set.spaces[name].matched_by == "id" for name in pair):
        return None
    return run.catalog.as_given(common.items)


def _shifted(
    pair: tuple[str, str], graphs: tuple[NeighborGraph, NeighborGraph], given: IntArray | None
) -> list[str]:
    """Say where rows that were matched by position are those of other items by a few rows."""
    if given is None:
        return []
    offset, stay, found = row_shift(*graphs, sequence=given)
    if not offset:
        return []
    return [shifted_rows(pair, offset, stay=stay, found=found)]


def _is_turned_copy(a: Side, b: Side, geometry: RawScores) -> bool:
    """Look at the rows only where the spaces fit as a whole."""
    shape = geometry.raw.get("procrustes_similarity")
    return (
        shape is not None
        and shape.value >= 1.0 - SAME_SHAPE
        and a.metric == b.metric
        and is_turned_copy(a.vectors, b.vectors, metric=a.metric)
    )
