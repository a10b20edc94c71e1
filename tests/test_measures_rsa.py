from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.distance import pdist
from scipy.stats import pearsonr, spearmanr

from emblink.errors import VectorError
from emblink.measures import rsa, rsa_influence, rsa_null
from emblink.stats import standard_error

Float64 = NDArray[np.float64]


def related(n: int, d: int, *, seed: int) -> tuple[Float64, Float64]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, d)) + 1.0
    return x, np.pad(x, ((0, 0), (0, 3))) + rng.standard_normal((n, d + 3))


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("correlation", ["spearman", "pearson"])
def test_rsa_equals_the_correlation_of_condensed_distances(metric: Any, correlation: Any) -> None:
    x, y = related(60, 5, seed=0)
    by_scipy = spearmanr if correlation == "spearman" else pearsonr
    expected = by_scipy(pdist(x, metric), pdist(y, metric))[0]
    assert rsa(x, y, metric=metric, correlation=correlation) == pytest.approx(expected, abs=1e-12)


def test_tied_dissimilarities_share_their_rank() -> None:
    rng = np.random.default_rng(1)
    x = rng.integers(0, 3, (40, 3)) / 7.0
    y = np.where(rng.random((40, 3)) < 0.5, x, rng.integers(0, 3, (40, 3)) / 7.0)
    expected = spearmanr(*(np.round(pdist(points), 9) for points in (x, y)))[0]
    assert rsa(x, y, metric="euclidean") == pytest.approx(expected, abs=1e-12)


def test_each_space_can_have_its_own_metric() -> None:
    x, y = related(60, 5, seed=2)
    expected = spearmanr(pdist(x, "cosine"), pdist(y))[0]
    assert rsa(x, y, metric=("cosine", "euclidean")) == pytest.approx(expected, abs=1e-12)


def test_rsa_ignores_rotation_and_scale_and_with_lengths_a_shift() -> None:
    x, y = related(80, 6, seed=3)
    turn, _ = np.linalg.qr(np.random.default_rng(4).standard_normal((6, 6)))
    order = np.random.default_rng(5).permutation(80)
    for metric, shift in (("cosine", 0.0), ("euclidean", 50.0)):
        kwargs: Any = {"metric": metric}
        expected = rsa(x, y, **kwargs)
        for changed in (x @ turn, 1e-6 * x, 1e6 * x, x + shift):
            assert rsa(changed, y, **kwargs) == pytest.approx(expected, abs=1e-8)
        assert rsa(x[order], y[order], **kwargs) == pytest.approx(expected, abs=1e-8)
        assert rsa(x, 5 * x @ turn, **kwargs) == pytest.approx(1.0, abs=1e-8)


def test_uncentred_float32_loses_no_more_than_its_own_rounding() -> None:
    x, y = related(200, 16, seed=6)
    far = [(vectors + 50).astype(np.float32) for vectors in (x, y)]
    found = rsa(*far, metric="euclidean")
    assert found == pytest.approx(rsa(x, y, metric="euclidean"), abs=1e-4)


def test_many_items_are_sampled_by_the_seed() -> None:
    x, y = related(400, 6, seed=7)
    found = [rsa(x, y, n_sampled=100, seed=seed) for seed in (0, 0, 1)]
    assert found[0] == found[1] != found[2]
    assert found[0] == pytest.approx(rsa(x, y), abs=0.1)


def test_null_permutes_items_not_pairs() -> None:
    x, y = related(40, 6, seed=8)
    null = rsa_null(x, y, n_permutations=15, seed=3)
    rng = np.random.default_rng(3)
    drawn = [rsa(x, y[rng.permutation(40)]) for _ in range(15)]
    assert null.value == pytest.approx(rsa(x, y), abs=1e-12)
    assert null.mean == pytest.approx(np.mean(drawn), abs=1e-12)
    assert null.sd == pytest.approx(np.std(drawn, ddof=1), abs=1e-12)
    assert null.p == pytest.approx(1 / 16)


def test_mantel_test_of_unrelated_spaces_rejects_as_often_as_it_says() -> None:
    rng = np.random.default_rng(9)
    spaces = [(rng.standard_normal((20, 3)), rng.standard_normal((20, 9))) for _ in range(500)]
    rejected = [
        rsa_null(x, y, n_permutations=39, seed=trial).p <= 0.05
        for trial, (x, y) in enumerate(spaces)
    ]
    assert 0.02 <= np.mean(rejected) <= 0.08


def test_what_cannot_be_correlated_is_refused() -> None:
    x, y = related(20, 4, seed=10)
    with pytest.raises(VectorError, match="all items of y are equally dissimilar"):
        rsa(x, np.eye(20), metric="euclidean", correlation="pearson")
    with pytest.raises(VectorError, match="n_sampled=2 items are too few"):
        rsa(x, y, n_sampled=2)
    x[3] = 0.0
    with pytest.raises(VectorError, match="x has rows of zeros, which have no cosine"):
        rsa(x, y)


@pytest.mark.parametrize("correlation", ["spearman", "pearson"])
@pytest.mark.parametrize("rounded", [False, True])
def test_influence_says_what_leaving_an_item_out_does(correlation: Any, rounded: bool) -> None:
    x, y = related(80, 5, seed=10)
    if rounded:
        x, y = np.round(x), np.round(y)
    kind: Any = {"metric": "euclidean", "correlation": correlation}
    found = rsa_influence(x, y, **kind)
    assert found.value == pytest.approx(rsa(x, y, **kind), abs=1e-12)
    assert abs(found.influence.mean()) < 1e-12
    assert np.array_equal(found.items, np.arange(80))
    left = [rsa(np.delete(x, at, 0), np.delete(y, at, 0), **kind) for at in range(80)]
    pulled = 80 * (found.value - np.array(left))
    assert np.corrcoef(pulled, found.influence)[0, 1] > 0.999
    assert pulled.std() == pytest.approx(found.influence.std(), rel=0.1)


def test_standard_error_is_the_spread_over_samples() -> None:
    drawn = [
        rsa_influence(*related(120, 5, seed=seed), metric="euclidean") for seed in range(20, 140)
    ]
    claimed = np.mean([standard_error(one.influence) / 1.3 for one in drawn])
    assert claimed == pytest.approx(np.std([one.value for one in drawn]), rel=0.2)


def test_more_items_than_asked_for_are_sampled_and_named() -> None:
    x, y = related(300, 5, seed=11)
    found = rsa_influence(x, y, n_sampled=100, seed=3)
    assert len(found.influence) == len(found.items) == 100
    assert found.value == pytest.approx(rsa(x[found.items], y[found.items]), abs=1e-12)
