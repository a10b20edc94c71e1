"""A part of a cell went where what happened to its items has two humps, about whatever mean."""

from __future__ import annotations

import numpy as np
import pytest

from emblink.groups._cells import Cells
from emblink.groups._parted import humps, parted
from emblink.types import FloatArray, IntArray

SIZE, N_CELLS, DIMS = 40, 8, 6


def drawn(seed: int = 0) -> tuple[np.random.Generator, Cells]:
    codes = np.repeat(np.arange(N_CELLS), SIZE)
    linked = np.eye(N_CELLS, dtype=bool)
    return np.random.default_rng(seed), Cells(codes, np.full(N_CELLS, SIZE), linked)


def residuals(rng: np.random.Generator, went: IntArray, *, far: float, bend: float) -> FloatArray:
    cells = np.repeat(np.arange(N_CELLS), SIZE)
    found = 0.1 * rng.normal(size=(N_CELLS * SIZE, DIMS))
    found += bend * rng.normal(size=(N_CELLS, DIMS))[cells]
    found[went, 0] += far
    return np.asarray(found, dtype=np.float32)


def points(rng: np.random.Generator) -> FloatArray:
    return np.asarray(rng.normal(size=(N_CELLS * SIZE, DIMS)), dtype=np.float32)


def test_humps_are_cut_where_two_values_part() -> None:
    found = humps(np.array([5.0, 0.0, 5.1, 0.1, 5.2, -0.1]))
    assert sorted(found.low.tolist()) == [1, 3, 5]
    assert sorted(found.high.tolist()) == [0, 2, 4]
    assert found.apart == pytest.approx(5.1)


def test_one_hump_and_a_flat_one_are_not_clear() -> None:
    rng = np.random.default_rng(0)
    assert humps(rng.normal(size=2000)).clear == pytest.approx(2.65, abs=0.2)
    assert humps(rng.uniform(size=2000)).clear == pytest.approx(3.46, abs=0.2)


@pytest.mark.parametrize("bend", [0.0, 0.5])
def test_the_half_that_went_is_told_wherever_the_cell_is(bend: float) -> None:
    rng, cells = drawn()
    went = np.arange(SIZE, SIZE + SIZE // 2)
    found = parted(residuals(rng, went, far=4.0, bend=bend), points(rng), cells)
    assert [*found] == [1]
    assert found[1].went.tolist() == went.tolist()
    assert found[1].p < 0.001


def test_no_cell_is_parted_where_all_are_one_hump_or_few_left() -> None:
    rng, cells = drawn()
    assert parted(residuals(rng, np.arange(0), far=0.0, bend=0.5), points(rng), cells) == {}
    assert parted(residuals(rng, np.arange(3), far=4.0, bend=0.5), points(rng), cells) == {}


def test_what_parts_between_runs_too_is_no_change() -> None:
    rng, cells = drawn()
    went = np.arange(SIZE, SIZE + SIZE // 2)
    here, again = (residuals(rng, went, far=4.0, bend=0.5) for _ in range(2))
    assert parted(here, points(rng), cells, other_runs=[again]) == {}


def test_two_clusters_of_one_cell_that_a_bend_takes_each_its_own_way_are_no_parts() -> None:
    rng, cells = drawn()
    went = np.arange(SIZE, SIZE + SIZE // 2)
    before = points(rng)
    before[went, 1] += 8.0
    assert parted(residuals(rng, went, far=4.0, bend=0.5), before, cells) == {}
