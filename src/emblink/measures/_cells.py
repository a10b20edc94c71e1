"""Cells of neighbouring items: the blocks by which dependent items are counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.measures._centered import block_rows
from emblink.rows import same_directions
from emblink.types import FloatArray, IntArray, Metric

# Cells of n^(1/3) items: smaller ones miss dependence, larger ones count what differs between
# places as noise. docs/measures/intervals.md has how well intervals from these cover.
_GROWTH = 2 / 3

_BRANCHES = 16
_ROUNDS = 8
_MOST_TRAINED = 4096


def k_means_cells(
    vectors: FloatArray, *, metric: Metric = "cosine", n_cells: int | None = None, seed: int = 0
) -> NDArray[np.int32]:
    """Divide the items of a space into cells of neighbours by k-means of k-means.

    Lloyd's k-means parts the items into at most 16 cells, each of which is parted again, until
    there are as many cells as asked for: time grows with ``n_items * n_dims * log(n_cells)``.

    Parameters
    ----------
    vectors : array of shape (n_items, n_dims)
        Finite. Any float type; may be a memory map.
    metric : {"cosine", "euclidean"}
        Under cosine each row counts by its direction alone.
    n_cells : int, optional
        From 1 to ``n_items``; without it ``n_items ** (2 / 3)``: cells of about 5 items where
        there are 100, of 10 at 1,000 and of 46 at 100,000.
    seed : int
        Of the line along which items are sampled and centres start.

    Returns
    -------
    array of shape (n_items,), int32
        Codes from 0, each of which occurs; fewer than ``n_cells`` where items with one vector
        cannot be told apart. Codes near each other are cells near each other, for cells are
        numbered along the tree of their making. A renumbering of the items renumbers the result
        alike. Invariant to the scale of the space (of each row, under cosine) up to rounding; not
        to rotation, which gives other cells as good as these.

    Raises
    ------
    VectorError
        ``vectors`` is no table of at least one row, or ``n_cells`` is out of range.

    Notes
    -----
    At each parting the centres are found in at most 8 rounds on at most 4,096 of the items, and
    all items go to the nearest. Memory ``O(n_items + block)``, a block of rows at a time.
    Misleads when read as clusters: the number of cells is given, not found.

    References
    ----------
    .. [1] Lloyd, "Least squares quantization in PCM", IEEE Trans. Information Theory, 1982.
    .. [2] Nistér and Stewénius, "Scalable Recognition with a Vocabulary Tree", CVPR 2006.
    .. [3] Hall, Horowitz and Jing, "On blocking rules for the bootstrap with dependent data",
       Biometrika 1995 (blocks of ``n^(1/3)``).
    """
    if vectors.ndim != 2 or 0 in vectors.shape:
        raise VectorError(
            f"vectors have shape {vectors.shape}, not (n_items, n_dims); give one vector a row"
        )
    n_items = len(vectors)
    wanted = min(n_items, round(n_items**_GROWTH)) if n_cells is None else n_cells
    if not 1 <= wanted <= n_items:
        raise VectorError(f"{n_items} items make no {wanted} cells; choose from 1 to {n_items}")
    scale = _scale(vectors) if metric == "euclidean" else 1.0
    read = _Rows(vectors, metric, scale, same_directions(vectors) if metric == "cosine" else None)
    codes = np.zeros(n_items, dtype=np.int32)
    found = 0
    waiting = [(_along_a_line(read, seed=seed), wanted)]
    while waiting:
        items, share = waiting.pop()
        parts = _parted(read, items, min(share, _BRANCHES))
        if len(parts) == 1:
            codes[items] = found
            found += 1
            continue
        shares = _shares([len(part) for part in parts], share)
        waiting.extend(reversed(list(zip(parts, shares, strict=True))))
    return codes


@dataclass(frozen=True, eq=False)
class _Rows:
    """Reads rows in float32, in which the squares of all vectors fit."""

    vectors: FloatArray
    metric: Metric
    scale: float
    first: IntArray | None
    """The row that is read in a copy's stead."""

    def __call__(self, items: IntArray) -> NDArray[np.float32]:
        read = np.empty((len(items), self.vectors.shape[1]), dtype=np.float32)
        step = block_rows(self.vectors.shape[1])
        for start in range(0, len(items), step):
            rows = items[start : start + step]
            read[start : start + step] = self._some(
                rows if self.first is None else self.first[rows]
            )
        return read

    def _some(self, items: IntArray) -> NDArray[np.float32]:
        rows: NDArray[np.float32] = np.asarray(self.vectors[items], dtype=np.float32)
        if self.metric == "euclidean":
            return rows / np.float32(self.scale)
        largest = np.abs(rows).max(axis=1, keepdims=True)
        rows /= np.where(largest > 0, largest, 1.0)
        lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
        rows /= np.where(lengths > 0, lengths, 1.0)
        return rows


