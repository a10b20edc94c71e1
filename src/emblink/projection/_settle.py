"""The forces between items and the ties between spaces, let run until they settle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress
from emblink.errors import GraphMismatchError
from emblink.kernels import SparseRows, layout_epoch
from emblink.projection._nearby import Order, place_of
from emblink.types import IntArray, NeighborGraph

Picture: TypeAlias = NDArray[np.float32]
Watch: TypeAlias = Callable[[Sequence[Picture]], None]

_SAMPLES = 30
_REPULSION = 22.0
_RATE = 30.0
_WATCHED_EVERY = 10
IN_ANY_ORDER = 1 << 15
"""So many items lie near enough to the processor in any order."""


@dataclass(frozen=True, eq=False)
class Problem:
    """What the kernel needs to know of the spaces."""

    graphs: list[SparseRows]
    rows: NDArray[np.int32]
    ties: NDArray[np.float32]

    @classmethod
    def of(
        cls,
        graphs: list[SparseRows],
        rows: Sequence[IntArray],
        n_items: int,
        ties: NDArray[np.float32] | None = None,
    ) -> Problem:
        where = np.full((len(graphs), n_items), -1, np.int32)
        for of_space, items in zip(where, rows, strict=True):
            of_space[items] = np.arange(len(items))
        return cls(graphs, where, np.zeros((n_items, 0), np.float32) if ties is None else ties)

    def settle(
        self,
        starts: Sequence[Picture],
        *,
        rates: Iterable[float],
        seed: int,
        tick: Callable[[int], None],
        watch: Watch | None,
        fixed: NDArray[np.bool_] | None = None,
    ) -> list[Picture]:
        """Run one epoch per rate; return the last positions."""
        if self.rows.shape[1] <= IN_ANY_ORDER:
            return self._run(starts, rates, seed=seed, tick=tick, watch=watch, fixed=fixed)
        order = Order.of(starts, self.rows)
        back = [place_of(rows) for rows in order.rows]

        def restored(places: Sequence[Picture]) -> list[Picture]:
            return [one[place] for one, place in zip(places, back, strict=True)]

        graphs = [order.graph(space, graph) for space, graph in enumerate(self.graphs)]
        problem = Problem(graphs, order.numbers(self.rows), self.ties[order.items])
        places = problem._run(
            [one[rows] for one, rows in zip(starts, order.rows, strict=True)],
            rates,
            seed=seed,
            tick=tick,
            watch=None if watch is None else (lambda everyone: watch(restored(everyone))),
            fixed=fixed,
        )
        return restored(places)

    def _run(
        self,
        starts: Sequence[Picture],
        rates: Iterable[float],
        *,
        seed: int,
        tick: Callable[[int], None],
        watch: Watch | None,
        fixed: NDArray[np.bool_] | None,
    ) -> list[Picture]:
        here, there = [p.copy() for p in starts], [p.copy() for p in starts]
        still = np.zeros(len(starts), np.uint8) if fixed is None else fixed.astype(np.uint8)
        for epoch, rate in enumerate(rates):
            layout_epoch(
                here,
                there,
                graphs=self.graphs,
                rows=self.rows,
                ties=self.ties,
                fixed=still,
                rate=float(rate),
                repulsion=_REPULSION,
                samples=_SAMPLES,
                seed=seed,
                epoch=epoch,
            )
            here, there = there, here
            tick(epoch + 1)
            if watch is not None and (epoch + 1) % _WATCHED_EVERY == 0:
                watch(here)
        return here


def ticked(progress: Progress, before: int, total: int) -> Callable[[int], None]:
    return lambda done: progress(before + done, total)


def cooling(n_epochs: int) -> NDArray[np.float64]:
    return np.asarray(_RATE * (1 - np.arange(n_epochs) / max(n_epochs, 1)) ** 2)


def default_epochs(n_items: int) -> int:
    wanted: float = 450.0 * (2_500 / max(n_items, 1)) ** 0.4
    return round(min(450.0, max(150.0, wanted)))


def check_rows(graphs: Sequence[NeighborGraph], rows: Sequence[IntArray], n_items: int) -> None:
    if len(graphs) != len(rows):
        raise GraphMismatchError(f"{len(graphs)} graphs need as many rows, not {len(rows)}")
    for space, (graph, items) in enumerate(zip(graphs, rows, strict=True)):
        if items.shape != (len(graph.indices),):
            raise GraphMismatchError(
                f"graph {space} covers {len(graph.indices)} items but its rows have shape "
                f"{items.shape}; give the item of each row"
            )
        if len(items) and not 0 <= items.min() <= items.max() < n_items:
            raise GraphMismatchError(
                f"rows of graph {space} reach from {items.min()} to {items.max()}; "
                f"items are numbered from 0 to {n_items - 1}"
            )
        if not (np.diff(items) > 0).all():
            raise GraphMismatchError(
                f"rows of graph {space} are not in the order of their items; sort the space's "
                "vectors by item before its neighbours are found"
            )
