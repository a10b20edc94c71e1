"""Segments: which are claimed, that few are by chance, and the test of equivalence of nDCG."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from emblink.judge import search_quality
from emblink.measures import Relevant
from emblink.searches import Measured, Segment, measured, segmenting, segments_of, within
from emblink.searches._segments import judged_segments
from emblink.stats import at_least_of, sign_test, subset_p
from emblink.types import SegmentReport

N, ITEMS, K = 400, 300, 10
DRAWS = 120


def searched(
    changed: NDArray[np.bool_], rng: np.random.Generator, *, relevance: bool = True
) -> Measured:
    """Return searches of which some rank everything anew; one item answers each query."""
    a = rng.permuted(np.tile(np.arange(ITEMS, dtype=np.int32), (N, 1)), axis=1)[:, : 2 * K]
    b = a.copy()
    again = rng.permuted(np.tile(np.arange(ITEMS, dtype=np.int32), (N, 1)), axis=1)[:, : 2 * K]
    b[changed] = again[changed]
    answers = a[np.arange(N), np.minimum(rng.geometric(0.5, N) - 1, 2 * K - 1)]
    relevant = Relevant(np.arange(N + 1), answers) if relevance else None
    return measured(a, b, n_found=ITEMS, relevant=relevant)


def eight(rng: np.random.Generator) -> list[Segment]:
    columns = {"topic": rng.permutation(np.arange(N) % 8).astype(str)}
    return segments_of(columns, ["topic"])


@pytest.mark.slow
@pytest.mark.parametrize("relevance", [True, False])
def test_few_segments_are_claimed_where_changes_fall_at_random(relevance: bool) -> None:
    rng = np.random.default_rng(5)
    claims = 0
    for _ in range(DRAWS):
        found = searched(rng.random(N) < 0.08, rng, relevance=relevance)
        told = judged_segments(found, eight(rng))
        level = 0.025 if relevance else 0.05
        lost = [one for one in told if one.get("p_lost", one.get("p", 1.0)) <= level]
        claims += bool(lost)
    assert claims <= 0.05 * DRAWS + 4


@pytest.mark.slow
def test_few_segments_are_worse_where_nothing_changes_on_average() -> None:
    rng = np.random.default_rng(6)
    claims = 0
    for _ in range(DRAWS):
        found = searched(rng.random(N) < 0.08, rng)
        segments = eight(rng)
        # What was lost is gained as often: every other query is turned round.
        turn = rng.random(N) < 0.5
        a, b = np.where(turn[:, None], found.b, found.a), np.where(turn[:, None], found.a, found.b)
        both = measured(a, b, n_found=ITEMS, relevant=found.relevant)
        claims += any(
            one["verdict"] in ("worse", "better") for one in judged_segments(both, segments)
        )
    assert claims <= 0.05 * DRAWS + 4


def test_the_segment_that_lost_comes_first_and_segments_of_few_are_not_judged() -> None:
    rng = np.random.default_rng(1)
    topics = np.array(["refunds", "billing", "other"])[np.minimum(np.arange(N) // 50, 2)]
    topics[-4:] = "rare"
    changed = (np.arange(N) < 20) | (rng.random(N) < 0.02)
    segments = segments_of({"topic": topics}, ["topic"])
    told = judged_segments(searched(changed, rng), segments)
    assert (told[0]["segment"], told[0]["verdict"]) == ("refunds", "worse")
    assert told[-1]["segment"] == "rare"
    assert told[-1]["verdict"] == "too_few"
    assert "p" not in told[-1]
    churned = judged_segments(searched(changed, rng, relevance=False), segments)
    assert (churned[0]["segment"], churned[0]["verdict"]) == ("refunds", "churned")


def test_columns_of_few_values_make_segments() -> None:
    n = 60
    columns = {
        "topic": np.array(["a", "b", ""] * 20, np.dtypes.StringDType()),
        "text": np.array([f"word {at}" for at in range(n)]),
        "same": np.array(["x"] * n),
        "level": np.arange(n) % 5,
        "score": np.linspace(0, 1, n),
        "words": np.array(["p", "q"] * 30),
    }
    names = segmenting(columns, text="words")
    assert names == ["topic", "level"]
    found = segments_of(columns, names)
    assert [(one.value, len(one.rows)) for one in found[:2]] == [("a", 20), ("b", 20)]
    part = within(found, np.arange(3))
    assert [one.value for one in part if one.column == "topic"] == ["a", "b"]


def test_counts_are_exact() -> None:
    assert at_least_of(0, drawn=5, marked=3, n=20) == pytest.approx(1.0)
    assert at_least_of(3, drawn=3, marked=3, n=4) == pytest.approx(1 / 4)
    assert at_least_of(2, drawn=2, marked=2, n=5) == pytest.approx(1 / 10)
    assert at_least_of(4, drawn=3, marked=3, n=9) == 0
    assert sign_test(0, 0) == 1
    assert sign_test(5, 0) == pytest.approx(2 / 32)
    assert sign_test(3, 3) == 1


def test_means_of_values_that_are_dealt_at_random_have_even_probabilities() -> None:
    rng = np.random.default_rng(2)
    for rare in (False, True):
        found = []
        for _ in range(2000):
            values = (rng.random(300) < 0.05) * rng.random(300) if rare else rng.normal(size=300)
            found.append(subset_p(values, rng.permutation(300)[:40]))
        for level in (0.01, 0.05, 0.2):
            share = float(np.mean(np.array(found) <= level))
            assert share <= level + 3 * np.sqrt(level * (1 - level) / 2000)
    assert subset_p(np.ones(30), np.arange(5)) == 1
    high = np.append(np.ones(20), np.zeros(180))
    assert subset_p(high, np.arange(20)) < 1e-6 < subset_p(high, np.arange(20, 40))


def test_quality_of_queries_is_kept_lost_better_or_open() -> None:
    rng = np.random.default_rng(0)
    a = np.clip(rng.normal(0.6, 0.2, 2000), 0, 1)
    near = np.clip(a + rng.normal(0, 0.05, 2000), 0, 1)
    for b, verdict in ((near, "kept"), (a - 0.03, "lost"), (a + 0.03, "better")):
        found = search_quality(a, b + rng.normal(0, 0.01, 2000), k=10, chance=0.01)
        assert found is not None
        assert found["verdict"] == verdict
    few = search_quality(a[:40], near[:40] + rng.normal(0, 0.1, 40), k=10, chance=0.01)
    assert few is not None
    assert few["verdict"] == "undecided"
    same = search_quality(a[:40], a[:40], k=10, chance=0.01, unchanged=True)
    assert same is not None
    assert (same["verdict"], same["interval"]) == ("kept", [0.0, 0.0])
    assert search_quality(a[:29], a[:29], k=10, chance=0.01) is None
    assert search_quality(a[:99] * 0.01, a[:99] * 0.01, k=10, chance=0.01) is None


def test_a_segment_that_lost_its_margin_loses_the_whole() -> None:
    worse = SegmentReport(
        column="topic",
        segment="refunds",
        n=50,
        n_judged=50,
        churn=0.5,
        verdict="worse",
        ndcg_a=0.8,
        ndcg_b=0.7,
        delta=-0.1,
    )
    a = np.full(2000, 0.8)
    found = search_quality(a, a, k=10, chance=0.01, segments=[worse])
    assert found is not None
    assert found["verdict"] == "lost"
    assert found.get("segments") == [{"column": "topic", "segment": "refunds", "a": 0.8, "b": 0.7}]
    slight = SegmentReport(**{**worse, "delta": -0.04})
    kept = search_quality(a, a, k=10, chance=0.01, segments=[slight])
    assert kept is not None
    assert kept["verdict"] == "kept"


def test_equivalence_is_claimed_by_mistake_in_at_most_5_of_100() -> None:
    rng = np.random.default_rng(9)
    kept = 0
    for _ in range(1000):
        a = np.clip(rng.normal(0.6, 0.2, 400), 0, 1)
        found = search_quality(a, a - 0.01 + rng.normal(0, 0.08, 400), k=10, chance=0.01)
        kept += found is not None and found["verdict"] == "kept"
    assert kept <= 0.065 * 1000


def test_queries_of_which_nothing_is_said_are_no_segment() -> None:
    values = {"topic": np.array(["nan", "", "a", "b"] * 10)}
    assert [one.value for one in segments_of(values, segmenting(values))] == ["a", "b"]


def test_segments_that_lose_alike_are_no_finding_each_but_one_of_the_whole() -> None:
    rng = np.random.default_rng(11)
    ranks = np.tile(np.arange(ITEMS, dtype=np.int32), (N, 1))[:, : 2 * K]
    answers = np.zeros(N, np.int64)
    worse = ranks.copy()
    worse[:, :3] = rng.permuted(worse[:, :3], axis=1)
    relevant = Relevant(np.arange(N + 1), answers)
    segments = eight(rng)
    alike = judged_segments(measured(ranks, worse, n_found=ITEMS, relevant=relevant), segments)
    assert {one["verdict"] for one in alike} == {"worse"}
    assert not any(one["apart"] for one in alike)
    further = worse.copy()
    rows = segments[3].rows
    further[rows] = np.roll(further[rows], 5, axis=1)
    found = measured(ranks, further, n_found=ITEMS, relevant=relevant)
    told = judged_segments(found, segments)
    assert [one["segment"] for one in told if one["apart"]] == [segments[3].value]
