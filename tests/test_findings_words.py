"""Shares as they stand in the sentence of a finding."""

from __future__ import annotations

import pytest

from emblink.wording import change


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (0.94, 0.55, "94 → 55 %"),
        (0.941, 0.947, "94.1 → 94.7 %"),
        (1.0, 1.0, "still 100 %"),
        (0.99996, 1.0, "still 100 %"),
        (0.5001, 0.5003, "still 50 %"),
    ],
)
def test_two_shares_that_read_the_same_are_told_as_one(a: float, b: float, words: str) -> None:
    assert change(a, b) == words
