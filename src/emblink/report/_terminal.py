"""The report for a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from emblink.report._tables import (
    Rows,
    label_pair_rows,
    label_rows,
    pair_rows,
    picture_rows,
    score_rows,
    step_rows,
)
from emblink.report._words import NO_PAIRS, coverage, matched, moves_words
from emblink.types import PairReport, Report

MOST_DETAILED = 3
"""Of more pairs, the scores and labels are left to the page, --markdown and --json."""

MOST_WARNINGS = 4
"""About the spaces: of a sequence, each says much the same."""

_STYLES = {
    "identical": "green",
    "within noise": "green",
    "changed": "yellow",
    "unrelated": "red",
    "misaligned": "red",
    "labels only": "dim",
    "better": "green",
    "worse": "red",
    "drawn together": "yellow",
    "pushed apart": "yellow",
    "same": "dim",
    "too few": "dim",
}


def as_terminal(report: Report) -> RenderableType:
    """Return the report for a terminal.

    Parameters
    ----------
    report : Report

    Returns
    -------
    RenderableType
        Of rich.
    """
    parts: list[RenderableType] = [_space_table(report), *map(Text, report["notes"])]
    warnings = [warning for space in report["spaces"] for warning in space["warnings"]]
    parts += [Text(f"! {warning}", style="yellow") for warning in warnings[:MOST_WARNINGS]]
    if len(warnings) > MOST_WARNINGS:
        more = f"! {len(warnings) - MOST_WARNINGS} more like these in the page and in --json"
        parts.append(Text(more, style="yellow"))
    parts.append(Text())
    parts.append(_table(pair_rows(report)) if report["pairs"] else Text(NO_PAIRS))
    for rows in (step_rows(report), picture_rows(report)):
        if rows is not None:
            parts += [Text(), _table(rows)]
    for pair in report["pairs"]:
        parts += _of_pair(pair, in_detail=len(report["pairs"]) <= MOST_DETAILED)
    return Group(*parts)


def _of_pair(pair: PairReport, *, in_detail: bool) -> list[RenderableType]:
    headline = Text()
    headline.append(f"{pair['a']} → {pair['b']}  ", style="bold")
    headline.append(pair["sentence"], style=_STYLES[pair["verdict"].replace("_", " ")])
    parts: list[RenderableType] = [Text(), headline]
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
    return parts


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


def _table(rows: Rows, *, indented: bool = False) -> Table:
    """Lay out a table whose numbers and verdicts stay whole in a narrow terminal."""
    blank = [""] * indented
    table = plain_table(*blank, *rows.titles)
    for row in rows.rows:
        cells = [Text(cell, style=_STYLES.get(cell, "")) for cell in row[1:]]
        add_row(table, *blank, row[0], *cells)
    if rows.more:
        table.caption = rows.more
    first_number = len(blank) + rows.words
    for column in table.columns[len(blank) + 1 :]:
        parts = [*str(column.header).split(), *map(str, column.cells)]
        column.min_width = max(map(len, parts))
    for column in table.columns[first_number : len(table.columns) - rows.last_is_verdict]:
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
