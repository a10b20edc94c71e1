"""The fuzzy and layout kernels against plain numpy."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import KernelError
from emblink.kernels import SparseRows, fuzzy_weights, layout_epoch

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def oracle_weights(distances: NDArray[np.float32]) -> NDArray[np.float64]:
    """Solve each row's sigma by bisection in float64."""
    k = distances.shape[1]
    weights = np.empty(distances.shape)
    for row, out in zip(distances.astype(np.float64), weights, strict=True):
        positive = row[row > 0]
        beyond = np.maximum(row - (positive.min() if len(positive) else 0), 0)
        low, high = 0.0, float(beyond.max()) * (k + 1) + 1e-30
        for _ in range(100):
            sigma = (low + high) / 2
            if np.exp(-beyond / sigma).sum() > np.log2(k + 1):
                high = sigma
            else:
                low = sigma
        out[:] = np.exp(-beyond / max(sigma, 1e-3 * row.mean(), 1e-300))
    return weights


def mix(z: np.uint64) -> np.uint64:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def negatives(rows: NDArray[np.int32], item: int, case: dict[str, Any]) -> list[int]:
    """Return the rows that an item is pushed from, by the kernel's own hash."""
    with np.errstate(over="ignore"):
        one = np.uint64(1)
        key = mix(mix(np.uint64(case["seed"]) + GOLDEN) + GOLDEN * (np.uint64(case["epoch"]) + one))
        counter = mix(key + GOLDEN * (np.uint64(item) + one))
        drawn: list[int] = []
        for _ in range(4 * case["samples"]):
            counter = counter + GOLDEN
            row = int(rows[int(mix(counter) >> np.uint64(32)) * len(rows) >> 32])
            if row >= 0 and row != rows[item] and len(drawn) < case["samples"]:
                drawn.append(row)
    return drawn


def oracle_epoch(positions: list[Any], **case: Any) -> list[NDArray[np.float64]]:
    """One epoch in float64, one item at a time: forces, then the ties' linear system."""
    here = [of_space.astype(np.float64) for of_space in positions]
    moved = [of_space.copy() for of_space in here]
    rate, n_spaces = case["rate"], len(here)
    for item, ties in enumerate(case["ties"]):
        spaces = [s for s in range(n_spaces) if case["rows"][s, item] >= 0]
        at, stiffness = np.zeros((n_spaces, 2)), np.ones(n_spaces)
        for s in spaces:
            row, graph = case["rows"][s, item], case["graphs"][s]
            edges = slice(graph.starts[row], graph.starts[row + 1])
            weights = graph.weights[edges].astype(np.float64)
            toward = here[s][graph.columns[edges]] - here[s][row]
            strength = 2 * weights / (1 + (toward**2).sum(axis=1)) / max(weights.sum(), 1e-300)
            away = here[s][row] - here[s][negatives(case["rows"][s], item, case)]
            near = 1 / (1 + (away**2).sum(axis=1, keepdims=True))
            push = 2 * case["repulsion"] * (near**2 * away).mean(axis=0) if len(away) else 0.0
            stiffness[s] = 1 + rate * strength.sum()
            at[s] = here[s][row] + rate * (strength @ toward + push) / stiffness[s]
        laplacian = np.zeros((n_spaces, n_spaces))
        for (a, b), tie in zip(combinations(range(n_spaces), 2), ties, strict=True):
            if a in spaces and b in spaces:
                laplacian[[a, b], [a, b]] += tie
                laplacian[[a, b], [b, a]] -= tie
        free = [s for s in spaces if not case["fixed"][s]]
        for s in spaces:
            if case["fixed"][s]:
                at[s] = here[s][case["rows"][s, item]]
        system = np.diag(stiffness) + rate * laplacian
        shift = np.zeros((n_spaces, 2))
        pulled = -rate * laplacian @ at
        shift[free] = np.linalg.solve(system[np.ix_(free, free)], pulled[free]) if free else 0
        for s in spaces:
            moved[s][case["rows"][s, item]] = (at + shift)[s]
    return moved


def layout_case(
    *, n: int = 60, n_items: int = 90, n_spaces: int = 3, seed: int = 0
) -> tuple[list[NDArray[np.float32]], dict[str, Any]]:
    """Return positions and random graphs, some rows without edges, of spaces that lack items."""
    rng = np.random.default_rng(seed)
    rows = np.full((n_spaces, n_items), -1, np.int32)
    graphs = []
    for of_space in rows:
        of_space[rng.permutation(n_items)[:n]] = np.arange(n)
        degrees = rng.integers(0, 9, n)
        graphs.append(
            SparseRows(
                np.concatenate(([0], np.cumsum(degrees))).astype(np.int64),
                rng.integers(0, n, degrees.sum()).astype(np.int32),
                rng.uniform(0.05, 1, degrees.sum()).astype(np.float32),
            )
        )
    positions = [rng.normal(size=(n, 2)).astype(np.float32) for _ in rows]
    n_pairs = n_spaces * (n_spaces - 1) // 2
    ties = rng.uniform(0, 3, (n_items, n_pairs)) * (rng.random((n_items, n_pairs)) < 0.7)
    return positions, {
        "graphs": graphs,
        "rows": rows,
        "ties": ties.astype(np.float32),
        "fixed": np.zeros(n_spaces, np.uint8),
        "rate": 0.7,
        "repulsion": 5.0,
        "samples": 10,
        "seed": seed,
        "epoch": 3,
    }


def moved_by(positions: list[NDArray[np.float32]], **case: Any) -> list[NDArray[np.float32]]:
    moved = [np.empty_like(of_space) for of_space in positions]
    layout_epoch(positions, moved, **case)
    return moved


