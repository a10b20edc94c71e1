"""Real pairs: does an item's displacement tell how much its neighbourhood changed?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from _tables import Check, Section, Value, say

from _layout import engines, scores
from _layout.data import Case
from _layout.engines import ALONE, OURS, UMAP, WARM, Drawing, timed
from emblink.types import NeighborGraph

COLUMNS = (
    "pair",
    "overlap",
    "engine",
    "rho",
    "calm",
    "wild",
    "kept",
    "layout only",
    "hidden",
    "floor",
    "layout only*",
    "hidden*",
)
EXPLAINED = (
    "overlap: mean neighbourhood overlap at 15 of the common items; rho: Spearman correlation of "
    "displacement with 1 - overlap; calm, wild: median displacement of the tenth that changed "
    "least and most, in layout radii; kept: mean 2-D k-NN preservation at 15 of the two spaces; "
    "layout only: share of items that move by more than 0.02 though their neighbourhood did not "
    "change beyond the numerical floor; hidden: share that changed but does not; the same with *, "
    "beyond the engine's own movement floor, that of two drawings of a space: for Emblink among "
    "the pictures of the other spaces, for the others with another seed. Where they differ much, "
    "a floor is high, and all is hidden."
)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A case drawn by one engine, and once more with other random draws."""

    drawing: Drawing
    again: Drawing | None
    kept: list[float]


def judge(case: Case, *, peers: bool, floors: bool) -> Iterator[Section]:
    """Draw with every engine; yield the scores of all pairs, then of all spaces.

    ``floors``: draw the baselines a second time too, for a movement floor of their own.
    """
    graphs = case.graphs()
    drawn = dict(_draw(case, graphs, peers=peers, floors=floors))
    rows: list[list[Value]] = []
    checks: list[Check] = []
    for pair in case.pairs:
        name = " -> ".join(case.names[space] for space in pair)
        change = scores.change(case, pair)
        found = {who: _scores(case, one, pair, change) for who, one in drawn.items()}
        overlap = float(1 - change.amount.mean())
        rows += [[name, overlap, who, *values.values()] for who, values in found.items()]
        checks += _acceptance(name, found)
    yield Section(case.name, COLUMNS, rows, checks, [EXPLAINED])
    yield _spaces(case, drawn)


def _scores(
    case: Case, drawn: Drawn, pair: tuple[int, int], change: scores.Change
) -> dict[str, float | None]:
    moves = scores.displacement(case, drawn.drawing, pair)
    calm, wild = scores.tenths(moves, change.amount)
    seen = scores.misleading(moves, change.beyond_floor, floor=scores.VISIBLE)
    again = drawn.again
    floor = None if again is None else scores.movement_floor(drawn.drawing, again, pair)
    beyond = floor and scores.misleading(moves, change.beyond_floor, floor=floor)
    return {
        "rho": scores.spearman(moves, change.amount),
        "calm": calm,
        "wild": wild,
        "kept": float(np.mean([drawn.kept[space] for space in pair])),
        "layout only": seen.layout_only,
        "hidden": seen.hidden,
        "floor": floor,
        "layout only*": beyond.layout_only if beyond else None,
        "hidden*": beyond.hidden if beyond else None,
    }


def _acceptance(name: str, found: dict[str, dict[str, float | None]]) -> list[Check]:
    mine = found[OURS]
    others = [values["rho"] or 0.0 for who, values in found.items() if who in (UMAP, WARM)]
    checks = [
        Check(f"{name}: rho", mine["rho"], 0.55, at_most=False),
        Check(f"{name}: calm", mine["calm"], 0.03),
        Check(f"{name}: layout only", mine["layout only"], 0.05),
    ]
    if others:
        above = f"{name}: rho, above umap's"
        checks.append(Check(above, mine["rho"], max(others), at_most=False, strict=True))
    return checks


def _spaces(case: Case, drawn: dict[str, Drawn]) -> Section:
    """Preservation in every space, against the best baseline there."""
    peers = [name for name in (UMAP, WARM) if name in drawn]
    rows: list[list[Value]] = []
    checks = []
    for space, name in enumerate(case.names):
        best = max((drawn[peer].kept[space] for peer in peers), default=None)
        share = None if best is None else drawn[OURS].kept[space] / best
        rows.append([name, *(one.kept[space] for one in drawn.values()), share])
        checks.append(Check(f"{name}: kept / the best umap's", share, 0.96, at_most=False))
    columns = ("space", *drawn, "share of the best umap's")
    rows.append(["seconds", *(one.drawing.seconds for one in drawn.values()), None])
    return Section(f"{case.name}: kept", columns, rows, checks)


def _draw(
    case: Case, graphs: list[NeighborGraph], *, peers: bool, floors: bool
) -> Iterator[tuple[str, Drawn]]:
    """Draw twice with every engine; umap-learn from its spectral start, as it is best so."""
    ways = {OURS: engines.ours, ALONE: engines.each_alone}
    if peers:
        ways |= {
            UMAP: partial(engines.umap, init="spectral"),
            WARM: partial(engines.umap_from_previous, init="spectral"),
        }
    for name, way in ways.items():
        say(f"{case.name}: {name}")
        first = timed(partial(way, case, graphs, seed=0), one_frame=name == OURS)
        again = None
        if name == OURS:
            again = timed(partial(engines.ours_again, case, graphs), one_frame=True)
        elif floors:
            again = timed(partial(way, case, graphs, seed=1), one_frame=False)
        yield name, Drawn(first, again, scores.preservations(first, graphs))
