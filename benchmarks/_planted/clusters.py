"""Are clusters that went as a whole found, first of all and nothing else?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import numpy as np
from _tables import Check, Section, Value, say

from _planted import classes, null
from _planted.clustered import (
    Family,
    Floats,
    Rng,
    blobs,
    cloud,
    contract,
    exchange,
    hierarchy,
    isolated,
    long_tailed,
    make,
    merge,
    put_beside,
    shift,
    shift_of_largest,
    squares,
    squash,
    turn,
    waves,
)
from _planted.ours import Pair, Sought, both_ways
from _planted.score import f1_table, known_means
from _planted.workers import workers
from emblink.types import IntArray

FEW = Family(world=blobs(6, 16), dims=32)
SOME = Family(world=blobs(12, 32), dims=64)
MANY = Family(world=blobs(40, 64), dims=128)
EIGHT = Family(world=blobs(8, 10, per=80, alike=True), noise=0.12)
HALVED = Family(world=blobs(12, 32, alike=True), dims=64)
NESTED = Family(world=hierarchy(16), noise=0.1, dims=32)
BENT_NESTED = replace(NESTED, noise=0.15)
"""The kinds of world; ``6 / 16`` is 6 clusters in 16 dimensions."""

WENT = {
    "beside another": replace(EIGHT, steps=[put_beside]),
    "part of a large one": Family(world=long_tailed, steps=[shift_of_largest], noise=0.11, dims=64),
    "merged, 6 / 16": replace(FEW, steps=[merge]),
    "merged, 12 / 32": replace(SOME, steps=[merge]),
    "merged, 40 / 64": replace(MANY, steps=[merge]),
    "merged anew, 12 / 32": replace(SOME, steps=[partial(merge, redrawn=True)]),
    "half split off, 12 / 32": replace(HALVED, steps=[shift(3.0, share=0.5)]),
    "half of 50 split off, 16 / 24": Family(
        world=blobs(16, 24, per=50, alike=True), steps=[shift(3.0, share=0.5)], dims=48
    ),
}
EXCHANGED = {
    "2 exchanged, 6 / 16": replace(FEW, steps=[exchange(2)]),
    "2 exchanged, 12 / 32": replace(SOME, steps=[exchange(2)]),
    "3 exchanged, 12 / 32": replace(SOME, steps=[exchange(3)]),
    "4 exchanged, 12 / 32": replace(SOME, steps=[exchange(4)]),
    "5 exchanged, 8 / 10": replace(EIGHT, steps=[exchange(5)]),
    "8 exchanged, 12 / 32": replace(SOME, steps=[exchange(8)]),
    "9 exchanged, 12 / 32": replace(SOME, steps=[exchange(9)]),
    "24 exchanged, 40 / 64": replace(MANY, steps=[exchange(24)]),
    "34 exchanged, 40 / 64": replace(MANY, steps=[exchange(34)]),
}
CONTRACTED = {
    "contracted": replace(EIGHT, steps=[contract], noise=0.024),
    "contracted, noise .2": replace(EIGHT, steps=[contract], noise=0.2),
}
BESIDE = {
    "merged, waves .6": replace(SOME, steps=[merge, waves(0.6)]),
    "merged, squashed .6": replace(SOME, steps=[merge, squash(0.6)]),
    "merged, waves 1.2": replace(SOME, steps=[merge, waves(1.2)]),
    "half split off, waves .6": replace(HALVED, steps=[shift(3.0, share=0.5), waves(0.6)]),
    "a leaf moved": replace(NESTED, steps=[shift(3.0)]),
    "two leaves moved": replace(NESTED, steps=[shift(3.0, count=2)]),
    "a leaf moved, waves .6": replace(BENT_NESTED, steps=[shift(3.0), waves(0.6)]),
}
HARDER = {
    "merged, noise .4, 6 / 16": replace(FEW, steps=[merge], noise=0.4),
    "merged, near ones, 6 / 16": replace(FEW, world=blobs(6, 16, centres=1.2), steps=[merge]),
}
PLANTED = WENT | EXCHANGED | CONTRACTED | BESIDE | HARDER

NOTHING = {
    "waves .6, 6 / 16": replace(FEW, steps=[waves(0.6)]),
    "waves .6, 12 / 32": replace(SOME, steps=[waves(0.6)]),
    "waves 1.2, 12 / 32": replace(SOME, steps=[waves(1.2)]),
    "waves 1.2, 40 / 24": Family(world=blobs(40, 24), steps=[waves(1.2)], dims=48),
    "waves .6, nested": replace(BENT_NESTED, steps=[waves(0.6)]),
    "waves 1.2, nested": replace(BENT_NESTED, steps=[waves(1.2)]),
    "squashed .6, 8 / 10": Family(world=blobs(8, 10), steps=[squash(0.6)], dims=20),
    "squashed 1.2, 20 / 16": Family(world=blobs(20, 16), steps=[squash(1.2)], dims=32),
    "squares .6, 12 / 16": Family(world=blobs(12, 16), steps=[squares(0.6)], dims=32),
    "uneven noise .9, 8 / 10": Family(world=blobs(8, 10), noise=0.3, uneven=0.9, dims=20),
    "uneven noise .9, 20 / 24": Family(world=blobs(20, 24), noise=0.3, uneven=0.9, dims=48),
    "nested": NESTED,
    "2 % go alone, 12 / 24": Family(
        world=blobs(12, 24, alike=True), steps=[isolated(0.02)], dims=48
    ),
    "one cloud": Family(world=cloud, noise=0.2),
}
AGAIN = 0.15
"""Noise of the replicate of a space that is copied."""


def copied(how: Callable[[Floats, Rng], Floats], *, dims: int = 16) -> Callable[[int], Pair]:
    """Return what puts clusters beside a copy of themselves."""

    def pair(seed: int) -> Pair:
        rng = np.random.default_rng(seed)
        a = blobs(8, dims)(rng).places.astype(np.float32)
        return Pair(a, how(a, rng), noisy(a, rng))

    return pair


def noisy(vectors: Floats, rng: Rng) -> Floats:
    return np.asarray(vectors + AGAIN * rng.normal(size=vectors.shape), dtype=np.float32)


def turned(vectors: Floats, rng: Rng) -> Floats:
    dims = vectors.shape[1]
    return np.asarray(2 * vectors @ turn(rng, dims, 2 * dims) + 1, dtype=np.float32)


def rounded(vectors: Floats, rng: Rng) -> Floats:
    return vectors.astype(np.float16).astype(np.float32)


def same(vectors: Floats, rng: Rng) -> Floats:
    return vectors.copy()


def twice(seed: int, *, together: bool) -> Pair:
    """Hold each item twice, and move it by noise: both of it alike, or each alone."""
    rng = np.random.default_rng(seed)
    once = blobs(8, 16)(rng).places.astype(np.float32)[::2]

    def again() -> Floats:
        if together:
            return np.repeat(noisy(once, rng), 2, axis=0)
        return noisy(np.repeat(once, 2, axis=0), rng)

    return Pair(np.repeat(once, 2, axis=0), again(), again())


COPIES: dict[str, Callable[[int], Pair]] = {
    "identical": copied(same),
    "rotated, scaled": copied(turned),
    "float16": copied(rounded),
    "identical, 2 dims": copied(same, dims=2),
    "float16, 2 dims": copied(rounded, dims=2),
    "duplicates": partial(twice, together=True),
    "duplicates that part": partial(twice, together=False),
}

FOUND = 0.8
"""F1 of a group that tells a planted one."""
STRAYED = 1.0
"""Evidence of items that are not said to change in no pair lies above it."""
PRECISE = 0.9
MISSED = 0.05
"""Share of the pairs in which it may be otherwise: 1 of 20."""
STEADY = 0.05
"""Most of the planted items that may be said to have changed in no pair."""
COLUMNS = ("planted", "replicate", "first", "all told", "precision", "F1", "bystanders", "steady")
EXPLAINED = (
    f"first: share of pairs whose first group has F1 of {FOUND} or more with a planted one; all "
    "told: in which every planted group has such a one; precision: as for the planted groups "
    "above; F1: of the best group for each planted one; bystanders: share of the pairs with a "
    "group of which half or more was not planted; steady: share of the planted items of which the "
    "evidence is not above its threshold, so that they count as unchanged. Two figures: clusters "
    "and dimensions."
)


@dataclass(frozen=True)
class Told:
    """What was told of one pair.

    Attributes
    ----------
    first, every : bool
        Whether the first group tells a planted one, and whether each planted one is told.
    precision, f1 : float
    bystanders : int
        Groups of which half or more was not planted.
    steady : float
        Share of the planted items that are said not to have changed.
    """

    first: bool
    every: bool
    precision: float
    f1: float
    bystanders: int
    steady: float


Runs: TypeAlias = Mapping[tuple[str, str], Sequence[Told]]


def judge(seeds: Sequence[int]) -> Iterator[Section]:
    """Seek clusters that went as a whole, and groups where none did."""
    runs: dict[tuple[str, str], list[Told]] = {}
    with workers() as pool:
        for name in PLANTED:
            say(f"{name}: {len(seeds)} pairs")
            for found in pool.map(partial(_judge_pair, name), seeds):
                for way, one in found.items():
                    runs.setdefault((name, way), []).append(one)
    yield judged(f"clusters that went as a whole, {len(seeds)} pairs each", runs)
    names = [*NOTHING, *COPIES, *classes.NOTHING]
    yield null.counted("clusters, nothing planted", names, seeds, _seek, most=MISSED)


def judged(title: str, runs: Runs) -> Section:
    """Return the means of each family, and what they are held to."""
    rows: list[list[Value]] = []
    checks: list[Check] = []
    for (name, way), pairs in runs.items():
        values = known_means(
            [
                (one.first, one.every, one.precision, one.f1, one.bystanders > 0, one.steady)
                for one in pairs
            ]
        )
        rows.append([name, way, *values])
        found = dict(zip(COLUMNS[2:], values, strict=True))
        checks += _checks(name, f"{name}, {way} replicate", found)
    return Section(title, COLUMNS, rows, checks, [EXPLAINED])


def _checks(name: str, where: str, found: Mapping[str, float]) -> Iterator[Check]:
    if name in HARDER:
        return
    yield Check(f"precision, {where}", found["precision"], PRECISE, at_most=False)
    if name in BESIDE:
        return
    told = "all told" if name in EXCHANGED else "first"
    yield Check(f"{told}, {where}", found[told], 1 - MISSED, at_most=False)
    yield Check(f"steady, {where}", found["steady"], STEADY)
    if name in CONTRACTED:
        yield Check(f"bystanders, {where}", found["bystanders"], MISSED)


def _judge_pair(name: str, seed: int) -> dict[str, Told]:
    made = make(PLANTED[name], seed=seed)
    return {way: told(made.groups, sought) for way, sought in both_ways(made.pair).items()}


def _seek(name: str, seed: int) -> dict[str, null.Reported]:
    whole = COPIES | classes.NOTHING
    made = whole[name](seed) if name in whole else make(NOTHING[name], seed=seed).pair
    return null.reported(made)


def told(planted: Sequence[IntArray], sought: Sought) -> Told:
    """Say how well the groups of a pair tell what was planted in it."""
    changes = sought.changes
    n = len(changes.evidence)
    table = f1_table(sought.groups, planted, n=n)
    best = table.max(axis=0, initial=0.0)
    rows = np.concatenate(planted)
    return Told(
        first=bool(len(table)) and bool(table[0].max() >= FOUND),
        every=bool((best >= FOUND).all()),
        precision=sought.scored(planted).precision,
        f1=float(best.mean()),
        bystanders=sum(bool(np.isin(one, rows).mean() <= 0.5) for one in sought.groups),
        steady=float((changes.evidence[rows] <= STRAYED).mean()),
    )
