"""The noise-equivalent share: planted shares are found, whatever the space and its size."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.matched import (
    Sampled,
    Side,
    asked_neighbors,
    few_at_a_time,
    index_kept,
    kept_with_noise,
    sampled,
)
from emblink.measures import (
    SHARES,
    NoiseCurve,
    NoiseShare,
    k_means_cells,
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
    return Side("x", metric, rows, k_means_cells(rows), 0.0)


def share(x: FloatArray, y: FloatArray, *, metric: Metric = "cosine", seed: int = 0) -> NoiseShare:
    sides = [side(one, metric) for one in (x, y)]
    draws = few_at_a_time(len(x), seed=seed)
    asked = [
        [(one, some, asked_neighbors(some, one)) for one in draws for some in [part(given, one)]]
        for given in sides
    ]

    def kept_in(place: int, share: float) -> FloatArray:
        return np.concatenate(
            [
                kept_with_noise(some, one, share, lists=lists, seed=seed)
                for one, some, lists in asked[place]
            ]
        )

    kept = [
        neighborhood_overlap(first, second, k=one.k)
        for (one, _, first), (_, _, second) in zip(*asked, strict=True)
    ]
    return noise_equivalent_share(
        np.concatenate(kept),
        [NoiseCurve(partial(kept_in, place)) for place in (0, 1)],
        cells=sides[0].cells[np.concatenate([one.items for one in draws])],
        seed=seed,
    )


def part(given: Side, one: Sampled) -> Side:
    return replace(given, vectors=given.vectors[one.items], cells=given.cells[one.items])


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
@pytest.mark.parametrize(
    ("stored", "first", "second"),
    [
        (EMOJI, "use_name_en", "minilm_l6_name_en"),
        (EMOJI, "pixels_pca64", "efflite0_image_pca256"),
        (MNIST, "fc_seed0_epoch00", "fc_seed0_epoch10"),
        (MNIST, "fc_seed0_epoch10", "fc_seed1_epoch10"),
    ],
)
def test_the_share_does_not_depend_on_the_number_of_items(
    stored: str, first: str, second: str
) -> None:
    x, y = space(stored, first), space(stored, second)
    whole = share(x, y)
    held = []
    for seed in range(3):
        some = np.random.default_rng(seed).permutation(len(x))[:600]
        few = share(x[some], y[some])
        assert few.value == pytest.approx(whole.value, abs=0.02)
        held.append(few.interval[0] <= whole.value <= few.interval[1])
    assert sum(held) >= 2


@pytest.mark.parametrize("n", [3, 600, 601, 1_000, 1_800, 50_000])
def test_as_many_items_are_drawn_of_many_and_none_twice_into_one_draw(n: int) -> None:
    draws = few_at_a_time(n, seed=1)
    assert [len(one.items) for one in draws] == ([600] * 3 if n > 600 else [n])
    for one in draws:
        assert (np.diff(one.items) > 0).all()
        assert one.asked.tolist() == [*range(len(one.items))]
    held = np.concatenate([one.items for one in draws])
    assert held.max() < n
    assert len(np.unique(held)) == min(n, 1_800)
    assert len({one.k for one in draws}) == 1


@pytest.mark.slow
def test_known_changes_have_the_share_that_the_grades_were_read_from() -> None:
    last, other = (space(MNIST, f"fc_seed{seed}_epoch10") for seed in (0, 1))
    text, image = space(EMOJI, "use_name_en"), space(EMOJI, "efflite0_image_pca256")
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((64, 64)))[0]
    assert share(last, last @ turn).value < 0.001
    assert share(last, quantize_int8(last)).value < 0.015
    assert 0.12 < share(last, other).value < 0.2
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
