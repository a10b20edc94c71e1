"""How far a picture may be believed: against scikit-learn, closed forms and brute force."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_digits, load_iris
from sklearn.manifold import trustworthiness

from emblink.errors import GraphMismatchError
from emblink.neighbors import nearest_neighbors
from emblink.projection import (
    neighbor_errors,
    pca_projections,
    trust_of_pictures,
    trustworthiness_continuity,
)


def clusters(n: int, *, seed: int = 0) -> NDArray[np.float64]:
    """Return points of 10 clusters in 32 dimensions."""
    rng = np.random.default_rng(seed)
    return np.asarray(4 * rng.normal(size=(10, 32))[np.arange(n) % 10] + rng.normal(size=(n, 32)))


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("k", [5, 15])
def test_trustworthiness_and_continuity_equal_scikit_learn(metric: Any, k: int) -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(500, 20)) + 5
    coords = (vectors[:, :2] + 0.3 * rng.normal(size=(500, 2))).astype(np.float32)
    trust, continuity = trustworthiness_continuity(vectors, coords, metric=metric, k=k)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = unit if metric == "cosine" else vectors
    assert trust.mean() == pytest.approx(trustworthiness(rows, coords, n_neighbors=k), abs=1e-6)
    assert continuity.mean() == pytest.approx(
        trustworthiness(coords, rows, n_neighbors=k), abs=1e-6
    )


@pytest.mark.slow
@pytest.mark.parametrize("load", [load_iris, load_digits])
def test_trustworthiness_of_real_data_is_that_of_scikit_learn(load: Any) -> None:
    vectors = np.asarray(load().data, np.float64)
    (coords,) = pca_projections([vectors], [np.arange(len(vectors))], metrics=["euclidean"])
    trust, _ = trustworthiness_continuity(vectors, coords, metric="euclidean", k=15)
    expected = trustworthiness(vectors, coords, n_neighbors=15)
    assert trust.mean() == pytest.approx(expected, abs=1e-4)


def test_trust_sees_differences_of_directions_that_are_nearly_the_same() -> None:
    vectors = np.random.default_rng(0).normal(size=(400, 20))
    coords = (vectors[:, :2]).astype(np.float32)
    vectors[:, 0] = 3000
    trust, _ = trustworthiness_continuity(vectors, coords, metric="cosine")
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert trust.mean() == pytest.approx(trustworthiness(unit, coords, n_neighbors=15), abs=1e-6)


def test_trust_of_a_query_is_the_same_whoever_else_is_asked(monkeypatch: Any) -> None:
    vectors = clusters(300)
    coords = vectors[:, :2]
    every = trustworthiness_continuity(vectors, coords, metric="cosine")
    queries = np.array([17, 3, 299, 3])
    monkeypatch.setattr("emblink.projection._trust._BLOCK", 64)
    again = trustworthiness_continuity(vectors, coords, metric="cosine")
    np.testing.assert_allclose(again, every, atol=1e-6)
    some = trustworthiness_continuity(vectors, coords, metric="cosine", queries=queries)
    np.testing.assert_allclose(some, np.stack(every)[:, queries], atol=1e-6)


def test_a_faithful_picture_has_trust_one_even_with_duplicates_and_far_from_the_origin() -> None:
    plane = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
    plane[50:60] = plane[0]
    vectors = np.column_stack((plane, np.zeros((200, 6), np.float32))) + np.float32(64)
    for values in trustworthiness_continuity(vectors, plane, metric="euclidean"):
        assert values.mean() > 0.9999


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_trust_of_a_few_items_is_finite(n: int) -> None:
    vectors = np.random.default_rng(0).normal(size=(n, 4))
    for values in trustworthiness_continuity(vectors, vectors[:, :2], metric="cosine"):
        assert values.shape == (n,)
        assert (values <= 1).all()


def test_several_pictures_and_a_given_graph_give_the_same_trust() -> None:
    vectors = clusters(400)
    graph = nearest_neighbors(vectors.astype(np.float32), k=30)
    pictures = [vectors[:, :2], vectors[:, 5:8], vectors[:, 3:5]]
    found = trust_of_pictures(vectors, pictures, metric="cosine", graph=graph)
    for coords, one in zip(pictures, found, strict=True):
        alone = trustworthiness_continuity(vectors, coords, metric="cosine")
        np.testing.assert_allclose(one, alone, atol=1e-6)


def test_trust_refuses_a_picture_or_a_graph_of_other_items() -> None:
    vectors = clusters(60)
    graph = nearest_neighbors(vectors.astype(np.float32), k=5)
    with pytest.raises(GraphMismatchError, match=r"shape \(59, 2\) is given for 60 items"):
        trustworthiness_continuity(vectors, vectors[1:, :2], metric="cosine")
    with pytest.raises(GraphMismatchError, match="at least k neighbours, or none"):
        trustworthiness_continuity(vectors, vectors[:, :2], metric="cosine", graph=graph)
    with pytest.raises(GraphMismatchError, match="holds 5 neighbours and 45 are needed for k=15"):
        neighbor_errors(graph, vectors[:, :2])


def test_neighbor_errors_equal_sets_of_neighbours() -> None:
    vectors, k = clusters(200).astype(np.float32), 6
    coords = np.asarray(vectors[:, :2])
    far = nearest_neighbors(vectors, k=18, metric="euclidean")
    near = nearest_neighbors(coords, k=18, metric="euclidean").indices
    found = neighbor_errors(far, coords, k=k)
    for item in range(200):
        space, picture = far.indices[item].tolist(), near[item].tolist()
        kept = len({*space[:k]} & {*picture[:k]}) / k
        assert found.preservation[item] == pytest.approx(kept)
        assert found.false_neighbors[item] == pytest.approx(len({*picture[:k]} - {*space}) / k)
        assert found.missing_neighbors[item] == pytest.approx(len({*space[:k]} - {*picture}) / k)


def test_a_faithful_picture_has_no_errors_and_a_random_one_those_of_chance() -> None:
    plane = np.random.default_rng(0).normal(size=(2000, 2)).astype(np.float32)
    graph = nearest_neighbors(plane, k=45, metric="euclidean")
    found = neighbor_errors(graph, 3 * plane[:, ::-1] + 1)
    assert found.preservation.mean() > 0.999
    assert max(found.false_neighbors.max(), found.missing_neighbors.max()) == 0
    found = neighbor_errors(graph, np.random.default_rng(1).normal(size=(2000, 2)))
    assert found.preservation.mean() == pytest.approx(15 / 1999, rel=0.2)
    assert found.false_neighbors.mean() == pytest.approx(1 - 45 / 1999, abs=0.003)
    assert found.missing_neighbors.mean() == pytest.approx(1 - 45 / 1999, abs=0.003)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_neighbor_errors_of_a_few_items_are_shares(n: int) -> None:
    graph = nearest_neighbors(np.eye(n, dtype=np.float32), k=n - 1)
    found = neighbor_errors(graph, np.zeros((n, 2)))
    for values in (found.preservation, found.false_neighbors, found.missing_neighbors):
        assert values.shape == (n,)
        assert ((values >= 0) & (values <= 1)).all()


def test_trust_among_copies_alone_is_finite() -> None:
    for metric in ("cosine", "euclidean"):
        for values in trustworthiness_continuity(
            np.ones((40, 3)), np.zeros((40, 2)), metric=metric
        ):
            np.testing.assert_array_equal(values, 1)
