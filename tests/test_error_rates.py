import numpy as np
import pytest

from emblink.measures import linear_cka_null, overlap_null
from tests.measures_helpers import brute_graph

pytestmark = pytest.mark.slow

TRIALS = 500


@pytest.mark.parametrize(("n", "dims_x", "dims_y"), [(60, 10, 6), (60, 90, 120)])
def test_unrelated_spaces_are_called_related_as_often_as_claimed(
    n: int, dims_x: int, dims_y: int
) -> None:
    rejected = {"overlap": 0, "cka": 0}
    for seed in range(TRIALS):
        rng = np.random.default_rng(seed)
        x, y = rng.standard_normal((n, dims_x)), rng.standard_normal((n, dims_y))
        a, b = brute_graph(x, 5), brute_graph(y, 5)
        overlap = overlap_null(a, b, k=5, n_permutations=99, seed=seed)
        cka = linear_cka_null(x, y, n_permutations=99, seed=seed)
        rejected["overlap"] += overlap.p <= 0.05
        rejected["cka"] += cka.p <= 0.05
    assert all(0.02 <= count / TRIALS <= 0.08 for count in rejected.values()), rejected
