"""Every number of a report: finite, a double of its own, and over as many items as it says."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.report import as_json, as_markdown
from emblink.types import Grade

MEASURES = (
    "neighborhood_overlap",
    "inner_overlap",
    "linear_cka",
    "procrustes_similarity",
    "rank_biased_overlap",
    "rbf_cka",
    "rsa",
)


def numbers(of: Any, place: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(of, dict):
        for key, value in of.items():
            yield from numbers(value, f"{place}.{key}")
    elif isinstance(of, list):
        for value in of:
            yield from numbers(value, f"{place}[]")
    elif isinstance(of, float):
        yield place, of


def is_widened(value: float) -> bool:
    """Whether a number is a float32 with a tail, and no fraction of a power of two."""
    fraction = float(value * 2**12).is_integer()
    return float(np.float32(value)) == value and len(repr(value)) > 10 and not fraction


def assert_plain(report: Any) -> None:
    json.dumps(report, allow_nan=False)
    found = list(numbers(report))
    assert [place for place, value in found if not math.isfinite(value)] == []
    assert [(place, value) for place, value in found if is_widened(value)] == []


def spaces(n: int, *, seed: int) -> dict[str, Any]:
    """Spaces in which what can be degenerate is."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 5)).astype(np.float32)
    near = x + 0.3 * rng.standard_normal((n, 5)).astype(np.float32)
    copies = x.copy()
    copies[: n // 2] = x[0]
    return {
        "old": x,
        "near": near,
        "copies": copies,
        "other": rng.standard_normal((n, 9)).astype(np.float32),
        "line": (0.9 + rng.integers(0, 3, (n, 1))).astype(np.float32),
    }


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("n", [4, 5, 6, 7, 8, 10, 15, 31, 60])
def test_no_number_is_infinite_missing_or_a_float32_in_disguise(n: int, metric: Any) -> None:
    rng = np.random.default_rng(n)
    items = {
        "id": np.array([f"i{at}" for at in range(n)]),
        "kind": np.array(["ant", "bee", "cat"])[np.arange(n) % 3],
        "weight": (rng.integers(0, 30, n) / 10).astype(np.float32),
    }
    comparison = eb.compare(
        spaces(n, seed=n),
        items=items,
        ids=items["id"],
        labels="kind",
        metric=metric,
        reference="old",
        replicates={"old": "near"},
    )
    report = comparison.report()
    assert_plain(report)
    assert "nan" not in as_json(report).lower().replace("nant", "")
    assert as_markdown(report)
    for pair in report["pairs"]:
        assert pair["scores"]["neighborhood_overlap"]["n"] == n
        if n < 8 and pair["scores"]["neighborhood_overlap"]["value"] == 1.0:
            assert pair["size"]["grade"] in ("identical", "too_few")
    for rows in (np.arange(4), np.arange(n)):
        answer = comparison.ask("old", "other", rows=rows, measures=MEASURES)
        assert_plain(answer)


@pytest.mark.slow
@pytest.mark.parametrize("n", [4, 5, 6])
@pytest.mark.parametrize("seed", range(4))
def test_few_items_with_the_same_neighbours_are_identical_or_too_few(n: int, seed: int) -> None:
    x = np.sort(np.random.default_rng(seed).lognormal(size=(n, 1)), axis=0)
    bent = np.exp(0.01 * x)
    pair = eb.compare({"old": x, "new": bent}, metric="euclidean").pair("old", "new").report
    allowed: tuple[Grade, ...] = ("identical", "too_few")
    if pair["scores"]["neighborhood_overlap"]["value"] == 1.0:
        assert pair["size"]["grade"] in allowed
    copy = eb.compare({"old": x, "new": x.copy()}, metric="euclidean").pair("old", "new").report
    assert copy["size"]["grade"] == "identical"


def test_too_few_is_said_in_words_and_sought_for_no_groups() -> None:
    rng = np.random.default_rng(1)
    pair = eb.compare({"a": rng.random((5, 3)), "b": rng.random((5, 3))}).pair("a", "b").report
    assert pair["size"]["grade"] == "too_few"
    assert pair["sentence"].startswith("Too few items to tell: 5 in common, expected at least 8. ")
    assert pair["groups"] == []


@pytest.mark.slow
def test_a_score_of_a_sample_says_how_many_items_it_is_of() -> None:
    rng = np.random.default_rng(2)
    x = rng.standard_normal((2500, 4))
    y = x + rng.standard_normal((2500, 4))
    scores = eb.compare({"a": x, "b": y}, metric="euclidean").pair("a", "b").scores
    assert (scores["rsa"]["n"], scores["rsa"]["n_chance"]) == (1000, 500)
    assert (scores["linear_cka"]["n"], scores["linear_cka"]["n_chance"]) == (2500, 500)
    assert scores["neighborhood_overlap"]["n"] == 2500
    assert "n_chance" not in scores["neighborhood_overlap"]
    low, high = scores["rsa"]["interval"]
    assert low < scores["rsa"]["value"] < high
    assert "cluster_agreement" not in scores
