from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from emblink.errors import KernelError
from emblink.kernels import (
    LONGEST_WHOLE,
    Candidates,
    NearKeys,
    descent_join,
    descent_sample,
    descent_tree,
    near_keys,
)

Rows = NDArray[np.float32]


def room(n: int, size: int) -> Candidates:
    return Candidates(*(np.zeros((n, size + 1), dtype=np.int32) for _ in range(2)))


def nearest(points: Rows, row: int, others: NDArray[np.int64], k: int) -> list[int]:
    """The oracle: nearer first, then lower row."""
    squares = np.square(points[others].astype(np.float64) - points[row]).sum(axis=1)
    ordered = sorted(zip(squares.tolist(), others.tolist(), strict=True))
    return [other for _, other in ordered if other != row][:k]


def listed(lists: NearKeys, row: int) -> list[int]:
    return [other for other in lists.rows[row].tolist() if other >= 0]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(2, 200),
    n_dims=st.integers(1, 70),
    k=st.integers(1, 20),
    whole=st.booleans(),
)
def test_a_leaf_of_all_rows_gives_the_exact_lists(
    seed: int, n: int, n_dims: int, k: int, whole: bool
) -> None:
    # Small whole numbers: distances are exact, and ties are everywhere.
    points = np.random.default_rng(seed).integers(-2, 3, (n, n_dims)).astype(np.float32)
    centre = np.zeros(n_dims, np.float32) if whole else None
    lists = near_keys(points, k=k, centre=centre)
    order = descent_tree(lists, leaf=n + 1, seed=seed)
    assert sorted(order.tolist()) == list(range(n))
    for row in range(n):
        expected = nearest(points, row, np.arange(n), k)
        assert listed(lists, row) == expected
        squares = np.square(points[expected] - points[row]).sum(axis=1)
        assert lists.squares[row, : len(expected)].tolist() == squares.tolist()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(20, 300), leaf=st.integers(2, 40))
def test_a_tree_compares_the_rows_of_each_leaf(seed: int, n: int, leaf: int) -> None:
    points = np.random.default_rng(seed).integers(-3, 4, (n, 5)).astype(np.float32)
    lists = near_keys(points, k=leaf)
    order = descent_tree(lists, leaf=leaf, seed=seed)
    place = np.argsort(order)
    for row in range(n):
        near = place[listed(lists, row)]
        assert len(near) < leaf
        assert len(near) > 0 or leaf <= 3
        assert np.abs(near - place[row]).max(initial=0) < leaf


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_fresh=st.integers(0, 9),
    n_known=st.integers(0, 9),
    whole=st.booleans(),
)
def test_a_join_offers_every_pair_with_a_fresh_row_and_no_other(
    seed: int, n_fresh: int, n_known: int, whole: bool
) -> None:
    rng = np.random.default_rng(seed)
    n, k, centre = 40, 6, np.zeros(7, np.float32) if whole else None
    points = rng.integers(-2, 3, (n, 7)).astype(np.float32)
    lists, candidates = near_keys(points, k=k, centre=centre), room(n, 9)
    offered: list[set[int]] = [set() for _ in range(n)]
    for row in range(0, n, 4):
        fresh, known = (rng.choice(n, size, replace=False) for size in (n_fresh, n_known))
        for held, drawn in ((candidates.fresh, fresh), (candidates.known, known)):
            held[row, 0], held[row, 1 : 1 + drawn.size] = drawn.size, drawn
        for one in fresh.tolist():
            for other in [*fresh.tolist(), *known.tolist()]:
                offered[one].add(other)
                offered[other].add(one)
    descent_join(lists, candidates, rows=np.arange(0, n, 4, dtype=np.int32))
    for row in range(n):
        others = np.array(sorted(offered[row] - {row}), dtype=np.int64)
        assert listed(lists, row) == nearest(points, row, others, k)


def test_candidates_are_those_listed_and_those_that_list_them() -> None:
    points = np.random.default_rng(0).standard_normal((200, 6), dtype=np.float32)
    lists = near_keys(points, k=5)
    descent_tree(lists, leaf=20, seed=1)
    candidates = room(200, 200)  # room for all: nothing is left to chance
    rows = lists.rows
    descent_sample(lists, candidates, seed=2)
    for row in range(200):
        fresh = set(candidates.fresh[row, 1 : 1 + candidates.fresh[row, 0]].tolist())
        assert fresh == set(rows[row].tolist()) | set(np.flatnonzero((rows == row).any(1)).tolist())
    assert not candidates.known[:, 0].any()
    descent_sample(lists, candidates, seed=3)
    assert not candidates.fresh[:, 0].any()  # what was drawn is new no more
    assert candidates.known[:, 0].all()


