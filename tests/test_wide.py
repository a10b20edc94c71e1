"""Spaces of more dims than items: the same numbers as from products of dims, in bounded memory."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import emblink as eb
from emblink.errors import TooLargeError, VectorError
from emblink.measures import (
    angular_shape_distance,
    is_turned_copy,
    k_means_cells,
    linear_cka,
    linear_cka_influence,
    linear_cka_null,
    linear_cka_trimmed,
    pair_geometry,
    procrustes_influence,
    procrustes_similarity,
    quantize_int8,
    space_health,
)
from emblink.measures._cka import debiased_cka
from emblink.measures._geometry import _best_turn, _cka_influence, _shape_influence
from emblink.measures._hsic import gram_rows_and_fit, gram_sums, moments
from emblink.neighbors import _affordable, check_affordable, nearest_neighbors
from emblink.projection import principal_components, trust_of_pictures
from emblink.projection._pca import _axes_of_dims
from emblink.types import Metric
from emblink.variants import with_variants
from tests.measures_helpers import brute_graph

Float64 = NDArray[np.float64]
METRICS: tuple[Metric, ...] = ("cosine", "euclidean")
TIMES = (2, 5)


def wide_pair(n: int, times: int, *, seed: int = 0, shared: float = 1.0) -> tuple[Float64, Float64]:
    """Return two spaces of ``times`` as many dims as items with some directions in common."""
    rng = np.random.default_rng(seed)
    spread = np.exp(-np.arange(12) / 4)
    common = rng.standard_normal((n, 12)) * spread
    d = n * times
    x, y = (
        shared * common @ rng.standard_normal((12, size)) + 0.3 * rng.standard_normal((n, size))
        for size in (d, d + 7)
    )
    return x + 0.4, y


def by_dims(x: Float64, y: Float64) -> tuple[float, float, Float64, Float64]:
    """CKA, Procrustes similarity and influences from products of dims."""
    of = moments(x, y)
    sums = gram_sums(of)
    nuclear, turn = _best_turn(of.xy)
    rows, fit = gram_rows_and_fit(x, y, of, turn=turn)
    shape = nuclear / float(np.sqrt(sums.s.sum() * sums.t.sum()))
    influence = _shape_influence(sums.s, sums.t, fit=fit, shape=shape)
    return debiased_cka(sums), shape, _cka_influence(sums, rows), influence


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("shared", [1.0, 0.0])
def test_geometry_is_that_of_products_of_dims(times: int, shared: float) -> None:
    x, y = wide_pair(60, times, shared=shared)
    cka, shape, pulls, pulls_of_shape = by_dims(x, y)
    found = pair_geometry(x, y)
    assert found.linear_cka == pytest.approx(cka, abs=1e-11)
    assert found.procrustes_similarity == pytest.approx(shape, abs=1e-11)
    np.testing.assert_allclose(found.linear_cka_influence, pulls, atol=1e-9)
    np.testing.assert_allclose(found.procrustes_influence, pulls_of_shape, atol=1e-8)
    assert linear_cka(x, y) == pytest.approx(cka, abs=1e-11)
    assert procrustes_similarity(x, y) == pytest.approx(shape, abs=1e-11)
    np.testing.assert_allclose(linear_cka_influence(x, y), pulls, atol=1e-9)
    np.testing.assert_allclose(procrustes_influence(x, y), pulls_of_shape, atol=1e-8)
    assert angular_shape_distance(x, y) == pytest.approx(float(np.arccos(shape)), abs=1e-8)


def test_one_wide_space_beside_a_narrow_one_is_measured_alike() -> None:
    x, _ = wide_pair(60, 3)
    y = x[:, :20] + 0.1 * np.random.default_rng(1).standard_normal((60, 20))
    cka, shape, *_ = by_dims(x, y)
    for found in (pair_geometry(x, y), pair_geometry(y, x)):
        assert found.linear_cka == pytest.approx(cka, abs=1e-11)
        assert found.procrustes_similarity == pytest.approx(shape, abs=1e-11)


@pytest.mark.parametrize("outlier", [1.0, 1e5])
def test_an_outlier_costs_the_other_rows_no_digits(outlier: float) -> None:
    x, y = wide_pair(50, 4, seed=3)
    x[0] *= outlier
    cka, shape, *_ = by_dims(x, y)
    assert procrustes_similarity(x, y) == pytest.approx(shape, abs=1e-11)
    # Debiasing takes the outlier's own term off, and digits with it, in either way of summing.
    assert pair_geometry(x, y).linear_cka == pytest.approx(cka, abs=1e-11 if outlier == 1 else 1e-5)
    trimmed = linear_cka(np.delete(x, 0, axis=0), np.delete(y, 0, axis=0))
    assert linear_cka_trimmed(x, y) == pytest.approx(trimmed, abs=0.05)


def test_many_blocks_of_items_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = wide_pair(70, 3, seed=4)
    expected = linear_cka(x, y), linear_cka_influence(x, y)
    monkeypatch.setattr("emblink.measures._hsic._TILE", 16)
    assert linear_cka(x, y) == pytest.approx(expected[0], abs=1e-12)
    np.testing.assert_allclose(linear_cka_influence(x, y), expected[1], atol=1e-10)


def test_a_wide_space_of_one_vector_has_no_geometry() -> None:
    x, y = wide_pair(20, 4)
    flat = np.full_like(x, 0.1)
    for measure in (linear_cka, pair_geometry, procrustes_similarity, angular_shape_distance):
        with pytest.raises(VectorError, match="all items of x have the same vector"):
            measure(flat, y)


@pytest.mark.parametrize("metric", METRICS)
def test_a_wide_rotation_is_a_turned_copy_and_a_moved_row_is_none(metric: Metric) -> None:
    x, _ = wide_pair(40, 6, seed=5)
    turn = np.linalg.qr(np.random.default_rng(6).standard_normal((240, 240)))[0]
    turned = (3.0 * x @ turn).astype(np.float32)
    assert is_turned_copy(x.astype(np.float32), turned, metric=metric)
    turned[7] = turned[8] + 0.5 * turned[9]
    assert not is_turned_copy(x.astype(np.float32), turned, metric=metric)
    lengths = np.exp(np.random.default_rng(7).standard_normal((40, 1)))
    assert is_turned_copy(x, x * lengths, metric=metric) is (metric == "cosine")


def old_components(x: Float64, metric: Metric, count: int) -> Float64:
    """Scores from products of dims, whatever their number."""
    axes = _axes_of_dims(x, metric, np.arange(len(x)), count)
    rows = x / np.linalg.norm(x, axis=1, keepdims=True) if metric == "cosine" else x
    return np.asarray((rows - rows.mean(axis=0)) @ axes)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("times", TIMES)
def test_components_are_those_of_products_of_dims_with_their_signs(
    metric: Metric, times: int
) -> None:
    x, _ = wide_pair(150, times, seed=8)
    expected = old_components(x, metric, 5)
    found = principal_components(x, metric=metric, n_components=5)
    np.testing.assert_allclose(found, expected, atol=1e-8 * np.abs(expected).max())
    shuffled = np.random.default_rng(9).permutation(150)[:140]
    some = principal_components(x, metric=metric, n_components=5, rows=shuffled)
    again = principal_components(x[shuffled], metric=metric, n_components=5)
    np.testing.assert_allclose(some, again, atol=1e-9)


def test_all_components_of_a_wide_space_hold_all_distances() -> None:
    x, _ = wide_pair(60, 12, seed=10)
    scores = principal_components(x, metric="euclidean", n_components=59)
    rows = x - x.mean(axis=0)
    np.testing.assert_allclose(scores @ scores.T, rows @ rows.T, atol=1e-9 * (rows**2).sum())


def test_components_that_a_wide_space_lacks_are_zero() -> None:
    rng = np.random.default_rng(11)
    x = rng.standard_normal((40, 2)) @ rng.standard_normal((2, 900))
    scores = principal_components(x, metric="euclidean", n_components=6)
    assert np.abs(scores[:, 2:]).max() < 1e-7 * np.abs(scores).max()
    assert not principal_components(np.ones((9, 300)), metric="euclidean", n_components=2).any()


@pytest.mark.parametrize("step", ["pca:10", "pca:25", "whiten"])
@pytest.mark.parametrize("times", TIMES)
def test_variants_of_wide_vectors_are_those_of_a_decomposition_of_all_dims(
    step: str, times: int
) -> None:
    rng = np.random.default_rng(12)
    n = 60
    x = (rng.standard_normal((n, 25)) * 2.0 ** -(np.arange(25) ** 0.5)) @ rng.standard_normal(
        (25, n * times)
    )
    ids = np.arange(n)
    spaces = eb.SpaceSet({"x": eb.Space("x", x, ids, "euclidean")}, ids, {"x": ids})
    made = with_variants(spaces, [f"x|{step}"]).spaces[f"x|{step}"].vectors
    rows = x - x.mean(axis=0)
    _, values, axes = np.linalg.svd(rows, full_matrices=False)
    axes = axes * np.sign(np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1))
    count = 25 if step == "whiten" else int(step.partition(":")[2])
    expected = rows @ axes[:count].T
    if step == "whiten":
        expected /= values[:count] / np.sqrt(n)
    np.testing.assert_allclose(made, expected, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("metric", METRICS)
def test_neighbours_among_very_many_dims_are_exact(metric: Metric) -> None:
    x = np.random.default_rng(13).standard_normal((40, 9000)).astype(np.float32)
    x[1:4] += 3 * x[0]
    found = nearest_neighbors(x, k=12, metric=metric)
    expected = brute_graph(x, 12, metric=metric)
    np.testing.assert_array_equal(found.indices, expected.indices)
    np.testing.assert_allclose(found.distances, expected.distances, rtol=1e-5)


def test_steps_of_a_wide_space_read_in_blocks_are_those_of_all_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x = np.random.default_rng(14).standard_normal((60, 500)).astype(np.float32)
    graph = brute_graph(x, 20)
    picture = x @ np.linalg.svd(x)[2][:2].T
    trust = {metric: trust_of_pictures(x, [picture], metric=metric)[0][0] for metric in METRICS}

    def steps(metric: Metric) -> list[NDArray[Any]]:
        health = space_health(x, graph)
        return [
            k_means_cells(x, metric=metric),
            quantize_int8(x, metric=metric),
            np.array([*health.values()]),
            nearest_neighbors(x, k=9, metric=metric).indices,
        ]

    expected = {metric: steps(metric) for metric in METRICS}
    for name in (
        *("emblink.measures._centered.BLOCK_CELLS", "emblink.measures._quantize.BLOCK_CELLS"),
        *("emblink.projection._trust._WIDE_CELLS", "emblink.neighbors._points._WIDE_CELLS"),
        *("emblink.projection._trust._GATHERED", "emblink.rows._CELLS"),
        "emblink.rows._COLUMN_CELLS",
    ):
        monkeypatch.setattr(name, 5000)
    for metric in METRICS:
        for one, other in zip(steps(metric), expected[metric], strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6)
        again = trust_of_pictures(x, [picture], metric=metric)[0][0]
        np.testing.assert_allclose(again, trust[metric], atol=0.01)  # products of float32 round


def test_the_null_of_wide_spaces_is_that_of_few_dims() -> None:
    x, y = wide_pair(50, 5, seed=15)
    turned = [np.asarray(np.linalg.qr((one - one.mean(axis=0)).T, mode="r")).T for one in (x, y)]
    found, expected = linear_cka_null(x, y), linear_cka_null(*turned)
    assert found.value == pytest.approx(expected.value, abs=1e-11)
    assert found.p == expected.p


def test_too_much_memory_is_refused_with_what_is_affordable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_affordable, "memory_of_machine", lambda: 16e9)
    check_affordable((1000, 30_000))
    check_affordable((10, 1_000_000))
    with pytest.raises(
        TooLargeError,
        match=r"\(20000, 100000\) takes about 52 GB of memory.* has 16: with 100,000 dimensions "
        r"up to [45],\d{3} items are affordable; compare a random sample",
    ) as caught:
        check_affordable((20_000, 100_000))
    affordable = int(str(caught.value).partition("up to ")[2].partition(" ")[0].replace(",", ""))
    check_affordable((affordable, 100_000))
    with pytest.raises(TooLargeError):
        check_affordable((affordable + 1, 100_000))
    with pytest.raises(TooLargeError, match="of memory"):
        check_affordable((30_000, 20_000))


def test_too_much_time_is_refused_with_what_is_affordable() -> None:
    with pytest.raises(TooLargeError, match="minutes on two cores") as caught:
        check_affordable((400_000, 1000))
    affordable = int(str(caught.value).partition("up to ")[2].partition(" ")[0].replace(",", ""))
    check_affordable((affordable, 1000))
    with pytest.raises(TooLargeError):
        check_affordable((affordable + 1, 1000))


MEASURED = """
import json, resource, sys
import numpy as np
import emblink as eb

