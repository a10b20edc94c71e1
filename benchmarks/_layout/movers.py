"""Synthetic movers: does motion show who moved and who did not, and at what cost?"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import astuple, dataclass
from functools import partial

import numpy as np
from _tables import Check, Section, Value, say

from _layout import engines, scores
from _layout.data import Case, movers
from _layout.engines import ALIGNED, ALONE, OURS, UMAP, WARM, Drawing, Pictures, timed
from emblink.types import NeighborGraph

COLUMNS = ("engine", "jitter", "p95", "AUC", "alone", "group", "kept", "trust", "seconds", "ratio")
EXPLAINED = (
    "jitter, p95: median and 95th percentile of the displacement of items that did not move, in "
    "layout radii; AUC: of displacement for having moved, then for having moved alone and in a "
    "group; each of the worst pair of consecutive spaces. kept: 2-D k-NN preservation at 15; "
    "trust: trustworthiness at 15; means over the spaces. ratio: emblink's seconds to these."
)


@dataclass(frozen=True)
class Motion:
    """What the displacements of one engine say, each of its worst pair."""

    jitter: float
    p95: float
    auc: float
    alone: float
    group: float


@dataclass(frozen=True)
class Judged:
    """The scores of one engine; ``kept`` and ``trust`` of every space."""

    motion: Motion
    kept: list[float]
    trust: list[float]


def judge(case: Case, *, peers: bool, aligned: bool, queries: int) -> Section:
    """Draw with every engine in one run, and hold Emblink to its acceptance lines."""
    say(f"{case.name}: neighbours")
    began = time.perf_counter()
    graphs = case.graphs()
    searching = time.perf_counter() - began
    drawings = _draw(case, graphs, peers=peers)
    if peers and aligned:
        say(f"{case.name}: AlignedUMAP, for at most {engines.ALIGNED_LIMIT:.0f} s")
        drawings[ALIGNED] = engines.aligned_umap(case)
    say(f"{case.name}: scores")
    judged = {
        name: Judged(
            motion(case, one),
            scores.preservations(one, graphs),
            scores.trust(case, one, queries=queries),
        )
        for name, one in drawings.items()
        if one.pictures
    }
    seconds = {name: one.seconds for name, one in drawings.items()}
    notes = [EXPLAINED]
    if ALIGNED in drawings:
        both = seconds[OURS] + searching
        notes.append(
            f"AlignedUMAP searches neighbours itself; with our search of {searching:.1f} s the "
            f"ratio is {both / seconds[ALIGNED]:.3f}."
        )
        if ALIGNED not in judged:
            notes.append("It was ended at its limit, so the ratios to it are upper bounds.")
    rows = [_row(name, judged.get(name), seconds) for name in drawings]
    checks = _acceptance(judged, seconds, aligned=aligned)
    return Section(case.name, COLUMNS, rows, checks, notes)


def _row(name: str, one: Judged | None, seconds: dict[str, float]) -> list[Value]:
    timing = (seconds[name], seconds[OURS] / seconds[name])
    if one is None:
        return [name, *[None] * (len(COLUMNS) - 3), *timing]
    means = [float(np.mean(values)) for values in (one.kept, one.trust)]
    return [name, *astuple(one.motion), *means, *timing]


def _acceptance(
    judged: dict[str, Judged], seconds: dict[str, float], *, aligned: bool
) -> list[Check]:
    ours, umap = judged[OURS], judged.get(UMAP)
    faster = {name: seconds[OURS] / seconds[name] for name in seconds}
    share = margin = None
    if umap is not None:
        share = float(np.divide(ours.kept, umap.kept).min())
        margin = float(np.subtract(ours.trust, umap.trust).min())
    checks = [
        Check("jitter of the unchanged, median", ours.motion.jitter, 0.02),
        Check("jitter of the unchanged, p95", ours.motion.p95, 0.05),
        Check("AUC of displacement for moved", ours.motion.auc, 0.995, at_most=False),
        Check("kept / umap's, worst space", share, 1.0, at_most=False),
        Check("trust - umap's, worst space", margin, -0.002, at_most=False),
        Check("seconds / umap's, each space alone", faster.get(UMAP), 0.25),
    ]
    if aligned:
        ended = ALIGNED in faster and ALIGNED not in judged
        ratio = faster.get(ALIGNED)
        checks.append(Check("seconds / AlignedUMAP's", ratio, 0.02, upper_bound=ended))
    return checks


def motion(case: Case, drawing: Drawing) -> Motion:
    """Score the displacements of every pair of consecutive spaces."""
    found = []
    for pair, how in zip(case.pairs, case.moved, strict=True):
        moves = scores.displacement(case, drawing, pair)
        still = how == 0
        found.append(
            (
                float(np.median(moves[still])),
                float(np.percentile(moves[still], 95)),
                scores.auc(moves, ~still),
                *(
                    scores.auc(moves[still | (how == way)], how[still | (how == way)] == way)
                    for way in (1, 2)
                ),
            )
        )
    jitter, p95, *areas = zip(*found, strict=True)
    return Motion(max(jitter), max(p95), *(min(area) for area in areas))


def judge_one(n: int, *, seed: int, peers: bool) -> Section:
    """Time the layout of a single space."""
    case = movers(n, 1, seed=seed)
    say(f"{case.name}: neighbours")
    graphs = case.graphs()
    drawings = _draw(case, graphs, peers=peers)
    ours = drawings[OURS].seconds
    rows: list[list[Value]] = [
        [name, scores.preservations(one, graphs)[0], one.seconds, ours / one.seconds]
        for name, one in drawings.items()
    ]
    ratio = ours / drawings[UMAP].seconds if UMAP in drawings else None
    check = Check("seconds / umap's", ratio, 0.2)
    return Section(f"one space, {n:,} items", ("engine", "kept", "seconds", "ratio"), rows, [check])


def _draw(case: Case, graphs: list[NeighborGraph], *, peers: bool) -> dict[str, Drawing]:
    """Draw with the engines that take neighbours; umap-learn as it is fastest.

    That is from PCA, and unseeded, as it then uses all cores. A single space is drawn in one way.
    """
    several = len(graphs) > 1
    ways: dict[str, Callable[[], Pictures]] = {OURS: partial(engines.ours, case, graphs)}
    if several:
        ways[ALONE] = partial(engines.each_alone, case, graphs)
    if peers:
        ways[UMAP] = partial(engines.umap, case, graphs, init="pca", seed=None)
    if peers and several:
        ways[WARM] = partial(engines.umap_from_previous, case, graphs, init="pca", seed=None)
    drawings = {}
    for name, way in ways.items():
        say(f"{case.name}: {name}")
        drawings[name] = timed(way, one_frame=name == OURS)
    return drawings
