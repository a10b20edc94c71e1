"""Are the planted groups found, and named as what they are?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import partial
from typing import TypeAlias

import numpy as np
from _tables import Check, Section, Value, say

from _planted.generate import FIVE, Kind, Recipe, generate
from _planted.ours import WAYS, WITH, WITHOUT, Pair, Sought, both_ways
from _planted.score import Scores, f1_table, known_means, match
from _planted.workers import workers
from emblink.types import GroupType, IntArray

SETTINGS = {
    "noise .25": Recipe(),
    "noise .6": Recipe(noise=0.6),
    "warp": Recipe(warp=True),
    "uneven noise": Recipe(uneven=0.7),
    "turned cluster": Recipe(turned=True),
    "partial ids": Recipe(partial=0.1),
    "contraction": Recipe(changes=(*FIVE, "contract", "contract")),
    "big": Recipe(changes=("big", *FIVE)),
}
KINDS: tuple[Kind, ...] = (*FIVE, "contract", "big")
TYPES: tuple[GroupType, ...] = (
    "moved",
    "carried",
    "merged",
    "split",
    "scattered",
    "gathered",
    "contracted",
    "expanded",
)
MISSED = "not found"
PIECE, FALSE = "(a part of one)", "(none)"
SCORES = ("recall", "prec. at K", "precision", "F1", "AUPRC", "reported", "seconds")
SCORED = (
    "recall, prec. at K: planted groups that one of the first K reported ones matches, and the "
    "share of these K that match, K being how many were planted; precision: share of all reported "
    "that match; a match has F1 of .5 or more. F1: of the matches, 0 for what has none. AUPRC: of "
    "the items' evidence. Means over the pairs. seconds: on one thread, neighbours given."
)
TYPED = (
    f"One row for each kind planted, over all settings. {PIECE}: reported groups without a match, "
    f"half of whose members or more are of planted ones; {FALSE}: the others without a match."
)
WANTED: list[tuple[str, str, float, float | None]] = [
    ("noise .25", WITH, 0.92, 0.95),
    ("noise .6", WITH, 0.92, 0.95),
    ("noise .25", WITHOUT, 0.80, 0.95),
    ("noise .6", WITHOUT, 0.80, 0.95),
    ("warp", WITH, 0.88, None),
    ("warp", WITHOUT, 0.88, None),
]


@dataclass(frozen=True, eq=False)
class Judged:
    """What was found of one pair.

    Attributes
    ----------
    scores : Scores
    seconds : float
    found : list of (Kind, int or None, GroupType or None)
        Of every planted group: its kind, the rank of its match, and the type of that.
    unmatched : list of (str, GroupType)
        Whether each reported group without a match is a part of planted ones, and its type.
    """

    scores: Scores
    seconds: float
    found: list[tuple[Kind, int | None, GroupType | None]]
    unmatched: list[tuple[str, GroupType]]

    @property
    def leading(self) -> list[tuple[Kind, bool]]:
        """Whether each planted group is matched by one of the first K."""
        k = len(self.found)
        return [(kind, rank is not None and rank < k) for kind, rank, _ in self.found]


Wanted: TypeAlias = tuple[str, str, float, float | None]
Runs: TypeAlias = Mapping[tuple[str, str], Sequence[Judged]]


def judge(n: int, seeds: Sequence[int]) -> Iterator[Section]:
    """Seek what was planted in every setting, with a replicate and without."""
    runs: dict[tuple[str, str], list[Judged]] = {}
    with workers() as pool:
        for name in SETTINGS:
            say(f"{name}: {len(seeds)} pairs of {n:,} items")
            for found in pool.map(partial(_judge_pair, name, n), seeds):
                for way, one in found.items():
                    runs.setdefault((name, way), []).append(one)
    title = f"planted groups, {n:,} items, {len(seeds)} pairs each"
    yield scored(title, runs, wanted=WANTED)
    yield by_kind("recall of each kind", runs, KINDS)
    for way in WAYS:
        yield by_type(runs, way)


def _judge_pair(setting: str, n: int, seed: int) -> dict[str, Judged]:
    made = generate(replace(SETTINGS[setting], n=n), seed=seed)
    found = both_ways(Pair.of(made))
    return {way: judged(made.groups, made.kinds, sought) for way, sought in found.items()}


def judged(planted: Sequence[IntArray], kinds: Sequence[Kind], sought: Sought) -> Judged:
    """Say what became of each planted group, and what each other reported one is."""
    groups, n = sought.groups, len(sought.changes.evidence)
    matched = {goal: row for row, goal in match(f1_table(groups, planted, n=n)).items()}
    types = [one.type for one in sought.changes.groups]
    ranks = [matched.get(goal) for goal in range(len(planted))]
    changed = np.zeros(n, dtype=bool)
    for group in planted:
        changed[group] = True
    return Judged(
        scores=sought.scored(planted),
        seconds=sought.seconds,
        found=[
            (kind, rank, None if rank is None else types[rank])
            for kind, rank in zip(kinds, ranks, strict=True)
        ],
        unmatched=[
            (PIECE if changed[members].mean() >= 0.5 else FALSE, types[rank])
            for rank, members in enumerate(groups)
            if rank not in matched.values()
        ],
    )


def scored(title: str, runs: Runs, *, wanted: Sequence[Wanted] = ()) -> Section:
    means = {way: mean_scores(judged) for way, judged in runs.items()}
    checks = []
    for setting, way, recall, precision in wanted:
        where = f"{setting}, {way} replicate"
        found = means[setting, way]
        checks.append(Check(f"recall, {where}", found["recall"], recall, at_most=False))
        if precision is not None:
            value = found["precision"]
            checks.append(Check(f"precision, {where}", value, precision, at_most=False))
    rows: list[list[Value]] = [[*way, *found.values()] for way, found in means.items()]
    return Section(title, ("setting", "replicate", *SCORES), rows, checks, [SCORED])


def mean_scores(runs: Sequence[Judged]) -> dict[str, float]:
    """Return the mean of each score over the pairs that have it."""
    return dict(
        zip(SCORES, known_means([(*astuple(one.scores), one.seconds) for one in runs]), strict=True)
    )


def by_kind(title: str, runs: Runs, kinds: Sequence[Kind]) -> Section:
    """Return the share found among the first K, of each kind planted."""
    rows: list[list[Value]] = []
    for way, judged in runs.items():
        leading = [found for one in judged for found in one.leading]
        hits = [[hit for kind, hit in leading if kind == wanted] for wanted in kinds]
        rows.append([*way, *(float(np.mean(one)) if one else None for one in hits)])
    return Section(title, ("setting", "replicate", *kinds), rows)


def by_type(runs: Runs, way: str) -> Section:
    """Count by which type each kind is reported."""
    counts = Counter[tuple[str, str]]()
    for (_, whether), judged in runs.items():
        if whether == way:
            for one in judged:
                counts.update((kind, found or MISSED) for kind, _, found in one.found)
                counts.update(one.unmatched)
    columns = (*TYPES, MISSED)
    rows: list[list[Value]] = [
        [kind, *(counts[kind, column] for column in columns)] for kind in (*KINDS, PIECE, FALSE)
    ]
    title = f"planted kind by reported type, {way} replicate"
    return Section(title, ("planted", *columns), rows, [], [TYPED])
