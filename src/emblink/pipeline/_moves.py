"""Whether each item's move from one picture to another means change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from emblink.bundle import Stage, part
from emblink.bundle.schema import MovesInfo
from emblink.groups import Items
from emblink.pipeline._changes import Changes
from emblink.pipeline._given import coords_name
from emblink.pipeline._measures import Measured
from emblink.pipeline._pictures import Drawn
from emblink.pipeline._run import Run
from emblink.projection import (
    AMOUNT_ONLY,
    LOST_AND_STILL,
    VISIBLE,
    classify_moves,
    displacements,
    lost_and_still,
    move_counts,
    movement_floor,
    moves_by_amount,
    noise_of,
)
from emblink.types import (
    MOVE_CLASSES,
    AnyArray,
    FloatArray,
    GroupItem,
    IntArray,
    LostItems,
    MoveCounts,
    MoveFloorKind,
    MovesReport,
)
from emblink.wording import NOISE_LEAVES_NONE, misleading_layout, name_item

MOST_MISLEADING = 0.1
"""Share of the items whose move misleads before that is said."""
FIRST = 10
"""Lost items that are named."""


def pair_moves(
    run: Run,
    measured: Measured,
    *,
    over: str,
    pictures: Drawn,
    replicates: Sequence[Measured],
    changes: Changes,
) -> tuple[list[MovesInfo], IntArray, MoveCounts]:
    """Class the move of every common item of a pair, by each method that drew both spaces.

    Parameters
    ----------
    run : Run
    measured : Measured
        Of the pair.
    over : str
        The pair's domain.
    pictures : mapping of method to Stage
    replicates : sequence of Measured
        Spaces of the pair against their replicates.
    changes : Changes
        How many neighbours its items kept.

    Returns
    -------
    found : list of MovesInfo
        In the order of the methods.
    lost : array of shape (n_lost,)
        Rows of the items that lost every neighbour and look still by the first method, the surest
        first.
    counts : MoveCounts
        By the first method, of the items whose neighbours are exact.
    """
    counts = MoveCounts()
    columns = {
        name: run.catalog.add(f"{over}/{name}", changes.stage, name, kind="values", over=over)
        for name in ("kept", "expected")
        if name in changes.stage.arrays
    }
    found: list[MovesInfo] = []
    lost: IntArray = np.zeros(0, np.int64)
    for method, drawn in pictures.items():
        if not _holds(run, drawn, measured.pair):
            continue
        runs = [one for one in replicates if _holds(run, drawn, one.pair)]
        stage = _classed(run, measured, drawn=drawn, replicates=runs, changes=changes)
        if not found:
            lost = stage.arrays["lost"]
            counts = move_counts(stage.arrays["codes"][: len(measured.kept)])
        codes, displacement = f"{over}/moves_{part(method)}", f"{over}/displacement_{part(method)}"
        found.append(
            MovesInfo(
                method=method,
                codes=run.catalog.add(codes, stage, "codes", kind="codes", over=over),
                displacement=run.catalog.add(
                    displacement, stage, "displacement", kind="values", over=over
                ),
                floor=stage.facts["floor"],
                floor_kind=stage.facts["floor_kind"],
                counts=move_counts(stage.arrays["codes"]),
                judged_by=changes.judge,
                k=changes.k,
                kept=columns["kept"],
                expected=columns.get("expected"),
            )
        )
    return found, lost, counts


def moves_report(
    moves: MovesInfo, counts: MoveCounts, *, changes: Changes, lost: Sequence[GroupItem]
) -> MovesReport:
    """Return what the report says of a pair's moves.

    Parameters
    ----------
    moves : MovesInfo
    counts : MoveCounts
        Of the items whose neighbours are exact: all of few, else a sample.
    changes : Changes
    lost : sequence of GroupItem
        The first of those that lost every neighbour and look still.

    Returns
    -------
    MovesReport
    """
    n = sum(counts[one] for one in MOVE_CLASSES)
    report = MovesReport(
        counts=counts,
        shares={one: counts[one] / n for one in MOVE_CLASSES},
        movement_floor=moves.floor,
        floor_kind=moves.floor_kind,
        judged_by=changes.judge,
        k=changes.k,
        kept=float(changes.kept[:n].mean()),
    )
    if n < len(changes.kept):
        report["n"] = n
    if taken_along := int(changes.taken_along[:n].sum()):
        report["carried"] = taken_along
    if (expected := changes.expected) is not None:
        report["expected"] = expected
    if changes.lists_lost:
        report["lost_and_still"] = LostItems(n=moves.counts["lost_and_still"], first=[*lost])
    return report


def name_lost(measured: Measured, items: Items, lost: IntArray) -> list[GroupItem]:
    """Name the first items that lost every neighbour and look still.

    Parameters
    ----------
    measured : Measured
        Of the pair.
    items : Items
        The item table.
    lost : array of shape (n_lost,)
        As :func:`pair_moves` gives them.

    Returns
    -------
    list of GroupItem
        At most ten.
    """
    texts = items.columns[items.roles["text"]] if "text" in items.roles else None
    rows = measured.common.items[lost[:FIRST]]
    return [name_item(row, items.ids, texts) for row in rows.tolist()]


def moves_warnings(report: MovesReport, *, telling: bool) -> list[str]:
    """Say where the aligned layout misleads about much of a pair.

    Parameters
    ----------
    report : MovesReport
    telling : bool
        Whether runs of the recipe keep enough neighbours for an item to have changed.

    Returns
    -------
    list of str
    """
    shares, found = report["shares"], []
    unchanged = shares["moved_not_changed"]
    unseen = shares["changed_not_shown"] + shares["lost_and_still"]
    if unchanged + unseen > MOST_MISLEADING:
        found.append(misleading_layout(unchanged, unseen))
    if not telling:
        found.append(NOISE_LEAVES_NONE)
    return found


def _classed(
    run: Run,
    measured: Measured,
    *,
    drawn: Stage,
    replicates: Sequence[Measured],
    changes: Changes,
) -> Stage:
    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        floor, kind = _floor(run, measured, drawn=drawn, replicates=replicates)
        moved = _moved(run, measured, drawn)
        codes, lost = _codes(measured, moved, changes=changes, floor=floor)
        arrays: dict[str, AnyArray] = {"codes": codes, "displacement": moved, "lost": lost}
        return arrays, {"floor": floor, "floor_kind": kind}

    runs = [[*_names(run, one.pair), one.stage.key] for one in replicates]
    keys = (drawn.key, _names(run, measured.pair), runs)
    return run.stage("moves", (*keys, measured.stage.key, changes.stage.key), compute)


def _codes(
    measured: Measured, moved: NDArray[np.float32], *, changes: Changes, floor: float
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the class of each move, and who lost every neighbour and looks still."""
    kept, changed = changes.kept, changes.changed
    if changes.judge == "nothing":
        codes = np.full(len(kept), AMOUNT_ONLY, np.int32)
    elif changed is None:
        codes = moves_by_amount(moved, kept, k=changes.k, floor=floor)
        codes[changes.taken_along] = AMOUNT_ONLY
    else:
        codes = classify_moves(moved, changed, floor=floor)
    if not changes.lists_lost:
        return codes, np.zeros(0, np.int64)
    wide = measured.stage.arrays["neighborhood_overlap_50"]
    lost = lost_and_still(moved, kept, wide=wide)
    lost = lost if changed is None else lost[changed[lost]]
    codes[lost] = LOST_AND_STILL
    return codes, lost


