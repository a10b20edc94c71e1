"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from emblink.errors import InputError

Port = Annotated[
    int, typer.Option(help="Port on this machine; 0 takes any free one.", min=0, max=65535)
]
Json = Annotated[bool, typer.Option("--json", help="Write the report as JSON to standard output.")]
Full = Annotated[bool, typer.Option("--full", help="Print all tables, not one screen.")]

Items = Annotated[Path | None, typer.Option(help="Table of the items: text, labels …")]
ItemId = Annotated[str | None, typer.Option("--id", help="Column of the item ids.")]
Label = Annotated[str | None, typer.Option(help="Column of the labels.")]
Text = Annotated[str | None, typer.Option(help="Column of the items' words.")]
Vector = Annotated[
    str | None, typer.Option(help="Vector column(s) of tables, e.g. embedding or 'dim_*'.")
]
Ids = Annotated[
    list[str] | None,
    typer.Option(help="Ids of a space that has none: NAME=PATH or NAME=PATH::KEY. Repeatable."),
]
Replicates = Annotated[
    list[str] | None,
    typer.Option(help="The same recipe with another seed: SPACE=OTHER_SPACE. Repeatable."),
]
DropBad = Annotated[
    bool, typer.Option("--drop-bad", help="Drop rows with NaN, infinities or only zeros.")
]


def named(specs: list[str] | None, option: str) -> dict[str, str]:
    """Read ``NAME=PATH`` or ``NAME=PATH::KEY`` of an option that is repeated."""
    found = {}
    for spec in specs or []:
        name, equals, path = spec.partition("=")
        if not (name and equals and path):
            raise InputError(f"{option} {spec}: expected NAME=PATH or NAME=PATH::KEY")
        found[name] = path
    return found
