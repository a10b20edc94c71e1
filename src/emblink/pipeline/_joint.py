"""The step that lays all spaces out together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from emblink.bundle import Stage
from emblink.compute import let_go
from emblink.pipeline._kept import UNIT, kept_pictures
from emblink.pipeline._run import Run, graph_of
from emblink.pipeline._spaces import STORED_NEIGHBORS
from emblink.projection import Landmarks, TakenAlong, drawn_again, extended_layout, joint_layout
from emblink.types import AnyArray, IntArray, NeighborGraph

LAYOUT_NEIGHBORS = 15
MOST_LAID_OUT = 1_000_000
"""Of more items a random sample of so many is laid out, and the others are placed among them."""
LANDMARKS = "landmarks"
TAKEN_ALONG = "taken_along"
REACH = 50
"""Neighbours of which those in both spaces are looked for, where spaces cover different items."""


class _Options(TypedDict):
    seed: int
    n_neighbors: int
    taken_along: TakenAlong


def joint_stage(run: Run, start: Stage, *, twice: bool, title: str) -> Stage:
    """Lay all spaces out together, before the eyes of whoever asked to see it.

    Parameters
    ----------
    run : Run
    start : Stage
        Pictures to begin with, by the names that this step uses.
    twice : bool
        Whether to draw every space again with other random draws.
    title : str
        Of the pictures.

    Returns
    -------
    Stage
        Arrays ``coords-i``, ``again-i`` if ``twice``, and ``taken_along``: by item and two spaces,
        whether the item went elsewhere together with its neighbours.
    """
    n_items = len(run.space_set.ids)
    kept = None if run.older is None else kept_pictures(run.older, run.space_set)
    most = None if kept or n_items <= MOST_LAID_OUT else MOST_LAID_OUT

    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        graphs, rows = _graphs(run, most=most), _rows(run)
        begin, watch = _coords(run, start), _watch(run, f"{title}, settling")
        facts: dict[str, object] = {}
        landmarks = None
        if most is not None:
            landmarks = Landmarks.of(
                graphs, rows, n_items, most=most, n_neighbors=LAYOUT_NEIGHBORS, seed=run.seed
            )
            graphs, rows, watch = landmarks.graphs, landmarks.rows, None
            begin = [one[held] for one, held in zip(begin, landmarks.held, strict=True)]
            facts[LANDMARKS] = most
        taken_along = _taken(run, graphs, rows, n_items=n_items, landmarks=landmarks)
        let_go(*(one.vectors.arrays["vectors"] for one in run.spaces.values()))
        options: _Options = {
            "seed": run.seed,
            "n_neighbors": LAYOUT_NEIGHBORS,
            "taken_along": taken_along,
        }
        progress = run.progress("aligned layout")
        if kept is None:
            layout = joint_layout(
                graphs, rows, n_items, start=begin, progress=progress, watch=watch, **options
            )
        else:
            layout = extended_layout(
                graphs,
                rows,
                n_items,
                drawn=[kept.pictures.get(name) for name in run.spaces],
                consensus=kept.consensus(dict(zip(run.spaces, rows, strict=True)), n_items),
                unit=kept.unit,
                progress=progress,
                watch=watch,
                **options,
            )
        drawn = {"coords": layout.pictures}
        if twice:
            progress = run.progress("aligned layout, once more")
            known = None if kept is None else [kept.again.get(name) for name in run.spaces]
            drawn["again"] = drawn_again(
                graphs, rows, n_items, layout=layout, known=known, progress=progress, **options
            )
        arrays: dict[str, AnyArray] = {TAKEN_ALONG: taken_along.between.astype(np.uint8)}
        for what, pictures in drawn.items():
            whole = pictures if landmarks is None else landmarks.place(pictures)
            arrays |= as_arrays(whole, what=what)
        return arrays, {UNIT: layout.unit, **facts}

    keys = [one.graph.key for one in run.spaces.values()]
    held = () if kept is None else kept.inputs
    inputs = (keys, start.key, n_items, run.seed, LAYOUT_NEIGHBORS, twice, most, *held)
    joint = run.stage("joint", inputs, compute)
    if run.sketch is not None:
        run.sketch.show(_coords(run, joint), method="joint", title=title)
    return joint


def _taken(
    run: Run,
    graphs: Sequence[NeighborGraph],
    rows: Sequence[IntArray],
    *,
    n_items: int,
    landmarks: Landmarks | None,
) -> TakenAlong:
    return TakenAlong.of(
        [one.vectors.arrays["vectors"] for one in run.spaces.values()],
        graphs,
        rows,
        n_items=n_items,
        k=LAYOUT_NEIGHBORS,
        held=None if landmarks is None else landmarks.held,
        seed=run.seed,
    )


def taken_between(run: Run, joint: Stage, pair: tuple[str, str]) -> NDArray[np.bool_]:
    """Return which items are taken along from one space of a pair to the other.

    Parameters
    ----------
    run : Run
    joint : Stage
        As :func:`joint_stage` gives it.
    pair : (str, str)

    Returns
    -------
    array of shape (n_items,), bool
    """
    names = [*run.spaces]
    a, b = sorted(names.index(name) for name in pair)
    column = [*combinations(range(len(names)), 2)].index((a, b))
    taken_along: NDArray[np.bool_] = joint.arrays[TAKEN_ALONG][:, column] > 0
    return taken_along


def as_arrays(pictures: list[NDArray[np.float32]], *, what: str = "coords") -> dict[str, AnyArray]:
    """Return pictures as arrays of a step, ``WHAT-i``."""
    return {f"{what}-{i}": picture for i, picture in enumerate(pictures)}


def _watch(run: Run, title: str) -> Callable[[Sequence[NDArray[np.float32]]], None] | None:
    if run.sketch is None:
        return None
    return partial(run.sketch.show, method="joint", title=title)


def _coords(run: Run, stage: Stage) -> list[NDArray[np.float32]]:
    return [stage.arrays[f"coords-{i}"] for i in range(len(run.spaces))]


def _graphs(run: Run, *, most: int | None) -> list[NeighborGraph]:
    whole = all(one.n_items == len(run.space_set.ids) for one in run.spaces.values())
    k = LAYOUT_NEIGHBORS if whole else REACH
    if most is not None:  # the landmarks among more of them
        k = STORED_NEIGHBORS
    return [graph_of(run, name, k=k) for name in run.spaces]


def _rows(run: Run) -> list[IntArray]:
    return [run.space_set.rows[name] for name in run.spaces]
