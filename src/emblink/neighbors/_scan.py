"""Products of blocks, and the best of each row's candidates among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.compute import in_threads, threads
from emblink.kernels import TopLists, topk_columns, topk_rows
from emblink.neighbors._points import Points, operand, spans

BLOCK = 2048
_SPARE = 2
"""Rooms for blocks beside those being made: one that waits, and one that is looked at."""
SUMMED = 4096
"""Dims that are summed in float32: of more, such sums are added in float64."""

Cells: TypeAlias = NDArray[np.float32]
Tick: TypeAlias = Callable[[], None]


@dataclass(frozen=True)
class Part:
    """Rows that follow each other, and where their lists begin.

    Attributes
    ----------
    rows : slice
    first_list : int
    group : int
        Of parts that are looked at together.
    """

    rows: slice
    first_list: int
    group: int = 0


def scan_pairs(
    points: Points,
    parts: Sequence[Part],
    lists: TopLists,
    *,
    without: frozenset[int] = frozenset(),
    tick: Tick,
) -> None:
    """Have the rows of all parts look at each other, each product serving both sides.

    Parameters
    ----------
    points : Points
    parts : sequence of Part
        In order of their rows, each of at most ``BLOCK``.
    lists : TopLists
    without : set of int
        Groups whose parts do not look at each other, nor at themselves.
    tick : callable
        Called after each product.
    """
    upper = (
        (top, left, side)
        for at, top in enumerate(parts)
        for left in [operand(points, top.rows)]
        for side in parts[at:]
        if not (top.group == side.group and top.group in without)
    )
    for top, side, block in _products(points, upper):
        topk_rows(
            lists,
            block,
            points.bias[side.rows],
            first_candidate=side.rows.start,
            selves=np.arange(top.rows.start, top.rows.stop),
            first_list=top.first_list,
        )
        if side is not top:
            topk_columns(
                lists,
                block,
                points.bias[top.rows],
                first_candidate=top.rows.start,
                first_list=side.first_list,
            )
        tick()


def pairs_of(n_parts: int) -> int:
    """Return how many products so many parts take."""
    return n_parts * (n_parts + 1) // 2


def scan_queries(
    points: Points,
    queries: NDArray[np.int64],
    lists: TopLists,
    *,
    candidates: slice,
    tick: Tick,
) -> None:
    """Have some rows look at a range of all rows.

    Parameters
    ----------
    points : Points
    queries : array of shape (n_queries,)
    lists : TopLists
        One for each query.
    candidates : slice
    tick : callable
        Called after each product.
    """
    for batch, side, block in query_products(points, queries, candidates=candidates):
        topk_rows(
            lists,
            block,
            points.bias[side],
            first_candidate=side.start,
            selves=queries[batch],
            first_list=batch.start,
        )
        tick()


def query_products(
    points: Points, queries: NDArray[np.int64], *, candidates: slice
) -> Iterator[tuple[slice, slice, Cells]]:
    """Yield the products of some rows with a range of all rows: which queries, which rows, cells.

    One is gone when the next is asked for; rows come in ascending order for each query.
    """
    blocks = [Part(side, 0) for side in within(candidates)]
    every = (
        (batch, left, side)
        for batch in (Part(one, one.start) for one in spans(queries.size, BLOCK))
        for left in [operand(points, queries[batch.rows])]
        for side in blocks
    )
    for batch, side, block in _products(points, every):
        yield batch.rows, side.rows, block


def products_of(n_queries: int, candidates: slice) -> int:
    """Return how many products a search takes."""
    return len(spans(n_queries, BLOCK)) * len(within(candidates))


def within(rows: slice) -> list[slice]:
    """Cut a range of rows into blocks."""
    return [
        slice(rows.start + one.start, rows.start + one.stop)
        for one in spans(rows.stop - rows.start, BLOCK)
    ]


def _products(
    points: Points, jobs: Iterable[tuple[Part, Cells, Part]]
) -> Iterator[tuple[Part, Part, Cells]]:
    """Yield the products of blocks in their order, several made at once.

    One is gone when the next is asked for: its room is used again, for fresh pages for each would
    cost a tenth of it.
    """
    rooms: SimpleQueue[Cells] = SimpleQueue()
    for _ in range(threads() + _SPARE):
        rooms.put(buffer_of_block())

    def made(job: tuple[Part, Cells, Part]) -> tuple[Part, Part, Cells, Cells]:
        top, left, side = job
        room = rooms.get()
        right = left if side is top else operand(points, side.rows)
        return top, side, product(left, right, room), room

    for top, side, block, room in in_threads(made, jobs):
        yield top, side, block
        rooms.put(room)


def product(left: Cells, right: Cells, buffer: Cells) -> Cells:
    """Multiply rows with rows, into a buffer."""
    shape = len(left), len(right)
    block = buffer[: shape[0] * shape[1]].reshape(shape)
    if left.shape[1] <= SUMMED:
        return np.matmul(left, right.T, out=block)
    total = np.zeros(shape)
    for start in range(0, left.shape[1], SUMMED):
        dims = slice(start, start + SUMMED)
        total += np.matmul(left[:, dims], right[:, dims].T, out=block)
    block[:] = total
    return block


def buffer_of_block() -> Cells:
    """Return room for one block."""
    return np.empty(BLOCK * BLOCK, dtype=np.float32)
