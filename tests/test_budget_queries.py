"""A budget with queries: what their results and answers keep, and who pays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from emblink.budget import Allowed, as_json, budget
from emblink.cli import app
from emblink.errors import InputError
from emblink.load import load_queries
from emblink.stats import paired_interval
from emblink.types import AnyArray, BudgetReport, FloatArray
from emblink.variants import learnt
from tests.budget_helpers import TOPICS, D, Shop, by_name, shop

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world() -> Shop:
    return shop()


@pytest.fixture(scope="module")
def found(world: Shop) -> BudgetReport:
    return world.budget()


def nearest(queries: FloatArray, items: FloatArray) -> AnyArray:
    """Return the ten nearest by cosine, found plainly."""
    rows = [np.asarray(one, np.float64) for one in (queries, items)]
    a, b = (one / np.linalg.norm(one, axis=1, keepdims=True) for one in rows)
    order: AnyArray = np.argsort(-(a @ b.T), axis=1, kind="stable")[:, :10]
    return order


def shared(one: AnyArray, other: AnyArray) -> float:
    pairs = zip(one.tolist(), other.tolist(), strict=True)
    return float(np.mean([len({*a} & {*b}) / 10 for a, b in pairs]))


def test_results_kept_are_those_of_a_plain_search_with_queries_cut_alike(
    world: Shop, found: BudgetReport
) -> None:
    true = nearest(world.asked, world.vectors)
    cut = nearest(world.asked[:, :32], world.vectors[:, :32])
    held = by_name(found)["first 32 dims"]["queries"]
    assert held["kept"] == pytest.approx(shared(true, cut), abs=1e-6)
    assert held["first"] == pytest.approx(float((true[:, 0] == cut[:, 0]).mean()), abs=1e-6)


def test_queries_are_turned_to_the_axes_of_the_items(world: Shop, found: BudgetReport) -> None:
    items = world.vectors.astype(np.float64)
    mean = items.mean(axis=0)
    axes = np.linalg.svd(items - mean, full_matrices=False)[2][:16].T
    true = nearest(world.asked, world.vectors)
    turned = nearest((world.asked - mean) @ axes, (items - mean) @ axes)
    held = by_name(found)["16 principal dims"]["queries"]
    assert held["kept"] == pytest.approx(shared(true, turned), abs=0.002)


@pytest.mark.parametrize(
    "steps",
    ["center", "whiten", "l2", "pca:5", "truncate:9", "float16", "int8", "binary", "pca:8|int8"],
)
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_what_is_learnt_of_items_brings_them_where_their_variant_lies(
    world: Shop, steps: str, metric: Any
) -> None:
    from emblink.load import from_arrays

    (space,) = from_arrays({"x": world.vectors}, metric=metric).spaces.values()
    made, bring = learnt(space, f"x|{steps}", steps.split("|"))
    np.testing.assert_allclose(bring(space.vectors[:50]), made.vectors[:50], atol=1e-5)


def test_ndcg_and_its_change_are_paired(world: Shop, found: BudgetReport) -> None:
    ranks = nearest(world.asked, world.vectors), nearest(world.asked[:, :32], world.vectors[:, :32])

    def gains(lists: AnyArray) -> FloatArray:
        hit = lists == world.answers[:, None]
        return np.where(hit.any(axis=1), 1 / np.log2(2 + hit.argmax(axis=1)), 0.0)

    before, after = map(gains, ranks)
    held = by_name(found)["first 32 dims"]["queries"]
    assert held["ndcg"] == pytest.approx(after.mean(), abs=1e-6)
    assert held["ndcg_change"] == pytest.approx((after - before).mean(), abs=1e-6)
    low, high = held["ndcg_interval"]
    assert low < held["ndcg_change"] < high
    assert (low, high) == pytest.approx(paired_interval(after - before), abs=1e-6)


def test_the_segment_and_the_label_that_pay_are_named_first(found: BudgetReport) -> None:
    cut = by_name(found)["first 32 dims"]
    assert cut["queries"]["pays"][0]["segment"] == "code"
    assert cut["queries"]["pays"][0]["verdict"] == "worse"
    assert {one["segment"] for one in cut["queries"]["pays"]} == {"code"}
    assert by_name(found)["int8"]["queries"]["pays"] == []
    segments = cut["queries"]["searches"]["segments"]
    assert {one["segment"] for one in segments} == {*TOPICS}


def test_what_is_allowed_may_be_of_results_or_of_ndcg(world: Shop, found: BudgetReport) -> None:
    by_ndcg = world.budget(0.95, "ndcg")
    assert found["chosen"] is not None
    assert by_ndcg["chosen"] is not None
    chosen = by_ndcg["settings"][by_ndcg["chosen"]]["queries"]
    before = chosen["ndcg"] - chosen["ndcg_change"]
    assert before + chosen["ndcg_interval"][0] >= 0.95 * before
    assert found["settings"][found["chosen"]]["queries"]["interval"][0] >= 0.9
    for one in found["settings"]:
        assert one["fits"] == (one["queries"]["interval"][0] >= 0.9)
    assert "of nDCG asked" in by_ndcg["sentence"]


def test_ndcg_without_answers_is_refused(world: Shop) -> None:
    told = Allowed(0.9, "ndcg")
    with pytest.raises(InputError, match="give --queries and --qrels"):
        budget(world.spaces, allowed=told)
    bare = load_queries({"x": world.asked}, world.spaces)
    with pytest.raises(InputError, match="give --queries and --qrels"):
        budget(world.spaces, allowed=told, queries=bare)


def test_items_as_queries_do_not_find_themselves(world: Shop) -> None:
    asked = load_queries(100, world.spaces)
    found = by_name(budget(world.spaces, queries=asked))
    assert found["as they are"]["queries"]["n"] == 100
    assert asked is not None
    rows = [int(one[1:]) for one in asked.ids.tolist()]

    def others(vectors: FloatArray) -> AnyArray:
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        near = unit[rows] @ unit.T
        near[np.arange(len(rows)), rows] = -2
        order: AnyArray = np.argsort(-near, axis=1, kind="stable")[:, :10]
        return order

    kept = shared(others(world.vectors), others(world.vectors[:, :16]))
    assert found["first 16 dims"]["queries"]["kept"] == pytest.approx(kept, abs=0.002)


def test_half_precision_is_two_bytes_and_no_setting_of_its_own() -> None:
    found = by_name(shop(half=True).budget())
    assert found["as they are"]["bytes_per_vector"] == 2 * D
    assert found["first 32 dims"]["bytes_per_vector"] == 2 * 32
    assert found["first 32 dims, int8"]["bytes_per_vector"] == 32
    assert "float16" not in found


def test_where_all_is_kept_the_interval_has_a_width(found: BudgetReport) -> None:
    half = by_name(found)["float16"]
    assert half["kept"] > 0.999
    assert 0.97 < half["interval"][0] < 1.0
    assert by_name(found)["as they are"]["interval"] == [1.0, 1.0]


def test_json_has_every_query_measure(found: BudgetReport) -> None:
    told = json.loads(as_json(found))
    held = {one["name"]: one for one in told["settings"]}["binary"]["queries"]
    assert {
        "kept",
        "interval",
        "first",
        "ndcg",
        "ndcg_interval",
        "recall_change",
        "mrr_interval",
    } <= {*held}
    assert held["searches"]["scores"]["search_churn"]["value"] == pytest.approx(1 - held["kept"])
    assert told["sentence"] == found["sentence"]


@pytest.mark.slow
def test_the_command_takes_one_file_of_queries(world: Shop, tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", vectors=world.vectors, ids=[f"d{at}" for at in range(640)])
    np.save(tmp_path / "q.npy", world.asked)
    held = "\n".join(f"q{at},{world.topics[item]}" for at, item in enumerate(world.answers))
    (tmp_path / "queries.csv").write_text(f"id,topic\n{held}\n")
    lines = (f"q{at} 0 d{item} 1" for at, item in enumerate(world.answers))
    (tmp_path / "qrels.txt").write_text("\n".join(lines) + "\n")
    options = [
        "--query-items",
        str(tmp_path / "queries.csv"),
        "--qrels",
        str(tmp_path / "qrels.txt"),
    ]
    ask = ["budget", str(tmp_path / "x.npz"), *options, "--queries"]
    for given in (str(tmp_path / "q.npy"), f"x={tmp_path / 'q.npy'}"):
        said = CliRunner().invoke(app, [*ask, given, "--allow", "nDCG 0.9"])
        assert said.exit_code == 0, (said.output, said.exception)
        assert "of the first 10 results of 200 queries kept and nDCG" in said.stdout
        assert "topic: code" in said.stdout
    wrong = CliRunner().invoke(app, [*ask, str(tmp_path / "none.npy")])
    assert isinstance(wrong.exception, InputError)
    few = CliRunner().invoke(app, ["budget", str(tmp_path / "x.npz"), "--queries", "0.2"])
    assert "of 128 queries kept" in few.stdout
