"""Very many items are laid out in an order that is near in memory, and come back in their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.kernels import SparseRows, layout_epoch
from emblink.neighbors import nearest_neighbors
from emblink.projection import _settle, joint_layout
from emblink.projection._fuzzy import fuzzy_graph, sparse_rows
from emblink.projection._nearby import Order, place_of
from emblink.types import NeighborGraph
from tests.conftest import clustered

ROWS = np.array([[0, 1, 2, 3, -1, 4], [-1, 0, -1, 1, 2, -1]], np.int32)


def drawn(n: int, *, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal((n, 2)).astype(np.float32)


def graphs(n: int = 400, *, apart: int = 0) -> list[NeighborGraph]:
    """Return those of the first items, and of others of which the last are not among them."""
    x, _ = clustered(n + apart)
    other = x + 0.3 * np.random.default_rng(1).standard_normal(x.shape)
    both = x[:n], other[apart:]
    return [nearest_neighbors(one.astype(np.float32), k=15) for one in both]


def test_every_item_and_row_is_in_the_order_once() -> None:
    order = Order.of([drawn(5), drawn(3)], ROWS)
    assert sorted(order.items.tolist()) == [*range(6)]
    assert [sorted(one.tolist()) for one in order.rows] == [[*range(5)], [*range(3)]]
    numbers = order.numbers(ROWS)
    for space, rows in enumerate(order.rows):
        for place, item in enumerate(order.items):
            before, now = ROWS[space, item], numbers[space, place]
            assert (before < 0) == (now < 0)
            assert before < 0 or rows[now] == before


def test_items_drawn_near_each_other_follow_each_other() -> None:
    n = 5_000
    places = drawn(n)
    order = Order.of([places], np.arange(n, dtype=np.int32)[None]).items
    steps = np.linalg.norm(np.diff(places[order], axis=0), axis=1)
    at_random = np.linalg.norm(np.diff(places, axis=0), axis=1)
    assert np.median(steps) < np.median(at_random) / 10


def test_a_graph_keeps_the_edges_of_each_row_in_their_order() -> None:
    (graph, _) = graphs(300)
    rows = sparse_rows(fuzzy_graph(graph, n_neighbors=15))
    order = Order.of([drawn(300)], np.arange(300, dtype=np.int32)[None])
    there = order.graph(0, rows)
    place = place_of(order.rows[0])
    for row in range(300):
        before = slice(*rows.starts[row : row + 2])
        after = slice(*there.starts[place[row] : place[row] + 2])
        assert np.array_equal(place[rows.columns[before]], there.columns[after])
        assert np.array_equal(rows.weights[before], there.weights[after])


@pytest.mark.parametrize("apart", [0, 30])
def test_pictures_come_back_in_the_order_of_the_items(
    monkeypatch: pytest.MonkeyPatch, apart: int
) -> None:
    monkeypatch.setattr(_settle, "IN_ANY_ORDER", 10)
    spaces, seen = graphs(apart=apart), list[Sequence[NDArray[np.float32]]]()
    items = [np.arange(400), np.arange(400) + apart]
    pictures = joint_layout(
        spaces, items, 400 + apart, start=None, n_epochs=240, watch=seen.append
    ).pictures
    for picture, last, graph in zip(pictures, seen[-1], spaces, strict=True):
        assert np.allclose(picture, last, atol=1e-5)
        near = np.linalg.norm(picture[:, None] - picture[graph.indices], axis=2)
        far = np.linalg.norm(picture - np.roll(picture, 37, axis=0), axis=1)
        assert near.mean() < 0.5 * far.mean()


def test_very_many_items_move_alike_for_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    n, k = 33_000, 4
    rng = np.random.default_rng(0)
    graph = SparseRows(
        np.arange(0, n * k + 1, k), rng.integers(0, n, n * k).astype(np.int32), np.ones(n * k, "f4")
    )
    here, rows = drawn(n), np.arange(n, dtype=np.int32)[None]
    found = []
    for threads in (1, 2, 5):
        monkeypatch.setenv("EMBLINK_THREADS", str(threads))
        out = np.empty_like(here)
        layout_epoch(
            [here],
            [out],
            graphs=[graph],
            rows=rows,
            ties=np.empty((n, 0), np.float32),
            fixed=np.zeros(1, np.uint8),
            rate=3.0,
            repulsion=22.0,
            samples=30,
            seed=5,
            epoch=2,
        )
        found.append(out)
    assert all(np.array_equal(found[0], one) for one in found[1:])
    assert np.isfinite(found[0]).all()
