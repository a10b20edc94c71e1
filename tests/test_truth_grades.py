"""Changes of which it is known how large they are, compared whole, and what each is called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.types import FloatArray, Metric
from tests.benchmarks_helpers import imported

changes, sizes = imported("_judgement.changes"), imported("_judgement.sizes")

KNOWN = {
    one.name: one for one in (*changes.made(), *changes.training(), *changes.real()) if one.wanted
}

pytestmark = pytest.mark.slow


def pair_of(a: FloatArray, b: FloatArray, metric: Metric) -> dict[str, Any]:
    pair: Any = eb.compare({"a": a, "b": b}, metric=metric).report()["pairs"][0]
    return dict(pair)


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_known_change_has_its_grade(name: str) -> None:
    one = KNOWN[name]
    assert pair_of(one.a, one.b, one.metric)["size"]["grade"] in one.wanted


def half_exchanged(rng: Any, a: FloatArray) -> FloatArray:
    b = a.copy()
    every_other = np.arange(0, len(a), 2)
    b[every_other] = a[rng.permutation(every_other)]
    return b


def clusters(rng: Any) -> FloatArray:
    centres = 1.5 * rng.normal(size=(8, 12))
    return np.asarray(np.repeat(centres, 75, axis=0) + rng.normal(size=(600, 12)))


@pytest.mark.parametrize("far", [0.0, 3000.0])
def test_three_extreme_rows_excuse_no_exchange_of_half_of_the_items(far: float) -> None:
    rng = np.random.default_rng(0)
    a = clusters(rng)
    b = half_exchanged(rng, a)
    a[:3] += far
    b[:3] = a[:3]
    pair = pair_of(a, b, "euclidean")
    assert pair["size"]["grade"] in ("reworked", "another_space")
    assert pair["size"]["w"] > 0.15
    assert "noise_floor" not in pair["scores"]["neighborhood_overlap"] or (
        pair["scores"]["neighborhood_overlap"]["noise_floor"] > 0.9
    )
    assert not pair["answer"].startswith(("Identical", "The same", "Interchangeable", "Like"))


def test_lengths_of_rows_are_no_change_and_no_floor_under_cosine() -> None:
    rng = np.random.default_rng(0)
    a = clusters(rng)
    scores = pair_of(a, a * rng.lognormal(sigma=1.5, size=(600, 1)), "cosine")
    assert scores["size"]["grade"] == "identical"
    assert scores["scores"]["linear_cka"]["value"] == pytest.approx(1.0, abs=1e-6)
    assert scores["scores"]["neighborhood_overlap"]["noise_floor"] > 0.9


@pytest.mark.parametrize("name", ["MiniLM", "EfficientNet"])
def test_more_planted_noise_is_a_larger_share(name: str) -> None:
    space = changes.demo(sizes.SPACES[name])
    found = [
        sizes.share(space, changes.planted(space, share, seed=1))[0].value
        for share in (0.02, 0.1, 0.3)
    ]
    assert (np.diff(found) > 0.0).all()


def test_whole_spaces_and_600_of_their_items_have_nearly_the_same_share() -> None:
    apart = []
    for one in changes.real():
        whole = sizes.share(one.a, one.b)[0].value
        few = []
        for sample in range(3):
            rows = np.random.default_rng([9, sample]).permutation(len(one.a))[: sizes.FEW]
            few.append(sizes.share(one.a[rows], one.b[rows])[0].value)
        apart.append(abs(np.mean(few) - whole))
    assert len(apart) == 5
    assert max(apart) <= sizes.APART
