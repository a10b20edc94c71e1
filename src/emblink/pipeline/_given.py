"""Pictures that the user made, or makes with a function of a space and its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emblink.bundle import Stage, restore_rows
from emblink.errors import InputError
from emblink.load import as_array
from emblink.pipeline._run import Run, SpaceStages, graph_of
from emblink.projection import common_frame
from emblink.types import NeighborGraph, Space, SpaceSet
from emblink.words import check_text

Draw: TypeAlias = Callable[[Space, NeighborGraph], ArrayLike]
"""Draws one space: returns an array of shape (n_items, 2)."""
Pictures: TypeAlias = Mapping[str, Mapping[str, ArrayLike] | Draw]
"""By the name of the method: the coordinates of each space by its name, or what draws them."""

BUILT_IN = ("joint", "pca")


def checked_pictures(space_set: SpaceSet, pictures: Pictures) -> Pictures:
    """Refuse pictures that cannot be shown, before any work.

    Parameters
    ----------
    space_set : SpaceSet
    pictures : mapping of method name to mapping of space name to coordinates, or callable

    Returns
    -------
    Pictures
        With arrays as float64.

    Raises
    ------
    InputError
        A name is taken or that of no space, or coordinates are not finite ``(n_items, 2)``.
    """
    if not isinstance(pictures, Mapping):
        raise InputError(
            f"pictures are a {type(pictures).__name__}; expected a mapping of a name to pictures "
            'of spaces: {"umap": {"old": coords, "new": coords}}'
        )
    tidy: dict[str, Mapping[str, ArrayLike] | Draw] = {}
    for method, given in pictures.items():
        if not isinstance(method, str) or not method.strip() or method in BUILT_IN:
            raise InputError(
                f"pictures are named {method!r}; expected a word other than "
                f"{' and '.join(BUILT_IN)}, which Emblink draws itself"
            )
        check_text(method, "the pictures")
        if callable(given):
            tidy[method] = given
            continue
        if not isinstance(given, Mapping) or not given:
            raise InputError(
                f"the pictures {method!r} are a {type(given).__name__}; expected coordinates by "
                f"space, {{{next(iter(space_set.spaces))!r}: coords}}, or a function of a space "
                "and its neighbours"
            )
        unknown = [name for name in given if name not in space_set.spaces]
        if unknown:
            raise InputError(
                f"the pictures {method!r} hold one of {unknown[0]!r}, but there is no such space; "
                f"the spaces are: {', '.join(space_set.spaces)}"
            )
        tidy[method] = {
            name: _coordinates(coords, space_set.spaces[name], method)
            for name, coords in given.items()
        }
    return tidy


def frame_given(
    run: Run,
    spaces: Mapping[str, SpaceStages],
    method: str,
    given: Mapping[str, ArrayLike] | Draw,
    *,
    joint: Stage,
) -> Stage:
    """Bring the user's pictures into the frame of the joint layout.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    method : str
    given : mapping of space name to coordinates, or callable
    joint : Stage

    Returns
    -------
    Stage
        ``coords-I`` of the spaces that have one, by their place among all.
    """
    if callable(given):
        drawn = {}
        for done, (name, stages) in enumerate(spaces.items()):
            run.report_step(f"pictures {method}", done, len(spaces))
            space = run.space_set.spaces[name]
            drawn[name] = _coordinates(given(space, graph_of(run, name, stages)), space, method)
    else:
        drawn = {name: np.asarray(given[name], np.float64) for name in spaces if name in given}

    def compute() -> tuple[dict[str, Any], dict[str, object]]:
        framed = common_frame(
            [*drawn.values()],
            [run.space_set.rows[name] for name in drawn],
            onto=[
                restore_rows(joint.arrays[coords_name(run, name)], spaces[name].order)
                for name in drawn
            ],
        )
        pairs = zip(drawn, framed, strict=True)
        return {coords_name(run, name): one[spaces[name].order] for name, one in pairs}, {}

    return run.stage("picture", ([*drawn], *drawn.values(), joint.key), compute)


def coords_name(run: Run, name: str, *, again: bool = False) -> str:
    """Return the name of the array that holds a space's picture, or its second drawing."""
    return f"{'again' if again else 'coords'}-{[*run.space_set.spaces].index(name)}"


def _coordinates(given: ArrayLike, space: Space, method: str) -> NDArray[np.float64]:
    coords, n = as_array(given, f"the picture {method!r} of {space.name!r}"), len(space.ids)
    if coords.shape != (n, 2) or coords.dtype.kind not in "iuf":
        raise InputError(
            f"the picture {method!r} of space {space.name!r} is {coords.dtype} of shape "
            f"{coords.shape}; expected numbers ({n}, 2): one place for each of its items, in order"
        )
    finite = np.isfinite(coords).all(axis=1)
    if not finite.all():
        raise InputError(
            f"the picture {method!r} of space {space.name!r} has {int((~finite).sum())} places "
            f"that are not finite (first: row {int(finite.argmin())}); give every item a place"
        )
    return coords.astype(np.float64)
