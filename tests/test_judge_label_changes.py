from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.judge import common_shift, label_changes, label_means
from emblink.measures import knn_label_purity, neighborhood_overlap
from emblink.types import FloatArray, IntArray, LabelReport
from emblink.wording import MOVED_ALIKE
from tests.measures_helpers import EMOJI, MNIST, brute_graph, mnist_digits, real_graph, space


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


@pytest.mark.parametrize(("n_changed", "rough"), [(0, True), (11, True), (12, False)])
def test_an_interval_that_rests_on_a_few_changed_items_is_said_to_be_rough(
    n_changed: int, rough: bool
) -> None:
    before = np.full(200, 0.9)
    after = before.copy()
    after[:n_changed] = 0.5
    codes = np.zeros(200, dtype=int)
    (report,) = label_changes(before, after, overlap=before, codes=codes, names=["all"])
    assert report.get("rough", False) == rough
    (same,) = label_changes(before, before, overlap=np.ones(200), codes=codes, names=["all"])
    assert "rough" not in same


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


@pytest.mark.slow
def test_training_improves_four_and_nine() -> None:
    codes = mnist_digits()
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


def pure_cells(sizes: list[int], per_label: int = 20) -> NDArray[np.int64]:
    """Cells that divide each label's items evenly."""
    parts = [np.arange(size) * per_label // size + 1000 * i for i, size in enumerate(sizes)]
    return np.unique(np.concatenate(parts), return_inverse=True)[1]


def test_a_change_of_whole_cells_is_less_certain_than_one_of_items() -> None:
    rng = np.random.default_rng(0)
    codes, cells = np.zeros(400, dtype=int), pure_cells([400])
    before = np.full(400, 0.5)
    after = before + 0.1 * rng.standard_normal(20)[cells]
    reports = [
        label_changes(before, after, overlap=before, codes=codes, names=["all"], cells=given)[0]
        for given in (None, cells)
    ]
    widths = [report["interval"][1] - report["interval"][0] for report in reports]
    assert widths[1] > 2.5 * widths[0]


def means_of(*purities: FloatArray, codes: IntArray) -> NDArray[np.float64]:
    """Mean purity by label of each run of a recipe."""
    n_labels = int(codes.max()) + 1
    return np.array([label_means(one, codes, n_labels=n_labels) for one in purities])


def judged_by(
    runs: Sequence[FloatArray], other: FloatArray, *, codes: IntArray
) -> list[LabelReport]:
    """Reports of the first run of a recipe against another space, judged by the recipe's runs."""
    return label_changes(
        runs[0],
        other,
        overlap=runs[0],
        codes=codes,
        names=[str(code) for code in range(int(codes.max()) + 1)],
        runs=means_of(*runs, codes=codes),
    )


def two_noisy_copies(seed: int, *, planted: float = 0.0, spread: float = 0.0) -> list[LabelReport]:
    """Two runs of one recipe, judged by a third; each run moves labels by noise of its own.

    ``spread`` makes the noise differ between labels.
    """
    rng = np.random.default_rng(seed)
    sizes = [60] * 12
    codes = np.repeat(np.arange(12), sizes)
    scale = 0.03 * np.exp(spread * rng.standard_normal(12))
    truth = rng.uniform(0.4, 0.9, len(codes))

    def a_run() -> NDArray[np.float64]:
        everywhere, label = 0.01 * rng.standard_normal(), scale * rng.standard_normal(12)
        return truth + everywhere + label[codes] + 0.1 * rng.standard_normal(len(codes))

    a, b, replicate = a_run(), a_run(), a_run()
    b[codes == 3] -= planted
    return label_changes(
        a,
        b,
        overlap=truth,
        codes=codes,
        names=[str(code) for code in range(12)],
        cells=pure_cells(sizes),
        runs=means_of(a, replicate, codes=codes),
    )


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.0, 0.7])
def test_noise_of_another_run_is_rarely_claimed_as_change(spread: float) -> None:
    claims = [
        sum(report["verdict"] != "same" for report in two_noisy_copies(seed, spread=spread))
        for seed in range(150)
    ]
    assert sum(claims) < 0.05 * 150 * 12
    assert sum(count > 0 for count in claims) < 0.1 * 150


def test_a_label_that_got_worse_beyond_noise_is_found_and_only_it() -> None:
    verdicts = [
        [report["verdict"] for report in two_noisy_copies(seed, planted=0.35)] for seed in range(40)
    ]
    assert sum(found[3] == "worse" for found in verdicts) >= 32
    others = sum(
        one != "same" for found in verdicts for place, one in enumerate(found) if place != 3
    )
    assert others < 0.05 * 40 * 11


def test_the_same_change_is_no_news_where_replicates_differ_as_much() -> None:
    rng = np.random.default_rng(3)
    codes = np.repeat(np.arange(10), 50)
    before = rng.uniform(0.3, 0.9, 500)
    after = before + (0.1 * rng.standard_normal(10))[codes] + 0.02 * rng.standard_normal(500)
    names = [str(code) for code in range(10)]
    alone = label_changes(before, after, overlap=before, codes=codes, names=names)
    noise = (0.1 * rng.standard_normal(10))[codes]
    judged = judged_by([before, before + noise], after, codes=codes)
    assert sum(report["verdict"] != "same" for report in alone) >= 8
    assert sum(report["verdict"] != "same" for report in judged) <= 1
    assert "noise_floor" not in alone[0]
    floors = np.array([report["noise_floor"] for report in judged])
    assert 0.05 < floors.mean() < 0.2


