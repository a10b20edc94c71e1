"""How often is a group reported where no items changed together?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import numpy as np
from _tables import Check, Section, Value, say
from numpy.typing import NDArray

from _planted.generate import Planted, Recipe, generate
from _planted.ours import WAYS, Pair, both_ways
from _planted.workers import workers

Floats: TypeAlias = NDArray[np.float32]
Make: TypeAlias = Callable[[int, int], Pair]

MOST = 0.1
"""Share of the pairs that may have a report: 2 of 20."""
COLUMNS = ("null", "replicate", "pairs", "with a report", "groups", "mean size")
EXPLAINED = (
    "mean size: of the reported groups, in items. iid noise is in standard deviations of each "
    "coordinate, and the replicate another draw of it. One space under two layouts is a pair of "
    "identical spaces: no layout enters."
)
QUIET = Recipe().nothing()


def drawn(recipe: Recipe) -> Make:
    """Return what makes a pair by a recipe without groups."""
    return lambda n, seed: Pair.of(generate(replace(recipe, n=n), seed=seed))


def quiet(n: int, seed: int) -> Planted:
    return generate(replace(QUIET, n=n), seed=seed)


def identical(n: int, seed: int) -> Pair:
    made = quiet(n, seed)
    return Pair(made.a, made.a.copy(), made.again)


def turned(n: int, seed: int) -> Pair:
    """Return a space beside itself, rotated, scaled and shifted."""
    made = quiet(n, seed)
    rng = np.random.default_rng([seed, 1])
    turn, _ = np.linalg.qr(rng.normal(size=(made.a.shape[1],) * 2))
    copy = np.exp(rng.normal()) * (made.a @ turn + rng.normal(size=made.a.shape[1]))
    return Pair(made.a, copy.astype(np.float32), made.again)


def rounded(n: int, seed: int) -> Pair:
    made = quiet(n, seed)
    return Pair(made.a, made.a.astype(np.float16).astype(np.float32), made.again)


def noisy(share: float) -> Make:
    """Return what puts a space beside itself with noise in every coordinate."""

    def make(n: int, seed: int) -> Pair:
        a = quiet(n, seed).a
        rng = np.random.default_rng([seed, 1])

        def again() -> Floats:
            noise = share * a.std(axis=0) * rng.normal(size=a.shape)
            return np.asarray(a + noise, dtype=np.float32)

        return Pair(a, again(), again())

    return make


NULLS: dict[str, Make] = {
    "noise .25": drawn(QUIET),
    "noise .6": drawn(replace(QUIET, noise=0.6)),
    "uneven noise": drawn(replace(QUIET, uneven=0.7)),
    "warp": drawn(replace(QUIET, warp=True)),
    "decoys only": drawn(replace(QUIET, decoys=0.02)),
    "turned cluster only": drawn(replace(QUIET, turned=True)),
    "identical": identical,
    "rotated, scaled": turned,
    "float16": rounded,
    "iid noise .05": noisy(0.05),
    "iid noise .5": noisy(0.5),
}


def judge(n: int, seeds: Sequence[int]) -> Section:
    """Seek groups where there are none, with a replicate and without."""
    title = f"nothing planted, {n:,} items"
    return counted(title, [*NULLS], seeds, partial(_seek, n), notes=[EXPLAINED])


@dataclass(frozen=True)
class Reported:
    """The sizes of the groups of a pair, and whether all evidence is a number."""

    sizes: list[int]
    finite: bool


Seek: TypeAlias = Callable[[str, int], dict[str, Reported]]


def counted(
    title: str,
    names: Sequence[str],
    seeds: Sequence[int],
    seek: Seek,
    *,
    most: float = MOST,
    notes: Sequence[str] = (),
) -> Section:
    """Count the pairs of each name of which ``seek`` reports anything, at most a share of them."""
    rows: list[Sequence[Value]] = []
    checks: list[Check] = []
    limit, broken = most * len(seeds), 0
    with workers() as pool:
        for name in names:
            say(f"null, {name}: {len(seeds)} pairs")
            found = [*pool.map(partial(seek, name), seeds)]
            for way in WAYS:
                sizes = [size for one in found for size in one[way].sizes]
                hits = sum(bool(one[way].sizes) for one in found)
                mean = sum(sizes) / len(sizes) if sizes else None
                rows.append([name, way, len(found), hits, len(sizes), mean])
                broken += sum(not one[way].finite for one in found)
                checks.append(Check(f"pairs with a report, {name}, {way} replicate", hits, limit))
    checks.append(Check("pairs with evidence that is not finite", broken, 0))
    return Section(title, COLUMNS, rows, checks, [*notes])


def reported(pair: Pair) -> dict[str, Reported]:
    """Seek groups in a pair, with the replicate and without it."""
    return {
        way: Reported(
            [len(one) for one in sought.groups], bool(np.isfinite(sought.changes.evidence).all())
        )
        for way, sought in both_ways(pair).items()
    }


def _seek(n: int, name: str, seed: int) -> dict[str, Reported]:
    return reported(NULLS[name](n, seed))
