import numpy as np
import pytest

from emblink.errors import InputError, VectorError
from emblink.judge import calibrate
from emblink.measures import linear_cka, procrustes_similarity
from emblink.types import FloatArray

RNG = np.random.default_rng(0)
X = RNG.standard_normal((200, 6))
Y = X + 0.7 * RNG.standard_normal(X.shape)
AGAIN = X + 0.3 * RNG.standard_normal(X.shape)


def correlation(x: FloatArray, y: FloatArray) -> float:
    return float(np.corrcoef(x[:, 0], y[:, 0])[0, 1])


def test_a_measure_stands_beside_chance_interval_and_floor() -> None:
    score = calibrate(linear_cka, X, Y, replicate=AGAIN, n_permutations=99)
    assert score["value"] == linear_cka(X, Y)
    assert score["chance"] == pytest.approx(0.0, abs=0.01)
    assert score["p_chance"] == 0.01
    assert score["floor_kind"] == "replicate"
    assert score["noise_floor"] == linear_cka(X, AGAIN)
    assert 0 < score["change_index"] < 1
    low, high = score["interval"]
    assert low < 1 / (1 + 0.7**2) < high


def test_the_interval_is_as_wide_as_theory_has_it() -> None:
    expected = 2 * 2.093 * (1 - correlation(X, Y) ** 2) / np.sqrt(200)
    widths = [
        np.ptp(calibrate(correlation, X, Y, chance=0, n_permutations=0, seed=seed)["interval"])
        for seed in range(10)
    ]
    assert np.mean(widths) == pytest.approx(expected, rel=0.2)


def test_items_sampled_together_are_left_out_together() -> None:
    x, y = np.repeat(X, 5, axis=0), np.repeat(Y, 5, axis=0)
    alone = calibrate(correlation, x, y, chance=0, n_permutations=0)
    whole = calibrate(
        correlation, x, y, chance=0, n_permutations=0, cells=np.repeat(np.arange(200), 5)
    )
    assert np.ptp(whole["interval"]) > 1.6 * np.ptp(alone["interval"])


def test_chance_is_found_by_permutation_where_it_is_not_known() -> None:
    wide, unrelated = RNG.standard_normal((2, 200, 90))
    score = calibrate(procrustes_similarity, wide, unrelated, n_permutations=49, n_groups=0)
    assert score["chance"] > 0.4
    assert score["p_chance"] > 0.01
    assert abs(score["kappa"]) < 0.1
    assert "interval" not in score


def test_what_cannot_be_calibrated_is_refused() -> None:
    with pytest.raises(InputError, match="at least 1 permutation to find it by"):
        calibrate(linear_cka, X, Y, n_permutations=0)
    with pytest.raises(InputError, match="cannot be dealt to 20 groups"):
        calibrate(linear_cka, X, Y, chance=0, cells=np.arange(200) % 7)
    with pytest.raises(InputError, match="the measure gave nan"):
        calibrate(lambda x, y: float("nan"), X, Y)
    with pytest.raises(VectorError, match="same items"):
        calibrate(linear_cka, X, Y, replicate=AGAIN[:50], n_permutations=1)
