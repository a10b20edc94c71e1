"""Equivalence of two spaces by what their neighbours say of labels."""

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.judge import quality
from emblink.types import QualityReport

NAMES = [f"label {code}" for code in range(10)]


def judged(
    n: int, *, accuracy: float = 0.9, change: float = 0.0, flips: float = 0.01, seed: int = 0
) -> QualityReport:
    """Votes of two spaces that differ by random flips, and by a change of accuracy."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 10, n)
    a = rng.random(n) < accuracy
    flipped = rng.random(n) < flips
    b = np.where(flipped, rng.random(n) < accuracy, a)
    b = np.where(b & (rng.random(n) < -change / accuracy), False, b)
    b = np.where(~b & (rng.random(n) < change / (1 - accuracy)), True, b)
    found = quality(a, b, codes, names=NAMES)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("n", "change", "verdict"),
    [
        (20_000, 0.0, "kept"),
        (20_000, -0.02, "lost"),
        (20_000, 0.02, "better"),
        (200, -0.01, "undecided"),
    ],
)
def test_quality_is_kept_lost_better_or_undecided(n: int, change: float, verdict: str) -> None:
    found = judged(n, change=change)
    assert found["verdict"] == verdict
    assert found["interval"][0] <= found["b"] - found["a"] <= found["interval"][1]
    assert found["n"] == n


def test_the_same_votes_keep_their_quality_however_few() -> None:
    found = judged(40, flips=0.0)
    assert found["verdict"] == "kept"
    assert found["interval"] == [0.0, 0.0]


def test_a_loss_beyond_the_margin_is_rarely_said_to_be_kept() -> None:
    found = [judged(3000, change=-0.012, flips=0.03, seed=seed)["verdict"] for seed in range(150)]
    assert found.count("kept") <= 0.07 * 150


def test_no_change_is_rarely_said_to_be_a_loss() -> None:
    found = [judged(1000, flips=0.1, seed=seed)["verdict"] for seed in range(150)]
    assert found.count("lost") <= 0.08 * 150


def test_one_label_that_lost_is_a_loss_though_the_whole_is_kept() -> None:
    rng = np.random.default_rng(1)
    codes: NDArray[np.int64] = np.arange(20_000) % 100
    a = rng.random(20_000) < 0.95
    b = a & ~((codes == 3) & (rng.random(20_000) < 0.3))
    found = quality(a, b, codes, names=[str(code) for code in range(100)])
    assert found is not None
    assert found["interval"][0] > -0.01
    assert found["verdict"] == "lost"
    assert [one["label"] for one in found["lost"]] == ["3"]
    assert found["lost"][0]["accuracy_b"] < found["lost"][0]["accuracy_a"] - 0.05


def test_items_without_a_label_do_not_count_and_few_items_say_nothing() -> None:
    codes = np.r_[np.zeros(40, dtype=int), np.full(500, -1)]
    right = np.ones(540, dtype=bool)
    codes[20:40] = 1
    found = quality(right, np.r_[right[:40], ~right[40:]], codes, names=["one", "two"])
    assert found is not None
    assert (found["n"], found["verdict"]) == (40, "kept")
    assert quality(right[20:], right[20:], codes[20:], names=["one", "two"]) is None


def test_nothing_is_kept_where_nothing_was_told() -> None:
    rng = np.random.default_rng(2)
    many = rng.integers(0, 8, 600)
    names = [str(code) for code in range(300)]
    by_chance = rng.random((2, 600)) < 1 / 8
    assert quality(by_chance[0], by_chance[1], many, names=names) is None
    right, one = np.ones(600, dtype=bool), np.zeros(600, dtype=int)
    assert quality(right, right, one, names=names) is None
    assert quality(~right, ~right, np.arange(600) // 2, names=names) is None
