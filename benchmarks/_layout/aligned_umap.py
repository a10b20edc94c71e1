"""Draw the spaces of one file with AlignedUMAP: ``python aligned_umap.py IN.npz OUT.npz``."""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
from umap import AlignedUMAP


def draw(spaces: list[Any]) -> list[Any]:
    """Return a picture of each space; row i is the same item in all."""
    same = {row: row for row in range(len(spaces[0]))}
    model = AlignedUMAP(n_neighbors=15)
    return list(model.fit(spaces, relations=[same] * (len(spaces) - 1)).embeddings_)


def main() -> None:
    with np.load(sys.argv[1]) as stored:
        spaces = [stored[name] for name in stored.files]
    draw([space[:300] for space in spaces])  # compiles
    began = time.perf_counter()
    pictures = draw(spaces)
    seconds = time.perf_counter() - began
    np.savez(sys.argv[2], *[np.asarray(one, np.float32) for one in pictures], seconds=seconds)


if __name__ == "__main__":
    main()
