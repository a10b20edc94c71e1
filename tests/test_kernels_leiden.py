"""The kernel of communities against every partition there is, and what must hold of any graph."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from emblink.errors import KernelError
from emblink.kernels import leiden
from tests.benchmarks_helpers import imported

BEST = Path(__file__).parent / "data" / "leiden_graphs.json"

Codes = NDArray[np.int32]
Floats = NDArray[np.float64]
Csr = tuple[NDArray[np.int64], NDArray[np.int32], Floats]


def rows_of(matrix: Floats) -> Csr:
    """Compressed rows of a symmetric matrix; 0 is no arc, and NaN an arc of weight 0."""
    nodes, others = np.nonzero(matrix)
    begins = np.searchsorted(nodes, np.arange(len(matrix) + 1))
    return begins, others.astype(np.int32), np.nan_to_num(matrix[nodes, others])


def drawn(n: int, *, density: float = 0.5, seed: int, loops: bool = False) -> Floats:
    rng = np.random.default_rng(seed)
    matrix: Floats = np.triu(rng.exponential(size=(n, n)) * (rng.random((n, n)) < density), 1)
    matrix += matrix.T
    if loops:
        np.fill_diagonal(matrix, rng.exponential(size=n))
    return matrix


def cliques(*sizes: int, weight: float = 1.0, between: float = 0.0) -> Floats:
    """Cliques in a row, the last node of each linked to the first of the next one."""
    codes = np.repeat(np.arange(len(sizes)), sizes)
    matrix: Floats = np.where(codes[:, None] == codes, weight, 0.0)
    ends = np.cumsum(sizes)[:-1]
    matrix[ends, ends - 1] = matrix[ends - 1, ends] = between
    np.fill_diagonal(matrix, 0)
    return matrix


def quality(matrix: Floats, partitions: NDArray[np.integer], resolution: float) -> Floats:
    """Of one partition a row: weight of the pairs of nodes within, less the resolution for each."""
    firsts, seconds = np.triu_indices(len(matrix), 1)
    total = np.zeros(len(partitions))
    for first, second in zip(firsts, seconds, strict=True):
        gain = np.nan_to_num(matrix[first, second]) - resolution
        total += gain * (partitions[:, first] == partitions[:, second])
    return total


def reached(matrix: Floats, codes: Codes, resolution: float) -> float:
    within = np.triu(codes[:, None] == codes, 1)
    return float((np.nan_to_num(matrix) - resolution)[within].sum())


@cache
def partitions(n: int) -> NDArray[np.int8]:
    """Every partition of ``n`` nodes, numbered in the order of first members."""
    if n == 0:
        return np.zeros((1, 0), dtype=np.int8)
    found = [
        [*one, code]
        for one in partitions(n - 1).tolist()
        for code in range(max(one, default=-1) + 2)
    ]
    return np.array(found, dtype=np.int8)


def connected(matrix: Floats, members: NDArray[np.integer]) -> bool:
    """Whether a walk over edges of some weight from the first member reaches all."""
    linked = np.nan_to_num(matrix[np.ix_(members, members)]) > 0
    inside = np.zeros(len(members), dtype=bool)
    inside[0] = True
    for _ in members:
        inside |= linked[inside].any(axis=0)
    return bool(inside.all())


def claims(matrix: Floats, codes: Codes, resolution: float) -> None:
    """Assert all that is said of a partition, but that it is the best."""
    assert codes.dtype == np.int32
    assert codes.shape == (len(matrix),)
    firsts = [int(np.argmax(codes == code)) for code in range(int(codes.max(initial=-1)) + 1)]
    assert firsts == sorted(firsts)
    assert [*dict.fromkeys(codes.tolist())] == [*range(len(firsts))]
    assert all(connected(matrix, np.flatnonzero(codes == code)) for code in range(len(firsts)))
    once = codes[:, None] == np.arange(len(firsts) + 1)  # and an empty one
    weights = np.nan_to_num(matrix) * (1 - np.eye(len(matrix)))
    gains = weights @ once - resolution * (once.sum(axis=0) - once)
    own = gains[np.arange(len(codes)), codes]
    assert (gains.max(axis=1, initial=0) <= own + 1e-8 * (weights.sum() + 1)).all()


@pytest.mark.slow
@pytest.mark.parametrize(("starts", "found"), [(1, 0.97), (8, 0.99)])
def test_of_all_partitions_of_small_graphs_the_best_is_found_but_for_one_in_a_hundred(
    starts: int, found: float
) -> None:
    hits = []
    for seed in range(400):
        rng = np.random.default_rng(seed)
        n, resolution = int(rng.integers(3, 8)), float(rng.choice([0, 0.03, 0.3, 0.6, 1, 2]))
        matrix = drawn(n, density=rng.uniform(0.1, 1), seed=seed, loops=seed % 2 == 0)
        best = quality(matrix, partitions(n), resolution).max()
        codes = leiden(*rows_of(matrix), resolution=resolution, seed=seed, starts=starts)
        missing = best - reached(matrix, codes, resolution)
        assert missing > -1e-9
        hits.append(missing < 1e-9)
    assert np.mean(hits) >= found


@pytest.mark.slow
def test_the_best_of_all_partitions_of_nine_nodes_is_found() -> None:
    for seed in range(20):
        matrix = drawn(9, density=0.6, seed=seed)
        best = quality(matrix, partitions(9), 0.4).max()
        codes = leiden(*rows_of(matrix), resolution=0.4, starts=8)
        assert reached(matrix, codes, 0.4) == pytest.approx(best, rel=1e-9)


@settings(deadline=None, max_examples=60)
@given(
    n=st.integers(0, 120),
    density=st.floats(0, 0.4),
    resolution=st.sampled_from([0.0, 0.01, 0.1, 0.5, 5.0]),
    seed=st.integers(0, 2**32 - 1),
)
def test_communities_are_connected_numbered_by_first_members_and_no_node_gains_by_moving(
    n: int, density: float, resolution: float, seed: int
) -> None:
    matrix = drawn(n, density=density, seed=seed)
    claims(matrix, leiden(*rows_of(matrix), resolution=resolution, seed=seed), resolution)


def test_no_two_communities_gain_by_becoming_one() -> None:
    for seed in range(20):
        matrix = drawn(80, density=0.1, seed=seed)
        codes = leiden(*rows_of(matrix), resolution=0.1, seed=seed)
        once = (codes[:, None] == np.unique(codes)).astype(float)
        sizes = once.sum(axis=0)
        gains = once.T @ matrix @ once - 0.1 * np.outer(sizes, sizes)
        np.fill_diagonal(gains, 0)
        assert gains.max() <= 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_cliques_in_a_row_are_told_apart_at_any_scale_of_the_weights(seed: int) -> None:
    sizes = (5, 30, 12, 2, 8)
    expected = np.repeat(np.arange(5), sizes)
    for scale in (1e-300, 1e-9, 1.0, 1e9, 1e307):
        graph = rows_of(cliques(*sizes, weight=scale, between=0.5 * scale))
        found = leiden(*graph, resolution=0.4 * scale, seed=seed)
        np.testing.assert_array_equal(found, expected)


def test_one_clique_is_one_community_below_its_weight_and_none_above() -> None:
    graph = rows_of(cliques(300))
    assert not leiden(*graph, resolution=0.99).any()
    assert leiden(*graph, resolution=1.01).tolist() == [*range(300)]


def test_a_graph_without_nodes_or_without_arcs_has_no_larger_community() -> None:
    for n in (0, 1, 7):
        graph = rows_of(np.zeros((n, n)))
        assert leiden(*graph, resolution=0.0).tolist() == [*range(n)]
        assert leiden(*graph, resolution=1.0).tolist() == [*range(n)]


def test_edges_of_no_weight_and_loops_say_nothing() -> None:
    matrix = drawn(60, density=0.1, seed=1)
    plain = leiden(*rows_of(matrix), resolution=0.2)
    more = np.where(matrix == 0, np.nan, matrix)
    np.fill_diagonal(more, 1e12)
    begins, others, weights = rows_of(more)
    assert (len(others), int((weights == 0).sum())) == (3600, int((matrix == 0).sum()) - 60)
    weights[np.repeat(np.arange(60), 60) == others] = 9.0
    np.testing.assert_array_equal(leiden(begins, others, weights, resolution=0.2), plain)
    zero = np.zeros_like(weights)
    assert leiden(begins, others, zero, resolution=0.0).tolist() == [*range(60)]


def test_without_a_cost_the_connected_components_are_the_communities() -> None:
    matrix = np.zeros((9, 9))
    matrix[[0, 4, 4, 8, 1, 3, 5, 6], [4, 0, 8, 4, 3, 1, 6, 5]] = 1e-12
    found = leiden(*rows_of(matrix), resolution=0.0)
    assert found.tolist() == [0, 1, 2, 1, 0, 3, 3, 4, 0]


def test_a_weight_that_dwarfs_all_others_does_not_hide_them() -> None:
    matrix = cliques(10, 10, 10)
    matrix[0, 1] = matrix[1, 0] = 1e12
    found = leiden(*rows_of(matrix), resolution=0.5)
    np.testing.assert_array_equal(found, np.repeat(np.arange(3), 10))


def test_weights_of_every_magnitude_and_ties_everywhere_come_to_an_end() -> None:
    rng = np.random.default_rng(0)
    for seed in range(40):
        upper = np.triu(10.0 ** rng.integers(-300, 300, size=(40, 40)), 1)
        matrix = upper + upper.T
        leiden(*rows_of(matrix), resolution=float(10.0 ** rng.integers(-300, 300)), seed=seed)
        even: Floats = np.where(drawn(40, density=0.3, seed=seed) > 0, 0.1, 0.0)
        claims(even, leiden(*rows_of(even), resolution=0.1, seed=seed), 0.1)


@pytest.mark.parametrize("n", [60, 1000])
def test_a_seed_gives_the_same_bytes_again_and_for_any_number_of_threads(
    n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = rows_of(drawn(n, density=8 / n, seed=2))
    results = set()
    for threads in ("1", "2", "5", "2"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        results.add(leiden(*graph, resolution=0.05, seed=3).tobytes())
    assert len(results) == 1


def test_more_starts_are_never_worse() -> None:
    for seed in range(10):
        matrix = drawn(150, density=0.06, seed=seed)
        graph = rows_of(matrix)
        found = [
            reached(matrix, leiden(*graph, resolution=0.1, seed=seed, starts=starts), 0.1)
            for starts in (1, 2, 4, 8)
        ]
        assert found == sorted(found)


def test_any_whole_number_is_a_seed() -> None:
    graph = rows_of(drawn(50, density=0.2, seed=0))
    found = [leiden(*graph, resolution=0.1, seed=seed).tolist() for seed in (-1, 2**64 - 1)]
    assert found[0] == found[1]


def test_what_is_no_undirected_graph_is_refused() -> None:
    begins, others, weights = rows_of(cliques(3, 2, between=1.0))
    uneven, negative, unknown, endless = (weights.copy() for _ in range(4))
    uneven[0], negative[:], unknown[0], endless[:] = 2, -1, np.nan, np.inf
    one_way = np.array([0, 1, 1]), np.array([1], dtype=np.int32), np.ones(1)
    bad: list[Csr] = [
        *((begins, others, wrong) for wrong in (uneven, negative, unknown, endless, weights[1:])),
        (begins, others + np.int32(1), weights),
        (begins, others - np.int32(1), weights),
        (begins, others[::-1].copy(), weights),
        (begins[:-1], others, weights),
        (begins[1:], others, weights),
        (begins[[0, 2, 1, *range(3, len(begins))]], others, weights),
        (begins[:0], others[:0], weights[:0]),
        one_way,
    ]
    for graph in bad:
        with pytest.raises(KernelError, match="leiden was given"):
            leiden(*graph, resolution=0.1)
    for resolution in (-0.1, np.nan, np.inf):
        with pytest.raises(KernelError, match="leiden was given"):
            leiden(begins, others, weights, resolution=resolution)
    with pytest.raises(KernelError, match="leiden was given"):
        leiden(begins, others, weights, resolution=0.1, starts=0)
    with pytest.raises(KernelError, match="needs a C-contiguous float64"):
        leiden(begins, others, weights.astype(np.float32), resolution=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("starts", [1, 3])
def test_on_graphs_of_ours_the_quality_is_the_best_known_to_half_a_percent(starts: int) -> None:
    best = json.loads(BEST.read_text(encoding="utf-8"))
    graphs, resolution = [*imported("leiden").stored()], best["resolution"]
    assert len(graphs) == len(best["graphs"]) == 10
    for name, graph in graphs:
        for seed in range(3):
            codes = leiden(*graph, resolution=resolution, seed=seed, starts=starts)
            quality = imported("leiden").quality(graph, codes, resolution=resolution)
            assert quality >= 0.995 * best["graphs"][name]["quality"] > 0, (name, seed)


@pytest.mark.slow
def test_on_graphs_of_ours_seeds_agree_where_the_best_is_clear_and_communities_are_connected() -> (
    None
):
    best = json.loads(BEST.read_text(encoding="utf-8"))
    clear = [name for name, one in best["graphs"].items() if one["clear"]]
    assert len(clear) >= 5
    for name, graph in imported("leiden").stored():
        found = [
            leiden(*graph, resolution=best["resolution"], seed=seed, starts=3) for seed in range(4)
        ]
        assert len({codes.tobytes() for codes in found}) == 1 or name not in clear, name
        matrix = np.zeros((len(found[0]),) * 2)
        matrix[np.repeat(np.arange(len(matrix)), np.diff(graph[0])), graph[1]] = graph[2]
        for code in range(found[0].max() + 1):
            assert connected(matrix, np.flatnonzero(found[0] == code)), (name, code)
