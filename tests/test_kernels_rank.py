"""The rank kernel against numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emblink.errors import KernelError
from emblink.kernels import excess_rank
from emblink.types import FloatArray


def oracle(chosen_by: FloatArray, ranked_in: FloatArray, k: int) -> FloatArray:
    rank = np.argsort(np.argsort(ranked_in, axis=1, kind="stable"), axis=1, kind="stable") + 1
    nearest = np.argsort(chosen_by, axis=1, kind="stable")[:, :k]
    beyond: FloatArray = np.maximum(0, np.take_along_axis(rank, nearest, axis=1) - k).sum(axis=1)
    return beyond


@given(st.integers(1, 9), st.integers(1, 40), st.integers(1, 60), st.integers(0, 10**6))
def test_excess_rank_equals_the_oracle_with_ties(
    n_rows: int, n: int, levels: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    near, far = rng.integers(0, levels, size=(2, n_rows, n)).astype(np.float32)
    far[:, 0] = np.inf
    k = int(rng.integers(1, n + 1))
    assert excess_rank(near, far, k=k).tolist() == oracle(near, far, k).tolist()


def test_excess_rank_is_the_same_for_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    near, far = np.random.default_rng(0).standard_normal((2, 100, 50)).astype(np.float32)
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        results.append(excess_rank(near, far, k=7).tobytes())
    assert len({*results}) == 1


def test_excess_rank_refuses_more_neighbours_than_columns() -> None:
    rows = np.zeros((2, 3), dtype=np.float32)
    with pytest.raises(KernelError):
        excess_rank(rows, rows, k=4)
