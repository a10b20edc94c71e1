"""The report for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from emblink.report._budget import budget_lines, budget_rows
from emblink.report._findings import findings_of
from emblink.report._groups import group_rows, search_words, timeline_rows, unchanging_words
from emblink.report._screen import STYLES, finding_lines, indented, screen
from emblink.report._searches import search_rows, searches_of
from emblink.report._tables import (
    Rows,
    label_pair_rows,
    label_rows,
    pair_rows,
    picture_rows,
    score_rows,
    step_rows,
)
from emblink.types import BudgetReport, PairReport, PairSearches, Report
from emblink.wording import NO_PAIRS, coverage, matched, method_words, moves_words

MOST_DETAILED = 3
"""Of more pairs, scores, labels and groups are left to the page, --markdown and --json."""

LEAST_TITLE = 12
"""Signs of a group's title on one line, however narrow the terminal."""

MOST_WARNINGS = 4
"""About the spaces: of a sequence, each says much the same."""


def as_terminal(report: Report, *, full: bool = False) -> RenderableType:
    """Return the report for a terminal.

    Parameters
    ----------
    report : Report
    full : bool
        With all tables; otherwise the answer, what stands out, and the first warnings, on one
        screen.

    Returns
    -------
    RenderableType
        Of rich.
    """
    return Group(*_tables(report)) if full else screen(report)


def budget_as_terminal(found: BudgetReport) -> RenderableType:
    """Return the table of a budget for a terminal.

    Parameters
    ----------
    found : BudgetReport

    Returns
    -------
    RenderableType
        Of rich.
    """
    return _table(budget_rows(found))


def _tables(report: Report) -> list[RenderableType]:
    parts = _of_spaces(report)
    if report["pairs"]:
        n = len(findings_of(report))
        parts += [Text(), *finding_lines(report, most=n, examples=n)]
    parts.append(Text())
    parts.append(_table(pair_rows(report)) if report["pairs"] else Text(NO_PAIRS))
    for rows in (step_rows(report), picture_rows(report)):
        if rows is not None:
            parts += [Text(), _table(rows)]
    for pair in report["pairs"]:
        in_detail = len(report["pairs"]) <= MOST_DETAILED
        parts += _of_pair(pair, in_detail=in_detail)
        if searches := searches_of(report, pair):
            parts += _of_searches(searches, in_detail=in_detail)
    if lines := timeline_rows(report):
        parts += [Text(), *_lines(lines)]
    if steady := unchanging_words(report):
        parts += [Text(), Text(steady)]
    return parts


def _of_spaces(report: Report) -> list[RenderableType]:
    parts: list[RenderableType] = [_space_table(report), *map(Text, report["notes"])]
    if "budget" in report:
        parts += [*map(Text, budget_lines(report)), _table(budget_rows(report["budget"]))]
    if method := method_words(report):
        parts.append(Text(method))
    warnings = [warning for space in report["spaces"] for warning in space["warnings"]]
    parts += [Text(f"! {warning}", style="yellow") for warning in warnings[:MOST_WARNINGS]]
    if len(warnings) > MOST_WARNINGS:
        more = f"! {len(warnings) - MOST_WARNINGS} more like these in the page and in --json"
        parts.append(Text(more, style="yellow"))
    return parts


def _lines(rows: Rows) -> list[RenderableType]:
    """Show rows of a name and a sentence, each sentence on lines of its own below its name."""
    parts: list[RenderableType] = [Text(rows.titles[0], style="dim")]
    for name, sentence in rows.rows:
        parts += [Text(name), indented(sentence, 2, style="dim")]
    return [*parts, Text(rows.more, style="dim")] if rows.more else parts


def _of_pair(pair: PairReport, *, in_detail: bool) -> list[RenderableType]:
    headline = Text()
    headline.append(f"{pair['a']} → {pair['b']}  ", style="bold")
    headline.append(pair["answer"], style=STYLES[pair["size"]["grade"].replace("_", " ")])
    parts: list[RenderableType] = [Text(), headline, indented(pair["sentence"], 2)]
    if moves := moves_words(pair):
        parts.append(Text(f"  {moves}"))
    parts += [Text(f"  ! {warning}", style="yellow") for warning in pair["warnings"]]
    if in_detail:
        if pair["scores"]:
            parts.append(_table(score_rows(pair), indented=True))
        if pair["labels"]:
            parts.append(_table(label_rows(pair), indented=True))
        if pair["n_label_pairs"]:
            parts.append(_table(label_pair_rows(pair), indented=True))
    return parts + _groups(pair, in_detail=in_detail)


