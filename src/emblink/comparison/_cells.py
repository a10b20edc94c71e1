"""Spaces of cells: arrays of AnnData and MuData by name, and the distance usual for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from emblink.errors import InputError
from emblink.types import Metric

_FILE = re.compile(r"\.(h5ad|zarr)/?(::.*)?$", re.IGNORECASE)


def is_cells(value: object) -> bool:
    """Whether it is AnnData or MuData: arrays of observations, which have names."""
    return all(hasattr(value, name) for name in ("obsm", "obs", "obs_names"))


def usual_metric(spaces: Iterable[object]) -> Metric:
    """Return the distance that is usual: Euclidean where all spaces are of cells, else cosine.

    Parameters
    ----------
    spaces : iterable of arrays, objects or paths

    Returns
    -------
    {"cosine", "euclidean"}
    """
    of_cells = [is_cells(one) or _FILE.search(str(one)) is not None for one in map(_named, spaces)]
    return "euclidean" if of_cells and all(of_cells) else "cosine"


def _named(space: object) -> object:
    return space if is_cells(space) or not hasattr(space, "shape") else ""


def chosen_spaces(spaces: Any, keys: Sequence[str] | None) -> Any:
    """Return the arrays that are meant of AnnData or MuData; anything else as it is.

    Parameters
    ----------
    spaces : mapping, AnnData or MuData
    keys : sequence of str, optional
        Arrays of ``obsm``; of MuData ``"modality/array"``, or one of its own. Default: all.

    Returns
    -------
    mapping of name to AnnData or array

    Raises
    ------
    InputError
        There is no array of that name, or names are given for something else.
    """
    if not is_cells(spaces):
        if keys is not None:
            raise InputError(
                'names of arrays go with AnnData or MuData: eb.compare(adata, ["X_pca", …]); of '
                "a mapping give those that are to be compared"
            )
        return spaces
    if isinstance(keys, str):
        raise InputError(f"the spaces are {keys!r}; give a list: [{keys!r}, …]")
    if keys is None and not hasattr(spaces, "mod"):
        return spaces
    known = _arrays(spaces)
    missing = [key for key in keys or () if key not in known]
    if missing:
        raise InputError(
            f"there is no array {missing[0]!r} in obsm; there are: {', '.join(map(repr, known))}"
        )
    if not known:
        raise InputError("there are no arrays in obsm of any modality; expected such as X_pca")
    return {key: known[key] for key in (known if keys is None else keys)}


def _arrays(value: Any) -> dict[str, SimpleNamespace]:
    """Return what there is by name: of each modality, and of all."""
    found: dict[str, SimpleNamespace] = {}
    mods: Mapping[str, Any] = getattr(value, "mod", {})
    for prefix, one in [("", value), *((f"{name}/", mod) for name, mod in mods.items())]:
        for key in one.obsm:
            array = one.obsm[key]
            dense = array if hasattr(array, "toarray") else np.asarray(array)
            if len(dense.shape) == 2 and dense.dtype.kind in "fiu" and key not in mods:
                found[f"{prefix}{key}"] = _only(one, str(key))
    return found


def _only(value: Any, key: str) -> SimpleNamespace:
    """Return AnnData with one of its arrays."""
    return SimpleNamespace(obsm={key: value.obsm[key]}, obs=value.obs, obs_names=value.obs_names)
