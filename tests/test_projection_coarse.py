"""What lies far from an item: whose distances changed, and who is taken along."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.neighbors import nearest_neighbors
from emblink.projection import TakenAlong, coarse_change
from emblink.types import FloatArray, IntArray, Metric

EVERY = np.arange(640)
LABELS = EVERY % 8


def clusters(*, seed: int = 0) -> tuple[FloatArray, FloatArray]:
    """Return points of eight clusters, and the centres."""
    rng = np.random.default_rng(seed)
    centres = 2.2 * rng.standard_normal((8, 10))
    return centres[LABELS] + 0.6 * rng.standard_normal((640, 10)), centres


def set_beside(x: FloatArray, centres: FloatArray, *, which: int, other: int) -> FloatArray:
    """Return a space in which a whole cluster stands beyond another one."""
    later = x.copy()
    place = centres[other] + 0.5 * (centres[other] - centres.mean(axis=0))
    later[which == LABELS] += place - centres[which]
    return later


def noisy(x: FloatArray, *, seed: int, noise: float = 0.12) -> FloatArray:
    return np.asarray(x + noise * np.random.default_rng(seed).standard_normal(x.shape))


def taken_along(*spaces: FloatArray, rows: list[IntArray] | None = None) -> TakenAlong:
    rows = [EVERY] * len(spaces) if rows is None else rows
    held = [space[items].astype(np.float32) for space, items in zip(spaces, rows, strict=True)]
    graphs = [nearest_neighbors(one, k=30, metric="euclidean") for one in held]
    return TakenAlong.of(held, graphs, rows, n_items=640, k=15)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_turning_and_scaling_change_nothing_far_off(metric: Metric) -> None:
    x, _ = clusters()
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((10, 10)))[0]
    change = coarse_change([x, 3 * x @ turn], [EVERY, EVERY], 640, metrics=[metric, metric])
    assert change.shape == (640, 1)
    assert np.abs(change).max() < 1e-5
    if metric == "euclidean":
        moved = coarse_change([x, 5 - x], [EVERY, EVERY], 640, metrics=[metric, metric])
        assert np.abs(moved).max() < 1e-5


@pytest.mark.parametrize("seed", range(4))
def test_what_went_elsewhere_stands_out_and_what_stayed_does_not(seed: int) -> None:
    x, centres = clusters(seed=seed)
    later = set_beside(x, centres, which=0, other=5)
    change = coarse_change([x, later], [EVERY, EVERY], 640, metrics=["euclidean"] * 2)[:, 0]
    went = LABELS == 0
    assert change[went].min() > 2 * change[~went].max()


@pytest.mark.parametrize("seed", range(4))
def test_a_cluster_set_beside_another_is_carried_and_a_run_carries_nothing(seed: int) -> None:
    x, centres = clusters(seed=seed)
    later = set_beside(x, centres, which=0, other=5)
    found = taken_along(noisy(x, seed=1), noisy(later, seed=2), noisy(x, seed=3))
    went = LABELS == 0
    first, runs, last = found.between.T
    assert first[went].mean() > 0.85
    assert last[went].mean() > 0.85
    assert first[~went].mean() < 0.01
    assert runs.mean() < 0.01
    beside = LABELS[found.anchors[1][went[found.items]]]
    assert (beside == 5).mean() > 0.9
    np.testing.assert_allclose(found.weights[1].sum(axis=1), 1)


def test_items_that_go_alone_and_a_bend_of_all_are_not_carried() -> None:
    x, _ = clusters()
    alone = noisy(x, seed=1)
    some = np.random.default_rng(0).permutation(640)[:30]
    alone[some] = alone[some[np.random.default_rng(1).permutation(30)]]
    assert taken_along(noisy(x, seed=2), alone).between.mean() < 0.01
    bent = x + 0.6 * np.sin(x[:, ::-1])
    assert taken_along(noisy(x, seed=2), noisy(bent, seed=3)).between.mean() < 0.02


def test_spaces_that_cover_different_items_are_asked_about_those_of_both() -> None:
    x, centres = clusters()
    later = set_beside(x, centres, which=0, other=5)
    rows: list[IntArray] = [EVERY[EVERY % 7 > 0], EVERY[EVERY % 5 > 0]]
    found = taken_along(noisy(x, seed=1), noisy(later, seed=2), rows=rows).between[:, 0]
    both = np.isin(EVERY, rows[0]) & np.isin(EVERY, rows[1])
    assert not found[~both].any()
    assert found[both & (LABELS == 0)].mean() > 0.85
    change = coarse_change([x[of] for of in rows], rows, 640, metrics=["euclidean"] * 2)[:, 0]
    np.testing.assert_array_equal(np.isfinite(change), both)


@pytest.mark.parametrize(
    "spaces",
    [
        [np.ones((30, 3)), np.ones((30, 3))],
        [np.eye(4), np.eye(4)[::-1]],
        [np.arange(60.0)[:, None], np.arange(60.0)[::-1, None]],
        [np.repeat(np.eye(3), 20, axis=0)] * 2,
    ],
)
def test_odd_spaces_carry_nothing(spaces: list[NDArray[Any]]) -> None:
    n = len(spaces[0])
    held = [np.asarray(one, np.float32) for one in spaces]
    graphs = [nearest_neighbors(one, k=min(15, n - 1), metric="euclidean") for one in held]
    found = TakenAlong.of(held, graphs, [np.arange(n)] * 2, n_items=n, k=15)
    assert not found.between.any()
    common = np.zeros((n, 2), np.float32)
    assert all((one == 0).all() for one in found.begin(common, [np.arange(n)] * 2))


def test_the_carried_set_out_from_where_they_went_and_all_others_from_the_consensus() -> None:
    x, centres = clusters()
    other = int(np.linalg.norm(centres - centres[0], axis=1).argmax())
    later = set_beside(x, centres, which=0, other=other)
    found = taken_along(noisy(x, seed=1), noisy(later, seed=2))
    common = np.random.default_rng(0).standard_normal((640, 2)).astype(np.float32)
    common[other == LABELS] = (9, 9)
    first, second = found.begin(common, [EVERY, EVERY])
    rest = np.setdiff1d(EVERY, found.items)
    np.testing.assert_array_equal(first[rest], common[rest])
    np.testing.assert_array_equal(second[rest], common[rest])
    toward = (second - first)[found.items]
    assert np.median(toward @ np.array([1, 1])) > 10
    np.testing.assert_allclose((first + second)[found.items], 2 * common[found.items], atol=1e-4)
