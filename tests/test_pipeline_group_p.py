"""The p of groups allow for the number of pairs, and say so where that changes the words."""

from __future__ import annotations

from typing import Any

import pytest

from emblink.pipeline._group_p import allow_for_pairs


def pair(*p: float, sought: bool = True) -> Any:
    groups = [{"p": one, "sentence": f"9 items moved; p = {one:.2g}."} for one in p]
    return {"groups": groups, "group_search": {"n_permutations": 59 if sought else 0}}


def test_holm_over_the_surest_group_of_each_pair() -> None:
    reports = [pair(0.002, 0.01), pair(), pair(0.006)]
    allow_for_pairs(reports)
    adjusted = [[one["p_adjusted"] for one in report["groups"]] for report in reports]
    assert adjusted == [pytest.approx([0.006, 0.03]), [], pytest.approx([0.012])]
    assert reports[0]["groups"][0]["p"] == 0.002


def test_the_sentence_says_what_it_allows_for() -> None:
    reports = [pair(0.002), pair()]
    allow_for_pairs(reports)
    said = reports[0]["groups"][0]["sentence"]
    assert said == "9 items moved; p = 0.004, allowing for 2 pairs."


def test_a_p_that_reads_alike_is_left_as_it_is() -> None:
    reports = [pair(1e-6), pair()]
    reports[0]["groups"][0]["sentence"] = "9 items moved; p < 0.001."
    allow_for_pairs(reports)
    assert reports[0]["groups"][0]["sentence"] == "9 items moved; p < 0.001."
    assert reports[0]["groups"][0]["p_adjusted"] == pytest.approx(2e-6)


def test_pairs_without_a_search_do_not_count_and_one_pair_is_left_as_it_is() -> None:
    reports = [pair(0.002), pair(sought=False)]
    allow_for_pairs(reports)
    assert "p_adjusted" not in reports[0]["groups"][0]


def test_an_adjusted_p_is_at_most_one() -> None:
    reports = [pair(0.6), pair(), pair()]
    allow_for_pairs(reports)
    assert reports[0]["groups"][0]["p_adjusted"] == 1.0
