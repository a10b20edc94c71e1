import numpy as np
import pytest

from emblink.errors import InputError
from emblink.stats import benjamini_hochberg, holm


def test_published_examples() -> None:
    p = [0.01, 0.04, 0.03, 0.005]
    assert holm(p).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert benjamini_hochberg(p).tolist() == pytest.approx([0.02, 0.04, 0.04, 0.02])


@pytest.mark.parametrize("level", [0.01, 0.05, 0.2])
def test_adjusted_p_values_reject_what_the_procedures_reject(level: float) -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        p = rng.random(12) ** 3
        ranked = np.sort(p)
        down = 0
        while down < 12 and ranked[down] <= level / (12 - down):
            down += 1
        up = max((i + 1 for i in range(12) if ranked[i] <= level * (i + 1) / 12), default=0)
        assert int((holm(p) <= level).sum()) == down
        assert int((benjamini_hochberg(p) <= level).sum()) == up


def test_questions_not_asked_stay_out_of_the_count() -> None:
    p = [0.01, np.nan, 0.02]
    for adjust in (holm, benjamini_hochberg):
        adjusted = adjust(p)
        assert np.isnan(adjusted[1])
        np.testing.assert_array_equal(adjusted[[0, 2]], adjust([0.01, 0.02]))
        assert adjust([]).shape == (0,)


def test_order_holds_and_one_question_is_left_as_it_is() -> None:
    p = np.random.default_rng(1).random(20)
    order = np.random.default_rng(2).permutation(20)
    for adjust in (holm, benjamini_hochberg):
        np.testing.assert_array_equal(adjust(p[order]), adjust(p)[order])
        assert adjust([0.3]).tolist() == [0.3]
    assert np.all(p <= benjamini_hochberg(p))
    assert np.all(benjamini_hochberg(p) <= holm(p))


def test_what_is_no_probability_is_refused() -> None:
    with pytest.raises(InputError, match="from 0 to 1"):
        holm([0.5, 1.2])
