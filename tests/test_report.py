"""The report in words and tables."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

import emblink as eb
from emblink.report import as_json, as_markdown, as_terminal
from emblink.types import (
    GroupReport,
    LabelPairReport,
    LabelReport,
    MoveCounts,
    MovesReport,
    OverlapAt,
    PairReport,
    Report,
    Score,
    SpaceHealth,
    SpaceLabel,
    SpaceMap,
    SpaceReport,
)

PAGE = (Path(__file__).parents[1] / "docs" / "report.md").read_text(encoding="utf-8")


def test_every_key_of_the_report_is_documented() -> None:
    records: list[Any] = [
        Report, SpaceReport, SpaceHealth, SpaceLabel, SpaceMap, PairReport, OverlapAt, Score,
        LabelReport, LabelPairReport, GroupReport, MovesReport, MoveCounts,
    ]  # fmt: skip
    keys = {key for record in records for key in record.__annotations__}
    assert keys - {*re.findall(r"`(\w+)`", PAGE)} == set()


def test_json_reads_back_as_the_report(small: eb.Comparison) -> None:
    assert json.loads(as_json(small.report())) == small.report()


def test_the_terminal_shows_counts_verdicts_and_the_most_changed_labels(
    small: eb.Comparison,
) -> None:
    console = Console(width=160, file=io.StringIO(), record=True)
    console.print(as_terminal(small.report()))
    shown = console.export_text()
    pair = small.pair("a", "noisy").report
    assert pair["sentence"] in " ".join(shown.split())
    line = next(line for line in shown.splitlines() if line.startswith("a → noisy  "))
    assert "180" in line
    assert "60" in line
    assert f"{pair['scores']['neighborhood_overlap']['value']:.3f}" in line
    for label in ("red", "green", "blue", "grey"):
        assert label in shown


def test_markdown_keeps_a_bar_in_a_name_from_breaking_the_table() -> None:
    report = json.loads(json.dumps(EMPTY))
    report["pairs"][0]["a"] = "old|center"
    rows = [line for line in as_markdown(report).splitlines() if line.startswith("| old")]
    assert rows[0].startswith("| old\\|center → b | changed | 3 |")
    assert rows[0].replace("\\|", "").count("|") == 11


EMPTY: dict[str, Any] = {
    "schema": "emblink.report/1",
    "version": "0",
    "seed": 0,
    "n_items": 3,
    "spaces": [],
    "notes": [],
    "pairs": [
        {
            "a": "a",
            "b": "b",
            "n_common": 3,
            "only_a": 0,
            "only_b": 0,
            "coverage": 1.0,
            "compared_by": "items",
            "overlap_curve": [],
            "n_label_pairs": 0,
            "scores": {
                "neighborhood_overlap": {"value": 0.5, "n": 3, "k": 1},
                "linear_cka": {"value": 0.5, "n": 3},
                "procrustes_similarity": {"value": 0.5, "n": 3},
            },
            "verdict": "changed",
            "sentence": "Changed.",
            "labels": [],
            "label_pairs": [],
            "groups": [],
            "warnings": [],
        }
    ],
}


def test_one_space_alone_says_that_nothing_was_compared() -> None:
    report = eb.compare({"a": [[1.0, 2.0], [2.0, 1.0], [0.0, 1.0]]}).report()
    console = Console(width=160, file=io.StringIO(), record=True)
    console.print(as_terminal(report))
    shown = console.export_text()
    assert "No pair was compared; give two spaces or more" in shown
    assert "verdict" not in shown
    assert "No pair was compared" in as_markdown(report)


def test_names_in_brackets_are_shown_as_they_are() -> None:
    x = np.random.default_rng(0).standard_normal((40, 4))
    spaces = {"model[v1]": x, "[/red]": x + 1}
    report = eb.compare(spaces, labels=["[bold]", "[/x]"] * 20).report()
    console = Console(width=200, file=io.StringIO(), record=True)
    console.print(as_terminal(report))
    lines = console.export_text().splitlines()
    assert any(line.startswith("model[v1] → [/red]  ") for line in lines)
    assert any(line.startswith("  [bold]  ") for line in lines)
    assert any(line.startswith("  [/x]  ") for line in lines)


def test_a_narrow_terminal_cuts_no_number(small: eb.Comparison) -> None:
    console = Console(width=50, file=io.StringIO(), record=True)
    console.print(as_terminal(small.report()), crop=False)
    shown = console.export_text().split()
    for pair in small.report()["pairs"]:
        for score in pair["scores"].values():
            assert f"{score['value']:.3f}" in shown
        for label in pair["labels"]:
            assert f"{label['delta']:+.3f}" in shown


def test_a_terminal_is_no_wall_of_warnings_and_a_document_keeps_them_all() -> None:
    rng = np.random.default_rng(0)
    spaces = {f"layer{i}": rng.standard_normal((60, 4)) + 9 for i in range(7)}
    report = eb.compare(spaces, pairs="consecutive").report()
    warnings = [warning for space in report["spaces"] for warning in space["warnings"]]
    assert len(warnings) >= 7
    console = Console(width=300, file=io.StringIO(), record=True)
    console.print(as_terminal(report))
    shown = [line for line in console.export_text().splitlines() if line.startswith("! ")]
    assert [line[2:] for line in shown[:4]] == warnings[:4]
    assert shown[4:] == [f"! {len(warnings) - 4} more like these in the page and in --json"]
    document = as_markdown(report).replace("\\|", "|")
    assert all(warning in document for warning in warnings)
