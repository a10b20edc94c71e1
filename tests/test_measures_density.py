import numpy as np
import pytest

from emblink.errors import GraphMismatchError
from emblink.measures import log_density_change
from emblink.types import FloatArray, Metric, NeighborGraph
from tests.measures_helpers import brute_graph, graph_of, random_lists, renumbered


def clouds(seed: int, *, shrunk: float = 1.0) -> FloatArray:
    """Two clouds far apart, of 60 and 140 items; the first ``shrunk`` times as wide."""
    points = np.random.default_rng(seed).standard_normal((200, 8))
    points[:60] = points[:60] * shrunk + 40.0
    return points


def test_a_cloud_of_half_the_width_is_denser_by_log_two() -> None:
    wide, narrow = (brute_graph(clouds(0, shrunk=s), 20, metric="euclidean") for s in (1.0, 0.5))
    change = log_density_change(wide, narrow)
    assert change.dtype == np.float32
    np.testing.assert_allclose(change[:60], np.log(2.0), atol=1e-5)
    np.testing.assert_allclose(change[60:], 0.0, atol=1e-5)
    np.testing.assert_allclose(log_density_change(narrow, wide), -change, atol=1e-6)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1e6])
def test_density_change_ignores_the_scale_of_either_space(scale: float, metric: Metric) -> None:
    x, y = clouds(0), clouds(1)
    found = log_density_change(brute_graph(x, 20, metric=metric), brute_graph(y, 20, metric=metric))
    scaled = brute_graph(x * scale, 20, metric=metric)
    other = brute_graph(y / scale, 20, metric=metric)
    np.testing.assert_allclose(log_density_change(scaled, other), found, atol=2e-6)


def test_density_change_ignores_the_scale_among_copies() -> None:
    points = clouds(2)
    points[100:130] = points[100]
    rest = clouds(3)
    first, second = (brute_graph(x, 20, metric="euclidean") for x in (points, rest))
    tiny = NeighborGraph(first.indices, first.distances * np.float32(1e-6), first.metric)
    found = log_density_change(first, second)
    np.testing.assert_allclose(log_density_change(tiny, second), found, atol=2e-6)


def test_copies_are_denser_by_a_thousand_and_not_infinitely() -> None:
    distances = np.ones((50, 5), dtype=np.float32)
    distances[:10] = 0.0
    lists = random_lists(50, 5, seed=0)
    apart, copies = (
        NeighborGraph(lists, d, "euclidean") for d in (np.ones_like(distances), distances)
    )
    change = log_density_change(apart, copies, k=5)
    np.testing.assert_allclose(change[:10], np.log(1000.0), rtol=1e-6)
    assert (change[10:] == 0.0).all()
    assert (log_density_change(copies, copies, k=5) == 0.0).all()


def test_a_space_of_one_point_says_nothing_of_density() -> None:
    lists = random_lists(30, 5, seed=0)
    point = NeighborGraph(lists, np.zeros((30, 5), dtype=np.float32), "cosine")
    assert (log_density_change(point, point, k=5) == 0.0).all()


def test_cosine_distances_are_read_as_chords() -> None:
    """On unit rows both metrics measure the same lengths, so nothing changed between them."""
    x = clouds(4)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    angle, chord = (brute_graph(x, 20, metric=m) for m in ("cosine", "euclidean"))
    np.testing.assert_allclose(log_density_change(angle, chord), 0.0, atol=1e-5)


def test_density_change_ignores_a_common_renumbering() -> None:
    a, b = (brute_graph(clouds(seed), 20, metric="euclidean") for seed in (5, 6))
    order = np.random.default_rng(0).permutation(200)
    found = log_density_change(renumbered(a, order), renumbered(b, order))
    np.testing.assert_array_equal(found, log_density_change(a, b)[order])


def test_neighbors_beyond_those_held_are_refused() -> None:
    graph = graph_of(random_lists(20, 3, seed=0))
    with pytest.raises(GraphMismatchError, match="graphs hold 3"):
        log_density_change(graph, graph, k=4)