def compare(n, d, metric):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, d), dtype=np.float32)
    y = x.copy()
    y[: n // 4] += rng.standard_normal((n // 4, d), dtype=np.float32)
    labels = np.array(["a", "b"])[np.arange(n) % 2]
    return eb.compare({"x": x, "y": y}, labels=labels, metric=metric).pair("x", "y")

n, d, metric = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
compare(n, 40, metric)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
scores = compare(n, d, metric).scores
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps([(peak - before) * unit, {k: v["value"] for k, v in scores.items()}]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no resource module")
@pytest.mark.parametrize(
    ("n", "d", "metric"),
    [(240, 12_000, "cosine"), (240, 12_000, "euclidean"), (8, 120_000, "cosine")],
)
def test_comparing_wide_spaces_takes_a_few_copies_of_them(n: int, d: int, metric: Metric) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", MEASURED, str(n), str(d), metric],
        capture_output=True,
        text=True,
        check=True,
    )
    grown, scores = json.loads(ran.stdout.splitlines()[-1])
    assert 0.7 < scores["procrustes_similarity"] < 1.0
    allowed = 60 << 20  # blocks, whatever is compared
    assert grown < allowed + 12 * 4 * n * d


def test_geometry_of_very_many_items_with_more_dims_is_that_of_a_sample(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("emblink.pipeline._geometry.MOST_WIDE", 80)
    x, y = wide_pair(120, 2, seed=16)
    scores = eb.compare({"x": x, "y": y}).pair("x", "y").scores
    sampled = {"linear_cka", "procrustes_similarity", "angular_shape_distance", "rbf_cka"}
    assert {name for name, one in scores.items() if one["n"] == 80} == sampled
    whole = eb.compare({"x": x[:, :100], "y": y[:, :100]}).pair("x", "y").scores
    assert all(one["n"] == 120 for one in whole.values())
