"""Cells: items that stay together from one space to the other, whatever becomes of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.kernels import Arcs, joint_arcs, leiden, list_ranks

SMALLEST = 8
_MOST = 512
_LINKED = 0.05

Lists = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Cells:
    """A partition of the items that stayed with some of their neighbours.

    Attributes
    ----------
    codes : array of shape (n_items,), int64
        The cell of each item, the largest first; -1 for those in none.
    sizes : array of shape (n_cells,), int64
    linked : array of shape (n_cells, n_cells), bool
        Which cells are parts of one cluster: a twentieth or more of the links of either lead to
        the other. Every cell is linked to itself.
    """

    codes: NDArray[np.int64]
    sizes: NDArray[np.int64]
    linked: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.sizes)

    @property
    def clusters(self) -> NDArray[np.int64]:
        """The cluster of each cell, by number: all that links lead to."""
        found = np.arange(len(self))
        for cell in range(len(self)):
            met = np.unique(found[self.linked[cell]])
            found[np.isin(found, met)] = met.min(initial=cell)
        return np.unique(found, return_inverse=True)[1].astype(np.int64)


def cells(lists: tuple[Lists, Lists], *, seed: int = 0) -> Cells:
    """Divide the items into those that stand together in both spaces.

    Parameters
    ----------
    lists : (array of shape (n_items, k), array of shape (n_items, k)), int32
        Nearest neighbours in ``a`` and ``b``.
    seed : int

    Returns
    -------
    Cells
        Communities of 8 items or more, the 512 largest, of the graph of neighbours that are
        neighbours in both spaces, by the constant Potts model with the density of that graph for
        its resolution. What moves as a whole keeps its own neighbours, so it is a cell, though it
        is part of a cluster before or after.
    """
    n_items = len(lists[0])
    arcs = _shared_arcs(lists)
    weights = arcs.counts.astype(np.float64)
    resolution = float(weights.sum()) / n_items**2
    found = leiden(arcs.begins, arcs.others, weights, resolution=resolution, seed=seed)
    sizes = np.bincount(found)
    order = np.argsort(-sizes, kind="stable")
    kept = order[sizes[order] >= SMALLEST][:_MOST]
    place = np.full(len(sizes), -1)
    place[kept] = np.arange(len(kept))
    codes = place[found]
    return Cells(codes, sizes[kept], _linked(arcs, codes, len(kept)))


def _shared_arcs(lists: tuple[Lists, Lists]) -> Arcs:
    """Join the items that are neighbours in both spaces."""
    own = np.arange(len(lists[0]), dtype=np.int32)
    kept = np.where(list_ranks(*lists) > 0, lists[0], own[:, None])
    arcs = joint_arcs(kept, kept, own.astype(np.int64))
    nodes = np.repeat(own, np.diff(arcs.begins))
    others = arcs.others != nodes
    begins = np.concatenate([[0], np.cumsum(np.bincount(nodes[others], minlength=len(own)))])
    return Arcs(begins, arcs.others[others], arcs.counts[others] // 2)


def _linked(arcs: Arcs, codes: NDArray[np.int64], n_cells: int) -> NDArray[np.bool_]:
    links = np.zeros((n_cells, n_cells))
    first, second = np.repeat(codes, np.diff(arcs.begins)), codes[arcs.others]
    held = (first >= 0) & (second >= 0)
    np.add.at(links, (first[held], second[held]), arcs.counts[held])
    near = links > _LINKED * links.sum(axis=1, keepdims=True)
    return np.asarray(near | near.T | np.eye(n_cells, dtype=bool))
