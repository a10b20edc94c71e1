"""``emblink populations``: two or more sets of items in one space."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from emblink._options import DropBad, ItemId, Items, Json, Label, Text, Vector
from emblink._terminal import Visible, console, note, say, see_it, shown_progress

if TYPE_CHECKING:
    from rich.table import Table

    from emblink.types import PopulationPair, PopulationsReport, SpaceSet

MOST_FINDINGS = 8
MOST_LABELS = 8


def populations(
    sources: Annotated[
        list[str], typer.Argument(help="NAME=PATH or NAME=PATH::KEY of each, in order.")
    ],
    items: Items = None,
    item_id: ItemId = None,
    label: Label = None,
    text: Text = None,
    vector: Vector = None,
    metric: Annotated[str, typer.Option(help="cosine or euclidean.")] = "cosine",
    blocks: Annotated[
        str | None, typer.Option(help="Column within whose values sides are exchangeable.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of every random choice.", min=0)] = 0,
    drop_bad: DropBad = False,
    out: Annotated[
        Path | None, typer.Option(help="Write a bundle for `emblink open` and `emblink gate`.")
    ] = None,
    as_json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Write it as Markdown.")] = False,
) -> None:
    """Say whether sets of items in one space are one population: what is new, gone, more or less.

    Months, languages, text and image of one model, training and production. For the same items in
    the spaces of two models: `emblink compare`.
    """
    from emblink import population as rooms
    from emblink.load import load_spaces

    with shown_progress() as progress:
        sets: list[SpaceSet] = []
        for at, source in enumerate(sources):
            progress("reading files", at, len(sources))
            one = load_spaces(
                [source],
                items=items,
                id=item_id,
                label=label,
                text=text,
                vector=vector,
                metric=metric,  # type: ignore[arg-type]
                on_bad="drop" if drop_bad else "error",
            )
            sets.append(one)
        progress("reading files", len(sources), len(sources))
        found = rooms.compare_populations(sets, blocks=blocks, seed=seed, progress=progress)
        if out is not None:
            title = " and ".join(one.name for one in found.parts)
            rooms.write_bundle(found, out, title=title, progress=progress, notice=note)
    report = found.report()
    if as_json:
        typer.echo(rooms.as_json(report), nl=False)
        return
    print_populations(report, markdown=markdown)
    if out is not None and not markdown:
        say(see_it(out))


def print_populations(report: PopulationsReport, *, markdown: bool = False) -> None:
    """Print a report of populations."""
    from rich.text import Text as Words

    from emblink.population import as_markdown

    if markdown:
        typer.echo(as_markdown(report), nl=False)
        return

    out = console()
    line = partial(out.print, soft_wrap=True)
    for one in report["notes"]:
        note(one)
    for at, pair in enumerate(report["pairs"]):
        if at:
            line("")
        line(Visible(Words.assemble((_head(pair), "bold"), f"  {pair['sentence']}")))
        for warning in pair["warnings"]:
            line(Visible(Words(f"! {warning}", style="yellow")))
        for text in _findings(pair):
            line(Visible(Words(text)))
        if pair["labels"]:
            out.print(Visible(_labels(pair)), crop=False)
    if len(report["timeline"]) > 2:
        line("")
        out.print(Visible(_timeline(report)), crop=False)


def _head(pair: PopulationPair) -> str:
    from emblink.population import VERDICTS

    return f"{pair['a']} → {pair['b']}: {VERDICTS[pair['verdict']]}."


def _findings(pair: PopulationPair) -> Iterable[str]:
    found = pair["findings"]
    for one in found[:MOST_FINDINGS]:
        yield f"  {'•' if one['sure'] else '◦'} {one['sentence']} {one['how_sure']}"
    if (more := len(found) - MOST_FINDINGS) > 0:
        yield f"  {more:,} more: --markdown or --json"


def _labels(pair: PopulationPair) -> Table:
    from rich.table import Table

    from emblink.population import signed
    from emblink.wording import exactly, probability

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("  label")
    for name in (pair["a"], pair["b"], "change", "95 %", "p"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in pair["labels"][:MOST_LABELS]:
        low, high = one["interval"]
        table.add_row(
            f"  {one['label']}",
            exactly(one["share_a"]),
            exactly(one["share_b"]),
            signed(one["change"]),
            f"{signed(low)} to {signed(high)}",
            probability(one["p"]).removeprefix("p = "),
            style="bold" if "kind" in one else "",
        )
    return table


def _timeline(report: PopulationsReport) -> Table:
    from rich.table import Table

    from emblink.wording import percent

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("over all")
    for name in ("apart from the one before", "from the first", "groups"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in report["timeline"]:
        aparts = (one.get("apart_before"), one.get("apart_first"))
        shown = ["" if value is None else percent(max(0.0, value)) for value in aparts]
        table.add_row(one["name"], *shown, f"{len(one['told'])}")
    return table
