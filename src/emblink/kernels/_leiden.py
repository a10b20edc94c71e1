"""The kernel of communities: the Leiden algorithm under the constant Potts model."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emblink.kernels._library import fit, pointer, run


def leiden(
    begins: NDArray[np.int64],
    others: NDArray[np.int32],
    weights: NDArray[np.float64],
    *,
    resolution: float,
    seed: int = 0,
    starts: int = 1,
) -> NDArray[np.int32]:
    """Divide a graph into communities by the Leiden algorithm [1]_ under the constant Potts model.

    Parameters
    ----------
    begins : array of shape (n_nodes + 1,), int64
        Where the arcs of each node begin.
    others : array of shape (n_arcs,), int32
        The node at the other end, in ascending order within a node's own; each edge is an arc of
        both its ends. Loops say nothing.
    weights : array of shape (n_arcs,), float64
        Finite, 0 or more, the same for both arcs of an edge; an edge that weighs 0 is none.
    resolution : float
        What each pair of nodes within a community costs, 0 or more: denser than this are
        communities inside, sparser between each other.
    seed : int
        Of the orders in which nodes are visited.
    starts : int
        Searches, each in another order, of which the best is kept; 1 or more.

    Returns
    -------
    array of shape (n_nodes,), int32
        The community of each node, numbered in the order of their first members. Every community
        is connected. The quality, the weight of the edges within communities less ``resolution``
        for each pair of nodes within one, is as high as repeated iterations bring it: no node and
        no community of the last iteration gains by moving. The same for any number of threads and
        on every platform.

    Raises
    ------
    KernelError
        The arrays are no undirected graph, or a weight or the resolution is negative or not finite.

    References
    ----------
    .. [1] Traag, Waltman, van Eck, "From Louvain to Leiden: guaranteeing well-connected
       communities", Scientific Reports, 2019.
    """
    graph = begins, others, weights
    levels = _leiden(*graph, resolutions=(resolution,), seed=seed, starts=starts, rounds=2**62)
    return levels.reshape(-1)


def leiden_levels(
    begins: NDArray[np.int64],
    others: NDArray[np.int32],
    weights: NDArray[np.float64],
    *,
    resolutions: Sequence[float],
    rounds: int,
    seed: int = 0,
) -> NDArray[np.int32]:
    """Divide a graph into communities, and these into larger ones, level by level.

    Parameters
    ----------
    begins, others, weights : array
        As of :func:`leiden`.
    resolutions : sequence of float
        Of each level; falling, so that communities grow.
    rounds : int
        Iterations of a level at most, 1 or more: the first few bring nearly all of the quality, and
        how many it takes until nothing moves any more grows with the nodes.
    seed : int

    Returns
    -------
    array of shape (n_levels, n_nodes), int32
        The first level is what :func:`leiden` finds in so many iterations. The nodes of each next
        one are the communities of the one before, which count by their sizes: so communities are
        nested, no two of a level gain by joining, and all levels together take little longer than
        the first.

    Raises
    ------
    KernelError
        As :func:`leiden`.
    """
    graph = begins, others, weights
    return _leiden(*graph, resolutions=resolutions, seed=seed, starts=1, rounds=rounds)


def _leiden(
    begins: NDArray[np.int64],
    others: NDArray[np.int32],
    weights: NDArray[np.float64],
    *,
    resolutions: Sequence[float],
    seed: int,
    starts: int,
    rounds: int,
) -> NDArray[np.int32]:
    n_nodes = len(begins) - 1
    fit("leiden", begins.ndim == others.ndim == 1 and n_nodes >= 0)
    fit("leiden", starts >= 1 and rounds >= 1)
    fit("leiden", all(0 <= one < np.inf for one in resolutions))
    fit("leiden", begins[0] == 0 and bool((np.diff(begins) >= 0).all()))
    fit("leiden", begins[-1] == len(others) and weights.shape == others.shape)
    if len(others):
        fit("leiden", int(others.min()) >= 0 and int(others.max()) < n_nodes)
        fit("leiden", float(weights.min()) >= 0 and bool(np.isfinite(weights.max())))
    graph = (pointer(begins, np.int64), pointer(others, np.int32), pointer(weights, np.float64))
    asked = np.array(resolutions, np.float64)
    codes = np.zeros((len(asked), n_nodes), dtype=np.int32)
    mirrored = np.zeros(1, dtype=np.int32)
    run("is_undirected", *graph, ctypes.c_int64(n_nodes), pointer(mirrored, np.int32))
    fit("leiden", bool(mirrored[0]))
    run(
        "leiden",
        *graph,
        ctypes.c_int64(n_nodes),
        pointer(asked, np.float64),
        ctypes.c_int64(len(asked)),
        ctypes.c_uint64(seed % 2**64),
        ctypes.c_int64(starts),
        ctypes.c_int64(rounds),
        pointer(codes, np.int32),
    )
    return codes
