import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import VectorError
from emblink.measures import space_map


def distances(points: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.linalg.norm(points[:, None] - points, axis=2)
    return found


def test_distances_in_a_plane_are_kept() -> None:
    points = np.random.default_rng(0).random((7, 2)) * 0.5
    coords, kept = space_map(1.0 - distances(points))
    np.testing.assert_allclose(distances(coords), distances(points), atol=1e-12)
    np.testing.assert_allclose(coords.mean(axis=0), 0.0, atol=1e-12)
    assert kept == pytest.approx(1.0)


def test_what_the_plane_cannot_show_is_said() -> None:
    _, kept = space_map(1.0 - distances(np.eye(4)))
    assert kept == pytest.approx(2 / 3)


def test_axes_are_ordered_and_turned_the_same_way_each_time() -> None:
    points = np.random.default_rng(1).random((6, 2)) * [3.0, 1.0]
    coords, _ = space_map(1.0 - distances(points))
    mirrored, _ = space_map(1.0 - distances(points * [-1.0, 1.0]))
    np.testing.assert_allclose(coords, mirrored, atol=1e-9)
    assert (coords.max(axis=0) == np.abs(coords).max(axis=0)).all()
    assert np.ptp(coords[:, 0]) > np.ptp(coords[:, 1])


def test_renumbering_the_spaces_renumbers_the_points() -> None:
    similarity = 1.0 - distances(np.random.default_rng(2).random((6, 4)))
    order = np.random.default_rng(3).permutation(6)
    coords, kept = space_map(similarity)
    again, kept_again = space_map(similarity[np.ix_(order, order)])
    np.testing.assert_allclose(again, coords[order], atol=1e-9)
    assert kept_again == pytest.approx(kept)


def test_one_two_and_equal_spaces_have_a_place() -> None:
    for count, expected in ((0, 1.0), (1, 1.0), (3, 1.0)):
        coords, kept = space_map(np.ones((count, count)))
        assert kept == expected
        np.testing.assert_array_equal(coords, np.zeros((count, 2)))
    coords, kept = space_map(np.array([[1.0, 0.4], [0.4, 1.0]]))
    np.testing.assert_allclose(coords, [[0.3, 0.0], [-0.3, 0.0]], atol=1e-12)
    assert kept == 1.0


def test_similarities_of_no_flat_space_still_have_a_finite_map() -> None:
    similarity = np.array([[1, 1, 0, 1], [1, 1, 1, 0], [0, 1, 1, 0.9], [1, 0, 0.9, 1.02]])
    coords, kept = space_map(similarity)
    assert np.isfinite(coords).all()
    assert 0.0 < kept <= 1.0


def test_a_table_with_holes_is_refused() -> None:
    with pytest.raises(VectorError, match="leave out spaces that share no items"):
        space_map(np.array([[1.0, np.nan], [np.nan, 1.0]]))
    with pytest.raises(VectorError, match=r"shape \(2, 3\) is not a square table"):
        space_map(np.ones((2, 3)))
