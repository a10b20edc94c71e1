import pytest

from emblink.measures import RowAlignment, kappa, pair_sentence, pair_warnings
from emblink.measures._sentences import percent
from emblink.types import PairVerdict, Score


def score(value: float, *, n: int = 1870, k: int = 10, hub_chance: float = 0.0054) -> Score:
    return Score(
        value=value,
        n=n,
        k=k,
        chance=k / (n - 1),
        hub_chance=hub_chance,
        kappa=kappa(value, hub_chance),
        noise_floor=0.981,
        floor_kind="numerical",
    )


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.99999, "99.9 %"),
        (0.998, "99.8 %"),
        (0.164, "16 %"),
        (0.0996, "10 %"),
        (0.0942, "9.4 %"),
        (0.0054, "0.5 %"),
        (0.0002, "under 0.1 %"),
    ],
)
def test_percentages_never_round_to_all_or_nothing(share: float, words: str) -> None:
    assert percent(share) == words


def test_a_changed_pair_reads_words_first() -> None:
    assert pair_sentence("changed", score=score(0.16)) == (
        "Changed: 16 % of each item's 10 nearest neighbours stay "
        "(chance 0.5 %, numerical floor 98 %), over 1,870 common items."
    )


def test_a_replicate_floor_is_named_as_what_it_is() -> None:
    replicate = score(0.68)
    replicate["floor_kind"] = "replicate"
    assert pair_sentence("within_noise", score=replicate) == (
        "Within noise: 68 % of each item's 10 nearest neighbours stay "
        "(chance 0.5 %, another run of the same recipe 98 %), over 1,870 common items."
    )


@pytest.mark.parametrize(
    ("verdict", "start"),
    [
        ("identical", "Identical: the same but for rotation and scale; 99.8 % of"),
        ("unrelated", "Unrelated: no more neighbours stay than by chance; 99.8 % of"),
    ],
)
def test_every_verdict_starts_with_its_word(verdict: PairVerdict, start: str) -> None:
    assert pair_sentence(verdict, score=score(0.998)).startswith(start)


def test_identical_lists_are_told_from_identical_shapes() -> None:
    sentence = pair_sentence("identical", score=score(1.0))
    assert sentence.startswith("Identical: the same neighbours; 100 % of each item's")


def test_misaligned_rows_are_told_with_the_way_out() -> None:
    found = RowAlignment(0.005, 0.92, 0.95, 0.001, misaligned=True, copies_only=False)
    sentence = pair_sentence("misaligned", score=score(0.005), matched_by="row", alignment=found)
    assert sentence.startswith("Misaligned: the rows look shuffled; 0.5 % of neighbours stay")
    assert "92 % after matching" in sentence
    assert "Give both spaces ids" in sentence
    by_id = pair_sentence("misaligned", score=score(0.005), alignment=found)
    assert by_id.endswith("Check that each space's rows carry their own ids.")


def test_unrelated_by_row_order_says_that_shuffled_rows_look_the_same() -> None:
    by_row = pair_sentence("unrelated", score=score(0.005), matched_by="row")
    assert by_row.endswith("Shuffled rows would look the same: give ids to be sure.")
    assert "Shuffled" not in pair_sentence("unrelated", score=score(0.005))
    (warning,) = pair_warnings("unrelated", score=score(0.005), matched_by="row")
    assert "give both spaces ids" in warning


def test_a_plain_pair_has_no_warnings() -> None:
    assert pair_warnings("changed", score=score(0.16)) == []


def test_shared_hubs_are_warned_of() -> None:
    (warning,) = pair_warnings("unrelated", score=score(0.35, hub_chance=0.34))
    assert "34 %" in warning
    assert "read 35 % as 1.5 % beyond chance" in warning


def test_few_items_wide_neighborhoods_and_low_coverage_are_warned_of() -> None:
    few, wide, low = pair_warnings("changed", score=score(0.5, n=60), coverage=0.31)
    assert few.startswith("Only 60 common items")
    assert "17 % of all others" in wide
    assert low.startswith("Only 31 %")
