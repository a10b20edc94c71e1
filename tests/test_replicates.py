"""Replicates: which spaces are the same recipe again, and which pairs that leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.load import from_arrays
from emblink.pipeline import plan_pairs
from emblink.replicates import with_replicates
from emblink.types import SpaceSet
from tests.conftest import clustered

NAMES = ["a", "a1", "b", "a2", "c", "c1"]
SEEDS = {"a": ("a1", "a2"), "c": ("c1",)}
AGAIN = [("a", "a1"), ("a", "a2"), ("c", "c1")]


def spaces() -> SpaceSet:
    rng = np.random.default_rng(0)
    ids = {name: np.arange(20) for name in NAMES} | {"far": np.arange(20, 40)}
    arrays = {name: rng.standard_normal((20, 3)) for name in ids}
    labels = {name: ["p", "q"] * 10 for name in ids}
    return from_arrays(arrays, ids=ids, labels=labels)


def test_replicates_are_kept_in_the_order_given_each_once() -> None:
    found = with_replicates(spaces(), {"c": "c1", "a": ["a2", "a1", "a2"], "b": []})
    assert found.replicates == {"c": ("c1",), "a": ("a2", "a1")}
    assert found.spaces.keys() == spaces().spaces.keys()


@pytest.mark.parametrize(
    ("replicates", "match"),
    [
        ({"z": ["a1"]}, r"replicates name 'z', but there is no such space; the spaces are: a, a1"),
        ({"a": ["a1", "z"]}, r"replicates name 'z'"),
        ({"a": ["a"]}, r"space 'a' is given as its own replicate"),
        (
            {"a": ["a1"], "a1": ["a2"]},
            r"'a1' is a replicate of 'a' and has replicates itself; give",
        ),
        ({"a": ["a1"], "b": ["a1"]}, r"'a1' is given as a replicate of 'a' and of 'b'"),
        ({"a": ["far"]}, r"'far' is given as a replicate of 'a', but they have no items in common"),
        (["a"], r"expected a mapping of a space to its replicates: .*--replicate"),
    ],
)
def test_replicates_that_cannot_tell_noise_from_change_are_refused(
    replicates: Any, match: str
) -> None:
    with pytest.raises(eb.InputError, match=match):
        with_replicates(spaces(), replicates)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [("a", "b"), ("a", "c"), ("b", "c"), *AGAIN]),
        ({"pairs": "consecutive"}, [("a", "b"), ("b", "c"), *AGAIN]),
        ({"pairs": "reference"}, [("a", "b"), ("a", "c"), *AGAIN]),
        ({"reference": "c"}, [("c", "a"), ("c", "b"), *AGAIN]),
        ({"pairs": [("a1", "b"), ("a", "a2")]}, [("a1", "b"), ("a", "a2")]),
    ],
)
def test_a_replicate_is_compared_with_its_own_space_only_and_last(
    options: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert plan_pairs(NAMES, replicates=SEEDS, **options) == expected


def test_a_space_and_its_replicate_are_a_comparison() -> None:
    assert plan_pairs(["a", "a1"], replicates={"a": ["a1"]}) == [("a", "a1")]
    first_is_replicate = plan_pairs(["a1", "a", "b"], "reference", replicates={"a": ["a1"]})
    assert first_is_replicate == [("a", "b"), ("a", "a1")]


def test_a_replicate_is_no_reference() -> None:
    with pytest.raises(
        eb.InputError, match=r"reference='a1' is a replicate of 'a'; .*--reference a"
    ):
        plan_pairs(NAMES, reference="a1", replicates=SEEDS)
    with pytest.raises(eb.InputError, match=r"replicates name 'z'"):
        plan_pairs(NAMES, replicates={"a": ["z"]})


@pytest.mark.slow
def test_a_comparison_ends_with_what_noise_alone_would_change() -> None:
    x, _ = clustered(40)
    noise = np.random.default_rng(1).standard_normal(x.shape)
    spaces = {"old": x, "seed": x + 0.1 * noise, "new": -x}
    found = eb.compare(spaces, replicates={"old": "seed"})
    assert found.pairs == [("old", "new"), ("old", "seed")]
