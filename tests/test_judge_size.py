from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from emblink.errors import InputError
from emblink.judge import (
    STEPS,
    Reach,
    at_chance,
    grade_of,
    noise_floor,
    overlap_score,
    pair_evidence,
)
from emblink.measures import (
    NoiseShare,
    RowAlignment,
    fewest_to_tell,
    hub_chance_overlap,
    neighborhood_overlap,
    procrustes_similarity,
    quantize_int8,
    row_alignment,
)
from emblink.stats import standard_error
from emblink.types import FloatArray, Grade, Metric
from emblink.wording import ELSEWHERE, pair_warnings
from tests.measures_helpers import brute_graph

SIZED: tuple[Grade, ...] = (*(one.grade for one in STEPS), "another_space")
SHUFFLED = RowAlignment(0.005, 0.9, 0.95, 0.001, misaligned=True, copies_only=False)


def items(mean: float, *, n: int = 1000) -> NDArray[np.float32]:
    """Overlaps of items that spread around a mean."""
    return (np.random.default_rng(0).binomial(10, mean, n) / 10).astype(np.float32)


def grade(per_item: FloatArray, **given: Any) -> Grade:
    """The grade by neighbours kept alone; what else is given is that of ``pair_evidence``."""
    return grade_of(pair_evidence(per_item, **given))[0]


def grade_between(x: FloatArray, y: FloatArray, *, metric: Metric = "cosine") -> str:
    a, b = brute_graph(x, 30, metric=metric), brute_graph(y, 30, metric=metric)
    floor = noise_floor(neighborhood_overlap(a, brute_graph(quantize_int8(x), 10, metric=metric)))
    overlap, chance = neighborhood_overlap(a, b), hub_chance_overlap(a, b)
    return grade(
        overlap,
        hub_chance=chance,
        floor=floor,
        shape=procrustes_similarity(x, y),
        alignment=row_alignment(a, b) if at_chance(overlap, hub_chance=chance) else None,
    )


def share(value: float, reach: float = 0.0) -> NoiseShare:
    return NoiseShare(value, (value - reach, value + reach))


@pytest.mark.parametrize(
    ("value", "kept", "expected"),
    [
        (0.005, 0.99, "same"),
        (0.005, 0.95, "interchangeable"),
        (0.03, 0.95, "interchangeable"),
        (0.03, 0.7, "like_another_run"),
        (0.15, 0.6, "like_another_run"),
        (0.25, 0.4, "reworked"),
        (0.36, 0.3, "another_space"),
    ],
)
def test_the_grade_is_the_worse_of_the_share_and_of_neighbours_kept(
    value: float, kept: float, expected: Grade
) -> None:
    evidence = pair_evidence(items(kept), hub_chance=0.01)
    found, reason = grade_of(evidence, share(value))
    assert found == expected
    by_share = next((one.grade for one in STEPS if value <= one.share), "another_space")
    assert bool(reason) == (found != by_share and found != "interchangeable")


def test_the_same_nearest_neighbours_with_others_around_are_not_identical() -> None:
    evidence = pair_evidence(np.ones(500, dtype=np.float32), hub_chance=0.02)
    assert grade_of(evidence, share(0.0), around=1.0) == ("identical", "")
    found, reason = grade_of(evidence, share(0.0), around=0.4)
    assert (found, reason) == ("like_another_run", ELSEWHERE)
    assert grade_of(evidence, share(0.26), around=0.22)[0] == "reworked"


def test_few_neighbours_kept_are_no_rerun_however_small_the_share() -> None:
    assert grade_of(pair_evidence(items(0.3), hub_chance=0.01), share(0.09))[0] == "reworked"
    assert grade_of(pair_evidence(items(0.13), hub_chance=0.01), share(0.2))[0] == "another_space"


