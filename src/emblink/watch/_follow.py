"""Waiting for a run that somebody else writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import sleep

from emblink.errors import BundleError

_PAUSE = 1.0


def await_first(path: Path, *, say: Callable[[str], None], pause: float = _PAUSE) -> None:
    """Wait until the first step of a run is written.

    Parameters
    ----------
    path : Path
        Of its bundle, which need not be there yet.
    say : callable
        Called with a sentence where there is something to wait for.
    pause : float
        Seconds between two looks.

    Raises
    ------
    BundleError
        There is a file in its place.
    """
    if path.is_file():
        raise BundleError(f"{path} is a file; expected the directory of a bundle")
    if not (path / "manifest.json").exists():
        say(f"Waiting for the first step of {path}. Ctrl-C stops it.")
    while not (path / "manifest.json").exists():
        sleep(pause)
