"""Whether one cell stands out of the others, of few and of many."""

from __future__ import annotations

import numpy as np
import pytest

from emblink.groups._stands_out import SURE, beyond


@pytest.mark.parametrize("n", [6, 20, 47])
def test_one_far_beyond_many_alike_stands_out(n: int) -> None:
    assert beyond(6.0, np.full(n, 0.8)) < SURE


def test_one_amid_does_not_hide_what_stands_out_of_many_but_of_few() -> None:
    many, few = (np.r_[np.full(n, 0.8), 3.0] for n in (46, 15))
    assert beyond(6.0, many) < SURE
    assert beyond(6.0, few) == 1.0


def test_several_amid_leave_no_gap() -> None:
    assert beyond(6.0, np.r_[np.full(43, 0.8), 2.5, 2.6, 2.8, 3.0]) == 1.0


def test_of_fewer_than_four_others_nothing_is_known() -> None:
    assert beyond(100.0, np.full(3, 0.5)) == 1.0
