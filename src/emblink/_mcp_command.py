"""``emblink mcp``: answers for agents, on standard input and output."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def mcp(
    root: Annotated[
        list[Path] | None,
        typer.Option(
            help="A folder whose files may be read [the working directory]; bundles are written "
            "below the first. Repeatable."
        ),
    ] = None,
) -> None:
    """Answer an agent by the Model Context Protocol, about files below some folders alone."""
    from emblink.mcp import serve

    serve(root or [Path()])
