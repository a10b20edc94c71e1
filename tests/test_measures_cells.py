import numpy as np
import pytest

from emblink.errors import VectorError
from emblink.measures import k_means_cells
from emblink.types import Metric
from tests.measures_helpers import EMOJI, brute_graph, space

RNG = np.random.default_rng(0)
CLOUD = RNG.standard_normal((700, 12)).astype(np.float32)


def test_every_code_occurs_and_there_are_as_many_as_asked() -> None:
    for n_cells in (1, 2, 16, 17, 100, 700):
        codes = k_means_cells(CLOUD, n_cells=n_cells)
        assert codes.dtype == np.int32
        assert sorted(set(codes.tolist())) == list(range(n_cells))


def test_clusters_far_apart_are_the_cells() -> None:
    labels = RNG.integers(0, 5, 400)
    rows = 20 * np.eye(5)[labels] + RNG.standard_normal((400, 5))
    codes = k_means_cells(rows, metric="euclidean", n_cells=5)
    found = {(code, label) for code, label in zip(codes.tolist(), labels.tolist(), strict=True)}
    assert len(found) == 5


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_renumbered_items_lie_in_the_same_cells(metric: Metric) -> None:
    order = np.random.default_rng(1).permutation(len(CLOUD))
    codes = k_means_cells(CLOUD, metric=metric)
    np.testing.assert_array_equal(k_means_cells(CLOUD[order], metric=metric), codes[order])


def test_cosine_cells_ignore_the_length_of_rows() -> None:
    lengths = 2.0 ** RNG.integers(-6, 7, (len(CLOUD), 1))
    np.testing.assert_array_equal(k_means_cells(lengths * CLOUD), k_means_cells(CLOUD))


@pytest.mark.slow
def test_items_of_a_cell_are_neighbors() -> None:
    vectors = space(EMOJI, "use_name_en")
    codes = k_means_cells(vectors, n_cells=len(vectors) // 20)
    near = brute_graph(vectors, 10).indices
    shared = (codes[near] == codes[:, None]).mean()
    beside = (np.abs(codes[near] - codes[:, None]) <= 4).mean()
    assert shared > 30 * np.mean(np.bincount(codes)) / len(codes)
    assert beside > 1.4 * shared


def test_the_same_vectors_are_one_cell() -> None:
    assert k_means_cells(np.ones((50, 3)), n_cells=7).tolist() == [0] * 50
    two = k_means_cells(np.repeat(np.eye(2), 25, axis=0), n_cells=7)
    assert len(set(two.tolist())) == 2


def test_a_seed_decides_and_another_gives_other_cells() -> None:
    np.testing.assert_array_equal(k_means_cells(CLOUD, seed=3), k_means_cells(CLOUD, seed=3))
    assert np.any(k_means_cells(CLOUD, seed=3) != k_means_cells(CLOUD, seed=4))


def test_impossible_numbers_of_cells_are_refused() -> None:
    with pytest.raises(VectorError, match="700 items make no 701 cells; choose from 1 to 700"):
        k_means_cells(CLOUD, n_cells=701)
    with pytest.raises(VectorError, match="one vector a row"):
        k_means_cells(CLOUD[0])
