"""The table of measures against what is computed, and against the docs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import emblink as eb
from emblink.bundle import read_manifest
from emblink.table import HEADLINE, ITEM_MEASURES, MEASURES, Measure
from emblink.types import Score
from tests.conftest import clustered

DOCS = Path(__file__).parents[1] / "docs" / "measures"
ASKED_ONLY = {"inner_overlap"}
TABLE = [pytest.param(one, id=one.name) for one in MEASURES]


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    """Spaces with labels: of one pair with a replicate, and of one without."""
    x, codes = clustered(240, spread=1.0)
    noise = np.random.default_rng(3).standard_normal((3, *x.shape)).astype(np.float32)
    spaces = {
        "a": x,
        "again": x + 0.2 * noise[0],
        "b": x + 0.6 * noise[1],
        "c": noise[2],
    }
    return eb.compare(
        spaces,
        labels=codes.astype(str),
        replicates={"a": "again"},
        out=tmp_path_factory.mktemp("table") / "run.emblink",
    )


def scores_of(comparison: eb.Comparison, name: str) -> list[Score]:
    pairs = comparison.report()["pairs"]
    if name in ASKED_ONLY:
        answers = [
            comparison.ask("a", other, rows=np.arange(90), measures=[name]) for other in "bc"
        ]
        return [one["scores"][name] for one in answers]
    return [pair["scores"][name] for pair in pairs]


@pytest.mark.slow
def test_every_score_of_a_report_is_in_the_table_and_the_other_way_round(
    comparison: eb.Comparison,
) -> None:
    for pair in comparison.report()["pairs"]:
        assert {*pair["scores"]} == {one.name for one in MEASURES} - ASKED_ONLY


def test_every_number_of_an_item_is_in_the_table(comparison: eb.Comparison) -> None:
    for pair in read_manifest(comparison.path).pairs:
        names = [field.name for field in pair.fields if not field.name.startswith("change")]
        assert names == [one.name for one in ITEM_MEASURES]


def test_a_bundle_carries_the_table(comparison: eb.Comparison) -> None:
    assert tuple(read_manifest(comparison.path).measures) == MEASURES
    assert MEASURES[0].name == HEADLINE
    assert len({one.name for one in MEASURES}) == len(MEASURES)
    assert len({one.title for one in MEASURES}) == len(MEASURES)


@pytest.mark.parametrize("measure", TABLE)
def test_a_score_has_the_chance_and_the_floor_that_the_table_promises(
    measure: Measure, comparison: eb.Comparison
) -> None:
    found = scores_of(comparison, measure.name)
    assert measure.chance
    assert measure.floor
    assert all(("chance" in one) == measure.has_chance for one in found)
    assert all("kappa" in one for one in found) == (measure.direction == "agreement")
    assert any("noise_floor" in one for one in found) == measure.has_floor
    assert all(("k" in one) <= (measure.k is not None) for one in found)


@pytest.mark.parametrize("measure", TABLE)
def test_values_intervals_chances_and_floors_lie_within_the_range(
    measure: Measure, comparison: eb.Comparison
) -> None:
    for score in scores_of(comparison, measure.name):
        beside = [score[key] for key in ("chance", "noise_floor") if key in score]
        for value in (score["value"], *score.get("interval", ()), *beside):
            assert measure.min <= value <= measure.max


def test_the_ends_of_a_range_are_reached_by_copies(tmp_path: Path) -> None:
    x, codes = clustered(120, spread=1.0)
    pair = eb.compare({"a": x, "b": x.copy()}, labels=codes.astype(str), out=tmp_path / "same")
    scores = pair.pair("a", "b").scores
    for one in MEASURES:
        if one.name not in ASKED_ONLY:
            end = one.max if one.direction == "agreement" else 0.0
            assert scores[one.name]["value"] == pytest.approx(end, abs=1e-3)


@pytest.mark.parametrize("one", [*MEASURES, *ITEM_MEASURES], ids=lambda one: one.name)
def test_a_measure_has_its_page_of_the_same_title(one: Measure) -> None:
    heading = (DOCS / f"{one.page}.md").read_text(encoding="utf-8").splitlines()[0]
    if one.page == one.name:
        assert heading.removeprefix("# ").casefold() == one.title.casefold()
