"""Pairs of spaces that are clusters, of which whole clusters went, or halves, or all that bent.

A world of clusters is changed step by step, and shown before and after with noise of its own each
time, as it lies or through a random orthonormal map each time. Steps that plant a group return its
rows; a bend of the whole world and items that go alone plant none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from _planted.ours import Pair
from emblink.types import IntArray

WIDTH = 0.6
CENTRES = 2.2
PER_CLUSTER = 70
TOPS, MIDDLES, LEAVES, PER_LEAF = 4, 4, 3, 40

Floats: TypeAlias = NDArray[np.float32]
Places: TypeAlias = NDArray[np.float64]
Rng: TypeAlias = np.random.Generator


@dataclass(eq=False)
class World:
    """Where all items are.

    Attributes
    ----------
    rng : Generator
    cluster : array of shape (n_items,)
    centres : array of shape (n_clusters, n_dims)
        Of the clusters as they were drawn.
    places : array of shape (n_items, n_dims)
    """

    rng: Rng
    cluster: IntArray
    centres: Places
    places: Places

    @property
    def dims(self) -> int:
        return int(self.places.shape[1])

    def rows(self, cluster: int) -> IntArray:
        return np.flatnonzero(self.cluster == cluster)

    def any_clusters(self, count: int) -> list[int]:
        """Draw different clusters."""
        drawn: list[int] = self.rng.choice(len(self.centres), count, replace=False).tolist()
        return drawn

    def direction(self) -> Places:
        drawn = self.rng.normal(size=self.dims)
        unit: Places = drawn / np.linalg.norm(drawn)
        return unit

    def mixing(self) -> Places:
        """Draw a map of the dimensions into as many, which keeps lengths on average."""
        drawn: Places = self.rng.normal(size=(self.dims,) * 2) / np.sqrt(self.dims)
        return drawn


Step: TypeAlias = Callable[[World], list[IntArray]]
"""Changes the places of a world, and returns the rows of each group that it planted."""


@dataclass(frozen=True, kw_only=True)
class Family:
    """What to make.

    Attributes
    ----------
    world : callable
        Makes a world of a generator.
    steps : sequence of Step
        From the first space to the second.
    noise : float
        Standard deviation in every dimension of a world.
    uneven : float
        Standard deviation of the logarithm of each cluster's noise.
    dims : int or None
        Of the spaces; None shows the world as it lies.
    """

    world: Callable[[Rng], World]
    steps: Sequence[Step] = ()
    noise: float = 0.15
    uneven: float = 0.0
    dims: int | None = None


@dataclass(frozen=True, eq=False)
class Made:
    """A pair, the ascending rows of each planted group, and the cluster of each item in ``a``."""

    pair: Pair
    groups: list[IntArray]
    cluster: IntArray


def make(family: Family, *, seed: int) -> Made:
    """Make a pair of spaces, and another run of the first."""
    rng = np.random.default_rng(seed)
    world = family.world(rng)
    noises = family.noise * np.exp(family.uneven * rng.normal(size=len(world.centres)))
    show = partial(_shown, noises=noises[world.cluster], dims=family.dims, rng=rng)
    a, again = show(world.places), show(world.places)
    groups = [np.sort(rows) for step in family.steps for rows in step(world)]
    return Made(Pair(a, show(world.places), again), groups, world.cluster)


def _shown(places: Places, *, noises: Places, dims: int | None, rng: Rng) -> Floats:
    noisy = places + noises[:, None] * rng.normal(size=places.shape)
    shown = noisy if dims is None else noisy @ turn(rng, noisy.shape[1], dims)
    return np.asarray(shown, dtype=np.float32)


def turn(rng: Rng, dims: int, shown: int) -> Places:
    """Draw an orthonormal map into ``shown`` dimensions, as many as there are or more."""
    drawn: Places = np.linalg.qr(rng.normal(size=(shown, dims)))[0].T
    return drawn


def blobs(
    clusters: int,
    dims: int,
    *,
    per: int = PER_CLUSTER,
    alike: bool = False,
    centres: float = CENTRES,
) -> Callable[[Rng], World]:
    """Return what makes round clusters, of sizes that are ``alike`` or log-normal."""

    def world(rng: Rng) -> World:
        means = centres * rng.normal(size=(clusters, dims))
        sizes = np.full(clusters, per)
        if not alike:
            sizes = (per * np.exp(0.5 * rng.normal(size=clusters))).astype(int) + 20
        cluster = np.repeat(np.arange(clusters), sizes)
        drawn = rng.normal(size=(len(cluster), dims))
        return World(rng, cluster, means, means[cluster] + WIDTH * drawn)

    return world


def long_tailed(rng: Rng) -> World:
    """Make 14 clusters of 8 to 400 items in 16 dimensions, of different widths, with tails."""
    sizes = np.round(np.geomspace(8, 400, 14)).astype(int)
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    means = 1.4 * rng.normal(size=(len(sizes), 16))
    widths = 0.55 * np.exp(0.5 * rng.normal(size=len(sizes)))[cluster]
    widths *= np.exp(0.3 * rng.normal(size=len(cluster)))
    drawn = widths[:, None] * rng.normal(size=(len(cluster), 16))
    return World(rng, cluster, means, means[cluster] + drawn)


def hierarchy(dims: int) -> Callable[[Rng], World]:
    """Return what makes tight clusters in threes, these in fours, and these in fours again."""

    def world(rng: Rng) -> World:
        top = 3.0 * rng.normal(size=(TOPS, 1, 1, dims))
        middle = top + 1.2 * rng.normal(size=(TOPS, MIDDLES, 1, dims))
        leaf = middle + 0.5 * rng.normal(size=(TOPS, MIDDLES, LEAVES, dims))
        means = leaf.reshape(-1, dims)
        cluster = np.repeat(np.arange(len(means)), PER_LEAF)
        drawn = rng.normal(size=(len(cluster), dims))
        return World(rng, cluster, means, means[cluster] + 0.25 * drawn)

    return world


def cloud(rng: Rng) -> World:
    """Make 900 items of one normal distribution."""
    return World(rng, np.zeros(900, dtype=int), np.zeros((1, 16)), rng.normal(size=(900, 16)))


def merge(world: World, *, redrawn: bool = False) -> list[IntArray]:
    """Move a cluster onto another one, each item as it stood or drawn anew."""
    went, goal = world.any_clusters(2)
    rows = world.rows(went)
    if redrawn:
        drawn = world.rng.normal(size=(len(rows), world.dims))
        world.places[rows] = world.centres[goal] + WIDTH * drawn
    else:
        world.places[rows] += world.centres[goal] - world.centres[went]
    return [rows]


def put_beside(world: World) -> list[IntArray]:
    """Move a cluster beyond another one, as seen from the middle of all."""
    went, other = world.any_clusters(2)
    rows, goal = world.rows(went), world.centres[other]
    beyond = 0.5 * (goal - world.centres.mean(axis=0))
    world.places[rows] += goal + beyond - world.centres[went]
    return [rows]


def contract(world: World) -> list[IntArray]:
    """Draw a cluster together, to two fifths of its width."""
    rows = world.rows(world.any_clusters(1)[0])
    middle = world.places[rows].mean(axis=0)
    world.places[rows] = middle + 0.4 * (world.places[rows] - middle)
    return [rows]


def exchange(count: int) -> Step:
    """Return what moves so many clusters each to the place of the next."""

    def step(world: World) -> list[IntArray]:
        chosen = world.any_clusters(count)
        groups = [world.rows(cluster) for cluster in chosen]
        for rows, went, goal in zip(groups, chosen, np.roll(chosen, 1), strict=True):
            world.places[rows] += world.centres[goal] - world.centres[went]
        return groups

    return step


def shift(length: float, *, count: int = 1, share: float = 1.0) -> Step:
    """Return what shifts clusters, or a share of the items of each, every one its own way."""

    def step(world: World) -> list[IntArray]:
        chosen = [world.rng.permutation(world.rows(one)) for one in world.any_clusters(count)]
        return [_shifted(world, rows[: int(share * len(rows))], length) for rows in chosen]

    return step


def shift_of_largest(world: World) -> list[IntArray]:
    """Shift four fifths of the largest cluster."""
    rows = world.rows(int(np.bincount(world.cluster).argmax()))
    return [_shifted(world, world.rng.permutation(rows)[: 4 * len(rows) // 5], 3.5)]


def _shifted(world: World, rows: IntArray, length: float) -> IntArray:
    world.places[rows] += length * world.direction()
    return rows


def isolated(share: float) -> Step:
    """Return what moves a share of the items, each alone into some cluster."""

    def step(world: World) -> list[IntArray]:
        rows = world.rng.choice(len(world.places), round(share * len(world.places)), replace=False)
        goals = world.centres[world.rng.integers(len(world.centres), size=len(rows))]
        world.places[rows] = goals + WIDTH * world.rng.normal(size=goals.shape)
        return []

    return step


def waves(width: float) -> Step:
    """Return what adds to all places a smooth function of them, ``tanh`` of mixed dimensions."""

    def step(world: World) -> list[IntArray]:
        scale = world.places.std()
        offset = 0.5 * world.rng.normal(size=world.dims)
        wave = np.tanh(world.places / scale @ world.mixing() + offset)
        world.places = world.places + width * scale * wave @ world.mixing()
        return []

    return step


def squash(width: float) -> Step:
    """Return what draws in what lies far out along each of some rotated axes."""

    def step(world: World) -> list[IntArray]:
        reach = 0.9 * world.places.std() / width
        turned = world.places @ turn(world.rng, world.dims, world.dims)
        world.places = reach * np.tanh(turned / reach)
        return []

    return step


def squares(width: float) -> Step:
    """Return what adds to all places the squares of mixed dimensions."""

    def step(world: World) -> list[IntArray]:
        scale = world.places.std()
        squared = np.square(world.places / scale @ world.mixing())
        world.places = world.places + 0.3 * width * scale * squared @ world.mixing()
        return []

    return step
