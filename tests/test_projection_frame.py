"""Pictures in one frame, and turned onto a selection: closed forms and invariances."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial import procrustes

from emblink.errors import InputError
from emblink.projection import common_frame, pca_projections, realigned


def turn(angle: float, *, reflect: bool = False) -> NDArray[np.float64]:
    found = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return found * [1, -1] if reflect else found


@given(st.floats(0, 6.2), st.booleans(), st.integers(0, 99))
def test_a_moved_picture_comes_back_whichever_items_are_the_anchors(
    angle: float, reflect: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    coords = rng.normal(size=(20, 2))
    moved = coords @ turn(angle, reflect=reflect) + [3, -5]
    anchors = rng.permutation(20)[:3]
    found, motion = realigned(moved, coords[anchors], anchors=anchors)
    np.testing.assert_allclose(found, coords, atol=1e-3)
    np.testing.assert_allclose(motion.turn @ motion.turn.T, np.eye(2), atol=1e-9)
    np.testing.assert_allclose(moved @ motion.turn + motion.shift, found, atol=1e-5)


def test_realigning_keeps_distances_and_leaves_what_it_was_given() -> None:
    coords, onto = np.random.default_rng(0).normal(size=(2, 30, 2)).astype(np.float32)
    before = coords.copy()
    found, _ = realigned(coords, onto[:10], anchors=np.arange(10))
    np.testing.assert_array_equal(coords, before)
    for one, other in ((0, 1), (3, 20), (28, 29)):
        apart = np.linalg.norm(coords[one] - coords[other])
        assert np.linalg.norm(found[one] - found[other]) == pytest.approx(apart, rel=1e-5)


def test_no_other_motion_brings_the_weighted_anchors_nearer() -> None:
    rng = np.random.default_rng(1)
    coords, onto = rng.normal(size=(2, 12, 2))
    weights = rng.uniform(0, 3, 12)
    rows = np.arange(12)
    found, motion = realigned(coords, onto, anchors=rows, weights=weights)
    least = (weights * np.square(found - onto).sum(axis=1)).sum()
    for angle in np.linspace(0, 6, 40):
        for reflect in (False, True):
            tried = coords @ turn(angle, reflect=reflect)
            tried += np.average(onto - tried, axis=0, weights=weights)
            assert (weights * np.square(tried - onto).sum(axis=1)).sum() >= least - 1e-5
    assert motion.turn.shape == (2, 2)


def test_weights_count_as_repeated_anchors_and_zero_as_none() -> None:
    coords, onto = np.random.default_rng(2).normal(size=(2, 4, 2))
    weighted, _ = realigned(coords, onto, anchors=np.arange(4), weights=np.array([2, 1, 1, 0]))
    again = np.array([0, 0, 1, 2])
    repeated, _ = realigned(coords, onto[again], anchors=again)
    np.testing.assert_allclose(weighted, repeated, atol=1e-6)


def test_anchors_on_a_line_do_not_mirror_the_picture_and_one_only_shifts_it() -> None:
    coords = np.array([[0.0, 0], [1, 0], [2, 0], [0, 1]])
    for onto in (coords[:3], coords[:3, ::-1], -coords[:3]):
        found, motion = realigned(coords, onto, anchors=np.arange(3))
        assert np.linalg.det(motion.turn) == pytest.approx(1)
        np.testing.assert_allclose(found[:3], onto, atol=1e-6)
    found, _ = realigned(coords, np.array([[5.0, 5]]), anchors=np.array([3]))
    np.testing.assert_allclose(found, coords + np.array([5, 4]), atol=1e-6)


def test_three_dimensions_are_realigned_too() -> None:
    coords = np.random.default_rng(3).normal(size=(9, 3))
    axes = np.linalg.qr(np.random.default_rng(4).normal(size=(3, 3)))[0]
    found, _ = realigned(coords @ axes + 1, coords[:5], anchors=np.arange(5))
    np.testing.assert_allclose(found, coords, atol=1e-5)


def test_realigning_refuses_what_does_not_fit() -> None:
    coords = np.zeros((3, 2))
    two = np.array([0, 2])
    with pytest.raises(InputError, match="0 anchors are given for a picture of 3 items"):
        realigned(coords, coords[:0], anchors=np.array([], int))
    with pytest.raises(InputError, match="row from 0 to 2"):
        realigned(coords, coords[:1], anchors=np.array([3]))
    with pytest.raises(InputError, match=r"finite place for each of the 2 anchors: \(2, 2\)"):
        realigned(coords, coords, anchors=two)
    for weights in ([1], [0, 0], [-1, 2], [np.nan, 1]):
        with pytest.raises(InputError, match="one weight of at least 0"):
            realigned(coords, coords[two], anchors=two, weights=np.array(weights))


def test_pictures_moved_beforehand_have_the_same_common_frame() -> None:
    rng = np.random.default_rng(0)
    rows = [np.arange(30), np.arange(10, 50)]
    pictures: list[Any] = [rng.normal(size=(30, 2)), rng.normal(size=(40, 2))]
    onto = [rng.normal(size=(30, 2)), rng.normal(size=(40, 2))]
    moved = [
        7 * pictures[0] @ turn(1) + 3,
        0.1 * pictures[1] @ turn(2, reflect=True) - 9,
    ]
    for one, other in zip(
        common_frame(pictures, rows, onto=onto), common_frame(moved, rows, onto=onto), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-4)
        assert np.square(one - one.mean(axis=0)).sum(axis=1).mean() == pytest.approx(1, abs=1e-4)


def test_the_frame_of_two_pictures_is_their_procrustes_fit_but_for_the_scale() -> None:
    pictures: Any = np.random.default_rng(5).normal(size=(2, 25, 2))
    first, second = common_frame(pictures, [np.arange(25)] * 2)
    expected = procrustes(*pictures)
    scale = np.linalg.norm(first)
    np.testing.assert_allclose(first / scale, expected[0], atol=1e-5)
    fitted = expected[1] / np.linalg.norm(expected[1])
    np.testing.assert_allclose(second / np.linalg.norm(second), fitted, atol=1e-5)


def test_the_frame_of_nothing_and_of_one_point_is_finite() -> None:
    assert common_frame([], []) == []
    (one,) = common_frame([np.full((3, 2), 7.0)], [np.arange(3)])
    np.testing.assert_array_equal(one, 0)


def test_pca_has_as_many_components_as_asked() -> None:
    vectors = np.random.default_rng(0).normal(size=(50, 6)) * [9, 5, 3, 1, 1, 1]
    three, two = (
        pca_projections([vectors], [np.arange(50)], metrics=["euclidean"], n_components=n)[0]
        for n in (3, 2)
    )
    assert three.shape == (50, 3)
    ratio = np.linalg.norm(three[:, :2]) / np.linalg.norm(two)
    np.testing.assert_allclose(three[:, :2], ratio * two, atol=1e-5)
