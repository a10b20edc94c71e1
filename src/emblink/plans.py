"""What a comparison will do, how long it takes, how much memory and disk: before it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from emblink.compute import memory_of_machine, one_blas_thread, threads
from emblink.errors import InputError
from emblink.load import parse_source, sizes
from emblink.matched import QUERIES
from emblink.neighbors import nearest_neighbors
from emblink.pipeline import (
    ITEM_BYTES,
    NEAR_NEIGHBORS,
    STORED_NEIGHBORS,
    Pairs,
    Sampling,
    bytes_of_job,
    jobs_at_once,
    plan_pairs,
)
from emblink.projection import joint_layout
from emblink.types import NeighborGraph
from emblink.wording import plan_lines

LONG = 60.0
"""Seconds from which on a run says beforehand what it will do."""

# Seconds of one core of the machine on which the steps were measured: of a product and the choice
# of the best among it, of a list that is decided, and of the other steps for each item; of a pair,
# also whatever its items.
_PRODUCT, _LIST = 8.3e-12, 5.9e-5
_CHOOSING = 256
_GRAPH = 5e-5
_LAYOUT = 1.2e-4
_SPACE = 4e-5
_NUMBER = 4e-7
_PAIR, _EVERY_PAIR = 8e-5, 0.15
_GROUPS = 2.0e-4
_BYTE = 3e-9
_ALWAYS = 1.5
_FITTED_GROUPS = 50_000
"""From so many items on, a map of the space costs no more."""

_CALIBRATED = 6_000, 128
_LAID_OUT, _EPOCHS = 3_000, 60
_PROGRAM = 2.5e8
"""Bytes of the program."""


@dataclass(frozen=True)
class Speed:
    """How long work takes here, as a multiple of one core of the machine it was measured on.

    Attributes
    ----------
    products, others : float
        Where nothing else runs.
    busy : float
        How many times as long everything takes beside what runs now; 1 where the cores are free.
    """

    products: float = 0.5
    others: float = 0.5
    busy: float = 1.0


@dataclass(frozen=True)
class Plan:
    """What a comparison will do.

    Attributes
    ----------
    spaces : mapping of name to (int, int)
        Items and dims.
    pairs : list of (str, str)
    queries : int
        Items asked for their exact neighbours in the spaces that are ``sampled``.
    sampled : list of str
        Spaces of so many items that not all are asked, and whose graph is approximate.
    steps : mapping of str to float
        Seconds of each kind of step, where nothing else runs.
    busy : float
        How many times as long they take beside what ran when it was asked.
    memory, disk : float
        Most bytes of memory, maps of files among them; and of the bundle.
    machine : float or None
        Bytes of memory that the machine has.
    """

    spaces: Mapping[str, tuple[int, int]]
    pairs: Sequence[tuple[str, str]]
    queries: int
    sampled: Sequence[str]
    steps: Mapping[str, float]
    memory: float
    disk: float
    machine: float | None
    busy: float = 1.0

    @property
    def seconds(self) -> float:
        """How long it takes where nothing else runs."""
        return sum(self.steps.values())

    @property
    def fits(self) -> bool:
        """Whether the machine has so much memory."""
        return self.machine is None or self.memory <= self.machine

    def lines(self) -> list[str]:
        """Say it to people, a sentence each."""
        return plan_lines(
            self.spaces,
            self.steps,
            n_pairs=len(self.pairs),
            n_cores=threads(),
            busy=self.busy if self.busy >= _BUSY else None,
            memory=self.memory,
            machine=self.machine,
            disk=self.disk,
            n_asked=self.queries if self.sampled else None,
        )


def plan(
    spaces: Mapping[str, Any] | Sequence[str],
    *,
    pairs: Pairs = "all",
    reference: str | None = None,
    replicates: Mapping[str, Sequence[str]] | None = None,
    items: str | Path | None = None,
    id: str | None = None,  # noqa: A002 (the name of the option)
    ids: Mapping[str, str] | None = None,
    vector: str | None = None,
    queries_sampled: int | None = None,
    speed: Speed | None = None,
) -> Plan:
    """Say what a comparison will do, how long it takes, and how much memory and disk.

    Parameters
    ----------
    spaces : mapping of name to array or path, or sequence of str
        Arrays (anything with a shape), paths, or ``[name=]path[::key]`` as on the command line. Of
        files only what they say of themselves is read.
    pairs, reference, replicates, queries_sampled
        As for :func:`emblink.compare`.
    items, id, ids, vector : optional
        As on the command line: which item each row is, and where vectors are.
    speed : Speed, optional
        Of this machine; by default it is measured, in about two seconds.

    Returns
    -------
    Plan
        Time is within a factor of 2.5 of what it takes where nothing else runs; see
        ``docs/performance.md``. Memory and disk are upper estimates.

    Raises
    ------
    InputError
        A file holds no vectors, an option cannot be used, or which item a row is cannot be told.
    """
    named = {"items": items, "id": id, "ids": ids, "vector": vector}
    shapes = _shapes(spaces, named)
    sampling = Sampling.of(queries_sampled)
    planned = plan_pairs([*shapes], pairs, reference, replicates=replicates)
    speed = calibrate_speed() if speed is None else speed
    sampled = [name for name, (n, _) in shapes.items() if sampling.first(n) is not None]
    return Plan(
        spaces=shapes,
        pairs=planned,
        queries=sampling.queries,
        sampled=sampled,
        steps=_steps(shapes, planned, sampling, speed),
        memory=_memory(shapes, planned),
        disk=_disk(shapes, planned, sampling),
        machine=memory_of_machine(),
        busy=speed.busy,
    )


@one_blas_thread()
def calibrate_speed() -> Speed:
    """Measure how fast this machine finds neighbours and lays them out.

    Returns
    -------
    Speed
        By the seconds that cores worked, which other work hardly changes; and how much longer than
        that it took by the clock.
    """
    n, d = _CALIBRATED
    vectors = np.random.default_rng(0).standard_normal((n, d), dtype=np.float32)
    begin, cores = perf_counter(), process_time()
    graph = nearest_neighbors(vectors, k=STORED_NEIGHBORS)
    searched = process_time() - cores
    few = NeighborGraph(
        graph.indices[:_LAID_OUT, :15] % _LAID_OUT, graph.distances[:_LAID_OUT, :15], graph.metric
    )
    joint_layout([few], [np.arange(_LAID_OUT)], _LAID_OUT, start=None, n_epochs=_EPOCHS)
    worked = process_time() - cores
    products = searched / (_PRODUCT * n * n * (d + _CHOOSING) / 2 + _LIST * n)
    others = (worked - searched) / (_LAID_OUT * _EPOCHS * _EPOCH)
    by_clock = (perf_counter() - begin) * threads() / max(worked, 1e-9)
    return Speed(products / threads(), others / threads(), max(1.0, by_clock))


_BUSY = 2.0
"""Times as long as on free cores, from which on it is said; threads wait for each other too."""
_EPOCH = 3e-7
"""Seconds of an item's epoch, on that machine."""


