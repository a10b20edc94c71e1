"""Facts of one space by which odd data show."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.decimals import decimal
from emblink.errors import GraphMismatchError, VectorError
from emblink.measures._centered import block_rows, centered_rows, column_means
from emblink.measures._hubs import hubness_skewness
from emblink.rows import directions, same_directions
from emblink.types import FloatArray, NeighborGraph, SpaceHealth

# Neighbours that count for popularity, and that the dimension is estimated from.
_NEIGHBORS = 10
_TOP_SHARE = 0.01

# What scaling a row in float32 leaves of a difference of 0, relative to its numbers.
_SAME = 2.0**-22


def space_health(
    vectors: FloatArray, graph: NeighborGraph, *, near: NeighborGraph | None = None
) -> SpaceHealth:
    """Facts of one space by which odd data show.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
        Finite, as they were given: not yet of unit length. May be a memory map.
    graph : NeighborGraph
        Of all items of the space. Its first 10 neighbours are read, or as many as it holds. Under
        its metric cosine all facts but the norms are those of rows of unit length.
    near : NeighborGraph, optional
        Exact lists of some of the items, from which the dimension is read where the graph is
        approximate.

    Returns
    -------
    SpaceHealth
        ``norm_median``; ``norm_spread``, the width of the middle 90 % of the norms over their
        median (0: all alike); ``duplicates``, rows that are exact copies of an earlier row, or
        under cosine point its way, but for float32 rounding; ``constant_dims``; ``anisotropy``,
        the mean cosine of two different items, in [-1, 1] (0: no common direction), zero rows left
        out; ``hubness``, the skewness of how often an item is among the others' 10 nearest (0: none
        is more popular than chance would have it); ``top_variance_share``, the share of the squared
        distances from the mean that the 1 % of rows farthest from it hold (at least one row), in
        [0, 1]; ``dimension``, the intrinsic dimension by maximum likelihood from the 10 nearest
        distances, in [0, ``n_dims``].

    Raises
    ------
    VectorError
        Not a table of vectors.
    GraphMismatchError
        The graph covers another number of items.

    Notes
    -----
    All but the norms ignore the scale, and under cosine the length of each row; all but the
    duplicates and constant dims ignore rotation.
    ``dimension`` misleads when items are few beside it: it is then too low. Copies, whose
    nearest distance is 0, are left out of it; it is 0 when nothing is left.

    References
    ----------
    .. [1] Radovanović et al., "Hubs in Space", JMLR 2010 (hubness).
    .. [2] Levina and Bickel, "Maximum Likelihood Estimation of Intrinsic Dimension", NIPS 2004;
       averaged as by MacKay and Ghahramani, 2005.
    .. [3] Ethayarajh, "How Contextual are Contextualized Word Representations?", EMNLP 2019
       (anisotropy).
    """
    if vectors.ndim != 2 or vectors.shape[1] == 0 or len(vectors) == 0:
        raise VectorError(
            f"vectors have shape {vectors.shape}, not (n_items, n_dims); give one vector a row"
        )
    if len(graph.indices) != len(vectors):
        raise GraphMismatchError(
            f"the neighbour graph covers {len(graph.indices)} items and there are {len(vectors)} "
            "vectors; build it on the same items"
        )
    norms, anisotropy = _norms_and_anisotropy(vectors)
    low, median, high = np.quantile(norms, [0.05, 0.5, 0.95])
    of_directions = graph.metric == "cosine"
    return SpaceHealth(
        norm_median=decimal(float(median)),
        norm_spread=float((high - low) / median) if median > 0 else 0.0,
        duplicates=(_copied_directions if of_directions else _duplicates)(vectors),
        constant_dims=(_same_in_directions if of_directions else _constant_dims)(vectors),
        anisotropy=anisotropy,
        hubness=hubness_skewness(graph, k=min(_NEIGHBORS, graph.indices.shape[1])),
        top_variance_share=_top_share(
            _squares_of_directions(vectors) if of_directions else _squares(vectors)
        ),
        dimension=_dimension(graph if near is None else near, most=vectors.shape[1]),
    )


def _blocks(vectors: FloatArray) -> list[slice]:
    step = block_rows(vectors.shape[1])
    return [slice(start, start + step) for start in range(0, len(vectors), step)]


def _norms_and_anisotropy(vectors: FloatArray) -> tuple[NDArray[np.float64], float]:
    norms = np.empty(len(vectors))
    total = np.zeros(vectors.shape[1])
    for rows in _blocks(vectors):
        block = np.asarray(vectors[rows], dtype=np.float64)
        norms[rows] = np.linalg.norm(block, axis=1)
        total += (1.0 / np.where(norms[rows] > 0, norms[rows], np.inf)) @ block
    n = int(np.count_nonzero(norms))
    if n < 2:
        return norms, 0.0
    # Of the squared length of the sum, n terms are of items with themselves.
    return norms, float(np.clip((total @ total - n) / (n * (n - 1)), -1.0, 1.0))


def _duplicates(vectors: FloatArray) -> int:
    """Count rows equal to an earlier one: by a 64-bit hash, then by the numbers themselves."""
    hashes = np.empty(len(vectors), dtype=np.uint64)
    factors = np.random.default_rng(0).integers(
        0, np.iinfo(np.uint64).max, vectors.shape[1], dtype=np.uint64
    ) | np.uint64(1)
    for rows in _blocks(vectors):
        # Adding 0 makes -0 into 0, which equals it.
        words = (np.asarray(vectors[rows], dtype=np.float64) + 0.0).view(np.uint64)
        words = words ^ (words >> np.uint64(29))
        hashes[rows] = (words * factors).sum(axis=1, dtype=np.uint64)
    order = np.argsort(hashes, kind="stable")
    new = np.ones(len(order), dtype=bool)
    new[1:] = hashes[order[1:]] != hashes[order[:-1]]
    earliest = order[np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))]
    later, first = order[~new], earliest[~new]
    step = block_rows(vectors.shape[1])
    return sum(
        int((vectors[later[i : i + step]] == vectors[first[i : i + step]]).all(axis=1).sum())
        for i in range(0, len(later), step)
    )


def _constant_dims(vectors: FloatArray) -> int:
    constant = np.ones(vectors.shape[1], dtype=bool)
    for rows in _blocks(vectors):
        constant &= (vectors[rows] == vectors[0]).all(axis=0)
    return int(constant.sum())


def _copied_directions(vectors: FloatArray) -> int:
    first = same_directions(vectors)
    return 0 if first is None else int((first != np.arange(len(first))).sum())


def _same_in_directions(vectors: FloatArray) -> int:
    low, high = np.full((2, vectors.shape[1]), [[np.inf], [-np.inf]])
    for rows in _blocks(vectors):
        unit = directions(vectors[rows])
        np.minimum(low, unit.min(axis=0), out=low)
        np.maximum(high, unit.max(axis=0), out=high)
    return int((high - low <= _SAME * np.maximum(np.abs(low), np.abs(high))).sum())


def _squares_of_directions(vectors: FloatArray) -> NDArray[np.float64]:
    """Return the squared distance of each unit row from their mean."""
    origin = directions(vectors[:1])[0]
    blocks = _blocks(vectors)
    mean = origin + sum((directions(vectors[r]) - origin).sum(axis=0) for r in blocks) / len(
        vectors
    )
    centred = (directions(vectors[rows]) - mean for rows in blocks)
    return np.concatenate([np.einsum("ij,ij->i", block, block) for block in centred])


def _squares(vectors: FloatArray) -> NDArray[np.float64]:
    mean = column_means(vectors)
    squares = np.empty(len(vectors))
    for rows in _blocks(vectors):
        centred = centered_rows(vectors, mean, rows)
        squares[rows] = np.einsum("ij,ij->i", centred, centred)
    return squares


def _top_share(squares: NDArray[np.float64]) -> float:
    total = float(squares.sum())
    most = max(1, round(_TOP_SHARE * len(squares)))
    top = np.partition(squares, len(squares) - most)[len(squares) - most :]
    return float(top.sum()) / total if total > 0 else 0.0


def _dimension(graph: NeighborGraph, *, most: int) -> float:
    distances = graph.distances[:, :_NEIGHBORS].astype(np.float64)
    if graph.metric == "cosine":
        # The chord between unit vectors, which grows with the angle as a length does.
        distances = np.sqrt(np.maximum(2.0 * distances, 0.0))
    distances = distances[(distances > 0).all(axis=1)]
    if distances.shape[1] < 3 or len(distances) == 0:
        return 0.0
    inverse = np.log(distances[:, -1:] / distances[:, :-1]).sum(axis=1).mean()
    # The logarithms are exponential with mean 1 / dimension: averaging these, not the dimensions.
    dimension = (distances.shape[1] - 1) / float(inverse) if inverse > 0 else float(most)
    return min(float(most), dimension)
