"""What was lost from one step to the next, in words."""

from __future__ import annotations

from emblink.bundle.schema import WatchAlert
from emblink.types import FindingReport, PairReport

MOST = 3
LEAST = 0.1
"""How far labels changed at least, as a share: less is how a model learns."""
_LOSSES = ("merged", "scattered", "expanded", "split")
"""Types of groups that are told as they happen; a model that learns gathers all the time."""


def alerts_of(step: int, report: PairReport) -> list[WatchAlert]:
    """Return the sure findings of a step that tell of a loss, at most three.

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
    lost = [one for one in report.get("findings", []) if one["sure"] and _is_loss(one, report)]
    return [
        WatchAlert(step=step, a=one["a"], b=one["b"], sentence=f"step {step:,}: {_begun(one)}")
        for one in lost[:MOST]
    ]


def _is_loss(finding: FindingReport, report: PairReport) -> bool:
    """Whether labels are told apart less well, or items that were together no longer are."""
    if finding["kind"] == "group":
        return any(report["groups"][at]["type"] in _LOSSES for at in finding["groups"])
    if finding["far"] < LEAST:
        return False
    if finding["kind"] == "label":
        worse = {one["label"] for one in report["labels"] if one["verdict"] == "worse"}
        return bool(worse & {*finding["labels"]})
    return finding["title"].endswith(
        {"label_pair": "closer", "all_labels": "less clear"}.get(finding["kind"], "\n")
    )


def _begun(finding: FindingReport) -> str:
    sentence = finding["sentence"]
    return f"{sentence[:1].lower()}{sentence[1:]}"
