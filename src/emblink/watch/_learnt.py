"""What was learnt when, in words: labels told from their neighbours, step by step."""

from __future__ import annotations

from itertools import pairwise

from emblink.bundle.schema import WatchInfo, WatchStep
from emblink.types import Report
from emblink.wording import listed, percent

KNOWN = 0.8
"""Share of a label's items whose neighbours name it, from which on it counts as known."""
LOST = 0.1
"""So far below its best a label has been forgotten in part."""
SETTLED = 0.9
"""Share of neighbours kept from which on little changes."""


def learnt(info: WatchInfo, report: Report) -> list[str]:
    """Say what was learnt when.

    Parameters
    ----------
    info : WatchInfo
    report : Report
        Of its spaces.

    Returns
    -------
    list of str
        In the order of the steps; empty for fewer than two.
    """
    if len(info.steps) < 2:
        return []
    courses = _courses(info, report)
    return [
        *_known(info.steps, courses),
        *_never(courses),
        *_forgotten(info.steps, courses),
        *_calm(info.steps, report),
    ]


def _courses(info: WatchInfo, report: Report) -> dict[str, list[float | None]]:
    """Return by label how many of its items its neighbours name, at each step."""
    by_space = {
        one["name"]: {label["label"]: label["accuracy"] for label in one["labels"]}
        for one in report["spaces"]
    }
    tables = [by_space.get(one.name, {}) for one in info.steps]
    labels = dict.fromkeys(label for table in tables for label in table)
    return {label: [table.get(label) for table in tables] for label in labels}


def _since(course: list[float | None]) -> int | None:
    """Return the step from which on a label is known to the end or until it is forgotten."""
    return next((at for at, one in enumerate(course) if one is not None and one >= KNOWN), None)


def _known(steps: list[WatchStep], courses: dict[str, list[float | None]]) -> list[str]:
    by_step: dict[int, list[str]] = {}
    for label, course in courses.items():
        at = _since(course)
        if at is not None:
            by_step.setdefault(at, []).append(label)
    sentences = []
    for at in sorted(by_step):
        names = listed(sorted(by_step[at]))
        when = "From the start" if at == 0 else f"By step {steps[at].step:,}"
        sentences.append(f"{when}: {names}.")
    if sentences:
        sentences[0] = f"{sentences[0][:-1]} (neighbours name {percent(KNOWN)} or more of each)."
    return sentences


def _never(courses: dict[str, list[float | None]]) -> list[str]:
    names = sorted(label for label, course in courses.items() if _since(course) is None)
    return [f"Not yet: {listed(names)}."] if names else []


def _forgotten(steps: list[WatchStep], courses: dict[str, list[float | None]]) -> list[str]:
    sentences = []
    for label, course in courses.items():
        known = [(one, at) for at, one in enumerate(course) if one is not None]
        if not known:
            continue
        (best, at), (last, _) = max(known, key=lambda one: one[0]), known[-1]
        if best >= KNOWN and best - last >= LOST:
            sentences.append(
                f"Known less well again: {label}, {percent(best)} at step {steps[at].step:,}, "
                f"{percent(last)} now."
            )
    return sentences


def _calm(steps: list[WatchStep], report: Report) -> list[str]:
    """Say from which step on each step keeps most neighbours of the one before."""
    scores = {
        (one["a"], one["b"]): one["scores"]["neighborhood_overlap"]["value"]
        for one in report["pairs"]
        if "neighborhood_overlap" in one["scores"]
    }
    kept = [scores.get((a.name, b.name)) for a, b in pairwise(steps)]
    since = len(kept)
    while since > 0 and (value := kept[since - 1]) is not None and value >= SETTLED:
        since -= 1
    if len(kept) - since < 2:
        return []
    return [
        f"Since step {steps[since].step:,} little changes: each step keeps "
        f"{percent(SETTLED)} or more of all neighbours."
    ]
