"""What is inside a file, in words and tables."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from emblink.load import FileFacts, VectorFacts
from emblink.report._terminal import add_row, plain_table

MOST_COLUMNS = 20
MOST_CHARACTERS = 60


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
        parts.append(Text(f"ids: {one.name}, {state}, e.g. {_line(one.sample)}"))
    if not facts.ids:
        parts.append(Text("ids: none found; name the column with --id, or give --ids NAME=FILE"))
    parts += [Text(sentence) for sentence in facts.plan]
    if facts.vectors:
        parts.append(Text())
        parts.append(_vector_table(facts.vectors))
    parts += [
        Text(f"{one.name}: {one.problem}", style="yellow") for one in facts.vectors if one.problem
    ]
    return Group(*parts)


def _line(sample: str) -> str:
    return sample if len(sample) <= MOST_CHARACTERS else sample[: MOST_CHARACTERS - 2] + " …"


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.1f} MB" if n_bytes >= 1e5 else f"{max(n_bytes / 1e3, 0.1):.1f} kB"


def _column_table(facts: FileFacts) -> Table:
    table = plain_table(facts.noun, "kind", "dtype", "shape")
    for column in facts.columns[:MOST_COLUMNS]:
        shape = " × ".join("?" if n < 0 else f"{n:,}" for n in column.shape)
        add_row(table, column.name, column.kind, column.dtype, shape)
    if len(facts.columns) > MOST_COLUMNS:
        table.caption = f"{len(facts.columns) - MOST_COLUMNS} more"
    return table


def _vector_table(vectors: tuple[VectorFacts, ...]) -> Table:
    table = plain_table(
        "vectors", "rows", "dims", "NaN", "inf", "zero", "duplicates", "norms: least, median, most"
    )
    for one in vectors:
        norms = ""
        if one.norms:
            least, _, median, _, most = one.norms
            norms = f"{least:.4g}, {median:.4g}, {most:.4g}" + (" (unit)" if one.unit_norm else "")
        counts = (one.n_rows, one.n_dims, one.nan_rows, one.inf_rows, one.zero_rows)
        add_row(table, one.name, *(f"{n:,}" for n in (*counts, one.duplicate_rows)), norms)
    for column in table.columns[1:7]:
        column.justify = "right"
    return table
