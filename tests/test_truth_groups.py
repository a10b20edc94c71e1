"""Real data: what is known to have changed together is found, and noise is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from emblink.groups import Items, PairChanges, Surroundings, pair_changes
from tests.groups_helpers import benchmark, changes_of, rotation, side
from tests.measures_helpers import MNIST, mnist_digits, space

pytestmark = pytest.mark.slow


def changes(a: Surroundings, b: Surroundings, digits: NDArray[Any]) -> PairChanges:
    ids = np.array([f"digit {row}" for row in range(len(digits))])
    items = Items(ids, {"digit": digits.astype(np.dtypes.StringDType())}, {"label": "digit"})
    return pair_changes(a, b, names=("old", "new"), items=items)


def epoch(name: str, *other_runs: str) -> Surroundings:
    others = [space(MNIST, f"fc_{one}") for one in other_runs]
    return side(space(MNIST, f"fc_{name}"), metric="cosine", other_runs=others)


@pytest.fixture(scope="module")
def merged() -> PairChanges:
    """Handwritten digits; in the new space every 3 looks like some 8."""
    digits = load_digits()
    old, labels = digits.data, digits.target
    rng = np.random.default_rng(0)
    threes, eights = np.flatnonzero(labels == 3), np.flatnonzero(labels == 8)
    new = old.copy()
    drawn = old[rng.choice(eights, size=len(threes))]
    new[threes] = drawn + 0.3 * old.std() * rng.standard_normal(drawn.shape)
    return changes(side(old), side(new), labels.astype(str))


def test_threes_that_became_eights_are_the_first_group(merged: PairChanges) -> None:
    first = merged.explained[0].report
    share = {one["value"]: one["n"] / first["n"] for one in first["enriched"]}
    assert share["3"] >= 0.9
    assert 150 <= first["n"] <= 220  # of 183
    assert first["type"] == "merged"
    assert "8" in first["sentence"].removeprefix(f"{first['n']} items")
    joined = {one["label"]: one["share_b"] - one["share_a"] for one in first["shifts"]}
    assert max(joined, key=lambda label: joined[label]) == "8"


def test_fours_and_nines_part_while_a_network_learns() -> None:
    found = changes(epoch("seed0_epoch00"), epoch("seed0_epoch10"), mnist_digits().astype(str))
    parted = []
    for group in (one.report for one in found.explained):
        share = {one["value"]: one["n"] / group["n"] for one in group["enriched"]}
        left = {one["label"]: one["share_a"] - one["share_b"] for one in group["shifts"]}
        if share.get("4", 0) + share.get("9", 0) >= 0.8 and group["type"] in ("split", "gathered"):
            parted.append(max(left.get("4", 0), left.get("9", 0)) > 0)
    assert any(parted)


def test_later_epochs_change_no_group_beyond_what_a_seed_does() -> None:
    old = epoch("seed0_epoch05", "seed1_epoch05")
    new = epoch("seed0_epoch10", "seed1_epoch10")
    found = changes(old, new, mnist_digits().astype(str))
    assert found.search["floor_kind"] == "replicate"
    assert found.explained == []
    assert found.search["sentence"].startswith("No group stands out")


def test_a_real_space_against_itself_shows_no_group() -> None:
    vectors = space(MNIST, "fc_seed0_epoch02")
    one = side(vectors, metric="cosine")
    for same in (vectors, 3 * vectors @ rotation(64), vectors.astype(np.float16)):
        found = changes(one, side(same, metric="cosine"), mnist_digits().astype(str))
        assert found.explained == []
        assert found.search["n_grouped"] == 0


@pytest.mark.parametrize("turned", [False, True], ids=["came", "went"])
def test_noise_alike_for_all_digits_expands_and_contracts_none(turned: bool) -> None:
    """Ones are short vectors, which the same noise turns farther."""
    relabelled = benchmark("relabelled")
    digits = relabelled.load("mnist_cnn, epoch 10", MNIST.parent)
    pair = relabelled.still(digits, seed=743)
    spaces = (pair.b, pair.a) if turned else (pair.a, pair.b)
    assert changes_of(*spaces, metric="cosine").groups == []