@pytest.mark.slow
def test_a_full_sample_is_drawn_evenly_and_anew_by_seed() -> None:
    points = np.random.default_rng(0).standard_normal((400, 3), dtype=np.float32)
    points[0] = 0.0
    lists = near_keys(points, k=399)
    descent_tree(lists, leaf=401, seed=0)
    drawn = np.zeros(400)
    for seed in range(200):
        candidates = room(400, 20)
        copy = NearKeys(points, 1.0, None, lists.keys.copy())
        descent_sample(copy, candidates, seed=seed)
        assert candidates.fresh[0, 0] == 20
        drawn[candidates.fresh[0, 1:]] += 1
    # Each of 399 is drawn 10 times of 200 on average: binomial, so beyond 30 one in a million.
    assert drawn[0] == 0
    assert drawn.sum() == 4000
    assert drawn.max() < 30
    assert np.count_nonzero(drawn) > 390


@pytest.mark.parametrize("whole", [False, True])
def test_lists_are_the_same_bytes_for_any_number_of_threads(
    whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(3)
    points = rng.standard_normal((3000, 19), dtype=np.float32)
    points[1000:1500] = points[:500]
    scale = LONGEST_WHOLE / float(np.linalg.norm(points, axis=1).max()) if whole else 1.0
    made = []
    for threads in ("1", "2", "4", "5"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        lists = near_keys(
            points, k=12, scale=scale, centre=np.zeros(19, np.float32) if whole else None
        )
        candidates = room(3000, 13)
        order = descent_tree(lists, leaf=20, seed=1)
        for seed in range(6):
            descent_sample(lists, candidates, seed=seed)
            descent_join(lists, candidates, rows=order)
        made.append((lists.keys.tobytes(), order.tobytes()))
    assert len(set(made)) == 1


def test_whole_numbers_hold_the_distance_of_the_farthest_rows() -> None:
    points = np.zeros((2, 900), np.float32)
    points[0, 0], points[1, 0] = -LONGEST_WHOLE, LONGEST_WHOLE
    along = LONGEST_WHOLE / 30.0
    for rows in (points, np.array([[-along] * 900, [along] * 900], np.float32)):
        lists = near_keys(rows, k=1, centre=np.zeros(900, np.float32))
        descent_tree(lists, leaf=3, seed=0)
        assert lists.rows.tolist() == [[1], [0]]
        assert lists.squares[0, 0] == pytest.approx((2 * LONGEST_WHOLE) ** 2, rel=1e-3)


def test_copies_of_one_row_are_cut_into_leaves_all_the_same() -> None:
    lists = near_keys(np.ones((1000, 3), np.float32), k=5)
    order = descent_tree(lists, leaf=10, seed=0)
    assert sorted(order.tolist()) == list(range(1000))
    assert (lists.squares == 0).all()
    assert (lists.rows != np.arange(1000)[:, None]).all()


def test_sizes_that_do_not_fit_are_refused() -> None:
    points = np.zeros((4, 2), np.float32)
    lists = near_keys(points, k=2)
    with pytest.raises(KernelError, match="near_keys was given arrays"):
        near_keys(points, k=0)
    with pytest.raises(KernelError, match="near_keys was given arrays"):
        near_keys(points, k=1, centre=np.zeros(3, np.float32))
    with pytest.raises(KernelError, match="descent_tree was given arrays"):
        descent_tree(lists, leaf=1, seed=0)
    with pytest.raises(KernelError, match="descent_sample was given arrays"):
        descent_sample(lists, room(3, 2), seed=0)
    with pytest.raises(KernelError, match="descent_join was given arrays"):
        descent_join(lists, room(4, 2), rows=np.array([4], np.int32))
    with pytest.raises(KernelError, match="C-contiguous float32"):
        descent_tree(near_keys(np.zeros((4, 4), np.float32)[:, ::2], k=2), leaf=3, seed=0)