def _shapes(
    spaces: Mapping[str, Any] | Sequence[str], named: Mapping[str, Any]
) -> dict[str, tuple[int, int]]:
    if not isinstance(spaces, Mapping):
        return sizes(spaces, **named)
    found = {}
    for name, one in spaces.items():
        if hasattr(one, "shape"):
            if len(one.shape) != 2:
                raise InputError(
                    f"space {name!r} has shape {tuple(one.shape)}; expected (n_items, n_dims)"
                )
            found[name] = (int(one.shape[0]), int(one.shape[1]))
        else:
            source = replace(parse_source(str(one)), name=name)
            (found[name],) = sizes([source], vector=named["vector"]).values()
    return found


def _steps(
    shapes: Mapping[str, tuple[int, int]],
    pairs: Sequence[tuple[str, str]],
    sampling: Sampling,
    speed: Speed,
) -> dict[str, float]:
    """Return the seconds of each kind of step."""
    asked = {name: sampling.first(n) for name, (n, _) in shapes.items()}
    work = {
        name: n * (d + _CHOOSING) * _PRODUCT for name, (n, d) in shapes.items()
    }  # of one row asked
    exact = sum(
        work[name] * (n / 2 if (q := asked[name]) is None else q) + _LIST * (q or n)
        for name, (n, _) in shapes.items()
    )
    graphs = sum(
        _GRAPH * n * (1 + d / 64) / 2 for name, (n, d) in shapes.items() if asked[name] is not None
    )
    floors = sum(QUERIES * 2 * one for one in work.values())
    common = [min(shapes[a][0], shapes[b][0]) for a, b in pairs]
    each = sum(n * _SPACE + n * d * _NUMBER for n, d in shapes.values())
    groups = sum(_GROUPS * (n + min(n, _FITTED_GROUPS)) / 2 for n in common)
    read = sum(4.0 * n * d * _BYTE for n, d in shapes.values())
    layout = sum(_LAYOUT * n for n, _ in shapes.values())
    return {
        "exact neighbours": (exact + floors) * speed.products,
        "graphs": graphs * speed.others,
        "pictures": layout * speed.others,
        "change groups": groups * speed.others,
        "measures and labels": (sum(_PAIR * n + _EVERY_PAIR for n in common) + each) * speed.others,
        "reading and writing": read + _ALWAYS,
    }


def _memory(shapes: Mapping[str, tuple[int, int]], pairs: Sequence[tuple[str, str]]) -> float:
    """Return the bytes held at most: vectors as read and as mapped, and what items take."""
    vectors = sum(4.0 * n * d for n, d in shapes.values())
    most = max(n for n, _ in shapes.values())
    each = bytes_of_job((n, 4.0 * n * d) for n, d in shapes.values())
    beside = jobs_at_once(max(len(pairs), len(shapes)), each) - 1
    return _PROGRAM + 2 * vectors + ITEM_BYTES * most + beside * each


def _disk(
    shapes: Mapping[str, tuple[int, int]], pairs: Sequence[tuple[str, str]], sampling: Sampling
) -> float:
    """Return the bytes of the bundle."""
    total = 1e6 + 60.0 * max(n for n, _ in shapes.values())
    for n, d in shapes.values():
        first = sampling.first(n)
        lists = n * min(STORED_NEIGHBORS, n - 1) if first is None else n * NEAR_NEIGHBORS
        asked = 0 if first is None else first * min(STORED_NEIGHBORS, n - 1)
        total += 4.0 * n * d + 8.0 * (lists + asked) + 400.0 * n
    beside = len([*combinations(shapes, 2)])
    total += beside * max(n for n, _ in shapes.values())
    return total + sum(150.0 * min(shapes[a][0], shapes[b][0]) for a, b in pairs)
