"""Spaces of cells: arrays of AnnData and MuData by name, and the distance usual for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from emblink.errors import InputError
from emblink.load import is_own
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
    known = _arrays(spaces, named=keys is not None)
    missing = [key for key in keys or () if key not in known]
    if missing:
        raise InputError(
            f"there is no array {missing[0]!r} in obsm; there are: {', '.join(map(repr, known))}"
        )
    twice = [key for key, n in Counter(keys or ()).items() if n > 1]
    if twice:
        raise InputError(f"the array {twice[0]!r} is named twice; name each once")
    if not known:
        raise InputError("there are no arrays in obsm of any modality; expected such as X_pca")
    return {key: known[key] for key in (known if keys is None else keys)}


def _arrays(value: Any, *, named: bool) -> dict[str, SimpleNamespace]:
    """Return what there is by name: of each modality, and of all.

    Where none is named, pictures of an earlier comparison go along with each other array, to be
    left out in words.
    """
    found: dict[str, SimpleNamespace] = {}
    mods: Mapping[str, Any] = getattr(value, "mod", {})
    for prefix, one in [("", value), *((f"{name}/", mod) for name, mod in mods.items())]:
        obs = one.obs if one is value else _with_common(one, value.obs)
        own = [] if named else [str(key) for key in one.obsm if is_own(str(key))]
        for key in one.obsm:
            if key in own:
                continue
            array = one.obsm[key]
            dense = array if hasattr(array, "toarray") else np.asarray(array)
            if len(dense.shape) == 2 and dense.dtype.kind in "fiu" and key not in mods:
                arrays = {str(one_key): one.obsm[one_key] for one_key in (key, *own)}
                found[f"{prefix}{key}"] = SimpleNamespace(
                    obsm=arrays, obs=obs, obs_names=one.obs_names
                )
    return found


def _with_common(mod: Any, common: Any) -> Any:
    """Return what is known of the cells of a modality, and what MuData knows of all cells."""
    return mod.obs.join(common[[name for name in common.columns if name not in mod.obs.columns]])
