import pytest

from emblink.errors import InputError
from emblink.measures import kappa
from emblink.types import (
    BeyondNoiseReport,
    Grade,
    LabelLoss,
    LabelPairReport,
    LabelPairVerdict,
    LabelReport,
    LabelShift,
    LabelVerdict,
    QualityReport,
    QualityVerdict,
    Score,
    SizeReport,
)
from emblink.wording import pair_answer, pair_sentence, pair_warnings, percent


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


def size(grade: Grade = "like_another_run", w: float = 0.16) -> SizeReport:
    return SizeReport(grade=grade, w=w, interval=[w - 0.01, w + 0.01], first_changed=0.41)


def noise(**fields: object) -> BeyondNoiseReport:
    report = BeyondNoiseReport(answer="no", n_replicates=3, p=0.4, kept=0.61, least=0.5)
    report.update(fields)  # type: ignore[typeddict-item]
    return report


def quality(verdict: QualityVerdict, *lost: LabelLoss) -> QualityReport:
    return QualityReport(
        verdict=verdict,
        measure="knn_accuracy",
        a=0.94,
        b=0.912,
        interval=[-0.04, -0.016],
        margin=0.01,
        label_margin=0.05,
        lost=[*lost],
        n=1870,
    )


BAG = LabelLoss(label="Bag", accuracy_a=0.92, accuracy_b=0.85)
SIZE = (
    "As if 16 % of every vector were another item's (15 to 17 %): 60 % of each item's 10 nearest "
    "neighbours stay (chance 0.5 %), and the nearest one changes for 41 %, over 1,870 items."
)


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


def test_the_size_is_told_first_and_without_replicates_no_noise() -> None:
    assert pair_sentence(size(), score=score(0.6)) == SIZE
    assert pair_sentence(
        size(), score=score(0.6), noise=noise(answer="unknown", n_replicates=0)
    ) == (SIZE)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (noise(), "4 runs of one recipe differ as much, keeping 61 %."),
        (
            noise(answer="yes", p=0.012),
            "More than 4 runs of one recipe differ by, which keep 61 % (p = 0.012).",
        ),
        (
            noise(answer="yes", p=1e-6, n_replicates=1, provisional=True),
            "More than 2 runs of one recipe differ by, which keep 61 % (p < 0.001). "
            "Provisionally: three replicates settle it.",
        ),
        (
            noise(n_replicates=1),
            "2 runs of one recipe differ as much, keeping 61 %; 1 replicate of the three that "
            "settle it.",
        ),
        (
            noise(answer="unknown", closer=True),
            "The two agree more than 4 runs of one recipe do (61 %), as with a shared start: these "
            "runs excuse nothing.",
        ),
        (
            noise(answer="unknown", n_replicates=2),
            "Whether that is noise is open: 3 runs of one recipe keep 61 %; 2 replicates of the "
            "three that settle it.",
        ),
    ],
)
def test_noise_is_told_by_the_runs_and_no_large_p(said: BeyondNoiseReport, words: str) -> None:
    assert pair_sentence(size(), score=score(0.6), noise=said) == f"{SIZE} {words}"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (quality("kept"), "Labels are recognised as well as before (94.0 % → 91.2 %)."),
        (
            {**quality("kept"), "a": 1.0, "b": 0.9999},
            "Labels are recognised as well as before (100.0 %).",
        ),
        (quality("better"), "Labels are recognised more often (94.0 % → 91.2 %)."),
        (
            quality("undecided"),
            "Whether labels are recognised as well is open: 94.0 % → 91.2 %, a change of -4.0 to "
            "-1.6 points.",
        ),
        (quality("lost"), "Labels are recognised 94.0 % → 91.2 %: less often than before."),
        (
            quality("lost", BAG),
            "Labels are recognised 94.0 % → 91.2 %; worst is label Bag from 92.0 % to 85.0 %.",
        ),
    ],
)
def test_quality_is_told_after_the_size(found: QualityReport, words: str) -> None:
    assert pair_sentence(size(), score=score(0.6), quality=found) == f"{SIZE} {words}"


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        (
            LabelShift(purity=0.35, separation=-2.08),
            "The typical label is 35 points purer and labels lie 2.8 times as far apart.",
        ),
        (LabelShift(separation=0.26), "Labels lie 12 % closer together."),
        (LabelShift(separation=-0.2), "Labels lie 11 % farther apart."),
        (LabelShift(purity=-0.1), "The typical label is 10 points less pure."),
        (LabelShift(purity=0.01, separation=0.01), ""),
        (LabelShift(separation=-30.0), "Labels lie over 100 times as far apart."),
    ],
)
def test_what_all_labels_have_in_common_is_told_once(shift: LabelShift, words: str) -> None:
    said = pair_sentence(size(), score=score(0.6), label_shift=shift)
    assert said == f"{SIZE} {words}".rstrip()


