"""Synthetic movers: does motion show who moved and who did not, and at what cost?"""

from __future__ import annotations

import time
from dataclasses import astuple, dataclass
from functools import partial

import numpy as np

from _layout import engines, scores
from _layout.data import Case, movers
from _layout.engines import ALIGNED, ALONE, OURS, UMAP, WARM, Drawing, timed
from _layout.tables import Check, Section, Value, say
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


def judge(case: Case, *, aligned: bool, queries: int) -> Section:
    """Draw with every engine in one run, and hold Emblink to its acceptance lines."""
    say(f"{case.name}: neighbours")
    began = time.perf_counter()
    graphs = case.graphs()
    searching = time.perf_counter() - began
    drawings = _draw(case, graphs, aligned=aligned)
    say(f"{case.name}: scores")
    drawn = {name: one for name, one in drawings.items() if one.pictures}
    motions = {name: motion(case, one) for name, one in drawn.items()}
    kept = {name: scores.preservations(one, graphs) for name, one in drawn.items()}
    trust = {name: scores.trust(case, one, queries=queries) for name, one in drawn.items()}
    ours = drawings[OURS].seconds
    rows: list[list[Value]] = []
    for name, one in drawings.items():
        timing: list[Value] = [one.seconds, ours / one.seconds]
        if name not in drawn:
            rows.append([name, *[None] * 7, *timing])
            continue
        means = [float(np.mean(values[name])) for values in (kept, trust)]
        rows.append([name, *astuple(motions[name]), *means, *timing])
    mine = motions[OURS]
    checks = [
        Check("jitter of the unchanged, median", mine.jitter, 0.02),
        Check("jitter of the unchanged, p95", mine.p95, 0.05),
        Check("AUC of displacement for moved", mine.auc, 0.995, at_most=False),
    ]
    if UMAP in drawn:
        shares = np.divide(kept[OURS], kept[UMAP])
        margins = np.subtract(trust[OURS], trust[UMAP])
        checks += [
            Check("kept / umap's, worst space", float(shares.min()), 1.0, at_most=False),
            Check("trust - umap's, worst space", float(margins.min()), -0.002, at_most=False),
            Check("seconds / umap's, each space alone", ours / drawings[UMAP].seconds, 0.25),
        ]
    notes = [EXPLAINED]
    if ALIGNED in drawings:
        theirs = drawings[ALIGNED].seconds
        checks.append(Check("seconds / AlignedUMAP's", ours / theirs, 0.02))
        notes.append(
            f"AlignedUMAP searches neighbours itself; with our search of {searching:.1f} s the "
            f"ratio is {(ours + searching) / theirs:.3f}."
            + (
                ""
                if ALIGNED in drawn
                else " It was ended at its limit, so ratios are upper bounds."
            )
        )
    return Section(case.name, COLUMNS, rows, checks, notes)


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


def judge_one(n: int, *, seed: int) -> Section:
    """Time the layout of a single space."""
    case = movers(n, 1, seed=seed)
    say(f"{case.name}: neighbours")
    graphs = case.graphs()
    drawings = _draw(case, graphs, aligned=False, only_one=True)
    ours = drawings[OURS].seconds
    rows: list[list[Value]] = [
        [name, scores.preservations(one, graphs)[0], one.seconds, ours / one.seconds]
        for name, one in drawings.items()
    ]
    limit = [
        Check("seconds / umap's", ours / one.seconds, 0.2)
        for name, one in drawings.items()
        if name == UMAP
    ]
    return Section(f"one space, {n:,} items", ("engine", "kept", "seconds", "ratio"), rows, limit)


def _draw(
    case: Case, graphs: list[NeighborGraph], *, aligned: bool, only_one: bool = False
) -> dict[str, Drawing]:
    """Draw with every engine; umap-learn unseeded and from PCA, as it is fastest so."""
    say(f"{case.name}: emblink")
    found = {OURS: timed(partial(engines.ours, case, graphs), one_frame=True)}
    if not only_one:
        found[ALONE] = timed(partial(engines.each_alone, case, graphs))
    if not engines.have_umap():
        return found
    say(f"{case.name}: umap")
    found[UMAP] = timed(partial(engines.umap, case, graphs, init="pca", seed=None))
    if not only_one:
        found[WARM] = timed(
            partial(engines.umap_from_previous, case, graphs, init="pca", seed=None)
        )
    if aligned:
        say(f"{case.name}: AlignedUMAP, for at most {engines.ALIGNED_LIMIT:.0f} s")
        found[ALIGNED] = engines.aligned_umap(case)
    return found
