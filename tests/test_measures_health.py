import json

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import GraphMismatchError, VectorError
from emblink.measures import (
    hub_chance_overlap,
    kappa,
    linear_cka,
    linear_cka_trimmed,
    neighborhood_overlap,
    space_health,
)
from emblink.types import FloatArray, Metric, NeighborGraph, SpaceHealth
from emblink.wording import extreme_rows_warning, health_warnings
from tests.measures_helpers import brute_graph, graph_of

Float64 = NDArray[np.float64]


def health_of(vectors: FloatArray, metric: Metric = "euclidean") -> SpaceHealth:
    return space_health(vectors, brute_graph(vectors, 10, metric=metric))


def warnings_of(vectors: FloatArray, metric: Metric = "euclidean") -> list[str]:
    n_items, n_dims = vectors.shape
    found = health_of(vectors, metric)
    return health_warnings("old", found, n_items=n_items, n_dims=n_dims, metric=metric)


def gaussian(n: int, d: int, *, seed: int = 0) -> Float64:
    return np.random.default_rng(seed).standard_normal((n, d))


def with_norms(directions: Float64, norms: Float64) -> Float64:
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    return np.asarray(norms[:, None] * directions / lengths)


def test_norms_are_summed_up_by_median_and_spread() -> None:
    found = health_of(with_norms(gaussian(101, 6), np.linspace(0.0, 2.0, 101)))
    assert found["norm_median"] == pytest.approx(1.0)
    assert found["norm_spread"] == pytest.approx(1.8)


def test_anisotropy_is_the_mean_cosine_of_all_pairs() -> None:
    x = gaussian(60, 5) + 0.7
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    expected = (unit @ unit.T)[np.triu_indices(60, 1)].mean()
    assert health_of(x)["anisotropy"] == pytest.approx(expected, abs=1e-12)


def test_zero_rows_have_no_cosine_and_no_say() -> None:
    x = gaussian(60, 5) + 0.7
    padded = np.vstack([x, np.zeros((3, 5))])
    assert health_of(padded)["anisotropy"] == pytest.approx(health_of(x)["anisotropy"])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_duplicates_are_rows_equal_to_an_earlier_one(dtype: type[np.floating]) -> None:
    x = gaussian(200, 4).astype(dtype)
    x[100:120] = x[0]
    x[150] = x[3]
    x[7, 0], x[8] = 0.0, x[7]
    x[8, 0] = -0.0
    assert health_of(x)["duplicates"] == len(x) - len(np.unique(x, axis=0)) == 22


def test_nearly_equal_rows_are_no_duplicates() -> None:
    x = np.repeat(gaussian(50, 3), 2, axis=0)
    x[1::2] = np.nextafter(x[1::2], np.inf)
    assert health_of(x)["duplicates"] == 0


def test_constant_dims_are_counted() -> None:
    x = gaussian(80, 6)
    x[:, 2], x[:, 5] = 0.1, 0.0
    assert health_of(x)["constant_dims"] == 2


def test_hubness_is_the_skewness_of_popularity() -> None:
    lists = np.random.default_rng(1).integers(0, 40, (50, 10))
    counts = np.bincount(lists.ravel(), minlength=50)
    z = (counts - counts.mean()) / counts.std()
    found = space_health(gaussian(50, 3), graph_of(lists))["hubness"]
    assert found == pytest.approx((z**3).mean())
    ring = (np.arange(50)[:, None] + np.arange(1, 11)) % 50
    assert space_health(gaussian(50, 3), graph_of(ring))["hubness"] == 0.0


def test_top_share_is_that_of_the_farthest_hundredth() -> None:
    x = gaussian(300, 4) + 9.0
    squares = np.sort(((x - x.mean(axis=0)) ** 2).sum(axis=1))
    expected = squares[-3:].sum() / squares.sum()
    assert health_of(x)["top_variance_share"] == pytest.approx(expected)


@pytest.mark.slow
@pytest.mark.parametrize(("n_dims", "metric", "expected"), [(2, "euclidean", 2), (3, "cosine", 2)])
def test_dimension_of_a_sheet_in_many_dims_is_that_of_the_sheet(
    n_dims: int, metric: Metric, expected: int
) -> None:
    turn, _ = np.linalg.qr(gaussian(20, 20, seed=2))
    x = gaussian(1500, n_dims, seed=3) @ turn[:n_dims]
    assert health_of(x, metric)["dimension"] == pytest.approx(expected, rel=0.06)


