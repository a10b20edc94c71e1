"""Displacements, their floor, and what a move is called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial import procrustes

from emblink.projection import (
    classify_moves,
    displacements,
    lost_and_still,
    move_counts,
    movement_floor,
    moves_by_amount,
    noise_of,
)
from emblink.types import MOVE_CLASSES

HALF = np.array([[np.cos(1.0), -np.sin(1.0)], [np.sin(1.0), np.cos(1.0)]])


def picture(n: int = 200, *, seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(size=(n, 2))


def test_a_displacement_is_the_euclidean_distance_of_two_places() -> None:
    found = displacements(np.array([[0, 0], [1, 1]]), np.array([[3, 4], [1, 1]]))
    assert found.dtype == np.float32
    assert found.tolist() == [5.0, 0.0]


def test_displacements_ignore_a_motion_of_both_pictures() -> None:
    a, b = picture(), picture(seed=1)
    np.testing.assert_allclose(
        displacements(a @ HALF + 3, b @ HALF + 3), displacements(a, b), rtol=1e-5
    )


@pytest.mark.parametrize("reflected", [1.0, -1.0])
def test_a_picture_turned_reflected_and_shifted_has_no_movement_floor(reflected: float) -> None:
    coords = picture()
    assert movement_floor(coords, coords * [1, reflected] @ HALF - 7) < 1e-6


def test_a_scaled_picture_has_moved() -> None:
    coords = picture() - picture().mean(axis=0)
    farthest = np.percentile(np.linalg.norm(coords, axis=1), 95)
    assert movement_floor(coords, 1.5 * coords) == pytest.approx(farthest / 2, rel=1e-5)


def test_the_movement_floor_is_that_of_the_best_rigid_motion() -> None:
    coords = picture()
    again = coords @ HALF + 0.1 * picture(seed=1)
    size = np.linalg.norm(coords - coords.mean(axis=0))
    fitted, scaled, _ = procrustes(coords, again)
    # scipy scales too: by as much as the norms of the two standardised pictures differ
    turned = scaled * (np.linalg.norm(again - again.mean(axis=0)) / np.linalg.norm(scaled))
    expected = np.percentile(np.linalg.norm(fitted * size - turned, axis=1), 95)
    assert movement_floor(coords, again) == pytest.approx(expected, rel=1e-4)


def test_five_percent_exceed_the_noise() -> None:
    apart = np.arange(101, dtype=np.float32)
    assert noise_of(apart) == 95.0
    assert (apart > noise_of(apart)).sum() == 5


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_floor_of_hardly_any_items_is_finite(n: int) -> None:
    assert movement_floor(np.ones((n, 2)), np.zeros((n, 2))) == 0.0


def test_the_four_classes_are_the_four_answers_to_two_questions() -> None:
    displacement = np.array([0.0, 1.0, 1.0, 0.0, 0.5])
    changed = np.array([False, True, False, True, False])
    codes = classify_moves(displacement, changed, floor=0.5)
    assert [MOVE_CLASSES[code] for code in codes] == [
        "still", "changed_and_moved", "moved_not_changed", "changed_not_shown", "still",
    ]  # fmt: skip
    assert codes.dtype == np.int32
    assert move_counts(codes) == {
        "still": 2, "changed_and_moved": 1, "moved_not_changed": 1, "changed_not_shown": 1,
        "amount_only": 0, "lost_and_still": 0,
    }  # fmt: skip


def test_without_a_noise_to_go_by_only_an_item_that_kept_nearly_all_is_classed() -> None:
    kept = np.array([10, 9, 8, 0, 10])
    displacement = np.array([1.0, 1.0, 1.0, 1.0, 0.1])
    codes = moves_by_amount(displacement, kept, k=10, floor=0.5)
    assert [MOVE_CLASSES[code] for code in codes] == [
        "moved_not_changed", "moved_not_changed", "amount_only", "amount_only", "amount_only",
    ]  # fmt: skip
    three = moves_by_amount(np.ones(2), np.array([3, 2]), k=3, floor=0.5)
    assert [MOVE_CLASSES[code] for code in three] == ["moved_not_changed", "amount_only"]


def test_items_that_lost_all_and_look_still_are_told_surest_first() -> None:
    kept = np.array([0, 0, 1, 0, 0])
    displacement = np.array([0.01, 0.0, 0.0, 0.021, 0.02])
    wide = np.array([0.0, 0.3, 0.0, 0.0, 0.0])
    assert lost_and_still(displacement, kept, wide=wide).tolist() == [0, 4, 1]


@given(
    st.lists(st.tuples(st.floats(0, 5, width=32), st.booleans()), max_size=30),
    st.floats(0, 5, width=32),
)
def test_classes_are_a_partition(items: list[tuple[float, bool]], floor: float) -> None:
    displacement: NDArray[Any] = np.array([one[0] for one in items], np.float32)
    changed = np.array([one[1] for one in items], bool)
    codes = classify_moves(displacement, changed, floor=floor)
    counts = move_counts(codes)
    assert sum(counts[one] for one in MOVE_CLASSES) == len(items)
    assert counts["changed_and_moved"] + counts["changed_not_shown"] == changed.sum()
    moved = counts["changed_and_moved"] + counts["moved_not_changed"]
    assert moved == (displacement > np.float32(floor)).sum()
