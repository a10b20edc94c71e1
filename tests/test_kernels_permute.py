"""The permutation kernels against numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from emblink.errors import KernelError
from emblink.kernels import permuted_overlaps, permuted_products

Ints = NDArray[np.int32]


def permutations(rng: np.random.Generator, n_orders: int, n: int) -> Ints:
    return np.array([rng.permutation(n) for _ in range(n_orders)], np.int32).reshape(n_orders, n)


def symmetric(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    values = rng.standard_normal((n, n))
    return values + values.T


def lists(rng: np.random.Generator, n: int, k: int) -> Ints:
    return np.array([rng.permutation(n)[:k] for _ in range(n)], dtype=np.int32)


@given(st.integers(1, 40), st.integers(0, 6), st.integers(0, 10**6))
def test_permuted_products_equal_the_oracle(n: int, n_orders: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = symmetric(rng, n), symmetric(rng, n)
    orders = permutations(rng, n_orders, n)
    expected = [np.triu(a * b[np.ix_(order, order)], 1).sum() for order in orders]
    assert permuted_products(a, b, orders=orders) == pytest.approx(expected, abs=1e-11)


def test_permuted_products_leave_the_diagonals_unread() -> None:
    rng = np.random.default_rng(0)
    a, b = symmetric(rng, 6), symmetric(rng, 6)
    orders = permutations(rng, 3, 6)
    before = permuted_products(a, b, orders=orders)
    np.fill_diagonal(a, np.nan)
    np.fill_diagonal(b, np.nan)
    assert permuted_products(a, b, orders=orders).tolist() == before.tolist()


@given(st.integers(1, 30), st.integers(0, 5), st.integers(0, 10**6))
def test_permuted_overlaps_equal_the_oracle(n: int, n_orders: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    k, n_rows = (int(number) for number in rng.integers(1, n + 1, 2))
    a, b = lists(rng, n, k), lists(rng, n, k)
    orders = permutations(rng, n_orders, n)
    rows = np.ascontiguousarray(permutations(rng, n_orders, n)[:, :n_rows])
    expected = [
        sum(len({*order[a[i]].tolist()} & {*b[order[i]].tolist()}) for i in asked)
        for order, asked in zip(orders, rows, strict=True)
    ]
    assert permuted_overlaps(a, b, orders=orders, rows=rows).tolist() == expected


def test_permuted_sums_are_the_same_for_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(1)
    a, b = symmetric(rng, 50), symmetric(rng, 50)
    near_a, near_b = lists(rng, 50, 8), lists(rng, 50, 8)
    orders = permutations(rng, 20, 50)
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        common = permuted_overlaps(near_a, near_b, orders=orders, rows=orders)
        results.append(permuted_products(a, b, orders=orders).tobytes() + common.tobytes())
    assert len({*results}) == 1


def test_orders_out_of_range_are_refused() -> None:
    square = np.zeros((3, 3))
    near = np.zeros((3, 1), dtype=np.int32)
    wrong = np.array([[0, 1, 3]], dtype=np.int32)
    with pytest.raises(KernelError):
        permuted_products(square, square, orders=wrong)
    with pytest.raises(KernelError):
        permuted_overlaps(near, near, orders=wrong, rows=np.zeros((1, 1), dtype=np.int32))
    with pytest.raises(KernelError):
        permuted_products(square, np.zeros((2, 2)), orders=wrong % 3)
