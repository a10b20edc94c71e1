"""The measures against what packages of others gave for the same numbers.

The figures were recorded from repsim 0.1.5 and rsatoolbox 0.3.2 (rbo's are in
test_measures_rbo.py): the one needs a compiler, the other thirteen packages, to be installed.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import spatial

from emblink.measures import linear_cka, procrustes_similarity, rsa
from emblink.types import Metric

NARROW, WIDE = (200, 20), (60, 90)


def related(n: int, d: int) -> list[NDArray[np.float64]]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, d)) + 3
    return [x, x @ rng.standard_normal((d, d + 5)) / d**0.5 + rng.standard_normal((n, d + 5))]


@pytest.mark.parametrize(
    ("shape", "biased", "debiased"),
    [
        (NARROW, 0.523851941603474, 0.47609816045578895),
        (WIDE, 0.7770449035895002, 0.4756382421872976),
    ],
)
def test_linear_cka_is_that_of_repsim(
    shape: tuple[int, int], biased: float, debiased: float
) -> None:
    """``cka(estimator="gretton")``, and the ratio of its ``hsic(estimator="song")``."""
    spaces = related(*shape)
    assert linear_cka(*spaces, debiased=False) == pytest.approx(biased, abs=1e-10)
    assert linear_cka(*spaces) == pytest.approx(debiased, abs=1e-10)


@pytest.mark.parametrize(
    ("shape", "metric", "recorded"),
    [
        (NARROW, "euclidean", 0.47927416462854605),
        (NARROW, "cosine", 0.31842804721731405),
        (WIDE, "euclidean", 0.42559531462495936),
        (WIDE, "cosine", 0.27160749110907684),
    ],
)
def test_rsa_is_that_of_rsatoolbox(shape: tuple[int, int], metric: Metric, recorded: float) -> None:
    """Spearman's, of ``calc_rdm(method="euclidean")`` and of ``"correlation"``."""
    spaces = related(*shape)
    if metric == "cosine":  # correlation is the cosine of rows less their own mean
        spaces = [x - x.mean(axis=1, keepdims=True) for x in spaces]
    assert rsa(*spaces, metric=metric) == pytest.approx(recorded, abs=1e-10)


@pytest.mark.parametrize("shape", [NARROW, WIDE])
def test_procrustes_similarity_is_that_of_scipy(shape: tuple[int, int]) -> None:
    x, y = related(*shape)
    padded = np.pad(x, ((0, 0), (0, 5)))
    _, _, disparity = spatial.procrustes(padded, y)
    assert procrustes_similarity(x, y) == pytest.approx(np.sqrt(1 - disparity), abs=1e-10)