def test_the_upper_end_of_the_interval_decides() -> None:
    evidence = pair_evidence(items(0.6), hub_chance=0.01)
    assert grade_of(evidence, share(0.19, 0.005))[0] == "like_another_run"
    assert grade_of(evidence, share(0.19, 0.02))[0] == "reworked"


def test_what_is_no_larger_than_between_runs_is_like_another_run() -> None:
    evidence = pair_evidence(items(0.3), hub_chance=0.01)
    assert grade_of(evidence, share(0.3))[0] == "another_space"
    assert grade_of(evidence, share(0.3), reach=Reach(0.32, 0.25))[0] == "like_another_run"
    assert grade_of(evidence, share(0.02), reach=Reach(0.32, 0.25))[0] == "like_another_run"
    assert grade_of(
        pair_evidence(items(0.95), hub_chance=0.01), share(0.02), reach=Reach(0.32, 0.25)
    )[0] == ("interchangeable")


def test_the_same_neighbors_are_identical() -> None:
    assert grade(np.ones(50, dtype=np.float32), hub_chance=0.1) == "identical"


@pytest.mark.slow
@pytest.mark.parametrize(("n", "k"), [(3, 1), (4, 1), (5, 2), (10, 4), (30, 10)])
def test_few_independent_items_are_unrelated_or_too_few_and_their_rotated_copy_identical(
    n: int, k: int
) -> None:
    said = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        x, y = rng.standard_normal((2, n, 20))
        turned = x @ np.linalg.qr(rng.standard_normal((20, 20)))[0]
        for other in (y, turned):
            a, b = brute_graph(x, k), brute_graph(other, k)
            verdict = grade(
                neighborhood_overlap(a, b, k=k),
                hub_chance=hub_chance_overlap(a, b, k=k),
                k=k,
                shape=procrustes_similarity(x, other),
            )
            said.append(verdict)
    assert set(said[1::2]) == {"identical"}
    assert "identical" not in said[::2]
    assert sum(one in ("unrelated", "too_few") for one in said[::2]) >= 39
    assert ("unrelated" in said[::2]) == (n >= 8)


@pytest.mark.parametrize("n", [4, 5, 6])
@pytest.mark.parametrize("kept", [1.0, 0.8])
def test_few_items_that_keep_their_neighbours_are_never_unrelated(n: int, kept: float) -> None:
    k = (n - 1) // 2
    overlap = np.full(n, kept, dtype=np.float32)
    for hub_chance in np.linspace(k / (n - 1), 1.0, 20):
        said = grade(overlap, hub_chance=float(hub_chance), k=k)
        assert said != "unrelated", hub_chance
        assert (said == "identical") <= (kept == 1.0)


