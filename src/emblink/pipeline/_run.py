"""What every step of a run shares: the store, the spaces, and progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property, partial
from time import perf_counter, process_time
from typing import Literal, TypeAlias, TypedDict

import numpy as np

from emblink.bundle import Bundle, Catalog, Stage, StepTime, digest
from emblink.compute import Progress, let_go, memory
from emblink.pipeline._code import code_digest
from emblink.pipeline._preview import Sketch
from emblink.pipeline._sampling import Sampling
from emblink.types import (
    AnyArray,
    FloatArray,
    GraphMethod,
    IntArray,
    Method,
    NeighborGraph,
    SpaceSet,
)
from emblink.wording import approximate_words

StepProgress: TypeAlias = Callable[[str, int, int], None]
"""Called with ``(step, done, total)``; raise from it to cancel."""


_UNITS_SHARE = 1 / 64

_inner: ContextVar[list[StepTime] | None] = ContextVar("inner", default=None)
"""The steps that the step under way computed for itself, each with its own."""


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
    asked: Stage | None = None
    """The exact neighbours of the first items, where the graph of all is approximate."""

    @property
    def n_items(self) -> int:
        """How many items the space has."""
        return len(self.graph.arrays["indices"])

    @property
    def exact_key(self) -> str:
        """Hash of what the exact neighbours depend on."""
        return (self.asked or self.graph).key


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
    sampling: Sampling = field(default_factory=Sampling)
    spaces: Mapping[str, SpaceStages] = field(default_factory=dict)
    """What is known of each space by itself, once that is computed."""
    times: list[StepTime] = field(default_factory=list)
    """How long each step took that was computed."""
    unit_rows: dict[str, FloatArray] = field(default_factory=dict)
    """Of spaces as measures see them, once that was asked: of few items, and of very many."""
    clock: Callable[[], float] = process_time
    """Seconds of cores: of this process, or of the thread where jobs are done beside each other."""

    @cached_property
    def has_room_for_units(self) -> bool:
        """Whether unit rows of all spaces are little beside the memory that may be used."""
        cells = sum(one.vectors.size for one in self.space_set.spaces.values())
        return 4 * cells <= _UNITS_SHARE * memory()

    def stage(
        self,
        name: str,
        inputs: tuple[object, ...],
        compute: Callable[[], tuple[Mapping[str, AnyArray], dict[str, object]]],
    ) -> Stage:
        """Return a step's output, from the store when its inputs and the code are the same."""

        def timed() -> tuple[Mapping[str, AnyArray], dict[str, object]]:
            inner: list[StepTime] = []
            outer = _inner.set(inner)
            begin, cpu = perf_counter(), self.clock()
            try:
                output = compute()
            finally:
                _inner.reset(outer)
            seconds, cpu = perf_counter() - begin, self.clock() - cpu
            own = sum(one.seconds for one in inner), sum(one.cpu for one in inner)
            self.times.append(StepTime(step=name, seconds=seconds - own[0], cpu=cpu - own[1]))
            if (within := _inner.get()) is not None:
                within.append(StepTime(step=name, seconds=seconds, cpu=cpu))
            return output

        return self.catalog.store.stage(name, digest(code_digest(), name, *inputs), timed)

    def progress(self, step: str) -> Progress:
        """Return a ``(done, total)`` callback that names the step."""
        return partial(self.report_step, step)


def graph_of(run: Run, name: str, *, k: int | None = None) -> NeighborGraph:
    """Return a space's neighbours, the first ``k`` only if asked."""
    graph = run.spaces[name].graph
    stored = graph.arrays["indices"], graph.arrays["distances"]
    indices, distances = (np.ascontiguousarray(one[:, :k]) for one in stored)
    if indices.base is None:  # a copy: the map has been read through
        let_go(*stored)
    return NeighborGraph(
        indices=indices,
        distances=distances,
        metric=run.space_set.spaces[name].metric,
        recall=graph.facts["recall"],
    )


def exact_of(run: Run, name: str) -> NeighborGraph:
    """Return the exact neighbours of a space's items, of the first of them where these are many."""
    stages = run.spaces[name]
    if stages.asked is None:
        return graph_of(run, name)
    arrays, metric = stages.asked.arrays, run.space_set.spaces[name].metric
    return NeighborGraph(arrays["indices"], arrays["distances"], metric, among=stages.n_items)


def method_of(run: Run) -> Method | None:
    """Say how numbers came about where spaces have very many items."""
    graphs: dict[str, GraphMethod] = {}
    for name, stages in run.spaces.items():
        if stages.asked is None:
            continue
        facts = stages.graph.facts
        graphs[name] = GraphMethod(
            k=stages.graph.arrays["indices"].shape[1], recall=facts["recall"]
        )
        if "interval" in facts:
            graphs[name]["interval"] = facts["interval"]
    if not graphs:
        return None
    asked, above = run.sampling.queries, run.sampling.above
    return Method(queries=asked, above=above, exact=True, graphs=graphs)


class Marked(TypedDict):
    """How the definition of a number of each item goes on, and what its field is marked as."""

    definition: str
    method: Literal["approximate"] | None


def marked(run: Run, names: Sequence[str], definition: str, *, n_items: int) -> Marked:
    """Mark a number of each item that is approximate for all but the items asked.

    Parameters
    ----------
    run : Run
    names : sequence of str
        Of the spaces whose neighbours it is of.
    definition : str
    n_items : int

    Returns
    -------
    Marked
    """
    first = run.sampling.first(n_items)
    graphs = [run.spaces[name].graph for name in names if run.spaces[name].asked is not None]
    if first is None or not graphs:
        return Marked(definition=definition, method=None)
    least = min(graph.facts["recall"] for graph in graphs)
    return Marked(
        definition=f"{definition} {approximate_words(first, least)}",
        method="approximate",
    )


def cells_of(run: Run, name: str) -> IntArray:
    """Return the cell of neighbours of each item of a space."""
    return run.spaces[name].cells.arrays["cells"]
