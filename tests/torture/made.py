"""A small comparison with every kind of step, the tool in this process, and trees to compare."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import emblink as eb
from emblink import cli
from emblink.bundle import Bundle
from emblink.report import as_json

N_ITEMS = 66
KINDS = {
    *(
        "asked",
        "cells",
        "changes",
        "floor",
        "groups",
        "health",
        "index",
        "items",
        "joint",
        "label-pairs",
        "labels",
        "measures",
    ),
    *(
        "moves",
        "neighbors",
        "noise",
        "order",
        "pca",
        "picture",
        "points",
        "purity",
        "purity-change",
    ),
    *("trust", "vectors"),
}
"""Of steps, by the names of their folders."""


def inputs(n_items: int = N_ITEMS, *, seed: int = 0, rich: bool = True) -> dict[str, Any]:
    """Return what ``emblink.compare`` is given: three spaces, a replicate and items."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n_items) % 3
    old = rng.standard_normal((3, 5))[labels] * 3 + rng.standard_normal((n_items, 5)) / 2
    part = n_items - 4
    ids = np.array([f"w{i}" for i in range(n_items)])
    given: dict[str, Any] = {
        "spaces": {"old": old, "new": (old + rng.standard_normal(old.shape) / 3)[:part]},
        "ids": {"old": ids, "new": ids[:part]},
    }
    if not rich:
        return given
    given["spaces"]["again"] = old + rng.standard_normal(old.shape) / 9
    given["spaces"]["far"] = rng.standard_normal((n_items, 3))
    given["ids"] |= {"again": ids, "far": ids}
    pixels = rng.integers(0, 255, (n_items, 2, 2, 3)).astype(np.uint8)
    drawn = {"old": rng.standard_normal((n_items, 2)), "new": rng.standard_normal((part, 2))}
    return {
        **given,
        "items": {
            "id": ids,
            "label": np.array(["red", "green", "blue"])[labels],
            "note": np.array([f"thing {i}" for i in range(n_items)]),
            "size": np.linspace(0, 1, n_items),
            "look": pixels,
        },
        "labels": "label",
        "text": "note",
        "thumbnails": "look",
        "replicates": {"old": "again"},
        "pictures": {"mine": drawn},
    }


@dataclass
class Made:
    """What a run left and said."""

    path: Path
    said: list[str] = field(default_factory=list)

    @property
    def contents(self) -> dict[str, object]:
        """The report, and every column by its bytes."""
        return contents(self.path)


def run(path: Path, given: dict[str, Any] | None = None, **options: Any) -> Made:
    """Compare into a directory."""
    made = Made(path)
    eb.compare(
        **{**(inputs() if given is None else given), "title": "torture", **options},
        out=path,
        notice=made.said.append,
    )
    return made


def contents(path: Path) -> dict[str, object]:
    """Return the report, and every column by its dtype, shape and bytes."""
    bundle = Bundle(path)
    held: dict[str, object] = {"report": as_json(bundle.manifest.report)}
    for name in bundle.manifest.columns:
        array = bundle.array(name)
        held[name] = (array.dtype.str, array.shape, array.tobytes())
    return held


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    def in_words(self) -> bool:
        """Whether it ended well, or said in one line what is wrong."""
        return self.status in (0, 1) or (self.status == 2 and self.err.startswith("error: "))


def emblink(*words: str | Path) -> Ended:
    """Run the command line within this process; what it lets through is a traceback."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    with (
        mock.patch.object(sys, "argv", ["emblink", *map(str, words)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            cli.main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Ended(status, out.getvalue(), err.getvalue())


def tree(root: Path) -> dict[str, object]:
    """Return everything under a directory: the bytes of files, where links lead, and folders."""
    found: dict[str, object] = {}
    for folder, folders, files in os.walk(root):
        for name in [*folders, *files]:
            path = Path(folder, name)
            at = path.relative_to(root).as_posix()
            if path.is_symlink():
                found[at] = f"link to {path.readlink()}"
            elif path.is_dir():
                found[at] = "folder"
            else:
                found[at] = path.read_bytes()
    return found


def in_child(work: Callable[[], None]) -> int:
    """Do something in a fork of this process; return its status, negative for a signal.

    0: it ended; 3: it let an exception through.
    """
    child = os.fork()
    if child == 0:
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            work()
            os._exit(0)
        except BaseException:
            os._exit(3)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
