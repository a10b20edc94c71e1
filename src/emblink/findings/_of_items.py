"""Claims of single items: who lost every neighbour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emblink.findings._claim import Claim
from emblink.findings._evidence import Evidence
from emblink.types import Grade, IntArray
from emblink.wording import items, listed, lost_all, lost_all_and, short_name, typical_keeps

_USUAL = 0.3
"""Share of their neighbours that nine of ten items keep at least, for losing all to be unusual."""
_CLEARLY = 0.5
"""The same, for one item that lost all to be worth a line."""
_FEWEST = 0.002
"""Share of all items that must have lost all otherwise."""
_NAMED = 3
_LARGE: tuple[Grade, ...] = ("reworked", "another_space")


def item_claims(evidence: Evidence, *, told: IntArray, grade: Grade) -> list[Claim]:
    """Return who lost every neighbour: those that look still, and the others.

    Parameters
    ----------
    evidence : Evidence
    told : array of shape (n_told,)
        Items of claims that are told already.
    grade : Grade
        How large the change of the pair is.

    Returns
    -------
    list of Claim
        None where losing every neighbour is nothing unusual.
    """
    kept = evidence.kept_shares
    lost = kept == 0
    lost[told] = False
    low = float(np.percentile(kept, 10)) if len(kept) else 0.0
    usual = low >= _USUAL
    still = np.zeros(evidence.n, bool) if evidence.still is None else evidence.still
    found = []
    if usual or (grade in _LARGE and float(np.median(kept)) > 0):
        found.append(_lost(evidence, lost & still, seen=False))
    if usual:
        found.append(_lost(evidence, lost & ~still, seen=True))
    fewest = 1 if low >= _CLEARLY else max(1, _FEWEST * evidence.n)
    return [one for one in found if len(one.rows) >= fewest]


def _lost(evidence: Evidence, which: NDArray[np.bool_], *, seen: bool) -> Claim:
    """Say of the items marked that they lost every neighbour, and whether one sees it."""
    rows = np.flatnonzero(which)
    others = float(np.delete(evidence.kept_shares, rows).mean()) if len(rows) < evidence.n else 0.0
    usual = typical_keeps(others, evidence.k)
    chosen = evidence.changed_most(rows)[:_NAMED]
    names = [short_name(one) for row in chosen if (one := evidence.name(int(row)))]
    every = len(names) == len(rows)
    return Claim(
        kind="items",
        title=lost_all(len(rows)),
        who=f"{items(len(rows))} ({listed(names)})" if names and every else items(len(rows)),
        did=lost_all_and(len(rows), seen=seen),
        facts=(usual, f"such as {listed(names)}") if names and not every else (usual,),
        rows=rows,
        far=others,
        picture="trails" if seen else "side_by_side",
    )