def _scale(vectors: FloatArray) -> float:
    """Return the largest number of all vectors, or 1 where all are 0."""
    step = block_rows(vectors.shape[1])
    starts = range(0, len(vectors), step)
    return max(float(np.abs(vectors[start : start + step]).max()) for start in starts) or 1.0


def _along_a_line(read: _Rows, *, seed: int) -> NDArray[np.int64]:
    """Order the items by their place on a random line: the same for any order of the rows."""
    n_items, n_dims = read.vectors.shape
    line = np.random.default_rng(seed).standard_normal(n_dims)
    positions = np.empty(n_items)
    step = block_rows(n_dims)
    for start in range(0, n_items, step):
        rows = read(np.arange(start, min(n_items, start + step)))
        positions[start : start + step] = (rows * line).sum(axis=1)
    return np.argsort(positions, kind="stable")


def _parted(read: _Rows, items: NDArray[np.int64], n_parts: int) -> list[NDArray[np.int64]]:
    """Part some items, given in order along the line, by k-means; each part keeps the order."""
    if n_parts == 1:
        return [items]
    trained = min(len(items), _MOST_TRAINED)
    sample = read(items[_spaced(len(items), trained)])
    origin = sample.mean(axis=0, dtype=np.float64).astype(np.float32)
    sample -= origin
    centres = sample[_spaced(trained, n_parts)]
    nearest = np.full(trained, -1)
    for _ in range(_ROUNDS):
        before, nearest = nearest, _nearest(sample, centres)
        if np.array_equal(before, nearest):
            break
        centres = _means(sample, nearest, centres)
    step = block_rows(read.vectors.shape[1])
    part = np.concatenate(
        [
            _nearest(read(items[start : start + step]) - origin, centres)
            for start in range(0, len(items), step)
        ]
    )
    return [own for code in _chained(centres) if len(own := items[part == code])]


def _chained(centres: NDArray[np.float32]) -> list[int]:
    """Order the centres so that each is followed by the nearest of those left."""
    left = list(range(len(centres)))
    chain = [left.pop(0)]
    while left:
        away = ((centres[left] - centres[chain[-1]]) ** 2).sum(axis=1)
        chain.append(left.pop(int(away.argmin())))
    return chain


def _spaced(n_items: int, n_wanted: int) -> NDArray[np.int64]:
    return (np.arange(n_wanted) * n_items + n_items // 2) // n_wanted


def _nearest(rows: NDArray[np.float32], centres: NDArray[np.float32]) -> NDArray[np.int64]:
    scores = rows @ centres.T
    scores -= 0.5 * (centres * centres).sum(axis=1)
    nearest: NDArray[np.int64] = scores.argmax(axis=1)
    return nearest


def _means(
    rows: NDArray[np.float32], part: NDArray[np.int64], centres: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the mean of each part; a part that lost all its rows keeps its centre."""
    members = (part == np.arange(len(centres))[:, None]).astype(np.float32)
    counts = members.sum(axis=1, keepdims=True)
    return np.where(counts > 0, members @ rows / np.maximum(counts, 1), centres)


def _shares(sizes: list[int], n_cells: int) -> list[int]:
    """Divide a number of cells among parts by their size, one or more to each part."""
    exact = np.asarray(sizes) * (n_cells / sum(sizes))
    shares = np.clip(np.floor(exact).astype(np.int64), 1, sizes)
    while (missing := n_cells - int(shares.sum())) != 0:
        want = np.where(shares < sizes, exact - shares, -np.inf)
        spare = np.where(shares > 1, shares - exact, -np.inf)
        shares[int(want.argmax() if missing > 0 else spare.argmax())] += 1 if missing > 0 else -1
    return [int(share) for share in shares]
