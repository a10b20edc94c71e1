"""What two spaces share is the same for all of their items and for a part of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import emblink as eb
from emblink.judge import label_changes, purity_change
from emblink.matched import (
    Common,
    RawScore,
    among,
    flip_scores,
    graph_at,
    in_both,
    replicate_counts,
    replicate_pairs_of,
    run_floors,
    sample,
)
from emblink.stats import sample_items
from tests.conftest import clustered
from tests.measures_helpers import brute_graph


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(0, 40), st.integers(0, 40))
def test_common_items_are_those_of_both_spaces_at_their_rows(
    seed: int, n: int, n_a: int, n_b: int
) -> None:
    rng = np.random.default_rng(seed)
    a, b = (rng.permutation(n)[:held] for held in (n_a, n_b))
    common = in_both(a, b, n_items=n)
    assert common.items.tolist() == sorted({*a.tolist()} & {*b.tolist()})
    np.testing.assert_array_equal(a[common.rows_a], common.items)
    np.testing.assert_array_equal(b[common.rows_b], common.items)


def test_fewer_than_four_common_items_are_none() -> None:
    common = Common(np.arange(9), np.arange(9)[::-1], np.arange(9))
    assert among(common, np.array([1, 2, 8, 30])) is None
    kept = among(common, np.array([8, 1, 2, 5]))
    assert kept is not None
    assert (kept.items.tolist(), kept.rows_a.tolist()) == ([1, 2, 5, 8], [7, 6, 3, 0])


@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 60))
def test_a_sample_of_all_rows_is_a_sample_of_as_many(seed: int, n: int, most: int) -> None:
    drawn = sample(np.arange(n), most=most, seed=seed)
    np.testing.assert_array_equal(drawn, sample_items(n, most, seed=seed))
    assert len({*drawn.tolist()}) == min(n, most)


def test_all_items_keep_their_stored_neighbours_and_a_part_has_fifty() -> None:
    x, _ = clustered(150, spread=1.0)
    graph = brute_graph(x.astype(np.float32), 100)
    assert graph_at(graph, x, np.arange(150)).indices.shape == (150, 100)
    part = np.random.default_rng(0).permutation(150)[:120]
    assert graph_at(graph, x, part).indices.shape == (120, 50)
    assert graph_at(graph, x, part, at_least=70).indices.shape == (120, 70)
    assert graph_at(graph, x, part[:20]).indices.shape == (20, 19)


def test_a_pair_is_judged_by_the_runs_of_both_recipes_and_by_itself_last() -> None:
    known = {"a": ("a1", "a2"), "b": ("b1",)}
    names = ["a", "a1", "a2", "b", "b1", "c"]
    assert replicate_pairs_of(known, names, ("a", "c")) == [("a", "a1"), ("a", "a2")]
    assert replicate_pairs_of(known, names, ("b", "a2")) == [("a", "a1"), ("a", "a2"), ("b", "b1")]
    assert replicate_pairs_of(known, names, ("a", "a1")) == [("a", "a2")]
    assert replicate_pairs_of(known, names, ("b1", "b")) == [("b", "b1")]
    assert replicate_pairs_of(known, names, ("c", "d")) == []


def test_a_replicate_at_chance_does_not_count_and_a_copy_is_named() -> None:
    counts, words = replicate_counts(("a", "r"), at_chance=True, overlap=0.1, missing=0.0)
    assert not counts
    assert "shares no more neighbours with a than chance" in words[0]
    counts, words = replicate_counts(("a", "r"), at_chance=False, overlap=1.0, missing=0.2)
    assert not counts
    assert "very neighbours of a" in words[0]
    counts, words = replicate_counts(("a", "r"), at_chance=False, overlap=0.9, missing=0.2)
    assert counts
    assert "lacks 20 % of these items" in words[0]
    counts, words = replicate_counts(("a", "r"), at_chance=False, overlap=0.9, missing=0.6)
    assert not counts


def test_recipes_count_by_half_however_often_each_was_run_again() -> None:
    def run(value: float) -> dict[str, RawScore]:
        return {"linear_cka": RawScore(value=value, n=9)}

    found = run_floors([("a", run(0.5)), ("a", run(0.7)), ("b", run(0.8))])
    assert found["linear_cka"].value == pytest.approx((0.6 + 0.8) / 2)
    assert found["linear_cka"].kind == "replicate"


def test_flips_are_counted_of_two_labelled_items_or_more() -> None:
    right, wrong = np.ones(4, dtype=bool), np.zeros(4, dtype=bool)
    codes, cells = np.array([-1, 0, -1, -1]), np.arange(4)
    assert flip_scores(right, wrong, codes, cells=cells).raw == {}
    codes[0] = 0
    found = flip_scores(right, wrong, codes, cells=cells)
    assert found.raw["negative_flip_rate"].value == 1.0
    assert found.raw["negative_flip_rate"].n == 2


def test_one_labelled_item_is_no_reason_to_fail() -> None:
    x, _ = clustered(40, spread=1.0)
    words = ["one", *[""] * 39]
    scores = eb.compare({"a": x, "b": x + 0.1 * x[::-1]}, labels=words).pair("a", "b").scores
    assert "negative_flip_rate" not in scores
    assert "neighborhood_overlap" in scores


def test_the_change_of_a_label_is_that_of_its_items() -> None:
    rng = np.random.default_rng(2)
    a, b, overlap = rng.random((3, 400)).astype(np.float32)
    a[::9], b[::7] = np.nan, np.nan
    codes, cells = rng.integers(-1, 3, 400), rng.integers(0, 40, 400)
    reports = label_changes(a, b, overlap=overlap, codes=codes, names=["x", "y", "z"], cells=cells)
    for code, report in enumerate(reports):
        rows = np.flatnonzero(codes == code)
        change = purity_change(a[rows], b[rows], cells=cells[rows])
        assert change is not None
        assert report["n"] == change.n == np.isfinite(a[rows] + b[rows]).sum()
        assert report["delta"] == change.delta == pytest.approx(change.b - change.a)
        assert report["interval"] == [*change.interval]
    assert purity_change(a[::9], b[::9]) is None
