"""``emblink.populations``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from emblink.errors import InputError, as_whole
from emblink.load import from_arrays
from emblink.population._bundle import write_bundle
from emblink.population._compare import StepProgress, compare_populations, quiet
from emblink.population._object import Populations
from emblink.types import Metric


def populations(
    vectors: Mapping[str, Any],
    *,
    items: Mapping[str, Any] | None = None,
    ids: Mapping[str, Any] | None = None,
    labels: Mapping[str, Any] | str | None = None,
    text: Mapping[str, Any] | str | None = None,
    vector: str | None = None,
    metric: Metric = "cosine",
    blocks: str | None = None,
    seed: int = 0,
    out: str | Path | None = None,
    on_bad: Any = "error",
    progress: StepProgress = quiet,
) -> Populations:
    """Say whether two or more sets of items in one space are one population, and where not.

    Parameters
    ----------
    vectors : mapping of name to array of shape (n_items, n_dims), frame or path
        In the order that counts: each is set beside the one before and beside the first.
    items : mapping of name to data frame, optional
        One row per item of that population.
    ids : mapping of name to array, optional
        Items with one id in two populations are partners; rows without ids are nobody's.
    labels, text : mapping of name to array, or str, optional
        By population, or the column of all.
    vector : str, optional
        The vector column of files and frames, or a pattern such as ``"emb_*"``.
    metric : {"cosine", "euclidean"}
        Vectors are taken as given: nothing is centred or scaled by population.
    blocks : str, optional
        A column within whose values sides are dealt, where items of one value belong together.
    seed : int
    out : path, optional
        Where to write a bundle for ``emblink open``: one picture of the union.
    on_bad : {"error", "drop"}
    progress : callable

    Returns
    -------
    Populations

    Raises
    ------
    InputError
        There are fewer than two populations, or 20 items in one, or they have different dims, or
        the seed is no whole number from 0.

    Examples
    --------
    >>> found = eb.populations({"jan": X, "feb": Y}, labels={"jan": x, "feb": y})
    >>> found.verdict, [group["title"] for group in found.pairs[0]["groups"]]
    """
    if not isinstance(vectors, Mapping):
        raise InputError(
            f"the populations are a {type(vectors).__name__}; expected a mapping of name to "
            'array, such as {"jan": X, "feb": Y}'
        )
    seed = as_whole(seed, "seed", least=0)
    each = {"items": items, "ids": ids, "labels": labels, "text": text}
    _check_names(vectors, each)
    sets = [
        from_arrays(
            {name: one},
            vector=vector,
            metric=metric,
            on_bad=on_bad,
            **{key: _of(given, name) for key, given in each.items()},
        )
        for name, one in vectors.items()
    ]
    found = compare_populations(sets, blocks=blocks, seed=seed, progress=progress)
    if out is not None:
        write_bundle(found, Path(out), progress=progress)
    return found


def _of(given: Mapping[str, Any] | str | None, name: str) -> Any:
    return given if given is None or isinstance(given, str) else given.get(name)


def _check_names(vectors: Mapping[str, Any], each: Mapping[str, Any]) -> None:
    for key, given in each.items():
        if given is None or isinstance(given, str):
            continue
        if not isinstance(given, Mapping):
            raise InputError(
                f"{key} are a {type(given).__name__}; give those of each population: "
                f"{key}={{{next(iter(vectors), 'jan')!r}: …}}"
            )
        for name in given:
            if name not in vectors:
                raise InputError(
                    f"{key} are given for {name!r}, but the populations are {', '.join(vectors)}"
                )
