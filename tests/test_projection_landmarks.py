"""Landmarks are laid out; the other items are placed among them."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits

import emblink as eb
from emblink.pipeline import _joint
from emblink.projection import Landmarks
from emblink.types import IntArray, NeighborGraph


def line(n: int, k: int) -> NeighborGraph:
    """Return the ``k`` nearest of points on a line, the lower first of two as near."""
    apart = np.abs(np.subtract.outer(np.arange(n), np.arange(n))).astype(np.float32)
    np.fill_diagonal(apart, np.inf)
    indices = np.argsort(apart, axis=1, kind="stable")[:, :k]
    distances = np.take_along_axis(apart, indices, axis=1)
    return NeighborGraph(indices.astype(np.int32), distances, "euclidean")


def test_landmarks_keep_their_nearest_landmarks_and_the_others_hang_on_them() -> None:
    graph, rows = line(40, 25), [np.arange(40)] * 2
    found = Landmarks.of([graph] * 2, rows, 40, most=20, n_neighbors=3)
    np.testing.assert_array_equal(found.rows[0], found.rows[1])
    landmarks = found.held[0]
    assert len(landmarks) == 20
    away = np.setdiff1d(np.arange(40), landmarks)
    for lists, ones in ((found.graphs[0], landmarks), (found.others[0], away)):
        for row, item in enumerate(ones):
            wanted = [j for j in graph.indices[item] if j in landmarks][:3]
            assert landmarks[lists.indices[row]].tolist() == wanted
            expected = np.abs(np.array(wanted) - item)
            np.testing.assert_array_equal(lists.distances[row], expected)


def test_an_item_with_too_few_landmarks_has_those_again_and_one_with_none_itself() -> None:
    graph = line(30, 2)
    found = Landmarks.of([graph], [np.arange(30)], 30, most=10, n_neighbors=2)
    landmarks = found.held[0]
    for row, item in enumerate(landmarks):
        near = [j for j in graph.indices[item] if j in landmarks] or [item]
        assert {*landmarks[found.graphs[0].indices[row]].tolist()} == {*near}


def test_placed_pictures_hold_the_landmarks_still_in_every_row_order() -> None:
    rows: list[IntArray] = [np.arange(50), np.random.default_rng(0).permutation(50)]
    turned = line(50, 20)
    place = np.argsort(rows[1]).astype(np.int32)
    graphs = [
        turned,
        NeighborGraph(place[turned.indices[rows[1]]], turned.distances[rows[1]], "euclidean"),
    ]
    found = Landmarks.of(graphs, rows, 50, most=25, n_neighbors=5)
    places = np.stack((np.arange(50), np.zeros(50)), axis=1).astype(np.float32)
    first, second = found.place([places[items] for items in found.rows])
    np.testing.assert_array_equal(first[found.held[0]], places[found.rows[0]])
    np.testing.assert_allclose(first[rows[1]], second, atol=1e-5)
    assert np.abs(first[:, 0] - np.arange(50)).max() < 6


@pytest.mark.slow
def test_a_layout_by_landmarks_is_said_and_nearly_as_trustworthy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x = load_digits().data
    spaces = {"digits": x, "copy": x.copy()}
    whole = eb.compare(spaces, metric="euclidean")
    monkeypatch.setattr(_joint, "MOST_LAID_OUT", 600)
    found = eb.compare(spaces, metric="euclidean")
    assert found.projection("digits").params["landmarks"] == 600
    assert "landmarks" not in whole.projection("digits").params
    moves = found.moves("digits", "copy")
    assert moves.displacement.max() == 0
    trust = [c.report()["spaces"][0]["pictures"][0]["trustworthiness"] for c in (whole, found)]
    assert trust[1] > trust[0] - 0.03
