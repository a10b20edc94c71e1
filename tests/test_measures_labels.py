import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError, InputError
from emblink.measures import knn_label_purity, label_changes, neighborhood_overlap
from emblink.types import LabelReport
from measures_helpers import MNIST, graph_of, random_lists, real_graph


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


def changes(shifts: list[float], sizes: list[int], *, seed: int = 0) -> list[LabelReport]:
    """Reports of labels whose purity moved by ``shifts``, with noise of 0.1 an item."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(len(sizes)), sizes)
    before: NDArray[np.float64] = np.full(len(codes), 0.5)
    after = before + np.repeat(shifts, sizes) + 0.1 * rng.standard_normal(len(codes))
    names = [f"label {code}" for code in range(len(sizes))]
    return label_changes(before, after, overlap=before, codes=codes, names=names)


def test_label_verdicts_say_better_worse_same_and_too_few() -> None:
    found = changes([0.1, -0.1, 0.0, 0.4], [100, 100, 100, 29])
    assert [report["verdict"] for report in found] == ["better", "worse", "same", "too_few"]
    better, worse, _, few = found
    assert better["delta"] == pytest.approx(0.1, abs=0.03)
    assert better["delta"] == pytest.approx(better["purity_b"] - better["purity_a"])
    assert worse["delta"] < 0
    assert worse["chance"] == pytest.approx(99 / 328)
    assert few["n"] == 29
    assert "interval" not in few


def test_label_interval_is_that_of_paired_differences_widened() -> None:
    (report,) = changes([0.05], [400])
    low, high = report["interval"]
    assert (low + high) / 2 == pytest.approx(report["delta"])
    assert high - low == pytest.approx(2 * 1.96 * 1.3 * 0.1 / 20, rel=0.1)


def test_labels_without_change_are_rarely_claimed_to_change() -> None:
    claimed = sum(
        report["verdict"] != "same"
        for seed in range(50)
        for report in changes([0.0] * 20, [40] * 20, seed=seed)
    )
    assert claimed <= 0.01 * 1000


def test_a_label_without_any_difference_is_the_same() -> None:
    column = np.linspace(0, 1, 60)
    codes = np.zeros(60, dtype=int)
    (report,) = label_changes(column, column, overlap=column, codes=codes, names=["all"])
    assert report["verdict"] == "same"
    assert report["interval"] == [0.0, 0.0]


def test_items_without_a_purity_and_labels_without_items_are_left_out() -> None:
    before = np.r_[np.full(40, 0.5), np.full(5, np.nan)]
    codes = np.r_[np.zeros(40, dtype=int), np.full(5, 2)]
    found = label_changes(
        before, before, overlap=np.ones(45), codes=codes, names=["full", "empty", "unknown"]
    )
    assert [(report["label"], report["n"]) for report in found] == [("full", 40)]


def test_training_improves_four_and_nine() -> None:
    with np.load(MNIST) as arrays:
        codes = arrays["label"].astype(np.int64)
    start, end = (real_graph(MNIST, f"fc_seed0_epoch{epoch}") for epoch in ("00", "10"))
    found = label_changes(
        knn_label_purity(start, codes),
        knn_label_purity(end, codes),
        overlap=neighborhood_overlap(start, end),
        codes=codes,
        names=[str(digit) for digit in range(10)],
    )
    assert [report["n"] for report in found] == np.bincount(codes).tolist()
    assert {found[4]["verdict"], found[9]["verdict"]} == {"better"}


def test_columns_that_do_not_fit_are_refused() -> None:
    column, codes = np.zeros(5), np.array([0, 1, 2, 0, 1])
    with pytest.raises(InputError, match="code 2 has no name among 2"):
        label_changes(column, column, overlap=column, codes=codes, names=["a", "b"])
    with pytest.raises(InputError, match="give one number an item"):
        label_changes(column, column[1:], overlap=column, codes=codes, names=["a", "b", "c"])