def test_clusters_that_stay_with_another_inner_order_are_told() -> None:
    inner: SizeReport = {**size("like_another_run", 0.03), "reason": "clusters stay"}
    assert pair_sentence(inner, score=score(0.7)).endswith("over 1,870 items. Clusters stay.")
    half = size("another_space", 0.5)
    assert pair_sentence(half, score=score(0.16)).startswith("As if half of every vector or more")


@pytest.mark.parametrize(
    ("grade", "index_kept", "answer"),
    [
        ("identical", 1.0, "Identical: may be swapped without re-indexing."),
        ("same", 0.95, "The same but for rounding: may be swapped without re-indexing."),
        (
            "interchangeable",
            0.02,
            "Interchangeable: may be swapped once all is indexed anew; answers stay.",
        ),
        (
            "like_another_run",
            0.6,
            "Like another run: re-index; the nearest neighbour changes for 41 % of items.",
        ),
        (
            "reworked",
            0.6,
            "Reworked: re-index and test what is built on it; the nearest neighbour changes for "
            "41 % of items.",
        ),
        (
            "another_space",
            0.0,
            "Another space: treat it as a new model; the nearest neighbour changes for 41 % of "
            "items.",
        ),
        ("unrelated", 0.0, "Unrelated: nothing of the one carries over to the other."),
        ("misaligned", 0.0, "Rows look shuffled: mend their order and compare again."),
        ("too_few", 0.0, "Too few items to tell: compare more."),
    ],
)
def test_the_answer_says_what_to_do(grade: Grade, index_kept: float, answer: str) -> None:
    assert pair_answer({**size(grade), "index_kept": index_kept}) == answer


def test_quality_stands_in_the_answer_and_a_loss_holds() -> None:
    for verdict in ("kept", "better", "undecided"):
        said = pair_answer(size("reworked"), quality=quality(verdict))
        assert said.startswith(f"Reworked; accuracy {verdict}: re-index")
    assert pair_answer(size("same"), quality=quality("lost")) == (
        "Do not swap: accuracy fell from 94.0 % to 91.2 %; as a whole, no more than rounding."
    )
    assert pair_answer(size(), quality=quality("lost", BAG, BAG)) == (
        "Do not swap: label Bag got worse (accuracy 92.0 % → 85.0 %), and 1 other label; as a "
        "whole, no larger than a rerun usually is."
    )


def test_labels_that_are_gone_and_items_that_were_not_compared_stand_in_the_answer() -> None:
    same: SizeReport = {**size("identical"), "index_kept": 1.0}
    assert pair_answer(same, gone=["3"], n_compared=437, n_missing=63) == (
        "Do not swap: label 3 is gone. Apart from that, identical: may be swapped without "
        "re-indexing."
    )
    assert pair_answer(same, n_compared=437, n_missing=63) == (
        "Identical: may be swapped without re-indexing. Judged on 437 of 500 items."
    )
    assert pair_answer(size("labels_only"), gone=["a", "b"]).startswith(
        "Do not swap: labels a, b are gone. Apart from that, by labels alone"
    )


def test_a_small_change_that_is_no_noise_is_said_to_be_both() -> None:
    said = pair_answer(size(), noise=noise(answer="yes"))
    assert said.startswith("No larger than a rerun usually is, yet not noise: re-index")


def test_changed_labels_and_notes_follow() -> None:
    labels = [
        label("flags", "same", note="same cluster, other inner order"),
        *(label(name, "better") for name in "abcde"),
    ]
    pairs = [label_pair("4", "9", "pushed_apart"), label_pair("1", "7", "same")]
    sentence = pair_sentence(size(), score=score(0.6), labels=labels, label_pairs=pairs)
    assert sentence == (
        f"{SIZE} 5 labels became purer (a, b, c and 2 more), 1 pair of labels was pushed apart "
        "(4 and 9). Label flags: same cluster, other inner order."
    )


def test_a_note_on_several_labels_is_said_once() -> None:
    labels = [label(name, "same", note="same cluster, other inner order") for name in "vwxyz"]
    sentence = pair_sentence(size(), score=score(0.16), labels=labels)
    assert sentence.endswith(" Labels v, w, x and 2 more: same cluster, other inner order.")


def test_unrelated_among_few_items_is_said_with_doubt() -> None:
    few = score(0.67)
    few["n"] = 6
    assert pair_sentence(size("unrelated", 0.5), score=few).endswith(
        "No more neighbours stay than chance may leave, as far as 6 items can tell."
    )


def test_too_few_items_says_how_many_there_are_and_how_many_are_wanted() -> None:
    few = score(0.8, k=2)
    few["n"] = 5
    sentence = pair_sentence(size("too_few"), score=few)
    assert sentence.startswith("Too few items to tell: 5 in common, expected at least 8. 80 % of")
    assert sentence.endswith("neither whether the spaces agree nor whether they changed.")


