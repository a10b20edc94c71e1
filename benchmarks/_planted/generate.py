"""Pairs of synthetic spaces in which some groups of items changed together, and which.

Items live in a latent space of 24 dimensions: clusters with sizes proportional to rank^-0.6, their
centres on a sphere of radius 3, each spread at root mean square radius 1 along its own four axes.
``a`` shows the items as they are and ``b`` after the changes, each with noise of its own in all 24
dimensions and through its own random orthonormal map, scales of axes, scale and offset.

Changes, of 25 to 150 items each:

- *move*: part of a cluster, each item as it stood, goes to a new place on the sphere;
- *split*: part of a cluster is shifted off it, by 2.5;
- *merge*: part of a cluster spreads in another one as that one's own items do;
- *scatter*: of part of a cluster, each item goes to a random place in a random cluster;
- *gather*: items from everywhere come together in a new place.

A part of a cluster is a random member with its nearest others. Besides, 2 % of the items go alone,
each into a random other cluster: decoys, which no group may be made of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from emblink.types import FloatArray, IntArray

LATENT, OWN_AXES = 24, 4
RADIUS = 3.0
SPLIT = 2.5
DIMS_A, DIMS_B = 128, 192
SMALLEST, LARGEST = 25, 150
ITEMS_A_CLUSTER = 125
DECOYS = 0.02
BIG = 0.3
CONTRACTED = 0.35
APART = 20.0

Kind = Literal["move", "merge", "split", "scatter", "gather", "contract", "big"]
FIVE: tuple[Kind, ...] = ("move", "merge", "split", "scatter", "gather")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What to make.

    Attributes
    ----------
    n : int
    changes : tuple of Kind
        One group each.
    noise : float
        Standard deviation in every latent dimension, in units of that of a cluster along its own
        axes (0.5).
    decoys : float
        Share of the items that go alone.
    uneven : float
        Standard deviation of the logarithm of each cluster's noise.
    warp : bool
        Whether ``b`` is bent by ``s · tanh(x / s)`` in rotated coordinates, with ``s`` one and a
        half of their standard deviation.
    turned : bool
        Whether a cluster of ``b`` is rotated in its place: no group.
    partial : float
        Share of the items that each space lacks.
    """

    n: int = 5000
    changes: tuple[Kind, ...] = FIVE * 2
    noise: float = 0.25
    decoys: float = DECOYS
    uneven: float = 0.0
    warp: bool = False
    turned: bool = False
    partial: float = 0.0

    def nothing(self) -> Recipe:
        """Return the same without any change."""
        return replace(self, changes=(), decoys=0.0, turned=False)


@dataclass(frozen=True, eq=False)
class Planted:
    """Two spaces over their common items, and what was planted.

    Attributes
    ----------
    a, b, again : arrays of shape (n_items, n_dims), float32
        ``again`` is another run of ``a``: the same items, other noise, another map.
    groups : list of arrays
        Ascending rows of each planted group.
    kinds : list of Kind
    cluster : array of shape (n_items,)
        The cluster of each item in ``a``.
    decoys : array
        Rows of the items that went alone.
    """

    a: NDArray[np.float32]
    b: NDArray[np.float32]
    again: NDArray[np.float32]
    groups: list[IntArray]
    kinds: list[Kind]
    cluster: IntArray
    decoys: IntArray


@dataclass(frozen=True, eq=False)
class Apart:
    """Two spaces of several worlds, one after the other, and the rows of the planted groups."""

    a: NDArray[np.float32]
    b: NDArray[np.float32]
    groups: list[IntArray]


@dataclass(frozen=True, eq=False)
class _Changed:
    """The latent places of all items before and after the changes, not yet shown."""

    before: FloatArray
    after: FloatArray
    noises: FloatArray
    groups: list[IntArray]
    decoys: IntArray
    cluster: IntArray


