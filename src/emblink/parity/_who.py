"""What those items have in common whose vectors changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.types import AnyArray, IntArray, SpaceSet
from emblink.wording import (
    name_item,
)
from emblink.wording.parity import (
    by_label_share,
    by_text_length,
    stand_together,
)

_TELLING = 0.8
"""Least area under the curve at which a length tells the changed from the others."""
_FEWEST = 3
_OFTEN = 3.0
"""How much commoner a label is among the changed than among all, to be named."""
_OF = 20
"""One of so many may be another: of the rows of a run, and of the changed rows."""


def who_changed(space_set: SpaceSet, items: IntArray, changed: NDArray[np.bool_]) -> list[str]:
    """Say what tells the changed items from the others: long texts, a label, one run of rows.

    Parameters
    ----------
    space_set : SpaceSet
    items : array of shape (n,)
        The items, as rows of ``space_set.ids``.
    changed : array of shape (n,), bool

    Returns
    -------
    list of str
    """
    n = int(changed.sum())
    if not _FEWEST <= n < len(items):
        return []
    said = [*_by_length(space_set, items, changed), *_by_label(space_set, items, changed)]
    run = one_run(changed)
    if run is not None:
        said.append(stand_together(*(_id(space_set, items[end]) for end in run)))
    return said


def one_run(changed: NDArray[np.bool_]) -> tuple[int, int] | None:
    """Return the ends of the one run that nearly all changed rows, and few others, stand in.

    Parameters
    ----------
    changed : array of shape (n,), bool

    Returns
    -------
    (int, int) or None
        Of 95 % of the changed rows at least, which are 95 % of its rows; most of the others stand
        outside. None of fewer than three changed rows, or three others.
    """
    at = np.flatnonzero(changed)
    n = len(at)
    if min(n, len(changed) - n) < _FEWEST:
        return None
    # From the i-th to the j-th changed row nearly all changed where ahead[j] >= ahead[i] - 1.
    ahead = _OF * np.arange(n) - (_OF - 1) * at
    most_after = np.maximum.accumulate(ahead[::-1])
    last = n - 1 - np.searchsorted(most_after, ahead - 1)
    inside = last - np.arange(n) + 1
    i = int(np.argmax(inside))
    first, end = int(at[i]), int(at[last[i]])
    gaps = end - first + 1 - inside[i]
    if _OF * inside[i] < (_OF - 1) * n or 2 * gaps >= len(changed) - n:
        return None
    return first, end


def _id(space_set: SpaceSet, item: int) -> str:
    return name_item(item, space_set.ids, None)["id"]


def _by_length(space_set: SpaceSet, items: IntArray, changed: NDArray[np.bool_]) -> list[str]:
    column = space_set.roles.get("text")
    if column is None:
        return []
    lengths = np.array([len(str(one)) for one in space_set.items[column][items].tolist()])
    share = _above(lengths, changed)
    inside, outside = (int(np.median(lengths[one])) for one in (changed, ~changed))
    if 1 - _TELLING < share < _TELLING:
        return []
    return [by_text_length(longer=share >= _TELLING, inside=inside, outside=outside)]


def _above(values: AnyArray, changed: NDArray[np.bool_]) -> float:
    """Return how often a changed item has the larger value of two (ties half)."""
    here, there = np.sort(values[changed]), np.sort(values[~changed])
    below = np.searchsorted(there, here, "left") + np.searchsorted(there, here, "right")
    return float(below.sum() / (2 * len(here) * len(there)))


def _by_label(space_set: SpaceSet, items: IntArray, changed: NDArray[np.bool_]) -> list[str]:
    column = space_set.roles.get("label")
    if column is None:
        return []
    labels = np.array([str(one) for one in space_set.items[column][items].tolist()])
    names, codes = np.unique(labels, return_inverse=True)
    inside = np.bincount(codes[changed], minlength=len(names))
    every = np.bincount(codes, minlength=len(names))
    most = int(np.argmax(inside))
    share, base = inside[most] / changed.sum(), every[most] / len(items)
    if names[most] in ("", "nan") or share < 0.5 or share < _OFTEN * base:
        return []
    return [by_label_share(str(names[most]), share, n=int(every[most]), base=base)]
