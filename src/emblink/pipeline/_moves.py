"""Whether each item's move from one picture to another means change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from emblink.bundle import Stage, part
from emblink.bundle.schema import MovesInfo
from emblink.pipeline._given import coords_name
from emblink.pipeline._measures import Measured
from emblink.pipeline._pictures import Drawn
from emblink.pipeline._run import Run
from emblink.projection import (
    VISIBLE,
    classify_moves,
    displacements,
    move_counts,
    movement_floor,
    noise_of,
)
from emblink.types import (
    MOVE_CLASSES,
    AnyArray,
    FloatArray,
    IntArray,
    MoveFloorKind,
    MovesReport,
)
from emblink.wording import percent

MOST_MISLEADING = 0.1
"""Share of the items that may be layout only or hidden before that is said."""


def pair_moves(
    run: Run,
    measured: Measured,
    *,
    over: str,
    pictures: Drawn,
    replicates: Sequence[Measured],
    threshold: float,
) -> list[MovesInfo]:
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
    threshold : float
        The overlap below which an item changed.

    Returns
    -------
    list of MovesInfo
        In the order of the methods.
    """
    found = []
    for method, drawn in pictures.items():
        if not _holds(run, drawn, measured.pair):
            continue
        runs = [one for one in replicates if _holds(run, drawn, one.pair)]
        stage = _classed(run, measured, drawn=drawn, replicates=runs, threshold=threshold)
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
            )
        )
    return found


def moves_report(moves: MovesInfo, *, threshold: float) -> MovesReport:
    """Return what the report says of a pair's moves.

    Parameters
    ----------
    moves : MovesInfo
    threshold : float
        The overlap below which an item changed.

    Returns
    -------
    MovesReport
    """
    counts = moves.counts
    n = sum(counts[one] for one in MOVE_CLASSES)
    return MovesReport(
        counts=counts,
        shares={one: counts[one] / n for one in MOVE_CLASSES},
        movement_floor=moves.floor,
        floor_kind=moves.floor_kind,
        change_threshold=threshold,
    )


def moves_warnings(report: MovesReport, *, replicated: bool) -> list[str]:
    """Say where the aligned layout misleads about much of a pair.

    Parameters
    ----------
    report : MovesReport
    replicated : bool
        Whether replicates say what noise changes. Otherwise rounding does, beyond which nearly
        every item changes a little: that it looks still does not mislead.

    Returns
    -------
    list of str
    """
    shares, found = report["shares"], []
    misleading = shares["layout_only"] + (shares["hidden"] if replicated else 0)
    if misleading > MOST_MISLEADING:
        parts = [f"{percent(shares['layout_only'])} move in it though they did not change"]
        if replicated:
            parts.append(f"{percent(shares['hidden'])} changed though they look still")
        found.append(
            f"The aligned layout misleads about {percent(misleading)} of these items: "
            f"{', '.join(parts)}."
        )
    if report["change_threshold"] == 0.0:
        found.append(
            "Noise leaves some items none of their neighbours, so no single item can be said to "
            "have changed; read the scores of the pair and of its labels."
        )
    return found


def _classed(
    run: Run,
    measured: Measured,
    *,
    drawn: Stage,
    replicates: Sequence[Measured],
    threshold: float,
) -> Stage:
    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        floor, kind = _floor(run, measured, drawn=drawn, replicates=replicates)
        moved = _moved(run, measured, drawn)
        # Between a space and its turned copy, ties and rounding alone exchange neighbours.
        below = measured.stage.arrays["neighborhood_overlap"] < threshold
        changed = below & (not measured.is_turned_copy)
        codes = classify_moves(moved, changed, floor=floor)
        return {"codes": codes, "displacement": moved}, {"floor": floor, "floor_kind": kind}

    runs = [[*_names(run, one.pair), one.stage.key] for one in replicates]
    keys = (drawn.key, _names(run, measured.pair), runs)
    return run.stage("moves", (*keys, measured.stage.key, threshold), compute)


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
