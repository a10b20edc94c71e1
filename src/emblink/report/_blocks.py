"""The report as a sequence of blocks, the same for every kind of document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from emblink.report._budget import budget_lines, budget_rows
from emblink.report._findings import (
    answers,
    findings_of,
    judged_pairs,
    nothing_words,
    where,
)
from emblink.report._groups import group_rows, search_words, timeline_rows, unchanging_words
from emblink.report._searches import search_lines, search_rows, searches_of
from emblink.report._tables import (
    Rows,
    label_pair_rows,
    label_rows,
    pair_rows,
    picture_rows,
    score_rows,
    step_rows,
)
from emblink.types import FindingReport, PairReport, Report
from emblink.wording import NO_PAIRS, counted, coverage, matched, method_words, moves_words

NUMBERS = "The numbers"
"""The heading under which all tables stand."""


@dataclass(frozen=True)
class Heading:
    """A heading: level 1 is that of the document."""

    words: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Some sentences."""

    words: str
    strong: bool = False


@dataclass(frozen=True)
class Points:
    """A list: of each point what stands out at its start, which may be nothing, and the rest."""

    points: list[tuple[str, str]]


@dataclass(frozen=True)
class Findings:
    """What stands out, numbered: a sentence, what is known of it, and an example or nothing."""

    findings: list[tuple[str, str, str]]


Block: TypeAlias = Heading | Paragraph | Points | Findings | Rows


def blocks_of(report: Report) -> Iterator[Block]:
    """Yield the report, block by block.

    Parameters
    ----------
    report : Report

    Yields
    ------
    Block
    """
    yield Heading("Comparison of embedding spaces", 1)
    yield Paragraph(
        f"{report['n_items']:,} items, {counted(len(report['spaces']), 'space')}, "
        f"seed {report['seed']}."
    )
    if report["pairs"]:
        yield from first_blocks(report)
        yield Heading(NUMBERS)
    if "budget" in report:
        yield budget_rows(report["budget"])
    yield from _points([("", note) for note in report["notes"]])
    if method := method_words(report):
        yield Paragraph(method)
    yield _space_rows(report)
    yield from _points(
        [("Warning:", warning) for space in report["spaces"] for warning in space["warnings"]]
    )
    if not report["pairs"]:
        yield Paragraph(NO_PAIRS)
        return
    yield pair_rows(report)
    yield from (rows for rows in (step_rows(report), picture_rows(report)) if rows is not None)
    for pair in report["pairs"]:
        yield from _of_pair(pair, several=len(report["pairs"]) > 1)
        if searches := searches_of(report, pair):
            yield Heading("Searches", 3)
            yield Paragraph(searches["sentence"])
            yield from _points([("", said) for said in searches["findings"]])
            yield from search_rows(searches)
    yield from _over_pairs(report)


def first_blocks(report: Report) -> Iterator[Block]:
    """Say what to do about each pair, and what stands out of all."""
    yield from map(Paragraph, budget_lines(report))
    yield from _points([(f"{name}:", said) for name, said in answers(report)])
    yield from map(Paragraph, search_lines(report, most=_MOST_SEARCHED))
    yield Heading("What stands out")
    found = findings_of(report)
    if not found:
        yield Paragraph(nothing_words(report))
        return
    yield _findings(found, several=len(judged_pairs(report)) > 1)


_MOST_SEARCHED = 6


def _of_pair(pair: PairReport, *, several: bool) -> Iterator[Block]:
    yield Heading(f"{pair['a']} → {pair['b']}")
    yield Paragraph(pair["answer"], strong=True)
    yield Paragraph(pair["sentence"])
    if several and pair.get("findings"):
        yield _findings(pair["findings"], several=False)
    elif several and "nothing" in pair:
        yield Paragraph(pair["nothing"])
    if moves := moves_words(pair):
        yield Paragraph(f"{moves[0].upper()}{moves[1:]}.")
    yield from _points([("Warning:", warning) for warning in pair["warnings"]])
    if pair["scores"]:
        yield score_rows(pair)
    if pair["labels"]:
        yield label_rows(pair)
    if pair["n_label_pairs"]:
        yield label_pair_rows(pair)
    yield from map(Paragraph, search_words(pair))
    if groups := group_rows(pair):
        yield groups


def _over_pairs(report: Report) -> Iterator[Block]:
    lines, steady = timeline_rows(report), unchanging_words(report)
    if lines or steady:
        yield Heading("All pairs")
    if lines:
        yield lines
    if steady:
        yield Paragraph(steady)


def _points(points: list[tuple[str, str]]) -> Iterator[Points]:
    if points:
        yield Points(points)


def _findings(found: list[FindingReport], *, several: bool) -> Findings:
    told = []
    for one in found:
        place = f" ({where(one)})" if several else ""
        example = f"E.g. {one['example']}." if "example" in one else ""
        told.append((one["sentence"], f"{one['how_sure']}{place}", example))
    return Findings(told)


def _space_rows(report: Report) -> Rows:
    return Rows(
        ("space", "from", "matched by", "items", "dims", "of all items"),
        [
            [
                space["name"],
                space["source"],
                matched(space),
                f"{space['n_items']:,}",
                f"{space['n_dims']:,}",
                coverage(space),
            ]
            for space in report["spaces"]
        ],
        words=3,
    )
