from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from emblink.errors import KernelError
from emblink.kernels import (
    TopLists,
    near_lists,
    packed,
    top_lists,
    topk_columns,
    topk_merge,
    topk_rerank,
    topk_resolve,
    topk_rows,
)

Scores = NDArray[np.float32]


def best(scores: Scores, self_row: int, keep: int) -> list[int]:
    """The oracle: higher score first, then lower row."""
    order = np.argsort(-scores, kind="stable")
    return [int(row) for row in order if row != self_row][:keep]


def listed(lists: TopLists, at: int) -> list[int]:
    keys = np.sort(lists.keys[at, : lists.counts[at]])[::-1][: lists.keep]
    rows: list[int] = np.invert(keys.astype(np.uint32)).astype(np.int32).tolist()
    return rows


def whole_scores(rng: np.random.Generator, shape: tuple[int, int]) -> Scores:
    """Scores of few different values, so that ties are everywhere; signed zeros are one value."""
    return rng.choice(np.array([-3, -1, -0.0, 0.0, 1, 2.5], np.float32), shape)


@pytest.fixture(params=[1, 2, 5])
def some_threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("EMBLINK_THREADS", str(request.param))
    return int(request.param)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_rows=st.integers(1, 40),
    n_cols=st.integers(2, 150),
    keep=st.integers(1, 12),
    cut=st.integers(0, 150),
)
def test_rows_keep_the_best_of_all_blocks_ties_by_row(
    seed: int, n_rows: int, n_cols: int, keep: int, cut: int
) -> None:
    rng = np.random.default_rng(seed)
    block = whole_scores(rng, (n_rows, n_cols))
    bias = whole_scores(rng, (1, n_cols))[0]
    selves = rng.integers(0, n_cols, n_rows)
    lists = top_lists(n_rows + 3, keep=keep)
    for part in (slice(0, min(cut, n_cols)), slice(min(cut, n_cols), n_cols)):
        topk_rows(
            lists,
            np.ascontiguousarray(block[:, part]),
            bias[part],
            first_candidate=part.start,
            selves=selves,
            first_list=3,
        )
    for r in range(n_rows):
        assert listed(lists, 3 + r) == best(block[r] - bias, int(selves[r]), keep)
    assert not lists.counts[:3].any()


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_rows=st.integers(1, 150),
    n_cols=st.integers(1, 100),
    keep=st.integers(1, 12),
)
def test_columns_keep_the_best_ties_by_row(seed: int, n_rows: int, n_cols: int, keep: int) -> None:
    rng = np.random.default_rng(seed)
    block, bias = whole_scores(rng, (n_rows, n_cols)), whole_scores(rng, (1, n_rows))[0]
    lists = top_lists(n_cols + 2, keep=keep)
    topk_columns(lists, block, bias, first_candidate=7, first_list=2)
    for c in range(n_cols):
        expected = [7 + row for row in best(block[:, c] - bias, -1, keep)]
        assert listed(lists, 2 + c) == expected


@pytest.mark.usefixtures("some_threads")
def test_a_threshold_bounds_every_candidate_turned_away() -> None:
    block = np.random.default_rng(0).standard_normal((700, 1100), dtype=np.float32)
    lists = top_lists(1100, keep=5)
    topk_columns(lists, block, np.zeros(700, np.float32), first_candidate=0, first_list=0)
    for c in range(1100):
        kept = np.invert(lists.keys[c, : lists.counts[c]].astype(np.uint32)).astype(np.int64)
        assert np.delete(block[:, c], kept).max() <= lists.thresholds[c]


def test_not_a_number_is_never_listed() -> None:
    block = np.array([[np.nan, 1.0, np.nan, 0.5]], np.float32)
    lists = top_lists(1, keep=3)
    bias = np.zeros(4, np.float32)
    topk_rows(lists, block, bias, first_candidate=0, selves=np.array([3]))
    assert listed(lists, 0) == [1]


@pytest.mark.usefixtures("some_threads")
@pytest.mark.parametrize("n_dims", [1, 3, 16, 37])
def test_rerank_orders_by_direct_distance_then_row(n_dims: int) -> None:
    rng = np.random.default_rng(1)
    points = rng.integers(0, 3, (90, n_dims)).astype(np.float32)
    queries = np.array([4, 80, 4, 11])
    lists = top_lists(5, keep=60)
    scores = np.broadcast_to(np.arange(90, 0, -1, dtype=np.float32), (4, 90)).copy()
    bias = np.zeros(90, np.float32)
    topk_rows(lists, scores, bias, first_candidate=0, selves=queries, first_list=1)
    rows, squares = topk_rerank(lists, points, queries=queries, first_list=1, k=20)
    for q, query in enumerate(queries):
        candidates = best(scores[q], int(query), 60)
        exact = {row: float(np.square(points[row] - points[query]).sum()) for row in candidates}
        expected = sorted(candidates, key=lambda row: (exact[row], row))[:20]
        assert rows[q].tolist() == expected
        assert squares[q].tolist() == [exact[row] for row in expected]


