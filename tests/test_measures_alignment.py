import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError
from emblink.measures import row_alignment
from emblink.types import FloatArray, Metric
from tests.measures_helpers import MNIST, brute_graph, space


def shuffled(vectors: FloatArray) -> FloatArray:
    return vectors[np.random.default_rng(0).permutation(len(vectors))]


def cloud(n: int, d: int, *, seed: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal((n, d))


def clusters(n: int, d: int, *, seed: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    return 5 * rng.standard_normal((10, d))[rng.integers(0, 10, n)] + rng.standard_normal((n, d))


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("max_items", [4000, 100])
def test_a_shuffled_rotated_and_scaled_copy_is_misaligned(metric: Metric, max_items: int) -> None:
    x = cloud(600, 24, seed=1)
    turn, _ = np.linalg.qr(cloud(24, 24, seed=2))
    copy = shuffled(3 * x @ turn).astype(np.float32)
    found = row_alignment(
        brute_graph(x, 30, metric=metric), brute_graph(copy, 30, metric=metric), max_items=max_items
    )
    assert found.misaligned
    assert found.given < 0.05
    assert found.rematched > 0.99
    assert found.null is not None
    assert found.null < 0.1
    assert found.copies_only == (max_items == 100)


@pytest.mark.slow
def test_a_shuffled_later_epoch_is_misaligned() -> None:
    a = brute_graph(space(MNIST, "fc_seed0_epoch05"), 50)
    b = brute_graph(shuffled(space(MNIST, "fc_seed0_epoch10")), 50)
    found = row_alignment(a, b)
    assert found.misaligned
    assert found.rematched > 0.2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("x", "y"),
    [
        (cloud(400, 1, seed=16), cloud(400, 1, seed=17)),
        (cloud(500, 2, seed=3), cloud(500, 2, seed=4)),
        (cloud(500, 32, seed=5), cloud(500, 32, seed=6)),
        (clusters(500, 20, seed=7), clusters(500, 20, seed=8)),
        (clusters(500, 20, seed=9), cloud(500, 20, seed=10)),
    ],
    ids=["line", "plane", "gaussians", "clusterings", "clusters and gaussian"],
)
def test_unrelated_spaces_are_not_misaligned(x: FloatArray, y: FloatArray) -> None:
    graphs = [brute_graph(vectors, 30, metric="euclidean") for vectors in (x, y)]
    found = row_alignment(graphs[0], graphs[1])
    assert not found.misaligned
    assert found.null is None


def test_aligned_rows_are_not_misaligned() -> None:
    x = cloud(300, 8, seed=11)
    graphs = [brute_graph(v, 20) for v in (x, x + 0.3 * cloud(300, 8, seed=12))]
    assert not row_alignment(graphs[0], graphs[1]).misaligned


def test_copies_of_one_row_are_not_misaligned() -> None:
    x = np.repeat(cloud(3, 4, seed=13), 40, axis=0)
    graphs = [brute_graph(v, 20, metric="euclidean") for v in (x, shuffled(x))]
    assert row_alignment(graphs[0], graphs[1]).null is None


def test_different_numbers_of_items_are_refused() -> None:
    with pytest.raises(GraphMismatchError, match="cover 30 and 31 items"):
        row_alignment(brute_graph(cloud(30, 3, seed=14), 5), brute_graph(cloud(31, 3, seed=15), 5))
