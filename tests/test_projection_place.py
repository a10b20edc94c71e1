"""New items in a finished picture."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from emblink.errors import GraphMismatchError, InputError, VectorError
from emblink.kernels import list_ranks, near_points
from emblink.neighbors import nearest_neighbors, neighbors_of
from emblink.projection import joint_layout, neighbor_errors, pca_projections, place_items
from emblink.types import NeighborGraph

Picture = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NeighborGraph]


@pytest.fixture(scope="module")
def digits() -> Picture:
    """Return the digits laid out, the tenth that was left out, the picture, and its graph."""
    vectors = np.asarray(load_digits().data, np.float32)
    left = np.random.default_rng(0).permutation(len(vectors)) < 180
    placed, new = vectors[~left], vectors[left]
    graph = nearest_neighbors(placed, k=45, metric="euclidean")
    rows = [np.arange(len(placed))]
    start = pca_projections([placed], rows, metrics=["euclidean"])
    (coords,) = joint_layout([graph], rows, len(placed), start=start, n_epochs=150).pictures
    return placed, new, coords, graph


def test_placed_digits_keep_nearly_as_many_neighbours_as_those_laid_out(digits: Picture) -> None:
    placed, new, coords, graph = digits
    found = place_items(neighbors_of(new, placed, k=15, metric="euclidean"), coords)
    laid_out = neighbor_errors(graph, coords, k=15).preservation.mean()
    assert found.preservation.mean() > 0.9 * laid_out
    mean = coords[found.neighbors].mean(axis=1)
    kept = (list_ranks(found.neighbors, near_points(coords, mean, k=15)) > 0).mean()
    assert found.preservation.mean() > 1.1 * kept
    for item in (0, 99):
        near = np.argsort(np.linalg.norm(coords - found.coords[item], axis=1))[:15]
        share = len({*near.tolist()} & {*found.neighbors[item].tolist()}) / 15
        assert found.preservation[item] == pytest.approx(share)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_copies_of_placed_items_land_on_them(digits: Picture, metric: str) -> None:
    placed, _, coords, _ = digits
    copies = placed[:40] * np.float32(3 if metric == "cosine" else 1)
    graph = neighbors_of(copies, placed, metric="cosine" if metric == "cosine" else "euclidean")
    np.testing.assert_array_equal(graph.indices[:, 0], np.arange(40))
    np.testing.assert_allclose(place_items(graph, coords).coords, coords[:40], atol=1e-6)


def test_an_item_between_two_clusters_joins_the_one_with_more_of_its_neighbours() -> None:
    coords = np.concatenate((np.zeros((5, 2)), np.full((5, 2), 4.0))).astype(np.float32)
    coords += 0.01 * np.random.default_rng(0).normal(size=(10, 2)).astype(np.float32)
    graph = NeighborGraph(
        np.array([[0, 5, 6, 7, 1]], np.int32), np.ones((1, 5), np.float32), "euclidean"
    )
    found = place_items(graph, coords)
    assert np.linalg.norm(found.coords[0] - 4) < 0.1
    assert found.preservation[0] == pytest.approx(3 / 5)


def test_a_place_does_not_depend_on_turn_or_size_of_the_picture_nor_on_other_items(
    digits: Picture,
) -> None:
    placed, new, coords, _ = digits
    graph = neighbors_of(new[:30], placed, k=15, metric="euclidean")
    found = place_items(graph, coords).coords
    np.testing.assert_allclose(
        place_items(graph, -8 * coords[:, ::-1]).coords, -8 * found[:, ::-1], atol=1e-3
    )
    alone = neighbors_of(new[7:8], placed, k=15, metric="euclidean")
    np.testing.assert_allclose(place_items(alone, coords).coords[0], found[7], atol=1e-5)


def test_placing_into_hardly_anything_is_finite() -> None:
    same = NeighborGraph(np.zeros((2, 1), np.int32), np.zeros((2, 1), np.float32), "cosine")
    found = place_items(same, np.zeros((1, 2), np.float32))
    np.testing.assert_array_equal(found.coords, 0)
    nobody = NeighborGraph(np.zeros((0, 3), np.int32), np.zeros((0, 3), np.float32), "cosine")
    assert place_items(nobody, np.zeros((4, 2), np.float32)).coords.shape == (0, 2)


def test_placing_refuses_neighbours_that_are_not_in_the_picture() -> None:
    graph = NeighborGraph(np.array([[9]], np.int32), np.ones((1, 1), np.float32), "cosine")
    with pytest.raises(GraphMismatchError, match="the picture has rows 0 to 3"):
        place_items(graph, np.zeros((4, 2), np.float32))


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_neighbours_of_new_vectors_equal_brute_force(metric: str) -> None:
    rng = np.random.default_rng(0)
    placed, new = rng.normal(size=(300, 9)), rng.normal(size=(70, 9))
    if metric == "cosine":
        found = neighbors_of(new, placed, k=7)
        rows = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in (new, placed)]
        distances = 1 - rows[0] @ rows[1].T
    else:
        found = neighbors_of(new, placed, k=7, metric="euclidean")
        distances = np.linalg.norm(new[:, None] - placed, axis=2)
    order = np.argsort(distances, axis=1)[:, :7]
    np.testing.assert_array_equal(found.indices, order)
    expected = np.take_along_axis(distances, order, axis=1)
    np.testing.assert_allclose(found.distances, expected, atol=1e-6)


def test_neighbours_of_new_vectors_refuse_other_widths() -> None:
    with pytest.raises(VectorError, match=r"shape \(2, 3\); expected \(n_new, 4\)"):
        neighbors_of(np.ones((2, 3)), np.ones((5, 4)))
    with pytest.raises(InputError, match="give k from 1 to 5"):
        neighbors_of(np.ones((2, 4)), np.ones((5, 4)), k=6)
