"""How many neighbours each item of a pair kept, and whether runs of one recipe keep more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.bundle import Stage
from emblink.decimals import decimals
from emblink.matched import RunKept, beside_runs
from emblink.pipeline._joint import taken_between
from emblink.pipeline._measures import Measured
from emblink.pipeline._run import Run, cells_of
from emblink.table import HEADLINE
from emblink.types import AnyArray, MoveJudge


@dataclass(frozen=True, eq=False)
class Changes:
    """What is known of every common item.

    Attributes
    ----------
    stage : Stage
        Arrays ``kept``, ``taken_along``, and ``expected`` and ``changed`` where replicates say so.
    k : int
        Neighbours looked at.
    judge : {"replicate", "amount", "copy", "nothing"}
    telling : bool
        False where runs keep so few neighbours that no item can be said to have changed.
    """

    stage: Stage
    k: int
    judge: MoveJudge
    telling: bool

    @property
    def kept(self) -> NDArray[np.int64]:
        """Neighbours that each item kept."""
        return self.stage.arrays["kept"].astype(np.int64)

    @property
    def taken_along(self) -> NDArray[np.bool_]:
        """Whether each item went elsewhere together with its neighbours, and between no runs."""
        return self.stage.arrays["taken_along"] > 0

    @property
    def changed(self) -> NDArray[np.bool_] | None:
        """Whether each item changed, be it that it was taken along; None where nothing says so."""
        if self.judge == "copy":
            return np.zeros(len(self.kept), bool)
        if self.judge != "replicate":
            return None
        return self.taken_along | (self.stage.arrays["changed"] > 0)

    @property
    def expected(self) -> float | None:
        """Mean number of neighbours kept between runs of one recipe, where there are some."""
        found = self.stage.arrays.get("expected")
        return None if found is None else float(decimals(found).mean())

    @property
    def lists_lost(self) -> bool:
        """Whether losing every neighbour is out of the common: most items keep some."""
        return self.judge in ("replicate", "amount") and float(np.median(self.kept)) > 0


def changes(
    run: Run, measured: Measured, *, replicates: Sequence[Measured], joint: Stage
) -> Changes:
    """Count the neighbours that every common item kept, beside its replicates'.

    Parameters
    ----------
    run : Run
    measured : Measured
        Of the pair.
    replicates : sequence of Measured
        Spaces of the pair against their replicates.
    joint : Stage
        The aligned layout, which knows who is taken along.

    Returns
    -------
    Changes
    """
    k, _ = measured.scores[HEADLINE].k_and_chance
    judge = _judge(measured, replicates)
    beside = replicates if judge == "replicate" else []

    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        kept = _kept(measured, k=k)
        taken_along = taken_between(run, joint, measured.pair)
        for one in beside:
            taken_along &= ~taken_between(run, joint, one.pair)
        taken_along = taken_along[measured.common.items]
        arrays: dict[str, AnyArray] = {
            "kept": kept.astype(np.float32),
            "taken_along": taken_along.astype(np.float32),
        }
        telling = True
        if beside:
            sides: dict[str, list[RunKept]] = {}
            for one in beside:
                rows = np.searchsorted(measured.common.items, one.common.items)
                sides.setdefault(one.pair[0], []).append(RunKept(rows, _kept(one, k=k)))
            cells = cells_of(run, measured.pair[0])[measured.common.rows_a]
            found = beside_runs(kept, [*sides.values()], k=k, cells=cells)
            arrays["expected"] = found.expected.astype(np.float32)
            arrays["changed"] = found.changed.astype(np.float32)
            telling = found.telling
        return arrays, {"telling": telling}

    keys = [one.stage.key for one in beside]
    cells_key = run.spaces[measured.pair[0]].cells.key
    stage = run.stage("changes", (measured.stage.key, joint.key, cells_key, keys, judge), compute)
    return Changes(stage, k, judge, bool(stage.facts["telling"]))


def _judge(measured: Measured, replicates: Sequence[Measured]) -> MoveJudge:
    if measured.is_turned_copy or (measured.kept == 1).all():
        return "copy"
    if measured.at_chance:
        return "nothing"
    return "replicate" if replicates else "amount"


def _kept(measured: Measured, *, k: int) -> NDArray[np.int64]:
    return np.rint(k * decimals(measured.stage.arrays[HEADLINE])).astype(np.int64)
