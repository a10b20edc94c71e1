"""A comparison held against limits."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from emblink.comparison._comparison import Comparison
from emblink.gate import Gate, Policy, decide, pair_to_judge, read_ids

_OVERLAP = "neighborhood_overlap"


def judge(
    comparison: Comparison,
    policy: Policy | None = None,
    *,
    old: str | None = None,
    new: str | None = None,
    accepted: Comparison | None = None,
) -> Gate:
    """Say whether a new space may take an old one's place.

    Parameters
    ----------
    comparison : Comparison
    policy : Policy, optional
        The limits, as ``emblink gate --policy`` reads them.
    old, new : str, optional
        The spaces, where several pairs were compared.
    accepted : Comparison, optional
        One that was accepted: what is no worse than there passes.

    Returns
    -------
    Gate

    Raises
    ------
    InputError
        A limit asks for what the comparison lacks, or several pairs could be meant.
    """
    policy = policy or Policy()
    report = comparison.report()
    ids = read_ids(Path(policy.must_keep)) if policy.must_keep else []
    pair = pair_to_judge(report, old, new)
    return decide(
        report,
        policy,
        old=old,
        new=new,
        accepted=None if accepted is None else accepted.report(),
        must_keep=ids,
        kept=_kept(comparison, pair["a"], pair["b"], ids),
    )


def _kept(comparison: Comparison, a: str, b: str, ids: list[str]) -> dict[str, float]:
    """Return the share of neighbours that items kept, of those that are in both spaces."""
    if not ids:
        return {}
    values = comparison.pair(a, b).items.get(_OVERLAP)
    if values is None:
        return {}
    rows = {str(one): row for row, one in enumerate(comparison.ids.tolist())}
    found = {one: float(values[rows[one]]) for one in ids if one in rows}
    return {one: value for one, value in found.items() if not np.isnan(value)}
