"""Real vectors: labels that were moved are found, and known changes of real pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from math import inf
from pathlib import Path
from typing import TypeAlias

import numpy as np
from _tables import Check, Section, Value, say

from _planted import epochs, null, relabelled
from _planted.ours import Pair, both_ways
from _planted.recall import Judged, by_kind, judged, scored
from _planted.score import f1_table, match
from _planted.workers import workers

Row: TypeAlias = tuple[Value, ...]

THREES = 60
CALMED = "{}, noise gone"
"""The same pair the other way: the noise is in the first space."""
COLUMNS = ("pair", "replicate", "groups", "rank", "size", "type", "share")
KNOWN = (
    f"digits: {THREES} threes go onto the eights; the group that matches, and the share of it that "
    "was planted."
)


def judge(folder: Path, seeds: Sequence[int]) -> Iterator[Section]:
    """Seek labels that were moved in real spaces, and what is known of real pairs."""
    runs: dict[tuple[str, str], list[Judged]] = {}
    with workers() as pool:
        for name in relabelled.SPACES:
            say(f"{name}: {len(seeds)} pairs")
            for found in pool.map(partial(_judge_pair, name, folder), seeds):
                for way, one in found.items():
                    runs.setdefault((name, way), []).append(one)
    yield scored(f"real spaces with moved labels, {len(seeds)} pairs each", runs)
    yield by_kind("recall of labels moved onto another, and scattered", runs, relabelled.KINDS)
    title = "real spaces, no label moved"
    names = [*relabelled.SPACES, *map(CALMED.format, relabelled.SPACES)]
    yield null.counted(title, names, seeds, partial(_seek_still, folder))
    say("real pairs")
    yield known()
    yield epochs.judge(folder)


def _judge_pair(name: str, folder: Path, seed: int) -> dict[str, Judged]:
    made = relabelled.relabel(relabelled.load(name, folder), seed=seed)
    found = both_ways(made.pair)
    return {way: judged(made.groups, made.kinds, sought) for way, sought in found.items()}


def _seek_still(folder: Path, name: str, seed: int) -> dict[str, null.Reported]:
    space = next(one for one in relabelled.SPACES if name in (one, CALMED.format(one)))
    made = relabelled.still(relabelled.load(space, folder), seed=seed)
    if name != space:
        made = Pair(made.b, made.a, made.again, made.metric)
    return null.reported(made)


def known() -> Section:
    """Return what is found where digits were moved onto others."""
    threes = _threes()
    checks = [
        Check(f"digits 3 to 8, {way} replicate: rank", rank, 1) for way, (rank, _) in threes.items()
    ]
    return Section("real pairs", COLUMNS, [row for _, row in threes.values()], checks, [KNOWN])


def _threes() -> dict[str, tuple[float, Row]]:
    """Put threes onto the eights; return the rank of the group that matches them, too."""
    rng = np.random.default_rng(0)
    space = relabelled.digits()
    threes, eights = (space.labels.index(label) for label in "38")
    rows = relabelled.part(space, threes, rng=rng, size=THREES)
    goal = relabelled.onto(space, rows, eights)
    pair = relabelled.shown(space, [rows], [goal], rng=rng, metric="euclidean")
    found: dict[str, tuple[float, Row]] = {}
    for way, sought in both_ways(pair).items():
        groups = sought.groups
        at = next(iter(match(f1_table(groups, [rows], n=len(space.codes)))), None)
        best: tuple[Value, ...] = (None,) * 4
        if at is not None:
            members, kind = groups[at], sought.changes.groups[at].type
            best = at + 1, len(members), kind, float(np.isin(members, rows).mean())
        row = ("digits, 3 to 8", way, len(groups), *best)
        found[way] = inf if at is None else at + 1, row
    return found
