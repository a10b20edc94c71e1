"""docs/measures/label_changes.md and label_pair_changes.md: claims where only noise differs."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from _tables import Section, Value

from emblink.judge import label_pair_changes

sys.path.append(str(Path(__file__).parents[2]))
from tests.test_judge_label_changes import two_noisy_copies
from tests.test_judge_label_pairs import DIGITS, parts_of

RUNS, PAIR_RUNS, PLANTED = 1000, 150, 30


def section() -> Section:
    """Return how many labels, and pairs of labels, two runs judged by a third claim."""
    rows: list[tuple[Value, ...]] = []
    for spread in (0.0, 0.7, 1.2):
        found = [two_noisy_copies(seed, spread=spread) for seed in range(RUNS)]
        claims = [sum(one["verdict"] != "same" for one in labels) for labels in found]
        name = f"12 labels of 60 items, noise log-normal with {spread}"
        rows.append((name, *_shares(claims, 12)))
    claims = [sum(one != "same" for one in _verdicts(3 * run)) for run in range(PAIR_RUNS)]
    rows.append(("15 pairs of 6 labels of 50 items", *_shares(claims, 15)))
    seeds = range(1000, 1000 + 3 * PLANTED, 3)
    hits = sum(_verdicts(seed, nearer=0.8)[0] == "drawn_together" for seed in seeds)
    note = f"Of {PLANTED} runs in which two labels are drawn together, {hits} are found first."
    columns = ("two runs judged by a third", "share claimed", "runs with a claim")
    return Section("labels by noise alone", columns, rows, notes=[note])


def _shares(claims: list[int], n: int) -> tuple[float, float]:
    return sum(claims) / (n * len(claims)), float(np.mean([count > 0 for count in claims]))


def _verdicts(seed: int, *, nearer: float = 0.0) -> list[str]:
    a, b, again = parts_of(seed), parts_of(seed + 1, nearer=nearer), parts_of(seed + 2)
    found = label_pair_changes(a, b, names=DIGITS, replicates=[(a, again)])
    return [one["verdict"] for one in found.reports]
