"""Limits of populations in a gate: what passes, fails, stays open, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import emblink as eb
from emblink.errors import InputError
from emblink.gate import Policy, decide, gate_of_populations, read_policy
from tests.populations_helpers import source, with_news


@pytest.fixture(scope="module")
def news() -> eb.Populations:
    sides, labels = with_news()
    return eb.populations(sides, labels=labels)


@pytest.fixture(scope="module")
def paired() -> eb.Populations:
    first, _ = source(200, seed=1)
    noise = np.random.default_rng(2).standard_normal(first.shape).astype(np.float32)
    ids = np.arange(200)
    return eb.populations({"a": first, "b": first + 0.5 * noise}, ids={"a": ids, "b": ids})


def limit(found: eb.Populations, **given: float) -> str:
    (check,) = gate_of_populations(found.report(), Policy(**given)).checks  # type: ignore[arg-type]
    return check.status


def test_new_items_are_held_against_the_most_that_was_asked(news: eb.Populations) -> None:
    assert limit(news, max_new_share=0.2) == "pass"
    assert limit(news, max_new_share=0.02) == "fail"
    assert limit(news, max_new_share=0.09) == "undecided"


def test_drift_is_held_by_its_interval(news: eb.Populations) -> None:
    pair = news.pairs[0]
    low, high = pair["apart_interval"]
    assert low < pair["apart"] < high
    assert limit(news, max_drift=min(1.0, high + 0.01)) == "pass"
    assert limit(news, max_drift=max(0.0, pair["apart"])) == "undecided"
    vectors, _ = source(600, seed=6)
    moved = eb.populations({"a": vectors[:300], "b": vectors[300:] + np.float32(0.6)})
    assert limit(moved, max_drift=moved.pairs[0]["apart_interval"][0] - 0.01) == "fail"


def test_partners_are_held_by_the_lesser_way(paired: eb.Populations) -> None:
    partners = paired.pairs[0]["partners"]
    lesser = min(partners["there"]["recall_at_1"], partners["back"]["recall_at_1"])
    assert limit(paired, min_partner_recall=max(0.0, lesser - 0.2)) == "pass"
    assert limit(paired, min_partner_recall=lesser) == "undecided"
    found = gate_of_populations(paired.report(), Policy(min_partner_recall=lesser))
    assert found.numbers["partner_recall"] == partners["there"]["recall_at_1"]


def test_without_limits_of_populations_there_are_two(news: eb.Populations) -> None:
    found = gate_of_populations(news.report())
    assert [one.limit for one in found.checks] == ["max_drift", "max_new_share"]
    assert found.verdict == "fail"
    assert found.exit == 1
    assert found.numbers["new_share"] == pytest.approx(40 / 440)
    assert any("outage" in one for one in found.findings)


def test_limits_that_do_not_fit_are_refused(news: eb.Populations, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ids that both populations have"):
        limit(news, min_partner_recall=0.5)
    with pytest.raises(InputError, match="Pairs: jan → feb"):
        gate_of_populations(news.report(), old="mar")
    vectors, _ = source(60, seed=1)
    compared = eb.compare(
        {"a": vectors, "b": vectors + np.float32(0.1)}, out=tmp_path / "c.emblink"
    )
    with pytest.raises(InputError, match="max_drift is a limit of populations"):
        decide(compared.report(), Policy(max_drift=0.1))
    file = tmp_path / "gate.toml"
    file.write_text("max_drift = 2.0\n", "utf-8")
    with pytest.raises(InputError, match="a share from 0 to 1"):
        read_policy(file)
    file.write_text("max_drift = 0.1\nmin_partner_recall = 0.5\n", "utf-8")
    assert read_policy(file).min_partner_recall == 0.5
