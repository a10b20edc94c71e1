"""The report on one screen: the answer, what stands out, what to beware of, what to type next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.text import Text

from emblink.report._budget import budget_lines
from emblink.report._findings import (
    answers,
    doubt,
    findings_of,
    judged_pairs,
    nothing_words,
    unwitnessed,
    where,
)
from emblink.report._searches import search_lines, searches_of
from emblink.types import FindingReport, Report
from emblink.wording import ALL_NUMBERS, NO_PAIRS, NOISE_UNKNOWN, counted, method_words

LINES = 36
"""Of one screen, less what the command says below."""
MOST_WARNINGS = 2
FEWEST_FINDINGS = 3
"""That are shown however many lines they take."""

STYLES = {
    "identical": "green",
    "same": "green",
    "interchangeable": "green",
    "like another run": "yellow",
    "reworked": "yellow",
    "another space": "red",
    "unrelated": "red",
    "misaligned": "red",
    "labels only": "dim",
    "better": "green",
    "worse": "red",
    "drawn together": "yellow",
    "pushed apart": "yellow",
    "as all": "dim",
    "too few": "dim",
}


@dataclass(frozen=True)
class Screen:
    """Parts that must be shown, and findings of which as many are shown as there is room for."""

    report: Report
    above: Sequence[RenderableType]
    below: Sequence[RenderableType]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        def height(parts: Sequence[RenderableType]) -> int:
            return sum(len(console.render_lines(one, options, pad=False)) for one in parts)

        room = LINES - height([*self.above, *self.below])
        for most, examples in _choices(len(findings_of(self.report))):
            lines = finding_lines(self.report, most=most, examples=examples)
            if height(lines) <= room:
                break
        yield from (*self.above, *lines, *self.below)


def _choices(n: int) -> list[tuple[int, int]]:
    """Return how many of ``n`` findings may be shown, and of how many an example."""
    fewest = min(n, FEWEST_FINDINGS)
    fewer = [(most, 1) for most in range(n, fewest - 1, -1)]
    return [(n, n), (n, FEWEST_FINDINGS), *fewer, (fewest, 0)]


def screen(report: Report) -> RenderableType:
    """Return the report on one screen.

    Parameters
    ----------
    report : Report

    Returns
    -------
    RenderableType
        Of rich; at most 40 lines at 80 columns, but where names are very long.
    """
    names = ", ".join(space["name"] for space in report["spaces"])
    head = Text(f"{report['n_items']:,} items, {counted(len(report['spaces']), 'space')}: {names}")
    head.truncate(_HEAD, overflow="ellipsis")
    top = [head, *_read_as(report)]
    if method := method_words(report):
        top.append(indented(method, 2, style="dim"))
    if not report["pairs"]:
        return Screen(_NO_FINDINGS, [*top, Text(), Text(NO_PAIRS)], [*_warnings(report)])
    return Screen(report, [*top, Text(), *_answers(report), Text()], _below(report))


def _read_as(report: Report) -> list[RenderableType]:
    """Say where the vectors of each space come from, while they are few."""
    spaces = report["spaces"]
    if len(spaces) > _MOST_READ:
        return []
    wide = max(len(space["name"]) for space in spaces)
    return [
        indented(
            f"{space['name']:{wide}}  {space['n_items']:,} × {space['n_dims']:,}, "
            f"from {space['source']}",
            2,
            style="dim",
        )
        for space in spaces
    ]


_HEAD = 160
_MOST_READ = 4
_NO_FINDINGS: Report = {
    "schema": "",
    "version": "",
    "seed": 0,
    "n_items": 0,
    "spaces": [],
    "pairs": [],
    "timelines": [],
    "notes": [],
}


_ENDS = re.compile(r"(?<=[.]) (?=[A-Z\d])")
_SENTENCES = 2
"""Of what the answer rests on: the size, and what comes first after it."""


def _answers(report: Report) -> list[RenderableType]:
    pairs = judged_pairs(report)
    parts: list[RenderableType] = [Text(one) for one in budget_lines(report)]
    for name, answer in answers(report):
        line = Text()
        line.append(f"{name}  ", style="bold")
        line.append(answer, style=_style(report, name))
        parts.append(line)
    if len(pairs) == 1:
        told = searches_of(report, pairs[0])
        most = _SENTENCES if told is None or "quality" not in told else 1
        first = _ENDS.split(pairs[0]["sentence"])[:most]
        parts.append(indented(" ".join(first), 2, style="dim"))
    parts += [indented(said, 2) for said in search_lines(report, most=_MOST_SEARCHED)]
    return parts


_MOST_SEARCHED = 2


def _style(report: Report, name: str) -> str:
    of_pair = (one for one in report["pairs"] if f"{one['a']} → {one['b']}" == name)
    grades = [one["size"]["grade"].replace("_", " ") for one in of_pair]
    return STYLES.get(grades[0], "") if grades else ""


def finding_lines(report: Report, *, most: int, examples: int) -> list[RenderableType]:
    """Return what stands out as lines: a number, who did what, and where.

    Parameters
    ----------
    report : Report
    most : int
        Findings shown.
    examples : int
        Of so many of them, an item with its neighbours before and after.

    Returns
    -------
    list of RenderableType
    """
    if not report["pairs"]:
        return []
    found = findings_of(report)
    if not found:
        return [Text(nothing_words(report), style="green")]
    several = len(judged_pairs(report)) > 1
    parts: list[RenderableType] = [Text("What stands out", style="bold")]
    for at, one in enumerate(found[:most], 1):
        parts.append(_numbered(at, one, several=several))
        if "example" in one and at <= examples:
            parts.append(indented(f"e.g. {one['example']}", 3, style="dim"))
    if len(found) > most:
        parts.append(Text(f"   and {len(found) - most:,} more with --full", style="dim"))
    return parts


def _numbered(at: int, finding: FindingReport, *, several: bool) -> RenderableType:
    line = Text(f"{at}  ", style="bold")
    line.append(finding["sentence"], style="" if finding["sure"] else "dim")
    if words := doubt(finding):
        line.append(f" {words}", style="yellow")
    if several:
        line.append(f" {where(finding)}", style="dim")
    return Padding(_Hanging(line), 0, expand=False)


@dataclass(frozen=True)
class _Hanging:
    """A line whose further lines stand under its first word, past the number."""

    line: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wrapped = self.line.wrap(console, max(20, options.max_width - 3))
        for at, one in enumerate(wrapped):
            yield Text("   ").append_text(one) if at else one


def _below(report: Report) -> list[RenderableType]:
    parts: list[RenderableType] = [Text(), *_warnings(report)]
    if unwitnessed(report) and findings_of(report):
        parts.append(Text(NOISE_UNKNOWN, style="dim"))
    parts.append(Text(ALL_NUMBERS, style="dim"))
    return parts


def _warnings(report: Report) -> list[RenderableType]:
    """Return what to beware of, how rows were matched first, and each once."""
    every = [
        *report["notes"],
        *(warning for pair in judged_pairs(report) for warning in pair["warnings"]),
        *(warning for space in report["spaces"] for warning in space["warnings"]),
    ]
    each = [*dict.fromkeys(every)]
    parts: list[RenderableType] = [
        Text(f"! {warning}", style="yellow") for warning in each[:MOST_WARNINGS]
    ]
    if len(each) > MOST_WARNINGS:
        parts.append(Text(f"! {len(each) - MOST_WARNINGS:,} more with --full", style="yellow"))
    return parts


def indented(words: str, indent: int, *, style: str = "") -> Padding:
    """Return words on lines that begin some columns to the right.

    Parameters
    ----------
    words : str
    indent : int
    style : str

    Returns
    -------
    Padding
    """
    return Padding(Text(words, style=style), (0, 0, 0, indent), expand=False)
