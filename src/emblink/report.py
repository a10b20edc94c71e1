"""A report in words and tables: for a terminal, for a document, for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from emblink.load import FileFacts, VectorFacts
from emblink.measures import percent
from emblink.types import LabelReport, PairReport, Report

MOST_LABELS = 10
MOST_COLUMNS = 20
NO_PAIRS = "No pair was compared; give two spaces or more to learn what changed."

PAIR_TITLES = (
    "pair", "verdict", "common", "only A", "only B", "overlap", "chance", "floor", "CKA",
    "Procrustes",
)  # fmt: skip
LABEL_TITLES = ("label", "n", "purity A", "purity B", "change", "95 %", "overlap", "verdict")

_STYLES = {
    "identical": "green",
    "within_noise": "green",
    "changed": "yellow",
    "unrelated": "red",
    "misaligned": "red",
    "better": "green",
    "worse": "red",
    "same": "dim",
    "too_few": "dim",
}


def as_json(report: Report) -> str:
    """Return the report as JSON, schema ``emblink.report/1``.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
    """
    return json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


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
    parts: list[RenderableType] = [_space_table(report), *map(Text, report["notes"]), Text()]
    parts.append(_pair_table(report) if report["pairs"] else Text(NO_PAIRS))
    few = len(report["pairs"]) <= 3
    for pair in report["pairs"]:
        parts.append(Text())
        parts.append(_headline(pair))
        parts += [Text(f"  ! {warning}", style="yellow") for warning in pair["warnings"]]
        if few and pair["labels"]:
            parts.append(_label_table(pair["labels"]))
    return Group(*parts)


def as_markdown(report: Report) -> str:
    """Return the report as a Markdown document.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
    """
    return "\n".join(_markdown(report)) + "\n"


def facts_as_terminal(facts: FileFacts) -> RenderableType:
    """Return what is inside a file, for a terminal.

    Parameters
    ----------
    facts : FileFacts

    Returns
    -------
    RenderableType
        Of rich.
    """
    heading = f"{facts.path}  {facts.format}, {_size(facts.n_bytes)}"
    parts: list[RenderableType] = [Text(heading, style="bold")]
    parts.append(_column_table(facts))
    for one in facts.ids:
        state = f"cannot be used: {one.problem}" if one.problem else f"{one.n_rows:,} unique"
        parts.append(Text(f"ids: {one.name}, {state}, e.g. {one.sample}"))
    if not facts.ids:
        parts.append(Text("ids: none found; name the column with --id, or give --ids NAME=FILE"))
    if facts.vectors:
        parts.append(Text())
        parts.append(_vector_table(facts.vectors))
    parts += [
        Text(f"{one.name}: {one.problem}", style="yellow") for one in facts.vectors if one.problem
    ]
    return Group(*parts)


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.1f} MB" if n_bytes >= 1e5 else f"{max(n_bytes / 1e3, 0.1):.1f} kB"


def _column_table(facts: FileFacts) -> Table:
    table = _table(facts.noun, "kind", "dtype", "shape")
    for column in facts.columns[:MOST_COLUMNS]:
        shape = " × ".join("?" if n < 0 else f"{n:,}" for n in column.shape)
        _add(table, column.name, column.kind, column.dtype, shape)
    if len(facts.columns) > MOST_COLUMNS:
        table.caption = f"{len(facts.columns) - MOST_COLUMNS} more"
    return table


def _vector_table(vectors: tuple[VectorFacts, ...]) -> Table:
    table = _table(
        "vectors", "rows", "dims", "NaN", "inf", "zero", "duplicates", "norms: least, median, most"
    )
    for one in vectors:
        norms = ""
        if one.norms:
            least, _, median, _, most = one.norms
            norms = f"{least:.4g}, {median:.4g}, {most:.4g}" + (" (unit)" if one.unit_norm else "")
        counts = (one.n_rows, one.n_dims, one.nan_rows, one.inf_rows, one.zero_rows)
        _add(table, one.name, *(f"{n:,}" for n in (*counts, one.duplicate_rows)), norms)
    for column in table.columns[1:7]:
        column.justify = "right"
    return table


def _headline(pair: PairReport) -> Text:
    text = Text()
    text.append(f"{pair['a']} → {pair['b']}  ", style="bold")
    text.append(pair["sentence"], style=_STYLES[pair["verdict"]])
    return text


def _space_table(report: Report) -> Table:
    table = _table("space", "items", "dims", "of all items", "matched by", "from")
    for space in report["spaces"]:
        _add(
            table,
            space["name"],
            f"{space['n_items']:,}",
            f"{space['n_dims']:,}",
            percent(space["coverage"]),
            "id" if space["matched_by"] == "id" else "row position",
            space["source"],
        )
    table.columns[1].justify = table.columns[2].justify = table.columns[3].justify = "right"
    return table


def _pair_table(report: Report) -> Table:
    table = _table(*PAIR_TITLES)
    for pair in report["pairs"]:
        name, verdict, *numbers = _pair_cells(pair)
        _add(table, name, Text(verdict, style=_STYLES[pair["verdict"]]), *numbers)
    return _numeric(table, since=2)


def _pair_cells(pair: PairReport) -> list[str]:
    overlap = pair["scores"]["neighborhood_overlap"]
    return [
        f"{pair['a']} → {pair['b']}",
        pair["verdict"].replace("_", " "),
        f"{pair['n_common']:,}",
        f"{pair['only_a']:,}",
        f"{pair['only_b']:,}",
        f"{overlap['value']:.3f}",
        f"{overlap.get('hub_chance', 0.0):.3f}",
        f"{overlap['noise_floor']:.3f}" if "noise_floor" in overlap else "",
        f"{pair['scores']['linear_cka']['value']:.3f}",
        f"{pair['scores']['procrustes_similarity']['value']:.3f}",
    ]


def _label_table(labels: list[LabelReport]) -> Table:
    table = _table("", *LABEL_TITLES)  # the empty column indents
    for label in _most_changed(labels):
        *cells, verdict = _label_cells(label)
        _add(table, "", *cells, Text(verdict, style=_STYLES[label["verdict"]]))
    if len(labels) > MOST_LABELS:
        table.caption = f"{len(labels) - MOST_LABELS} more labels in the page and in --json"
    _numeric(table, since=2).columns[-1].justify = "left"
    return table


def _most_changed(labels: list[LabelReport]) -> list[LabelReport]:
    claimed = sorted(labels, key=lambda one: (one["verdict"] == "too_few", -abs(one["delta"])))
    return claimed[:MOST_LABELS]


def _label_cells(label: LabelReport) -> list[str]:
    low_high = label.get("interval")
    return [
        label["label"],
        f"{label['n']:,}",
        f"{label['purity_a']:.3f}",
        f"{label['purity_b']:.3f}",
        f"{label['delta']:+.3f}",
        f"{low_high[0]:+.3f} … {low_high[1]:+.3f}" if low_high else "",
        f"{label['overlap']:.3f}",
        label["verdict"].replace("_", " "),
    ]


def _table(*titles: str) -> Table:
    table = Table(
        box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0), caption_justify="left"
    )
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def _add(table: Table, *cells: str | Text) -> None:
    """Add a row of words as they are: a name in brackets is no markup."""
    table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in cells))


def _numeric(table: Table, *, since: int) -> Table:
    """Keep numbers and verdicts whole in a narrow terminal, where only names fold."""
    for column in table.columns[since - 1 :]:
        parts = [*str(column.header).split(), *map(str, column.cells)]
        column.min_width = 0 if column.header == "label" else max(map(len, parts))
    for column in table.columns[since:]:
        column.justify = "right"
    return table


def _markdown(report: Report) -> Iterator[str]:
    yield "# Comparison of embedding spaces"
    yield ""
    yield f"{report['n_items']:,} items, {len(report['spaces'])} spaces, seed {report['seed']}."
    yield ""
    for note in report["notes"]:
        yield f"- {note}"
    yield ""
    if not report["pairs"]:
        yield NO_PAIRS
        return
    yield _row(list(PAIR_TITLES))
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for pair in report["pairs"]:
        yield _row(_pair_cells(pair))
    for pair in report["pairs"]:
        yield ""
        yield f"## {_escaped(pair['a'])} → {_escaped(pair['b'])}"
        yield ""
        yield _escaped(pair["sentence"])
        yield ""
        for warning in pair["warnings"]:
            yield f"- **Warning:** {_escaped(warning)}"
        if pair["labels"]:
            yield _row(list(LABEL_TITLES))
            yield "|---|--:|--:|--:|--:|--:|--:|---|"
            for label in _most_changed(pair["labels"]):
                yield _row(_label_cells(label))


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(words: str) -> str:
    return words.replace("|", "\\|")
