"""How well reported groups meet those that were planted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.types import FloatArray, IntArray

MATCHED = 0.5


@dataclass(frozen=True)
class Scores:
    """Of one pair.

    Attributes
    ----------
    recall : float
        Share of the planted groups that one of the first K reported ones matches, K being how many
        were planted; a match has F1 of at least 0.5, and each group matches one at most.
    precision_at_k : float
        Share of the first K reported groups, or of all when they are fewer, that match.
    precision : float
        Share of all reported groups that match; NaN when nothing is reported.
    f1 : float
        Mean over the planted groups of the F1 of their match, 0 without one.
    auprc : float
        Area under precision over recall of the items' evidence, for being in a planted group.
    reported : int
    """

    recall: float
    precision_at_k: float
    precision: float
    f1: float
    auprc: float
    reported: int


def score(
    reported: Sequence[IntArray],
    planted: Sequence[IntArray],
    evidence: FloatArray | None,
    *,
    n: int,
) -> Scores:
    """Score reported groups, best first, against those that were planted among ``n`` items."""
    table = f1_table(reported, planted, n=n)
    first = len(planted)
    matches = match(table)
    leading = {goal for row, goal in matches.items() if row < first}
    return Scores(
        recall=len(leading) / first if first else np.nan,
        precision_at_k=len(leading) / min(first, len(reported)) if first and reported else np.nan,
        precision=len(matches) / len(reported) if reported else np.nan,
        f1=sum(float(table[pair]) for pair in matches.items()) / first if first else np.nan,
        auprc=np.nan if evidence is None or not first else average_precision(evidence, planted),
        reported=len(reported),
    )


def f1_table(
    reported: Sequence[IntArray], planted: Sequence[IntArray], *, n: int
) -> NDArray[np.float64]:
    """Return the F1 of every reported group for every planted one."""
    table = np.zeros((len(reported), len(planted)))
    for column, goal in enumerate(planted):
        inside = np.zeros(n, bool)
        inside[goal] = True
        for row, members in enumerate(reported):
            both = len(members) + len(goal)
            table[row, column] = 2 * np.count_nonzero(inside[members]) / both if both else 0.0
    return table


def match(table: NDArray[np.float64]) -> dict[int, int]:
    """Match reported to planted groups one to one, the best F1 first, down to 0.5."""
    found: dict[int, int] = {}
    for flat in np.argsort(-table, axis=None, kind="stable"):
        row, column = divmod(int(flat), table.shape[1])
        if table[row, column] < MATCHED:
            break
        if row not in found and column not in found.values():
            found[row] = column
    return found


def average_precision(evidence: FloatArray, planted: Sequence[IntArray]) -> float:
    """Return the mean precision at each planted item, items ranked by evidence, ties shared."""
    wanted = np.zeros(len(evidence), bool)
    for group in planted:
        wanted[group] = True
    order = np.argsort(-evidence, kind="stable")
    last = np.append(np.diff(evidence[order]) != 0, True)
    hits = np.cumsum(wanted[order])[last]
    precision = hits / (np.flatnonzero(last) + 1)
    return float((np.diff(hits, prepend=0) * precision).sum() / wanted.sum())


def known_means(rows: Sequence[Sequence[float]]) -> list[float]:
    """Return the mean of each column over the rows that have it, NaN where none has."""
    values = np.asarray(rows, dtype=float)
    known = np.isfinite(values)
    counts = np.where(known.any(axis=0), known.sum(axis=0), np.nan)
    means: list[float] = (np.where(known, values, 0.0).sum(axis=0) / counts).tolist()
    return means
