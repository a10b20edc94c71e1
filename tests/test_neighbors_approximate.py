from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import InputError, VectorError
from emblink.neighbors import (
    Recall,
    approximate,
    nearest_neighbors,
    prefers_approximate,
)
from emblink.neighbors import _approximate as door
from emblink.neighbors._recall import recall_of
from emblink.types import Metric, NeighborGraph

Rows = NDArray[np.float32]
Made = NDArray[np.floating[Any]]
Make = Callable[[np.random.Generator, int], Made]
N = 6000


def clusters(rng: np.random.Generator, n: int, *, width: float, dims: int = 24) -> Rows:
    centres = rng.standard_normal((200, dims))
    return np.asarray(
        centres[rng.integers(200, size=n)] + width * rng.standard_normal((n, dims)), np.float32
    )


def low(rng: np.random.Generator, n: int, dims: int) -> NDArray[np.float64]:
    """Ten dims in many, and noise."""
    flat = rng.standard_normal((n, 10)) @ rng.standard_normal((10, dims))
    return flat + 0.05 * rng.standard_normal((n, dims))


def with_outlier(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    rows = rng.standard_normal((n, 8))
    rows[-1] = 1e30
    return rows


def half_copies(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    rows = rng.standard_normal((n, 8))
    rows[: n // 2] = 1.0
    return rows


def hubs(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    rows = rng.standard_normal((n, 100))
    rows[:30] *= 0.05
    return rows


HARD: dict[str, tuple[Metric, Make]] = {
    "two dims": ("euclidean", lambda rng, n: rng.standard_normal((n, 2))),
    "two dims, directions": ("cosine", lambda rng, n: rng.standard_normal((n, 2))),
    "one dim": ("euclidean", lambda rng, n: rng.standard_normal((n, 1))),
    "tight clusters": ("euclidean", lambda rng, n: clusters(rng, n, width=1e-4)),
    "clusters far from the origin": ("euclidean", lambda rng, n: 50 + clusters(rng, n, width=0.01)),
    "clusters as directions": ("cosine", lambda rng, n: clusters(rng, n, width=0.05)),
    "each row forty times": (
        "cosine",
        lambda rng, n: rng.standard_normal((n // 40, 16))[rng.integers(n // 40, size=n)],
    ),
    "half of them one row": ("euclidean", half_copies),
    "one row": ("cosine", lambda _, n: np.ones((n, 5))),
    "one place": ("euclidean", lambda _, n: np.zeros((n, 5))),
    "heavy tails": ("euclidean", lambda rng, n: rng.standard_t(1.5, (n, 20))),
    "an outlier": ("euclidean", with_outlier),
    "tiny numbers": ("euclidean", lambda rng, n: 1e-30 * rng.standard_normal((n, 8))),
    "numbers at the end of float32": (
        "euclidean",
        lambda rng, n: 1e-37 * rng.standard_normal((n, 8)),
    ),
    "large numbers": ("euclidean", lambda rng, n: 1e30 * rng.standard_normal((n, 8))),
    "hubs": ("euclidean", hubs),
    "1,024 dims": ("cosine", lambda rng, n: low(rng, n, 1024)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HARD)
def test_recall_is_high_on_hard_rows_and_measured_right(name: str) -> None:
    metric, make = HARD[name]
    vectors = make(np.random.default_rng(0), N).astype(np.float32)
    found = approximate(vectors, 15, metric)
    exact = nearest_neighbors(vectors, k=15, metric=metric)
    true = float((found.graph.distances <= exact.distances[:, -1:]).mean())
    assert true >= 0.95
    # Wider than 95 %: fifteen such cases are tried.
    slack = found.recall.high - found.recall.low
    assert found.recall.low - slack <= true <= found.recall.high + slack
    assert found.graph.recall == found.recall.share


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_lists_are_those_of_the_exact_search_where_nothing_is_missing(metric: Metric) -> None:
    vectors = np.random.default_rng(1).standard_normal((N, 12), dtype=np.float32)
    vectors[3000:3200] = vectors[:200]
    found = approximate(vectors, 10, metric, target=0.99).graph
    exact = nearest_neighbors(vectors, k=10, metric=metric)
    whole = np.all(found.distances == exact.distances, axis=1)
    assert whole.mean() > 0.85
    np.testing.assert_array_equal(found.indices[whole], exact.indices[whole])
    assert found.indices.dtype == np.int32
    assert found.distances.dtype == np.float32
    assert found.metric == metric
    assert (np.diff(found.distances, axis=1) >= 0).all()
    assert (found.indices != np.arange(N)[:, None]).all()
    assert all(len(set(row)) == 10 for row in found.indices.tolist())


@pytest.mark.slow
def test_the_same_bytes_for_a_seed_whatever_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = clusters(np.random.default_rng(2), N, width=0.3)
    made = []
    for threads in ("1", "2", "4"):
        monkeypatch.setenv("EMBLINK_THREADS", threads)
        found = approximate(vectors, 12, seed=5)
        made.append((found.graph.indices.tobytes(), found.graph.distances.tobytes(), found.recall))
    assert len(set(made)) == 1
    other = approximate(vectors, 12, seed=6)
    assert other.graph.indices.tobytes() != made[0][0]


@pytest.mark.slow
@pytest.mark.parametrize(("n", "k"), [(2, 1), (5, 4), (300, 20), (4096, 15), (4500, 600)])
def test_few_rows_are_searched_exactly(n: int, k: int) -> None:
    vectors = np.random.default_rng(3).standard_normal((n, 4), dtype=np.float32)
    found = approximate(vectors, k)
    exact = nearest_neighbors(vectors, k=k)
    np.testing.assert_array_equal(found.graph.indices, exact.indices)
    np.testing.assert_array_equal(found.graph.distances, exact.distances)
    assert found.recall == Recall(1.0, 1.0, 1.0, n)


@pytest.mark.slow
@pytest.mark.parametrize("k", [1, 2, 40])
def test_any_number_of_neighbours(k: int) -> None:
    vectors = clusters(np.random.default_rng(4), N, width=0.5)
    found = approximate(vectors, k)
    exact = nearest_neighbors(vectors, k=k)
    assert found.graph.indices.shape == (N, k)
    assert (found.graph.distances <= exact.distances[:, -1:]).mean() >= 0.95


@pytest.mark.slow
def test_rows_without_structure_are_searched_exactly_where_that_is_quick() -> None:
    vectors = np.random.default_rng(5).standard_normal((5000, 300), dtype=np.float32)
    found = approximate(vectors, 10)
    assert found.recall == Recall(1.0, 1.0, 1.0, 5000)


@pytest.mark.slow
def test_where_exact_takes_long_what_was_reached_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "takes_a_minute", lambda *_: False)
    vectors = np.random.default_rng(5).standard_normal((5000, 300), dtype=np.float32)
    found = approximate(vectors, 10)
    exact = nearest_neighbors(vectors, k=10)
    true = float((found.graph.distances <= exact.distances[:, -1:]).mean())
    assert found.recall.share < door.TARGET
    assert found.recall.low - 0.02 <= true <= found.recall.high + 0.02


@pytest.mark.slow
def test_longer_lists_find_what_short_ones_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "takes_a_minute", lambda *_: False)
    vectors = np.random.default_rng(6).standard_normal((N, 30), dtype=np.float32)
    once = approximate(vectors, 10, "euclidean").recall
    monkeypatch.setattr(door, "prefers_approximate", lambda *_: True)
    again = approximate(vectors, 10, "euclidean").recall
    assert once.high < again.low


@pytest.mark.slow
def test_a_float32_map_is_read_in_place_under_euclidean(tmp_path: Path) -> None:
    vectors = np.random.default_rng(7).standard_normal((N, 64), dtype=np.float32)
    np.save(tmp_path / "rows.npy", vectors)
    mapped = np.load(tmp_path / "rows.npy", mmap_mode="r")
    found = approximate(mapped, 10, "euclidean").graph
    np.testing.assert_array_equal(
        found.indices, approximate(vectors, 10, "euclidean").graph.indices
    )


@pytest.mark.slow
def test_memory_grows_with_rows_and_not_with_their_square() -> None:
    def peak(n: int) -> int:
        vectors = clusters(np.random.default_rng(8), n, width=0.3, dims=8)
        tracemalloc.start()
        try:
            approximate(vectors, 10, "euclidean")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    # Blocks of the exact sample are the same size for both: what is left grows with the rows.
    few, many = peak(10_000), peak(40_000)
    assert (many - few) / 30_000 < 12 * 16 + 12 * 8 + 500


def test_progress_rises_to_the_end_and_what_it_raises_cancels() -> None:
    vectors = clusters(np.random.default_rng(9), N, width=0.3)
    shares: list[float] = []
    approximate(vectors, 10, progress=lambda done, total: shares.append(done / total))
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert len(shares) > 8

    def stop(done: int, total: int) -> None:
        if done >= 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        approximate(vectors, 10, progress=stop)


def test_what_cannot_be_searched_is_refused_in_words() -> None:
    vectors = np.ones((5000, 3), np.float32)
    with pytest.raises(InputError, match="k=5000 neighbours asked of 5000 items"):
        approximate(vectors, 5000)
    with pytest.raises(InputError, match="k=0 neighbours asked of 5000 items"):
        approximate(vectors, 0)
    with pytest.raises(InputError, match="metric is 'manhattan'"):
        approximate(vectors, 5, "manhattan")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"target is 1.5; give the recall to aim at"):
        approximate(vectors, 5, target=1.5)
    with pytest.raises(VectorError, match=r"1 row\(s\) of the vectors hold only zeros"):
        approximate(np.vstack([vectors, np.zeros((1, 3), np.float32)]), 5)
    with pytest.raises(VectorError, match=r"hold NaN, infinite"):
        approximate(np.vstack([vectors, np.full((1, 3), np.nan, np.float32)]), 5, "euclidean")
    with pytest.raises(VectorError, match="one row per item"):
        approximate(np.ones(5000, np.float32), 5)
    with pytest.raises(VectorError, match="at least 2 items"):
        approximate(vectors[:1], 1)


def test_recall_counts_ties_with_the_last_as_found() -> None:
    exact = NeighborGraph(
        np.array([[1, 2], [0, 2]], np.int32),
        np.array([[0.1, 0.5], [0.1, 0.2]], np.float32),
        "cosine",
    )
    found = NeighborGraph(
        np.array([[1, 3], [2, 3]], np.int32),
        np.array([[0.1, 0.5], [0.2, 0.3]], np.float32),
        "cosine",
    )
    assert recall_of(found, exact).share == 0.75


def test_the_interval_of_recall_covers_it() -> None:
    rng = np.random.default_rng(10)
    covered = 0
    for _ in range(200):
        # Rows differ: most lack nothing, some lack half of their neighbours.
        share = np.where(rng.random(1000) < 0.05, 0.5, 1.0)
        distances = (rng.random((1000, 10)) > share[:, None]).astype(np.float32)
        exact = NeighborGraph(
            np.zeros((1000, 10), np.int32), np.zeros((1000, 10), np.float32), "cosine"
        )
        recall = recall_of(NeighborGraph(exact.indices, distances, "cosine"), exact)
        covered += recall.low <= 0.975 <= recall.high
    # Of 200 intervals of 95 % fewer than 178 cover once in ten thousand.
    assert covered >= 178
    assert recall_of(exact, exact).low < 1.0


def test_exact_is_preferred_for_few_rows() -> None:
    assert not prefers_approximate(5000, 384)
    assert prefers_approximate(1_000_000, 128)
