"""Queries of a variant: those of its space, prepared as its items are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from emblink.load import none_for
from emblink.types import QuerySet, Space, SpaceSet
from emblink.variants._spaces import learnt, source_of
from emblink.variants._transforms import SIGN
from emblink.wording import no_direction


def with_query_variants(queries: QuerySet, space_set: SpaceSet) -> QuerySet:
    """Return queries with those of each variant whose space has some and that has none itself.

    Parameters
    ----------
    queries : QuerySet
    space_set : SpaceSet
        With its variants.

    Returns
    -------
    QuerySet
        What was learnt of the items (means, axes, levels) is done to the queries; one that is left
        without direction is left out of that variant, which a note says.
    """
    if queries.are_items:
        return queries
    vectors, rows, notes = dict(queries.vectors), dict(queries.rows), [*queries.notes]
    for name, space in space_set.spaces.items():
        found = None if name in rows else _origin(space, space_set.spaces)
        if found is None or found[0] not in rows:
            continue
        base, steps = found
        _, bring = learnt(space_set.spaces[base], name, steps)
        made = bring(queries.vectors[base])
        usable = np.isfinite(made).all(axis=1)
        if space.metric == "cosine":
            usable &= made.any(axis=1)
        vectors[name], rows[name] = made[usable], queries.rows[base][usable]
        if n := int((~usable).sum()):
            notes.append(no_direction(n, name))
    before = [name for name in space_set.spaces if name not in queries.rows]
    after = [name for name in space_set.spaces if name not in rows]
    if before != after:
        notes = [one for one in notes if one != none_for(before)]
        notes += [none_for(after)] if after else []
    return replace(queries, vectors=vectors, rows=rows, notes=tuple(notes))


def _origin(space: Space, spaces: Mapping[str, Space]) -> tuple[str, list[str]] | None:
    """Return which space one is a variant of, and by which steps; None of a space that is none."""
    words = space.name.split(SIGN)
    for end in range(len(words) - 1, 0, -1):
        base, steps = SIGN.join(words[:end]), words[end:]
        if base in spaces and space.source == source_of(spaces[base], steps):
            return base, steps
    return None
