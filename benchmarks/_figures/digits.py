"""docs/measures/label_changes.md and label_pair_changes.md: claims about the digits' labels."""

from __future__ import annotations

from functools import cache
from itertools import permutations
from pathlib import Path
from typing import TypeAlias

import numpy as np
from _tables import Section, Value
from numpy.typing import NDArray

from emblink.judge import label_changes, label_means, label_pair_changes
from emblink.measures import (
    LabelParts,
    k_means_cells,
    knn_label_purity,
    label_parts,
    neighborhood_overlap,
)
from emblink.neighbors import nearest_neighbors
from emblink.types import NeighborGraph

DATA = Path(__file__).parents[2] / "tests" / "data" / "mnist_cnn.npz"
EPOCHS = (0, 1, 2, 5, 10)
Run: TypeAlias = tuple[int, int]
"""A seed and an epoch."""

NAMES = [str(digit) for digit in range(10)]


def section() -> Section:
    """Return how many labels and pairs of labels are claimed to have changed."""
    rows: list[tuple[Value, ...]] = []
    for first, last in ((0, 2), (5, 10)):
        for judged in (True, False):
            how = "judged by the other seed" if judged else "no replicate"
            labels, pairs = _labels(first, last, judged), _pairs((0, first), (0, last), judged)
            rows.append((f"epochs {first} → {last}, {how}", labels, 10, pairs, 45))
    seeds = [_pairs((0, epoch), (1, epoch), like=other) for epoch, other in _references()]
    rows.append(("seed against seed, judged by another epoch", None, None, sum(seeds), 540))
    return Section("digits", ("change", "labels claimed", "of", "pairs claimed", "of"), rows)


def _references() -> list[tuple[int, int]]:
    return [*permutations(EPOCHS[1:], 2)]


@cache
def _space(seed: int, epoch: int) -> tuple[NDArray[np.float32], NeighborGraph]:
    with np.load(DATA) as arrays:
        vectors = arrays[f"space__fc_seed{seed}_epoch{epoch:02}"].astype(np.float32)
    return vectors, nearest_neighbors(vectors, k=50, metric="cosine")


@cache
def _codes() -> NDArray[np.int64]:
    with np.load(DATA) as arrays:
        codes: NDArray[np.int64] = arrays["label"].astype(np.int64)
    return codes


@cache
def _cells(run: Run) -> NDArray[np.int32]:
    return k_means_cells(_space(*run)[0])


@cache
def _parts(run: Run, over: Run) -> LabelParts:
    """Return a run's labels, its items cut along the cells of the first one of its pair."""
    vectors, graph = _space(*run)
    return label_parts(vectors, graph, _codes(), cells=_cells(over))


def _labels(first: int, last: int, judged: bool) -> int:
    def purity(seed: int, epoch: int) -> NDArray[np.float32]:
        return knn_label_purity(_space(seed, epoch)[1], _codes())

    runs = [label_means(purity(seed, first), _codes(), n_labels=len(NAMES)) for seed in (0, 1)]
    found = label_changes(
        purity(0, first),
        purity(0, last),
        overlap=neighborhood_overlap(_space(0, first)[1], _space(0, last)[1]),
        codes=_codes(),
        names=NAMES,
        cells=_cells((0, first)),
        runs=np.array(runs) if judged else None,
    )
    return sum(one["verdict"] in ("better", "worse") for one in found)


def _pairs(a: Run, b: Run, judged: bool = True, *, like: int | None = None) -> int:
    epoch = a[1] if like is None else like
    runs = [((0, epoch), (1, epoch))] if judged else []
    replicates = [(_parts(one, one), _parts(other, one)) for one, other in runs]
    found = label_pair_changes(_parts(a, a), _parts(b, a), names=NAMES, replicates=replicates)
    return sum(one["verdict"] != "same" for one in found.reports)
