"""Emblink's change groups of one pair, and how they are timed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import TypeAlias

from _planted.generate import Planted
from _planted.score import Scores, score
from emblink.groups import Changes, Surroundings, change_groups, principal_points
from emblink.neighbors import nearest_neighbors
from emblink.types import FloatArray, IntArray, Metric, NeighborGraph

NEIGHBORS = 50  # as a comparison gives it
OtherRuns: TypeAlias = tuple[Sequence[FloatArray], Sequence[FloatArray]]
WAYS = WITH, WITHOUT = ("with", "without")


@dataclass(frozen=True, eq=False)
class Sought:
    """Change groups, and the seconds they took: components included, neighbours not.

    ``processor`` is the same in seconds of the processor, of all threads.
    """

    changes: Changes
    seconds: float
    processor: float = nan

    @property
    def groups(self) -> list[IntArray]:
        return [one.members for one in self.changes.groups]

    def scored(self, planted: Sequence[IntArray]) -> Scores:
        evidence = self.changes.evidence
        return score(self.groups, planted, evidence, n=len(evidence))


@dataclass(frozen=True, eq=False)
class Pair:
    """Two spaces over the same items; ``again`` is another run of the first one's recipe."""

    a: FloatArray
    b: FloatArray
    again: FloatArray
    metric: Metric = "euclidean"

    @classmethod
    def of(cls, planted: Planted) -> Pair:
        return cls(planted.a, planted.b, planted.again)


def both_ways(pair: Pair) -> dict[str, Sought]:
    """Seek with the replicate and without it."""
    graphs = [neighbors(one, pair.metric) for one in (pair.a, pair.b)]
    ways: dict[str, OtherRuns] = {WITH: ([pair.again], []), WITHOUT: ([], [])}
    return {way: seek(pair, graphs, other_runs=other_runs) for way, other_runs in ways.items()}


def neighbors(vectors: FloatArray, metric: Metric) -> NeighborGraph:
    return nearest_neighbors(vectors, k=NEIGHBORS, metric=metric)


def seek(pair: Pair, graphs: Sequence[NeighborGraph], *, other_runs: OtherRuns) -> Sought:
    began, before = time.perf_counter(), time.process_time()
    changes = change_groups(*surroundings(pair, graphs, other_runs=other_runs))
    return Sought(changes, time.perf_counter() - began, time.process_time() - before)


def surroundings(
    pair: Pair, graphs: Sequence[NeighborGraph], *, other_runs: OtherRuns
) -> tuple[Surroundings, Surroundings]:
    """Return both spaces by their components, with the other runs of each one's recipe."""
    a, b = (
        Surroundings(
            principal_points(vectors, metric=pair.metric),
            graph,
            [principal_points(one, metric=pair.metric) for one in others],
        )
        for vectors, graph, others in zip((pair.a, pair.b), graphs, other_runs, strict=True)
    )
    return a, b