def _of_searches(searches: PairSearches, *, in_detail: bool) -> list[RenderableType]:
    parts: list[RenderableType] = [Text(), indented(f"Searches: {searches['sentence']}", 2)]
    parts += [indented(said, 2) for said in searches["findings"][1:]]
    if in_detail:
        parts += [_table(rows, indented=True) for rows in search_rows(searches)]
    return parts


def _groups(pair: PairReport, *, in_detail: bool) -> list[RenderableType]:
    parts: list[RenderableType] = [indented(words, 2) for words in search_words(pair)]
    rows = group_rows(pair) if in_detail else None
    return parts if rows is None else [*parts, _GroupTable(rows)]


@dataclass(frozen=True)
class _GroupTable:
    """A table of groups, the sentence of each on lines of its own below it."""

    rows: Rows

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = self._widths(options.max_width)
        whole = options.update_width(max(options.max_width, sum(widths) + 2 * len(widths)))
        yield from console.render(_row(self.rows.titles, widths, style="dim"), whole)
        for *cells, sentence in self.rows.rows:
            yield from console.render(_row(cells, widths), whole)
            yield indented(sentence, 4, style="dim")
        if self.rows.more:
            yield indented(self.rows.more, 2, style="dim italic")

    def _widths(self, most: int) -> list[int]:
        """Return those of the indent, of titles, which fold when they must, and of the others."""
        lines = [self.rows.titles, *self.rows.rows]
        titles, *others = [max(map(cell_len, column)) for column in zip(*lines, strict=True)][:-1]
        rest = most - sum(others) - 2 * (len(others) + 2)
        return [0, min(titles, max(rest, LEAST_TITLE)), *others]


def _row(cells: Sequence[str], widths: Sequence[int], *, style: str = "") -> Table:
    """Return one row as a table of its own; the first two cells hold words, the others numbers."""
    row = plain_table(*[""] * len(widths))
    row.show_header = False
    for place, (column, width) in enumerate(zip(row.columns, widths, strict=True)):
        column.width = width
        column.justify = "right" if place > 2 else "left"
    add_row(row, "", *(Text(cell, style=style) for cell in cells[: len(widths) - 1]))
    return row


def _space_table(report: Report) -> Table:
    table = plain_table("space", "items", "dims", "of all items", "matched by", "from")
    for space in report["spaces"]:
        add_row(
            table,
            space["name"],
            f"{space['n_items']:,}",
            f"{space['n_dims']:,}",
            coverage(space),
            matched(space),
            space["source"],
        )
    for column in table.columns[1:4]:
        column.justify = "right"
    return table


def _table(rows: Rows, *, indented: bool = False) -> RenderableType:
    """Lay out a table whose numbers and verdicts stay whole in a narrow terminal."""
    if not rows.rows:
        return Text(f"{'  ' * indented}{rows.more}", style="dim")
    blank = [""] * indented
    table = plain_table(*blank, *rows.titles)
    for row in rows.rows:
        cells = [Text(cell, style=STYLES.get(cell, "")) for cell in row[1:]]
        add_row(table, *blank, row[0], *cells)
    if rows.more:
        table.caption = rows.more
    first_number = len(blank) + rows.words
    for column in table.columns[len(blank) + 1 :]:
        parts = [*str(column.header).split(), *map(str, column.cells)]
        column.min_width = max(map(len, parts))
    for column in table.columns[first_number : len(table.columns) - rows.last_is_words]:
        column.justify = "right"
    return table


def plain_table(*titles: str) -> Table:
    """Return a table without lines, whose cells fold where the terminal is narrow."""
    table = Table(
        box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0), caption_justify="left"
    )
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def add_row(table: Table, *cells: str | Text) -> None:
    """Add a row of words as they are: a name in brackets is no markup."""
    table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in cells))
