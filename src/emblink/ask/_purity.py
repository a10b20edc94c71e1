"""Whether the selected items' neighbours carry their label, in both spaces."""

from __future__ import annotations

import numpy as np

from emblink.ask._answer import PurityAnswer
from emblink.ask._pair import Question, sensible_k
from emblink.decimals import decimals
from emblink.measures import knn_label_purity, standard_error

PURITY_NEIGHBORS = 20
"""Neighbours looked at, among all common items."""

_Z95 = 1.96


def purity_of(question: Question) -> PurityAnswer | None:
    """Return the label purity of the selected items, or None where there are no labels."""
    pair, rows = question.pair, question.queries
    codes = pair.codes
    if codes is None:
        return None
    k = sensible_k(PURITY_NEIGHBORS, len(codes))
    before, after = (
        decimals(knn_label_purity(side.graph, codes, k=k)[rows]) for side in (pair.a, pair.b)
    )
    known = np.isfinite(before) & np.isfinite(after)
    if not known.any():
        return None
    labelled = codes[codes >= 0]
    others = np.bincount(labelled)[codes[rows[known]]] - 1
    change = after[known] - before[known]
    mean, reach = float(change.mean()), _Z95 * standard_error(change, pair.a.cells[rows[known]])
    return PurityAnswer(
        a=float(before[known].mean()),
        b=float(after[known].mean()),
        chance=float(others.mean()) / max(1, len(labelled) - 1),
        n=int(known.sum()),
        k=k,
        interval=[max(-1.0, mean - reach), min(1.0, mean + reach)],
    )
