"""The report as an HTML document to be read or printed, and what stands out as a piece of one."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence

from emblink.report._blocks import (
    Block,
    Findings,
    Heading,
    Paragraph,
    Points,
    blocks_of,
    first_blocks,
)
from emblink.report._tables import Rows
from emblink.types import Report
from emblink.wording import counted, visible

_STYLE = """
:root { color-scheme: light; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1.5rem; background: #fff; color: #1c1e22;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; padding-top: .6rem; border-top: 1px solid #d8dbe0; }
p, ul, ol { margin: .6rem 0; max-width: 48rem; overflow-wrap: anywhere; }
li { margin: .35rem 0; }
small { display: block; color: #565c66; font-size: .85rem; }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .85rem; }
th, td { padding: .25rem .7rem .25rem 0; border-bottom: 1px solid #e4e6ea; text-align: left;
  vertical-align: top; }
th { color: #565c66; font-weight: 600; white-space: nowrap; }
figure { margin: 1.2rem 0; break-inside: avoid; }
figure svg { max-width: 100%; height: auto; }
figcaption { color: #565c66; font-size: .85rem; max-width: 48rem; overflow-wrap: anywhere; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
@page { margin: 16mm; }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10pt; }
  .wide { overflow: visible; }
  table { font-size: 8pt; }
  h2 { break-after: avoid; }
  tr, li { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""


def escape(words: str) -> str:
    """Write words that others wrote, so that HTML shows them as they are."""
    return html.escape(visible(words))


def as_html(
    report: Report,
    *,
    title: str = "",
    version: str = "",
    figures: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> str:
    """Return the report as an HTML document, in the order of the Markdown one.

    Parameters
    ----------
    report : Report
    title : str
        Of the bundle.
    version : str
        Of Emblink.
    figures : mapping of heading to sequence of (svg, caption), optional
        Drawn where the first sentences under that heading end.

    Returns
    -------
    str
        Light, ready to be printed, without scripts or anything fetched.
    """
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    body = "\n".join(_body(report, figures or {}))
    name = f"{escape(title)} · " if title else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}" />\n'
        f'<meta name="generator" content="Emblink {escape(version)}" />\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        f"<title>{name}Emblink report</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _body(report: Report, figures: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[str]:
    waiting: Sequence[tuple[str, str]] = ()
    for block in blocks_of(report):
        if not isinstance(block, Paragraph):
            yield from _figures(waiting)
            waiting = ()
        yield from _lines(block)
        if isinstance(block, Heading):
            waiting = figures.get(block.words, ())
    yield from _figures(waiting)


def _figures(figures: Sequence[tuple[str, str]]) -> Iterator[str]:
    for svg, caption in figures:
        yield f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>"


def findings_as_html(report: Report, *, title: str = "", still: str = "") -> str:
    """Return what stands out as a piece of HTML, for where no page can run.

    Parameters
    ----------
    report : Report
    title : str
        Of the bundle.
    still : str
        A small picture, as SVG.

    Returns
    -------
    str
    """
    sizes = counted(report["n_items"], "item"), counted(len(report["spaces"]), "space")
    head = f"<p><strong>{escape(title)}</strong> · {sizes[0]}, {sizes[1]}</p>"
    blocks = first_blocks(report) if report["pairs"] else iter(())
    lines = (line for block in blocks for line in _lines(block, lowest=4))
    return f"<div>{head}{still}{''.join(lines)}</div>"


def _lines(block: Block, *, lowest: int = 1) -> Iterator[str]:
    match block:
        case Heading(words, level):
            tag = f"h{max(level, lowest)}"
            yield f"<{tag}>{escape(words)}</{tag}>"
        case Paragraph(words, strong):
            yield (
                f"<p><strong>{escape(words)}</strong></p>" if strong else f"<p>{escape(words)}</p>"
            )
        case Points(points):
            yield "<ul>"
            for first, words in points:
                yield f"<li>{_strong(first)} {escape(words)}</li>"
            yield "</ul>"
        case Findings(findings):
            yield "<ol>"
            for sentence, known, example in findings:
                small = "".join(f"<small>{escape(one)}</small>" for one in (known, example) if one)
                yield f"<li>{_strong(sentence)} {small}</li>"
            yield "</ol>"
        case Rows():
            yield from _table(block)


def _strong(words: str) -> str:
    return f"<strong>{escape(words)}</strong>" if words else ""


def _table(rows: Rows) -> Iterator[str]:
    last = len(rows.titles) - rows.last_is_words
    kinds = [' class="n"' if rows.words <= at < last else "" for at in range(len(rows.titles))]

    def row(tag: str, cells: Iterator[str]) -> str:
        pairs = zip(kinds, cells, strict=True)
        return f"<tr>{''.join(f'<{tag}{kind}>{escape(cell)}</{tag}>' for kind, cell in pairs)}</tr>"

    if rows.rows:
        yield '<div class="wide"><table>'
        yield f"<thead>{row('th', iter(rows.titles))}</thead><tbody>"
        yield from (row("td", iter(cells)) for cells in rows.rows)
        yield "</tbody></table></div>"
    if rows.more:
        yield f"<p><small>{escape(rows.more)}.</small></p>"
