"""Pieces are kept when chance makes none as heavy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.compute import silent
from emblink.groups._tested import CLEAR, heavy_pieces, unit_rows
from emblink.groups._tested import Test as Setup
from emblink.neighbors import nearest_neighbors

N = 400
RNG = np.random.default_rng(0)
PLACES = RNG.normal(size=(N, 3)).astype(np.float32)
LISTS = nearest_neighbors(PLACES, k=15, metric="euclidean").indices.astype(np.int32)
AROUND = np.sort(np.append(nearest_neighbors(PLACES, k=29, metric="euclidean").indices[0], 0))


def setup(**given: Any) -> Setup:
    known: dict[str, Any] = {
        "lists": (LISTS, LISTS),
        "eligible": np.ones(N, dtype=bool),
        "n_permutations": 39,
        "seed": 0,
        "progress": silent,
    }
    return Setup(**{**known, **given})


def scores(seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Noise, and a region that strayed one way."""
    rng = np.random.default_rng(seed)
    z, ways = rng.normal(size=N), rng.normal(size=(N, 4))
    z[AROUND] += 5
    ways[AROUND] = [9, 0, 0, 0] + 0.5 * ways[AROUND]
    return z.astype(np.float32), ways.astype(np.float32)


def test_a_region_that_strayed_together_is_found() -> None:
    item_evidence, pieces = heavy_pieces(*scores(), setup())
    assert [one.p for one in pieces] == [1e-6]
    found = set(pieces[0].members.tolist())
    assert len(found & set(AROUND.tolist())) >= 0.9 * len(AROUND)
    assert len(found) <= 1.1 * len(AROUND)
    assert (np.diff(pieces[0].members) > 0).all()
    assert pieces[0].mass == pytest.approx(
        float((item_evidence[pieces[0].members] - 1).sum()), rel=1e-5
    )
    assert item_evidence[pieces[0].members].mean() >= CLEAR


def test_items_that_strayed_all_over_the_place_are_no_group() -> None:
    z, ways = scores()
    order = np.random.default_rng(7).permutation(N)
    assert heavy_pieces(z[order], ways[order], setup())[1] == []


def test_a_region_that_barely_strayed_is_no_group() -> None:
    z = np.full(N, -0.5, dtype=np.float32)
    z[AROUND] = 1.3
    item_evidence, pieces = heavy_pieces(z, None, setup())
    assert (item_evidence > 1).any()
    assert pieces == []


def test_fewer_than_eight_items_are_no_group() -> None:
    z = np.zeros(N, dtype=np.float32)
    lists = np.tile(np.arange(7, dtype=np.int32), (N, 1))
    lists[np.arange(7), np.arange(7)] = 7
    z[:7] = 8
    item_evidence, pieces = heavy_pieces(z, None, setup(lists=(lists, lists)))
    assert np.flatnonzero(item_evidence > 1).tolist() == [*range(7)]
    assert pieces == []


def test_without_a_way_to_agree_in_scores_alone_decide() -> None:
    z, _ = scores()
    _, pieces = heavy_pieces(z, None, setup())
    found = np.concatenate([one.members for one in pieces])
    assert len({*found.tolist()} & {*AROUND.tolist()}) >= 0.9 * len(AROUND)
    assert len(found) <= 1.3 * len(AROUND)


def test_going_along_counts_though_the_score_says_nothing() -> None:
    z, ways = scores()
    z[AROUND] = 0
    along = np.full(N, -6, dtype=np.float32)
    along[AROUND] = 4
    assert heavy_pieces(z, ways, setup())[1] == []
    _, pieces = heavy_pieces(z, ways, setup(), along=along)
    assert [set(one.members) >= set(AROUND) for one in pieces] == [True]


def test_only_eligible_items_are_members_and_have_residuals_dealt() -> None:
    z, ways = scores()
    eligible = np.ones(N, dtype=bool)
    eligible[AROUND[:15]] = False
    _, pieces = heavy_pieces(z, ways, setup(eligible=eligible))
    assert all(eligible[one.members].all() for one in pieces)
    assert heavy_pieces(z, ways, setup(eligible=np.zeros(N, dtype=bool)))[1] == []


def test_pieces_are_the_same_again_and_p_depends_on_the_seed_alone() -> None:
    first, again = (heavy_pieces(*scores(), setup(seed=5)) for _ in range(2))
    assert first[0].tobytes() == again[0].tobytes()
    assert [(one.p, one.mass) for one in first[1]] == [(one.p, one.mass) for one in again[1]]
    for one, other in zip(first[1], again[1], strict=True):
        np.testing.assert_array_equal(one.members, other.members)


def test_progress_counts_permutations_and_can_stop_them() -> None:
    seen: list[tuple[int, int]] = []
    heavy_pieces(*scores(), setup(progress=lambda done, total: seen.append((done, total))))
    assert seen == [(at, 39) for at in range(1, 40)]

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        heavy_pieces(*scores(), setup(progress=stop))


def test_unit_rows_have_length_1_or_0() -> None:
    rows = np.array([[3, 4], [0, 0], [-2, 0]], dtype=np.float32)
    np.testing.assert_allclose(unit_rows(rows), [[0.6, 0.8], [0.0, 0.0], [-1.0, 0.0]], rtol=1e-6)
