"""The code of ``docs/watch.md``, and what it takes for granted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

import emblink as eb
from emblink.types import AnyArray

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "watch.md").read_text("utf-8")
N = 64


def code(holding: str) -> str:
    """Return the one block of Python of the page that holds some words."""
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    (found,) = [one for one in blocks if holding in one]
    return str(found)


def vectors(step: int) -> AnyArray:
    rng = np.random.default_rng(3)
    kinds, own = rng.normal(size=(4, 8)), rng.normal(size=(N, 8))
    made: AnyArray = (kinds[np.arange(N) % 4] * 0.2 * step + own).astype(np.float32)
    return made


def train(watch: eb.Watch) -> None:
    """A loop of three steps."""
    with watch:
        for step in range(3):
            watch.log(step, vectors(step))


def names(**more: Any) -> dict[str, Any]:
    """What the code of the page refers to."""
    labels = np.array([f"kind {one % 4}" for one in range(N)])
    known = {"eb": eb, "np": np, "Path": Path, "labels": labels, "train": train}
    return {**known, "ids": [f"w{one}" for one in range(N)], **more}


def run(holding: str, known: dict[str, Any]) -> dict[str, Any]:
    """Run a block of the page."""
    exec(compile(code(holding), "docs/watch.md", "exec"), known)
    return known