@pytest.mark.usefixtures("some_threads")
def test_resolve_measures_whatever_reaches_the_cutoff() -> None:
    rng = np.random.default_rng(2)
    points = rng.integers(0, 3, (80, 5)).astype(np.float32)
    selves = np.arange(0, 80, 3)
    scores = rng.standard_normal((selves.size, 80), dtype=np.float32)
    bias = rng.standard_normal(80, dtype=np.float32)
    cutoffs = np.linspace(-1, 0, selves.size, dtype=np.float32)
    lists = near_lists(selves.size, k=6)
    for part in (slice(0, 33), slice(33, 80)):
        topk_resolve(
            lists,
            np.ascontiguousarray(scores[:, part]),
            bias[part],
            first_candidate=part.start,
            cutoffs=cutoffs,
            points=points,
            selves=selves,
        )
    for r, own in enumerate(selves):
        squares = np.square(points - points[own]).sum(axis=1)
        allowed = (scores[r] - bias >= cutoffs[r]) & (np.arange(80) != own)
        expected = [row for row in np.argsort(squares, kind="stable") if allowed[row]][:6]
        # k copies of the row itself end the search, in order of row.
        assert lists.rows[r, : lists.counts[r]].tolist() == expected
        assert lists.squares[r, : lists.counts[r]].tolist() == squares[expected].tolist()


def test_sizes_that_do_not_fit_are_refused() -> None:
    lists = top_lists(2, keep=1)
    block, bias = np.zeros((3, 4), np.float32), np.zeros(4, np.float32)
    with pytest.raises(KernelError, match="topk_rows was given arrays"):
        topk_rows(lists, block, bias, first_candidate=0, selves=np.arange(3))
    with pytest.raises(KernelError, match="topk_columns was given arrays"):
        topk_columns(lists, block, bias[:3], first_candidate=0, first_list=0)
    topk_rows(lists, block[:2], bias, first_candidate=0, selves=np.arange(2))
    with pytest.raises(KernelError, match="topk_rerank was given arrays or numbers"):
        topk_rerank(lists, block, queries=np.arange(2), first_list=0, k=2)  # more than it keeps
    with pytest.raises(KernelError, match="C-contiguous float32"):
        topk_rows(
            top_lists(4, keep=1),
            block[:2].T,
            bias[:2],
            first_candidate=0,
            selves=np.arange(4),
        )


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_rows=st.integers(1, 40),
    n_cols=st.integers(2, 150),
    keep=st.integers(1, 12),
    cut=st.integers(0, 150),
    order=st.permutations(range(3)),
)
def test_lists_found_apart_become_one_in_any_order(
    seed: int, n_rows: int, n_cols: int, keep: int, cut: int, order: list[int]
) -> None:
    rng = np.random.default_rng(seed)
    block, bias = whole_scores(rng, (n_rows, n_cols)), np.zeros(n_cols, np.float32)
    cuts = sorted({0, min(cut, n_cols), min(2 * cut, n_cols), n_cols})
    parts = [slice(*ends) for ends in pairwise(cuts)]
    lists = top_lists(n_rows + 2, keep=keep)
    for at in [one for one in order if one < len(parts)]:
        span = parts[at]
        part = top_lists(n_rows, keep=keep)
        topk_rows(
            part,
            np.ascontiguousarray(block[:, span]),
            bias[span],
            first_candidate=span.start,
            selves=np.full(n_rows, -1),
        )
        half = packed(part)
        assert part.counts.max() <= keep
        assert half.ends[-1] == len(half.keys)
        middle = n_rows // 2
        topk_merge(lists, half[middle:], first_list=2 + middle)
        topk_merge(lists, half[:middle], first_list=2)
    assert lists.counts.max() <= keep
    for row in range(n_rows):
        scores = block[row].copy()
        held = listed(lists, row + 2)
        kept = np.sort(scores)[::-1][:keep]
        assert np.array_equal(np.sort(scores[held])[::-1], kept)
        away = np.delete(scores, held)
        assert not away.size or away.max() <= lists.thresholds[row + 2]
    assert not lists.counts[:2].any()


def test_lists_that_do_not_fit_are_not_merged() -> None:
    lists, part = top_lists(3, keep=2), packed(top_lists(2, keep=2))
    with pytest.raises(KernelError, match="topk_merge"):
        topk_merge(lists, part, first_list=2)
    for ends in ([0, 0, 1], [0, 1, 0], [-1, 0, 0], [0, 0]):
        with pytest.raises(KernelError, match="topk_merge"):
            topk_merge(lists, replace(part, ends=np.array(ends)))
