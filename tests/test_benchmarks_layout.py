"""The layout benchmark measures what it says, and runs without its peers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from emblink.neighbors import nearest_neighbors
from tests.benchmarks_helpers import imported, sections


@pytest.fixture(scope="module")
def part() -> Any:
    """Return what imports a part of the benchmark by name."""
    return lambda name: imported(f"_layout.{name}")


@pytest.fixture(scope="module")
def tables() -> Any:
    return imported("_tables")


def test_a_tenth_of_the_items_moves_half_of_them_in_groups(part: Any) -> None:
    case = part("data").movers(2000, 3, seed=100)
    for how in case.moved:
        assert np.bincount(how).tolist() == [1800, 100, 100]


def test_movers_lose_their_neighbours_and_others_keep_them(part: Any) -> None:
    case = part("data").movers(2000, 2, seed=100)
    amount = part("scores").change(case, (0, 1)).amount
    still, alone, group = (amount[case.moved[0] == how].mean() for how in range(3))
    assert still < 0.4 < 0.7 < group < alone


def test_the_spaces_of_movers_share_no_coordinates(part: Any) -> None:
    a, b = part("data").movers(500, 2, seed=100).vectors
    correlations = np.corrcoef(a.T, b.T)[:96, 96:]
    assert abs(np.diag(correlations)).mean() < 0.5


def test_auc_is_1_when_movers_are_farthest_and_a_half_when_all_are_alike(part: Any) -> None:
    moved = np.arange(10) >= 7
    auc = part("scores").auc
    assert auc(np.arange(10.0), moved) == 1
    assert auc(-np.arange(10.0), moved) == 0
    assert auc(np.ones(10), moved) == 0.5


def test_baselines_are_turned_shifted_and_scaled_onto_each_other(part: Any) -> None:
    here = np.random.default_rng(0).normal(size=(50, 2))
    turned = 7 * here @ np.array([[0.6, 0.8], [0.8, -0.6]]) + [3, -5]
    assert part("scores").fitted(here, turned).max() < 1e-12


def test_joint_pictures_are_taken_as_they_are_in_radii_of_all_together(part: Any) -> None:
    data, engines, scores = part("data"), part("engines"), part("scores")
    x = np.random.default_rng(0).normal(size=(50, 2))
    case = data.complete("turned", {"a": x, "b": x}, [(0, 1)])
    drawing = engines.Drawing([4 * x, -4 * x], 0.0, True)
    size = np.sqrt((x**2).sum(axis=1).mean())
    assert np.allclose(
        scores.displacement(case, drawing, (0, 1)), 2 * np.linalg.norm(x, axis=1) / size
    )


def test_a_picture_of_a_plane_keeps_all_of_its_neighbours(part: Any) -> None:
    x = np.random.default_rng(0).normal(size=(100, 2)).astype(np.float32)
    graph = nearest_neighbors(x, k=15, metric="euclidean")
    assert part("scores").preservation(x, graph) == 1
    assert part("scores").preservation(np.zeros((100, 2)), graph) < 0.5


@pytest.mark.parametrize(
    ("value", "at_most", "strict", "outcome"),
    [
        (1.0, True, False, "ok"),
        (1.1, True, False, "MISSED"),
        (1.1, False, False, "ok"),
        (0.9, False, False, "MISSED"),
        (1.0, False, True, "MISSED"),
        (float("nan"), True, False, "MISSED"),
        (None, True, False, "not measured"),
    ],
)
def test_a_line_is_met_only_by_a_value_within_its_limit(
    tables: Any, value: float | None, at_most: bool, strict: bool, outcome: str
) -> None:
    check = tables.Check("a claim", value, 1.0, at_most=at_most, strict=strict)
    assert check.outcome == outcome


def test_a_bound_on_the_value_decides_only_when_it_meets_the_limit(tables: Any) -> None:
    check = tables.Check
    assert check("a claim", 0.9, 1.0, upper_bound=True).outcome == "ok"
    assert check("a claim", 1.1, 1.0, upper_bound=True).outcome == "undecided"


@pytest.mark.slow
def test_the_benchmark_runs_without_peers_and_says_what_it_did_not_measure() -> None:
    options = "--alone --quick --n 400 --large 400 --queries 50 --only movers one promises"
    outcomes = {
        check["claim"]: check["outcome"]
        for section in sections("layout.py", options)
        for check in section["checks"]
    }
    assert outcomes["digits, the same again: largest"] == "ok"
    assert outcomes["pictures that differ between 1 and 2 threads"] == "ok"
    assert outcomes["degenerate spaces drawn with NaN"] == "ok"
    assert outcomes["seconds / umap's"] == "not measured"
