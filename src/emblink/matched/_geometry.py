"""The scores of a pair that come from its vectors, each beside its chance and interval."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import reduce
from operator import or_

import numpy as np

from emblink.compute import in_threads
from emblink.errors import VectorError
from emblink.matched._items import take
from emblink.matched._scores import RawScores
from emblink.matched._sides import Side
from emblink.measures import (
    linear_cka_null,
    linear_cka_trimmed,
    pair_geometry,
    procrustes_similarity,
    rbf_cka,
    rsa_influence,
    rsa_null,
)
from emblink.rows import few_dims
from emblink.stats import Error, error_of_influence, interval_reach, sample_items
from emblink.wording import extreme_rows_warning, heavy_share

NULL_ITEMS = 500
"""Items of the sample on which geometry is held against permuted items."""
CHANCE_ITEMS = 5_000
SUSPECT_SHARE = 0.1
"""Share of the variance in 1 % of the rows from which CKA is taken without them too."""
MOST_WIDE = 5_000
"""Items on which geometry is measured where dims are yet more: rotations of so many dims are found
in minutes."""

GEOMETRY_STEPS = {
    "Linear CKA and Procrustes": {"linear_cka", "procrustes_similarity", "angular_shape_distance"},
    "RBF CKA": {"rbf_cka"},
    "RSA": {"rsa"},
}
"""What is computed at once, and the scores that it gives."""


def geometry_scores(
    a: Side,
    b: Side,
    *,
    overlap: float,
    seed: int,
    names: Collection[str] | None = None,
) -> RawScores:
    """Measure how far two spaces have the same geometry.

    What is undefined for these spaces, because one of them hardly varies, is left out, and a
    warning says so.

    Parameters
    ----------
    a, b : Side
    overlap : float
        Mean neighbourhood overlap, which a few extreme rows do not touch.
    seed : int
    names : collection of str, optional
        Of the scores that are asked for: all by default.

    Returns
    -------
    RawScores
    """
    turned = _in_few_dims(a, b, seed=seed)
    steps: dict[str, Callable[[RawScores, Side, Side, int], None]] = {
        "Linear CKA and Procrustes": _linear,
        "RBF CKA": _rbf,
        "RSA": _rsa,
    }

    def measured(what: str) -> RawScores:
        found, step = RawScores(n=len(a.vectors)), steps[what]
        try:
            step(found, *((a, b) if step is _rsa else turned), seed)
        except VectorError as error:
            found.warnings.append(f"{what} left out: {_named(str(error), a.name, b.name)}.")
        return found

    asked = [what for what in steps if names is None or GEOMETRY_STEPS[what] & {*names}]
    scores = reduce(or_, in_threads(measured, asked), RawScores(n=len(a.vectors)))
    suspect = max(SUSPECT_SHARE, heavy_share(len(a.vectors)))
    if "linear_cka" in scores.raw and max(a.top_share, b.top_share) > suspect:
        scores.warnings += _extreme_rows(
            *turned, cka=scores.raw["linear_cka"].value, overlap=overlap
        )
    return scores if names is None else scores.only(names)


def _in_few_dims(a: Side, b: Side, *, seed: int) -> tuple[Side, Side]:
    """Turn what has more dims than items into as many dims as items, of a sample where very many.

    None of the measures sees a rotation.
    """
    n, n_dims = len(a.vectors), max(a.vectors.shape[1], b.vectors.shape[1])
    if n_dims <= n:
        return a, b
    rows = sample_items(n, MOST_WIDE, seed=seed)
    few = (replace(s, vectors=few_dims(take(s.vectors, rows)), cells=s.cells[rows]) for s in (a, b))
    return next(few), next(few)


def _extreme_rows(a: Side, b: Side, *, cka: float, overlap: float) -> list[str]:
    try:
        trimmed = linear_cka_trimmed(a.vectors, b.vectors)
    except VectorError:  # without those rows nothing varies, or too few are left
        return []
    warning = extreme_rows_warning(a.name, b.name, cka=cka, trimmed=trimmed, overlap=overlap)
    return [warning] if warning else []


def _named(error: str, a: str, b: str) -> str:
    """Call the spaces x and y of an error by their names."""
    return re.sub(r"\b[xy]\b", lambda found: {"x": a, "y": b}[found[0]], error)


def _linear(scores: RawScores, a: Side, b: Side, seed: int) -> None:
    found = pair_geometry(a.vectors, b.vectors)
    null = linear_cka_null(a.vectors, b.vectors, most=NULL_ITEMS, seed=seed)
    error = error_of_influence(found.linear_cka_influence)
    n = len(a.vectors)
    scores.add(
        "linear_cka",
        found.linear_cka,
        error=error.value,
        interval=_about(found.linear_cka, error),
        chance=0.0,
        p_chance=null.p,
        n_chance=null.n_items,
        n=n,
    )
    shape, error = found.procrustes_similarity, error_of_influence(found.procrustes_influence)
    chance = _chance_of_shape(a, b, seed=seed)
    scores.add(
        "procrustes_similarity",
        shape,
        error=error.value,
        interval=_about(shape, error),
        chance=chance,
        n=n,
    )
    ends = scores.raw["procrustes_similarity"].interval
    scores.add(
        "angular_shape_distance",
        float(np.arccos(shape)),
        interval=[float(np.arccos(end)) for end in ends[::-1]] if ends else None,
        chance=float(np.arccos(chance)),
        n=n,
    )


def _about(value: float, error: Error) -> list[float] | None:
    reach = interval_reach(error)
    return [value - reach, value + reach] if np.isfinite(reach) else None


def _chance_of_shape(a: Side, b: Side, *, seed: int) -> float:
    """Return the Procrustes similarity of permuted items, which falls as ``1 / sqrt(n)``."""
    n = len(a.vectors)
    rows = sample_items(n, CHANCE_ITEMS, seed=seed)
    other = np.random.default_rng(seed).permutation(rows)
    chance = procrustes_similarity(a.vectors[rows], b.vectors[other])
    return chance * float(np.sqrt(len(rows) / n))


def _rbf(scores: RawScores, a: Side, b: Side, seed: int) -> None:
    found = rbf_cka(a.vectors, b.vectors, seed=seed)
    error = found.standard_error
    scores.add("rbf_cka", found.value, error=error, chance=0.0, n=found.n_items)


def _rsa(scores: RawScores, a: Side, b: Side, seed: int) -> None:
    metrics = (a.metric, b.metric)
    found = rsa_influence(a.vectors, b.vectors, metric=metrics, seed=seed)
    null = rsa_null(a.vectors, b.vectors, metric=metrics, n_sampled=NULL_ITEMS, seed=seed)
    error = error_of_influence(found.influence)
    scores.add(
        "rsa",
        found.value,
        error=error.value,
        interval=_about(found.value, error),
        chance=0.0,
        p_chance=null.p,
        n_chance=null.n_items,
        n=len(found.items),
    )
