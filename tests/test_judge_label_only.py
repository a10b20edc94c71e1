"""Labels of spaces without common items."""

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.judge import label_only_changes
from emblink.measures import knn_label_purity
from emblink.types import LabelReport
from tests.measures_helpers import MNIST, brute_graph, graph_of, mnist_digits, random_lists, space

NAMES = ["a", "b", "c"]
Side = tuple[NDArray[np.float32], NDArray[np.int64]]


def drawn(shares: list[float], n: int, *, seed: int, bias: float = 0.0) -> Side:
    """Purities of labels that keep halfway to themselves, whatever their frequency."""
    rng = np.random.default_rng(seed)
    codes = rng.choice(3, n, p=shares)
    chance = (np.bincount(codes, minlength=3) - 1) / (n - 1)
    kept = np.where(codes == 0, 0.5 + bias, 0.5)
    expected = chance[codes] + kept * (1 - chance[codes])
    return (rng.binomial(20, expected) / 20).astype(np.float32), codes


def test_other_abundances_alone_are_no_change() -> None:
    verdicts = [
        report["verdict"]
        for seed in range(60)
        for report in label_only_changes(
            drawn([0.1, 0.3, 0.6], 900, seed=seed),
            drawn([0.6, 0.3, 0.1], 900, seed=seed + 500),
            names=NAMES,
        )
    ]
    assert sum(verdict != "same" for verdict in verdicts) < 0.05 * len(verdicts)


def test_a_label_that_keeps_less_to_itself_is_worse() -> None:
    reports = label_only_changes(
        drawn([0.2, 0.4, 0.4], 900, seed=1),
        drawn([0.4, 0.2, 0.4], 700, seed=2, bias=-0.2),
        names=NAMES,
    )
    assert [report["verdict"] for report in reports] == ["worse", "same", "same"]
    worse = reports[0]
    assert worse["share_a"] == pytest.approx(0.2, abs=0.04)
    assert worse["share_b"] == pytest.approx(0.4, abs=0.06)
    assert worse["delta"] == pytest.approx(-0.2, abs=0.05)
    assert worse["interval"][0] < worse["delta"] < worse["interval"][1] < 0
    assert "overlap" not in worse


def test_spaces_unrelated_to_the_labels_have_no_change_at_any_abundance() -> None:
    sides: list[Side] = []
    for seed, shares in ((3, [0.1, 0.2, 0.7]), (4, [0.5, 0.4, 0.1])):
        codes = np.random.default_rng(seed).choice(3, 800, p=shares)
        graph = graph_of(random_lists(800, 20, seed=seed))
        sides.append((knn_label_purity(graph, codes), codes))
    for report in label_only_changes(sides[0], sides[1], names=NAMES):
        assert abs(report["delta"]) < 0.03
        assert report["verdict"] == "same"


def test_labels_with_few_items_or_in_one_space_alone_are_not_judged() -> None:
    purity = np.full(80, 0.5, dtype=np.float32)
    a, b = np.repeat([0, 1], 40), np.repeat([0, 1, 2], [40, 20, 20])
    reports = label_only_changes((purity, a), (purity, b), names=NAMES)
    assert [(report["label"], report["verdict"]) for report in reports] == [
        ("a", "same"),
        ("b", "too_few"),
    ]
    assert "interval" not in reports[1]


def half(epoch: str, which: int) -> Side:
    rows = np.arange(which, 2000, 2)
    codes = mnist_digits()[rows]
    graph = brute_graph(space(MNIST, f"fc_seed0_epoch{epoch}")[rows], 20)
    return knn_label_purity(graph, codes), codes


@pytest.mark.slow
def test_training_shows_in_halves_without_a_common_item_and_halves_alone_do_not() -> None:
    names = [str(digit) for digit in range(10)]

    def verdicts(a: Side, b: Side) -> list[str]:
        found: list[LabelReport] = label_only_changes(a, b, names=names)
        return [report["verdict"] for report in found]

    assert verdicts(half("00", 0), half("02", 1)).count("better") >= 8
    assert verdicts(half("05", 0), half("05", 1)).count("same") >= 9


def test_label_only_columns_that_do_not_fit_are_refused() -> None:
    purity, codes = np.zeros(4), np.array([0, 1, 2, 0])
    with pytest.raises(InputError, match="code 2 has no name among 2"):
        label_only_changes((purity, codes), (purity, codes), names=["a", "b"])
    with pytest.raises(InputError, match="one of each an item"):
        label_only_changes((purity, codes[1:]), (purity, codes), names=NAMES)
