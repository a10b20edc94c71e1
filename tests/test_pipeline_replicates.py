"""Replicates as the reference of a whole comparison."""

from __future__ import annotations

import numpy as np
import pytest

import emblink as eb
from emblink.types import FloatArray
from tests.conftest import clustered, overlap_of


def runs(n_runs: int, *, noise: float = 0.6, n_items: int = 300) -> list[FloatArray]:
    """Return one truth seen with noise several times."""
    x, _ = clustered(n_items, spread=1.0)
    rng = np.random.default_rng(5)
    return [x + noise * rng.standard_normal(x.shape) for _ in range(n_runs)]


@pytest.fixture(scope="module")
def comparison() -> eb.Comparison:
    """Two spaces, and another run of the first."""
    a, again, b = runs(3)
    return eb.compare({"a": a, "again": again, "b": b}, replicates={"a": ["again"]})


@pytest.mark.slow
def test_the_floor_of_a_pair_is_the_same_measure_between_a_space_and_its_replicate(
    comparison: eb.Comparison,
) -> None:
    assert comparison.pairs == [("a", "b"), ("a", "again")]
    found = comparison.pair("a", "b").scores
    between = comparison.pair("a", "again").scores
    for name in ("neighborhood_overlap", "rank_biased_overlap", "linear_cka", "rsa"):
        assert found[name]["noise_floor"] == pytest.approx(between[name]["value"]), name
        assert found[name]["floor_kind"] == "replicate"
    assert comparison.pair("a", "b").report["beyond_noise"]["answer"] != "yes"
    assert comparison.pair("a", "again").report["sentence"].startswith("Noise floor: again is")


@pytest.mark.slow
def test_both_spaces_replicates_count_by_half(replicated: eb.Comparison) -> None:
    floor = replicated.pair("a", "b").scores["neighborhood_overlap"]["noise_floor"]
    sides = [overlap_of(replicated, *pair) for pair in (("a", "a2"), ("b", "b2"))]
    assert floor == pytest.approx(np.mean(sides))


@pytest.mark.slow
def test_a_listed_pair_with_a_replicate_is_judged_by_the_recipe_of_that_replicate() -> None:
    a, again, b = runs(3)
    comparison = eb.compare(
        {"a": a, "again": again, "b": b},
        replicates={"a": ["again"]},
        pairs=[("b", "again"), ("a", "again")],
    )
    floor = comparison.pair("b", "again").scores["neighborhood_overlap"]["noise_floor"]
    assert floor == pytest.approx(overlap_of(comparison, "a", "again"))


@pytest.mark.slow
def test_a_shuffled_replicate_excuses_nothing() -> None:
    a, again, b = runs(3, n_items=400)
    shuffled = again[np.random.default_rng(0).permutation(len(again))]
    spaces = {"a": a, "b": b, "again": shuffled}
    comparison = eb.compare(spaces, replicates={"a": ["again"]})
    report = comparison.pair("a", "b").report
    assert report["scores"]["neighborhood_overlap"]["floor_kind"] == "numerical"
    assert any("Replicate again shares no more" in warning for warning in report["warnings"])
    reference = comparison.pair("a", "again").report
    assert reference["size"]["grade"] in ("misaligned", "unrelated")
    assert "Noise floor" not in reference["sentence"]


@pytest.mark.slow
def test_a_replicate_that_lacks_items_is_measured_on_the_others_and_named() -> None:
    a, again, b = runs(3)
    ids = np.arange(300)
    comparison = eb.compare(
        {"a": a, "b": b, "again": again[:200]},
        ids={"a": ids, "b": ids, "again": ids[:200]},
        replicates={"a": ["again"]},
    )
    report = comparison.pair("a", "b").report
    floor = report["scores"]["neighborhood_overlap"]["noise_floor"]
    assert floor == pytest.approx(overlap_of(comparison, "a", "again"))
    assert any("Replicate again lacks 33 %" in warning for warning in report["warnings"])


@pytest.mark.slow
def test_pairs_by_which_others_are_judged_make_no_other_verdict_harder(
    comparison: eb.Comparison,
) -> None:
    a, again, b, third = runs(4)
    more = eb.compare(
        {"a": a, "again": again, "b": b, "third": third},
        replicates={"a": ["again", "third"]},
        pairs=[("a", "b"), ("a", "again"), ("a", "third")],
    )
    assert 0 < more.pair("a", "b").report["beyond_noise"]["p"] <= 1
    listed = eb.compare(
        {"a": a, "again": again, "b": b},
        replicates={"a": ["again"]},
        pairs=[("a", "b")],
    )
    first, second = (one.pair("a", "b").report["beyond_noise"] for one in (listed, comparison))
    assert first == second


@pytest.mark.slow
def test_a_replicate_that_is_a_copy_is_said_to_show_no_noise() -> None:
    a, b = runs(2)
    comparison = eb.compare({"a": a, "b": b, "again": a.copy()}, replicates={"a": ["again"]})
    warnings = comparison.pair("a", "b").report["warnings"]
    assert any("Replicate again has the very neighbours of a" in one for one in warnings)


@pytest.mark.slow
def test_a_numerical_floor_is_that_of_the_pairs_common_items() -> None:
    a, b = runs(2, n_items=800)
    ids = np.arange(800)
    partial = eb.compare({"a": a, "b": b[:100]}, ids={"a": ids, "b": ids[:100]})
    alone = eb.compare({"a": a[:100], "b": b[:100]})
    for name in ("neighborhood_overlap", "rank_biased_overlap", "linear_cka"):
        floors = [one.pair("a", "b").scores[name]["noise_floor"] for one in (partial, alone)]
        assert floors[0] == pytest.approx(floors[1]), name
