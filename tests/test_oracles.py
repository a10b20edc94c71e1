"""The measures against packages that others wrote, where these install."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.measures import (
    linear_cka,
    list_rank_biased_overlap,
    procrustes_similarity,
    rsa,
)
from emblink.types import Metric

SHAPES = [(200, 20), (60, 90)]


def related(n: int, d: int) -> list[NDArray[np.float64]]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, d)) + 3
    return [x, x @ rng.standard_normal((d, d + 5)) / d**0.5 + rng.standard_normal((n, d + 5))]


@pytest.mark.parametrize("shape", SHAPES)
def test_linear_cka_is_that_of_repsim(shape: tuple[int, int]) -> None:
    repsim: Any = pytest.importorskip("repsim")
    spaces = related(*shape)
    biased = repsim.cka(spaces, kernel_type="linear", estimator="gretton")[0, 1]
    assert linear_cka(*spaces, debiased=False) == pytest.approx(biased, abs=1e-10)
    # Its debiased CKA divides by biased norms; the estimator itself is the same.
    hsic = repsim.hsic(spaces, kernel_type="linear", estimator="song")
    expected = hsic[0, 1] / np.sqrt(hsic[0, 0] * hsic[1, 1])
    assert linear_cka(*spaces) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("method", "metric"), [("euclidean", "euclidean"), ("correlation", "cosine")]
)
def test_rsa_is_that_of_rsatoolbox(shape: tuple[int, int], method: str, metric: Metric) -> None:
    toolbox: Any = pytest.importorskip("rsatoolbox")
    spaces = related(*shape)
    tables = [toolbox.rdm.calc_rdm(toolbox.data.Dataset(x), method=method) for x in spaces]
    expected = toolbox.rdm.compare(*tables, method="spearman").item()
    if method == "correlation":  # the cosine of rows less their own mean
        spaces = [x - x.mean(axis=1, keepdims=True) for x in spaces]
    assert rsa(*spaces, metric=metric) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("p", [0.5, 0.9, 0.98])
def test_rank_biased_overlap_is_that_of_rbo(p: float) -> None:
    rbo: Any = pytest.importorskip("rbo")
    rng = np.random.default_rng(0)
    for _ in range(20):
        one, other = (rng.permutation(40)[:20].tolist() for _ in range(2))
        expected = rbo.RankingSimilarity(one, other).rbo_ext(p=p)
        assert list_rank_biased_overlap(one, other, p=p) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("shape", SHAPES)
def test_procrustes_similarity_is_that_of_scipy(shape: tuple[int, int]) -> None:
    spatial: Any = pytest.importorskip("scipy.spatial")
    x, y = related(*shape)
    padded = np.pad(x, ((0, 0), (0, 5)))
    _, _, disparity = spatial.procrustes(padded, y)
    assert procrustes_similarity(x, y) == pytest.approx(np.sqrt(1 - disparity), abs=1e-10)
