"""Change groups: items of two spaces that changed together, by more than noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from emblink.compute import Progress, silent
from emblink.errors import GraphMismatchError
from emblink.groups._carried import Carried, carried
from emblink.groups._cells import Cells, cells
from emblink.groups._communities import JOINS
from emblink.groups._density import densities
from emblink.groups._edges import is_edge
from emblink.groups._explain import Found
from emblink.groups._kinds import group_evidence, group_type, spread_of
from emblink.groups._reconciled import elsewhere, reconciled
from emblink.groups._stands_out import that_stand_out
from emblink.groups._storage import SINGLE
from emblink.groups._strays import strays
from emblink.groups._tested import Piece, Test, heavy_pieces
from emblink.groups._unmoved import Unmoved, unmoved
from emblink.kernels import list_ranks
from emblink.types import GroupFloor, GroupType, NeighborGraph

NEIGHBORS = 30
PERMUTATIONS = 59
FEWEST_ITEMS = 60
SURROUNDINGS = 50
_SOME_WAY = 0.4
"""Least agreement of members that moved: noise and folds go no way."""
"""Neighbours that changes of density are told from coming and going by."""
"""Of fewer, half would be fitted by as many numbers as there are items."""

Floats = NDArray[np.float32]
Lists = tuple[NDArray[np.int32], NDArray[np.int32]]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Surroundings:
    """One of two spaces, over their common items.

    Attributes
    ----------
    points : array of shape (n_items, n_dims), float32
        By :func:`principal_points`.
    graph : NeighborGraph
        30 neighbours or more; with 50, changes of density are told from coming and going.
    other_runs : sequence of arrays of shape (n_items, n_dims), float32
        Points of other runs of the same recipe.
    rounding : array of shape (n_items,), float32, or None
        By :func:`storage_rounding`; None where the vectors were float32, about their mean.
    """

    points: Floats
    graph: NeighborGraph
    other_runs: Sequence[Floats] = field(default_factory=tuple)
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
        Only these may be members; residuals are then permuted among them alone.
    same : bool
        Whether the spaces are known to be the same, so that nothing moved.
    n_permutations : int
        Times that the residuals are permuted among the items.
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
    dealt at random. Besides, whole clusters that stand elsewhere among the others
    (:func:`carried`), which such a map follows wherever they go. Then the same for density, among
    the items that are in no group, as far as it changed more than it does in other cells.

    What one map of the whole space takes to its place to within the rounding of the numbers
    (:func:`unmoved`) strayed nowhere, whatever else is left of it.

    Misleads where most items change alike, which the map then takes for granted; and without a
    replicate, where one region of both spaces is far noisier than all others. Time and memory
    ``O(n_items * (k + n_dims))``, and 60 times what dividing the strayed items takes.
    """
    lists = _checked(a, b)
    n_items = len(a.points)
    eligible = np.ones(n_items, dtype=bool) if among is None else among
    total = 3 * n_permutations

    def test(step: int, rows: Mask) -> Test:
        done = step * n_permutations
        return Test(lists, rows, n_permutations, seed, lambda at, _: progress(done + at, total))

    still, divided = _unmoved(a, b, same=same), cells(lists, seed=seed)
    moved = _moved(a, b, divided, test(0, eligible), still=still)
    taken = _mask(moved.pieces, n_items)
    dense = _dense(
        a,
        b,
        divided,
        (test(1, eligible & ~taken), test(2, eligible & ~taken)),
        still=still,
        residuals=moved.residuals,
        taken=taken,
    )
    progress(total, total)
    item_evidence = moved.item_evidence
    inside = _mask(dense.pieces, n_items)
    item_evidence[inside] = np.maximum(item_evidence, dense.item_evidence)[inside]
    groups = _named(a, b, lists, moved, dense)
    return Changes(
        groups=sorted(groups, key=lambda one: (-one.mass, int(one.members[0]))),
        evidence=item_evidence,
        residuals=moved.residuals,
        n_strayed=int(np.count_nonzero((item_evidence > JOINS) & eligible)),
        fit=moved.fit,
        floor_kind="replicate" if a.other_runs or b.other_runs else "neighbors",
        n_permutations=n_permutations,
    )


@dataclass(frozen=True, eq=False)
class _Moved:
    """What went elsewhere, in pieces, and how far each item strayed."""

    pieces: list[Piece]
    item_evidence: Floats
    residuals: Floats
    fit: float


