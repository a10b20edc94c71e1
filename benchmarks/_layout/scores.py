"""What is measured of pictures; every engine by the same functions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from scipy.stats import rankdata

from _layout.data import Case, K, on_common
from _layout.engines import Drawing
from emblink import projection
from emblink.measures import neighborhood_overlap, quantize_int8
from emblink.neighbors import nearest_neighbors
from emblink.projection import trustworthiness_continuity
from emblink.types import FloatArray, NeighborGraph

VISIBLE = 0.02
"""The smallest movement floor, in layout radii: about the size of a point."""
ITEM_K = 10
LAYOUT_ONLY, HIDDEN = 2, 3


def preservation(coords: FloatArray, graph: NeighborGraph) -> float:
    """Mean share of the ``K`` neighbours in the space that are neighbours in the picture."""
    _, found = KDTree(coords).query(coords, K + 1)
    own = found == np.arange(len(coords))[:, None]
    own[~own.any(axis=1), -1] = True  # among copies an item may not find itself
    indices = found[~own].reshape(len(coords), K).astype(np.int32)
    drawn = NeighborGraph(indices, np.zeros(indices.shape, np.float32), "euclidean")
    return float(neighborhood_overlap(drawn, graph, k=K).mean())


def preservations(drawing: Drawing, graphs: list[NeighborGraph]) -> list[float]:
    return [preservation(p, g) for p, g in zip(drawing.pictures, graphs, strict=True)]


def trust(case: Case, drawing: Drawing, *, queries: int) -> list[float]:
    """Mean trustworthiness of each picture over the same sampled items, among all items."""
    found = []
    for vectors, picture in zip(case.vectors, drawing.pictures, strict=True):
        n = len(vectors)
        rows = np.random.default_rng(0).choice(n, min(n, queries), replace=False)
        values, _ = trustworthiness_continuity(
            vectors, picture, metric=case.metric, k=K, queries=rows
        )
        found.append(float(values.mean(dtype=np.float64)))
    return found


def displacement(case: Case, drawing: Drawing, pair: tuple[int, int]) -> NDArray[np.float64]:
    """Distance between the two places of each common item, in layout radii."""
    rows = on_common(case, pair)
    here, there = (drawing.pictures[s][r].astype(float) for s, r in zip(pair, rows, strict=True))
    if not drawing.one_frame:
        return fitted(here, there)
    every = np.concatenate(drawing.pictures).astype(float)
    size = np.sqrt(np.sum((every - every.mean(axis=0)) ** 2, axis=1).mean())
    return np.asarray(np.linalg.norm(here - there, axis=1) / size)


def fitted(here: FloatArray, there: FloatArray) -> NDArray[np.float64]:
    """Distances after each is brought to radius 1 and the second turned onto the first."""
    here, there = (one - one.mean(axis=0) for one in (here, there))
    here, there = (one / np.sqrt((one**2).sum(axis=1).mean()) for one in (here, there))
    left, _, right = np.linalg.svd(there.T @ here)
    return np.asarray(np.linalg.norm(here - there @ left @ right, axis=1))


def auc(values: FloatArray, positive: NDArray[np.bool_]) -> float:
    """Chance that a positive item has the larger value; ties count half."""
    n_true, n_false = int(positive.sum()), int((~positive).sum())
    above = rankdata(values)[positive].sum() - n_true * (n_true + 1) / 2
    return float(above / (n_true * n_false))


def spearman(a: FloatArray, b: FloatArray) -> float:
    """Rank correlation; 0 where one of them is constant."""
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    return float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])


@dataclass(frozen=True, eq=False)
class Change:
    """What really changed between the spaces of a pair, per common item, restricted before k-NN."""

    amount: NDArray[np.float64]
    beyond_floor: NDArray[np.bool_]
    threshold: float


def change(case: Case, pair: tuple[int, int]) -> Change:
    """Compare the neighbourhoods of the common items.

    ``amount`` is 1 - overlap at 15. An item changed beyond the floor when its overlap at 10 is
    below the 5th percentile of that between a space and its 8-bit copy, mean of both spaces.
    """
    sides = [case.vectors[s][rows] for s, rows in zip(pair, on_common(case, pair), strict=True)]
    graphs = [nearest_neighbors(side, k=K, metric=case.metric) for side in sides]
    copies = [
        nearest_neighbors(quantize_int8(side, metric=case.metric), k=ITEM_K, metric=case.metric)
        for side in sides
    ]
    floors = [
        neighborhood_overlap(graph, copy, k=ITEM_K)
        for graph, copy in zip(graphs, copies, strict=True)
    ]
    threshold = float(np.mean([np.percentile(floor, 5) for floor in floors]))
    overlap = neighborhood_overlap(*graphs, k=ITEM_K)
    return Change(
        1 - neighborhood_overlap(*graphs, k=K).astype(float),
        np.asarray((overlap < threshold) & (overlap < 1)),
        threshold,
    )


def movement_floor(drawing: Drawing, again: Drawing, pair: tuple[int, int]) -> float:
    """95th percentile of displacement between two drawings of a space; the visible step at least.

    The mean of the pair's two spaces.
    """
    spreads = [
        np.percentile(
            fitted(drawing.pictures[s].astype(float), again.pictures[s].astype(float)), 95
        )
        for s in pair
    ]
    return max(VISIBLE, float(np.mean(spreads)))


@dataclass(frozen=True)
class Misleading:
    """Shares of items whose motion does not mean change."""

    layout_only: float
    hidden: float


def misleading(moves: FloatArray, changed: NDArray[np.bool_], *, floor: float) -> Misleading:
    """Return who moved beyond the floor though nothing changed, and who changed but looks still."""
    classify = getattr(projection, "classify_moves", None)
    if classify is None:
        moved = moves > floor
        return Misleading(float(np.mean(moved & ~changed)), float(np.mean(changed & ~moved)))
    codes = classify(moves.astype(np.float32), changed, floor=floor)
    return Misleading(float(np.mean(codes == LAYOUT_ONLY)), float(np.mean(codes == HIDDEN)))


def tenths(moves: FloatArray, amount: FloatArray) -> tuple[float, float]:
    """Median displacement of the tenth of items that changed least, and of that changed most."""
    order = np.argsort(amount, kind="stable")
    tenth = max(1, len(order) // 10)
    return float(np.median(moves[order[:tenth]])), float(np.median(moves[order[-tenth:]]))
