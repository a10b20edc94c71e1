"""The kernels of lists against sets in Python."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emblink.errors import KernelError
from emblink.kernels import list_ranks, prefix_agreement
from emblink.types import IntArray


def common(a: IntArray, b: IntArray, depth: int) -> list[int]:
    pairs = zip(a[:, :depth].tolist(), b[:, :depth].tolist(), strict=True)
    return [len({*x} & {*y} - {-1}) for x, y in pairs]


def places(wanted: IntArray, lists: IntArray) -> list[list[int]]:
    return [
        [y.index(member) + 1 if member >= 0 and member in y else 0 for member in x]
        for x, y in zip(wanted.tolist(), lists.tolist(), strict=True)
    ]


@given(st.integers(1, 9), st.integers(1, 30), st.integers(2, 60), st.integers(0, 10**6))
def test_prefix_agreement_equals_the_oracle_with_repeats_and_padding(
    n_rows: int, length: int, n: int, seed: int
) -> None:
    a, b = np.random.default_rng(seed).integers(-1, n, size=(2, n_rows, length)).astype(np.int32)
    depths = range(1, length + 1)
    found = prefix_agreement(a, b, depths=depths)
    assert found.T.tolist() == [common(a, b, depth) for depth in depths]
    assert prefix_agreement(b, a, depths=[length])[:, 0].tolist() == found[:, -1].tolist()


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 30), st.integers(0, 10**6))
def test_list_ranks_equal_the_oracle_with_repeats_and_padding(
    n_rows: int, n_wanted: int, length: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    wanted = rng.integers(-1, 40, size=(n_rows, n_wanted)).astype(np.int32)
    lists = rng.integers(-1, 40, size=(n_rows, length)).astype(np.int32)
    assert list_ranks(wanted, lists).tolist() == places(wanted, lists)


def test_members_far_apart_are_told_apart() -> None:
    wanted = np.array([[2**31 - 1, 0, 2**30, 12]], dtype=np.int32)
    assert list_ranks(wanted, wanted[:, ::-1].copy()).tolist() == [[4, 3, 2, 1]]


def test_lists_are_the_same_for_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = np.random.default_rng(0).integers(0, 90, size=(2, 700, 30)).astype(np.int32)
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        results.append(
            (prefix_agreement(a, b, depths=[3, 30]).tobytes(), list_ranks(a, b).tobytes())
        )
    assert len({*results}) == 1


@pytest.mark.parametrize("depths", [[], [0], [4], [2, 2], [3, 1]])
def test_prefix_agreement_refuses_depths_out_of_range_or_order(depths: list[int]) -> None:
    lists = np.zeros((2, 3), dtype=np.int32)
    with pytest.raises(KernelError):
        prefix_agreement(lists, lists, depths=depths)


def test_kernels_of_lists_refuse_lists_of_different_items() -> None:
    two, three = np.zeros((2, 3), dtype=np.int32), np.zeros((3, 3), dtype=np.int32)
    with pytest.raises(KernelError):
        prefix_agreement(two, three, depths=[1])
    with pytest.raises(KernelError):
        list_ranks(two, three)
