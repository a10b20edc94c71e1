"""The counting kernels against numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emblink.errors import KernelError
from emblink.kernels import count_columns, count_rows
from emblink.types import FloatArray, IntArray


def oracle(scores: FloatArray, thresholds: FloatArray, members: IntArray, first: int) -> IntArray:
    """Count the columns of each row above its thresholds, or as high and before the member."""
    columns = np.arange(first, first + scores.shape[1])
    above = scores[:, None, :] > thresholds[:, :, None]
    above |= (scores[:, None, :] == thresholds[:, :, None]) & (columns < members[:, :, None])
    above &= columns != members[:, :, None]
    counts: IntArray = above.sum(axis=2)
    return counts


@given(
    st.integers(1, 150), st.integers(1, 70), st.integers(1, 4), st.integers(1, 9), st.integers(0, 9)
)
def test_counts_of_rows_and_columns_equal_the_oracle_with_ties(
    n_rows: int, n_columns: int, m: int, levels: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    block, bias, thresholds = (
        rng.integers(0, levels, shape).astype(np.float32)
        for shape in ((n_rows, n_columns), n_columns, (n_rows, m))
    )
    members = rng.integers(0, n_columns + 9, (n_rows, m)).astype(np.int32)
    before = rng.integers(0, 5, (n_rows, m)).astype(np.int32)
    expected = before + oracle(block - bias, thresholds, members, 3)
    rows, columns = before.copy(), before.copy()
    given_too: Any = {"first_candidate": 3, "thresholds": thresholds, "members": members}
    count_rows(rows, block, bias, **given_too)
    count_columns(columns, np.ascontiguousarray(block.T), bias, **given_too)
    np.testing.assert_array_equal(rows, expected)
    np.testing.assert_array_equal(columns, expected)


def test_counts_are_the_same_for_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    block = rng.standard_normal((200, 200)).astype(np.float32)
    thresholds = rng.standard_normal((200, 3)).astype(np.float32)
    members = rng.integers(0, 200, (200, 3)).astype(np.int32)
    for kernel in (count_rows, count_columns):
        results = set()
        for threads in ("1", "2", "5"):
            monkeypatch.setenv("EMBLINK_THREADS", threads)
            counts = np.zeros((200, 3), np.int32)
            kernel(
                counts,
                block,
                block[0],
                first_candidate=0,
                thresholds=thresholds,
                members=members,
            )
            results.add(counts.tobytes())
        assert len(results) == 1


def test_counting_refuses_arrays_that_do_not_fit() -> None:
    block, two = np.zeros((2, 3), np.float32), np.zeros((2, 1), np.float32)
    with pytest.raises(KernelError):
        count_rows(
            np.zeros((2, 1), np.int32),
            block,
            np.zeros(2, np.float32),
            first_candidate=0,
            thresholds=two,
            members=np.zeros((2, 1), np.int32),
        )
