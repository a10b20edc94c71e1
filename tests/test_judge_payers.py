"""A label pays where it loses more than the other items that have a label, beyond the error."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.judge import FEWEST_TO_PAY, payers

RNG = np.random.default_rng(61)
CODES = np.arange(800) % 4
CELLS = RNG.integers(0, 30, 800)
EVEN = RNG.random(800)


def _paying(lost: NDArray[np.float64], codes: NDArray[np.int64] = CODES) -> list[int]:
    return [one.code for one in payers(lost, codes, CELLS[: len(codes)]) if one.pays]


def test_the_label_that_loses_more_pays_and_stands_first() -> None:
    lost = EVEN + 0.3 * (CODES == 2)
    found = payers(lost, CODES, CELLS)
    assert [one.code for one in found if one.pays] == [2]
    assert found[0].code == 2
    assert found[0].lost == pytest.approx(lost[CODES == 2].mean())
    np.testing.assert_array_equal(found[0].rows, np.flatnonzero(CODES == 2))


def test_where_all_lose_alike_nobody_pays() -> None:
    assert _paying(EVEN + 5) == []


def test_items_without_a_label_are_no_others() -> None:
    codes = np.where(CODES < 2, CODES, -1)
    assert _paying(EVEN + np.where(codes >= 0, 0.5, 0.0), codes) == []
    assert _paying(EVEN + np.where(codes == 1, 0.5, 0.0), codes) == [1]


def test_the_others_may_be_of_small_labels_but_must_be_enough() -> None:
    """The others of the first label are of labels too small to be judged themselves."""
    few = FEWEST_TO_PAY - 1
    for n, expected in ((few, []), (4 * few, [0])):
        codes = np.r_[np.zeros(200, int), 1 + np.arange(n) // few]
        lost = np.where(codes == 0, 1.0, 0.0) + 0.1 * EVEN[: len(codes)]
        assert [one.code for one in payers(lost, codes, CELLS[: len(codes)])] == [0]
        assert _paying(lost, codes) == expected
        assert _paying(np.ones(len(codes)), codes) == []


def test_who_gains_less_than_the_others_does_not_pay() -> None:
    assert _paying(-1.0 + 0.1 * EVEN + 0.5 * (CODES == 3)) == []


def test_of_labels_dealt_at_random_few_pay() -> None:
    """The others are few and unsure: their error counts as well as the label's own."""
    rng = np.random.default_rng(62)
    rounds, paying = 400, 0
    for _ in range(rounds):
        codes = (rng.permutation(240) < 30).astype(int)
        swapped = 1 - codes
        lost = rng.random(240)
        cells = rng.integers(0, 15, 240)
        paying += any(one.pays for one in payers(lost, swapped, cells))
    assert paying / rounds < 0.05