@dataclass(eq=False)
class _World:
    """The latent places of all items, and which were taken by a change."""

    rng: np.random.Generator
    cluster: IntArray
    centres: FloatArray
    frames: FloatArray
    places: FloatArray
    free: NDArray[np.bool_]

    def own(self, clusters: IntArray) -> FloatArray:
        """Draw places as the items of these clusters have them."""
        drawn = self.rng.normal(size=(len(clusters), OWN_AXES)) / np.sqrt(OWN_AXES)
        spread: FloatArray = np.einsum("nij,nj->ni", self.frames[clusters], drawn)
        return self.centres[clusters] + spread

    def part(self, size: int) -> IntArray:
        """Take a random free item with its nearest in its cluster, of a cluster large enough."""
        held = np.bincount(self.cluster[self.free], minlength=len(self.centres))
        large = np.flatnonzero(held >= 1.3 * size)
        if not len(large):
            large, size = np.array([held.argmax()]), int(held.max() / 1.3)
        chosen = self.rng.choice(large, p=held[large] / held[large].sum())
        members = np.flatnonzero((self.cluster == chosen) & self.free)
        around = self.places[self.rng.choice(members)]
        far = np.linalg.norm(self.places[members] - around, axis=1)
        return self._take(members[np.argsort(far)[:size]])

    def anyone(self, size: int) -> IntArray:
        """Take free items at random."""
        return self._take(self.rng.choice(np.flatnonzero(self.free), size, replace=False))

    def whole_clusters(self, size: int) -> IntArray:
        """Take whole clusters, in random order, up to a number of items."""
        order = self.rng.permutation(len(self.centres))
        within = np.cumsum(np.bincount(self.cluster, minlength=len(order))[order]) <= size
        return self._take(np.flatnonzero(np.isin(self.cluster, order[within]) & self.free))

    def _take(self, rows: IntArray) -> IntArray:
        self.free[rows] = False
        return np.sort(rows)

    def direction(self) -> FloatArray:
        drawn = self.rng.normal(size=LATENT)
        unit: FloatArray = drawn / np.linalg.norm(drawn)
        return unit


def generate(recipe: Recipe, *, seed: int) -> Planted:
    """Make a pair of spaces, and another run of the first."""
    rng = np.random.default_rng(seed)
    made = _changed(recipe, rng)
    a, again = (_emitted(made.before, made.noises, dims=DIMS_A, rng=rng) for _ in range(2))
    b = _emitted(made.after, made.noises, dims=DIMS_B, rng=rng)
    keep = rng.random((2, recipe.n)).min(axis=0) >= recipe.partial / 2
    place = np.cumsum(keep) - 1
    return Planted(
        a[keep],
        b[keep],
        again[keep],
        [place[group[keep[group]]] for group in made.groups],
        [*recipe.changes],
        made.cluster[keep],
        place[made.decoys[keep[made.decoys]]],
    )


def generate_apart(recipe: Recipe, *, worlds: int, seed: int) -> Apart:
    """Make a pair of so many worlds, each by the recipe, with all neighbours in their own world.

    ``recipe.n`` is the number of items of each; no item is lacking.
    """
    rng = np.random.default_rng(seed)
    made = [_changed(recipe, rng) for _ in range(worlds)]
    away = _apart(worlds, rng)
    before, after = (
        np.concatenate([places + shift for places, shift in zip(all_places, away, strict=True)])
        for all_places in ([one.before for one in made], [one.after for one in made])
    )
    noises = np.concatenate([one.noises for one in made])
    return Apart(
        _emitted(before, noises, dims=DIMS_A, rng=rng),
        _emitted(after, noises, dims=DIMS_B, rng=rng),
        [world * recipe.n + group for world, one in enumerate(made) for group in one.groups],
    )


def _apart(count: int, rng: np.random.Generator) -> FloatArray:
    """Draw places far from the middle, each the farthest from those before of a hundred."""
    found = np.empty((0, LATENT))
    for _ in range(count):
        drawn = rng.normal(size=(100, LATENT))
        drawn *= APART / np.linalg.norm(drawn, axis=1, keepdims=True)
        nearest = np.linalg.norm(drawn[:, None] - found, axis=2).min(axis=1, initial=np.inf)
        found = np.vstack([found, drawn[nearest.argmax()]])
    return found


