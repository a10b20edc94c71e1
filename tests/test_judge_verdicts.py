import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from emblink.errors import InputError
from emblink.judge import (
    NoiseFloor,
    at_chance,
    noise_floor,
    overlap_score,
    pair_evidence,
    pair_verdict,
    pair_verdicts,
)
from emblink.measures import (
    RowAlignment,
    fewest_to_tell,
    hub_chance_overlap,
    neighborhood_overlap,
    procrustes_similarity,
    quantize_int8,
    row_alignment,
)
from emblink.stats import standard_error
from emblink.types import FloatArray, Metric
from emblink.wording import pair_warnings
from tests.measures_helpers import EMOJI, MNIST, brute_graph, real_graph, space

SHUFFLED = RowAlignment(0.005, 0.9, 0.95, 0.001, misaligned=True, copies_only=False)


def items(mean: float, *, n: int = 1000) -> NDArray[np.float32]:
    """Overlaps of items that spread around a mean."""
    return (np.random.default_rng(0).binomial(10, mean, n) / 10).astype(np.float32)


def verdict_of(x: FloatArray, y: FloatArray, *, metric: Metric = "cosine") -> str:
    """The whole recipe, as a comparison runs it."""
    a, b = brute_graph(x, 30, metric=metric), brute_graph(y, 30, metric=metric)
    floor = noise_floor(neighborhood_overlap(a, brute_graph(quantize_int8(x), 10, metric=metric)))
    overlap, chance = neighborhood_overlap(a, b), hub_chance_overlap(a, b)
    return pair_verdict(
        overlap,
        hub_chance=chance,
        floor=floor,
        shape=procrustes_similarity(x, y),
        alignment=row_alignment(a, b) if at_chance(overlap, hub_chance=chance) else None,
    )


