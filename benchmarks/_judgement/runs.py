"""How often runs of one recipe are told apart, and how often real changes are seen."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from _planted.workers import workers
from _tables import Check, Section, Value, say

from _judgement.families import CONCERNED, FAMILIES, RUNS, SIZED, Numbers, World, draw, of_size
from _judgement.measured import LEVEL, Labelled, evidence, overlaps

REPLICATES = (1, 2, 4)
SIZES = (500, 2000, 8000)
FALSE, FALSE_BENDS = 0.08, 0.15
FALL = 0.02
"""By which power may fall with replicates: what counting a few hundred draws leaves open."""

WHAT = (
    "pair: p of no difference at most .05 before the number of pairs counts. label, label pair: "
    "at least one claimed, p adjusted for their number. Of each world, the runs are drawn again "
    "and again; with more replicates those with fewer are among them. In brackets the standard "
    "error over worlds."
)
FOUND = (
    "label, label pair: a claim of the labels that the change is of; in brackets, of others. First "
    "is the share of claims of label pairs whose surest is of them."
)


@dataclass(frozen=True)
class Claims:
    """What was claimed of a space by some runs of a recipe."""

    pair: bool
    closer: bool
    labels: frozenset[str]
    label_pairs: tuple[frozenset[str], ...]


Judged = dict[tuple[str, int], list[Claims]]
"""By the space that was judged ("" for one more run) and the number of replicates."""


def judge(seeds: Sequence[int], draws: int) -> Iterator[Section]:
    """Judge one more run and every change of every family."""
    worlds: dict[str, list[Judged]] = {}
    with workers() as pool:
        for name in FAMILIES:
            say(f"{name}: {len(seeds)} worlds")
            worlds[name] = [*pool.map(partial(_judge, name, draws), seeds)]
    yield _false(worlds, f"one more run, {len(seeds)} worlds of {RUNS} runs")
    yield _closer(worlds)
    yield from _power(worlds)


def by_size(seeds: Sequence[int], draws: int) -> Section:
    """Judge one more run among few items and among many."""
    rows: list[Sequence[Value]] = []
    checks = []
    with workers() as pool:
        for name in SIZED:
            rates: dict[int, list[list[float]]] = {m: [] for m in REPLICATES}
            for n in SIZES:
                say(f"{name}, {n:,} items: {len(seeds)} worlds")
                found = [*pool.map(partial(_judge_size, name, n, draws), seeds)]
                for m in REPLICATES:
                    rates[m].append([_share(one["", m], "pair") for one in found])
            for place, n in enumerate(SIZES):
                rows.append([name, n, *(_with_error(rates[m][place]) for m in REPLICATES)])
            for m in REPLICATES:
                claim = f"{name}, {m} replicates: rates apart, in errors of their difference"
                checks.append(Check(claim, _apart(rates[m]), 2.5))
    columns = ("family", "items", *(f"{m} replicates" for m in REPLICATES))
    return Section("one more run told apart, by items", columns, rows, checks)


def _judge(name: str, draws: int, base: int) -> Judged:
    world = FAMILIES[name](base)
    labelled = Labelled.of(world)
    return _claims(world, labelled, draws, base)


def _judge_size(name: str, n: int, draws: int, base: int) -> Judged:
    return _claims(of_size(name, n)(base), None, draws, base)


def _claims(world: World, labelled: Labelled | None, draws: int, base: int) -> Judged:
    found, rng = overlaps(world), draw(base, 20)
    names = ["", *world.changed]
    claims: Judged = {(name, m): [] for name in names for m in REPLICATES}
    for _ in range(draws):
        order = [int(run) for run in rng.permutation(RUNS)]
        for place, name in enumerate(names):
            other = order[-1] if not name else RUNS + place - 1
            for m in REPLICATES:
                claims[name, m].append(_claimed(found, labelled, order[: m + 1], other))
    return claims


def _claimed(found: Numbers, labelled: Labelled | None, runs: Sequence[int], other: int) -> Claims:
    judged = evidence(found, runs, other)
    return Claims(
        pair=judged.p_less <= LEVEL,
        closer=judged.p_closer <= LEVEL,
        labels=frozenset(labelled.labels_claimed(runs, other)) if labelled else frozenset(),
        label_pairs=tuple(labelled.pairs_claimed(runs, other)) if labelled else (),
    )


def _share(claims: Iterable[Claims], of: str) -> float:
    return float(np.mean([bool(getattr(one, of)) for one in claims]))


def _rates(worlds: Sequence[Judged], m: int, of: str) -> list[float]:
    return [_share(one["", m], of) for one in worlds]


def _with_error(rates: Sequence[float]) -> str:
    error = float(np.std(rates, ddof=1)) / np.sqrt(len(rates)) if len(rates) > 1 else 0.0
    return f"{np.mean(rates):.3f} ({error:.3f})"


def _apart(rates: Sequence[Sequence[float]]) -> float:
    """Return the greatest difference between two sizes over its error."""
    means = [float(np.mean(one)) for one in rates]
    errors = [float(np.var(one, ddof=1)) / len(one) for one in rates]
    return max(
        abs(means[i] - means[j]) / max(1e-9, math.sqrt(errors[i] + errors[j]))
        for i in range(len(rates))
        for j in range(i)
    )


def _false(worlds: dict[str, list[Judged]], title: str) -> Section:
    rows: list[Sequence[Value]] = []
    checks = []
    for name, found in worlds.items():
        for of in ("pair", "labels", "label_pairs"):
            rates = {m: _rates(found, m, of) for m in REPLICATES}
            what = of.replace("_", " ").removesuffix("s")
            rows.append([name, what, *(_with_error(rates[m]) for m in REPLICATES)])
            checks += [
                Check(f"{name}, {what}, {m} replicates", float(np.mean(rates[m])), limit)
                for m, limit in _limits(name).items()
            ]
    columns = ("family", "claimed", *(f"{m} replicates" for m in REPLICATES))
    return Section(title, columns, rows, checks, [WHAT])


def _limits(name: str) -> dict[int, float]:
    """Return the most false claims by replicates."""
    # With fewer than three replicates the answer is said to be provisional: of bends, which differ
    # wildly, such an answer is held to nothing.
    return {4: FALSE_BENDS} if name == "bends" else dict.fromkeys(REPLICATES, FALSE)


def _closer(worlds: dict[str, list[Judged]]) -> Section:
    rows: list[Sequence[Value]] = []
    checks = []
    for name, found in worlds.items():
        rates = {m: _rates(found, m, "closer") for m in REPLICATES}
        rows.append([name, *(_with_error(rates[m]) for m in REPLICATES)])
        checks += [
            Check(f"{name}, {m} replicates", float(np.mean(rates[m])), limit)
            for m, limit in _limits(name).items()
        ]
    columns = ("family", *(f"{m} replicates" for m in REPLICATES))
    return Section("independent runs said to share a start", columns, rows, checks)


def _power(worlds: dict[str, list[Judged]]) -> Iterator[Section]:
    pairs: list[Sequence[Value]] = []
    labels: list[Sequence[Value]] = []
    checks = []
    for found in worlds.values():
        for name in dict.fromkeys(name for name, _ in found[0] if name):
            power = [
                float(np.mean([_share(one[name, m], "pair") for one in found])) for m in REPLICATES
            ]
            pairs.append([name, *power])
            fall = max(max(power[:i]) - power[i] for i in range(1, len(power)))
            checks.append(Check(f"{name}: power falls with replicates by", max(0.0, fall), FALL))
            if name in CONCERNED:
                labels += _named(name, found)
    columns = ("change", *(f"{m} replicates" for m in REPLICATES))
    yield Section("changes told from runs, as pairs", columns, pairs, checks)
    yield Section("labels named", ("change", "claimed", *columns[1:]), labels, notes=[FOUND])


def _named(name: str, found: Sequence[Judged]) -> list[list[Value]]:
    """Return how often the labels that a change is of were named, and others."""
    concerned = CONCERNED[name]
    claims = [[one for world in found for one in world[name, m]] for m in REPLICATES]
    ofs = [
        [(bool(c.labels & concerned), bool(c.labels - concerned)) for c in one] for one in claims
    ]
    pairs = [[[_is_of(pair, concerned) for pair in c.label_pairs] for c in one] for one in claims]
    first = [[held[0] for held in one if held] for one in pairs]
    return [
        [name, "label", *(_hit_and_stray(one) for one in ofs)],
        [name, "label pair", *(_hit_and_stray([(any(h), not all(h)) for h in p]) for p in pairs)],
        [name, "first", *(f"{np.mean(one):.2f}" if one else None for one in first)],
    ]


def _is_of(pair: frozenset[str], concerned: frozenset[str]) -> bool:
    """Whether a pair of labels is the one that changed, or holds the only label that did."""
    return pair == concerned if len(concerned) == 2 else bool(pair & concerned)


def _hit_and_stray(shares: Sequence[tuple[bool, bool]]) -> str:
    hit, stray = np.mean(shares, axis=0)
    return f"{hit:.2f} ({stray:.2f})"
