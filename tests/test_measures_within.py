import numpy as np
import pytest

from emblink.errors import GraphMismatchError
from emblink.measures import kappa, neighborhood_overlap, within_label_chance, within_label_overlap
from emblink.neighbors import neighbors_within
from emblink.stats import standard_error
from emblink.types import FloatArray, IntArray
from tests.measures_helpers import brute_graph, graph_of, random_lists, renumbered


def labelled(seed: int) -> tuple[FloatArray, IntArray]:
    """Clouds far apart, one a label, their inner order by ``seed``."""
    codes = np.arange(600) % 4
    centres = np.random.default_rng(99).standard_normal((4, 12)) * 30.0
    return centres[codes] + np.random.default_rng(seed).standard_normal((600, 12)), codes


def test_pure_labels_of_another_inner_order_overlap_by_chance() -> None:
    x, codes = labelled(1)
    y, _ = labelled(2)
    a, b = (neighbors_within(z, codes, k=10, metric="euclidean") for z in (x, y))
    overlap = within_label_overlap(a, b, codes)
    chance = within_label_chance(codes)
    np.testing.assert_allclose(chance, 10 / 149)
    for label in range(4):
        own = overlap[codes == label]
        assert abs(own.mean() - chance[label]) < 4 * standard_error(own)
    # With pure labels it is the plain overlap, whose chance k / (n - 1) = 0.017 would flatter it.
    plain = neighborhood_overlap(*(brute_graph(z, 10, metric="euclidean") for z in (x, y)))
    np.testing.assert_array_equal(plain, overlap)


def test_kept_inner_order_is_seen_though_labels_mix() -> None:
    """Labels pushed onto each other: neighbours change, those inside each label do not."""
    x, codes = labelled(3)
    shifted = x - np.array([x[codes == label].mean(axis=0) for label in range(4)])[codes]
    a, b = (neighbors_within(z, codes, k=10, metric="euclidean") for z in (x, shifted))
    plain = neighborhood_overlap(*(brute_graph(z, 10, metric="euclidean") for z in (x, shifted)))
    assert plain.mean() < 0.5
    np.testing.assert_allclose(within_label_overlap(a, b, codes), 1.0)


def test_small_and_missing_labels_and_items_not_asked_have_no_overlap() -> None:
    codes = np.array([0] * 12 + [1] * 10 + [-1] * 5 + [2])
    x = np.random.default_rng(0).standard_normal((28, 4))
    graph = neighbors_within(x, codes, k=10)
    overlap = within_label_overlap(graph, graph, codes)
    assert (overlap[:12] == 1.0).all()
    assert np.isnan(overlap[12:]).all()
    np.testing.assert_array_equal(within_label_chance(codes), [10 / 11, np.nan, np.nan])
    blank = neighbors_within(x, codes, k=5, large=11, queries=4)
    asked = within_label_overlap(blank, blank, codes, k=5)
    assert np.isfinite(asked[:12]).sum() == 4
    assert np.isfinite(asked[12:22]).all()


def test_within_label_overlap_ignores_renumbered_items_and_labels() -> None:
    x, codes = labelled(4)
    y, _ = labelled(5)
    a, b = (neighbors_within(z, codes, k=8) for z in (x, y))
    order = np.random.default_rng(0).permutation(600)
    found = within_label_overlap(renumbered(a, order), renumbered(b, order), codes[order], k=8)
    np.testing.assert_array_equal(found, within_label_overlap(a, b, codes, k=8)[order])
    np.testing.assert_array_equal(
        within_label_overlap(a, b, 7 - codes, k=8), within_label_overlap(a, b, codes, k=8)
    )


def test_chance_is_read_beside_the_overlap() -> None:
    codes = np.zeros(11, dtype=np.int64)
    assert within_label_chance(codes, k=10).tolist() == [1.0]
    assert kappa(1.0, within_label_chance(codes, k=10)[0]) == 0.0
    assert within_label_chance(np.full(3, -1), k=1).tolist() == []


def test_graphs_of_all_items_are_refused() -> None:
    graph = graph_of(random_lists(20, 5, seed=0))
    codes = np.arange(20) % 2
    with pytest.raises(GraphMismatchError, match=r"item \d+ lists neighbours of other labels"):
        within_label_overlap(graph, graph, codes, k=5)
    with pytest.raises(GraphMismatchError, match="give one code an item"):
        within_label_overlap(graph, graph, codes[:5], k=5)
    with pytest.raises(GraphMismatchError, match="choose k from 1"):
        within_label_chance(codes, k=0)
