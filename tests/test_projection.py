"""What the pictures promise: shared frames, stillness of the unchanged, honest trust."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from emblink.errors import GraphMismatchError
from emblink.projection import (
    drawn_again,
    extended_layout,
    joint_layout,
    pca_projections,
    trustworthiness_continuity,
)
from emblink.projection._fuzzy import consensus, fuzzy_graph
from emblink.types import IntArray, NeighborGraph

Coords = NDArray[np.float32]


def neighbors(vectors: NDArray[Any], k: int = 15) -> NeighborGraph:
    """Return the exact Euclidean graph, self excluded by identity."""
    rows = np.asarray(vectors, np.float64)
    squares = (rows**2).sum(axis=1)
    distances = np.maximum(squares[:, None] - 2 * rows @ rows.T + squares, 0)
    np.fill_diagonal(distances, np.inf)
    indices = np.argsort(distances, axis=1, kind="stable")[:, : min(k, len(rows) - 1)]
    nearest = np.sqrt(np.take_along_axis(distances, indices, axis=1))
    return NeighborGraph(indices.astype(np.int32), nearest.astype(np.float32), "euclidean")


def lay_out(*spaces: NDArray[Any], n_epochs: int | None = None, seed: int = 0) -> list[Coords]:
    """Lay out spaces that all cover the same items."""
    rows: list[IntArray] = [np.arange(len(space)) for space in spaces]
    start = pca_projections(spaces, rows, metrics=["euclidean"] * len(spaces))
    graphs = [neighbors(space) for space in spaces]
    layout = joint_layout(graphs, rows, len(rows[0]), start=start, n_epochs=n_epochs, seed=seed)
    return layout.pictures


def clusters(n: int = 1000, *, seed: int = 0) -> tuple[NDArray[np.float64], IntArray, Any]:
    """Return points of 10 clusters in 32 dimensions, their labels, and the centres."""
    rng = np.random.default_rng(seed)
    centres = 4 * rng.normal(size=(10, 32))
    labels = rng.integers(0, 10, n)
    return centres[labels] + rng.normal(size=(n, 32)), labels, centres


@pytest.fixture(scope="module")
def digits() -> NDArray[np.float64]:
    return np.asarray(load_digits().data, np.float64)


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_pca_explains_as_much_as_the_singular_values(metric: Any, digits: Any) -> None:
    rows = digits / np.linalg.norm(digits, axis=1, keepdims=True) if metric == "cosine" else digits
    expected = np.linalg.svd(rows - rows.mean(axis=0), compute_uv=False)[:2]
    (coords,) = pca_projections([digits], [np.arange(len(digits))], metrics=[metric])
    found = np.linalg.norm(coords, axis=0)
    np.testing.assert_allclose(found[1] / found[0], expected[1] / expected[0], rtol=1e-4)
    np.testing.assert_allclose(coords.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose((coords**2).sum(axis=1).mean(), 1, rtol=1e-5)


def test_pca_of_a_turned_scaled_and_shifted_space_is_the_same_picture(digits: Any) -> None:
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(64, 64)))[0]
    rows = np.arange(len(digits))
    spaces = [digits, 7 * digits @ turn + 3, (digits @ turn).astype(np.float16)]
    first, *others = pca_projections(spaces, [rows] * 3, metrics=["euclidean"] * 3)
    for other, bound in zip(others, (1e-4, 1e-2), strict=True):
        assert np.abs(first - other).max() < bound


def test_pca_aligns_spaces_on_the_items_they_share() -> None:
    vectors = np.random.default_rng(0).normal(size=(1500, 6)) * [9, 5, 1, 1, 1, 1]
    rows = [np.arange(1000), np.arange(1500)[:500:-1]]
    spaces = [vectors[rows[0]], -vectors[rows[1]][:, ::-1]]
    first, second = pca_projections(spaces, rows, metrics=["euclidean"] * 2)
    _, here, there = np.intersect1d(rows[0], rows[1], return_indices=True)
    assert len(here) == 499
    assert np.linalg.norm(first[here] - second[there], axis=1).max() < 0.2


@pytest.mark.parametrize("shape", [(1, 5), (2, 1), (4, 3)])
def test_pca_of_hardly_anything_is_finite(shape: tuple[int, int]) -> None:
    (coords,) = pca_projections([np.ones(shape)], [np.arange(shape[0])], metrics=["cosine"])
    np.testing.assert_allclose(coords, 0, atol=1e-6)


def test_fuzzy_graph_is_the_probabilistic_union_of_both_directions() -> None:
    indices = np.array([[1, 2], [2, 3], [1, 3], [2, 1]], np.int32)
    distances = np.array([[1, 3], [2, 3], [2, 5], [1, 4]], np.float32)
    graph = fuzzy_graph(NeighborGraph(indices, distances, "euclidean"), n_neighbors=2)
    # the nearest weighs 1; the other what log2(3) leaves
    rest = np.log2(3) - 1
    dense = np.zeros((4, 4))
    dense[[0, 1, 2, 3], [1, 2, 1, 2]], dense[[0, 1, 2, 3], [2, 3, 3, 1]] = 1, rest
    union = dense + dense.T - dense * dense.T
    found = np.zeros(16)
    found[graph.keys] = graph.weights
    np.testing.assert_allclose(found.reshape(4, 4), union, atol=1e-5)


def test_consensus_is_the_mean_over_spaces_that_cover_both_items() -> None:
    pair = NeighborGraph(np.array([[1], [0]], np.int32), np.ones((2, 1), np.float32), "euclidean")
    chain = NeighborGraph(
        np.array([[1], [0], [1]], np.int32), np.ones((3, 1), np.float32), "euclidean"
    )
    graphs = [fuzzy_graph(g, n_neighbors=15) for g in (pair, chain)]
    rows = [np.array([3, 1]), np.array([1, 2, 3])]
    common = consensus(graphs, rows, 5)
    edges = dict(zip(common.keys.tolist(), common.weights.tolist(), strict=True))
    assert edges == {3 * 5 + 1: 0.5, 5 + 3: 0.5, 5 + 2: 1, 10 + 1: 1, 10 + 3: 1, 15 + 2: 1}


@pytest.mark.slow
def test_layout_of_equal_spaces_is_one_picture_and_the_same_bytes_again() -> None:
    vectors, *_ = clusters(400)
    first, second = lay_out(vectors, vectors)
    again = lay_out(vectors, vectors)[0]
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - lay_out(vectors, vectors, seed=1)[0]).max() > 0.01


@pytest.mark.slow
def test_layout_does_not_depend_on_the_number_of_threads(monkeypatch: Any) -> None:
    vectors, *_ = clusters(1500)
    pictures = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        pictures.append(lay_out(vectors, vectors[:, ::2], n_epochs=30))
    for picture in pictures[1:]:
        np.testing.assert_array_equal(picture, pictures[0])


@pytest.mark.slow
def test_layout_moves_the_changed_and_holds_the_unchanged() -> None:
    vectors, labels, centres = clusters(2000)
    rng = np.random.default_rng(1)
    moved = rng.permutation(2000) < 200
    goal = (labels + rng.integers(1, 10, 2000)) % 10
    later = vectors + 0.1 * rng.normal(size=vectors.shape)
    later[moved] += (centres[goal] - centres[labels])[moved]
    before, after = lay_out(vectors, later)
    shift = np.linalg.norm(after - before, axis=1)
    assert np.median(shift[moved]) > 50 * np.median(shift[~moved])
    assert np.median(shift[moved]) > 0.5
    assert np.quantile(shift[~moved], 0.95) < 0.1


@pytest.mark.slow
def test_layout_of_a_turned_and_scaled_copy_is_the_same_picture_but_for_rounding(
    digits: Any,
) -> None:
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(64, 64)))[0]
    first, second = lay_out(digits, 3 * digits @ turn)
    assert np.linalg.norm(first - second, axis=1).max() < 0.01


@pytest.mark.slow
def test_a_copy_among_other_spaces_is_one_picture_and_changes_nothing(digits: Any) -> None:
    vectors = digits[:600]
    other = vectors + np.random.default_rng(0).normal(size=vectors.shape)
    first, copied, last = lay_out(vectors, vectors.copy(), other, n_epochs=60)
    np.testing.assert_array_equal(first, copied)
    without = lay_out(vectors, other, n_epochs=60)
    for with_copy, alone in zip((first, last), without, strict=True):
        aligned = with_copy / np.sqrt((with_copy**2).sum(axis=1).mean())
        np.testing.assert_allclose(
            aligned, alone / np.sqrt((alone**2).sum(axis=1).mean()), atol=0.02
        )


@pytest.mark.slow
def test_a_further_space_is_drawn_into_a_layout_that_stays_as_it_is() -> None:
    vectors, labels, centres = clusters(900)
    rng = np.random.default_rng(1)
    later = vectors + 0.1 * rng.normal(size=vectors.shape)
    moved = rng.permutation(900) < 90
    goal = (labels + rng.integers(1, 10, 900)) % 10
    latest = np.where(moved[:, None], vectors + centres[goal] - centres[labels], vectors)
    rows: list[IntArray] = [np.arange(800), np.arange(800), np.arange(900)]
    spaces = [vectors[:800], later[:800], latest]
    graphs = [neighbors(space, k=30) for space in spaces]
    start = pca_projections(spaces[:2], rows[:2], metrics=["euclidean"] * 2)
    layout = joint_layout(graphs[:2], rows[:2], 900, start=start)
    assert np.isnan(layout.consensus[800:]).all()
    assert np.isfinite(layout.consensus[:800]).all()
    extended = extended_layout(
        graphs,
        rows,
        900,
        drawn=[*layout.pictures, None],
        consensus=layout.consensus,
        unit=layout.unit,
    )
    for old, kept in zip(layout.pictures, extended.pictures, strict=False):
        np.testing.assert_array_equal(old, kept)
    new = extended.pictures[2]
    shift = np.linalg.norm(new[:800] - layout.pictures[0], axis=1)
    assert np.median(shift[~moved[:800]]) < 0.02
    assert np.median(shift[moved[:800]]) > 0.3
    assert np.isfinite(extended.consensus).all()
    trust, _ = trustworthiness_continuity(latest, new, metric="euclidean")
    assert trust.mean() > 0.93
    assert trust[800:].mean() > 0.93


@pytest.mark.slow
def test_a_space_drawn_again_moves_less_than_what_changed_and_not_at_all_with_the_same_draws() -> (
    None
):
    vectors, *_ = clusters(800)
    other = vectors + 0.5 * np.random.default_rng(0).normal(size=vectors.shape)
    rows: list[IntArray] = [np.arange(800)] * 2
    graphs = [neighbors(vectors), neighbors(other)]
    layout = joint_layout(graphs, rows, 800, start=None)
    again = drawn_again(graphs, rows, 800, layout=layout)
    for first, second in zip(layout.pictures, again, strict=True):
        noise = np.linalg.norm(first - second, axis=1)
        assert 0 < np.quantile(noise, 0.95) < 0.3
    anew = replace(layout, problem=None)
    for known in (layout, anew):
        repeated = drawn_again(graphs, rows, 800, layout=known)
        np.testing.assert_array_equal(again, repeated)


@pytest.mark.slow
def test_joint_layout_is_about_as_trustworthy_as_a_layout_of_each_space_alone(digits: Any) -> None:
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(64, 64)))[0][:, :32]
    spaces = [digits, digits @ turn]
    for vectors, coords in zip(spaces, lay_out(*spaces), strict=True):
        (alone,) = lay_out(vectors)
        joint, _ = trustworthiness_continuity(vectors, coords, metric="euclidean")
        single, _ = trustworthiness_continuity(vectors, alone, metric="euclidean")
        assert joint.mean() > 0.95
        assert joint.mean() > single.mean() - 0.02


@pytest.mark.slow
def test_layout_holds_shared_items_when_spaces_cover_different_ones() -> None:
    vectors, *_ = clusters(900)
    rows = [np.arange(0, 700), np.arange(200, 900)]
    spaces = [vectors[r] for r in rows]
    start = pca_projections(spaces, rows, metrics=["euclidean"] * 2)
    graphs = [neighbors(s, k=30) for s in spaces]
    first, second = joint_layout(graphs, rows, 950, start=start).pictures
    assert first.shape == second.shape == (700, 2)
    _, here, there = np.intersect1d(rows[0], rows[1], return_indices=True)
    assert np.median(np.linalg.norm(first[here] - second[there], axis=1)) < 0.1


def test_layout_of_separate_components_stays_in_a_box() -> None:
    rng = np.random.default_rng(0)
    vectors = np.repeat(1e6 * rng.normal(size=(60, 8)), 20, axis=0) + rng.normal(size=(1200, 8))
    (coords,) = lay_out(vectors)
    assert np.abs(coords).max() < 5
    np.testing.assert_allclose(coords.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose((coords**2).sum(axis=1).mean(), 1, rtol=1e-4)


def test_layout_survives_an_outlier_in_the_start() -> None:
    vectors, *_ = clusters(600)
    start = pca_projections([vectors], [np.arange(600)], metrics=["euclidean"])[0]
    start[0] = 1e6
    layout = joint_layout([neighbors(vectors)], [np.arange(600)], 600, start=[start])
    (coords,) = layout.pictures
    assert np.abs(coords).max() < 5
    trust, _ = trustworthiness_continuity(vectors, coords, metric="euclidean")
    assert trust.mean() > 0.93


def test_layout_without_a_start_is_trustworthy_near_by() -> None:
    vectors, *_ = clusters(600)
    (coords,) = joint_layout([neighbors(vectors)], [np.arange(600)], 600, start=None).pictures
    trust, _ = trustworthiness_continuity(vectors, coords, metric="euclidean")
    assert trust.mean() > 0.93


def test_layout_reports_every_epoch_and_stops_when_told() -> None:
    vectors, *_ = clusters(100)
    graphs, rows = [neighbors(vectors)] * 2, [np.arange(100)] * 2
    seen: list[tuple[int, int]] = []

    def note(done: int, total: int) -> None:
        seen.append((done, total))

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    joint_layout(graphs, rows, 100, start=None, n_epochs=10, progress=note)
    assert seen == [(done, 10) for done in range(1, 11)]
    with pytest.raises(KeyboardInterrupt):
        joint_layout(graphs, rows, 100, start=None, progress=stop)


def test_layout_refuses_rows_that_do_not_fit_the_graphs() -> None:
    graph = neighbors(clusters(50)[0])
    with pytest.raises(GraphMismatchError, match="covers 50 items but its rows have shape"):
        joint_layout([graph], [np.arange(49)], 50, start=None)
    with pytest.raises(GraphMismatchError, match="from 0 to 49; items are numbered from 0 to 39"):
        joint_layout([graph], [np.arange(50)], 40, start=None)
    with pytest.raises(GraphMismatchError, match="rows of graph 0 are not in the order of their"):
        joint_layout([graph], [np.arange(50)[::-1]], 50, start=None)
    with pytest.raises(GraphMismatchError, match="1 graphs need as many rows"):
        joint_layout([graph], [], 40, start=None)


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(1, 20),
    n_spaces=st.integers(1, 3),
    distinct=st.integers(1, 5),
    scale=st.sampled_from([1e-12, 1.0, 1e12]),
    started=st.booleans(),
    seed=st.integers(0, 2**32),
)
def test_layout_is_finite_centred_and_of_radius_one(
    n: int, n_spaces: int, distinct: int, scale: float, started: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    rows = [np.sort(rng.permutation(n)[: rng.integers(1, n + 1)]) for _ in range(n_spaces)]
    spaces = [scale * rng.integers(0, distinct, (len(r), 3)).astype(np.float32) for r in rows]
    start = pca_projections(spaces, rows, metrics=["euclidean"] * n_spaces) if started else None
    graphs = [neighbors(space) for space in spaces]
    layout = joint_layout(graphs, rows, n, start=start, n_epochs=20, seed=seed)
    every = np.concatenate(layout.pictures)
    assert np.isfinite(every).all()
    np.testing.assert_allclose(every.mean(axis=0), 0, atol=1e-5)
    if len(np.unique(every, axis=0)) > 1:
        np.testing.assert_allclose((every.astype(float) ** 2).sum(axis=1).mean(), 1, rtol=1e-3)
