"""Shares, p-values and changed labels in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from emblink.types import LabelPairReport, LabelReport

_NAMED = 3


def percent(share: float) -> str:
    """Write a share as a percentage that never rounds up to 100 nor down to 0.

    Parameters
    ----------
    share : float
        In [0, 1].

    Returns
    -------
    str
    """
    points = 100.0 * share
    if points in (0.0, 100.0) or 9.95 <= points < 99.0:
        return f"{points:.0f} %"
    if points >= 99.0:
        return f"{math.floor(points * 10) / 10:.1f} %"
    if points >= 0.095:
        return f"{points:.1f} %"
    return f"{points:.2f} %" if points >= 0.005 else "under 0.01 %"


def probability(p: float) -> str:
    """Write a p-value: ``p = 0.012``, ``p = 0.3``, never less than ``p < 0.001``."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def label_words(labels: Sequence[LabelReport], label_pairs: Sequence[LabelPairReport]) -> str:
    """Say which labels and pairs of labels changed; nothing where none did."""
    parts = []
    for verdict in ("worse", "better"):
        names = [report["label"] for report in labels if report["verdict"] == verdict]
        if names:
            parts.append(f"{counted(len(names), 'label')} got {verdict} ({_named(names)})")
    for verdict, words in (("pushed_apart", "pushed apart"), ("drawn_together", "drawn together")):
        names = [
            f"{report['first']} and {report['second']}"
            for report in label_pairs
            if report["verdict"] == verdict
        ]
        if names:
            was = "was" if len(names) == 1 else "were"
            parts.append(f"{counted(len(names), 'pair')} of labels {was} {words} ({_named(names)})")
    return ", ".join(parts)


def note_words(labels: Sequence[LabelReport]) -> str:
    """Quote each note on labels once, a sentence after a space, with the labels that carry it."""
    noted: dict[str, list[str]] = {}
    for report in labels:
        if note := report.get("note"):
            noted.setdefault(note, []).append(report["label"])
    return "".join(f" {_named(names)}: {note}." for note, names in noted.items())


def counted(count: int, noun: str) -> str:
    """Write a count before its noun, which gets an s where it is not one."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _named(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
