"""Words as columns."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from emblink.words import WORDS, as_words, categories, pack, unpack

texts = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=30)


@given(texts)
def test_unpack_returns_what_pack_was_given(words: list[str]) -> None:
    words = [word.rstrip("\0") for word in words]
    offsets, utf8 = pack(np.array(words, dtype=WORDS))
    assert unpack(offsets, utf8).tolist() == words
    assert offsets[0] == 0
    assert offsets[-1] == len(utf8)


def test_categories_are_most_frequent_first_and_missing_is_minus_one() -> None:
    codes, names = categories(as_words(np.array(["b", "a", "", "b", "c", "b", "c", "a"])))
    assert names == ["b", "a", "c"]
    assert codes.tolist() == [0, 1, -1, 0, 2, 0, 2, 1]


def test_whole_floats_become_words_without_a_fraction_and_nan_is_missing() -> None:
    assert as_words(np.array([3.0, 2.5, np.nan])).tolist() == ["3", "2.5", ""]
    assert as_words(np.array([7, -1])).tolist() == ["7", "-1"]


def test_infinite_numbers_are_words_too() -> None:
    assert as_words(np.array([np.inf, -np.inf, 1.0])).tolist() == ["inf", "-inf", "1"]
