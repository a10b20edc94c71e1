"""How a run went: how long each step took, and how much memory; in a file beside the manifest.

It is no part of what was found, which is the same however long it takes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from emblink.bundle._files import UNREADABLE, DamageError, read_file, replace_settled, set_aside

RUN = "run.json"


class StepTime(msgspec.Struct, frozen=True, kw_only=True):
    """One step that was computed."""

    step: str
    seconds: float
    cpu: float
    """Seconds of all cores together: the same on a busy machine."""


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The last run that finished a bundle.

    Attributes
    ----------
    schema : str
    seconds : float
        From the first step to the last.
    peak_memory : int or None
        Most bytes that the process held, maps of files among them; None where the system does not
        say.
    threads : int
    steps : list of StepTime
        Those that were computed, in order; what an earlier run left is not among them.
    """

    schema: Literal["emblink.run/1"]
    seconds: float
    peak_memory: int | None
    threads: int
    steps: list[StepTime]


def read_run(root: Path) -> RunRecord | None:
    """Return how the last run went.

    Parameters
    ----------
    root : Path
        The bundle's directory.

    Returns
    -------
    RunRecord or None
        None where nothing is told, as in bundles from before.
    """
    try:
        data = read_file(root / RUN)
        return None if data is None else msgspec.json.decode(data, type=RunRecord)
    except (DamageError, *UNREADABLE):
        return None


def write_run(
    root: Path, record: RunRecord, *, through: Path, notice: Callable[[str], None]
) -> None:
    """Write how a run went; what is in the way is set aside."""
    path = root / RUN
    if os.path.lexists(path) and read_run(root) is None:  # somebody else's
        notice(set_aside(path))
    replace_settled(path, msgspec.json.encode(record), through=through)
