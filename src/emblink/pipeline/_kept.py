"""The layout of an earlier run, into which further spaces are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emblink.bundle import Bundle
from emblink.errors import BundleError, InputError
from emblink.types import FloatArray, IntArray, Space, SpaceSet

METHOD = "joint"
UNIT = "unit"
AGAIN = "joint-again"
"""Of a space: its picture drawn a second time, where a bundle keeps it."""


@dataclass(frozen=True, eq=False)
class Kept:
    """Finished pictures of spaces that are the same now.

    Attributes
    ----------
    pictures : mapping of name to array of shape (n_space_items, 2), float32
    unit : float
        Of the layout.
    again : mapping of name to array of shape (n_space_items, 2), float32
        Drawn a second time; of some of them.
    """

    pictures: Mapping[str, NDArray[np.float32]]
    unit: float
    again: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)

    @property
    def inputs(self) -> tuple[object, ...]:
        """What a layout into which it is kept depends on."""
        again = ([*self.again], *self.again.values()) if self.again else ()
        return self.unit, [*self.pictures], *self.pictures.values(), *again

    def consensus(self, rows: Mapping[str, IntArray], n_items: int) -> FloatArray:
        """Return the mean place of each item (n_items, 2), NaN where there is none."""
        total, covering = np.zeros((n_items, 2)), np.zeros((n_items, 1))
        for name, picture in self.pictures.items():
            total[rows[name]] += picture
            covering[rows[name]] += 1
        mean = np.full((n_items, 2), np.nan, np.float32)
        np.divide(total, covering, out=mean, where=covering > 0, casting="same_kind")
        return mean


def finished_layout(out: Path) -> Bundle:
    """Open the bundle whose layout is to be kept.

    Raises
    ------
    InputError
        There is no finished bundle, or one from before layouts could be kept.
    """
    try:
        bundle = Bundle(out)
    except BundleError as error:
        raise InputError(
            f"{out} holds no finished bundle whose layout could be kept; compare into it once "
            "without keeping the layout"
        ) from error
    if not any(UNIT in one.params for info in bundle.manifest.spaces for one in info.projections):
        raise InputError(
            f"the layout of {out} is from an earlier Emblink and cannot be kept; compare into it "
            "once without keeping the layout"
        )
    return bundle


def kept_pictures(bundle: Bundle, space_set: SpaceSet) -> Kept:
    """Return the pictures of the spaces that have the same vectors and items as in a bundle.

    Parameters
    ----------
    bundle : Bundle
    space_set : SpaceSet

    Returns
    -------
    Kept

    Raises
    ------
    InputError
        There are none, or one is damaged.
    """
    pictures, again, unit, before = {}, {}, 1.0, bundle.space_set().spaces
    for info in bundle.manifest.spaces:
        space = space_set.spaces.get(info.name)
        if space is None:
            continue
        drawn = next((one for one in info.projections if one.method == METHOD), None)
        if drawn is None or not _same(before[info.name], space):
            continue
        try:
            bundle.check(drawn.coords)
        except BundleError as error:
            raise InputError(f"{error}, without keeping the layout") from error
        pictures[info.name] = np.array(bundle.array(drawn.coords))
        unit = float(drawn.params[UNIT])
        if (twice := f"{info.over}/{AGAIN}") in bundle.manifest.columns:
            again[info.name] = np.array(bundle.array(twice))
    if not pictures:
        raise InputError(
            f"the layout of {bundle.path} cannot be kept: none of its spaces is among these with "
            "the same vectors, items and seed; compare without keeping it"
        )
    return Kept(pictures, unit, again)


def _same(before: Space, now: Space) -> bool:
    """Whether a space has the vectors, items and metric that it had."""
    return (
        before.metric == now.metric
        and np.array_equal(before.ids, now.ids)
        and before.vectors.dtype == now.vectors.dtype
        and np.array_equal(before.vectors, now.vectors)
    )
