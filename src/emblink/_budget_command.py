"""``emblink budget``: how small vectors may become."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from emblink._options import DropBad, ItemId, Items, Label, Vector
from emblink._terminal import Visible, console, note, say, shown_progress

if TYPE_CHECKING:
    from rich.table import Table

    from emblink.budget import Budget


def budget(
    source: Annotated[str, typer.Argument(help="PATH, or PATH::KEY for one array or column.")],
    allow: Annotated[
        str, typer.Option(help="Share of neighbours that must be kept: 0.98, 98%, 'recall 0.98'.")
    ] = "0.9",
    items: Items = None,
    item_id: ItemId = None,
    label: Label = None,
    vector: Vector = None,
    metric: Annotated[str, typer.Option(help="cosine or euclidean.")] = "cosine",
    seed: Annotated[int, typer.Option(help="Of every random choice.", min=0)] = 0,
    drop_bad: DropBad = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")] = False,
) -> None:
    """Say how small vectors may become: fewer dims and bits, and what each keeps of a search.

    Exits with 1 where no setting keeps as much as is asked.
    """
    from rich.text import Text

    from emblink import budget as budgets
    from emblink.load import load_spaces

    allowed = budgets.read_allowed(allow)
    with shown_progress() as progress:
        space_set = load_spaces(
            [source],
            items=items,
            id=item_id,
            label=label,
            vector=vector,
            metric=metric,  # type: ignore[arg-type]
            on_bad="drop" if drop_bad else "error",
            progress=partial(progress, "reading files"),
        )
        found = budgets.budget(
            space_set, allowed=allowed, seed=seed, progress=partial(progress, "settings")
        )
    for one in space_set.notes:
        note(one)
    if as_json:
        typer.echo(budgets.as_json(found), nl=False)
    else:
        out = console()
        out.print(Visible(_headline(found)), soft_wrap=True)
        out.print(Visible(_table(found)), crop=False)
        for one in found.notes:
            out.print(Visible(Text(f"! {one}", style="yellow")), soft_wrap=True)
        _say_variant(found, source)
    raise typer.Exit(0 if found.chosen is not None else 1)


def _headline(found: Budget) -> str:
    from emblink.wording import percent

    asked = f"{found.n_asked:,} of {found.n_items:,} items asked"
    if found.chosen is None:
        wanted = f"{percent(found.allowed)} of the 10 nearest neighbours"
        return f"No setting surely keeps {wanted}; {asked}."
    best, full = found.settings[found.chosen], found.settings[0]
    smaller = full.bytes_per_vector / best.bytes_per_vector
    size = "no smaller" if smaller == 1 else f"{smaller:,.3g} times smaller"
    return (
        f"{best.name[0].upper()}{best.name[1:]}: {best.bytes_per_vector:,} bytes a vector, {size}, "
        f"with {percent(best.kept)} of the 10 nearest neighbours kept "
        f"({percent(found.allowed)} asked; {asked})."
    )


def _table(found: Budget) -> Table:
    from rich.table import Table

    from emblink.wording import exactly, quoted

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("setting", no_wrap=True)
    for name in ("bytes", "MB in all", "kept", "95 %"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("who pays")
    for at, one in enumerate(found.settings):
        low, high = one.interval
        pays = f"{quoted(one.pays[0])} −{exactly(one.pays[1])}" if one.pays else ""
        table.add_row(
            "→" if at == found.chosen else "",
            one.name,
            f"{one.bytes_per_vector:,}",
            f"{one.index_bytes / 1e6:,.1f}",
            f"{one.kept:.3f}",
            f"{low:.3f} to {high:.3f}",
            pays,
            style="bold" if at == found.chosen else "",
        )
    return table


def _say_variant(found: Budget, source: str) -> None:
    steps = found.settings[found.chosen].steps if found.chosen is not None else ""
    if steps:
        say(f"\nSee what it changes: emblink compare x={source} --variant 'x|{steps}'")
