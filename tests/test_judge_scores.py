import numpy as np
import pytest

from emblink.judge import NoiseFloor, change_index, overlap_score, score
from emblink.stats import block_bootstrap, standard_error

OVERLAP = (np.random.default_rng(0).binomial(10, 0.5, 1000) / 10).astype(np.float32)


def test_the_change_index_is_0_at_the_floor_and_1_at_chance() -> None:
    assert change_index(0.8, floor=0.8, chance=0.1) == 0.0
    assert change_index(0.1, floor=0.8, chance=0.1) == 1.0
    assert change_index(0.45, floor=0.8, chance=0.1) == pytest.approx(0.5)
    assert change_index(0.9, floor=0.8, chance=0.1) == pytest.approx(-1 / 7)
    assert change_index(0.5, floor=0.1, chance=0.1) is None


def test_a_score_holds_what_is_known_and_no_more() -> None:
    assert score(0.5, n=10) == {"value": 0.5, "n": 10}
    assert score(0.5, n=10, chance=0.0)["kappa"] == 0.5
    full = score(
        0.4,
        n=10,
        k=3,
        chance=0.1,
        hub_chance=0.2,
        interval=(0.3, 0.5),
        floor=NoiseFloor(0.6, 0.0),
        p_chance=0.005,
    )
    assert full["kappa"] == pytest.approx(0.25)
    assert full["change_index"] == pytest.approx(0.5)
    assert (full["noise_floor"], full["floor_kind"]) == (0.6, "numerical")
    assert (full["interval"], full["p_chance"], full["k"]) == ([0.3, 0.5], 0.005, 3)


def test_no_change_index_where_the_floor_is_not_above_chance() -> None:
    assert "change_index" not in score(0.4, n=10, chance=0.5, floor=NoiseFloor(0.5, 0.0))


def test_overlap_holds_the_mean_beside_chance_floor_and_interval() -> None:
    overlap = np.r_[OVERLAP, np.float32(np.nan)]
    found = overlap_score(overlap, k=10, hub_chance=0.02, floor=NoiseFloor(0.9, 0.01, "replicate"))
    mean = float(np.nanmean(overlap))
    assert found["value"] == pytest.approx(mean)
    assert (found["n"], found["k"]) == (1000, 10)
    assert found["chance"] == pytest.approx(10 / 999)
    assert found["kappa"] == pytest.approx((mean - 0.02) / 0.98)
    assert found["change_index"] == pytest.approx((0.9 - mean) / 0.88)
    low, high = found["interval"]
    assert high - low == pytest.approx(2 * 1.96 * standard_error(OVERLAP))
    assert "noise_floor" not in overlap_score(overlap, k=10, hub_chance=0.02)


def test_with_cells_the_interval_is_bootstrapped_and_cut_to_the_range() -> None:
    cells = np.arange(1000) // 10
    found = overlap_score(OVERLAP, k=10, hub_chance=0.02, cells=cells, p_chance=0.005)
    assert found["interval"] == pytest.approx(block_bootstrap(OVERLAP, cells).tolist())
    assert found["p_chance"] == 0.005
    few = overlap_score(OVERLAP, k=10, hub_chance=0.02, cells=np.zeros(1000, dtype=int))
    assert few["interval"] == [0.0, 1.0]
