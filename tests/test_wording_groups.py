from dataclasses import replace
from typing import Any, get_args

import pytest

from emblink.types import GroupEvidence, GroupType
from emblink.wording import (
    GroupFacts,
    clip,
    counted,
    group_sentence,
    group_title,
    listed,
    probability,
)
from emblink.wording._phrases import expected, short

EVIDENCE: GroupEvidence = {
    "inner_a": 0.12,
    "inner_b": 0.85,
    "inner_chance": 0.02,
    "spread_a": 0.8,
    "spread_b": 0.45,
    "agreement": 0.5,
    "density_change": 0.3,
}
TYPES = get_args(GroupType)


def facts(kind: Any = "moved", n: Any = 34, **known: Any) -> GroupFacts:
    given: dict[str, Any] = {"names": ("old", "new"), "p": 0.0196, "evidence": EVIDENCE, **known}
    return GroupFacts(type=kind, n=n, **given)


def value(name: str, n: int, *, column: str = "label", n_all: int = 170) -> Any:
    return {
        "column": column,
        "value": name,
        "n": n,
        "n_all": n_all,
        "expected": 34 * n_all / 1870,
        "p": 1e-9,
    }


def shift(label: str, share_a: float, share_b: float) -> Any:
    return {"label": label, "share_a": share_a, "share_b": share_b, "chance": 0.05}


LABELS = {
    "label": "label",
    "enriched": [value("animal-mammal", 30)],
    "shifts": [shift("dogs", 0.62, 0.03), shift("faces", 0.04, 0.61)],
}
TEXTS = {
    "exemplars": [{"id": "1", "text": "grinning cat", "role": "medoid"}],
    "lost": [{"id": "2", "text": "dog", "n": 9}, {"id": "3", "text": "fox", "n": 4}],
    "gained": [{"id": "4", "text": "smile", "n": 12}],
}


def told(facts: GroupFacts) -> str:
    return group_sentence(facts)


def test_a_move_between_labels_is_told_with_its_shares() -> None:
    assert group_title(facts(**LABELS)) == "dogs → faces"
    assert told(facts(**LABELS)) == (
        "34 items, mostly animal-mammal (30 of 34, expected 3.1), moved from old to new: they left "
        "dogs and joined faces (share of neighbours 4.0 % → 61 %); p = 0.02."
    )


def test_a_cluster_that_was_carried_is_named_and_not_those_beside_whom_it_stood() -> None:
    assert group_title(facts("carried", **LABELS)) == "animal-mammal → faces"
    nameless = facts("carried", label="label", shifts=LABELS["shifts"])
    assert group_title(nameless) == "dogs → faces"


def test_a_move_with_one_end_is_told_by_that_end() -> None:
    to = {**LABELS, "shifts": [shift("faces", 0.04, 0.61)]}
    assert group_title(facts(**to)) == "animal-mammal → faces"
    assert "moved from old to new: they joined faces (share" in told(facts(**to))
    away = {**LABELS, "shifts": [shift("dogs", 0.62, 0.03)]}
    assert group_title(facts(**away)) == "animal-mammal away from dogs"
    assert "they left dogs (share of neighbours 62 % → 3.0 %)" in told(facts(**away))
    nameless = facts(label="label", shifts=to["shifts"])
    assert group_title(nameless) == "34 items → faces"
    assert told(nameless).startswith("34 items moved from old to new: they joined faces")


def test_merging_and_splitting_name_the_other_label() -> None:
    four = {"label": "label", "enriched": [value("4", 34)]}
    merged = facts("merged", **four, shifts=[shift("9", 0.02, 0.5)])
    assert group_title(merged) == "4 and 9 together"
    assert told(merged) == (
        "34 items, all 4 (expected 3.1), merged with 9 in new "
        "(share of neighbours 2.0 % → 50 %); p = 0.02."
    )
    split = facts("split", **four, shifts=[shift("9", 0.5, 0.02)])
    assert group_title(split) == "4 and 9 apart"
    assert "split from 9 in new (share of neighbours 50 % → 2.0 %)" in told(split)


def test_items_that_leave_or_join_their_own_label_leave_or_join_others_of_it() -> None:
    four = {"label": "label", "enriched": [value("4", 30)]}
    split = facts("split", **four, shifts=[shift("4", 0.9, 0.2)])
    assert group_title(split) == "4 split off"
    assert "split from other 4 in new" in told(split)
    merged = facts("merged", **four, shifts=[shift("4", 0.2, 0.9)])
    assert group_title(merged) == "4 merged with others"
    assert "merged with other 4 in new" in told(merged)
    moved = facts("moved", **four, shifts=[shift("4", 0.2, 0.9)])
    assert group_title(moved) == "34 items → 4"


def test_changes_that_are_small_or_below_chance_give_no_direction() -> None:
    small = [shift("dogs", 0.3, 0.21), shift("faces", 0.2, 0.29)]
    rare = [{"label": "faces", "share_a": 0.1, "share_b": 0.3, "chance": 0.5}]
    for shifts in (small, rare):
        assert group_title(facts(**{**LABELS, "shifts": shifts})) == "animal-mammal moved"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("gathered", "came together in new: members among their neighbours 12 % → 85 % (chance"),
        ("scattered", "came apart in new: members among their neighbours 12 % → 85 % (chance"),
    ],
)
def test_changes_of_shape_are_told_by_their_figures(kind: str, said: str) -> None:
    assert said in told(facts(kind))
    labelled = told(facts(kind, **LABELS))
    assert said in labelled
    assert "; they left dogs and joined faces (share of neighbours 4.0 % → 61 %); p" in labelled
    assert group_title(facts(kind, **LABELS)) == f"animal-mammal {kind}"


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("contracted", 0.3, "drew closer together in new, in their place: their distances to"),
        (
            "expanded",
            -0.3,
            "spread out in new, in their place: their distances to",
        ),
    ],
)
def test_changes_of_density_leave_and_join_nobody(kind: str, change: float, said: str) -> None:
    one = facts(kind, **LABELS)
    one = replace(one, evidence={**one.evidence, "density_change": change})
    assert said in told(one)
    assert "joined" not in told(one)