def without_forces(case: dict[str, Any]) -> dict[str, Any]:
    """Return a case in which only ties pull."""
    graphs = [SparseRows(g.starts, g.columns, np.zeros_like(g.weights)) for g in case["graphs"]]
    return case | {"graphs": graphs, "repulsion": 0.0}


@pytest.mark.slow
@pytest.mark.parametrize("k", [1, 2, 3, 15, 50])
def test_fuzzy_weights_equal_the_numpy_bisection(k: int) -> None:
    rng = np.random.default_rng(k)
    distances = np.sort(rng.gamma(4.0, size=(200, k)).astype(np.float32), axis=1)
    distances[:20, : k // 2] = 0
    np.testing.assert_allclose(fuzzy_weights(distances), oracle_weights(distances), atol=1e-5)


def test_fuzzy_weights_sum_to_log2_of_the_neighbourhood() -> None:
    distances = np.random.default_rng(0).uniform(1, 2, (100, 15)).astype(np.float32)
    np.testing.assert_allclose(fuzzy_weights(distances).sum(axis=1), np.log2(16), rtol=1e-5)


def test_fuzzy_weights_ignore_the_unit_of_distance() -> None:
    distances = np.random.default_rng(0).uniform(1, 2, (100, 15)).astype(np.float32)
    np.testing.assert_array_equal(fuzzy_weights(distances * 1024), fuzzy_weights(distances))


def test_fuzzy_weights_of_duplicates_and_of_the_nearest_other_are_one() -> None:
    distances = np.array([[0, 0, 0, 0], [0, 0, 0.5, 0.9], [7, 7, 7, 7]], np.float32)
    weights = fuzzy_weights(distances)
    np.testing.assert_array_equal(weights[[0, 2]], 1)
    np.testing.assert_array_equal(weights[1, :3], 1)
    assert weights[1, 3] < 0.01


@pytest.mark.slow
@pytest.mark.parametrize("n_spaces", [1, 2, 3, 6])
@pytest.mark.parametrize("rate", [0.7, 30.0])
def test_layout_epoch_equals_the_numpy_epoch(n_spaces: int, rate: float) -> None:
    positions, case = layout_case(n_spaces=n_spaces)
    case["rate"] = rate
    for found, expected in zip(
        moved_by(positions, **case), oracle_epoch(positions, **case), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=2e-5)


def test_layout_epoch_leaves_fixed_spaces_and_ties_the_others_to_them() -> None:
    positions, case = layout_case()
    case["fixed"] = np.array([0, 1, 0], np.uint8)
    found, expected = moved_by(positions, **case), oracle_epoch(positions, **case)
    np.testing.assert_array_equal(found[1], positions[1])
    for space in (0, 2):
        np.testing.assert_allclose(found[space], expected[space], rtol=1e-4, atol=2e-5)


def test_kernels_give_the_same_bytes_for_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    positions, case = layout_case(n=3000, n_items=3500)
    distances = np.random.default_rng(0).uniform(size=(3000, 15)).astype(np.float32)
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        moved = moved_by(positions, **case)
        results.append((np.stack(moved).tobytes(), fuzzy_weights(distances).tobytes()))
    assert len({*results}) == 1


def test_layout_epoch_draws_the_same_samples_for_an_item_in_any_row() -> None:
    positions, case = layout_case(n=90, n_spaces=1)
    (graph,) = case["graphs"]
    case["graphs"] = [SparseRows(np.zeros(91, np.int64), graph.columns[:0], graph.weights[:0])]
    order = np.random.default_rng(5).permutation(90)
    (moved,) = moved_by(positions, **case)
    turned = case["rows"].copy()
    turned[0, case["rows"][0] >= 0] = np.argsort(order)[case["rows"][0]]
    (again,) = moved_by([positions[0][order]], **case | {"rows": turned.astype(np.int32)})
    np.testing.assert_array_equal(again, moved[order])


def test_layout_epoch_without_forces_leaves_items_where_they_are() -> None:
    positions, case = layout_case()
    still = without_forces(case) | {"ties": np.zeros_like(case["ties"])}
    np.testing.assert_array_equal(moved_by(positions, **still), positions)


def test_layout_epoch_of_equal_spaces_keeps_them_equal() -> None:
    positions, case = layout_case(n_spaces=2)
    case["rows"][1] = case["rows"][0]
    case["graphs"][1] = case["graphs"][0]
    first, second = moved_by([positions[0], positions[0].copy()], **case)
    np.testing.assert_array_equal(first, second)


def test_ties_however_strong_bring_the_places_of_an_item_to_their_mean() -> None:
    positions, case = layout_case(n=90, n_spaces=2)
    case = without_forces(case) | {"ties": np.full((90, 1), 1e3, np.float32)}
    moved = moved_by(positions, **case)
    first, second = (p[rows] for p, rows in zip(moved, case["rows"], strict=True))
    before = np.stack([p[rows] for p, rows in zip(positions, case["rows"], strict=True)])
    np.testing.assert_allclose(first, second, atol=5e-3)
    np.testing.assert_allclose(first, before.mean(axis=0), atol=5e-3)


def test_kernels_refuse_arrays_that_do_not_fit() -> None:
    positions, case = layout_case()
    with pytest.raises(KernelError, match="layout_epoch was given arrays"):
        layout_epoch(positions, [np.empty((59, 2), np.float32)] * 3, **case)
    with pytest.raises(KernelError, match="layout_epoch was given arrays"):
        moved_by(positions, **case | {"ties": case["ties"][:, :2]})
    with pytest.raises(KernelError, match="C-contiguous float32"):
        fuzzy_weights(np.ones((4, 3)))  # type: ignore[arg-type]
