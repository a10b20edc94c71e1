"""``emblink adapter``: whether a linear map saves embedding everything anew."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from emblink._options import DropBad, ItemId, Items, Label, Vector
from emblink._query_options import Qrels, Queries, QueryItems, given_queries
from emblink._terminal import Visible, console, note, shown_progress

if TYPE_CHECKING:
    from rich.table import Table

    from emblink.types import AdapterReport, AdapterRoute

_SAID = {
    "as they are": "old vectors as they are",
    "rotation": "old vectors, rotated",
    "mapped queries": "old vectors, new queries through a linear map",
    "linear map": "old vectors through a linear map, new queries",
    "old model": "the old model, queries and all",
}


def adapter(
    sources: Annotated[
        list[str],
        typer.Argument(help="OLD and NEW: PATH, NAME=PATH or NAME=PATH::KEY.", metavar="OLD NEW"),
    ],
    learn: Annotated[
        int, typer.Option(help="Items that the map is learnt of, at most.", min=50)
    ] = 20_000,
    queries: Queries = None,
    query_items: QueryItems = None,
    qrels: Qrels = None,
    items: Items = None,
    item_id: ItemId = None,
    label: Label = None,
    vector: Vector = None,
    metric: Annotated[str, typer.Option(help="cosine or euclidean.")] = "cosine",
    seed: Annotated[int, typer.Option(help="Of every random choice.", min=0)] = 0,
    drop_bad: DropBad = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")] = False,
) -> None:
    """Say how well old vectors serve a new model's queries once a linear map brings them over."""
    from emblink import adapter as adapters
    from emblink.load import load_queries, load_spaces

    with shown_progress() as progress:
        space_set = load_spaces(
            sources,
            items=items,
            id=item_id,
            label=label,
            vector=vector,
            metric=metric,  # type: ignore[arg-type]
            on_bad="drop" if drop_bad else "error",
            progress=partial(progress, "reading files"),
        )
        asked = load_queries(
            given_queries(queries),
            space_set,
            items=query_items,
            qrels=qrels,
            on_bad="drop" if drop_bad else "error",
            seed=seed,
        )
        found = adapters.adapter(
            space_set,
            queries=asked,
            learnt=learn,
            seed=seed,
            progress=partial(progress, "maps"),
        )
    for one in (*space_set.notes, *(asked.notes if asked else ())):
        note(one)
    if as_json:
        typer.echo(adapters.as_json(found), nl=False)
    else:
        from rich.text import Text

        out = console()
        out.print(Visible(Text(found["sentence"])), soft_wrap=True)
        out.print(Visible(_table(found)), crop=False)
        for one in found["notes"]:
            out.print(Visible(Text(f"! {one}", style="yellow")), soft_wrap=True)


def _table(found: AdapterReport) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("answered from")
    heads = ["of 10 answers", "95 %", "first answers"]
    heads += ["nDCG", "change, 95 %"] if "ndcg" in found["routes"][0] else []
    for name in heads:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("who pays")
    for one in found["routes"]:
        table.add_row(_SAID[one["name"]], *_numbers(one), _pays(one))
    return table


def _numbers(one: AdapterRoute) -> list[str]:
    from emblink.wording import exactly

    low, high = one["interval"]
    told = [f"{10 * one['kept']:.2f}", f"{10 * low:.2f} to {10 * high:.2f}", exactly(one["first"])]
    if "ndcg" in one:
        low, high = one["ndcg_interval"]
        told += [f"{one['ndcg']:.3f}", f"{low:+.3f} to {high:+.3f}"]
    return told


def _pays(one: AdapterRoute) -> str:
    from emblink.wording import adapter_payer

    if "pays" not in one:
        return ""
    return f"{adapter_payer(one['pays'])}: {10 * one['pays']['kept']:.1f}"
