"""Real vectors: labels that were moved are found, and known changes of real pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from math import inf
from pathlib import Path
from typing import TypeAlias

import numpy as np
from _tables import Check, Section, Value, say

from _planted import null, relabelled
from _planted.ours import WITH, WITHOUT, Pair, both_ways, neighbors, surroundings
from _planted.recall import Judged, by_kind, judged, scored
from _planted.score import f1_table, match
from _planted.workers import workers
from emblink.groups import Items, pair_changes

Row: TypeAlias = tuple[Value, ...]

THREES = 60
FOURS_AND_NINES, SHARE = ("4", "9"), 0.8
CALMED = "{}, noise gone"
"""The same pair the other way: the noise is in the first space."""
COLUMNS = ("pair", "replicate", "groups", "rank", "size", "type", "share", "lost")
KNOWN = (
    f"digits: {THREES} threes go onto the eights; the group that matches, and the share of it that "
    "was planted. Epochs 0 to 2: the first group of which 4s and 9s make up four fifths, and the "
    "label that became rarer by most among its neighbours. Epochs 5 to 10 have those of another "
    "seed as replicates."
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
    yield known(folder)


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


def known(folder: Path) -> Section:
    """Return what is found in pairs of which something is known."""
    threes = _threes()
    early, share = _epochs(folder, 0, 2)
    late, _ = _epochs(folder, 5, 10, replicates=True)
    checks = [
        *(
            Check(f"digits 3 to 8, {way} replicate: rank", rank, 1)
            for way, (rank, _) in threes.items()
        ),
        Check("epoch 0 to 2: 4s and 9s in a group", share, SHARE, at_most=False),
    ]
    return Section(
        "real pairs", COLUMNS, [*(row for _, row in threes.values()), early, late], checks, [KNOWN]
    )


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
        row = ("digits, 3 to 8", way, len(groups), *best, None)
        found[way] = inf if at is None else at + 1, row
    return found


def _epochs(folder: Path, early: int, late: int, *, replicates: bool = False) -> tuple[Row, float]:
    """Find what changed in training; return the greatest share of 4s and 9s, too."""
    own, other = (
        [relabelled.mnist(f"fc_seed{seed}_epoch{epoch:02d}", folder) for epoch in (early, late)]
        for seed in (0, 1)
    )
    pair = Pair(own[0].vectors, own[1].vectors, other[0].vectors, "cosine")
    again = [[one.vectors] if replicates else [] for one in other]
    graphs = [neighbors(one.vectors, pair.metric) for one in own]
    label = np.array(own[0].labels)[own[0].codes]
    found = pair_changes(
        *surroundings(pair, graphs, other_runs=(again[0], again[1])),
        names=(f"epoch {early}", f"epoch {late}"),
        items=Items(np.arange(len(label)).astype(str), {"digit": label}, {"label": "digit"}),
    )
    groups = [one.report for one in found.explained]
    shares = [
        float(np.isin(label[found.codes == code], FOURS_AND_NINES).mean())
        for code in range(len(groups))
    ]
    best: tuple[Value, ...] = (None,) * 5
    at = next((code for code, share in enumerate(shares) if share >= SHARE), None)
    if at is not None:
        lost = min(groups[at]["shifts"], key=lambda one: one["share_b"] - one["share_a"])
        best = at + 1, groups[at]["n"], groups[at]["type"], shares[at], lost["label"]
    way = WITH if replicates else WITHOUT
    row = (f"mnist_cnn, epoch {early} to {late}", way, len(groups), *best)
    return row, max(shares, default=0.0)
