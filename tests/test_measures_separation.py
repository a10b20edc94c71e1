"""Separation and mixing of labels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from emblink.errors import InputError, VectorError
from emblink.measures import label_mixing, label_neighbors, label_separation
from emblink.types import FloatArray, Metric
from tests.measures_helpers import brute_graph, graph_of, random_lists


def brute(vectors: FloatArray, codes: NDArray[np.int64], n_labels: int) -> FloatArray:
    table = np.full((n_labels, n_labels), np.nan)
    for i in range(n_labels):
        for j in range(n_labels):
            x, y = vectors[codes == i], vectors[codes == j]
            if i == j or min(len(x), len(y)) < 2:
                continue
            scatter = ((x - x.mean(0)) ** 2).sum() + ((y - y.mean(0)) ** 2).sum()
            between = ((x.mean(0) - y.mean(0)) ** 2).sum()
            table[i, j] = np.log(between / (scatter / (len(x) + len(y) - 2)))
    return table


@given(st.integers(0, 10_000))
@settings(max_examples=40)
def test_separation_is_its_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors, codes = rng.standard_normal((40, 5)) + 3, rng.integers(-1, 5, 40)
    found = label_separation(vectors, codes, n_labels=5, metric="euclidean")
    np.testing.assert_allclose(found, brute(vectors, codes, 5), rtol=1e-9, atol=1e-9)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    np.testing.assert_allclose(
        label_separation(vectors, codes, n_labels=5), brute(unit, codes, 5), rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_separation_ignores_rotation_scale_shift_and_the_order_of_items(metric: Metric) -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, 200)
    vectors = rng.standard_normal((200, 8)) + codes[:, None]
    rotation = np.linalg.qr(rng.standard_normal((8, 8)))[0]
    shuffle = rng.permutation(200)
    scale, shift = (1e-6, 50.0) if metric == "euclidean" else (rng.uniform(0.1, 9, (200, 1)), 0.0)
    moved = (vectors @ rotation * scale + shift)[shuffle]
    expected = label_separation(vectors, codes, n_labels=4, metric=metric)
    found = label_separation(moved, codes[shuffle], n_labels=4, metric=metric)
    # A millionth of the size about an offset of 50 leaves 8 of 16 digits.
    np.testing.assert_allclose(found, expected, atol=1e-6)
    tiny = label_separation(vectors * 1e-6, codes, n_labels=4, metric=metric)
    np.testing.assert_allclose(tiny, expected, atol=1e-8)


def test_separation_of_float32_with_a_common_offset_is_kept() -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 3, 3000)
    vectors = rng.standard_normal((3000, 16)) + codes[:, None]
    expected = label_separation(vectors, codes, n_labels=3, metric="euclidean")
    offset = (vectors + 50).astype(np.float32)
    found = label_separation(offset, codes, n_labels=3, metric="euclidean")
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_separation_of_two_balls_is_that_of_their_distance_and_size() -> None:
    rng = np.random.default_rng(2)
    codes = np.repeat([0, 1], 20_000)
    vectors = rng.standard_normal((40_000, 10))
    vectors[codes == 1, 0] += 5
    found = label_separation(vectors, codes, n_labels=2, metric="euclidean")
    assert found[0, 1] == pytest.approx(np.log(25 / 10), abs=0.02)
    assert np.isnan(np.diag(found)).all()


def test_labels_at_random_are_separated_by_the_error_of_their_centroids() -> None:
    rng = np.random.default_rng(3)
    codes = np.repeat([0, 1], [100, 300])
    found = label_separation(rng.standard_normal((400, 300)), codes, n_labels=2, metric="euclidean")
    assert found[0, 1] == pytest.approx(np.log(1 / 100 + 1 / 300), abs=0.3)


def test_coinciding_labels_and_labels_without_width_stay_finite() -> None:
    vectors = np.array([[1.0, 0], [1, 0], [0, 1], [0, 1], [1, 0], [1, 0], [3, 3]])
    codes = np.array([0, 0, 1, 1, 2, 2, 3])
    found = label_separation(vectors, codes, n_labels=4, metric="euclidean")
    assert found[0, 1] == 50
    assert np.isnan(found[3]).all()
    wide = np.array([[1.0], [-1], [1], [-1]])
    same = label_separation(wide, np.array([0, 0, 1, 1]), n_labels=2, metric="euclidean")
    assert same[0, 1] == -50


def test_mixing_is_the_mean_of_both_directions_and_of_frequencies_by_chance() -> None:
    rng = np.random.default_rng(4)
    codes = rng.choice(3, 1500, p=[0.2, 0.3, 0.5])
    graph = graph_of(random_lists(1500, 50, seed=5))
    mixing = label_mixing(graph, codes, n_labels=3)
    one_way = label_neighbors(graph, codes, n_labels=3, k=50)
    np.testing.assert_array_equal(mixing, (one_way + one_way.T) / 2)
    share = np.bincount(codes) / 1499
    np.testing.assert_allclose(mixing, (share[:, None] + share) / 2, atol=0.01)


def test_labels_far_apart_do_not_mix() -> None:
    codes = np.repeat([0, 1], 60)
    vectors = np.random.default_rng(6).standard_normal((120, 3)) + 100 * codes[:, None]
    graph = brute_graph(vectors, 50, metric="euclidean")
    np.testing.assert_array_equal(label_mixing(graph, codes, n_labels=2), np.eye(2))


def test_separation_refuses_codes_of_other_items() -> None:
    with pytest.raises(VectorError, match=r"shape \(5, 2\) for 4 labels"):
        label_separation(np.zeros((5, 2)), np.zeros(4, dtype=int), n_labels=1)
    with pytest.raises(InputError, match="not under n_labels=1"):
        label_separation(np.zeros((4, 2)), np.ones(4, dtype=int), n_labels=1)
