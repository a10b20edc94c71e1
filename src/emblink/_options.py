"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

Port = Annotated[
    int, typer.Option(help="Port on this machine; 0 takes any free one.", min=0, max=65535)
]
Json = Annotated[bool, typer.Option("--json", help="Write the report as JSON to standard output.")]
Full = Annotated[bool, typer.Option("--full", help="Print all tables, not one screen.")]
