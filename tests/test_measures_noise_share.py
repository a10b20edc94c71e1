"""The noise-equivalent share: planted shares are found, whatever the space and its size."""

from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.matched import Side, asked_neighbors, index_kept, kept_with_noise, sampled
from emblink.measures import (
    SHARES,
    NoiseCurve,
    NoiseShare,
    neighborhood_overlap,
    noise_equivalent_share,
    quantize_int8,
    share_at,
    with_noise,
)
from emblink.rows import as_measured
from emblink.types import FloatArray, Metric
from tests.measures_helpers import EMOJI, MNIST, space


def side(vectors: FloatArray, metric: Metric) -> Side:
    rows = as_measured(np.asarray(vectors, dtype=np.float32), metric=metric)
    return Side("x", metric, rows, np.arange(len(rows)) // 10, 0.0)


def share(x: FloatArray, y: FloatArray, *, metric: Metric = "cosine", seed: int = 0) -> NoiseShare:
    chosen, sides = sampled(len(x), seed=seed), [side(one, metric) for one in (x, y)]
    lists = [asked_neighbors(one, chosen) for one in sides]
    curves = [
        NoiseCurve(partial(kept_with_noise, one, chosen, lists=found, seed=seed))
        for one, found in zip(sides, lists, strict=True)
    ]
    kept = neighborhood_overlap(lists[0], lists[1], k=chosen.k)
    return noise_equivalent_share(kept, curves, cells=chosen.asked // 10, seed=seed)


def clustered(n: int, seed: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    centres = 1.5 * rng.standard_normal((8, 12))
    return centres[rng.integers(0, 8, n)] + rng.standard_normal((n, 12))


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("planted", [0.02, 0.08, 0.18, 0.3])
def test_a_planted_share_is_found(planted: float, metric: Metric) -> None:
    x = side(clustered(700, 0), metric).vectors
    found = share(x, with_noise(x, share=planted, seed=9), metric=metric)
    assert found.value == pytest.approx(planted, abs=0.015)
    assert found.interval[0] <= found.value <= found.interval[1]


@pytest.mark.slow
def test_the_share_does_not_depend_on_the_number_of_items() -> None:
    x, y = space(EMOJI, "use_name_en"), space(EMOJI, "minilm_l6_name_en")
    some = np.random.default_rng(0).permutation(len(x))[:600]
    assert share(x, y).value == pytest.approx(share(x[some], y[some]).value, abs=0.02)


@pytest.mark.slow
def test_known_changes_have_the_share_that_the_grades_were_read_from() -> None:
    last, other = (space(MNIST, f"fc_seed{seed}_epoch10") for seed in (0, 1))
    text, image = space(EMOJI, "use_name_en"), space(EMOJI, "efflite0_image_pca256")
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((64, 64)))[0]
    assert share(last, last @ turn).value < 0.001
    assert share(last, quantize_int8(last)).value < 0.015
    assert 0.12 < share(last, other).value < 0.18
    assert share(last, space(MNIST, "fc_seed0_epoch00")).value > 0.28
    assert share(text, image).value > 0.4


def test_three_extreme_rows_excuse_nothing() -> None:
    x = clustered(600, 2)
    rng = np.random.default_rng(3)
    half = np.arange(0, 600, 2)
    y = x.copy()
    y[half] = x[rng.permutation(half)]
    far = np.zeros_like(x)
    far[:3] = 3000.0
    plain = share(x, y, metric="euclidean")
    extreme = share(x + far, y + far, metric="euclidean")
    assert extreme.value == pytest.approx(plain.value, abs=0.03)


def test_noise_keeps_the_mean_and_half_of_another_item_is_the_most() -> None:
    x = clustered(300, 4)
    for planted in (0.1, 0.5):
        noisy = with_noise(x, share=planted)
        np.testing.assert_allclose(noisy.mean(axis=0), x.mean(axis=0), atol=1e-5)
    unrelated = np.random.default_rng(5).standard_normal((300, 12))
    assert share(x, unrelated).value == pytest.approx(0.5, abs=0.02)
    opposite = np.r_[np.ones((20, 3)), -np.ones((20, 3))]
    assert np.abs(with_noise(opposite, share=0.5)).max(axis=1).min() > 0


def curve(columns: FloatArray) -> tuple[NoiseCurve, list[float]]:
    """A curve of known columns, and the shares that it is asked for."""
    asked: list[float] = []

    def ask(share: float) -> FloatArray:
        asked.append(share)
        return np.asarray(columns[SHARES.index(share)])

    return NoiseCurve(ask), asked


def test_the_mean_overlap_alone_gives_the_same_share() -> None:
    columns = np.linspace(0.95, 0.3, len(SHARES))[:, None] * np.ones(40)
    kept = np.full(40, 0.6)
    found = noise_equivalent_share(kept, [curve(columns)[0]], cells=np.arange(40) // 4)
    assert found.value == pytest.approx(share_at(0.6, [curve(columns)[0]]))
    np.testing.assert_allclose(found.interval, found.value)
    alone = noise_equivalent_share(kept, [curve(columns)[0]], cells=np.zeros(40, dtype=int))
    assert alone.interval == (0.0, 0.5)
    with pytest.raises(InputError, match="one overlap a query"):
        noise_equivalent_share(kept, [curve(columns[:, 1:])[0]], cells=np.arange(40))


def test_a_share_is_that_of_the_whole_curve_though_little_of_it_is_asked() -> None:
    rng = np.random.default_rng(6)
    for level in (0.0, 0.2, 0.31, 0.47, 0.62, 0.8, 0.93, 0.99, 1.0):
        fall = np.sort(rng.uniform(0.25, 0.98, len(SHARES)))[::-1]
        columns = np.clip(fall[:, None] + 0.02 * rng.standard_normal(200), 0, 1)
        kept = np.clip(level + 0.02 * rng.standard_normal(200), 0, 1)
        one, asked = curve(columns)
        found = noise_equivalent_share(kept, [one], cells=np.arange(200) // 5)
        falling = np.minimum.accumulate([1.0, *columns.mean(axis=1)])
        whole = np.interp(-kept.mean(), -falling, (0.0, *SHARES))
        assert found.value == pytest.approx(whole, abs=1e-12)
        assert len(asked) == len(set(asked)) <= 5
        before = len(asked)
        share_at(float(kept.mean()), [one])
        assert len(asked) == before


def test_a_sample_of_many_items_is_asked() -> None:
    chosen = sampled(50_000, seed=1)
    assert (len(chosen.items), len(chosen.asked), chosen.k) == (10_000, 1000, 10)
    assert (np.diff(chosen.items) > 0).all()
    assert (np.diff(chosen.asked) > 0).all()
    few = sampled(12, seed=1)
    assert (len(few.items), len(few.asked), few.k) == (12, 12, 5)


def test_an_old_index_answers_vectors_of_a_space_that_was_not_turned() -> None:
    x = clustered(400, 6)
    turn = np.linalg.qr(np.random.default_rng(7).standard_normal((12, 12)))[0]
    chosen, given = sampled(400, seed=0), side(x, "cosine")
    lists = asked_neighbors(given, chosen)

    def kept(other: FloatArray, metric: Metric = "cosine") -> float | None:
        found = index_kept(given, side(other, metric), chosen, lists=lists)
        return None if found is None else float(found.mean())

    assert kept(x) == 1.0
    near, turned = kept(x + 1e-3 * turn[0]), kept(x @ turn)
    assert near is not None
    assert near > 0.95
    assert turned is not None
    assert turned < 0.3
    assert kept(x[:, :6]) is None
    assert kept(x, "euclidean") is None
