import pytest

from emblink.errors import InputError
from emblink.measures import RowAlignment, kappa
from emblink.types import (
    LabelPairReport,
    LabelPairVerdict,
    LabelReport,
    LabelVerdict,
    PairVerdict,
    Score,
)
from emblink.wording import pair_sentence, pair_warnings, percent


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
        (0.0005, "0.05 %"),
        (0.00002, "under 0.01 %"),
    ],
)
def test_percentages_never_round_to_all_or_nothing(share: float, words: str) -> None:
    assert percent(share) == words


STAY = "of each item's 10 nearest neighbours stay (chance 0.5 %), over 1,870 common items"


def replicated(value: float) -> Score:
    return {**score(value), "noise_floor": 0.6, "floor_kind": "replicate"}


def label(name: str, verdict: LabelVerdict, **more: str) -> LabelReport:
    report = LabelReport(
        label=name, n=90, purity_a=0.9, purity_b=0.8, delta=-0.1, chance=0.1, verdict=verdict
    )
    return {**report, "note": more["note"]} if more else report


def label_pair(first: str, second: str, verdict: LabelPairVerdict) -> LabelPairReport:
    return LabelPairReport(
        first=first,
        second=second,
        n_first=90,
        n_second=90,
        delta=-0.5,
        separation_a=1.0,
        separation_b=1.5,
        mixing_a=0.1,
        mixing_b=0.0,
        mixing_chance=0.1,
        confusion_a=[0.1, 0.1],
        confusion_b=[0.0, 0.0],
        verdict=verdict,
    )


def test_a_changed_pair_reads_words_first() -> None:
    assert pair_sentence("changed", score=replicated(0.16), p_noise=1e-9) == (
        f"Changed: 16 % {STAY}; another run of the same recipe keeps 60 % "
        "(p < 0.001 for no change beyond that)."
    )


def test_a_numerical_floor_is_named_as_what_it_is() -> None:
    assert pair_sentence("changed", score=score(0.16), p_noise=0.012) == (
        f"Changed: 16 % {STAY}; rounding to 8 bits keeps 98 % (p = 0.012 for no change beyond "
        "that), and what another run of the same recipe keeps is not known."
    )
    assert pair_sentence("within_noise", score=score(0.98), p_noise=0.3) == (
        f"Within noise: 98 % {STAY}; rounding to 8 bits keeps 98 % "
        "(p = 0.3 for no change beyond that)."
    )


def test_a_pair_within_noise_whose_labels_changed_is_said_to_be_both() -> None:
    sentence = pair_sentence(
        "within_noise",
        score=replicated(0.6),
        labels=[label("cats", "worse"), label("apes", "same"), label("dogs", "worse")],
        label_pairs=[label_pair("4", "9", "pushed_apart"), label_pair("1", "7", "same")],
    )
    assert sentence.startswith(
        "Within noise as a whole, but 2 labels got worse (cats, dogs), 1 pair of labels was "
        "pushed apart (4 and 9). 60 % of each item's 10 nearest"
    )


def test_changed_labels_and_notes_follow_a_changed_pair() -> None:
    labels = [
        label("flags", "same", note="same cluster, other inner order"),
        *(label(name, "better") for name in "abcde"),
    ]
    sentence = pair_sentence("changed", score=replicated(0.16), labels=labels)
    assert sentence.endswith(
        "keeps 60 %. Also 5 labels got better (a, b, c and 2 more). "
        "flags: same cluster, other inner order."
    )


def test_a_note_on_several_labels_is_said_once() -> None:
    labels = [label(name, "same", note="same cluster, other inner order") for name in "vwxyz"]
    sentence = pair_sentence("changed", score=replicated(0.16), labels=labels)
    assert sentence.endswith(" v, w, x and 2 more: same cluster, other inner order.")


def test_unrelated_among_few_items_is_said_with_doubt() -> None:
    few = score(0.67)
    few["n"] = 6
    assert pair_sentence("unrelated", score=few).startswith(
        "Unrelated, as far as 6 items can tell: no more neighbours stay than chance may leave"
    )


def test_too_few_items_says_how_many_there_are_and_how_many_are_wanted() -> None:
    few = score(0.8, k=2)
    few["n"] = 5
    sentence = pair_sentence("too_few", score=few)
    assert sentence.startswith("Too few items to tell: 5 in common, expected at least 8. 80 % of")
    assert sentence.endswith("neither whether the spaces agree nor whether they changed.")


def test_labels_that_are_all_too_few_are_not_said_to_be_unchanged() -> None:
    labels = [label("cats", "too_few"), label("dogs", "too_few")]
    assert pair_sentence("labels_only", labels=labels).endswith(
        "none of 2 labels that both have has the 30 items in either space that a claim takes."
    )


def test_spaces_without_common_items_are_compared_by_their_labels_alone() -> None:
    labels = [label("cats", "worse"), label("dogs", "same")]
    assert pair_sentence("labels_only", labels=labels) == (
        "Compared by their labels alone: no items in common; 1 label got worse (cats)."
    )
    assert pair_sentence("labels_only", labels=labels[1:]) == (
        "Compared by their labels alone: no items in common; of 1 label that both have, none "
        "changed beyond noise; no claim on those with fewer than 30 items."
    )
    with pytest.raises(InputError, match="'changed' rests on an overlap"):
        pair_sentence("changed")


@pytest.mark.parametrize(
    ("verdict", "start"),
    [
        ("identical", "Identical: the same but for rotation and scale; 99.8 % of"),
        ("unrelated", "Unrelated: no more neighbours stay than chance may leave; 99.8 % of"),
        ("too_few", "Too few items to tell: 1,870 in common, expected more. 99.8 % of"),
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


def test_the_largest_changes_are_named_first() -> None:
    labels = [label(name, "worse") for name in "abcd"]
    pairs = [label_pair("1", "2", "pushed_apart"), label_pair("3", "4", "pushed_apart")]
    labels[3]["delta"] = -0.4
    labels[1]["delta"] = -0.2
    pairs[1]["delta"] = -0.9
    sentence = pair_sentence("changed", score=score(0.16), labels=labels, label_pairs=pairs)
    assert "4 labels got worse (d, b, a and 1 more)" in sentence
    assert "2 pairs of labels were pushed apart (3 and 4, 1 and 2)" in sentence


def test_names_that_could_be_two_are_quoted_on_one_line() -> None:
    labels = [label(name, "worse") for name in ("cats and dogs", "a,\nb", "plain")]
    sentence = pair_sentence("changed", score=score(0.16), labels=labels)
    assert '("cats and dogs", "a, b", plain)' in sentence


def test_a_list_of_pairs_that_was_cut_is_said_to_be_so() -> None:
    pairs = [label_pair(str(i), "x", "drawn_together") for i in range(100)]
    sentence = pair_sentence("changed", score=score(0.16), label_pairs=pairs)
    assert "at least 100 pairs of labels were drawn together" in sentence
    pairs[-1]["verdict"] = "same"
    sentence = pair_sentence("changed", score=score(0.16), label_pairs=pairs)
    assert "Also 99 pairs of labels were drawn together" in sentence


def test_hubs_are_not_warned_of_where_kappa_reads_the_same() -> None:
    assert not any(
        "in both spaces" in one
        for one in pair_warnings("unrelated", score=score(1.0, hub_chance=0.99))
    )