@dataclass(frozen=True, eq=False)
class _Dense:
    """What came closer together, and what drew apart, in pieces."""

    contracted: list[Piece]
    expanded: list[Piece]
    item_evidence: Floats
    change: Floats

    @property
    def pieces(self) -> list[Piece]:
        return [*self.contracted, *self.expanded]


def _moved(
    a: Surroundings, b: Surroundings, divided: Cells, test: Test, *, still: Unmoved
) -> _Moved:
    lists, other_runs = test.lists, (a.other_runs, b.other_runs)
    whole = [] if still.told.all() else carried(a.points, b.points, divided, other_runs=other_runs)
    away = _mask(whole, len(a.points))
    folds = np.random.default_rng(test.seed).permutation(len(a.points)) % 2 == 1
    found = strays(
        a.points,
        b.points,
        lists,
        folds=folds,
        other_runs=other_runs,
        unmoved=still.told,
        away=away,
        seed=test.seed,
    )
    item_evidence, pieces = heavy_pieces(
        found.z, found.residuals, test, along=found.drift, away=away
    )
    kept = list_ranks(*lists) > 0, list_ranks(*lists[::-1]) > 0
    pieces = elsewhere(pieces, lists, kept, residuals=found.residuals, away=away)
    whole = [one for one in whole if not is_edge(one.members, lists, found.residuals)]
    return _Moved(
        reconciled(pieces, whole, item_evidence, test.eligible),
        item_evidence,
        found.residuals,
        found.fit,
    )


def _dense(
    a: Surroundings,
    b: Surroundings,
    divided: Cells,
    tests: tuple[Test, Test],
    *,
    still: Unmoved,
    residuals: Floats,
    taken: Mask,
) -> _Dense:
    first, second = tests[0].lists
    change, z = densities(
        (a.graph, b.graph),
        (a.points, b.points),
        residuals,
        cells=divided,
        taken=taken,
        seed=tests[0].seed,
    )
    calm = still.turned & still.turned[first].all(axis=1) & still.turned[second].all(axis=1)
    change[calm] = z[calm] = 0.0
    denser, contracted = heavy_pieces(z, None, tests[0])
    sparser, expanded = heavy_pieces(-z, None, tests[1])
    told = that_stand_out(
        [one.members for one in (*contracted, *expanded)], change[:, None], divided
    )
    clear = iter(told)
    return _Dense(
        [one for one in contracted if next(clear)],
        [one for one in expanded if next(clear)],
        np.maximum(denser, sparser),
        change,
    )


def _named(
    a: Surroundings, b: Surroundings, lists: Lists, moved: _Moved, dense: _Dense
) -> list[Found]:
    points = (a.points, b.points)
    spreads = spread_of(a.points), spread_of(b.points)
    given: dict[GroupType | None, list[Piece]] = {
        None: moved.pieces,
        "contracted": dense.contracted,
        "expanded": dense.expanded,
    }
    groups = []
    for kind, pieces in given.items():
        for piece in pieces:
            facts = group_evidence(
                piece.members,
                lists,
                points,
                spreads=spreads,
                residuals=moved.residuals,
                density_change=dense.change,
            )
            told = kind or group_type(facts, piece.members, lists, b.points, spread=spreads[1])
            if told != "moved" or facts["agreement"] >= _SOME_WAY:
                beside = _outside(piece.members, points) if told == "carried" else None
                groups.append(Found(piece.members, told, piece.mass, piece.p, facts, beside))
    return groups


def _outside(
    members: NDArray[np.int64], points: tuple[Floats, Floats]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the other items that are nearest to the middle of a group, in both spaces."""
    first, second = (
        np.argsort(_from_middle(members, one), kind="stable")[:NEIGHBORS] for one in points
    )
    return first, second


def _from_middle(members: NDArray[np.int64], points: Floats) -> NDArray[np.float64]:
    off = points - points[members].mean(axis=0)
    lengths = np.einsum("ij,ij->i", off, off, dtype=np.float64)
    lengths[members] = np.inf
    return np.asarray(lengths)


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


def _mask(pieces: Sequence[Piece | Carried], n_items: int) -> Mask:
    inside = np.zeros(n_items, dtype=bool)
    for piece in pieces:
        inside[piece.members] = True
    return inside


def _checked(a: Surroundings, b: Surroundings) -> Lists:
    sizes = {
        len(one) for side in (a, b) for one in (side.points, side.graph.indices, *side.other_runs)
    }
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
