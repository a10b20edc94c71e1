"""Whether two spaces hold the same vectors, as a gate."""

from __future__ import annotations

import math

from emblink.gate._check import Check, least
from emblink.gate._decide import Gate, Verdict
from emblink.parity import Changed, Parity
from emblink.wording import clip, counted, percent

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
        least("coverage", share, None, coverage, "of the old items are in the new space"),
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
    if found.same:
        return "Fail: items are missing." if failed else "Pass: the vectors are the same."
    if found.kind not in ("some items", "rounded"):
        return "Fail: the vectors are not the same."
    return f"Fail: {counted(found.n_changed, 'vector')} of {found.n_common:,} changed."


def _amounts(found: Parity) -> str:
    within = percent(found.tolerance)
    if not math.isfinite(found.median):
        return "vectors of other dims have no distance."
    if found.same:
        said = (
            f"all {counted(found.n_common, 'vector')} changed by at most {within} of their length"
        )
    else:
        said = (
            f"{found.n_changed:,} of {counted(found.n_common, 'vector')} changed by more than "
            f"{within} of their length"
        )
    return (
        f"{said} (half by {percent(found.median)} or less, the most by {percent(found.largest)})."
    )


def _most(found: Parity) -> list[str]:
    if not found.changed:
        return []
    return [f"Most changed: {', '.join(_item(one) for one in found.changed[:_NAMED])}."]


def _item(one: Changed) -> str:
    name = f"{one.id} “{clip(one.text)}”" if one.text and one.text != one.id else one.id
    return f"{name} by {percent(one.change)}"


def _numbers(found: Parity) -> dict[str, float]:
    numbers = {
        "parity_changed": found.n_changed / found.n_common,
        "parity_median": found.median,
        "parity_p99": found.p99,
        "parity_largest": found.largest,
        "n_common": float(found.n_common),
    }
    return {name: value for name, value in numbers.items() if math.isfinite(value)}
