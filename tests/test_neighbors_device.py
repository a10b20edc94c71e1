"""Exact search on a device: torch's CPU stands for it, through the same code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.errors import InputError
from emblink.neighbors import _device, nearest_neighbors, neighbors_of
from tests.conftest import clustered
from tests.test_executors import equal, vectors


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have torch's CPU search; the list grows with every search of it."""
    monkeypatch.setenv("EMBLINK_DEVICE", "cpu")
    monkeypatch.setattr(_device, "_QUERIES", 300)
    monkeypatch.setattr(_device, "_CANDIDATES", 700)
    searched: list[int] = []
    on = _device.queries_on

    def counted(*arguments: Any, **options: Any) -> int:
        searched.append(on(*arguments, **options))
        return searched[-1]

    monkeypatch.setattr("emblink.neighbors._search.queries_on", counted)
    return searched


@pytest.mark.executors
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("k", [1, 40, 1_099])
def test_neighbours_are_the_same_bits(
    device: list[int], monkeypatch: pytest.MonkeyPatch, metric: Any, k: int
) -> None:
    x = vectors(1_100)
    asked = np.random.default_rng(1).permutation(len(x))[:321]
    there = nearest_neighbors(x, k=k, metric=metric)
    some = nearest_neighbors(x, k=k, metric=metric, queries=asked)
    new = neighbors_of(x[:7] + 1, x, k=k, metric=metric)
    assert len(device) == 3
    monkeypatch.setenv("EMBLINK_DEVICE", "none")
    assert equal(there, nearest_neighbors(x, k=k, metric=metric))
    assert equal(some, nearest_neighbors(x, k=k, metric=metric, queries=asked))
    assert equal(new, neighbors_of(x[:7] + 1, x, k=k, metric=metric))


@pytest.mark.executors
def test_ties_are_by_row(device: list[int]) -> None:
    x = np.repeat(np.eye(4, dtype=np.float32), 300, axis=0)
    found = nearest_neighbors(x, k=5).indices
    assert device
    assert found[0].tolist() == [1, 2, 3, 4, 5]
    assert found[899].tolist() == [600, 601, 602, 603, 604]


@pytest.mark.executors
def test_short_products_that_the_user_allows_are_not_used(device: list[int]) -> None:
    import torch

    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        there = nearest_neighbors(vectors(900), k=10)
        assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision(before)
    assert device
    assert equal(there, nearest_neighbors(vectors(900), k=10))


@pytest.mark.executors
def test_progress_is_told_and_cancels(device: list[int]) -> None:
    told: list[tuple[int, int]] = []
    nearest_neighbors(vectors(900), k=5, progress=lambda *at: told.append(at))
    assert told[0] == (0, device[0])
    assert (device[0], device[0]) in told

    def enough(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        nearest_neighbors(vectors(900), k=5, progress=enough)


@pytest.mark.executors
def test_a_comparison_is_the_same(
    device: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    x, _ = clustered(300)
    spaces = {"a": x, "b": x + np.random.default_rng(2).standard_normal(x.shape)}
    there = eb.compare(spaces, out=tmp_path / "there")
    assert device
    monkeypatch.setenv("EMBLINK_DEVICE", "none")
    assert there.report() == eb.compare(spaces, out=tmp_path / "here").report()


@pytest.mark.executors
def test_a_device_that_is_not_there_is_named(
    device: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("abacus", "cuda:77"):
        monkeypatch.setenv("EMBLINK_DEVICE", name)
        with pytest.raises(InputError, match=f"EMBLINK_DEVICE is '{name}', which torch cannot"):
            nearest_neighbors(vectors(900), k=5)


def test_small_work_does_not_even_look_for_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMBLINK_DEVICE", raising=False)
    monkeypatch.setattr(_device, "find_spec", lambda name: pytest.fail("torch was looked for"))
    nearest_neighbors(vectors(300), k=5)
    assert "torch" not in sys.modules or _device.device_for(1.0) is None


def test_where_torch_is_not_installed_this_machine_searches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("EMBLINK_DEVICE", raising=False)
    monkeypatch.setattr(_device, "find_spec", lambda name: None)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    assert _device.device_for(1e20) is None
