"""What is said of the quality of a rerun: runs of one recipe have accuracies of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import permutations

import numpy as np
from _planted.workers import workers
from _tables import Section, Value, say

from _judgement.families import FAMILIES
from emblink.judge import quality
from emblink.measures import k_means_cells
from emblink.neighbors import nearest_neighbors
from emblink.rows import as_measured

VERDICTS = ("kept", "undecided", "better", "lost")
VOTERS = 10


def section(seeds: Sequence[int]) -> Section:
    """Judge the quality of every run of a world beside that of every other."""
    rows: list[Sequence[Value]] = []
    with workers() as pool:
        for name in FAMILIES:
            say(f"{name}: {len(seeds)} worlds")
            found = sum(pool.map(partial(_verdicts, name), seeds), Counter[str]())
            total = found.total()
            rows.append([name, *(found[verdict] / total for verdict in VERDICTS)])
    note = "Not held to anything: quality is of two spaces, and not of their recipes."
    title = f"quality of a rerun, {len(seeds)} worlds, all pairs of runs"
    return Section(title, ("family", *VERDICTS), rows, notes=[note])


def _verdicts(name: str, base: int) -> Counter[str]:
    world = FAMILIES[name](base)
    names, codes = np.unique(world.codes, return_inverse=True)
    spaces = [as_measured(one, metric=world.metric) for one in world.runs]
    right = []
    for space in spaces:
        voters = codes[nearest_neighbors(space, k=VOTERS, metric=world.metric).indices]
        votes = np.stack([(voters == code).sum(axis=1) for code in range(len(names))], axis=1)
        right.append(votes.argmax(axis=1) == codes)
    cells, said = k_means_cells(spaces[0]), [str(one) for one in names]
    found: Counter[str] = Counter()
    for a, b in permutations(right, 2):
        judged = quality(a, b, codes, names=said, cells=cells)
        assert judged is not None
        found[judged["verdict"]] += 1
    return found
