"""The aligned layout and nothing else, in memory: for those who want only the picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.bundle import Memory
from emblink.compute import one_blas_thread
from emblink.errors import InputError
from emblink.neighbors import nearest_neighbors
from emblink.pipeline._joint import MOST_LAID_OUT, REACH
from emblink.pipeline._stored import stored
from emblink.projection import TakenAlong, joint_layout, pca_projections
from emblink.types import SpaceSet


@one_blas_thread()
def lay_out(
    space_set: SpaceSet, *, seed: int = 0, n_neighbors: int = 15, n_epochs: int | None = None
) -> dict[str, NDArray[np.float32]]:
    """Draw all spaces in one frame, as a comparison does.

    Parameters
    ----------
    space_set : SpaceSet
    seed : int
    n_neighbors : int
        Neighbours of each item that shape the layout.
    n_epochs : int, optional

    Returns
    -------
    dict of space name to array of shape (n_space_items, 2), float32
        Rows as they were given; the same bytes as those of ``compare`` with the same seed, and 15
        neighbours.

    Raises
    ------
    InputError
        There are more than a million items, or fewer than two in a space.
    """
    n_items = len(space_set.ids)
    if n_items > MOST_LAID_OUT:
        raise InputError(
            f"there are {n_items:,} items; at most {MOST_LAID_OUT:,} are laid out here, and "
            "compare() places more among a sample"
        )
    held = stored(space_set, {}, store=Memory(), seed=seed)
    ours = held.space_set
    rows = [*ours.rows.values()]
    vectors = [space.vectors for space in ours.spaces.values()]
    metrics = [space.metric for space in ours.spaces.values()]
    whole = all(len(one) == n_items for one in rows)
    k = n_neighbors if whole else max(REACH, n_neighbors)
    graphs = [
        nearest_neighbors(one, k=min(k, len(one) - 1), metric=metric)
        for one, metric in zip(vectors, metrics, strict=True)
    ]
    taken_along = TakenAlong.of(vectors, graphs, rows, n_items=n_items, k=n_neighbors, seed=seed)
    layout = joint_layout(
        graphs,
        rows,
        n_items,
        start=pca_projections(vectors, rows, metrics=metrics, seed=seed),
        seed=seed,
        n_epochs=n_epochs,
        n_neighbors=n_neighbors,
        taken_along=taken_along,
    )
    named = zip(ours.spaces, layout.pictures, strict=True)
    return {name: held.restored(name, picture) for name, picture in named}
