"""The columns of a copy: the first rows of each, and less of what is largest."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from emblink.bundle import Bundle
from emblink.bundle.schema import TextField
from emblink.export._choice import Choice, columns_of
from emblink.export._cut import Cut
from emblink.types import AnyArray, IntArray


class Columns:
    """Reads the columns of a bundle as a copy has them.

    Parameters
    ----------
    bundle : Bundle
    choice : Choice
    """

    def __init__(self, bundle: Bundle, choice: Choice) -> None:
        self.bundle = bundle
        self.choice = choice
        self.names = columns_of(bundle.manifest, choice)

    def n_of(self, over: str, n: int) -> int:
        """Return how many rows of a domain are of the first ``n`` items."""
        if over not in self.bundle.manifest.domains:
            return 0  # categories: never cut
        if n >= self.bundle.manifest.n_items:
            return self.bundle.manifest.domains[over].n
        return int(np.searchsorted(self._rows[over], n))

    def read(self, name: str, cut: Cut, *, most: int | None = None) -> AnyArray:
        """Return a column as a copy has it.

        Parameters
        ----------
        name : str
        cut : Cut
        most : int, optional
            Read so many rows at most.

        Returns
        -------
        array
        """
        column, array = self.bundle.manifest.columns[name], self.bundle.array(name)
        if column.kind == "results" and cut.n < self.bundle.manifest.n_items:
            return np.where(array < cut.n, array, np.asarray(-1, array.dtype))
        if column.over not in self.bundle.manifest.domains:
            return array
        n = self.n_of(column.over, cut.n)
        n = n if most is None else min(n, most)
        if column.kind == "offsets":
            return array[: n + 1]
        if column.kind == "utf8":
            return array[: int(self.bundle.array(self._offsets[name])[n])]
        if column.kind in ("neighbors", "distances"):
            return self._listed(name, n, cut)
        return _shrunk(array[:n], cut.shrink) if column.kind == "pixels" else array[:n]

    def _listed(self, name: str, n: int, cut: Cut) -> AnyArray:
        """Return the nearest neighbours that are in the copy, or how far they are."""
        array = self.bundle.array(name)[:n]
        over = self.bundle.manifest.columns[name].over
        in_all = self.n_of(over, cut.n)
        if in_all == self.bundle.manifest.domains[over].n:
            return array[:, : cut.k]
        indices = self.bundle.array(self._neighbors[name])[:n]
        there = indices < in_all
        first = np.argsort(~there, axis=1, kind="stable")[:, : cut.k]
        nothing = -1 if array.dtype.kind == "i" else 0
        return np.where(
            np.take_along_axis(there, first, axis=1),
            np.take_along_axis(array, first, axis=1),
            np.asarray(nothing, array.dtype),
        )

    @cached_property
    def _rows(self) -> dict[str, IntArray]:
        return {over: self.bundle.item_rows(over) for over in self.bundle.manifest.domains}

    @cached_property
    def _offsets(self) -> dict[str, str]:
        fields = self.bundle.manifest.fields
        return {one.words.utf8: one.words.offsets for one in fields if isinstance(one, TextField)}

    @cached_property
    def _neighbors(self) -> dict[str, str]:
        spaces = self.bundle.manifest.spaces
        both = ((space.neighbors, space.distances) for space in spaces)
        return {name: near for near, far in both for name in (near, far)}


def _shrunk(pixels: AnyArray, shrink: int) -> AnyArray:
    """Return pictures of which so many pixels along each side have become their mean."""
    if shrink == 1:
        return pixels
    n, height, width, colours = pixels.shape
    height, width = height // shrink, width // shrink
    if not height or not width:
        return pixels[:, :1, :1]
    shape = n, height, shrink, width, shrink, colours
    whole = pixels[:, : height * shrink, : width * shrink].reshape(shape)
    mean: AnyArray = np.rint(whole.mean(axis=(2, 4), dtype=np.float32)).astype(np.uint8)
    return mean
