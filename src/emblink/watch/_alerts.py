"""What stands out of a step beside the step before it, in words."""

from __future__ import annotations

from emblink.bundle.schema import WatchAlert
from emblink.types import PairReport

MOST = 3


def alerts_of(step: int, report: PairReport) -> list[WatchAlert]:
    """Return the sure findings of a step, at most three.

    Parameters
    ----------
    step : int
    report : PairReport
        Of the step before and this one.

    Returns
    -------
    list of WatchAlert
        In the order of the findings.
    """
    sure = [one for one in report.get("findings", []) if one["sure"]]
    return [
        WatchAlert(
            step=step,
            a=report["a"],
            b=report["b"],
            sentence=f"step {step:,}: {one['title'][:1].lower()}{one['title'][1:]}",
        )
        for one in sure[:MOST]
    ]
