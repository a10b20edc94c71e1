"""Which labels were drawn together or pushed apart."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.judge import LabelPairChanges, label_pair_changes
from emblink.measures import LabelParts, knn_confusion, label_mixing, label_parts, label_separation
from emblink.measures._label_parts import N_FOLDS, label_folds
from emblink.types import FloatArray
from tests.measures_helpers import MNIST, brute_graph, mnist_digits, real_graph, space

DIGITS = [str(digit) for digit in range(10)]


@cache
def digit_parts(seed: int, epoch: int) -> LabelParts:
    name = f"fc_seed{seed}_epoch{epoch:02d}"
    return label_parts(space(MNIST, name), real_graph(MNIST, name, 50), mnist_digits())


def digits_from(first: int, last: int) -> LabelPairChanges:
    a, b = digit_parts(0, first), digit_parts(0, last)
    replicates = [(b, digit_parts(1, last))]
    return label_pair_changes(a, b, names=DIGITS, replicates=replicates, runs_of="b")


@pytest.mark.slow
def test_digits_are_pushed_apart_in_two_epochs_all_alike() -> None:
    found = digits_from(0, 2)
    assert 40 <= found.n_judged <= 45
    assert found.shift is not None
    assert found.shift < -1
    assert {report["verdict"] for report in found.reports} == {"same"}
    report = next(one for one in found.reports if (one["first"], one["second"]) == ("4", "9"))
    assert report["delta"] < -report["noise_floor"]
    assert report["interval"][0] < report["delta"] < report["interval"][1] < 0
    assert report["mixing_b"] < report["mixing_a"]
    assert report["confusion_a"][0] == pytest.approx(0.132, abs=2.5 / 205)
    assert report["confusion_b"][0] == pytest.approx(0.044, abs=0.001)


@pytest.mark.slow
def test_late_training_moves_no_pair_of_digits_beyond_another_seed() -> None:
    assert {report["verdict"] for report in digits_from(5, 10).reports} == {"same"}


@pytest.mark.slow
def test_another_seed_moves_no_pair_of_digits_beyond_another_seed() -> None:
    for epoch, reference in ((2, 5), (5, 2), (5, 10), (10, 5)):
        found = label_pair_changes(
            digit_parts(0, epoch),
            digit_parts(1, epoch),
            names=DIGITS,
            replicates=[(digit_parts(0, reference), digit_parts(1, reference))],
        )
        assert sum(report["verdict"] != "same" for report in found.reports) <= 2


def clusters(seed: int, *, nearer: float = 0.0) -> tuple[FloatArray, NDArray[np.int64]]:
    """Six labels around a ring; ``nearer`` draws the first two together."""
    angle = 2 * np.pi * np.arange(6) / 6
    angle[0] += nearer
    centres = 3 * np.stack([np.cos(angle), np.sin(angle), *np.zeros((4, 6))], axis=1)
    codes = np.repeat(np.arange(6), 50)
    base = np.random.default_rng(1000).standard_normal((300, 6))
    rng = np.random.default_rng(seed)
    shift = 0.15 * rng.standard_normal((6, 6))
    return centres[codes] + shift[codes] + base + 0.3 * rng.standard_normal((300, 6)), codes


def parts_of(seed: int, *, nearer: float = 0.0) -> LabelParts:
    vectors, codes = clusters(seed, nearer=nearer)
    return label_parts(vectors, brute_graph(vectors, 50, metric="euclidean"), codes)


@pytest.mark.slow
def test_noise_of_another_run_is_rarely_claimed_to_move_labels() -> None:
    claims = []
    for seed in range(0, 75, 3):
        a, b, again = (parts_of(seed + i) for i in range(3))
        found = label_pair_changes(a, b, names=DIGITS, replicates=[(a, again)])
        claims.append(sum(report["verdict"] != "same" for report in found.reports))
    assert sum(claims) < 0.05 * 15 * len(claims)
    assert sum(count > 0 for count in claims) <= 0.1 * len(claims)


def test_labels_drawn_together_are_found_first() -> None:
    a, b, again = parts_of(1), parts_of(2, nearer=0.8), parts_of(3)
    found = label_pair_changes(a, b, names=DIGITS, replicates=[(a, again)])
    claims = {(one["first"], one["second"]): one for one in found.reports[:2]}
    assert {pair: one["verdict"] for pair, one in claims.items()} == {
        ("0", "1"): "drawn_together",
        ("0", "5"): "pushed_apart",
    }
    first = claims["0", "1"]
    assert first["delta"] > 0
    assert first["mixing_b"] > first["mixing_a"]
    back = label_pair_changes(b, a, names=DIGITS, replicates=[(a, again)], runs_of="b")
    turned = next(one for one in back.reports if (one["first"], one["second"]) == ("0", "1"))
    assert turned["verdict"] == "pushed_apart"
    assert turned["delta"] == pytest.approx(-first["delta"])


def test_labels_that_do_not_mix_are_not_judged_however_far_they_move() -> None:
    vectors, codes = clusters(1)
    vectors = vectors + 100 * codes[:, None]
    moved = vectors + 40 * (codes == 5)[:, None]
    parts = [
        label_parts(one, brute_graph(one, 40, metric="euclidean"), codes, k=40)
        for one in (vectors, moved)
    ]
    assert label_pair_changes(*parts, names=DIGITS).n_judged == 0


def test_a_space_that_is_tighter_all_over_is_one_shift_and_moves_no_pair() -> None:
    vectors, codes = clusters(1)
    centres = np.array([vectors[codes == label].mean(axis=0) for label in range(6)])
    tighter = centres[codes] + 0.9 * (vectors - centres[codes])
    parts = [
        label_parts(one, brute_graph(one, 50, metric="euclidean"), codes)
        for one in (vectors, tighter)
    ]
    found = label_pair_changes(*parts, names=DIGITS)
    assert found.shift == pytest.approx(-2 * np.log(1 / 0.9), abs=0.02)
    assert {report["verdict"] for report in found.reports} == {"same"}


def test_a_space_and_itself_have_no_moved_labels() -> None:
    parts = parts_of(1)
    found = label_pair_changes(parts, parts, names=DIGITS)
    assert {report["verdict"] for report in found.reports} == {"same"}
    assert {report["p"] for report in found.reports} == {1.0}
    assert "noise_floor" not in found.reports[0]


def test_a_pair_whose_error_nobody_knows_is_not_judged() -> None:
    vectors, codes = clusters(1)
    line = np.sign(vectors[:, :1])
    line[codes < 2] = 1.0
    line[np.flatnonzero(codes == 0)[:2]] = -1.0  # all that differs lies in one fold
    cells = np.where(line[:, 0] < 0, 0, 1 + np.arange(len(codes)) % 9)
    parts = label_parts(line, brute_graph(line, 50, metric="euclidean"), codes, cells=cells)
    assert not np.isfinite(parts.fold_separation[:, 0, 1]).all()
    assert np.isfinite(parts.separation[0, 1])
    found = label_pair_changes(parts, parts, names=DIGITS)
    assert found.n_judged > 0
    assert all(np.isfinite(one["interval"]).all() for one in found.reports)
    assert not any({one["first"], one["second"]} == {"0", "1"} for one in found.reports)


def test_parts_are_the_measures_of_the_labels_kept() -> None:
    rng = np.random.default_rng(7)
    codes = rng.choice([-1, 0, 1, 2, 3], 400, p=[0.1, 0.3, 0.02, 0.28, 0.3])
    vectors = rng.standard_normal((400, 5)) + codes[:, None]
    graph = brute_graph(vectors, 50)
    parts = label_parts(vectors, graph, codes)
    kept = np.array([0, 2, 3])
    np.testing.assert_array_equal(parts.labels, kept)
    np.testing.assert_array_equal(parts.counts, np.bincount(codes[codes >= 0])[kept])
    grid = np.ix_(kept, kept)
    for found, expected in (
        (parts.separation, label_separation(vectors, codes, n_labels=4)),
        (parts.mixing, label_mixing(graph, codes, n_labels=4)),
        (parts.confusion, knn_confusion(graph, codes, n_labels=4, k=10)),
    ):
        np.testing.assert_allclose(found, expected[grid], atol=1e-10)


def test_a_fold_left_out_is_a_space_without_its_items() -> None:
    vectors, codes = clusters(5)
    cells = np.random.default_rng(8).integers(0, 40, len(codes))
    graph = brute_graph(vectors, 50, metric="euclidean")
    parts = label_parts(vectors, graph, codes, cells=cells)
    folds = label_folds(codes, 6, cells)
    for fold in (0, 7, N_FOLDS - 1):
        kept = np.where(folds == fold, -1, codes)
        expected = label_separation(vectors, kept, n_labels=6, metric="euclidean")
        np.testing.assert_allclose(parts.fold_separation[fold], expected, atol=1e-10)
    for label in range(6):
        sizes = np.bincount(folds[codes == label], minlength=N_FOLDS)
        assert set(sizes.tolist()) == {2, 3}


@pytest.mark.slow
def test_the_jackknife_error_is_that_of_a_separation_drawn_anew() -> None:
    rng = np.random.default_rng(9)
    codes = np.repeat([0, 1], 200)
    found, spread = [], []
    for _ in range(40):
        vectors = rng.standard_normal((400, 4)) + 2.0 * codes[:, None]
        graph = brute_graph(vectors, 10, metric="euclidean")
        parts = label_parts(vectors, graph, codes, k=10)
        left_out = parts.fold_separation[:, 0, 1]
        found.append(np.sqrt((N_FOLDS - 1) ** 2 / N_FOLDS * left_out.var(ddof=1)))
        spread.append(parts.separation[0, 1])
    assert np.mean(found) == pytest.approx(np.std(spread), rel=0.3)


def test_only_frequent_labels_are_judged_and_replicates_may_lack_some() -> None:
    vectors, codes = clusters(2)
    few = np.where((codes == 5) & (np.arange(300) % 2 == 0), -1, codes)
    graph = brute_graph(vectors, 50, metric="euclidean")
    a, rarer = label_parts(vectors, graph, codes), label_parts(vectors, graph, few)
    assert rarer.labels.tolist() == [0, 1, 2, 3, 4]
    found = label_pair_changes(a, parts_of(3), names=DIGITS, replicates=[(rarer, rarer)])
    assert {"5" in (one["first"], one["second"]) for one in found.reports} == {True, False}
    for one in found.reports:
        assert ("noise_floor" in one) == ("5" not in (one["first"], one["second"]))
    empty = label_parts(vectors, graph, np.full(300, -1))
    assert label_pair_changes(empty, empty, names=[]) == LabelPairChanges([], 0)
    with pytest.raises(InputError, match="other labels or folds"):
        label_pair_changes(a, rarer, names=DIGITS)


def test_at_most_two_hundred_labels_and_a_hundred_pairs_are_told() -> None:
    codes = np.repeat(np.arange(203), np.append(np.full(200, 31), [30, 30, 40]))
    vectors = np.random.default_rng(10).standard_normal((len(codes), 3)) + codes[:, None]
    lists = (np.arange(len(codes))[:, None] + np.arange(1, 11)) % len(codes)
    graph = brute_graph(vectors[:20], 10)
    graph = type(graph)(lists.astype(np.int32), np.ones(lists.shape, np.float32), "euclidean")
    parts = label_parts(vectors, graph, codes, k=10)
    assert len(parts.labels) == 200
    assert 202 in parts.labels
    found = label_pair_changes(parts, parts, names=[str(code) for code in range(203)])
    assert (len(found.reports), found.n_judged) == (100, 199)


@pytest.mark.slow
def test_rounding_moves_no_labels() -> None:
    """Copies in single and half precision, far from the origin: all differences are rounding."""
    claims = dict.fromkeys(("single", "half"), 0)
    for seed in range(8):
        vectors, codes = clusters(seed)
        vectors = np.exp(vectors)
        turn, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((6, 6)))
        for name, copy in (
            ("single", (vectors @ turn).astype(np.float32)),
            ("half", vectors.astype(np.float16)),
        ):
            parts = [
                label_parts(one, brute_graph(vectors, 50, metric="euclidean"), codes)
                for one in (vectors, copy)
            ]
            found = label_pair_changes(*parts, names=DIGITS)
            claims[name] += sum(report["verdict"] != "same" for report in found.reports)
    assert claims == {"single": 0, "half": 0}
