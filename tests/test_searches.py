"""Searches of a comparison: what is lost is named first, and every number stands beside chance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.bundle import read_manifest
from emblink.errors import BundleError
from emblink.searches import measured
from emblink.table import SEARCH_MEASURES, Measure
from emblink.types import PairReport, PairSearches
from tests.searches_helpers import TOPICS, Catalogue, catalogue, damaged, turned

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[1] / "docs" / "measures"
WORLD = catalogue()


def compared(
    world: Catalogue, items: Any, queries: Any, folder: Path | None = None, **more: Any
) -> eb.Comparison:
    given: dict[str, Any] = {
        "queries": {"old": world.queries, "new": queries},
        "query_items": world.query_items,
        "qrels": world.qrels,
    }
    return eb.compare(
        {"old": world.items, "new": items},
        ids=world.ids,
        out=None if folder is None else folder / "run.emblink",
        **(given | more),
    )


def told(comparison: eb.Comparison, at: int = 0) -> tuple[PairReport, PairSearches]:
    searches = comparison.searches
    assert searches is not None
    return comparison.report()["pairs"][at], searches["pairs"][at]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    """Twenty of the queries about refunds are led astray; the items are turned and stirred."""
    folder = tmp_path_factory.mktemp("planted")
    return compared(WORLD, turned(WORLD.items, noise=0.1), damaged(WORLD), folder)


@pytest.fixture(scope="module")
def other_runs(tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    """An old model, another run of it, and a worse one; all have queries."""
    rng = np.random.default_rng(8)

    def run(noise: float) -> tuple[Any, Any]:
        sides = WORLD.items, WORLD.queries
        items, queries = (side + noise * rng.normal(size=side.shape) for side in sides)
        return items, queries

    found = {"old": run(0.3), "again": run(0.3), "new": run(0.9)}
    return eb.compare(
        {name: one[0] for name, one in found.items()},
        ids=WORLD.ids,
        replicates={"old": "again"},
        queries={name: one[1] for name, one in found.items()},
        query_items=WORLD.query_items,
        qrels=WORLD.qrels,
        out=tmp_path_factory.mktemp("reruns") / "run.emblink",
    )


@pytest.mark.slow
def test_a_planted_loss_of_20_of_400_queries_is_named_first(planted: eb.Comparison) -> None:
    pair, searches = told(planted)
    said = "20 of 400 queries lose their first relevant answer; all are about refunds"
    assert pair["answer"].startswith(f"Do not swap: {said}; as a whole,")
    assert pair.get("findings", [])[0]["sentence"].startswith(said)
    assert pair.get("findings", [])[0]["kind"] == "searches"
    assert pair.get("findings", [])[0]["sure"]
    assert searches["findings"][0].startswith(said)
    first, *others = searches["segments"]
    assert (first["segment"], first["verdict"], first.get("n_lost")) == ("refunds", "worse", 20)
    assert {one["verdict"] for one in others} == {"same"}
    assert pair.get("quality") == searches.get("quality")
    quality = searches["quality"]
    assert (quality["measure"], quality["verdict"], quality["n"]) == ("ndcg", "lost", 400)
    assert [one["segment"] for one in quality.get("segments", [])] == ["refunds"]


def test_lost_queries_are_listed_with_their_answers(planted: eb.Comparison) -> None:
    _, searches = told(planted)
    lost = {one["id"]: one for one in searches["lost"]}
    assert {*lost} == {f"q{at}" for at in np.flatnonzero(WORLD.topics == "refunds")[:20]}
    for name, one in lost.items():
        assert one["answer"] in WORLD.qrels[name]
        assert one["rank_a"] == 1
        assert one.get("text", "").startswith("how about refunds")
    table = planted.queries("old", "new")
    assert table["id"][table["lost"] == 1].tolist() == [
        name for name in WORLD.query_items["id"] if name in lost
    ]
    np.testing.assert_array_equal(table["topic"], WORLD.topics)
    results = [row.split(", ") for row in table["results_a"].tolist()]
    assert all(len({*row}) == 10 for row in results)
    hit = [f"d{answer}" in row for answer, row in zip(WORLD.answers, results, strict=True)]
    np.testing.assert_array_equal(hit, table["recall_a"] == 1)


def test_the_means_of_the_table_are_the_scores(planted: eb.Comparison) -> None:
    _, searches = told(planted)
    table, scores = planted.queries("old", "new"), searches["scores"]
    means = {
        "search_churn": table["churn"].mean(),
        "first_answer_change": table["first_changed"].mean(),
        "search_rank_biased_overlap": table["rank_biased_overlap"].mean(),
        "first_relevant_loss": table["lost"].mean(),
    }
    for name in ("ndcg", "recall", "mrr"):
        means[f"{name}_change"] = (table[f"{name}_b"] - table[f"{name}_a"]).mean()
    for name, mean in means.items():
        assert scores[name]["value"] == pytest.approx(mean, abs=1e-6)
    level = {one["measure"]: one for one in searches["levels"]}
    assert level["ndcg"]["b"] == pytest.approx(table["ndcg_b"].mean(), abs=1e-6)


@pytest.mark.slow
def test_a_rotated_copy_loses_nothing() -> None:
    pair, searches = told(compared(WORLD, turned(WORLD.items), turned(WORLD.queries)))
    assert searches["scores"]["search_churn"]["value"] < 0.001
    assert searches.get("n_lost") == searches.get("n_gained") == 0
    assert searches["quality"]["verdict"] == "kept"
    assert pair["answer"].startswith("Identical; nDCG@10 kept")
    assert all(one["kind"] != "searches" for one in pair.get("findings", []))
    assert {one["verdict"] for one in searches["segments"]} == {"same"}


@pytest.mark.slow
def test_queries_led_astray_over_the_same_items_are_held(tmp_path: Path) -> None:
    pair, _ = told(compared(WORLD, WORLD.items, np.roll(WORLD.queries, 1, axis=0), tmp_path))
    assert pair["size"]["grade"] == "identical"
    assert pair["answer"].startswith("Do not swap: ")
    assert pair.get("findings", [])[0]["kind"] == "searches"


@pytest.mark.slow
def test_without_relevance_the_segment_whose_results_change_most_is_named() -> None:
    pair, searches = told(
        compared(WORLD, turned(WORLD.items, noise=0.1), damaged(WORLD), qrels=None)
    )
    assert searches["n_judged"] == 0
    assert searches["levels"] == []
    assert "quality" not in pair
    assert searches["segments"][0]["segment"] == "refunds"
    assert searches["segments"][0]["verdict"] == "churned"
    assert searches["findings"][0].startswith(
        "Queries about refunds (50) change more than the others"
    )
    assert "of 400 queries get another first result" in pair["answer"]


@pytest.mark.slow
def test_the_order_in_which_items_and_queries_come_does_not_matter(planted: eb.Comparison) -> None:
    rng = np.random.default_rng(2)
    at, of = rng.permutation(len(WORLD.items)), rng.permutation(len(WORLD.queries))
    names = WORLD.query_items
    shuffled = eb.compare(
        {"old": WORLD.items[at], "new": turned(WORLD.items, noise=0.1)[at]},
        ids=[WORLD.ids[row] for row in at],
        queries={"old": WORLD.queries[of], "new": damaged(WORLD)[of]},
        query_items={name: values[of] for name, values in names.items()},
        qrels=dict(reversed(WORLD.qrels.items())),
    )
    scores, others = (told(one)[1]["scores"] for one in (planted, shuffled))
    for name, score in scores.items():
        assert others[name]["value"] == pytest.approx(score["value"], abs=1e-9)
        assert others[name]["interval"] == pytest.approx(score["interval"], abs=1e-9)


@pytest.mark.slow
def test_replicates_with_queries_are_the_floor(other_runs: eb.Comparison) -> None:
    names = [(one["a"], one["b"]) for one in other_runs.searches["pairs"]]  # type: ignore[index]
    assert names == [("old", "new"), ("old", "again")]
    (_, new), (_, again) = told(other_runs, 0), told(other_runs, 1)
    floor = again["scores"]["search_churn"]["value"]
    assert new["scores"]["search_churn"]["noise_floor"] == pytest.approx(floor)
    assert new["scores"]["search_churn"]["value"] > floor
    lost = new["scores"]["first_relevant_loss"]
    low, high = lost["excess_interval"]
    assert low < lost["excess"] < high
    assert "between reruns" in new["sentence"]
    assert "noise_floor" not in again["scores"]["search_churn"]


@pytest.mark.slow
def test_items_as_queries_are_not_among_their_own_results() -> None:
    found = eb.compare(
        {"old": WORLD.items, "new": turned(WORLD.items, noise=0.3)},
        ids=WORLD.ids,
        items={"id": WORLD.ids, "kind": np.array(TOPICS)[np.arange(600) % 8]},
        queries=120,
    )
    pair, searches = told(found)
    assert searches["n"] == 120
    table = found.queries("old", "new")
    assert all(
        name not in row.split(", ")
        for name, row in zip(table["id"].tolist(), table["results_a"].tolist(), strict=True)
    )
    assert {one["column"] for one in searches["segments"]} == {"kind"}
    churn = 1 - pair["scores"]["neighborhood_overlap"]["value"]
    assert searches["scores"]["search_churn"]["value"] == pytest.approx(churn, abs=0.05)


@pytest.mark.slow
def test_only_items_that_both_spaces_have_are_searched() -> None:
    n = 500
    found = eb.compare(
        {"old": WORLD.items, "new": turned(WORLD.items)[:n]},
        ids={"old": WORLD.ids, "new": WORLD.ids[:n]},
        queries={"old": WORLD.queries, "new": turned(WORLD.queries)},
        query_items=WORLD.query_items,
        qrels=WORLD.qrels,
    )
    _, searches = told(found)
    assert searches["n_items"] == n
    assert searches["n_judged"] == int((WORLD.answers < n).sum()) < 400
    assert searches["scores"]["search_churn"]["value"] < 0.001
    table = found.queries("old", "new")
    np.testing.assert_array_equal(np.isnan(table["ndcg_a"]), WORLD.answers >= n)


@pytest.mark.slow
def test_copies_among_the_items_are_found_in_one_order_in_both_spaces() -> None:
    items = np.repeat(WORLD.items[:100], 6, axis=0)
    found = eb.compare(
        {"old": items, "new": turned(items)},
        ids=WORLD.ids,
        queries={"old": WORLD.queries[:50], "new": turned(WORLD.queries[:50])},
    )
    assert told(found)[1]["scores"]["search_churn"]["value"] == pytest.approx(0, abs=0.02)


@pytest.mark.slow
def test_few_queries_with_answers_are_said_to_be_too_few() -> None:
    few = dict([*WORLD.qrels.items()][:12])
    pair, searches = told(compared(WORLD, turned(WORLD.items), turned(WORLD.queries), qrels=few))
    assert searches["n_judged"] == 12
    assert "quality" not in searches
    assert any("Only 12 of the queries" in warning for warning in pair["warnings"])


@pytest.mark.slow
def test_answers_no_better_than_chance_are_no_quality() -> None:
    rng = np.random.default_rng(4)
    wrong = {name: {f"d{rng.integers(600)}": 1} for name in WORLD.qrels}
    pair, _ = told(compared(WORLD, turned(WORLD.items), turned(WORLD.queries), qrels=wrong))
    assert "quality" not in pair
    assert any("than a random order" in warning for warning in pair["warnings"])


@pytest.mark.slow
def test_labels_keep_their_quality_beside_that_of_queries() -> None:
    kinds = np.array(TOPICS)[np.arange(600) % 8]
    items = WORLD.items + 4 * np.random.default_rng(1).normal(size=(8, 24))[np.arange(600) % 8]
    found = eb.compare(
        {"old": items, "new": turned(items)},
        ids=WORLD.ids,
        labels=kinds,
        queries={"old": items[WORLD.answers], "new": turned(items)[WORLD.answers]},
        query_items=WORLD.query_items,
        qrels=WORLD.qrels,
    )
    pair, _ = told(found)
    assert pair["quality"]["measure"] == "ndcg"
    assert pair["label_quality"]["measure"] == "knn_accuracy"


def test_a_comparison_without_queries_has_none(small: eb.Comparison) -> None:
    assert small.searches is None
    assert "searches" not in small.report()
    with pytest.raises(BundleError, match="no searches; compare with queries="):
        small.queries("a", "turned")


def test_shuffled_results_change_their_order_alone() -> None:
    rng = np.random.default_rng(0)
    a = rng.permuted(np.tile(np.arange(40, dtype=np.int32), (30, 1)), axis=1)[:, :10]
    b = rng.permuted(a, axis=1)
    found = measured(a, b, n_found=40)
    assert found.churn.max() == 0
    assert 0.3 < found.rbo.mean() < 1
    assert 0 < found.first.mean() < 1
    unrelated = rng.permuted(np.tile(np.arange(40, dtype=np.int32), (30, 1)), axis=1)[:, :10]
    assert measured(a, unrelated, n_found=40).churn.mean() == pytest.approx(0.75, abs=0.1)


@pytest.mark.parametrize("one", SEARCH_MEASURES, ids=lambda one: one.name)
def test_a_score_has_the_chance_the_floor_and_the_range_of_the_table(
    one: Measure, other_runs: eb.Comparison, planted: eb.Comparison
) -> None:
    scores = [told(other_runs)[1]["scores"][one.name], told(planted)[1]["scores"][one.name]]
    assert all(("chance" in score) == one.has_chance for score in scores)
    assert ("noise_floor" in scores[0]) == one.has_floor
    assert all(("kappa" in score) == (one.direction == "agreement") for score in scores)
    for score in scores:
        beside = [score[key] for key in ("chance", "noise_floor") if key in score]
        for value in (score["value"], *score["interval"], *beside):
            assert one.min <= value <= one.max
        assert score["k"] == one.k
    assert (DOCS / f"{one.page}.md").is_file()


def test_the_table_has_every_score_and_the_bundle_carries_it(planted: eb.Comparison) -> None:
    names = [one.name for one in SEARCH_MEASURES]
    assert [*told(planted)[1]["scores"]] == names
    assert [one.name for one in read_manifest(planted.path).measures][-len(names) :] == names


@pytest.mark.slow
@pytest.mark.parametrize("n_judged", [1, 2])
def test_one_or_two_known_answers_are_told_without_a_verdict(n_judged: int) -> None:
    rng = np.random.default_rng(1)
    items = rng.normal(size=(60, 8))
    found = eb.compare(
        {"old": items, "new": items + 0.3 * rng.normal(size=items.shape)},
        queries={"old": rng.normal(size=(5, 8)), "new": rng.normal(size=(5, 8))},
        qrels={at: [at] for at in range(n_judged)},
    )
    pair, searches = told(found)
    assert searches["n_judged"] == n_judged
    assert "quality" not in pair
    assert "  " not in searches["sentence"]
    ends = [end for score in searches["scores"].values() for end in score.get("interval", [])]
    assert np.isfinite(ends).all()
