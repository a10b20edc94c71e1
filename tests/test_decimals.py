import numpy as np
import pytest

from emblink.decimals import decimal, decimals


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_numbers_read_as_they_did_and_round_back(kind: type[np.floating]) -> None:
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.random(500) * 10.0 ** rng.integers(-3, 4, 500), [0.9, 1 / 3, -2]])
    given = values.astype(kind).reshape(-1, 1)
    found = decimals(given)
    assert found.dtype == np.float64
    assert [str(one) for one in found.ravel()] == [str(float(str(one))) for one in given.ravel()]
    assert np.array_equal(found.astype(kind), given)
    assert decimals(np.array([0.9, np.nan], dtype=np.float32)).tolist()[0] == 0.9


def test_doubles_stay_as_they_are() -> None:
    values = np.random.default_rng(1).random(50)
    assert np.array_equal(decimals(values), values)
    assert all(decimal(float(one)) == one for one in values)
    assert decimal(float(np.float32(0.9))) == 0.9
    assert decimal(0.75) == 0.75
