"""Pairs of spaces like a classifier's: few tight classes in few dimensions, nothing planted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import TypeAlias

import numpy as np

from _planted.clustered import Places, Rng, Step, World, squares, squash, waves
from _planted.ours import Pair

WIDTH, APART, PER = 0.3, 4.0, 180

Change: TypeAlias = Callable[[World], Places]
"""Takes a world, and returns where its items are shown."""


def simplex(rng: Rng, count: int) -> World:
    """Stand tight classes at the corners of a simplex."""
    corners = APART * (np.eye(count) - 1 / count)
    flat = np.linalg.svd(corners)[2][: count - 1].T
    cluster = np.repeat(np.arange(count), PER)
    places = (corners[cluster] + WIDTH * rng.normal(size=(len(cluster), count))) @ flat
    return World(rng, cluster, corners @ flat, places)


def layer(width: float) -> Step:
    """Return what adds the output of a random network of one layer."""

    def step(world: World) -> list[np.ndarray]:
        scale, dims = world.places.std(), world.dims
        into = world.rng.normal(size=(dims, 4 * dims)) / np.sqrt(dims)
        shift = 0.3 * world.rng.normal(size=4 * dims)
        back = world.rng.normal(size=(4 * dims, dims)) / np.sqrt(2 * dims)
        active = np.maximum(world.places / scale @ into + shift, 0)
        world.places = world.places + width * scale * active @ back
        return []

    return step


def around(world: World) -> Places:
    """Show items with noise of half the width of their class."""
    return world.places + 0.5 * WIDTH * world.rng.normal(size=world.places.shape)


def in_few_dims(world: World, *, dims: int) -> Places:
    """Show items with noise in a few directions, wider than a class."""
    ways = np.linalg.qr(np.random.default_rng(dims).normal(size=(world.dims, dims)))[0].T
    drawn: Places = 0.5 * world.rng.normal(size=(len(world.places), dims)) @ ways
    return world.places + drawn


BENDS: dict[str, Step] = {
    "waves .6": waves(0.6),
    "squashed 1.2": squash(1.2),
    "squares .6": squares(0.6),
    "a layer, .8": layer(0.8),
}
NOISES: dict[str, Change] = {
    "noise in 1 dim": partial(in_few_dims, dims=1),
    "noise in 2 dims": partial(in_few_dims, dims=2),
}


def pair(count: int, bend: Step | None, shown: Change, seed: int) -> Pair:
    """Show a world before and after a bend, and before it again."""
    world = simplex(np.random.default_rng(seed), count)
    a, again = shown(world), shown(world)
    if bend is not None:
        bend(world)
    first, second, other = (one.astype(np.float32) for one in (a, shown(world), again))
    return Pair(first, second, other)


NOTHING: dict[str, Callable[[int], Pair]] = {
    f"{name}, {count} classes": partial(pair, count, bend, shown)
    for count, (name, bend, shown) in product(
        (4, 5, 6),
        [
            *((name, bend, around) for name, bend in BENDS.items()),
            *((name, None, shown) for name, shown in NOISES.items()),
        ],
    )
}