def _changed(recipe: Recipe, rng: np.random.Generator) -> _Changed:
    world = _world(recipe.n, rng)
    before = world.places.copy()
    groups = [_change(world, kind) for kind in recipe.changes]
    decoys = world.anyone(round(recipe.decoys * recipe.n))
    world.places[decoys] = world.own(_others(world, decoys))
    if recipe.turned:
        _turn(world)
    noise = recipe.noise / np.sqrt(OWN_AXES)
    noises = noise * np.exp(recipe.uneven * rng.normal(size=len(world.centres)))[world.cluster]
    after = _bent(world.places, rng) if recipe.warp else world.places
    return _Changed(before, after, noises, groups, decoys, world.cluster)


def _world(n: int, rng: np.random.Generator) -> _World:
    n_clusters = max(8, n // ITEMS_A_CLUSTER)
    share = np.arange(1, n_clusters + 1) ** -0.6
    cluster: IntArray = rng.choice(n_clusters, size=n, p=share / share.sum())
    centres = rng.normal(size=(n_clusters, LATENT))
    centres *= RADIUS / np.linalg.norm(centres, axis=1, keepdims=True)
    frames = np.stack(
        [np.linalg.qr(rng.normal(size=(LATENT, OWN_AXES)))[0] for _ in range(n_clusters)]
    )
    scales = np.exp(0.3 * rng.normal(size=(n_clusters, 1, OWN_AXES)))
    frames *= scales / np.sqrt((scales**2).mean(axis=2, keepdims=True))
    world = _World(rng, cluster, centres, frames, np.empty(0), np.ones(n, bool))
    world.places = world.own(cluster)
    return world


def _change(world: _World, kind: Kind) -> IntArray:
    size = int(world.rng.integers(SMALLEST, LARGEST + 1))
    if kind == "gather":
        rows = world.anyone(size)
        spread = world.rng.normal(size=(size, LATENT)) * (0.5 / np.sqrt(LATENT))
        world.places[rows] = RADIUS * world.direction() + spread
        return rows
    if kind == "big":
        rows = world.whole_clusters(round(BIG * len(world.cluster)))
        world.places[rows] += RADIUS * world.direction()
        return rows
    rows = world.part(size)
    home = world.cluster[rows[0]]
    if kind == "move":
        world.places[rows] += RADIUS * world.direction() - world.centres[home]
    elif kind == "split":
        world.places[rows] += SPLIT * world.direction()
    elif kind == "contract":
        middle = world.places[rows].mean(axis=0)
        world.places[rows] = middle + CONTRACTED * (world.places[rows] - middle)
    elif kind == "merge":
        goal = _others(world, rows[:1])
        world.places[rows] = world.own(np.repeat(goal, len(rows)))
    else:
        world.places[rows] = world.own(_others(world, rows))
    return rows


def _others(world: _World, rows: IntArray) -> IntArray:
    """Draw a random other cluster for each item."""
    n_clusters = len(world.centres)
    step = world.rng.integers(1, n_clusters, size=len(rows))
    return np.asarray((world.cluster[rows] + step) % n_clusters)


def _turn(world: _World) -> None:
    chosen = world.rng.integers(len(world.centres))
    rows = np.flatnonzero((world.cluster == chosen) & world.free)
    turn, _ = np.linalg.qr(world.rng.normal(size=(LATENT, LATENT)))
    middle = world.centres[chosen]
    world.places[rows] = middle + (world.places[rows] - middle) @ turn


def _bent(places: FloatArray, rng: np.random.Generator) -> FloatArray:
    turn, _ = np.linalg.qr(rng.normal(size=(LATENT, LATENT)))
    turned = places @ turn
    reach = 1.5 * turned.std()
    bent: FloatArray = reach * np.tanh(turned / reach)
    return bent


def _emitted(
    places: FloatArray, noises: FloatArray, *, dims: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    noisy = places + noises[:, None] * rng.normal(size=places.shape)
    noisy *= np.exp(0.2 * rng.normal(size=LATENT))
    emit, _ = np.linalg.qr(rng.normal(size=(dims, LATENT)))
    shown = np.exp(rng.normal()) * (noisy @ emit.T + rng.normal(size=dims))
    return np.asarray(shown, dtype=np.float32)
