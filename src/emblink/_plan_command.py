"""``emblink plan``: what a comparison will do, how long, and how much memory and disk."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from emblink._options import Ids, ItemId, Items, Vector, named
from emblink._terminal import note, say
from emblink.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emblink.types import SpaceSet


def plan(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="PATH, NAME=PATH, or NAME=PATH::KEY, as for compare.", metavar="SPACE..."
        ),
    ],
    items: Items = None,
    item_id: ItemId = None,
    vector: Vector = None,
    ids: Ids = None,
    pairs: Annotated[str, typer.Option(help="all, reference or consecutive.")] = "all",
    reference: Annotated[
        str | None, typer.Option(help="Compare the others with this space.")
    ] = None,
    queries_sampled: Annotated[
        int | None, typer.Option(help="Items that are asked in spaces of more [20,000].")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")] = False,
) -> None:
    """Say what a comparison will do, how long it takes, and how much memory and disk.

    Reads no vectors; measures for two seconds how fast this machine is. Exits with 1 where the
    machine has too little memory.
    """
    from emblink.plans import plan as planned

    found = planned(
        sources,
        items=items,
        id=item_id,
        ids=named(ids, "--ids"),
        vector=vector,
        pairs=pairs,  # type: ignore[arg-type]
        reference=reference,
        queries_sampled=queries_sampled,
    )
    if as_json:
        import msgspec

        from emblink.wording import inert_json

        said = {**asdict(found), "seconds": found.seconds, "lines": found.lines()}
        typer.echo(inert_json(msgspec.json.format(msgspec.json.encode(said)).decode()))
    else:
        for line in found.lines():
            say(line)
    if not found.fits:
        raise typer.Exit(1)


def refuse_early(sources: Sequence[str], *, queries_sampled: int | None, alone: bool) -> None:
    """Refuse arrays that are too large for a comparison before any of them is read.

    Raises
    ------
    TooLargeError
        By what a ``.npy`` says of itself; other files are looked at once they are open.
    """
    from emblink.load import sizes
    from emblink.neighbors import check_affordable
    from emblink.pipeline import Sampling

    sampling = Sampling.of(queries_sampled)
    for source in sources:
        if source.endswith(".npy") and not set(source) & set("*?["):
            shapes: dict[str, tuple[int, int]] = {}
            with suppress(InputError):  # is said when all are read
                shapes = sizes([source])
            for shape in shapes.values():
                n_queries = sampling.first(shape[0])
                check_affordable(shape, n_queries=n_queries, alone=alone)


def head_long_run(
    space_set: SpaceSet,
    *,
    pairs: str,
    reference: str | None,
    queries_sampled: int | None,
) -> None:
    """Say beforehand what a run will do that takes longer than about a minute."""
    from emblink.plans import LONG, Speed
    from emblink.plans import plan as planned

    spaces = {name: one.vectors for name, one in space_set.spaces.items()}

    def under(speed: Speed | None) -> tuple[float, Sequence[str]]:
        found = planned(
            spaces,
            pairs=pairs,  # type: ignore[arg-type]
            reference=reference,
            replicates=space_set.replicates,
            queries_sampled=queries_sampled,
            speed=speed,
        )
        return found.busy * found.seconds, found.lines()

    if under(Speed())[0] < LONG / 2:
        return
    seconds, lines = under(None)
    if seconds >= LONG:
        for line in lines:
            note(line)


def say_how_it_went(seconds: float, peak_memory: int | None) -> None:
    """Say of a long run how long it took, and how much memory."""
    from emblink.plans import LONG
    from emblink.wording import took_words

    if seconds >= LONG:
        note(took_words(seconds, peak_memory))
