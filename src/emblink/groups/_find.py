"""Change groups: items of two spaces that changed together, by more than noise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress, silent
from emblink.errors import GraphMismatchError
from emblink.groups._carried import Carried, carried
from emblink.groups._communities import JOINS, SMALLEST
from emblink.groups._density import densities
from emblink.groups._explain import Found
from emblink.groups._kinds import group_evidence, group_type, is_as_surrounded, spread_of
from emblink.groups._storage import SINGLE
from emblink.groups._strays import strays
from emblink.groups._tested import CLEAR, Piece, Test, heavy_pieces
from emblink.groups._unmoved import Unmoved, unmoved
from emblink.kernels import list_ranks
from emblink.types import GroupFloor, GroupType, NeighborGraph

NEIGHBORS = 30
PERMUTATIONS = 59
FEWEST_ITEMS = 60
SURROUNDINGS = 50
"""Neighbours that changes of density are told from coming and going by."""
"""Of fewer, half would be fitted by as many numbers as there are items."""

Floats = NDArray[np.float32]
Lists = tuple[NDArray[np.int32], NDArray[np.int32]]


@dataclass(frozen=True, eq=False)
class Surroundings:
    """One of two spaces, over their common items.

    Attributes
    ----------
    points : array of shape (n_items, n_dims), float32
        By :func:`principal_points`.
    graph : NeighborGraph
        30 neighbours or more; with 50, changes of density are told from coming and going.
    reruns : sequence of arrays of shape (n_items, n_dims), float32
        Points of other runs of the same recipe.
    rounding : array of shape (n_items,), float32, or None
        By :func:`storage_rounding`; None where the vectors were float32, about their mean.
    """

    points: Floats
    graph: NeighborGraph
    reruns: Sequence[Floats] = field(default_factory=tuple)
    rounding: Floats | None = None


@dataclass(frozen=True, eq=False)
class Changes:
    """What changed together between two spaces.

    Attributes
    ----------
    groups : list of Found
        The heaviest first; no item is in two.
    evidence : array of shape (n_items,), float32
        How far each strayed together with its neighbours, in standard scores, at most 8.
    residuals : array of shape (n_items, n_dims), float32
    n_strayed : int
        Items whose evidence exceeds 1.
    fit : float
        Share of the variance of ``b`` that the map from ``a`` explains, at most 1.
    floor_kind : {"replicate", "neighbors"}
        What noise was told by.
    n_permutations : int
    """

    groups: list[Found]
    evidence: Floats
    residuals: Floats
    n_strayed: int
    fit: float
    floor_kind: GroupFloor
    n_permutations: int


def change_groups(
    a: Surroundings,
    b: Surroundings,
    *,
    among: NDArray[np.bool_] | None = None,
    same: bool = False,
    n_permutations: int = PERMUTATIONS,
    seed: int = 0,
    progress: Progress = silent,
) -> Changes:
    """Find the items that changed together from ``a`` to ``b``.

    Parameters
    ----------
    a, b : Surroundings
        Over the same items in the same order, 60 or more.
    among : array of shape (n_items,), bool, optional
        Only these may be members; residuals are then dealt among them alone.
    same : bool
        Whether the spaces are known to be the same, so that nothing moved.
    n_permutations : int
        Times that the residuals are dealt to the items at random.
    seed : int
    progress : callable
        Called with ``(done, total)``; raise from it to cancel.

    Returns
    -------
    Changes
        Groups of 8 items or more with ``p < 0.05`` and a mean evidence of 1.5 or more, whose
        neighbours are not what they were. Invariant to rotation, scale and shift of either space,
        and to its number of dimensions; independent of the number of threads. Another order of the
        items deals the halves and the permutations differently: give them in an order of their own.

    Raises
    ------
    GraphMismatchError
        The spaces cover different items, or fewer than 60, or a graph holds too few neighbours.

    Notes
    -----
    Residuals of a cross-fitted robust map (:func:`unexplained`), over the noise around each item
    (:func:`strays`), agreed by neighbours (:func:`evidence`), divided into communities
    (:func:`communities`), whose mass is compared with the greatest that arises when residuals are
    dealt at random. Then the same for density, among the items that are in no group.

    What one map of the whole space takes to its place to within the rounding of the numbers
    (:func:`unmoved`) strayed nowhere, whatever else is left of it.

    Misleads where most items change alike, which the map then takes for granted; and without a
    replicate, where one region of both spaces is far noisier than all others. Time and memory
    ``O(n_items * (k + n_dims))``, and 60 times what dividing the strayed items takes.
    """
    lists = _checked(a, b)
    n_items = len(a.points)
    eligible = np.ones(n_items, dtype=bool) if among is None else among
    folds = np.random.default_rng(seed).permutation(n_items) % 2 == 1
    total = 3 * n_permutations

    def test(step: int, rows: NDArray[np.bool_]) -> Test:
        done = step * n_permutations
        return Test(lists, rows, n_permutations, seed, lambda at, _: progress(done + at, total))

    still, reruns = _unmoved(a, b, same=same), (a.reruns, b.reruns)
    whole = [] if still.told.all() else carried(a.points, b.points, lists, reruns=reruns, seed=seed)
    away = _mask(whole, n_items)
    found = strays(
        a.points, b.points, lists, folds=folds, reruns=reruns, unmoved=still.told, away=away
    )
    proof, moved = heavy_pieces(
        found.z, found.residuals, test(0, eligible & ~away), along=found.drift
    )
    moved = [*_pieces(whole, proof, eligible), *moved]
    kept = list_ranks(*lists) > 0, list_ranks(*lists[::-1]) > 0
    usual, residuals = float(kept[0].mean()), found.residuals
    moved[len(whole) :] = [
        one
        for one in moved[len(whole) :]
        if not is_as_surrounded(one.members, lists, kept, usual=usual, residuals=residuals)
    ]
    taken = _mask(moved, n_items)
    change, z = densities(a.graph, b.graph, a.points, folds=folds, taken=taken)
    calm = still.turned & still.turned[lists[0]].all(axis=1) & still.turned[lists[1]].all(axis=1)
    change[calm] = z[calm] = 0.0
    denser, contracted = heavy_pieces(z, None, test(1, eligible & ~taken))
    sparser, expanded = heavy_pieces(-z, None, test(2, eligible & ~taken))
    progress(total, total)

    pieces = [*moved, *contracted, *expanded]
    dense: list[GroupType | None] = ["contracted", "expanded"]
    sizes = [len(moved), len(contracted), len(expanded)]
    named = [kind for kind, size in zip([None, *dense], sizes, strict=True) for _ in range(size)]
    points = (a.points, b.points)
    spreads = spread_of(a.points), spread_of(b.points)
    groups = []
    for piece, kind in zip(pieces, named, strict=True):
        facts = group_evidence(
            piece.members,
            lists,
            points,
            spreads=spreads,
            residuals=residuals,
            density_change=change,
        )
        kind = kind or group_type(facts, piece.members, lists, b.points, spread=spreads[1])
        groups.append(Found(piece.members, kind, piece.mass, piece.p, facts))
    for proven, pieces in ((denser, contracted), (sparser, expanded)):
        inside = _mask(pieces, n_items)
        proof[inside] = np.maximum(proof, proven)[inside]
    return Changes(
        groups=sorted(groups, key=lambda one: (-one.mass, int(one.members[0]))),
        evidence=proof,
        residuals=residuals,
        n_strayed=int(np.count_nonzero((proof > JOINS) & eligible)),
        fit=found.fit,
        floor_kind="replicate" if a.reruns or b.reruns else "neighbors",
        n_permutations=n_permutations,
    )


def _unmoved(a: Surroundings, b: Surroundings, *, same: bool) -> Unmoved:
    if same:
        everything = np.ones(len(a.points), dtype=bool)
        return Unmoved(everything, everything)
    return unmoved(a.points, b.points, rounding=(_rounding(a), _rounding(b)))


def _rounding(side: Surroundings) -> Floats:
    if side.rounding is not None:
        return side.rounding
    lengths = np.sqrt(np.einsum("ij,ij->i", side.points, side.points))
    return np.asarray(SINGLE * (1.0 + lengths), dtype=np.float32)


def _pieces(
    whole: Sequence[Carried], proof: Floats, eligible: NDArray[np.bool_]
) -> Iterator[Piece]:
    """Weigh the clusters that were carried, as far as their items may be members."""
    for one in whole:
        rows = one.members[eligible[one.members]]
        proof[rows] = np.maximum(proof[rows], CLEAR)
        if len(rows) >= SMALLEST:
            mass = float(proof[rows].sum(dtype=np.float64)) - JOINS * len(rows)
            yield Piece(rows, mass, one.p)


def _mask(pieces: Sequence[Piece | Carried], n_items: int) -> NDArray[np.bool_]:
    inside = np.zeros(n_items, dtype=bool)
    for piece in pieces:
        inside[piece.members] = True
    return inside


def _checked(a: Surroundings, b: Surroundings) -> Lists:
    sizes = {len(one) for side in (a, b) for one in (side.points, side.graph.indices, *side.reruns)}
    if len(sizes) > 1:
        raise GraphMismatchError(
            f"points, graphs and replicates cover {sorted(sizes)} items; give all of the same ones"
        )
    (n_items,) = sizes
    if n_items < FEWEST_ITEMS:
        raise GraphMismatchError(
            f"change groups are sought among {FEWEST_ITEMS} items or more, not {n_items}"
        )
    held = min(side.graph.indices.shape[1] for side in (a, b))
    if held < NEIGHBORS:
        raise GraphMismatchError(
            f"a graph holds {held} neighbours; change groups look at {NEIGHBORS}"
        )
    first, second = (
        np.ascontiguousarray(side.graph.indices[:, :NEIGHBORS], dtype=np.int32) for side in (a, b)
    )
    return first, second
