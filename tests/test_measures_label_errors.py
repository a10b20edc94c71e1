import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError
from emblink.measures import knn_label_purity, purity_errors
from tests.measures_helpers import brute_graph, renumbered

RNG = np.random.default_rng(0)
N, K = 90, 8
CODES = RNG.integers(-1, 3, N)
X = RNG.standard_normal((N, 3)) + 1.5 * np.eye(4)[CODES][:, :3]
Y = X + 0.6 * RNG.standard_normal((N, 3))


def test_the_error_is_that_of_leaving_each_item_out() -> None:
    def change(items: NDArray[np.int64]) -> NDArray[np.float64]:
        before, after = (
            knn_label_purity(brute_graph(space[items], K), CODES[items], k=K).astype(float)
            for space in (X, Y)
        )
        moved: NDArray[np.float64] = after - before
        return moved

    full, lost, squares = change(np.arange(N)), np.zeros((3, N)), np.zeros(3)
    own = [np.flatnonzero(np.isfinite(full) & (code == CODES)) for code in range(3)]
    for item in range(N):
        kept = np.delete(np.arange(N), item)
        without = np.full(N, np.nan)
        without[kept] = change(kept)
        for code, rows in enumerate(own):
            others = rows[rows != item]
            shift = without[others] - full[others]
            squares[code] += shift @ shift
            lost[code, item] = -shift.sum()
            if item in rows:
                lost[code, item] += full[item] - full[rows].mean()
    spread = np.square(lost - lost.mean(axis=1, keepdims=True)).sum(axis=1) - squares
    least = [len(rows) * np.var(full[rows], ddof=1) for rows in own]
    expected = np.sqrt(np.maximum(spread, least)) / [len(rows) for rows in own]
    a, b = brute_graph(X, K + 3), brute_graph(Y, K + 3)
    found = purity_errors(a, b, CODES, k=K, groups=CODES, n_groups=3)
    np.testing.assert_allclose([one.value for one in found], expected, rtol=1e-5)


def test_the_error_ignores_the_order_of_the_items() -> None:
    a, b = brute_graph(X, K + 1), brute_graph(Y, K + 1)
    order = np.random.default_rng(1).permutation(N)
    moved = CODES[order]
    found = purity_errors(
        renumbered(a, order), renumbered(b, order), moved, k=K, groups=moved, n_groups=3
    )
    expected = purity_errors(a, b, CODES, k=K, groups=CODES, n_groups=3)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_group_of_fewer_than_two_items_has_no_error() -> None:
    a, b = brute_graph(X, K + 1), brute_graph(Y, K + 1)
    groups = np.full(N, -1)
    groups[int(np.flatnonzero(CODES >= 0)[0])] = 0
    alone, none = purity_errors(a, b, CODES, k=K, groups=groups, n_groups=2)
    assert alone.value == none.value == np.inf
    small = purity_errors(a, b, CODES, k=K, groups=CODES, n_groups=3, fewest=N)
    assert [one.value for one in small] == [np.inf] * 3


def test_a_space_against_itself_is_sure() -> None:
    graph = brute_graph(X, K + 1)
    found = purity_errors(graph, graph, CODES, k=K, groups=CODES, n_groups=3)
    assert [one.value for one in found] == [0.0] * 3


def test_codes_that_do_not_fit_are_refused() -> None:
    graph = brute_graph(X, K + 1)
    with pytest.raises(GraphMismatchError, match="give one an item"):
        purity_errors(graph, graph, CODES[1:], k=K, groups=CODES, n_groups=3)
