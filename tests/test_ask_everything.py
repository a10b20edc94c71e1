"""A selection of everything answers what the report says, however the items came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.ask import DEFAULT
from emblink.errors import InputError
from emblink.types import AnyArray, FloatArray, Metric, PairReport, Score
from tests.conftest import clustered

pytestmark = pytest.mark.slow

NAMES = ("a", "again", "more", "b", "c")
PAIRS = [("a", "b"), ("b", "a"), ("b", "c"), ("a", "again"), ("again", "b"), ("again", "more")]


@dataclass(frozen=True)
class Constellation:
    """What differs between comparisons of five spaces, two of them other runs of the first."""

    n: int = 180
    held: float = 1.0
    shuffled: bool = True
    words: bool = True
    labelled: float = 0.9
    replicates: tuple[str, ...] = ("again", "more")
    metric: Metric = "cosine"
    levels: int = 0
    seed: int = 0


CONSTELLATIONS = {
    "whole spaces in one order": Constellation(shuffled=False, labelled=0),
    "whole spaces in five orders": Constellation(labelled=0, replicates=()),
    "parts in five orders": Constellation(held=0.8, words=False),
    "parts without replicates": Constellation(held=0.7, replicates=(), labelled=1.0),
    "parts in one order": Constellation(held=0.8, shuffled=False, replicates=("more",)),
    "euclidean": Constellation(metric="euclidean", held=0.9, seed=5),
    "many ties": Constellation(metric="euclidean", levels=3, held=0.9, words=False),
    "few items": Constellation(n=14, seed=3),
    "very few items": Constellation(n=6, labelled=0.5, words=False),
    "more than are asked of rounding": Constellation(n=2150, held=0.95, replicates=()),
}


def compared(of: Constellation, *, pairs: list[tuple[str, str]]) -> eb.Comparison:
    rng = np.random.default_rng(of.seed + 100)
    x, labels = clustered(of.n, seed=of.seed, spread=1.0)
    noise = dict(zip(NAMES, (0.3, 0.3, 0.3, 0.7, 1.0), strict=True))
    numbers = rng.permutation(10 * of.n)[: of.n] - of.n
    ids = np.array([f"w{i}" for i in numbers]) if of.words else numbers
    rows: dict[str, AnyArray] = {}
    for name in NAMES:
        some = rng.permutation(of.n)[: round(of.held * of.n)]
        rows[name] = some if of.shuffled else np.sort(some)
    words = np.array(["red", "green", "blue", "grey"])[labels]
    words[rng.random(of.n) >= of.labelled] = ""
    return eb.compare(
        {
            name: coarse(x + noise[name] * rng.standard_normal(x.shape), of.levels)[rows[name]]
            for name in NAMES
        },
        ids={name: ids[rows[name]] for name in NAMES},
        items={"id": ids, "label": words} if of.labelled else None,
        labels="label" if of.labelled else None,
        replicates={"a": of.replicates} if of.replicates else None,
        metric=of.metric,
        pairs=pairs,
        seed=of.seed,
    )


def coarse(vectors: FloatArray, levels: int) -> FloatArray:
    """Leave few values, so that many distances are equal."""
    return np.round(vectors[:, :4] / 3 * levels) if levels else vectors


@pytest.fixture(scope="module", params=CONSTELLATIONS)
def of(request: pytest.FixtureRequest) -> Constellation:
    return CONSTELLATIONS[request.param]


@pytest.fixture(scope="module")
def comparison(of: Constellation) -> eb.Comparison:
    return compared(of, pairs=PAIRS)


@pytest.fixture(scope="module")
def strangers(of: Constellation) -> eb.Comparison:
    """The same spaces, of which another pair was compared."""
    return compared(of, pairs=[("c", "a")])


def everything(comparison: eb.Comparison, seed: int) -> AnyArray:
    return np.random.default_rng(seed).permutation(len(comparison.ids))


def assert_same(found: Score, expected: Score) -> None:
    assert found.keys() == expected.keys()
    numbers: dict[str, Any] = {**expected}
    numbers.pop("floor_kind", None)
    assert found.get("floor_kind") == expected.get("floor_kind")
    for key, value in numbers.items():
        told: Any = {**found}[key]
        assert told == pytest.approx(value, rel=1e-12, abs=1e-12), key


def report_of(comparison: eb.Comparison, pair: tuple[str, str]) -> PairReport:
    return comparison.pair(*pair).report


@pytest.mark.parametrize("pair", PAIRS, ids=" → ".join)
def test_every_score_is_the_reports(comparison: eb.Comparison, pair: tuple[str, str]) -> None:
    scores = report_of(comparison, pair)["scores"]
    answer = comparison.ask(*pair, rows=everything(comparison, 1), measures=[*scores])
    assert answer["scores"].keys() == scores.keys()
    for name, expected in scores.items():
        assert_same(answer["scores"][name], expected)


def test_a_pair_that_was_not_compared_answers_what_its_report_would_say(
    comparison: eb.Comparison, strangers: eb.Comparison
) -> None:
    for pair in PAIRS[:3]:
        scores = report_of(comparison, pair)["scores"]
        answer = strangers.ask(*pair, rows=everything(strangers, 2), measures=[*scores])
        for name, expected in scores.items():
            assert_same(answer["scores"][name], expected)


def test_the_measures_taken_by_default_are_the_reports(comparison: eb.Comparison) -> None:
    for pair in PAIRS:
        scores = report_of(comparison, pair)["scores"]
        answer = comparison.ask(*pair, items=comparison.ids[everything(comparison, 3)])["scores"]
        both = {*scores} & {*DEFAULT}
        assert both == {"neighborhood_overlap", "linear_cka", "procrustes_similarity"}
        for name in both:
            assert_same(answer[name], scores[name])


def test_among_themselves_all_items_keep_what_they_keep_among_all(
    comparison: eb.Comparison,
) -> None:
    whole = report_of(comparison, PAIRS[0])["scores"]["neighborhood_overlap"]
    answer = comparison.ask(*PAIRS[0], rows=everything(comparison, 4))
    inner: dict[str, Any] = {**answer["scores"]["inner_overlap"]}
    assert {*inner} >= {"value", "n", "k", "chance", "hub_chance", "interval", "p_chance", "kappa"}
    for key, value in inner.items():
        expected: Any = {**whole}[key]
        assert value == pytest.approx(expected, rel=1e-12, abs=1e-12), key


def test_one_measure_asked_alone_is_that_asked_with_others(comparison: eb.Comparison) -> None:
    rows = everything(comparison, 5)[: max(5, len(comparison.ids) // 3)]
    names = [*report_of(comparison, PAIRS[0])["scores"], "inner_overlap"]
    together = comparison.ask(*PAIRS[0], rows=rows, measures=names)["scores"]
    for name in together:
        alone = comparison.ask(*PAIRS[0], rows=rows, measures=[name])["scores"]
        assert alone == {name: together[name]}


def test_what_is_wrong_with_replicates_and_vectors_is_said_as_in_the_report(
    comparison: eb.Comparison,
) -> None:
    for pair in PAIRS:
        report = report_of(comparison, pair)
        answer = comparison.ask(*pair, rows=everything(comparison, 6), measures=[*report["scores"]])
        said = [one for one in report["warnings"] if "Replicate" in one or "left out" in one]
        assert [one for one in said if one not in answer["warnings"]] == []


def test_a_label_selected_answers_what_the_report_says_of_it(comparison: eb.Comparison) -> None:
    for pair in PAIRS[:3]:
        for label in report_of(comparison, pair)["labels"]:
            purity = comparison.ask(*pair, where={"label": label["label"]})["purity"]
            if purity is None:  # fewer than four items in both
                continue
            assert purity["n"] == label["n"]
            assert purity["a"] == pytest.approx(label["purity_a"], rel=1e-12)
            assert purity["b"] == pytest.approx(label["purity_b"], rel=1e-12)
            assert purity["chance"] == pytest.approx(label["chance"], rel=1e-12)
            if "interval" in label:
                assert purity["interval"] == pytest.approx(label["interval"], rel=1e-12)


def test_the_purity_of_everything_is_the_mean_over_the_items_of_all_labels(
    comparison: eb.Comparison,
) -> None:
    labels = report_of(comparison, PAIRS[0])["labels"]
    purity = comparison.ask(*PAIRS[0], rows=everything(comparison, 7))["purity"]
    if purity is None:
        assert labels == []
        return
    weights = [one["n"] for one in labels]
    assert purity["n"] == sum(weights)
    for told, by_label in (
        (purity["a"], [one["purity_a"] for one in labels]),
        (purity["b"], [one["purity_b"] for one in labels]),
        (purity["chance"], [one["chance"] for one in labels]),
    ):
        assert told == pytest.approx(np.average(by_label, weights=weights))


def test_the_overlap_of_a_selection_is_the_mean_of_its_items_in_any_order(
    comparison: eb.Comparison,
) -> None:
    values = comparison.pair("a", "b").items["neighborhood_overlap"]
    rows = np.flatnonzero(np.isfinite(values))
    rows = rows[: max(4, len(rows) // 2)]
    score, turned = (
        comparison.ask("a", "b", rows=one)["scores"]["neighborhood_overlap"]
        for one in (rows, rows[::-1].copy())
    )
    assert score == turned
    assert score["value"] == pytest.approx(values[rows].mean(dtype=np.float64), rel=1e-6)
    assert score["interval"][0] <= score["value"] <= score["interval"][1]


def test_groups_suggested_among_everything_are_the_pairs(comparison: eb.Comparison) -> None:
    if len(comparison.ids) < 150:
        with pytest.raises(InputError, match="groups are sought among 60 or more"):
            comparison.suggest(*PAIRS[0], rows=everything(comparison, 8))
        return
    for pair in PAIRS[:3]:
        found = comparison.suggest(*pair, rows=everything(comparison, 8))
        assert [one.report for one in found] == report_of(comparison, pair)["groups"]
