"""Where cells nearby let a cell be expected though the whole space is bent."""

from __future__ import annotations

import numpy as np
import pytest

from emblink.groups._bends import unbent
from emblink.groups._cells import Cells
from emblink.groups._held_out import held_out
from emblink.groups._stands_out import lengths_of
from emblink.types import FloatArray


def families(seed: int, *, bend: float) -> tuple[FloatArray, FloatArray, Cells]:
    """16 families of three cells each, whose places a smooth function of them moves."""
    rng = np.random.default_rng(seed)
    tops = np.repeat(3.0 * rng.normal(size=(16, 5)), 3, axis=0)
    centres = tops + 0.5 * rng.normal(size=tops.shape)
    codes = np.repeat(np.arange(48), 20)
    points = centres[codes] + 0.1 * rng.normal(size=(960, 5))
    goals = points + bend * np.sin(points @ rng.normal(size=(5, 5)) / 3)
    cells = Cells(codes, np.full(48, 20), np.eye(48, dtype=bool))
    return points.astype(np.float32), goals.astype(np.float32), cells


@pytest.mark.parametrize("seed", range(3))
def test_a_cell_that_went_stands_out_farther_where_the_bend_is_known(seed: int) -> None:
    points, goals, cells = families(seed, bend=2.0)
    goals[cells.codes == 7] += 3.0
    found = held_out(points, goals, cells)
    less = unbent(found, points, goals, cells)
    assert less is not None
    assert less.found.usual < found.usual
    before = lengths_of(found.means) / found.usual
    after = lengths_of(less.found.means) / np.sqrt(less.noise)
    assert after.argmax() == 7
    others = np.delete(after, 7).max()
    assert after[7] / others > before[7] / np.delete(before, 7).max()


def test_a_space_that_is_not_bent_and_one_of_few_cells_are_left_as_they_are() -> None:
    points, goals, cells = families(0, bend=0.0)
    rng = np.random.default_rng(1)
    goals = (goals + 0.3 * rng.normal(size=(48, 5))[cells.codes]).astype(np.float32)
    assert unbent(held_out(points, goals, cells), points, goals, cells) is None
    few = cells.codes < 8
    small = Cells(cells.codes[few], cells.sizes[:8], np.eye(8, dtype=bool))
    found = held_out(points[few], goals[few], small)
    assert unbent(found, points[few], goals[few], small) is None


def test_a_cluster_in_two_cells_does_not_let_itself_be_expected() -> None:
    points, goals, cells = families(0, bend=2.0)
    goals[np.isin(cells.codes, (6, 7))] += 3.0
    linked = np.eye(48, dtype=bool)
    linked[6, 7] = linked[7, 6] = True
    joined = Cells(cells.codes, cells.sizes, linked)
    less = unbent(held_out(points, goals, joined), points, goals, joined)
    assert less is not None
    after = lengths_of(less.found.means) / np.sqrt(less.noise)
    assert {6, 7} <= set(np.argsort(-after)[:3].tolist())
