"""The fuzzy and layout kernels against plain numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import KernelError
from emblink.kernels import fuzzy_weights, layout_epoch

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


def oracle_epoch(positions: NDArray[np.float32], **case: Any) -> NDArray[np.float64]:
    """One epoch in float64, one item at a time, from the same hash."""
    here = positions.astype(np.float64)
    moved = here.copy()
    one = np.uint64(1)
    with np.errstate(over="ignore"):
        key = mix(mix(np.uint64(case["seed"]) + GOLDEN) + GOLDEN * (np.uint64(case["epoch"]) + one))
        for i, item in enumerate(case["items"]):
            edges = slice(case["starts"][i], case["starts"][i + 1])
            weights = case["weights"][edges].astype(np.float64)
            toward = here[case["columns"][edges]] - here[i]
            strength = 2 * weights / (1 + (toward**2).sum(axis=1)) / max(weights.sum(), 1e-300)
            counter = mix(key + GOLDEN * (np.uint64(item) + one))
            pushes: list[NDArray[np.float64]] = []
            for _ in range(4 * case["samples"]):
                counter = counter + GOLDEN
                draw = int(mix(counter) >> np.uint64(32)) * len(case["rows"]) >> 32
                row = case["rows"][draw]
                if row < 0 or row == i or len(pushes) == case["samples"]:
                    continue
                away = here[i] - here[row]
                square = (away**2).sum()
                pushes.append(np.clip(2 / ((1e-3 + square) * (1 + square)) * away, -4, 4))
            push = case["repulsion"] * np.mean(pushes, axis=0) if pushes else np.zeros(2)
            pull = case["pull"][i]
            force = strength @ toward + push + pull * (case["anchors"][i] - here[i])
            rate = case["rate"]
            moved[i] += rate * force / (1 + rate * (strength.sum() + pull))
    return moved


def layout_case(*, n: int = 60, n_items: int = 90, seed: int = 0) -> dict[str, Any]:
    """Return a random graph over ``n`` rows, some without edges, of a space that lacks items."""
    rng = np.random.default_rng(seed)
    degrees = rng.integers(0, 9, n)
    items = rng.permutation(n_items)[:n].astype(np.int32)
    rows = np.full(n_items, -1, np.int32)
    rows[items] = np.arange(n)
    return {
        "starts": np.concatenate(([0], np.cumsum(degrees))).astype(np.int64),
        "columns": rng.integers(0, n, degrees.sum()).astype(np.int32),
        "weights": rng.uniform(0.05, 1, degrees.sum()).astype(np.float32),
        "items": items,
        "rows": rows,
        "anchors": rng.normal(size=(n, 2)).astype(np.float32),
        "pull": rng.uniform(0, 3, n).astype(np.float32),
        "rate": 0.7,
        "repulsion": 5.0,
        "samples": 10,
        "seed": seed,
        "epoch": 3,
    }


def positions_of(n: int, seed: int = 1) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(n, 2)).astype(np.float32)


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


def test_layout_epoch_equals_the_numpy_epoch() -> None:
    case, positions = layout_case(), positions_of(60)
    moved = np.empty_like(positions)
    layout_epoch(positions, moved, **case)
    np.testing.assert_allclose(moved, oracle_epoch(positions, **case), rtol=1e-4, atol=1e-5)


def test_kernels_give_the_same_bytes_for_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    n = 3000
    case, positions = layout_case(n=n, n_items=n + 500), positions_of(n)
    distances = np.random.default_rng(0).uniform(size=(n, 15)).astype(np.float32)
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        moved = np.empty_like(positions)
        layout_epoch(positions, moved, **case)
        results.append((moved.tobytes(), fuzzy_weights(distances).tobytes()))
    assert len({*results}) == 1


def test_layout_epoch_draws_the_same_samples_for_an_item_in_any_row() -> None:
    case, positions = layout_case(n=90), positions_of(90)
    case |= {"starts": np.zeros(91, np.int64), "columns": np.empty(0, np.int32)}
    case |= {"weights": np.empty(0, np.float32)}
    moved, turned = np.empty_like(positions), np.empty_like(positions)
    layout_epoch(positions, moved, **case)
    order = np.random.default_rng(5).permutation(90)
    for name in ("items", "anchors", "pull"):
        case[name] = case[name][order]
    case["rows"] = np.argsort(case["items"]).astype(np.int32)
    layout_epoch(positions[order], turned, **case)
    np.testing.assert_array_equal(turned, moved[order])


def test_layout_epoch_without_forces_leaves_items_where_they_are() -> None:
    case, positions = layout_case(), positions_of(60)
    case |= {"weights": np.zeros_like(case["weights"]), "pull": np.zeros(60, np.float32)}
    moved = np.empty_like(positions)
    layout_epoch(positions, moved, **case | {"repulsion": 0.0})
    np.testing.assert_array_equal(moved, positions)


def test_layout_epoch_reaches_but_never_passes_an_anchor_however_strong() -> None:
    case, positions = layout_case(), positions_of(60)
    case |= {"weights": np.zeros_like(case["weights"]), "pull": np.full(60, 1e6, np.float32)}
    moved = np.empty_like(positions)
    layout_epoch(positions, moved, **case | {"repulsion": 0.0})
    np.testing.assert_allclose(moved, case["anchors"], atol=1e-5)


def test_kernels_refuse_arrays_that_do_not_fit() -> None:
    case, positions = layout_case(), positions_of(60)
    with pytest.raises(KernelError, match="layout_epoch was given arrays"):
        layout_epoch(positions, np.empty((59, 2), np.float32), **case)
    with pytest.raises(KernelError, match="C-contiguous float32"):
        fuzzy_weights(np.ones((4, 3)))  # type: ignore[arg-type]
