"""Communities within communities: every level is made of those of the one before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emblink.errors import KernelError
from emblink.kernels import leiden, leiden_levels
from tests.benchmarks_helpers import imported
from tests.test_kernels_leiden import Codes, Floats, cliques, connected, drawn, reached, rows_of

FALLING = (0.5, 0.2, 0.08, 0.032)
SETTLED = 1000
"""Rounds in which all of these graphs come to rest."""


def joins(matrix: Floats, codes: Codes, resolution: float) -> float:
    """Return the most that any two communities gain by becoming one."""
    once = (codes[:, None] == np.unique(codes)).astype(float)
    sizes = once.sum(axis=0)
    gains = once.T @ matrix @ once - resolution * np.outer(sizes, sizes)
    np.fill_diagonal(gains, 0)
    return float(gains.max(initial=0))


@settings(deadline=None, max_examples=60)
@given(
    n=st.integers(0, 120),
    density=st.floats(0, 0.4),
    rounds=st.sampled_from([1, 2, SETTLED]),
    seed=st.integers(0, 2**32 - 1),
)
def test_levels_are_nested_connected_and_none_gains_by_joining(
    n: int, density: float, rounds: int, seed: int
) -> None:
    matrix = drawn(n, density=density, seed=seed)
    levels = leiden_levels(*rows_of(matrix), resolutions=FALLING, rounds=rounds, seed=seed)
    assert levels.shape == (len(FALLING), n)
    assert levels.dtype == np.int32
    for at, (resolution, codes) in enumerate(zip(FALLING, levels, strict=True)):
        assert [*dict.fromkeys(codes.tolist())] == [*range(codes.max(initial=-1) + 1)]
        for code in range(codes.max(initial=-1) + 1):
            assert connected(matrix, np.flatnonzero(codes == code))
        assert joins(matrix, codes, resolution) <= 1e-8 * (matrix.sum() + 1)
        if at:
            finer = levels[at - 1]
            assert len({*zip(finer.tolist(), codes.tolist(), strict=True)}) == len({*finer})
            before = reached(matrix, finer, resolution)
            assert reached(matrix, codes, resolution) >= before - 1e-8 * (matrix.sum() + 1)


def test_the_first_level_is_what_one_search_finds() -> None:
    for seed in range(5):
        graph = rows_of(drawn(150, density=0.06, seed=seed))
        levels = leiden_levels(*graph, resolutions=(0.3, 0.1), rounds=SETTLED, seed=seed)
        np.testing.assert_array_equal(levels[0], leiden(*graph, resolution=0.3, seed=seed))


def test_sizes_count_at_any_scale_of_the_weights() -> None:
    sizes = (5, 30, 12, 2, 8)
    for scale in (1e-300, 1.0, 1e307):
        graph = rows_of(cliques(*sizes, weight=scale, between=0.5 * scale))
        # Cliques join where their edge of 0.5 outweighs all pairs between them: 16 of 8 and 2.
        levels = leiden_levels(*graph, resolutions=[0.4 * scale, 0.03 * scale, 0.0], rounds=5)
        assert levels[0].tolist() == np.repeat([0, 1, 2, 3, 4], sizes).tolist()
        assert levels[1].tolist() == np.repeat([0, 1, 2, 3, 3], sizes).tolist()
        assert not levels[2].any()


def test_no_level_asks_for_nothing_and_any_bad_one_is_refused() -> None:
    graph = rows_of(cliques(3, 4))
    assert leiden_levels(*graph, resolutions=(), rounds=1).shape == (0, 7)
    for bad in (-0.1, np.nan, np.inf):
        with pytest.raises(KernelError, match="leiden was given"):
            leiden_levels(*graph, resolutions=(0.1, bad), rounds=1)
    with pytest.raises(KernelError, match="leiden was given"):
        leiden_levels(*graph, resolutions=(0.1,), rounds=0)


def test_a_seed_gives_the_same_bytes_for_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graph = rows_of(drawn(600, density=8 / 600, seed=2))
    results = set()
    for threads in ("1", "2", "5", "2"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        results.add(leiden_levels(*graph, resolutions=FALLING, rounds=3, seed=3).tobytes())
    assert len(results) == 1


@pytest.mark.slow
def test_on_graphs_of_ours_a_level_from_the_finer_one_is_nearly_as_good_as_one_anew() -> None:
    quality = imported("leiden").quality
    for name, graph in imported("leiden").stored():
        resolutions = [0.5 * 0.4**at for at in range(5)]
        levels = leiden_levels(*graph, resolutions=resolutions, rounds=5)
        for resolution, codes in zip(resolutions, levels, strict=True):
            anew = quality(graph, leiden(*graph, resolution=resolution), resolution=resolution)
            assert quality(graph, codes, resolution=resolution) >= 0.9 * anew, (name, resolution)
