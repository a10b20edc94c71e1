"""Some of the items of a comparison, drawn at random."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from emblink.errors import InputError
from emblink.stats import sample_items
from emblink.types import SpaceSet


def sampled(space_set: SpaceSet, n_items: int | None, *, seed: int = 0) -> SpaceSet:
    """Keep a random sample of the items of all spaces together.

    Parameters
    ----------
    space_set : SpaceSet
    n_items : int or None
        How many to keep; all where it is None, or there are no more.
    seed : int

    Returns
    -------
    SpaceSet
        Its ``notes`` say how many were drawn of how many.

    Raises
    ------
    InputError
        It is below 2, or leaves a space fewer than two items.
    """
    total = len(space_set.ids)
    if n_items is None or n_items >= total:
        return space_set
    if n_items < 2:
        raise InputError(f"sample is {n_items}; expected at least 2 items")
    kept = sample_items(total, n_items, seed=seed)
    place = np.full(total, -1)
    place[kept] = np.arange(len(kept))
    spaces, rows = {}, {}
    for name, space in space_set.spaces.items():
        at = np.flatnonzero(place[space_set.rows[name]] >= 0)
        if len(at) < 2:
            raise InputError(
                f"a sample of {n_items:,} of {total:,} items leaves space {name!r} {len(at)} of "
                f"its {len(space.ids):,}; expected at least two: draw more (--sample)"
            )
        spaces[name] = replace(space, vectors=space.vectors[at], ids=space.ids[at])
        rows[name] = place[space_set.rows[name][at]]
    note = (
        f"{n_items:,} of {total:,} items are compared, drawn at random (seed {seed}): every number "
        "is of these (--sample)"
    )
    return replace(
        space_set,
        spaces=spaces,
        ids=space_set.ids[kept],
        rows=rows,
        items={name: values[kept] for name, values in space_set.items.items()},
        notes=(*space_set.notes, note),
    )
