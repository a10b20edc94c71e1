"""A sample of the items is random, the same again, and said."""

from __future__ import annotations

import numpy as np
import pytest

from emblink import compare
from emblink.errors import InputError
from emblink.load import from_arrays, sampled
from emblink.types import SpaceSet

N = 200
A = np.random.default_rng(0).normal(size=(N, 4)).astype("f4")


def both() -> SpaceSet:
    """Two spaces that share half of their items, in other orders."""
    ids = np.arange(N)
    return from_arrays(
        {"a": A, "b": A[::-1] + 1},
        ids={"a": ids, "b": (ids + N // 2)[::-1]},
        items={"id": np.arange(N * 3 // 2), "value": np.arange(N * 3 // 2) * 10},
    )


@pytest.mark.parametrize("n", [10, 50, 299])
def test_a_sample_keeps_each_item_with_its_own_vectors_and_values(n: int) -> None:
    found = sampled(both(), n, seed=3)
    assert len(found.ids) == n
    np.testing.assert_array_equal(found.items["value"], found.ids * 10)
    for name, shift in (("a", 0), ("b", N // 2)):
        space = found.spaces[name]
        np.testing.assert_array_equal(found.ids[found.rows[name]], space.ids)
        np.testing.assert_array_equal(space.vectors, A[space.ids - shift] + (name == "b"))
    assert any(f"{n:,} of 300 items are compared, drawn at random (seed 3)" in one
               for one in found.notes)  # fmt: skip


def test_a_sample_is_the_same_for_the_same_seed_only() -> None:
    one, again, other = (sampled(both(), 40, seed=seed).ids.tolist() for seed in (1, 1, 2))
    assert one == again != other


@pytest.mark.parametrize("n", [None, 300, 1000])
def test_a_sample_of_all_is_all(n: int | None) -> None:
    assert sampled(both(), n).notes == both().notes
    assert len(sampled(both(), n).ids) == 300


@pytest.mark.parametrize("n", [0, 1, -5])
def test_a_sample_of_fewer_than_two_is_refused(n: int) -> None:
    with pytest.raises(InputError, match="expected at least 2"):
        sampled(both(), n)


def test_a_sample_that_empties_a_space_is_refused() -> None:
    few = from_arrays({"a": A, "b": A[:2]}, ids={"a": np.arange(N), "b": [0, 1]})
    with pytest.raises(InputError, match=r"leaves space 'b' \d of its 2; .*--sample"):
        sampled(few, 5)


def test_the_report_says_that_a_sample_was_compared() -> None:
    found = compare({"a": A, "b": A + 1}, sample=60, seed=4).report()
    assert found["n_items"] == 60
    assert any("60 of 200 items are compared" in note for note in found["notes"])
