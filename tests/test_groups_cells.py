"""Cells that are parts of one cluster."""

from __future__ import annotations

import numpy as np

from emblink.groups._carried import Carried, _beside_others
from emblink.groups._cells import Cells


def cells(*links: tuple[int, int], count: int = 6) -> Cells:
    linked = np.eye(count, dtype=bool)
    for first, second in links:
        linked[first, second] = linked[second, first] = True
    return Cells(np.repeat(np.arange(count), 8), np.full(count, 8), linked)


def test_cells_that_links_lead_to_are_one_cluster() -> None:
    assert cells().clusters.tolist() == [0, 1, 2, 3, 4, 5]
    assert cells((0, 5), (5, 2), (1, 3)).clusters.tolist() == [0, 1, 0, 1, 2, 0]
    assert cells((4, 5), (3, 4), (0, 1), (1, 5)).clusters.tolist() == [0, 0, 1, 0, 0, 0]
    assert cells(count=0).clusters.tolist() == []


def test_of_few_clusters_none_is_carried_as_a_whole_though_parts_of_one_are() -> None:
    two = cells((0, 1), (1, 2), (3, 4), (4, 5))
    told = {cell: Carried(np.arange(8), 0.001, np.ones(2)) for cell in range(6)}
    of = {cells_told: {cell: told[cell] for cell in cells_told} for cells_told in ((3, 4, 5), (3,))}
    assert _beside_others(of[3, 4, 5], two) == {}
    assert [*_beside_others(of[(3,)], two)] == [3]
    assert [*_beside_others(of[3, 4, 5], cells((0, 1)))] == [3, 4, 5]