def test_without_labels_examples_speak() -> None:
    assert group_title(facts(**TEXTS)) == "34 items near grinning cat"
    assert told(facts(**TEXTS)) == (
        "34 items near grinning cat moved from old to new: their neighbours dog (of 9) and fox "
        "(of 4) gave way to smile (of 12); p = 0.02."
    )
    assert "merged with others in new, such as smile (now a neighbour of 12); p" in told(
        facts("merged", **TEXTS)
    )
    assert "split from others in new, such as dog (no longer a neighbour of 9) and fox (of 4)" in (
        told(facts("split", **TEXTS))
    )
    assert "they lost the neighbours dog" in told(facts(**{**TEXTS, "gained": []}))
    assert "they gained the neighbours smile" in told(facts(**{**TEXTS, "lost": []}))


def test_ids_name_items_where_they_are_words() -> None:
    exemplars = [{"id": "w17", "role": "medoid"}]
    assert group_title(facts(exemplars=exemplars, telling_ids=True)) == "34 items near w17"
    assert group_title(facts(exemplars=exemplars)) == "34 items"


@pytest.mark.parametrize("kind", TYPES)
def test_without_anything_known_a_group_is_a_number_of_items(kind: str) -> None:
    assert group_title(facts(kind, 42)) == "42 items"
    sentence = told(facts(kind, 42))
    assert sentence.startswith("42 items ")
    assert sentence.endswith("; p = 0.02.")
    assert told(facts(kind, 1)).startswith("1 item ")


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("known", [{}, LABELS, TEXTS])
def test_a_sentence_is_one_line_without_marks(kind: str, known: dict[str, Any]) -> None:
    sentence = group_sentence(facts(kind, **known))
    assert sentence.endswith("; p = 0.02.")
    assert sentence.count(".\n") == 0
    assert "*" not in sentence
    assert "  " not in sentence
    assert ", ;" not in sentence
    assert ",," not in sentence


def test_words_speak_before_examples_where_a_third_has_them() -> None:
    words = [
        {"column": "text", "word": word, "n": n, "n_all": 60, "weight": 1.0}
        for word, n in (("paris", 20), ("rome", 12), ("rare", 5))
    ]
    assert group_title(facts(words=words, **TEXTS)) == "paris, rome"
    assert told(facts(words=words, **TEXTS)).startswith(
        '34 items with the words "paris" (20 of 34) and "rome" (12 of 34) moved'
    )
    assert group_title(facts(words=words[2:], **TEXTS)) == "34 items near grinning cat"


def test_numbers_speak_where_nothing_else_does() -> None:
    number = {"column": "age", "median": 51.0, "median_others": 30.25, "auc": 0.8, "p": 0.01}
    assert told(facts(numbers=[number])).startswith(
        "34 items of larger age (median 51, of the others 30.2) moved"
    )


def test_labels_of_few_members_are_counted() -> None:
    mixed = facts(label="label", enriched=[value("4", 12), value("9", 9), value("7", 3)])
    assert told(mixed).startswith(
        "34 items, among them 4 (12 of 34, expected 3.1) and 9 (9 of 34, expected 3.1), moved"
    )
    assert group_title(mixed) == "4 and 9 moved"
    few = facts(label="label", enriched=[value("4", 9)], **TEXTS)
    assert group_title(few) == "34 items near grinning cat"


def test_a_finer_value_of_as_many_members_stands_for_the_label() -> None:
    finer = value("mammal", 30, column="kind", n_all=60)
    known = {"label": "label", "enriched": [value("animal", 30), finer]}
    assert group_title(facts(**known)) == "kind mammal moved"
    assert "mostly kind mammal (30 of 34, expected 1.1)" in told(facts(**known))
    for other in (value("web", 20, column="source", n_all=60), value("en", 34, column="language")):
        known = {"label": "label", "enriched": [value("animal", 30), other]}
        assert group_title(facts(**known)) == "animal moved"


def test_names_that_could_be_read_as_two_are_quoted() -> None:
    known = {**LABELS, "shifts": [shift("animals: dogs", 0.6, 0.0), shift("a and b", 0.0, 0.6)]}
    assert 'they left "animals: dogs" and joined "a and b"' in told(facts(**known))
    assert 'came together in "new, v2": members' in told(
        facts("gathered", names=("old", "new, v2"))
    )
    assert short("two\nlines") == '"two lines"'
    assert short("plain") == "plain"


def test_pieces_of_sentences() -> None:
    assert clip("x" * 50) == "x" * 39 + "…"
    assert clip(" a\t b ") == "a b"
    assert (counted(1, "item"), counted(1204, "item")) == ("1 item", "1,204 items")
    assert [listed(["a", "b", "c"][:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert [expected(x) for x in (0.0, 0.004, 0.12, 3.14, 9.97, 1234.5)] == [
        *("under 0.01", "under 0.01", "0.12", "3.1", "10", "1,234")
    ]
    assert [probability(p) for p in (0.0, 0.0196, 0.3)] == ["p < 0.001", "p = 0.02", "p = 0.3"]
