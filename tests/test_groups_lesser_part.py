"""Cells that stayed where most went: told by the gap between both."""

from __future__ import annotations

import numpy as np
import pytest

from emblink.groups._cells import Cells
from emblink.groups._lesser_part import p_of_lesser_part
from emblink.types import FloatArray


def world(n_cells: int, *, dims: int, seed: int = 0) -> tuple[FloatArray, Cells]:
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(n_cells), 10)
    centres = 5 * rng.normal(size=(n_cells, dims))
    points = (centres[codes] + 0.1 * rng.normal(size=(len(codes), dims))).astype(np.float32)
    return points, Cells(codes, np.full(n_cells, 10), np.eye(n_cells, dtype=bool))


@pytest.mark.parametrize(("n_cells", "stayed"), [(8, 3), (12, 4), (40, 10)])
def test_a_few_that_agree_far_closer_than_all_others_stayed(n_cells: int, stayed: int) -> None:
    points, cells = world(n_cells, dims=12)
    ratios = np.full(n_cells, 15.0)
    ratios[:stayed] = 1.2
    p = p_of_lesser_part(ratios, points, cells)
    assert p is not None
    assert p < 0.01


@pytest.mark.parametrize("far", [3.6, 4.5])
def test_where_cells_lie_between_no_one_is_said_to_have_stayed(far: float) -> None:
    points, cells = world(12, dims=12)
    ratios = np.array([1.0, 1.1, 1.2, 1.0, far, *[15.0] * 7])
    assert p_of_lesser_part(ratios, points, cells) is None


def test_two_cells_are_no_yardstick_and_all_of_them_are_not_the_lesser_part() -> None:
    points, cells = world(12, dims=12)
    assert p_of_lesser_part(np.array([1.0, 1.0, *[15.0] * 10]), points, cells) is None
    assert p_of_lesser_part(np.ones(12), points, cells) is None


def test_in_a_line_a_few_agree_by_chance() -> None:
    points, cells = world(12, dims=1)
    p = p_of_lesser_part(np.array([1.0, 1.0, 1.2, *[8.0] * 9]), points, cells)
    assert p is not None
    assert p > 0.05