def test_all_but_the_norms_ignore_the_scale() -> None:
    x = gaussian(200, 5) + 0.3
    expected = dict(health_of(x))
    for scale in (1e-6, 1e6):
        found = dict(health_of(scale * x))
        assert found.pop("norm_median") == pytest.approx(scale * health_of(x)["norm_median"])
        for name, value in found.items():
            assert value == pytest.approx(expected[name], rel=1e-4), name


@pytest.mark.parametrize("n", [2, 3, 12])
def test_a_few_or_equal_items_give_finite_facts(n: int) -> None:
    for vectors in (gaussian(n, 3), np.ones((n, 3)), np.zeros((n, 3))):
        graph = brute_graph(vectors, min(10, n - 1), metric="euclidean")
        json.dumps(space_health(vectors, graph), allow_nan=False)


def test_a_plain_space_gets_no_warning() -> None:
    assert warnings_of(gaussian(500, 8)) == []
    assert warnings_of(gaussian(500, 8), "cosine") == []


def test_shared_norms_make_hubs_that_kappa_and_a_warning_see_through() -> None:
    # Items of little norm lie in the middle of both spaces: everyone's neighbours, by length alone.
    norms = np.where(np.arange(600) < 20, 0.01, 1.0)
    graphs: list[NeighborGraph] = []
    for seed in (4, 5):
        x = with_norms(gaussian(600, 300, seed=seed), norms)
        graphs.append(brute_graph(x, 10, metric="euclidean"))
        assert any("read kappa, or compare 'old|l2'" in one for one in warnings_of(x))
    raw = float(neighborhood_overlap(*graphs, k=10).mean())
    assert raw > 0.3
    assert abs(kappa(raw, hub_chance_overlap(*graphs, k=10))) < 0.03


def test_each_oddity_is_said_with_its_number_and_a_way_out() -> None:
    copied = gaussian(300, 8)
    copied[100:110] = copied[0]
    assert "10 of 300 rows of old are exact copies" in warnings_of(copied)[0]
    dead = gaussian(300, 8)
    dead[:, 3] = 0.0
    assert "1 of 8 dims of old are the same for all items" in warnings_of(dead)[0]
    (leaning,) = warnings_of(gaussian(300, 8) + 1.5, "cosine")
    assert "compare 'old|center' instead" in leaning
    long = with_norms(gaussian(300, 8), np.linspace(0.05, 4.0, 300) ** 2)
    assert any("under the euclidean metric" in one for one in warnings_of(long))
    assert warnings_of(long, "cosine") == []
    heavy = gaussian(300, 8)
    heavy[:3] *= 30.0
    assert any("rows hold" in one for one in warnings_of(heavy))
    assert warnings_of(np.full((30, 2), 0.3)) == [
        "All 30 items of old have the same vector, so no measure can tell them apart; leave the "
        "space out."
    ]


@pytest.mark.slow
def test_one_outlier_row_takes_cka_and_fires_the_warning_while_overlap_stays() -> None:
    x = gaussian(1500, 20, seed=6)
    y = x.copy()
    y[0] += 400.0 * gaussian(1, 20, seed=7)[0]
    graphs = [brute_graph(vectors, 10, metric="euclidean") for vectors in (x, y)]
    overlap = float(neighborhood_overlap(*graphs, k=10).mean())
    cka, trimmed = linear_cka(x, y), linear_cka_trimmed(x, y)
    assert overlap >= 0.999
    assert cka < 0.2
    said = extreme_rows_warning("old", "new", cka=cka, trimmed=trimmed, overlap=overlap)
    assert said is not None
    assert "1.00 without the 1 % of rows" in said
    assert space_health(y, graphs[1])["top_variance_share"] > 0.2
    assert extreme_rows_warning("old", "new", cka=0.91, trimmed=0.9, overlap=0.5) is None


def test_other_items_and_shapes_are_refused() -> None:
    x = gaussian(30, 3)
    with pytest.raises(GraphMismatchError, match="covers 30 items and there are 29 vectors"):
        space_health(x[1:], brute_graph(x, 10))
    with pytest.raises(VectorError, match=r"vectors have shape \(30,\)"):
        space_health(x[:, 0], brute_graph(x, 10))


def test_a_row_of_few_is_extreme_only_with_much_more_than_its_share() -> None:
    few = gaussian(6, 8, seed=3)
    assert not any("of the variance" in one for one in warnings_of(few))
    forty = gaussian(40, 8, seed=3)
    forty[0] *= 10.0
    assert any("1 of the 40 rows holds" in one for one in warnings_of(forty))
