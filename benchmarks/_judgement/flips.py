"""How often one more run is said to flip more answers than runs of its recipe do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from _planted.workers import workers
from _tables import Check, Section, Value, say

from _judgement.families import FAMILIES, RUNS, draw
from _judgement.measured import everything
from _judgement.runs import FALSE, FALSE_BENDS, REPLICATES
from emblink.judge import excess, flip_floor
from emblink.measures import label_tally, negative_flip_rate
from emblink.neighbors import nearest_neighbors
from emblink.rows import as_measured
from emblink.table import VOTERS

Told = dict[tuple[str, int], tuple[float, float, float]]
"""By space ("" for one more run) and replicates: mean rate, mean floor, share above the floor."""
TOLD_FROM = 3
"""Replicates from which an excess is put into words."""


def section(seeds: Sequence[int], draws: int) -> Section:
    """Judge the flips towards one more run, and towards every change, of every family."""
    rows: list[Sequence[Value]] = []
    checks = []
    with workers() as pool:
        for family in FAMILIES:
            say(f"{family}: {len(seeds)} worlds")
            worlds = [*pool.map(partial(_judged, family, draws), seeds)]
            for name in dict.fromkeys(name for name, _ in worlds[0]):
                rate, floor, _ = np.mean([one[name, REPLICATES[-1]] for one in worlds], axis=0)
                above = [float(np.mean([one[name, m][2] for one in worlds])) for m in REPLICATES]
                rows.append([name or f"{family}: one more run", rate, floor, *above])
                if not name:
                    most = FALSE_BENDS if family == "bends" else FALSE
                    checks += [
                        Check(f"{family}, {m} replicates", share, most)
                        for m, share in zip(REPLICATES, above, strict=True)
                        if m >= TOLD_FROM
                    ]
    columns = ("flips", "rate", "between runs", *(f"above, {m} replicates" for m in REPLICATES))
    note = "Above: the interval of the excess lies above 0. It is put into words from 3 replicates."
    return Section(
        f"negative flips, {len(seeds)} worlds of {RUNS} runs", columns, rows, checks, [note]
    )


def _judged(family: str, draws: int, base: int) -> Told:
    world = FAMILIES[family](base)
    codes = np.unique(world.codes, return_inverse=True)[1]
    right = []
    for one in everything(world):
        seen = as_measured(one, metric=world.metric)
        graph = nearest_neighbors(seen, k=VOTERS, metric=world.metric)
        right.append(label_tally(graph, codes, k=VOTERS, wide=VOTERS).voted == codes)
    found: dict[tuple[str, int], list[tuple[float, float, float]]] = {}
    rng, names = draw(base, 21), ["", *world.changed]
    for _ in range(draws):
        order = [int(run) for run in rng.permutation(RUNS)]
        for place, name in enumerate(names):
            other = right[order[-1] if not name else RUNS + place - 1]
            rate = negative_flip_rate(right[order[0]], other).negative
            for m in REPLICATES:
                floor = flip_floor([right[run] for run in order[: m + 1]])
                above = float(excess(rate, floor)[1][0] > 0)
                found.setdefault((name, m), []).append((rate, floor.value, above))
    return {key: tuple(np.mean(told, axis=0).tolist()) for key, told in found.items()}