def test_whose_runs_they_are_changes_the_yardstick_and_not_the_direction() -> None:
    rng = np.random.default_rng(4)
    codes = np.repeat(np.arange(10), 50)
    a = rng.uniform(0.5, 0.8, 500)
    b = a + 0.01 * rng.standard_normal(500) - 0.3 * (codes == 2)
    again_a, again_b = (one + (0.01 * rng.standard_normal(10))[codes] for one in (a, b))
    for whose, runs in (("a", (a, again_a)), ("b", (b, again_b))):
        found = label_changes(
            a,
            b,
            overlap=a,
            codes=codes,
            names=[str(code) for code in range(10)],
            runs=means_of(*runs, codes=codes),
            runs_of="a" if whose == "a" else "b",
        )
        assert [report["label"] for report in found if report["verdict"] == "worse"] == ["2"]


def test_a_run_that_is_better_all_over_is_one_shift_and_names_no_label() -> None:
    rng = np.random.default_rng(5)
    codes = np.repeat(np.arange(12), 50)
    base = rng.uniform(0.4, 0.7, 600)
    runs = [base + shift + (0.01 * rng.standard_normal(12))[codes] for shift in (0.0, 0.06, -0.05)]
    after = base + 0.07 + (0.01 * rng.standard_normal(12))[codes]
    found = judged_by(runs, after, codes=codes)
    assert {report["verdict"] for report in found} == {"same"}
    assert {report.get("note") for report in found} == {MOVED_ALIKE}
    assert common_shift(found) is None
    steady = [base + (0.01 * rng.standard_normal(12))[codes] for _ in range(3)]
    found = judged_by(steady, after, codes=codes)
    assert {report["verdict"] for report in found} == {"better"}
    assert common_shift(found) == pytest.approx(0.07, abs=0.02)
    assert common_shift(found[:3]) is None


def test_a_label_that_stayed_while_others_moved_is_not_said_to_have_moved() -> None:
    rng = np.random.default_rng(6)
    codes = np.repeat(np.arange(10), 60)
    base = rng.uniform(0.4, 0.6, 600)
    again = base + (0.005 * rng.standard_normal(10))[codes]
    after = base + 0.2 * (codes != 0)
    found = judged_by([base, again], after, codes=codes)
    assert found[0]["verdict"] == "same"


def test_runs_that_do_not_fit_are_refused() -> None:
    column, codes = np.full(60, 0.5), np.repeat([0, 1], 30)
    for runs in (np.zeros((1, 2)), np.zeros((2, 3)), np.zeros(2)):
        with pytest.raises(InputError, match="of two runs or more"):
            label_changes(column, column, overlap=column, codes=codes, names=["a", "b"], runs=runs)


def digits_from(first: str, last: str) -> list[LabelReport]:
    a, b = (real_graph(MNIST, f"fc_seed0_epoch{epoch}") for epoch in (first, last))
    codes = mnist_digits()

    def purity(seed: int, epoch: str) -> NDArray[np.float32]:
        return knn_label_purity(real_graph(MNIST, f"fc_seed{seed}_epoch{epoch}"), codes)

    return label_changes(
        purity(0, first),
        purity(0, last),
        overlap=neighborhood_overlap(a, b),
        codes=codes,
        names=[str(digit) for digit in range(10)],
        runs=means_of(purity(0, first), purity(1, first), codes=codes),
    )


@pytest.mark.slow
def test_late_training_changes_no_digit_beyond_another_seed() -> None:
    assert sum(report["verdict"] != "same" for report in digits_from("05", "10")) <= 1


@pytest.mark.slow
def test_early_training_improves_nearly_all_digits_beyond_another_seed() -> None:
    assert [report["verdict"] for report in digits_from("00", "02")].count("better") >= 8


@pytest.mark.slow
def test_flags_are_the_same_cluster_in_another_inner_order() -> None:
    with np.load(EMOJI) as arrays:
        names, codes = arrays["classes"], arrays["label"].astype(np.int64)
    spaces = ("use_name_en", "efflite0_image_pca256")
    flags = int(np.flatnonzero(names == "flags")[0])
    graphs = [real_graph(EMOJI, name) for name in spaces]
    members = np.flatnonzero(codes == flags)
    inside = [brute_graph(space(EMOJI, name)[members], 10) for name in spaces]
    within, chance = np.full((2, len(names)), np.nan)
    within[flags] = neighborhood_overlap(*inside).mean()
    chance[flags] = 10 / (len(members) - 1)
    reports = label_changes(
        *(knn_label_purity(graph, codes) for graph in graphs),
        overlap=neighborhood_overlap(*graphs),
        codes=codes,
        names=list(names),
        within_overlap=within,
        within_chance=chance,
    )
    notes = {report["label"]: report.get("note") for report in reports}
    assert notes.pop("flags") == "same cluster, other inner order"
    assert set(notes.values()) == {None}


@pytest.mark.parametrize(
    ("purity", "within", "floor", "noted"),
    [
        (0.95, 0.3, None, True),
        (0.95, 0.3, 0.9, True),
        (0.95, 0.35, 0.5, False),
        (0.905, 0.1, None, False),
        (0.95, 0.7, None, False),
        (0.85, 0.1, None, False),
    ],
)
def test_inner_order_is_noted_against_what_noise_leaves(
    purity: float, within: float, floor: float | None, noted: bool
) -> None:
    column = np.full(500, purity)
    report, _ = label_changes(
        column,
        column,
        overlap=column,
        codes=np.repeat([0, 1], [50, 450]),
        names=["one", "others"],
        within_overlap=np.array([within, np.nan]),
        within_chance=np.array([0.1, np.nan]),
        within_floor=None if floor is None else np.array([floor, np.nan]),
    )
    assert ("note" in report) == noted
