"""Tables of results and acceptance lines, as aligned text, Markdown or JSON."""

from __future__ import annotations

import json
import math
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TypeAlias

Value: TypeAlias = str | float | int | None


@dataclass(frozen=True)
class Check:
    """A line of acceptance: a measured value and the limit it is held to.

    An ``upper_bound`` may meet its limit, but cannot miss it.
    """

    claim: str
    value: float | None
    limit: float
    at_most: bool = True
    strict: bool = False
    upper_bound: bool = False

    @property
    def outcome(self) -> str:
        if self.value is None:
            return "not measured"
        if self.strict and self.value == self.limit:
            return "MISSED"
        met = self.value <= self.limit if self.at_most else self.value >= self.limit
        if met:
            return "ok"
        return "undecided" if self.upper_bound else "MISSED"

    @property
    def wanted(self) -> str:
        sign = ("<" if self.at_most else ">") + ("" if self.strict else "=")
        return f"{sign} {shown(self.limit)}"


@dataclass(frozen=True)
class Section:
    """A titled table, and the acceptance lines that it answers."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    checks: list[Check] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def shown(value: Value) -> str:
    if value is None:
        return "-"
    if isinstance(value, str | int):
        return f"{value:,}" if isinstance(value, int) else value
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if abs(value) >= 100:
        return f"{value:.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    if abs(value) < 0.0001:
        return f"{value:.0e}"
    return f"{value:.4f}" if abs(value) < 0.1 else f"{value:.3f}"


class Report:
    """Collects sections; in text and Markdown each is printed as soon as it is there."""

    def __init__(self, how: str) -> None:
        self.how = how
        self.sections: list[Section] = []
        self._said: set[str] = set()

    def add(self, section: Section) -> None:
        self.sections.append(section)
        if self.how != "json":
            new = [note for note in section.notes if note not in self._said]
            self._said.update(new)
            lines = _lines(section, new, markdown=self.how == "markdown")
            print("\n".join(lines), flush=True)

    def finish(self) -> None:
        checks = [(s.title, check) for s in self.sections for check in s.checks]
        if self.how == "json":
            print(json.dumps([_plain(section) for section in self.sections], indent=1))
            return
        outcomes = [check.outcome for _, check in checks]
        print(f"\n{outcomes.count('ok')} of {len(checks)} acceptance lines met")
        for title, check in checks:
            if check.outcome != "ok":
                where = f"{title}: {check.claim}"
                print(f"- {check.outcome}: {where}: {shown(check.value)}, wanted {check.wanted}")


def _plain(section: Section) -> dict[str, object]:
    checks = [
        {"claim": c.claim, "value": c.value, "wanted": c.wanted, "outcome": c.outcome}
        for c in section.checks
    ]
    return asdict(section) | {"checks": checks}


def say(words: str) -> None:
    """Tell where the run is, apart from the results."""
    print(f"... {words}", file=sys.stderr, flush=True)


def _lines(section: Section, notes: list[str], *, markdown: bool) -> Iterable[str]:
    yield ""
    yield f"### {section.title}" if markdown else f"== {section.title}"
    rows = [[shown(value) for value in row] for row in section.rows]
    checks = [[c.claim, shown(c.value), c.wanted, c.outcome] for c in section.checks]
    for head, body in ((section.columns, rows), (("acceptance", "is", "wanted", ""), checks)):
        if body:
            yield ""
            yield from _table(list(head), body, markdown=markdown)
    for note in notes:
        yield ""
        yield from [note] if markdown else textwrap.wrap(note, 100)


def _table(head: list[str], body: list[list[str]], *, markdown: bool) -> Iterable[str]:
    widths = [max(len(row[i]) for row in [head, *body]) for i in range(len(head))]
    words = [not any(row[i][:1].isdigit() for row in body) for i in range(len(head))]
    words[0] = True
    for at, row in enumerate([head, *body]):
        cells = [
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(row, widths, words, strict=True)
        ]
        yield f"| {' | '.join(cells)} |" if markdown else "  ".join(cells).rstrip()
        if markdown and at == 0:
            yield f"|{'|'.join('---' if left else '---:' for left in words)}|"
