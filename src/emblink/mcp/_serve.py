"""Starting the server, where its library is installed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from emblink.errors import InputError


def serve(roots: Sequence[Path]) -> None:
    """Answer an agent on standard input and output until it hangs up.

    Parameters
    ----------
    roots : sequence of Path
        Folders below which files are read; bundles are written below the first.

    Raises
    ------
    InputError
        A root is no folder, or the package ``mcp`` is missing or too old.
    """
    try:
        from emblink.mcp._server import run
    except ImportError as error:
        raise InputError(
            f"`emblink mcp` needs the package mcp 2.3 or newer ({error}); "
            "install it with: pip install 'emblink[mcp]'"
        ) from error
    run(roots)
