"""Pictures that the user gives, looked at before any work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emblink.errors import InputError
from emblink.load import as_array
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
            name: coordinates(coords, space_set.spaces[name], method)
            for name, coords in given.items()
        }
    return tidy


def coordinates(given: ArrayLike, space: Space, method: str) -> NDArray[np.float64]:
    """Return the coordinates of a space's items, or refuse what is none.

    Parameters
    ----------
    given : array of shape (n_space_items, 2)
    space : Space
    method : str
        Name of the pictures.

    Returns
    -------
    array of shape (n_space_items, 2), float64

    Raises
    ------
    InputError
        The coordinates are not finite ``(n_items, 2)``.
    """
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
