"""What training does to handwritten digits: all labels become clearer, and no items apart.

An untrained network takes 4s and 9s for each other more than any other labels, and so it does
two epochs later: they came apart as all pairs of labels did, in the one seed by a little less than
most and in the other by a little more. So no group of them is wanted, but that all labels became
clearer is to be said first.
"""

from __future__ import annotations

import tempfile
from math import inf
from pathlib import Path
from statistics import median

import numpy as np
from _tables import Check, Section, Value

import emblink
from _planted import relabelled
from _planted.ours import WITH, WITHOUT
from emblink.types import PairReport

SEEDS = (0, 1)
FOURS_AND_NINES = {"4", "9"}
COLUMNS = ("epochs", "seed", "replicate", "groups", "strayed", "all clearer", "4 and 9", "all")
EXPLAINED = (
    "all clearer: rank of the finding that all labels became clearer. 4 and 9: how much their "
    "separation grew; all: the median of all pairs of labels. With a replicate: both epochs of the "
    "other seed."
)


def judge(folder: Path) -> Section:
    """Compare early epochs of two seeds, and late ones beside the other seed."""
    rows, checks = list[list[Value]](), list[Check]()
    for seed in SEEDS:
        found = _compared(folder, (0, 2), seed=seed)
        rank = _rank_of_all_labels(found)
        rows.append(["0 to 2", seed, WITHOUT, *_counts(found), rank, *_apart(found)])
        where = f"epoch 0 to 2, seed {seed}"
        checks.append(Check(f"{where}: groups", len(found["groups"]), 0))
        checks.append(Check(f"{where}: all labels clearer, rank", rank, 1))
    late = _compared(folder, (5, 10), seed=0, other=1)
    rows.append(["5 to 10", 0, WITH, *_counts(late), _rank_of_all_labels(late), *_apart(late)])
    checks.append(Check("epoch 5 to 10, with replicates: groups", len(late["groups"]), 0))
    return Section("epochs of mnist_cnn", COLUMNS, rows, checks, [EXPLAINED])


def _compared(
    folder: Path, epochs: tuple[int, int], *, seed: int, other: int | None = None
) -> PairReport:
    spaces, again, labels = dict[str, np.ndarray](), dict[str, str](), list[str]()
    for epoch in epochs:
        name = f"epoch {epoch}"
        one = relabelled.mnist(f"fc_seed{seed}_epoch{epoch:02d}", folder)
        spaces[name] = one.vectors
        labels = [one.labels[code] for code in one.codes]
        if other is not None:
            again[name] = f"{name}, seed {other}"
            space = f"fc_seed{other}_epoch{epoch:02d}"
            spaces[again[name]] = relabelled.mnist(space, folder).vectors
    first, second = (f"epoch {epoch}" for epoch in epochs)
    with tempfile.TemporaryDirectory() as out:
        comparison = emblink.compare(
            spaces,
            labels=labels,
            metric="cosine",
            pairs=[(first, second)],
            replicates=again or None,
            out=Path(out) / "epochs.emblink",
        )
        (pair,) = (one for one in comparison.report()["pairs"] if one["b"] == second)
    return pair


def _counts(pair: PairReport) -> tuple[Value, Value]:
    return len(pair["groups"]), pair["group_search"]["n_strayed"]


def _rank_of_all_labels(pair: PairReport) -> float:
    kinds = [one["kind"] for one in pair["findings"]]
    return kinds.index("all_labels") + 1 if "all_labels" in kinds else inf


def _apart(pair: PairReport) -> tuple[Value, Value]:
    grew = {(one["first"], one["second"]): -one["delta"] for one in pair["label_pairs"]}
    own = [value for both, value in grew.items() if {*both} == FOURS_AND_NINES]
    return (own[0] if own else None), (median(grew.values()) if grew else None)
