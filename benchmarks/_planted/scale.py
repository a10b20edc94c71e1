"""Time and memory by size, neighbours and components given.

A pair is made of worlds of 10,000 items, each with changes of its own, so far apart that all
neighbours of an item are in its world: there they are searched exactly, whatever the size.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import log
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from _tables import Check, Section, Value, say

from _planted.generate import FIVE, Recipe, generate_apart
from _planted.ours import neighbors
from _planted.score import score
from emblink.groups import Surroundings, change_groups, principal_points
from emblink.types import FloatArray, IntArray, NeighborGraph

WORLD = 10_000
ITEMS_FIVE_CHANGES = 2_500
FOUND = ("recall", "precision")
LINEAR = 1.15
"""Most of the exponent by which CPU time grows with the items, from the least to the most."""
COLUMNS = ("items", "seconds", "CPU", "µs an item", "slope", "bytes an item", "planted", *FOUND)
EXPLAINED = (
    "change_groups without a replicate, neighbours and components (24) given; CPU: seconds of "
    "all threads, which µs an item and slope are of, as others' work lengthens them least; slope: "
    "of their logarithm over that of the items, from the row above; bytes: growth of the most "
    "resident memory of a process that holds the inputs; recall, precision: of the first K "
    "reported groups, and of all."
)


@dataclass(frozen=True)
class Timed:
    """What a size took; ``bytes`` beyond the inputs."""

    seconds: float
    cpu: float
    bytes: int
    planted: int
    recall: float
    precision: float


def judge(sizes: Sequence[int]) -> Section:
    """Time each size in a process of its own."""
    rows: list[list[Value]] = []
    timed: list[tuple[int, Timed]] = []
    for n in sizes:
        say(f"{n:,} items")
        with tempfile.TemporaryDirectory() as name:
            _alone(partial(_make, n, Path(name)))
            one: Timed = _alone(partial(_time, Path(name)))
        timed.append((n, one))
        slope = _slope(*timed[-2:]) if len(timed) > 1 else None
        each = 1e6 * one.cpu / n
        found = (one.planted, one.recall, one.precision)
        say(f"{n:,} items: {one.seconds:.1f} s, {each:.0f} µs an item")
        rows.append([n, one.seconds, one.cpu, each, slope, one.bytes / n, *found])
    checks = []
    if len(timed) > 1:
        claim = f"exponent of CPU time, {timed[0][0]:,} to {timed[-1][0]:,} items"
        checks.append(Check(claim, _slope(timed[0], timed[-1]), LINEAR))
    return Section("time and memory by size", COLUMNS, rows, checks, [EXPLAINED])


def _slope(less: tuple[int, Timed], more: tuple[int, Timed]) -> float:
    return log(more[1].cpu / less[1].cpu) / log(more[0] / less[0])


def _alone(task: Any) -> Any:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(task).result()


def _make(n: int, folder: Path) -> None:
    """Write the points and the neighbours of a pair of this size, and its planted groups."""
    recipe = Recipe(n=WORLD, changes=FIVE * (WORLD // ITEMS_FIVE_CHANGES))
    made = generate_apart(recipe, worlds=max(1, round(n / WORLD)), seed=0)
    for name, vectors in (("a", made.a), ("b", made.b)):
        points = principal_points(vectors, metric="euclidean")
        graph = _within_worlds(points)
        np.save(folder / f"{name}_points.npy", points)
        np.save(folder / f"{name}_indices.npy", graph.indices)
        np.save(folder / f"{name}_distances.npy", graph.distances)
    np.savez(folder / "planted.npz", *made.groups)


def _within_worlds(points: FloatArray) -> NeighborGraph:
    """Search each world apart, and make sure that no other one comes near."""
    starts = range(0, len(points), WORLD)
    worlds = [points[start : start + WORLD] for start in starts]
    graphs = [neighbors(world, "euclidean") for world in worlds]
    middles = np.stack([world.mean(axis=0) for world in worlds])
    reach = max(
        float(np.linalg.norm(world - middle, axis=1).max())
        for world, middle in zip(worlds, middles, strict=True)
    )
    between = np.linalg.norm(middles[:, None] - middles, axis=2)
    np.fill_diagonal(between, np.inf)
    if between.min() - 2 * reach < max(float(graph.distances.max()) for graph in graphs):
        raise RuntimeError("worlds are too near each other: their neighbours are not exact")
    indices = [graph.indices + start for graph, start in zip(graphs, starts, strict=True)]
    distances = np.concatenate([graph.distances for graph in graphs])
    return NeighborGraph(np.concatenate(indices).astype(np.int32), distances, "euclidean")


def _time(folder: Path) -> Timed:
    a, b = (_read(folder, name) for name in "ab")
    with np.load(folder / "planted.npz") as stored:
        planted: list[IntArray] = [stored[name] for name in stored.files]
    held = _most_resident()
    began, used = time.perf_counter(), time.process_time()
    found = change_groups(a, b)
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    grown = _most_resident() - held
    groups = [one.members for one in found.groups]
    scores = score(groups, planted, None, n=len(a.points))
    return Timed(seconds, cpu, grown, len(planted), scores.recall, scores.precision)


def _read(folder: Path, name: str) -> Surroundings:
    points, indices, distances = (
        np.load(folder / f"{name}_{part}.npy") for part in ("points", "indices", "distances")
    )
    return Surroundings(points, NeighborGraph(indices, distances, "euclidean"))


def _most_resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