def _floor(
    run: Run,
    measured: Measured,
    *,
    drawn: Stage,
    replicates: Sequence[Measured],
) -> tuple[float, MoveFloorKind]:
    """Return the greatest of the noises that are known, and which that is."""
    floors: dict[MoveFloorKind, float] = {"none": VISIBLE}
    sides: dict[str, list[FloatArray]] = {}
    for one in replicates:
        sides.setdefault(one.pair[0], []).append(_moved(run, one, drawn))
    if sides:
        floors["replicate"] = _mean(noise_of(np.concatenate(side)) for side in sides.values())
    if _holds(run, drawn, measured.pair, again=True):
        rows = zip(measured.pair, (measured.common.rows_a, measured.common.rows_b), strict=True)
        floors["layout"] = _mean(
            movement_floor(*(_places(run, name, at, drawn, again=twice) for twice in (False, True)))
            for name, at in rows
        )
    kind = max(floors, key=lambda one: floors[one])
    return floors[kind], kind


def _moved(run: Run, measured: Measured, drawn: Stage) -> NDArray[np.float32]:
    """Return the displacement of every common item of a pair."""
    (a, b), common = measured.pair, measured.common
    return displacements(
        _places(run, a, common.rows_a, drawn), _places(run, b, common.rows_b, drawn)
    )


def _places(
    run: Run,
    name: str,
    rows: IntArray,
    drawn: Stage,
    *,
    again: bool = False,
) -> FloatArray:
    coords = drawn.arrays[coords_name(run, name, again=again)]
    return coords[rows]


def _names(run: Run, pair: tuple[str, str], *, again: bool = False) -> list[str]:
    return [coords_name(run, name, again=again) for name in pair]


def _holds(run: Run, drawn: Stage, pair: tuple[str, str], *, again: bool = False) -> bool:
    return {*_names(run, pair, again=again)} <= {*drawn.arrays}


def _mean(values: Iterable[float]) -> float:
    return float(np.mean([*values]))
