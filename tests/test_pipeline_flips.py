"""Negative flips beside those between runs of the recipe: reported, told and asked for."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

import emblink as eb
from emblink.measures import label_tally, negative_flip_rate
from emblink.neighbors import nearest_neighbors
from emblink.rows import as_measured
from emblink.types import AnyArray, FloatArray
from tests.conftest import clustered

N = 300
AGAIN = ["a1", "a2", "a3"]


def spaces_of(seed: int = 0) -> tuple[dict[str, FloatArray], AnyArray]:
    x, labels = clustered(N, seed=seed, spread=1.0)
    rng = np.random.default_rng(seed)
    names = ("a", *AGAIN, "b")
    return {name: x + 1.8 * rng.standard_normal(x.shape) for name in names}, labels


def votes(space: FloatArray, labels: AnyArray) -> AnyArray:
    graph = nearest_neighbors(as_measured(space, metric="cosine"), k=10, metric="cosine")
    return np.asarray(label_tally(graph, labels, k=10, wide=10).voted == labels)


def between(runs: list[AnyArray], rows: AnyArray) -> float:
    rates = [
        negative_flip_rate(one[rows], two[rows]).negative for one, two in permutations(runs, 2)
    ]
    return float(np.mean(rates))


@pytest.fixture(scope="module")
def comparison() -> eb.Comparison:
    spaces, labels = spaces_of()
    named = np.array(["red", "green", "blue", "grey"])[labels]
    return eb.compare(spaces, labels=named, replicates={"a": AGAIN}, pairs=[("a", "b"), ("b", "a")])


@pytest.mark.slow
def test_the_floor_in_the_report_is_that_of_the_runs_of_a(comparison: eb.Comparison) -> None:
    spaces, labels = spaces_of()
    right = {name: votes(one, labels) for name, one in spaces.items()}
    every = np.arange(N)
    found = comparison.pair("a", "b").scores["negative_flip_rate"]
    floor = between([right[name] for name in ("a", *AGAIN)], every)
    assert found["value"] == pytest.approx(negative_flip_rate(right["a"], right["b"]).negative)
    assert found["noise_floor"] == pytest.approx(floor, rel=1e-12)
    assert found["excess"] == pytest.approx(found["value"] - floor, rel=1e-9)
    low, high = found["excess_interval"]
    assert low < found["excess"] < high
    assert (found["floor_kind"], found["floor_runs"]) == ("replicate", 4)
    assert found["floor_spread"] > 0
    p, q = right["a"].mean(), right["b"].mean()
    assert found["chance"] == pytest.approx(p * (1 - q))


@pytest.mark.slow
def test_the_answer_says_what_flips_beside_what_reruns_flip(comparison: eb.Comparison) -> None:
    report = comparison.pair("a", "b").report
    said = "turn from right to wrong"
    assert said in report["answer"]
    assert "between reruns" in report["answer"]
    assert f"{said}; between 4 runs of one recipe" in report["sentence"]


@pytest.mark.slow
def test_of_a_selection_the_floor_is_of_the_selected_items(comparison: eb.Comparison) -> None:
    spaces, labels = spaces_of()
    right = {name: votes(one, labels) for name, one in spaces.items()}
    rows = np.arange(0, N, 3)
    answer = comparison.ask("a", "b", rows=rows, measures=["negative_flip_rate"])
    found = answer["scores"]["negative_flip_rate"]
    floor = between([right[name] for name in ("a", *AGAIN)], rows)
    assert found["noise_floor"] == pytest.approx(floor, rel=1e-12)
    assert "between 4 runs of one recipe" in answer["sentence"]


@pytest.mark.slow
def test_where_only_b_was_run_again_its_runs_are_the_floor(comparison: eb.Comparison) -> None:
    first, second = (comparison.pair(*pair).scores for pair in (("a", "b"), ("b", "a")))
    floors = [one["negative_flip_rate"]["noise_floor"] for one in (first, second)]
    assert floors[0] == pytest.approx(floors[1], rel=1e-12)


@pytest.mark.slow
def test_without_replicates_flips_stand_beside_chance_alone() -> None:
    spaces, labels = spaces_of()
    report = eb.compare({name: spaces[name] for name in "ab"}, labels=labels.astype(str))
    found = report.pair("a", "b").scores["negative_flip_rate"]
    assert {"noise_floor", "excess", "floor_runs"}.isdisjoint(found)
    assert found["chance"] > found["value"]
    assert "unrelated votes:" in report.pair("a", "b").report["sentence"]
    assert "reruns" not in report.pair("a", "b").report["answer"]


@pytest.mark.slow
def test_runs_that_lack_items_are_compared_on_what_all_hold() -> None:
    spaces, labels = spaces_of()
    kept = {"a": np.arange(N), "a1": np.arange(20, N), "a2": np.arange(N - 20), "b": np.arange(N)}
    ids = {name: rows.astype(str) for name, rows in kept.items()}
    comparison = eb.compare(
        {name: spaces[name][rows] for name, rows in kept.items()},
        ids=ids,
        items={"id": np.arange(N).astype(str), "label": labels.astype(str)},
        labels="label",
        replicates={"a": ["a1", "a2"]},
        pairs=[("a", "b")],
    )
    held = np.arange(20, N - 20)
    right = [votes(spaces[name][held], labels[held]) for name in ("a", "a1", "a2")]
    found = comparison.pair("a", "b").scores["negative_flip_rate"]
    assert found["noise_floor"] == pytest.approx(between(right, np.arange(len(held))), rel=1e-12)


@pytest.mark.slow
def test_a_copy_is_no_run_by_which_flips_are_judged() -> None:
    spaces, labels = spaces_of()
    found = eb.compare(
        {"a": spaces["a"], "b": spaces["b"], "copy": spaces["a"].copy()},
        labels=labels.astype(str),
        replicates={"a": ["copy"]},
    )
    assert "noise_floor" not in found.pair("a", "b").scores["negative_flip_rate"]
