from typing import Any

import numpy as np
import pytest
from scipy import stats

from emblink.groups._keywords import distinctive_words, texts_of, tokens
from emblink.stats import benjamini_hochberg

WORDS = np.dtypes.StringDType()


def column(texts: list[str], **options: Any) -> Any:
    return texts_of("text", np.array(texts, dtype=WORDS), **options)


def test_words_are_runs_of_letters_in_lower_case() -> None:
    assert tokens("The Cat, the HAT: a 3-fold CD4 x2 snake_case!") == {
        *("the", "cat", "hat", "fold", "cd4", "x2", "snake", "case")
    }
    assert tokens("don't l’été rock 'n' roll'") == {"don't", "été", "rock", "roll"}
    assert tokens("Straße ΣΟΦΟΣ Ёлка é I") == {"straße", "σοφος", "ёлка"}
    assert tokens("") == tokens("  12 – 34 !? 👍") == set()


def test_chinese_japanese_and_korean_give_whole_runs() -> None:
    assert tokens("笑顔の猫、犬") == {"笑顔の猫", "犬"}
    assert tokens("개 고양이 Kim") == {"개", "고양이", "kim"}
    assert tokens("人々のPython入門") == {"人々の", "python", "入門"}


def test_marks_do_not_cut_words() -> None:
    assert tokens("हिन्दी भाषा") == {"हिन्दी", "भाषा"}
    assert tokens("cafe\u0301 noir") == {"cafe\u0301", "noir"}


def test_weight_is_class_tf_idf_of_two_classes() -> None:
    texts = ["red apple"] * 4 + ["red pear"] * 2 + ["blue sky today"] * 30
    (first, second) = distinctive_words(np.arange(6), [column(texts)])[:2]
    mean_words = (6 * 2 + 30 * 3) / 2
    assert (first["word"], first["n"], first["n_all"]) == ("red", 6, 6)
    assert first["weight"] == pytest.approx(6 * np.log(1 + mean_words / 6))
    assert (second["word"], second["n"]) == ("apple", 4)
    assert second["weight"] == pytest.approx(4 * np.log(1 + mean_words / 4))


def test_words_kept_are_those_of_the_adjusted_hypergeometric_test() -> None:
    rng = np.random.default_rng(0)
    lists = [rng.choice(60, 5, replace=False) for _ in range(200)]
    for at in range(15):
        lists[at][0] = 60 + at % 2
    texts = [" ".join(f"w{'abcdefghij'[i // 10]}{i % 10}" for i in one) for one in lists]
    members = np.arange(15)
    has = np.array([[word in one for word in range(62)] for one in lists])
    raw = stats.hypergeom.sf(has[:15].sum(0) - 1, 200, has.sum(0), 15)
    raw[has[:15].sum(0) < 2] = 1.0
    kept = np.flatnonzero(benjamini_hochberg(raw) < 0.05)
    found = distinctive_words(members, [column(texts)])
    assert {one["word"] for one in found} == {f"w{'abcdefghij'[i // 10]}{i % 10}" for i in kept}
    assert len(found) >= 2


def test_one_text_that_repeats_a_word_has_no_say() -> None:
    texts = ["spam " * 50, "ham one", "ham two", "ham three"] + ["eggs"] * 60
    assert [one["word"] for one in distinctive_words(np.arange(4), [column(texts)])] == ["ham"]


def test_groups_drawn_at_random_seldom_have_distinctive_words() -> None:
    rng = np.random.default_rng(1)
    # Rare words: two of three texts in one group are a coincidence that happens to some word.
    rare = rng.integers(0, 300, (900, 2))
    texts = [f"x{a} x{b} the" for a, b in rare]
    counted = column(texts)
    false = sum(
        bool(distinctive_words(np.sort(rng.choice(900, 20, replace=False)), [counted]))
        for _ in range(200)
    )
    assert false <= 200 * 0.05 + 3 * np.sqrt(200 * 0.05 * 0.95)


def test_a_sample_of_the_others_tells_the_same_words() -> None:
    rng = np.random.default_rng(2)
    texts = [f"common {'cat' if i < 80 else 'dog'} n{rng.integers(40)}" for i in range(2000)]
    members = np.arange(0, 90, dtype=np.int64)
    (whole,) = distinctive_words(members, [column(texts)])
    (part,) = distinctive_words(members, [column(texts, most=500)])
    assert whole["word"] == part["word"] == "cat"
    assert whole["n"] == part["n"] == part["n_all"] == 80
    assert part["weight"] == pytest.approx(whole["weight"], rel=0.02)
    assert distinctive_words(members, [column(texts, most=500)]) == [part]


def test_a_sampled_count_of_all_items_is_an_estimate() -> None:
    texts = ["cat fur"] * 50 + ["cat"] * 200 + ["dog"] * 1750
    found = distinctive_words(np.arange(50), [column(texts, most=1000)])
    by_word = {one["word"]: one["n_all"] for one in found}
    assert by_word["fur"] == 50
    assert by_word["cat"] == pytest.approx(250, abs=40)


def test_the_column_of_texts_comes_first_and_eight_words_are_told() -> None:
    texts = ["a1 b1 c1 d1 e1 f1"] * 10 + ["zz"] * 90
    notes = texts_of("notes", np.array(texts, dtype=WORDS))
    title = column(["name"] * 8 + ["other"] * 92, is_text=True)
    found = distinctive_words(np.arange(10), [notes, title])
    assert [one["column"] for one in found] == ["text", *["notes"] * 6]
    assert [one["word"] for one in found[1:]] == ["a1", "b1", "c1", "d1", "e1", "f1"]
    many = column([" ".join(f"m{i}" for i in range(20))] * 10 + ["zz"] * 90)
    assert len(distinctive_words(np.arange(10), [many])) == 8


def test_no_texts_empty_texts_and_a_group_of_all_items_have_no_words() -> None:
    assert distinctive_words(np.arange(3), []) == []
    assert distinctive_words(np.arange(3), [column([""] * 9)]) == []
    assert distinctive_words(np.arange(9), [column(["same words"] * 9)]) == []
    assert distinctive_words(np.arange(1), [column(["once"] + ["else"] * 99)]) == []


def test_a_group_of_three_can_have_a_distinctive_word() -> None:
    texts = ["猫", "猫", "猫"] + ["犬"] * 200
    (one,) = distinctive_words(np.arange(3), [column(texts)])
    assert (one["word"], one["n"], one["n_all"]) == ("猫", 3, 3)


def test_words_ignore_the_order_of_items() -> None:
    rng = np.random.default_rng(6)
    texts = [f"{'cat' if i < 9 else 'dog'} t{i % 5}" for i in range(80)]
    order = rng.permutation(80)
    moved = np.flatnonzero(order < 10)
    again = distinctive_words(moved, [column([texts[i] for i in order])])
    assert again == distinctive_words(np.arange(10), [column(texts)])
    assert [one["word"] for one in again] == ["cat"]