def test_the_same_neighbors_are_identical() -> None:
    assert pair_verdict(np.ones(50, dtype=np.float32), hub_chance=0.1) == "identical"


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
            verdict = pair_verdict(
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
        said = pair_verdict(overlap, hub_chance=float(hub_chance), k=k)
        assert said != "unrelated", hub_chance
        assert (said == "identical") <= (kept == 1.0)


@pytest.mark.parametrize("n", [*range(3, 13), 100, 1000])
def test_whether_items_are_too_few_hangs_on_what_full_agreement_would_show(n: int) -> None:
    """At chance, and at what lies half-way to 1: one of the two is always told from the other."""
    k = max(1, min(10, (n - 1) // 2))
    chance = k / (n - 1)
    at_it, halfway = (np.full(n, value, dtype=np.float32) for value in (chance, (1 + chance) / 2))
    said = pair_verdict(at_it, hub_chance=chance, k=k)
    assert said == ("unrelated" if n >= fewest_to_tell() else "too_few")
    assert (pair_verdict(halfway, hub_chance=chance, k=k) == "changed") == (said == "unrelated")


def test_hubs_that_everyone_lists_leave_nothing_to_tell() -> None:
    overlap = np.full(200, 0.999, dtype=np.float32)
    assert pair_verdict(overlap, hub_chance=0.999, k=10) == "too_few"


def test_a_loss_that_so_few_items_could_not_show_is_not_within_noise() -> None:
    overlap = np.array([1, 0.5, 1, 0.5, 1, 0, 1, 1], dtype=np.float32)
    floor = NoiseFloor(0.7, 0.0)
    assert pair_verdict(overlap, hub_chance=0.2, k=2, floor=floor) == "too_few"
    many = np.tile(overlap, 40)
    assert pair_verdict(many, hub_chance=0.2, k=2, floor=floor) == "within_noise"


def test_items_in_one_cell_are_judged_without_cells() -> None:
    overlap, cells = items(0.6, n=50), np.zeros(50, dtype=np.int32)
    assert not at_chance(overlap, hub_chance=0.2, cells=cells)
    floor = NoiseFloor(1.0, 0.0)
    assert pair_verdict(overlap, hub_chance=0.2, floor=floor, cells=cells) == "changed"


@pytest.mark.slow
def test_a_rotation_that_breaks_a_few_ties_is_identical() -> None:
    pixels = load_digits().data
    turn, _ = np.linalg.qr(np.random.default_rng(1).standard_normal((64, 64)))
    assert verdict_of(pixels, 3 * pixels @ turn, metric="euclidean") == "identical"


@pytest.mark.slow
def test_shuffled_digits_are_misaligned() -> None:
    pixels = load_digits().data
    order = np.random.default_rng(2).permutation(len(pixels))
    assert verdict_of(pixels, pixels[order], metric="euclidean") == "misaligned"


def test_float16_storage_is_within_noise() -> None:
    x = np.random.default_rng(3).standard_normal((800, 16)).astype(np.float32)
    assert verdict_of(x, x.astype(np.float16).astype(np.float32)) == "within_noise"


def test_one_moved_item_is_not_identical() -> None:
    x = np.random.default_rng(4).standard_normal((800, 16)).astype(np.float32)
    moved = x.copy()
    moved[0] = -moved[0]
    assert verdict_of(x, moved) == "within_noise"


def test_independent_spaces_are_unrelated() -> None:
    rng = np.random.default_rng(5)
    x, y = rng.standard_normal((600, 16)), rng.standard_normal((600, 24))
    assert verdict_of(x, y) == "unrelated"


def test_late_training_is_within_the_noise_of_another_seed() -> None:
    def overlap(a: str, b: str) -> FloatArray:
        return neighborhood_overlap(real_graph(MNIST, a), real_graph(MNIST, b))

    floor = noise_floor(overlap("fc_seed0_epoch10", "fc_seed1_epoch10"), kind="replicate")
    late = overlap("fc_seed0_epoch05", "fc_seed0_epoch10")
    early = overlap("fc_seed0_epoch00", "fc_seed0_epoch01")
    assert pair_verdict(late, hub_chance=0.006, floor=floor) == "within_noise"
    assert pair_verdict(early, hub_chance=0.006, floor=floor) == "changed"


@pytest.mark.slow
def test_text_and_image_spaces_changed() -> None:
    text, image = space(EMOJI, "use_name_en"), space(EMOJI, "efflite0_image_pca256")
    assert verdict_of(text, image) == "changed"


def test_at_chance_the_rows_decide_between_unrelated_and_misaligned() -> None:
    overlap = items(0.01)
    assert pair_verdict(overlap, hub_chance=0.01) == "unrelated"
    assert pair_verdict(overlap, hub_chance=0.01, alignment=SHUFFLED) == "misaligned"


def test_an_overlap_that_hubs_alone_would_give_is_unrelated() -> None:
    overlap = items(0.4)
    assert pair_verdict(overlap, hub_chance=float(overlap.mean())) == "unrelated"
    assert pair_verdict(overlap, hub_chance=0.01) == "changed"


def test_spaces_that_share_norms_alone_are_unrelated_and_warned_of() -> None:
    rng = np.random.default_rng(7)
    norms = np.exp(0.1 * rng.standard_normal((800, 1)))
    a, b = (
        brute_graph(norms * rng.standard_normal((800, 800)), 10, metric="euclidean")
        for _ in range(2)
    )
    overlap, chance = neighborhood_overlap(a, b), hub_chance_overlap(a, b)
    score = overlap_score(overlap, k=10, hub_chance=chance)
    verdict = pair_verdict(overlap, hub_chance=chance)
    assert score["value"] > 0.3
    assert abs(score["kappa"]) < 0.03
    assert verdict == "unrelated"
    (warning,) = pair_warnings(verdict, score=score)
    assert warning.startswith("A few items are neighbours of very many in both spaces")


def test_the_floor_counts_with_its_own_error() -> None:
    overlap = items(0.6)
    above = float(overlap.mean()) + 4 * standard_error(overlap)
    sure, unsure = NoiseFloor(above, 0.0), NoiseFloor(above, 3 * standard_error(overlap))
    assert pair_verdict(overlap, hub_chance=0.01, floor=sure) == "changed"
    assert pair_verdict(overlap, hub_chance=0.01, floor=unsure) == "within_noise"


def test_without_a_floor_nothing_is_within_noise() -> None:
    assert pair_verdict(items(0.99), hub_chance=0.01) == "changed"


def test_when_everyone_is_a_neighbor_nothing_can_be_told() -> None:
    assert pair_verdict(np.ones(11, dtype=np.float32), hub_chance=1.0) == "too_few"


def test_without_a_floor_there_is_no_p_value() -> None:
    (said,) = pair_verdicts([pair_evidence(items(0.6), hub_chance=0.01)])
    assert said == ("changed", None)


def test_the_p_value_is_one_sided_and_adjusted_for_the_number_of_pairs() -> None:
    overlap = items(0.6)
    error = standard_error(overlap)
    floor = NoiseFloor(float(overlap.mean(dtype=np.float64)) + 2 * error, 0.0, "replicate")
    evidence = pair_evidence(overlap, hub_chance=0.01, floor=floor)
    ((alone, p),) = pair_verdicts([evidence])
    assert alone == "changed"
    assert p == pytest.approx(0.02275, abs=1e-5)
    among = pair_verdicts([evidence] * 4)
    assert [said for said, _ in among] == ["within_noise"] * 4
    assert among[0][1] == pytest.approx(4 * 0.02275, abs=1e-4)
    above = NoiseFloor(0.1, 0.01, "replicate")
    (better,) = pair_verdicts([pair_evidence(overlap, hub_chance=0.01, floor=above)])
    assert better == ("within_noise", 1.0)


def test_a_clear_change_is_one_among_many_pairs_too() -> None:
    floor = NoiseFloor(float(items(0.6).mean()), 0.01, "replicate")
    pairs = [pair_evidence(items(mean), hub_chance=0.01, floor=floor) for mean in (0.6, 0.3, 0.62)]
    assert [said for said, _ in pair_verdicts(pairs)] == ["within_noise", "changed", "within_noise"]
    assert pair_verdicts([]) == []


def test_pairs_without_change_are_seldom_called_changed() -> None:
    rng = np.random.default_rng(8)
    false = 0
    for _ in range(200):
        draws = rng.binomial(10, 0.6, (6, 400)) / 10
        floor = noise_floor(draws[0], kind="replicate", cells=np.arange(400) // 4)
        pairs = [
            pair_evidence(one, hub_chance=0.01, floor=floor, cells=np.arange(400) // 4)
            for one in draws[1:]
        ]
        false += any(said == "changed" for said, _ in pair_verdicts(pairs))
    assert false / 200 <= 0.08


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
        pair_verdict(np.full(3, np.nan, dtype=np.float32), hub_chance=0.1)
