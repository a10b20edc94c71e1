"""Intervals of paired differences and of shares hold what they say, by simulation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.stats import paired, paired_interval, share_interval

Numbers = NDArray[np.float64]
Family = Callable[[int, np.random.Generator], Numbers]
GAINS = np.append(1 / np.log2(np.arange(2, 12)), 0.0)


def ranks(changed: float, worse: float) -> Family:
    """Differences of nDCG of one relevant item, which some queries rank anew."""

    def draw(n: int, rng: np.random.Generator) -> Numbers:
        a = np.minimum(rng.geometric(0.35, n), 11)
        again = np.minimum(rng.geometric(0.35 * worse, n), 11)
        b = np.where(rng.random(n) < changed, again, a)
        out: Numbers = GAINS[b - 1] - GAINS[a - 1]
        return out

    return draw


FAMILIES: dict[str, tuple[Family, int]] = {
    "every query differs": (lambda n, rng: rng.normal(0.01, 0.2, n), 50),
    "half of the queries": (ranks(0.5, 1.0), 100),
    "half, and worse": (ranks(0.5, 0.6), 100),
    "one in ten": (ranks(0.1, 1.0), 400),
    "one in ten, and worse": (ranks(0.1, 0.4), 100),
    "one in thirty": (ranks(0.03, 0.6), 400),
    "one in thirty of few": (ranks(0.03, 0.6), 100),
    "answers lost": (lambda n, rng: -(rng.random(n) < 0.05).astype(float), 400),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_a_paired_interval_of_95_percent_holds_93_to_97_of_100(name: str) -> None:
    family, n = FAMILIES[name]
    truth = float(family(2_000_000, np.random.default_rng(1)).mean())
    rng = np.random.default_rng(7)
    ends = np.array([paired_interval(family(n, rng)) for _ in range(4000)])
    held = float(((ends[:, 0] <= truth) & (truth <= ends[:, 1])).mean())
    assert 0.93 <= held <= 0.97


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5])
def test_an_interval_of_a_share_holds_about_95_of_100(share: float) -> None:
    rng = np.random.default_rng(3)
    drawn = (rng.random((4000, 400)) < share).astype(float)
    ends = np.array([share_interval(one) for one in drawn])
    held = float(((ends[:, 0] <= share) & (share <= ends[:, 1])).mean())
    assert 0.93 <= held <= 0.98


def test_queries_of_which_none_changed_leave_a_change_open() -> None:
    few, many = (paired_interval(np.zeros(n)) for n in (50, 1000))
    assert few[0] < -0.03 < 0.03 < few[1]
    assert -0.01 < many[0] < 0 < many[1] < 0.01
    assert paired(np.zeros(50)).mean == 0
    assert share_interval(np.zeros(100))[0] == 0 < share_interval(np.zeros(100))[1]


def test_what_cannot_be_told_is_infinite() -> None:
    assert paired_interval(np.array([0.3])) == (-np.inf, np.inf)
    assert share_interval(np.array([])) == (0.0, 1.0)
    assert paired(np.zeros(0)).mean == 0


def test_turning_the_pair_round_turns_the_interval_round() -> None:
    changes = np.random.default_rng(0).normal(size=40)
    low, high = paired_interval(changes)
    assert paired_interval(-changes) == pytest.approx((-high, -low))
