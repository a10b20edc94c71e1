"""``emblink adapter``: whether a linear map saves embedding everything anew."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from emblink._options import DropBad, ItemId, Items, Label, Vector
from emblink._terminal import Visible, console, note, shown_progress

if TYPE_CHECKING:
    from rich.table import Table

    from emblink.adapter import Adapter

_SAID = {
    "as they are": "old vectors as they are",
    "rotation": "old vectors, rotated",
    "linear map": "old vectors through a linear map",
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
    from emblink.load import load_spaces

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
        found = adapters.adapter(
            space_set, learnt=learn, seed=seed, progress=partial(progress, "maps")
        )
    for one in space_set.notes:
        note(one)
    if as_json:
        typer.echo(adapters.as_json(found), nl=False)
    else:
        out = console()
        out.print(Visible(_headline(found)), soft_wrap=True)
        out.print(Visible(_table(found)), crop=False)


def _headline(found: Adapter) -> str:
    from emblink.wording import percent, quoted

    mapped, old = found.routes[-2], found.routes[-1]
    pays = ""
    if mapped.pays:
        pays = f" {quoted(mapped.pays[0])} pays: {10 * mapped.pays[1]:.1f} of 10."
    return (
        f"New queries find {10 * mapped.kept:.1f} of their 10 answers among old vectors that a "
        f"linear map brings over, and {percent(mapped.first)} of first answers; the old model gave "
        f"{10 * old.kept:.1f}.{pays} The map was learnt of {found.n_learnt:,} items; "
        f"{found.n_asked:,} of {found.n_items:,} asked."
    )


def _table(found: Adapter) -> Table:
    from rich.table import Table

    from emblink.wording import exactly, quoted

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("answered from")
    for name in ("of 10 answers", "95 %", "first answers"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("who pays")
    for one in found.routes:
        low, high = one.interval
        table.add_row(
            _SAID[one.name],
            f"{10 * one.kept:.2f}",
            f"{10 * low:.2f} to {10 * high:.2f}",
            exactly(one.first),
            f"{quoted(one.pays[0])} {10 * one.pays[1]:.1f}" if one.pays else "",
        )
    return table
