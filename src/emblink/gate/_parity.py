"""Whether two spaces hold the same vectors, as a gate."""

from __future__ import annotations

import math

from emblink.gate._check import Check, least
from emblink.gate._decide import Gate, Verdict
from emblink.parity import Parity
from emblink.wording.gate import (
    OF_OLD_ITEMS,
)
from emblink.wording.parity import (
    NO_DISTANCE,
    amounts_changed,
    changed_item,
    parity_verdict,
)

_NAMED = 5


def gate_of_parity(found: Parity, *, coverage: float = 0.99) -> Gate:
    """Return what was found of two spaces as a verdict.

    Parameters
    ----------
    found : Parity
    coverage : float
        The least share of the old items that the new space has to have.

    Returns
    -------
    Gate
    """
    share = found.n_common / (found.n_common + found.only_old)
    held = [
        Check(
            "parity",
            "pass" if found.same else "fail",
            _amounts(found),
            value=found.largest,
            bound=found.tolerance,
        ),
        least("coverage", share, None, coverage, OF_OLD_ITEMS),
    ]
    failed = [one for one in held if one.status == "fail"]
    verdict: Verdict = "fail" if failed else "pass"
    return Gate(
        found.old,
        found.new,
        verdict,
        _why(found, failed),
        found.sentence,
        held,
        [*found.notes, *_most(found)],
        _numbers(found),
    )


def _why(found: Parity, failed: list[Check]) -> str:
    return parity_verdict(
        found.same,
        missing=bool(failed),
        n_changed=found.n_changed,
        n_common=found.n_common,
        counted_ones=found.kind in ("some items", "rounded"),
    )


def _amounts(found: Parity) -> str:
    if not math.isfinite(found.median):
        return NO_DISTANCE
    return amounts_changed(
        n_changed=0 if found.same else found.n_changed,
        n_common=found.n_common,
        tolerance=found.tolerance,
        median=found.median,
        largest=found.largest,
    )


def _most(found: Parity) -> list[str]:
    if not found.changed:
        return []
    named = [changed_item(one.id, one.text, one.change) for one in found.changed[:_NAMED]]
    return [f"Most changed: {', '.join(named)}."]


def _numbers(found: Parity) -> dict[str, float]:
    numbers = {
        "parity_changed": found.n_changed / found.n_common,
        "parity_median": found.median,
        "parity_p99": found.p99,
        "parity_largest": found.largest,
        "n_common": float(found.n_common),
    }
    return {name: value for name, value in numbers.items() if math.isfinite(value)}
