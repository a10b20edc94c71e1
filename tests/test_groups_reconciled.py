"""Pieces that were left by others which went farther."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.groups._reconciled import _left_by

N, K = 60, 6
MEMBERS = np.arange(20)


def lists(**shares: int) -> NDArray[np.int32]:
    """Give each of the members so many neighbours among its own, a piece, those away and others."""
    starts = {"own": 0, "piece": 20, "away": 30, "others": 40}
    rows = [starts[name] + at for name, count in shares.items() for at in range(count)]
    return np.tile(np.array(rows, dtype=np.int32), (N, 1))


@pytest.mark.parametrize(
    ("shares", "gone"),
    [
        ({"own": 2, "piece": 2, "others": 2}, {*range(20, 30)}),
        ({"own": 2, "piece": 1, "others": 3}, set()),
        ({"own": 2, "away": 2, "others": 2}, {*range(30, 40)}),
        ({"piece": 2, "away": 2, "others": 2}, {*range(20, 40)}),
        ({"own": 6}, set()),
    ],
)
def test_whoever_was_a_third_of_the_other_neighbours_left(
    shares: dict[str, int], gone: set[int]
) -> None:
    owners = np.where((np.arange(N) >= 20) & (np.arange(N) < 30), 3, 0)
    away = (np.arange(N) >= 30) & (np.arange(N) < 40)
    assert {*_left_by(MEMBERS, owners, away, lists(**shares)).tolist()} == gone


def test_members_that_are_away_themselves_are_not_those_who_left() -> None:
    near = lists(own=2, away=2, others=2)
    away = np.arange(N) < 40
    found = _left_by(MEMBERS, np.zeros(N, dtype=np.int64), away, near)
    assert {*found.tolist()} == {*range(20, 40)}
