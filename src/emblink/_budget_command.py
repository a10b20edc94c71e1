"""``emblink budget``: how small vectors may become."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from emblink._options import DropBad, ItemId, Items, Label, Text, Vector
from emblink._query_options import Qrels, QueryItems
from emblink._terminal import Visible, console, note, say, see_it, shown_progress

if TYPE_CHECKING:
    from emblink.pipeline import StepProgress
    from emblink.types import BudgetReport, QuerySet, SpaceSet


def budget(
    source: Annotated[str, typer.Argument(help="PATH, or PATH::KEY for one array or column.")],
    allow: Annotated[
        str, typer.Option(help="What must be kept: 0.98, 98%, 'recall 0.98' or 'nDCG 0.99'.")
    ] = "0.9",
    queries: Annotated[
        str | None,
        typer.Option(
            "--queries",
            help="Vectors of queries: PATH or PATH::KEY; or 'items', a number of items, or a share "
            "of them.",
        ),
    ] = None,
    query_items: QueryItems = None,
    qrels: Qrels = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Directory of a bundle of the settings worth a look."),
    ] = None,
    figure: Annotated[
        Path | None, typer.Option(help="Draw what is kept by size: a file in .svg or .png.")
    ] = None,
    items: Items = None,
    item_id: ItemId = None,
    label: Label = None,
    text: Text = None,
    vector: Vector = None,
    metric: Annotated[str, typer.Option(help="cosine or euclidean.")] = "cosine",
    seed: Annotated[int, typer.Option(help="Of every random choice.", min=0)] = 0,
    drop_bad: DropBad = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a figure that Emblink did not write.")
    ] = False,
) -> None:
    """Say how small vectors may become: fewer dims and bits, and what each keeps of a search.

    Exits with 1 where nothing smaller keeps as much as is asked.
    """
    from emblink import budget as budgets
    from emblink.load import load_queries, load_spaces

    allowed = budgets.read_allowed(allow)
    on_bad = "drop" if drop_bad else "error"
    with shown_progress() as progress:
        space_set = load_spaces(
            [source],
            items=items,
            id=item_id,
            label=label,
            text=text,
            vector=vector,
            metric=metric,  # type: ignore[arg-type]
            on_bad=on_bad,  # type: ignore[arg-type]
            progress=partial(progress, "reading files"),
        )
        asked = load_queries(
            _queries_of(queries, space_set),
            space_set,
            items=query_items,
            qrels=qrels,
            on_bad=on_bad,  # type: ignore[arg-type]
            seed=seed,
        )
        found = budgets.budget(
            space_set,
            allowed=allowed,
            queries=asked,
            seed=seed,
            progress=partial(progress, "settings"),
        )
        if figure is not None:
            _draw(found, figure, force=force)
        if out is not None:
            _keep(found, space_set, asked, out=out, seed=seed, progress=progress)
    for one in (*space_set.notes, *(asked.notes if asked else ())):
        note(one)
    if as_json:
        typer.echo(budgets.as_json(found), nl=False)
    else:
        _print(found, source)
        for path in (figure, out):
            if path is not None:
                say(see_it(path) if path is out else f"\nDrawn: {path}")
    chosen = found["chosen"]
    smaller = chosen is not None and found["settings"][chosen]["name"] != "as they are"
    raise typer.Exit(0 if smaller else 1)


def _queries_of(given: str | None, space_set: SpaceSet) -> dict[str, str] | str | None:
    """Read which queries are given: those of the one space need not name it."""
    if given is None or len(space_set.spaces) != 1:
        return None
    (name,) = space_set.spaces
    named, equals, path = given.partition("=")
    if equals and named == name and not Path(given).exists():
        return {name: path}
    word = given.strip()
    if word == "items" or word.replace(".", "", 1).isdigit():
        return word
    return {name: given}


def _keep(
    found: BudgetReport,
    space_set: SpaceSet,
    asked: QuerySet | None,
    *,
    out: Path,
    seed: int,
    progress: StepProgress,
) -> None:
    from emblink.budget import in_bundle
    from emblink.pipeline import build

    with_rungs, queries, shown = in_bundle(space_set, found, asked)
    build(
        with_rungs,
        out=out,
        reference=found["space"] if len(with_rungs.spaces) > 1 else None,
        seed=seed,
        title=out.stem,
        progress=progress,
        notice=note,
        queries=queries,
        budget=shown,
    )


def _draw(found: BudgetReport, path: Path, *, force: bool) -> None:
    from emblink.export import write_file
    from emblink.plot import budget_figure

    write_file(path, budget_figure(found).data(path), force=force)


def _print(found: BudgetReport, source: str) -> None:
    from rich.text import Text as Styled

    from emblink.report import budget_as_terminal

    out = console()
    out.print(Visible(Styled(found["sentence"])), soft_wrap=True)
    out.print(Visible(budget_as_terminal(found)), crop=False)
    for one in found["notes"]:
        out.print(Visible(Styled(f"! {one}", style="yellow")), soft_wrap=True)
    steps = found["settings"][found["chosen"]]["steps"] if found["chosen"] is not None else ""
    if steps:
        say(f"\nSee what it changes: emblink compare x={source} --variant 'x|{steps}'")
