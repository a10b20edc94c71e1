"""Items that nothing but rounding moved, and copies of a space in which no group may be found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import emblink as eb
from emblink.groups import Surroundings, change_groups, principal_points, storage_rounding
from emblink.groups._unmoved import Unmoved, unmoved
from emblink.neighbors import nearest_neighbors
from emblink.types import FloatArray, Metric
from tests.groups_helpers import rotation

Numbers = NDArray[np.float64]
METRICS: tuple[Metric, Metric] = ("cosine", "euclidean")


def counts_and_shares(rng: np.random.Generator, n: int) -> Numbers:
    return np.stack([rng.integers(1, 51, n), rng.random(n)], axis=1)


def few_values(rng: np.random.Generator, n: int) -> Numbers:
    return rng.standard_normal((n, 6))[rng.integers(0, n // 10, n)]


def one_vector_often(rng: np.random.Generator, n: int) -> Numbers:
    x = rng.standard_normal((n, 6))
    x[: n // 3] = x[0]
    return x


def constant_columns(rng: np.random.Generator, n: int) -> Numbers:
    x = rng.standard_normal((n, 6))
    x[:, 3], x[:, 4] = 2, 0
    return x


def far_rows(rng: np.random.Generator, n: int) -> Numbers:
    x = rng.standard_normal((n, 2)) + 5
    x[:3] *= 1e3
    return x


def tight_clusters(rng: np.random.Generator, n: int) -> Numbers:
    centres = 1 + rng.standard_normal((3, 2))
    return centres[rng.integers(0, 3, n)] + 1e-3 * rng.standard_normal((n, 2))


SPACES: dict[str, Callable[[np.random.Generator, int], Numbers]] = {
    "counts and shares": counts_and_shares,
    "one dim": lambda rng, n: 0.5 + rng.random((n, 1)),
    "two dims off the origin": lambda rng, n: 100 + rng.standard_normal((n, 2)),
    "three dims": lambda rng, n: rng.standard_normal((n, 3)),
    "long tails": lambda rng, n: np.exp(2 * rng.standard_normal((n, 2))),
    "a grid": lambda rng, n: rng.integers(1, 8, (n, 2)).astype(float),
    "few values": few_values,
    "one vector often": one_vector_often,
    "constant columns": constant_columns,
    "far rows": far_rows,
    "tight clusters": tight_clusters,
    "more dims than items": lambda rng, n: rng.standard_normal((n, 200)),
}


def copies(x: Numbers, rng: np.random.Generator) -> Iterator[tuple[str, FloatArray, FloatArray]]:
    """Yield pairs that differ by nothing but rotation, scale and the rounding of numbers."""
    single = x.astype(np.float32)
    turned = 3.7 * x @ rotation(x.shape[1], seed=int(rng.integers(1000)))
    yield "the same", single, single.copy()
    yield "turned", single, turned.astype(np.float32)
    yield "turned in double", x, turned
    half = single.astype(np.float16)
    yield "in half precision", single, half
    yield "once in half precision", single, half.astype(np.float32)
    yield "half precision twice over", half, 2 * half.astype(np.float32)
    brain = (single.view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)
    yield "in bfloat16", single, brain


def side(vectors: FloatArray, metric: Metric) -> Surroundings:
    return Surroundings(
        points=principal_points(vectors, metric=metric),
        graph=nearest_neighbors(vectors, k=50, metric=metric),
        rounding=storage_rounding(vectors, metric=metric),
    )


def unmoved_of(a: Surroundings, b: Surroundings) -> Unmoved:
    assert a.rounding is not None
    assert b.rounding is not None
    return unmoved(a.points, b.points, rounding=(a.rounding, b.rounding))


@pytest.mark.slow
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("space", SPACES)
def test_no_group_and_no_stray_where_only_rounding_moved_anything(
    space: str, metric: Metric
) -> None:
    for seed, n in enumerate((64, 300)):
        rng = np.random.default_rng(seed)
        for kind, a, b in copies(SPACES[space](rng, n), rng):
            found = change_groups(side(a, metric), side(b, metric))
            said = (found.groups, found.n_strayed, float(np.abs(found.residuals).max()))
            assert said == ([], 0, 0.0), (kind, n)


@pytest.mark.slow
@pytest.mark.parametrize("space", SPACES)
def test_an_identical_pair_has_no_groups_no_moves_and_no_changed_labels(space: str) -> None:
    rng = np.random.default_rng(3)
    x = SPACES[space](rng, 200)
    labels = np.array(["ant", "bee"])[(x[:, 0] > np.median(x[:, 0])).astype(int)]
    turned = (2 * x @ rotation(x.shape[1])).astype(np.float32)
    single = x.astype(np.float32)
    comparison = eb.compare(
        {"old": single, "copy": single.copy(), "turned": turned}, labels=labels, metric="euclidean"
    )
    for pair in comparison.report()["pairs"]:
        if pair["b"] == "copy":
            assert pair["size"]["grade"] == "identical"
        if pair["size"]["grade"] == "identical":
            assert_nothing_changed(pair)


def assert_nothing_changed(pair: Any) -> None:
    assert pair["groups"] == []
    assert pair["group_search"]["n_strayed"] == 0
    counts = pair["moves"]["counts"]
    assert counts["changed_and_moved"] == counts["changed_not_shown"] == 0
    assert pair["moves"].get("lost_and_still", {"n": 0})["n"] == 0
    assert {one["verdict"] for one in pair["labels"]} <= {"same", "too_few"}
    assert {one["verdict"] for one in pair["label_pairs"]} <= {"same"}


def test_what_moved_among_unmoved_items_is_found_as_before() -> None:
    rng = np.random.default_rng(4)
    centres = 4 * rng.standard_normal((8, 12))
    x = centres[np.arange(400) % 8] + rng.standard_normal((400, 12))
    y = x @ rotation(12)
    moved = np.flatnonzero(np.arange(400) % 8 == 2)
    y[moved] += y[np.arange(400) % 8 == 5].mean(axis=0) - y[moved].mean(axis=0)
    a, b = (side(one.astype(np.float32), "euclidean") for one in (x, y))
    found = unmoved_of(a, b)
    assert np.array_equal(np.flatnonzero(~found.turned), moved)
    (group,) = change_groups(a, b).groups
    assert np.array_equal(group.members, moved)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 5, 6, 7])
def test_a_rotation_that_breaks_ties_changes_no_label(seed: int) -> None:
    """Items on a grid tie: which of them are neighbours is left to the rounding."""
    rng = np.random.default_rng(seed)
    grid = rng.integers(1, 8, (400, 2)).astype(float)
    labels = np.array([*"abcd"])[rng.integers(0, 4, 400)]
    turned = 3.7 * grid @ rotation(2, seed=seed)
    spaces = {"old": grid, "new": turned}
    report = eb.compare(spaces, labels=labels, metric="euclidean").pair("old", "new").report
    assert report["size"]["grade"] == "identical"
    assert report["scores"]["neighborhood_overlap"]["value"] < 0.95
    assert_nothing_changed(report)


@pytest.mark.slow
@pytest.mark.parametrize("n_items", [60, 400])
def test_noise_of_a_thousandth_is_no_rounding(n_items: int) -> None:
    rng = np.random.default_rng(5)
    x = rng.standard_normal((n_items, 40)).astype(np.float32)
    y = x + 1e-3 * rng.standard_normal(x.shape).astype(np.float32)
    a, b = side(x, "euclidean"), side(y, "euclidean")
    found = unmoved_of(a, b)
    assert not found.told.any()


def test_an_affine_image_is_told_and_not_turned() -> None:
    rng = np.random.default_rng(6)
    x = rng.standard_normal((300, 5))
    y = x * np.array([1, 2, 3, 1, 1]) + 4
    a, b = (side(one.astype(np.float32), "euclidean") for one in (x, y))
    found = unmoved_of(a, b)
    assert found.told.all()
    assert not found.turned.any()


def test_rounding_is_that_of_the_numbers_and_whole_numbers_have_none() -> None:
    rng = np.random.default_rng(7)
    x = rng.standard_normal((500, 9)).astype(np.float32)
    half = storage_rounding(x.astype(np.float16).astype(np.float32), metric="cosine")
    single = storage_rounding(x, metric="cosine")
    missed = x.astype(np.float16).astype(np.float64) - x
    off = np.linalg.norm(missed, axis=1) / np.linalg.norm(x.astype(np.float64), axis=1)
    assert (half >= off).all()
    assert half == pytest.approx(2.0**13 * single, rel=1e-3)
    whole = rng.integers(0, 256, (500, 9))
    as_whole = storage_rounding(whole.astype(np.float32), metric="euclidean")
    as_half = storage_rounding((whole + 0.5).astype(np.float32), metric="euclidean")
    assert as_whole.max() < 1e-3 * as_half.max()


def test_of_very_many_items_the_first_say_whether_all_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(0)
    a = rng.standard_normal((600, 4)).astype(np.float32)
    turned = (a @ rotation(4)).astype(np.float32)
    turned[500:] += 1
    noisy = turned + rng.standard_normal(turned.shape).astype(np.float32)
    rounding = (np.full(600, 1e-6, np.float32), np.full(600, 1e-6, np.float32))
    before = [unmoved(a, b, rounding=rounding) for b in (turned, noisy)]
    monkeypatch.setattr("emblink.groups._unmoved._MOST_AT_ONCE", 500)
    monkeypatch.setattr("emblink.groups._unmoved._LOOKED_AT", 200)
    for b, found in zip((turned, noisy), before, strict=True):
        again = unmoved(a, b, rounding=rounding)
        np.testing.assert_array_equal(again.told, found.told)
        np.testing.assert_array_equal(again.turned, found.turned)
    assert before[0].turned.sum() == 500
    assert not before[1].told.any()
