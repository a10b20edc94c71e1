"""The floor of negative flips: what runs of one recipe flip among themselves."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from emblink.errors import InputError
from emblink.judge import excess, flip_floor
from emblink.measures import negative_flip_rate
from emblink.types import AnyArray


def runs_of(n_runs: int, *, n: int = 1000, wrong: float = 0.1, seed: int = 0) -> AnyArray:
    """Runs that are right about easy items, and each by its own luck about the others."""
    rng = np.random.default_rng(seed)
    hard = rng.random(n) < wrong
    return np.where(hard, rng.random((n_runs, n)) < 0.5, True)


def test_the_floor_is_the_mean_rate_over_all_pairs_of_runs_in_both_directions() -> None:
    for n_runs in (2, 3, 5):
        right = runs_of(n_runs)
        rates = [negative_flip_rate(a, b).negative for a, b in permutations(right, 2)]
        found = flip_floor(right)
        assert found.value == pytest.approx(np.mean(rates), rel=1e-12)
        assert (found.kind, found.n, found.n_runs) == ("replicate", 1000, n_runs)


def test_the_floor_is_the_same_for_any_order_of_runs_and_items() -> None:
    right, rng = runs_of(4), np.random.default_rng(1)
    turned = right[rng.permutation(4)][:, rng.permutation(right.shape[1])]
    first, second = flip_floor(right), flip_floor(turned)
    assert second.value == pytest.approx(first.value, rel=1e-12)
    assert second.error == pytest.approx(first.error, rel=1e-12)


def test_runs_that_never_flip_leave_a_floor_of_nothing_and_still_some_doubt() -> None:
    found = flip_floor(np.ones((3, 200), dtype=bool))
    assert found.value == 0.0
    assert 0.0 < found.error < 1 / 200


def test_one_more_run_is_seldom_said_to_flip_more_and_a_broken_one_nearly_always() -> None:
    above, seen = [], []
    for seed in range(200):
        right = runs_of(5, seed=seed)
        rate = negative_flip_rate(right[0], right[4]).negative
        above.append(excess(rate, flip_floor(right[:4]))[1][0] > 0)
        broken = right[4] & (np.random.default_rng(seed).random(1000) > 0.15)
        rate = negative_flip_rate(right[0], broken).negative
        seen.append(excess(rate, flip_floor(right[:4]))[1][0] > 0)
    assert np.mean(above) <= 0.05
    assert np.mean(seen) >= 0.95


def test_more_runs_make_the_excess_surer() -> None:
    right = runs_of(9)
    wide, narrow = (excess(0.05, flip_floor(right[:n]))[1] for n in (2, 9))
    assert narrow[1] - narrow[0] < wide[1] - wide[0]


def test_a_single_run_has_no_floor() -> None:
    with pytest.raises(InputError, match="two runs and items or more"):
        flip_floor(np.ones((1, 9), dtype=bool))
