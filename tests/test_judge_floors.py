import numpy as np
import pytest

from emblink.decimals import decimals
from emblink.errors import InputError
from emblink.judge import NoiseFloor, combined_floor, noise_floor, pair_floor
from emblink.stats import standard_error

OVERLAP = (np.random.default_rng(0).binomial(10, 0.6, 500) / 10).astype(np.float32)


def test_a_floor_is_the_mean_with_its_error_kind_and_items() -> None:
    cells = np.arange(501) // 5
    floor = noise_floor(np.r_[OVERLAP, np.nan], kind="replicate", cells=cells)
    assert floor.value == pytest.approx(OVERLAP.mean())
    assert floor.error == standard_error(decimals(OVERLAP), cells[:-1])
    assert (floor.kind, floor.n) == ("replicate", 500)


def test_several_replicates_make_one_floor_whose_error_holds_their_spread() -> None:
    floors = [NoiseFloor(value, 0.01, "replicate", 90) for value in (0.5, 0.6, 0.7)]
    joined = combined_floor(floors)
    assert joined.value == pytest.approx(0.6)
    assert joined.error == pytest.approx(np.hypot(0.01, 0.1 * np.sqrt(4 / 3)))
    assert combined_floor(floors[:1]) == floors[0]


def test_both_recipes_count_by_half_in_the_floor_of_a_pair() -> None:
    a, b = NoiseFloor(0.7, 0.01, "replicate", 90), NoiseFloor(0.5, 0.02, "replicate", 80)
    floor = pair_floor([a, b])
    assert floor is not None
    assert floor == pair_floor([b, a])
    assert (floor.value, floor.error) == pytest.approx((0.6, 0.015))
    assert (floor.kind, floor.n) == ("replicate", 80)


def test_a_replicate_counts_before_any_numerical_floor() -> None:
    seeds, storage = NoiseFloor(0.6, 0.01, "replicate"), NoiseFloor(0.5, 0.01)
    assert pair_floor([storage, seeds]) == seeds
    assert pair_floor([storage]) == storage
    assert pair_floor([]) is None


def test_floors_of_two_kinds_are_not_mixed() -> None:
    with pytest.raises(InputError, match="floors of 2 kinds"):
        combined_floor([NoiseFloor(0.6, 0.0), NoiseFloor(0.6, 0.0, "replicate")])
    with pytest.raises(InputError, match="nothing can be said"):
        noise_floor(np.array([np.nan]))
