"""The report as a Markdown document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from emblink.report._blocks import Block, Findings, Heading, Paragraph, Points, blocks_of
from emblink.report._tables import Rows
from emblink.types import Report
from emblink.wording import markdown


def as_markdown(report: Report) -> str:
    """Return the report as a Markdown document.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
    """
    return "\n\n".join("\n".join(_lines(block)) for block in blocks_of(report)) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(words, level):
            yield f"{'#' * level} {markdown(words)}"
        case Paragraph(words, strong):
            yield f"**{markdown(words)}**" if strong else markdown(words)
        case Points(points):
            for first, words in points:
                yield (
                    f"- **{markdown(first)}** {markdown(words)}"
                    if first
                    else f"- {markdown(words)}"
                )
        case Findings(findings):
            for at, (sentence, known, example) in enumerate(findings, 1):
                yield f"{at}. **{markdown(sentence)}** {markdown(known)}"
                if example:
                    yield f"   {markdown(example)}"
        case Rows():
            yield from _table(block)


def _table(rows: Rows) -> Iterator[str]:
    if rows.rows:
        last = len(rows.titles) - rows.last_is_words
        yield _row(rows.titles)
        marks = ("--:" if rows.words <= at < last else "---" for at in range(len(rows.titles)))
        yield f"|{'|'.join(marks)}|"
        yield from map(_row, rows.rows)
    if rows.more:
        yield from [""] if rows.rows else []
        yield f"{markdown(rows.more)}."


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(markdown, cells))} |"