def test_labels_that_are_all_too_few_are_not_said_to_be_unchanged() -> None:
    labels = [label("cats", "too_few"), label("dogs", "too_few")]
    assert pair_sentence(size("labels_only"), labels=labels).endswith(
        "none of 2 labels that both have has the 30 items in either space that a claim takes."
    )


def test_spaces_without_common_items_are_compared_by_their_labels_alone() -> None:
    labels = [label("cats", "worse"), label("dogs", "same")]
    assert pair_sentence(size("labels_only"), labels=labels) == (
        "Compared by their labels alone: no items in common; 1 label became less pure (cats)."
    )
    assert pair_sentence(size("labels_only"), labels=labels[1:]) == (
        "Compared by their labels alone: no items in common; of 1 label that both have, none "
        "changed beyond sampling; no claim on those with fewer than 30 items."
    )
    with pytest.raises(InputError, match="'like_another_run' rests on an overlap"):
        pair_sentence(size())


def test_identical_lists_are_told_from_identical_shapes() -> None:
    assert pair_sentence(size("identical"), score=score(1.0)) == (
        "Identical: the same neighbours throughout, over 1,870 items."
    )
    assert pair_sentence(size("identical"), score=score(0.998)).startswith(
        "Identical: the same but for rotation and scale; 99.8 % of each item's"
    )


def test_misaligned_rows_are_told_with_the_way_out() -> None:
    sentence = pair_sentence(
        size("misaligned"), score=score(0.005), matched_by="row", rematched=0.92
    )
    assert sentence.startswith("Misaligned: the rows look shuffled; 0.5 % of neighbours stay")
    assert "92 % after matching" in sentence
    assert "Give both spaces ids" in sentence
    by_id = pair_sentence(size("misaligned"), score=score(0.005), rematched=0.92)
    assert by_id.endswith("Check that each space's rows carry their own ids.")


def test_unrelated_by_row_order_says_that_shuffled_rows_look_the_same() -> None:
    by_row = pair_sentence(size("unrelated"), score=score(0.005), matched_by="row")
    assert by_row.endswith("Shuffled rows would look the same: give ids to be sure.")
    assert "Shuffled" not in pair_sentence(size("unrelated"), score=score(0.005))
    (warning,) = pair_warnings("unrelated", score=score(0.005), matched_by="row")
    assert "give both spaces ids" in warning


def test_a_plain_pair_has_no_warnings() -> None:
    assert pair_warnings("reworked", score=score(0.16)) == []


def test_shared_hubs_are_warned_of() -> None:
    (warning,) = pair_warnings("unrelated", score=score(0.35, hub_chance=0.34))
    assert "34 %" in warning
    assert "read 35 % as 1.5 % beyond chance" in warning


def test_few_items_wide_neighborhoods_and_low_coverage_are_warned_of() -> None:
    few, wide, low = pair_warnings("reworked", score=score(0.5, n=60), coverage=0.31)
    assert few.startswith("Only 60 common items")
    assert "17 % of all others" in wide
    assert low.startswith("Only 31 %")


def test_the_largest_changes_are_named_first() -> None:
    labels = [label(name, "worse") for name in "abcd"]
    pairs = [label_pair("1", "2", "pushed_apart"), label_pair("3", "4", "pushed_apart")]
    labels[3]["delta"] = -0.4
    labels[1]["delta"] = -0.2
    pairs[1]["delta"] = -0.9
    sentence = pair_sentence(size(), score=score(0.16), labels=labels, label_pairs=pairs)
    assert "4 labels became less pure (d, b, a and 1 more)" in sentence
    assert "2 pairs of labels were pushed apart (3 and 4, 1 and 2)" in sentence


def test_names_that_could_be_two_are_quoted_on_one_line() -> None:
    labels = [label(name, "worse") for name in ("cats and dogs", "a,\nb", "plain")]
    sentence = pair_sentence(size(), score=score(0.16), labels=labels)
    assert '("cats and dogs", "a, b", plain)' in sentence


def test_a_list_of_pairs_that_was_cut_is_said_to_be_so() -> None:
    pairs = [label_pair(str(i), "x", "drawn_together") for i in range(100)]
    sentence = pair_sentence(size(), score=score(0.16), label_pairs=pairs)
    assert "At least 100 pairs of labels were drawn together" in sentence
    pairs[-1]["verdict"] = "same"
    sentence = pair_sentence(size(), score=score(0.16), label_pairs=pairs)
    assert "99 pairs of labels were drawn together" in sentence


def test_hubs_are_not_warned_of_where_kappa_reads_the_same() -> None:
    assert not any(
        "in both spaces" in one
        for one in pair_warnings("unrelated", score=score(1.0, hub_chance=0.99))
    )
