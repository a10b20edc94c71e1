import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emblink.errors import GraphMismatchError, InputError
from emblink.measures import knn_confusion, knn_label_purity, label_neighbors, label_tally
from tests.measures_helpers import (
    MNIST,
    graph_of,
    mnist_digits,
    random_lists,
    real_graph,
    truth,
)


def test_purity_counts_labelled_neighbors_only() -> None:
    graph = graph_of([[1, 2, 3], [0, 2, 3], [3, 0, 1], [0, 1, 2], [3, 5, 0], [4, 3, 3]])
    codes = np.array([0, 0, 1, -1, 0, -1])
    purity = knn_label_purity(graph, codes, k=2)
    np.testing.assert_array_equal(purity, [0.5, 0.5, 0.0, np.nan, np.nan, np.nan])
    assert purity.dtype == np.float32


@given(st.integers(0, 10_000))
def test_purity_ignores_the_order_of_neighbors_and_the_numbers_of_labels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lists, codes = random_lists(30, 6, seed=seed), rng.integers(-1, 3, 30)
    renumbered = np.array([2, 0, 1, -1])[codes]
    np.testing.assert_array_equal(
        knn_label_purity(graph_of(lists), codes, k=6),
        knn_label_purity(graph_of(rng.permuted(lists, axis=1)), renumbered, k=6),
    )


def test_labels_at_random_have_the_purity_of_their_frequency() -> None:
    codes = (np.random.default_rng(1).random(1500) < 0.3).astype(np.int64)
    purity = knn_label_purity(graph_of(random_lists(1500, 20, seed=2)), codes, k=20)
    for code in (0, 1):
        mine = purity[codes == code]
        chance = (len(mine) - 1) / 1499
        assert abs(mine.mean() - chance) < 3 * mine.std() / np.sqrt(len(mine))


def test_codes_of_other_items_are_refused() -> None:
    graph = graph_of(random_lists(20, 3, seed=0))
    with pytest.raises(GraphMismatchError, match=r"shape \(19,\), but the .* covers 20 items"):
        knn_label_purity(graph, np.zeros(19, dtype=int), k=3)
    with pytest.raises(GraphMismatchError, match="graph holds 3"):
        knn_label_purity(graph, np.zeros(20, dtype=int), k=20)


def test_a_tally_is_both_purities_and_the_votes_of_one_pass() -> None:
    graph = graph_of(random_lists(80, 12, seed=3))
    codes = np.random.default_rng(4).integers(-1, 3, 80)
    tally = label_tally(graph, codes, k=5, wide=12)
    np.testing.assert_array_equal(tally.purity, knn_label_purity(graph, codes, k=5))
    np.testing.assert_array_equal(tally.wide_purity, knn_label_purity(graph, codes, k=12))
    with pytest.raises(GraphMismatchError, match="wide=4 neighbours are fewer than k=5"):
        label_tally(graph, codes, k=5, wide=4)


def test_the_label_of_the_nearest_wins_a_tied_vote() -> None:
    graph = graph_of([[1, 2, 3, 4], [0, 2, 3, 4], [3, 4, 1, 0], [1, 2, 4, 0], [0, 1, 2, 3]])
    codes = np.array([-1, 0, 0, 1, 1])
    confusion = knn_confusion(graph, codes, n_labels=3, k=4)
    # Item 1 hears 0, 1, 1; item 2 1, 1, 0; item 3 0, 0, 1; item 4 0, 0, 1.
    np.testing.assert_array_equal(confusion, [[0, 1, 0], [1, 0, 0], [np.nan] * 3])
    tied = knn_confusion(graph, codes, n_labels=2, k=3)
    # Item 1 hears 0, 1: the nearer 0; item 2 1, 1, 0; item 3 0, 0, 1; item 4 0, 0.
    np.testing.assert_array_equal(tied, [[0.5, 0.5], [1, 0]])


def test_shares_of_neighbors_add_up_and_have_the_purity_on_their_diagonal() -> None:
    graph = graph_of(random_lists(200, 10, seed=5))
    codes = np.random.default_rng(6).integers(0, 4, 200)
    table = label_neighbors(graph, codes, n_labels=4, k=10)
    np.testing.assert_allclose(table.sum(axis=1), 1, rtol=1e-12)
    purity = knn_label_purity(graph, codes, k=10)
    expected = [purity[codes == code].mean(dtype=np.float64) for code in range(4)]
    np.testing.assert_allclose(np.diag(table), expected, rtol=1e-6)
    renumbered = label_neighbors(graph, np.array([2, 0, 3, 1])[codes], n_labels=4, k=10)
    np.testing.assert_array_equal(renumbered[np.ix_([2, 0, 3, 1], [2, 0, 3, 1])], table)


@pytest.mark.slow
def test_fours_taken_for_nines_by_ten_neighbors_are_the_known_share() -> None:
    epochs = ("00", "01", "02", "05", "10")
    tables = [
        knn_confusion(real_graph(MNIST, f"fc_seed0_epoch{e}"), mnist_digits(), n_labels=10, k=10)
        for e in epochs
    ]
    # The truth breaks ties of votes in a way of its own: two items of 205 in the untrained net.
    taken = [table[4, 9] for table in tables]
    assert taken[0] == pytest.approx(0.132, abs=2.5 / 205)
    assert taken[1:] == pytest.approx([0.068, 0.044, 0.034, 0.020], abs=0.0006)
    for table, epoch in zip(tables, epochs, strict=True):
        known = truth("mnist_cnn")["acc"][f"fc_seed0_epoch{epoch}"]
        np.testing.assert_allclose(np.diag(table), known, atol=0.007)


def test_labels_without_a_place_in_the_table_are_refused() -> None:
    graph = graph_of(random_lists(20, 3, seed=0))
    with pytest.raises(InputError, match="code 4 is not under n_labels=4; give n_labels=5"):
        knn_confusion(graph, np.full(20, 4), n_labels=4, k=3)
    with pytest.raises(InputError, match="2,000 labels would make a table of 4,000,000"):
        label_neighbors(graph, np.zeros(20, dtype=int), n_labels=2000, k=3)
