"""What every step of a run shares: the store, the spaces, and progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import numpy as np

from emblink.bundle import Bundle, Catalog, Stage, digest
from emblink.compute import Progress
from emblink.pipeline._code import code_digest
from emblink.pipeline._preview import Sketch
from emblink.types import AnyArray, IntArray, NeighborGraph, SpaceSet

StepProgress: TypeAlias = Callable[[str, int, int], None]
"""Called with ``(step, done, total)``; raise from it to cancel."""


def quiet(step: str, done: int, total: int) -> None:
    """Report to nobody."""


@dataclass(frozen=True, eq=False)
class SpaceStages:
    """The finished steps of one space."""

    over: str
    vectors: Stage
    graph: Stage
    cells: Stage
    health: Stage

    @property
    def n_items(self) -> int:
        """How many items the space has."""
        return len(self.graph.arrays["indices"])


@dataclass(frozen=True, eq=False)
class Run:
    """One comparison under way."""

    space_set: SpaceSet
    """Its vectors are those that the bundle keeps, which nobody changes."""
    vectors: Mapping[str, Stage]
    """Of each space, as the bundle keeps them."""
    catalog: Catalog
    seed: int
    report_step: StepProgress
    sketch: Sketch | None = None
    """Shows pictures while the run is under way, to whoever asked for it."""
    older: Bundle | None = None
    """The finished bundle whose layout is kept."""
    spaces: Mapping[str, SpaceStages] = field(default_factory=dict)
    """What is known of each space by itself, once that is computed."""

    def stage(
        self,
        name: str,
        inputs: tuple[object, ...],
        compute: Callable[[], tuple[Mapping[str, AnyArray], dict[str, object]]],
    ) -> Stage:
        """Return a step's output, from the store when its inputs and the code are the same."""
        return self.catalog.store.stage(name, digest(code_digest(), name, *inputs), compute)

    def progress(self, step: str) -> Progress:
        """Return a ``(done, total)`` callback that names the step."""
        return partial(self.report_step, step)


def graph_of(run: Run, name: str, *, k: int | None = None) -> NeighborGraph:
    """Return a space's neighbours, the first ``k`` only if asked."""
    graph = run.spaces[name].graph
    return NeighborGraph(
        indices=np.ascontiguousarray(graph.arrays["indices"][:, :k]),
        distances=np.ascontiguousarray(graph.arrays["distances"][:, :k]),
        metric=run.space_set.spaces[name].metric,
        recall=graph.facts["recall"],
    )


def cells_of(run: Run, name: str) -> IntArray:
    """Return the cell of neighbours of each item of a space."""
    return run.spaces[name].cells.arrays["cells"]
