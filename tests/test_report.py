"""The report in words and tables."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

import emblink as eb
from emblink.report import as_html, as_json, as_markdown, as_terminal
from emblink.types import (
    BeyondNoiseReport,
    Enrichment,
    Exemplar,
    FindingPair,
    FindingReport,
    GroupEvidence,
    GroupNeighbor,
    GroupReport,
    GroupSearch,
    GroupTimeline,
    GroupWord,
    LabelLoss,
    LabelPairReport,
    LabelReport,
    LabelShift,
    MoveCounts,
    MovesReport,
    NeighborShift,
    NumberShift,
    OverlapAt,
    PairReport,
    QualityReport,
    Report,
    Score,
    SizeReport,
    SpaceHealth,
    SpaceLabel,
    SpaceMap,
    SpaceReport,
    TimelineStep,
    Unchanging,
)

PAGE = (Path(__file__).parents[1] / "docs" / "report.md").read_text(encoding="utf-8")


def test_every_key_of_the_report_is_documented() -> None:
    records: list[Any] = [
        Report, SpaceReport, SpaceHealth, SpaceLabel, SpaceMap, PairReport, OverlapAt, Score,
        SizeReport, BeyondNoiseReport, QualityReport, LabelLoss, LabelShift,
        LabelReport, LabelPairReport, MovesReport, MoveCounts,
        GroupReport, GroupEvidence, Enrichment, NumberShift, GroupWord, Exemplar, NeighborShift,
        GroupNeighbor, GroupSearch, GroupTimeline, TimelineStep, Unchanging,
        FindingReport, FindingPair,
    ]  # fmt: skip
    keys = {key for record in records for key in record.__annotations__}
    assert keys - {*re.findall(r"`(\w+)`", PAGE)} == set()


def test_json_reads_back_as_the_report(small: eb.Comparison) -> None:
    assert json.loads(as_json(small.report())) == small.report()


def test_the_terminal_shows_counts_verdicts_and_the_most_changed_labels(
    small: eb.Comparison,
) -> None:
    console = Console(width=160, file=io.StringIO(), record=True)
    console.print(as_terminal(small.report(), full=True))
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
    assert rows[0].startswith("| old\\|center → b | reworked | 25 % | 3 |")
    assert rows[0].replace("\\|", "").count("|") == 12


EMPTY: dict[str, Any] = {
    "schema": "emblink.report/2",
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
            "size": {"grade": "reworked", "w": 0.25},
            "answer": "Reworked: re-index.",
            "sentence": "As if.",
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
    console.print(as_terminal(report, full=True))
    shown = console.export_text()
    assert "No pair was compared; give two spaces or more" in shown
    assert "verdict" not in shown
    assert "No pair was compared" in as_markdown(report)
    console = Console(width=160, file=io.StringIO(), record=True)
    console.print(as_terminal(report))
    shown = console.export_text()
    assert "No pair was compared; give two spaces or more" in shown
    assert "1 space: a" in shown


def test_names_in_brackets_are_shown_as_they_are() -> None:
    x = np.random.default_rng(0).standard_normal((40, 4))
    spaces = {"model[v1]": x, "[/red]": x + 1}
    report = eb.compare(spaces, labels=["[bold]", "[/x]"] * 20).report()
    console = Console(width=200, file=io.StringIO(), record=True)
    console.print(as_terminal(report, full=True))
    lines = console.export_text().splitlines()
    assert any(line.startswith("model[v1] → [/red]  ") for line in lines)
    assert any(line.startswith("  [bold]  ") for line in lines)
    assert any(line.startswith("  [/x]  ") for line in lines)


def test_a_narrow_terminal_cuts_no_number(small: eb.Comparison) -> None:
    console = Console(width=50, file=io.StringIO(), record=True)
    console.print(as_terminal(small.report(), full=True), crop=False)
    shown = console.export_text().split()
    for pair in small.report()["pairs"]:
        for score in pair["scores"].values():
            assert f"{score['value']:.3f}" in shown
        for label in pair["labels"]:
            assert f"{label['delta']:+.3f}" in shown


@pytest.mark.slow
def test_a_terminal_is_no_wall_of_warnings_and_a_document_keeps_them_all() -> None:
    rng = np.random.default_rng(0)
    spaces = {f"layer{i}": rng.standard_normal((60, 4)) + 9 for i in range(7)}
    report = eb.compare(spaces, pairs="consecutive").report()
    warnings = [warning for space in report["spaces"] for warning in space["warnings"]]
    assert len(warnings) >= 7
    console = Console(width=300, file=io.StringIO(), record=True)
    console.print(as_terminal(report, full=True))
    shown = [line for line in console.export_text().splitlines() if line.startswith("! ")]
    assert [line[2:] for line in shown[:4]] == warnings[:4]
    assert shown[4:] == [f"! {len(warnings) - 4} more like these in the page and in --json"]
    document = as_markdown(report).replace("\\|", "|")
    assert all(warning in document for warning in warnings)


def group(title: str, **other: Any) -> dict[str, Any]:
    said = f"42 items, all {title}, moved from a to b; p = 0.01."
    return {"title": title, "type": "moved", "n": 42, "mass": 1103.25, "p": 0.01} | {
        "sentence": said,
        **other,
    }


def search(sentence: str, **other: Any) -> dict[str, Any]:
    return {"floor_kind": "neighbors", "exploratory": True, "sentence": sentence, **other}


def with_groups(*groups: dict[str, Any], n_pairs: int = 1, **found: Any) -> Any:
    """Return a report whose pairs have these groups."""
    report = json.loads(json.dumps(EMPTY))
    told = {"group_search": search("Items changed together.", **found), "groups": groups}
    report["pairs"] = [{**report["pairs"][0], **told}] * n_pairs
    return report


def in_terminal(report: Any, *, width: int = 100) -> str:
    console = Console(width=width, file=io.StringIO(), record=True)
    console.print(as_terminal(report, full=True), crop=False)
    return console.export_text()


def test_a_table_without_rows_is_one_line_of_words_everywhere() -> None:
    report = json.loads(json.dumps(EMPTY))
    report["pairs"][0]["n_label_pairs"] = 1
    for shown in (in_terminal(report), as_markdown(report), as_html(report)):
        assert "1 label pair judged: none is told as changed" in shown
        assert "closer by" not in shown


def test_each_group_is_a_row_with_its_sentence_below() -> None:
    shown = in_terminal(with_groups(group("cats → dogs", p=0.0004), group("birds", mass=3.25)))
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    at = lines.index("items that changed together type n mass p")
    assert lines[at + 1 : at + 5] == [
        "cats → dogs moved 42 1,103.2 < 0.001",
        "42 items, all cats → dogs, moved from a to b; p = 0.01.",
        "birds moved 42 3.2 0.010",
        "42 items, all birds, moved from a to b; p = 0.01.",
    ]
    ends = {len(line.rstrip()) for line in shown.splitlines() if " moved  " in line}
    assert len(ends) == 1


def test_a_pair_is_said_to_be_exploratory_once_and_only_of_what_was_found() -> None:
    note = "b has few dims."
    for written in (in_terminal, as_markdown):
        found = written(with_groups(group("cats"), group("dogs"), note=note))
        assert found.lower().count("exploratory") == 1
        assert "Items changed together. Exploratory: no replicate says what noise" in found
        assert note in found
        assert "xploratory" not in written(with_groups())
        assert "xploratory" not in written(with_groups(group("cats"), exploratory=False))


def test_of_many_groups_the_heaviest_are_shown_and_the_others_counted() -> None:
    groups = [group(f"group {i}") for i in range(11)]
    for written in (in_terminal, as_markdown):
        shown = written(with_groups(*groups))
        assert "group 7" in shown
        assert "group 8" not in shown
        assert "and 3 more in the page and in --json" in shown
        assert "more in the page" not in written(with_groups(*groups[:8]))


def test_of_many_pairs_a_terminal_says_what_was_found_and_leaves_the_groups_to_the_page() -> None:
    report = with_groups(group("cats"), n_pairs=4)
    shown = in_terminal(report)
    assert shown.count("Items changed together.") == 4
    assert "cats" not in shown
    assert as_markdown(report).count("| cats | moved | 42 |") == 4


def test_names_of_groups_are_shown_as_they_are() -> None:
    report = with_groups(group("[bold]x[/red]|y"), n_pairs=2)
    report["timelines"] = [{"title": "[/x]|z", "n": 1, "steps": [], "sentence": "[b] at a|b."}]
    report["unchanging"] = {"n": 1, "n_all": 1, "enriched": [], "sentence": "Most of [i]|j."}
    shown = in_terminal(report)
    for name in ("[bold]x[/red]|y", "[/x]|z", "[b] at a|b.", "Most of [i]|j."):
        assert name in shown
    document = as_markdown(report)
    assert r"all \[bold\]x\[/red\]\|y, moved" in document
    assert r"| \[/x\]\|z | \[b\] at a\|b. |" in document


def test_markdown_makes_no_link_tag_or_mark_of_words_of_the_user() -> None:
    words = "see https://x.example/a, www.x.example, [a](http://b) <img src=c> `d` *e* mailto:f@g.h"
    report = with_groups(group(words), n_pairs=2)
    marks = r"(?<!\\)(?:://|\[|\]|<|`)|\bwww\.|\w@\w|(?<![\\*])\*(?!\*)"
    assert not re.findall(marks, as_markdown(report))


def test_a_narrow_terminal_folds_titles_and_keeps_the_numbers_of_groups() -> None:
    shown = in_terminal(with_groups(group("a very long title of a group", n=123456)), width=30)
    assert "moved 123,456 1,103.2 0.010" in " ".join(shown.split())
    assert "a very long" in shown


def test_what_changed_over_several_pairs_and_what_never_did_is_said_at_the_end() -> None:
    lines: list[dict[str, Any]] = [
        {"title": f"line {i}", "n": 9, "steps": [], "sentence": f"9 items change at {i} → b."}
        for i in range(10)
    ]
    said = "3 of 9 items strayed in no pair."
    steady = {"n": 3, "n_all": 9, "enriched": [], "sentence": said}
    for written in (in_terminal, as_markdown):
        several, one = with_groups(n_pairs=2), with_groups()
        assert "over the pairs" not in written(several)
        for report in (several, one):
            report |= {"timelines": lines, "unchanging": steady}
        shown = written(several)
        assert "9 items change at 7 → b." in shown
        assert "line 8" not in shown
        assert shown.index("and 2 more in the page") < shown.index(said)
        assert "line 0" not in written(one)
        assert said not in written(one)


def test_a_report_without_groups_says_nothing_of_them() -> None:
    older = json.loads(json.dumps(EMPTY))
    older["pairs"] *= 2
    for pair in older["pairs"]:
        pair.pop("groups", None)
    for written in (in_terminal, as_markdown):
        for word in ("together", "over the pairs", "All pairs"):
            assert word not in written(older)