@pytest.mark.parametrize("n", [*range(3, 13), 100, 1000])
def test_whether_items_are_too_few_hangs_on_what_full_agreement_would_show(n: int) -> None:
    """At chance, and at what lies half-way to 1: one of the two is always told from the other."""
    k = max(1, min(10, (n - 1) // 2))
    chance = k / (n - 1)
    at_it, halfway = (np.full(n, value, dtype=np.float32) for value in (chance, (1 + chance) / 2))
    said = grade(at_it, hub_chance=chance, k=k)
    assert said == ("unrelated" if n >= fewest_to_tell() else "too_few")
    assert (grade(halfway, hub_chance=chance, k=k) in SIZED) == (said == "unrelated")


def test_hubs_that_everyone_lists_leave_nothing_to_tell() -> None:
    overlap = np.full(200, 0.999, dtype=np.float32)
    assert grade(overlap, hub_chance=0.999, k=10) == "too_few"


def test_items_in_one_cell_are_judged_without_cells() -> None:
    overlap, cells = items(0.6, n=50), np.zeros(50, dtype=np.int32)
    assert not at_chance(overlap, hub_chance=0.2, cells=cells)
    assert grade(overlap, hub_chance=0.2, cells=cells) in SIZED


@pytest.mark.slow
def test_a_rotation_that_breaks_a_few_ties_is_identical() -> None:
    pixels = load_digits().data
    turn, _ = np.linalg.qr(np.random.default_rng(1).standard_normal((64, 64)))
    assert grade_between(pixels, 3 * pixels @ turn, metric="euclidean") == "identical"


@pytest.mark.slow
def test_shuffled_digits_are_misaligned() -> None:
    pixels = load_digits().data
    order = np.random.default_rng(2).permutation(len(pixels))
    assert grade_between(pixels, pixels[order], metric="euclidean") == "misaligned"


def test_float16_storage_is_the_same() -> None:
    x = np.random.default_rng(3).standard_normal((800, 16)).astype(np.float32)
    assert grade_between(x, x.astype(np.float16).astype(np.float32)) == "same"


def test_one_moved_item_is_not_identical() -> None:
    x = np.random.default_rng(4).standard_normal((800, 16)).astype(np.float32)
    moved = x.copy()
    moved[0] = -moved[0]
    assert grade_between(x, moved) == "same"


@pytest.mark.slow
def test_independent_spaces_are_unrelated() -> None:
    rng = np.random.default_rng(5)
    x, y = rng.standard_normal((600, 16)), rng.standard_normal((600, 24))
    assert grade_between(x, y) == "unrelated"


def test_at_chance_the_rows_decide_between_unrelated_and_misaligned() -> None:
    overlap = items(0.01)
    assert grade(overlap, hub_chance=0.01) == "unrelated"
    assert grade(overlap, hub_chance=0.01, alignment=SHUFFLED) == "misaligned"


def test_an_overlap_that_hubs_alone_would_give_is_unrelated() -> None:
    overlap = items(0.4)
    assert grade(overlap, hub_chance=float(overlap.mean())) == "unrelated"
    assert grade(overlap, hub_chance=0.01) in SIZED


def test_spaces_that_share_norms_alone_are_unrelated_and_warned_of() -> None:
    rng = np.random.default_rng(7)
    norms = np.exp(0.1 * rng.standard_normal((800, 1)))
    a, b = (
        brute_graph(norms * rng.standard_normal((800, 800)), 10, metric="euclidean")
        for _ in range(2)
    )
    overlap, chance = neighborhood_overlap(a, b), hub_chance_overlap(a, b)
    score = overlap_score(overlap, k=10, hub_chance=chance)
    said = grade(overlap, hub_chance=chance)
    assert score["value"] > 0.3
    assert abs(score["kappa"]) < 0.03
    assert said == "unrelated"
    (warning,) = pair_warnings(said, score=score)
    assert warning.startswith("A few items are neighbours of very many in both spaces")


def test_when_everyone_is_a_neighbor_nothing_can_be_told() -> None:
    assert grade(np.ones(11, dtype=np.float32), hub_chance=1.0) == "too_few"


def test_evidence_holds_the_numbers_of_the_measured_items() -> None:
    overlap, cells = np.r_[items(0.6), np.nan], np.arange(1001) // 10
    evidence = pair_evidence(overlap, hub_chance=0.01, cells=cells)
    assert (evidence.n, evidence.k) == (1000, 10)
    assert evidence.value == pytest.approx(np.nanmean(overlap))
    assert evidence.error == pytest.approx(standard_error(overlap[:-1], cells[:-1]))
    assert (evidence.at_chance, evidence.same_lists) == (False, False)


def test_standard_error_is_widened_for_items_that_share_neighbors() -> None:
    values = np.random.default_rng(6).standard_normal(10_000)
    assert standard_error(values) == pytest.approx(0.013, rel=0.03)
    assert standard_error(values[:1]) == np.inf


def test_a_pair_without_common_items_is_refused() -> None:
    with pytest.raises(InputError, match="nothing can be said of the pair"):
        grade(np.full(3, np.nan, dtype=np.float32), hub_chance=0.1)
