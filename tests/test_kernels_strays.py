"""The kernels of strayed items against sums, counts and distances in Python."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from emblink.errors import KernelError
from emblink.kernels import (
    Arcs,
    _strays,
    arc_products,
    joint_arcs,
    neighbor_means,
    neighbor_spans,
)
from tests.measures_helpers import random_lists

Lists = NDArray[np.int32]


def joined(a: Lists, b: Lists, rows: list[int]) -> list[dict[int, int]]:
    """In how many lists each node stands with each other one."""
    node = {row: at for at, row in enumerate(rows)}
    met: list[Counter[int]] = [Counter() for _ in rows]
    for lists in (a, b):
        for row, at in node.items():
            for other in lists[row].tolist():
                if other in node:
                    met[at][node[other]] += 1
                    met[node[other]][at] += 1
    return [dict(one) for one in met]


def as_dicts(arcs: Arcs) -> list[dict[int, int]]:
    parts = [
        slice(int(begin), int(end))
        for begin, end in zip(arcs.begins[:-1], arcs.begins[1:], strict=True)
    ]
    return [
        dict(zip(arcs.others[part].tolist(), arcs.counts[part].tolist(), strict=True))
        for part in parts
    ]


@given(st.integers(1, 40), st.integers(1, 12), st.integers(0, 10**6))
def test_neighbor_means_equal_the_oracle_with_repeats(n: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=n).astype(np.float32)
    lists = rng.integers(0, n, size=(n, k)).astype(np.int32)
    found = neighbor_means(values, lists)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, values[lists].mean(axis=1, dtype=np.float64), rtol=2e-6)


@given(st.integers(1, 40), st.integers(1, 12), st.integers(0, 7), st.integers(0, 10**6))
def test_neighbor_spans_equal_the_oracle(n: int, k: int, n_dims: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, n_dims)).astype(np.float32)
    lists = rng.integers(0, n, size=(n, k)).astype(np.int32)
    steps = points[:, None].astype(np.float64) - points[lists]
    np.testing.assert_allclose(
        neighbor_spans(points, lists), np.linalg.norm(steps, axis=2), rtol=2e-7
    )


def test_a_span_is_measured_in_float64() -> None:
    points = np.array([[1e8, 0.0], [1e8, 3e-20]], dtype=np.float32)
    lists = np.array([[1], [0]], dtype=np.int32)
    assert neighbor_spans(points, lists)[:, 0].tolist() == pytest.approx([3e-20, 3e-20])


@given(st.integers(2, 30), st.integers(1, 9), st.integers(0, 30), st.integers(0, 10**6))
def test_joint_arcs_equal_the_oracle_for_nodes_in_any_order(
    n: int, k: int, n_nodes: int, seed: int
) -> None:
    k = min(k, n - 1)
    a, b = random_lists(n, k, seed=seed), random_lists(n, k, seed=seed + 1)
    rows = np.random.default_rng(seed).permutation(n)[:n_nodes]
    arcs = joint_arcs(a, b, rows)
    assert as_dicts(arcs) == joined(a, b, rows.tolist())
    assert arcs.begins[-1] == len(arcs.others) == len(arcs.counts)
    for begin, end in zip(arcs.begins[:-1], arcs.begins[1:], strict=True):
        assert (np.diff(arcs.others[begin:end]) > 0).all()


def test_joint_arcs_are_the_same_however_few_nodes_are_moved_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a, b = random_lists(50, 7, seed=0), random_lists(50, 7, seed=1)
    rows = np.random.default_rng(0).permutation(50)[:40]
    whole = joint_arcs(a, b, rows)
    monkeypatch.setattr(_strays, "_NODES", 3)
    for one, other in zip(joint_arcs(a, b, rows), whole, strict=True):
        np.testing.assert_array_equal(one, other)


@given(st.integers(2, 30), st.integers(1, 9), st.integers(0, 10**6))
def test_each_edge_is_an_arc_of_both_ends_and_stands_in_one_to_four_lists(
    n: int, k: int, seed: int
) -> None:
    k = min(k, n - 1)
    arcs = joint_arcs(
        random_lists(n, k, seed=seed), random_lists(n, k, seed=~seed & 99), np.arange(n)
    )
    nodes = np.repeat(np.arange(n), np.diff(arcs.begins))
    there = {*zip(nodes.tolist(), arcs.others.tolist(), arcs.counts.tolist(), strict=True)}
    assert there == {(other, node, count) for node, other, count in there}
    assert set(arcs.counts.tolist()) <= {1, 2, 3, 4}
    assert (nodes != arcs.others).all()


def test_items_that_stand_in_all_four_lists_count_four_times() -> None:
    lists = np.array([[1], [0], [0]], dtype=np.int32)
    assert as_dicts(joint_arcs(lists, lists, np.arange(3))) == [{1: 4, 2: 2}, {0: 4}, {0: 2}]


def test_nodes_are_joined_through_no_item_that_is_none() -> None:
    lists = np.array([[1], [2], [0]], dtype=np.int32)
    assert as_dicts(joint_arcs(lists, lists, np.array([2, 0]))) == [{1: 2}, {0: 2}]
    assert as_dicts(joint_arcs(lists, lists, np.array([1]))) == [{}]


@given(st.integers(2, 30), st.integers(0, 7), st.integers(0, 10**6))
def test_arc_products_equal_the_oracle_and_are_the_same_both_ways(
    n: int, n_dims: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, n_dims)).astype(np.float32)
    k = min(5, n - 1)
    arcs = joint_arcs(
        random_lists(n, k, seed=seed), random_lists(n, k, seed=seed + 1), np.arange(n)
    )
    products = arc_products(points, arcs)
    nodes = np.repeat(np.arange(n), np.diff(arcs.begins))
    expected = np.einsum("ij,ij->i", points[nodes].astype(np.float64), points[arcs.others])
    np.testing.assert_allclose(products, expected, rtol=1e-5, atol=1e-5)
    both = dict(zip(zip(nodes.tolist(), arcs.others.tolist(), strict=True), products, strict=True))
    assert all(both[other, node] == value for (node, other), value in both.items())


def test_an_empty_graph_has_no_arcs_and_no_products() -> None:
    lists = random_lists(20, 4, seed=0)
    arcs = joint_arcs(lists, lists, np.array([], dtype=np.int64))
    assert arcs.begins.tolist() == [0]
    assert (arcs.others.tolist(), arcs.counts.tolist()) == ([], [])
    assert arc_products(np.zeros((0, 3), dtype=np.float32), arcs).shape == (0,)
    none = np.zeros((0, 4), dtype=np.int32)
    assert neighbor_means(np.zeros(0, dtype=np.float32), none).shape == (0,)
    assert neighbor_spans(np.zeros((0, 2), dtype=np.float32), none).shape == (0, 4)
    assert joint_arcs(none, none, np.array([], dtype=np.int64)).begins.tolist() == [0]


def test_kernels_of_strays_are_the_same_for_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(0)
    n = 1500  # several blocks of rows
    points = rng.normal(size=(n, 5)).astype(np.float32)
    a, b = (random_lists(n, 9, seed=seed, pull=seed / 2) for seed in (1, 2))
    rows = rng.permutation(n)[:1200]
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        arcs = joint_arcs(a, b, rows)
        made = (
            neighbor_means(points[:, 0].copy(), a),
            neighbor_spans(points, a),
            *arcs,
            arc_products(points[rows], arcs),
        )
        results.append(b"".join(one.tobytes() for one in made))
    assert len({*results}) == 1


@pytest.mark.parametrize("bad", [-1, 3])
def test_kernels_of_strays_refuse_neighbours_that_are_no_rows(bad: int) -> None:
    lists = np.array([[1], [2], [bad]], dtype=np.int32)
    fine = np.array([[1], [2], [0]], dtype=np.int32)
    for a, b in ((lists, fine), (fine, lists)):
        with pytest.raises(KernelError, match="do not fit"):
            joint_arcs(a, b, np.arange(3))
    with pytest.raises(KernelError, match="do not fit"):
        neighbor_means(np.zeros(3, dtype=np.float32), lists)
    with pytest.raises(KernelError, match="do not fit"):
        neighbor_spans(np.zeros((3, 2), dtype=np.float32), lists)


def test_kernels_of_strays_refuse_arrays_that_do_not_fit() -> None:
    lists = random_lists(5, 2, seed=0)
    floats = np.zeros((5, 2), dtype=np.float32)
    with pytest.raises(KernelError, match="neighbor_means was given"):
        neighbor_means(floats[:4, 0].copy(), lists)
    with pytest.raises(KernelError, match="neighbor_spans was given"):
        neighbor_spans(floats[:4], lists)
    with pytest.raises(KernelError, match="neighbor_spans was given"):
        neighbor_spans(floats[:, 0].copy(), lists)
    with pytest.raises(KernelError, match="joint_arcs was given"):
        joint_arcs(lists, lists[:, :1].copy(), np.arange(5))
    with pytest.raises(KernelError, match="arc_products was given"):
        arc_products(floats[:4], joint_arcs(lists, lists, np.arange(5)))
    with pytest.raises(KernelError, match="neighbour lists was given"):
        neighbor_means(np.zeros(5, dtype=np.float32), lists[:, :0].copy())
    with pytest.raises(KernelError, match="needs a C-contiguous float32"):
        neighbor_means(np.zeros(5), lists)  # type: ignore[arg-type]
    with pytest.raises(KernelError, match="needs a C-contiguous int32"):
        neighbor_spans(floats, lists.astype(np.int64))
