"""The parts of the benchmark of change groups: what they make, and what they say was found."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import spatial

from tests.benchmarks_helpers import sections
from tests.groups_helpers import benchmark


def test_a_column_is_averaged_over_the_pairs_that_have_it() -> None:
    means = benchmark("score").known_means([(1.0, np.nan, np.nan), (3.0, 2.0, np.nan)])
    assert means[:2] == [2.0, 2.0]
    assert np.isnan(means[2])


def test_worlds_apart_hold_all_neighbours_of_their_items() -> None:
    generate = benchmark("generate")
    made = generate.generate_apart(generate.Recipe(n=300, changes=("gather",)), worlds=3, seed=0)
    assert [group[0] // 300 for group in made.groups] == [0, 1, 2]
    world = np.arange(900)[:, None] // 300
    for vectors in (made.a, made.b):
        graph = benchmark("ours").neighbors(vectors, "euclidean")
        assert (graph.indices // 300 == world).all()


def test_a_relabelled_group_keeps_its_inner_distances_or_goes_to_others_places() -> None:
    relabelled = benchmark("relabelled")
    rng = np.random.default_rng(0)
    codes = np.repeat(np.arange(6), 40)
    vectors = (5 * rng.normal(size=(6, 8))[codes] + rng.normal(size=(240, 8))).astype(np.float32)
    space = relabelled.Labelled(vectors, codes, [*"abcdef"])
    goal = relabelled.onto(space, np.arange(40), 3)
    assert np.allclose(goal - vectors[:40], (goal - vectors[:40])[0], atol=1e-4)
    assert np.allclose(goal.mean(axis=0), vectors[codes == 3].mean(axis=0), atol=1e-4)
    made = relabelled.relabel(space, seed=0)
    assert made.kinds[:3] == ["merge", "scatter", "merge"]
    assert [np.unique(codes[rows]).size for rows in made.groups] == [1] * len(made.groups)
    assert len(np.unique(np.concatenate(made.groups))) == 40 * len(made.groups)
    still = relabelled.still(space, seed=0)
    apart, again = (spatial.distance.pdist(one) for one in (still.a, still.b))
    assert np.corrcoef(apart, again)[0, 1] > 0.99


def test_what_is_found_is_said_by_rank_type_and_whether_it_is_a_part() -> None:
    recall, ours = benchmark("recall"), benchmark("ours")
    groups = [np.arange(40, 60), np.arange(5), np.arange(10, 20), np.arange(90, 99)]
    types = ("moved", "split", "merged", "expanded")
    found = [
        SimpleNamespace(members=one, type=kind) for one, kind in zip(groups, types, strict=True)
    ]
    changes = SimpleNamespace(groups=found, evidence=np.zeros(100))
    planted = [np.arange(20), np.arange(40, 60), np.arange(70, 80)]
    kinds = ("merge", "move", "scatter")
    judged = recall.judged(planted, kinds, ours.Sought(changes, 1.0))
    assert judged.found == [("merge", 2, "merged"), ("move", 0, "moved"), ("scatter", None, None)]
    assert judged.unmatched == [(recall.PIECE, "split"), (recall.FALSE, "expanded")]
    assert judged.leading == [("merge", True), ("move", True), ("scatter", False)]
    assert (judged.scores.recall, judged.scores.precision) == (2 / 3, 0.5)


@pytest.mark.slow
def test_the_benchmark_runs_and_says_what_it_found_where_nothing_changed() -> None:
    _, nothing = sections("planted.py", "--only null --n 600 --seeds 1")
    assert len(nothing["rows"]) == 22
    outcomes = {check["claim"]: check["outcome"] for check in nothing["checks"]}
    assert outcomes["pairs with evidence that is not finite"] == "ok"
    assert outcomes["pairs with a report, noise .25, with replicate"] == "ok"
