"""The report as a Markdown document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from emblink.report._findings import (
    answers,
    findings_of,
    judged_pairs,
    nothing_words,
    where,
)
from emblink.report._groups import group_rows, search_words, timeline_rows, unchanging_words
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
from emblink.types import FindingReport, PairReport, Report


def as_markdown(report: Report) -> str:
    """Return the report as a Markdown document.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
    """
    return "\n".join(_document(report)) + "\n"


def _document(report: Report) -> Iterator[str]:
    yield "# Comparison of embedding spaces"
    yield ""
    yield f"{report['n_items']:,} items, {len(report['spaces'])} spaces, seed {report['seed']}."
    yield ""
    if report["pairs"]:
        yield from _first(report)
    yield from (f"- {note}" for note in report["notes"])
    yield ""
    yield from _table(_space_rows(report))
    yield ""
    for space in report["spaces"]:
        yield from (f"- **Warning:** {_escaped(warning)}" for warning in space["warnings"])
    yield ""
    if not report["pairs"]:
        yield NO_PAIRS
        return
    yield from _table(pair_rows(report))
    for rows in (step_rows(report), picture_rows(report)):
        if rows is not None:
            yield ""
            yield from _table(rows)
    for pair in report["pairs"]:
        yield from _of_pair(pair, several=len(report["pairs"]) > 1)
    yield from _over_pairs(report)


def _first(report: Report) -> Iterator[str]:
    """Say what to do about each pair, and what stands out of all."""
    yield from (f"- **{_escaped(name)}:** {_escaped(said)}" for name, said in answers(report))
    yield ""
    yield "## What stands out"
    yield ""
    found = findings_of(report)
    if not found:
        yield _escaped(nothing_words(report))
    several = len(judged_pairs(report)) > 1
    for at, one in enumerate(found, 1):
        yield from _finding(at, one, several=several)
    yield ""
    yield "## The numbers"
    yield ""


def _finding(at: int, finding: FindingReport, *, several: bool) -> Iterator[str]:
    place = f" ({_escaped(where(finding))})" if several else ""
    yield f"{at}. **{_escaped(finding['sentence'])}** {_escaped(finding['how_sure'])}{place}"
    if "example" in finding:
        yield f"   E.g. {_escaped(finding['example'])}."


def _of_pair(pair: PairReport, *, several: bool) -> Iterator[str]:
    yield ""
    yield f"## {_escaped(pair['a'])} → {_escaped(pair['b'])}"
    yield ""
    yield f"**{_escaped(pair['answer'])}**"
    yield ""
    yield _escaped(pair["sentence"])
    yield ""
    if several and pair.get("findings"):
        yield from (
            line
            for at, one in enumerate(pair["findings"], 1)
            for line in _finding(at, one, several=False)
        )
        yield ""
    elif several and "nothing" in pair:
        yield _escaped(pair["nothing"])
        yield ""
    if moves := moves_words(pair):
        yield _escaped(f"{moves[0].upper()}{moves[1:]}.")
        yield ""
    yield from (f"- **Warning:** {_escaped(warning)}" for warning in pair["warnings"])
    for rows, known in (
        (score_rows, bool(pair["scores"])),
        (label_rows, bool(pair["labels"])),
        (label_pair_rows, bool(pair["n_label_pairs"])),
    ):
        if known:
            yield ""
            yield from _table(rows(pair))
    for words in search_words(pair):
        yield ""
        yield _escaped(words)
    if groups := group_rows(pair):
        yield ""
        yield from _table(groups)


def _over_pairs(report: Report) -> Iterator[str]:
    lines, steady = timeline_rows(report), unchanging_words(report)
    if lines or steady:
        yield ""
        yield "## All pairs"
    if lines:
        yield ""
        yield from _table(lines)
    if steady:
        yield ""
        yield _escaped(steady)


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


def _table(rows: Rows) -> Iterator[str]:
    last = len(rows.titles) - rows.last_is_words
    yield _row(rows.titles)
    marks = ("--:" if rows.words <= place < last else "---" for place in range(len(rows.titles)))
    yield f"|{'|'.join(marks)}|"
    yield from map(_row, rows.rows)
    if rows.more:
        yield ""
        yield f"{rows.more}."


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(words: str) -> str:
    return words.replace("|", "\\|")
