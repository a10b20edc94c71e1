"""The step that finds what changed together in a pair, and follows it over all pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emblink.bundle import Stage, digest
from emblink.bundle.schema import GroupRows, GroupsInfo, NumberField
from emblink.groups import (
    FEWEST_ITEMS,
    Items,
    PairChanges,
    PairGroups,
    pair_changes,
    principal_points,
    surroundings,
    timelines,
    unchanging,
)
from emblink.matched import replicates_of, row_of_item
from emblink.pipeline._held import near_of
from emblink.pipeline._measures import Measured
from emblink.pipeline._run import Run, graph_of, marked
from emblink.types import (
    AnyArray,
    FloatArray,
    Grade,
    GroupReport,
    GroupSearch,
    GroupTimeline,
    IntArray,
    NeighborGraph,
    Unchanging,
)
from emblink.wording import (
    NOT_SOUGHT,
    SOUGHT_LATER,
    STRAYED,
    lacking_items,
    strayed_definition,
    why_no_groups,
)
from emblink.words import as_words, pack


@dataclass(frozen=True, eq=False)
class ItemTable:
    """What is known of the items, but their thumbnails.

    Attributes
    ----------
    items : Items
    key : str
        Hash of it.
    """

    items: Items
    key: str

    @classmethod
    def of(cls, run: Run) -> ItemTable:
        """Take the item table of a run."""
        items = Items.of(run.space_set)
        packed = [part for values in items.columns.values() for part in _plain(values)]
        return cls(items, digest([*items.columns], dict(items.roles), *_plain(items.ids), *packed))


@dataclass(frozen=True, eq=False)
class PairFound:
    """The change groups of a pair.

    Attributes
    ----------
    reports : list of GroupReport
    search : GroupSearch or None
        None where they were not sought.
    info : GroupsInfo or None
    field : NumberField or None
        The evidence of each item.
    over_pairs : PairGroups or None
        What can be followed over pairs.
    """

    reports: list[GroupReport]
    search: GroupSearch
    info: GroupsInfo | None = None
    field: NumberField | None = None
    over_pairs: PairGroups | None = None


def seek_groups(
    run: Run,
    measured: Measured,
    *,
    table: ItemTable,
    replicates: Sequence[Measured],
    grade: Grade,
    later: bool = False,
) -> Stage | GroupSearch:
    """Seek the change groups of a pair that was compared on its items.

    Parameters
    ----------
    run : Run
    measured : Measured
        Of the pair.
    table : ItemTable
    replicates : sequence of Measured
        Spaces of the pair against their replicates.
    grade : Grade
    later : bool
        Whether they are sought another time.

    Returns
    -------
    Stage or GroupSearch
        What was found; why none were sought.
    """
    why_not = why_no_groups(len(measured.common.items), grade, fewest=FEWEST_ITEMS)
    why_not = why_not or (SOUGHT_LATER if later else "")
    if why_not:
        return _not_sought(len(measured.common.items), why_not)
    other_runs, missing = _other_runs(run, measured, replicates)
    same = grade == "identical"
    stage = _sought(run, measured, table=table, other_runs=other_runs, same=same)
    if missing:
        stage.facts["search"]["note"] = lacking_items(missing)
    return stage


def found_groups(
    run: Run, measured: Measured, sought: Stage | GroupSearch, *, over: str
) -> PairFound:
    """Put the change groups of a pair into the catalog.

    Parameters
    ----------
    run : Run
    measured : Measured
        Of the pair.
    sought : Stage or GroupSearch
        As :func:`seek_groups` returned it.
    over : str
        The pair's domain.

    Returns
    -------
    PairFound
    """
    if not isinstance(sought, Stage):
        return PairFound([], sought)
    reports: list[GroupReport] = sought.facts["groups"]
    search: GroupSearch = sought.facts["search"]
    items = measured.common.items
    members = run.catalog.add(f"{over}/groups", sought, "codes", kind="codes", over=over)
    evidence = run.catalog.add(
        f"{over}/change_evidence", sought, "evidence", kind="values", over=over
    )
    codes = sought.arrays["codes"]
    return PairFound(
        reports=reports,
        search=search,
        info=GroupsInfo(
            members=members,
            evidence=evidence,
            rows=[
                GroupRows(**{k: items[v].tolist() for k, v in one.items()})
                for one in sought.facts["rows"]
            ],
        ),
        field=NumberField(
            name="change_evidence",
            title=STRAYED,
            values=evidence,
            over=over,
            definition=strayed_definition(search["threshold"]),
            method=marked(run, measured.pair, "", n_items=len(items))["method"],
        ),
        over_pairs=PairGroups(
            a=measured.pair[0],
            b=measured.pair[1],
            items=items,
            evidence=sought.arrays["evidence"],
            groups=[items[codes == code] for code in range(len(reports))],
            titles=[one["title"] for one in reports],
            types=[one["type"] for one in reports],
            threshold=search["threshold"],
            kept=measured.stage.arrays["neighborhood_overlap"],
        ),
    )


def over_all_pairs(
    found: Sequence[PairFound], *, table: ItemTable
) -> tuple[list[GroupTimeline], Unchanging | None]:
    """Follow groups over several pairs, and find what never changed.

    Parameters
    ----------
    found : sequence of PairFound
        Of the pairs, in order, without those of a space and its own replicate.
    table : ItemTable

    Returns
    -------
    timelines : list of GroupTimeline
    unchanging : Unchanging or None
    """
    pairs = [one.over_pairs for one in found if one.over_pairs is not None]
    if not pairs:
        return [], None
    items = table.items
    return timelines(pairs), unchanging(pairs, columns=items.columns, roles=items.roles)


def _sought(
    run: Run,
    measured: Measured,
    *,
    table: ItemTable,
    other_runs: tuple[Sequence[str], Sequence[str]],
    same: bool,
) -> Stage:
    items, pair = measured.common.items, measured.pair
    names = [*pair, *other_runs[0], *other_runs[1]]
    rows = {name: _rows_of(run, name, items) for name in names}
    points = {name: _points(run, name, rows[name]) for name in names}

    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        step = f"change groups of {' → '.join(pair)}"
        run.report_step(step, 0, 1)
        if not run.has_room_for_units:
            run.unit_rows.clear()  # as large as the spaces, and measured by now
        sides = [
            surroundings(
                *_whole_or_near(run, name, rows[name]),
                points=points[name].arrays["points"],
                other_runs=[points[other].arrays["points"] for other in others],
            )
            for name, others in zip(pair, other_runs, strict=True)
        ]
        found: PairChanges = pair_changes(
            *sides,
            names=pair,
            items=table.items.at(items),
            same=same,
            seed=run.seed,
            progress=run.progress(step),
        )
        named = [
            {
                "exemplars": one.exemplars.tolist(),
                "lost": one.lost.tolist(),
                "gained": one.gained.tolist(),
            }
            for one in found.explained
        ]
        return {"codes": found.codes, "evidence": found.evidence}, {
            "groups": [one.report for one in found.explained],
            "rows": named,
            "search": found.search,
        }

    keys = [[name, points[name].key] for name in names]
    graphs = [run.spaces[name].graph.key for name in pair]
    inputs = ([*pair], keys, [len(one) for one in other_runs], graphs, table.key, run.seed, same)
    return run.stage("groups", inputs, compute)


def _whole_or_near(
    run: Run, name: str, rows: IntArray
) -> tuple[FloatArray, NeighborGraph, IntArray]:
    """Return vectors, their neighbours, and which of them are the common items."""
    vectors = run.spaces[name].vectors.arrays["vectors"]
    if run.spaces[name].asked is None or len(rows) == len(vectors):
        return vectors, graph_of(run, name), rows
    return vectors[rows], near_of(run, name, rows=rows), np.arange(len(rows))


def _points(run: Run, name: str, rows: IntArray) -> Stage:
    """Keep a space by its leading components, over some items."""
    stage, metric = run.spaces[name].vectors, run.space_set.spaces[name].metric

    def reduce() -> tuple[dict[str, FloatArray], dict[str, object]]:
        run.report_step(f"components of {name}", 0, 1)
        vectors = stage.arrays["vectors"]
        points = principal_points(vectors, metric=metric, rows=rows, seed=run.seed)
        return {"points": points}, {}

    return run.stage("points", (stage.key, rows, metric, run.seed), reduce)


def _other_runs(
    run: Run, measured: Measured, replicates: Sequence[Measured]
) -> tuple[tuple[list[str], list[str]], list[str]]:
    """Return the other runs of each space's recipe that hold all items, and those that do not."""
    known, items = run.space_set.replicates, measured.common.items
    others = replicates_of(measured.pair, known, [one.pair for one in replicates])

    def holds(name: str) -> bool:
        return bool(np.isin(items, run.space_set.rows[name]).all())

    of_a, of_b = ([name for name in side if holds(name)] for side in others)
    replicated = dict.fromkeys(name for one in replicates for name in one.pair)
    missing = [name for name in replicated for side in others if name in side and not holds(name)]
    return (of_a, of_b), missing


def _rows_of(run: Run, name: str, items: IntArray) -> IntArray:
    return row_of_item(run.space_set.rows[name], n_items=len(run.space_set.ids))[items]


def _not_sought(n: int, why: str) -> GroupSearch:
    return GroupSearch(
        floor_kind="neighbors",
        exploratory=True,
        n=n,
        n_strayed=0,
        n_grouped=0,
        threshold=0.0,
        fit=0.0,
        n_permutations=0,
        sentence=NOT_SOUGHT,
        note=why,
    )


def _plain(values: AnyArray) -> tuple[AnyArray, ...]:
    """Return arrays whose bytes are what the values are."""
    return (values,) if values.dtype.kind in "iufb" else pack(as_words(values))
