"""Shares, p-values and changed labels in words."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TypeVar

from emblink.limits import ENOUGH_REPLICATES, MOST_REPORTED
from emblink.types import (
    AnyArray,
    GroupItem,
    LabelPairReport,
    LabelReport,
    QualityReport,
    Score,
)

_NAMED = 3
_MOST_CHARACTERS = 40
_LONGEST_TEXT = 120
_UNCLAIMED = ("same", "too_few")
_JOINS = re.compile(r"[,;:()→]| and ")
_Report = TypeVar("_Report", LabelReport, LabelPairReport)


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


def exactly(share: float) -> str:
    """Write a share as a percentage with one decimal, for shares that lie close to each other."""
    return f"{100.0 * share:.1f} %"


def beside(share: float, bound: float) -> str:
    """Write a share so that it is seen on which side of another one it lies."""
    said, line = percent(share), round(100.0 * bound, 9)
    for digits in range(1, 7):
        shown = float(said.split()[0]) if said[0].isdigit() else 0.0
        if share == bound or (shown != line and (shown < line) == (share < bound)):
            break
        said = f"{100.0 * share:.{digits}f} %"
    return said


def at_least(share: float) -> str:
    """Write a share near 1 as a percentage that is rounded down, so that what it lacks is seen."""
    return f"{math.floor(1000 * share + 1e-9) / 10:g} %"


def probability(p: float) -> str:
    """Write a p-value: ``p = 0.012``, ``p = 0.3``, never less than ``p < 0.001``.

    Parameters
    ----------
    p : float
        In [0, 1].

    Returns
    -------
    str
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def flip_words(flips: Score | None) -> str:
    """Say how many items are voted right before and wrong after, beside reruns or else chance.

    Parameters
    ----------
    flips : Score or None
        Negative flips.

    Returns
    -------
    str
        A sentence; empty without flips.
    """
    if flips is None:
        return ""
    said = f"{percent(flips['value'])} of items turn from right to wrong"
    if "noise_floor" not in flips:
        return f"{said} (unrelated votes: {percent(flips.get('chance', 0.0))})."
    runs = counted(flips["floor_runs"], "run")
    said += f"; between {runs} of one recipe {percent(flips['noise_floor'])}"
    more = flips["floor_runs"] > ENOUGH_REPLICATES and flips["excess_interval"][0] > 0
    return f"{said}: more than another run would turn." if more else f"{said}."


def label_words(labels: Sequence[LabelReport], label_pairs: Sequence[LabelPairReport]) -> str:
    """Say which labels and pairs of labels changed, the largest changes first; "" where none did.

    A list of pairs that holds as many as are ever reported may not be all of them, and is said so.
    """
    parts = []
    for verdict, words in (("worse", "less pure"), ("better", "purer")):
        names = [quoted(one["label"]) for one in _largest_first(labels, verdict)]
        if names:
            parts.append(f"{counted(len(names), 'label')} became {words} ({named(names)})")
    cut = len(label_pairs) >= MOST_REPORTED and label_pairs[-1]["verdict"] not in _UNCLAIMED
    for verdict, words in (("pushed_apart", "pushed apart"), ("drawn_together", "drawn together")):
        names = [
            f"{quoted(one['first'])} and {quoted(one['second'])}"
            for one in _largest_first(label_pairs, verdict)
        ]
        if names:
            was = "was" if len(names) == 1 and not cut else "were"
            many = f"{'at least ' if cut else ''}{counted(len(names), 'pair')}"
            parts.append(f"{many} of labels {was} {words} ({named(names)})")
    return ", ".join(parts)


def note_words(labels: Sequence[LabelReport]) -> str:
    """Quote each note on labels once, a sentence after a space, with the labels that carry it."""
    noted: dict[str, list[str]] = {}
    for report in labels:
        if note := report.get("note"):
            noted.setdefault(note, []).append(quoted(report["label"]))
    return "".join(
        f" Label{'' if len(names) == 1 else 's'} {named(names)}: {note}."
        for note, names in noted.items()
    )


def counted(count: int, noun: str) -> str:
    """Write a count before its noun, which gets an s where it is not one."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def clip(text: str, *, most: int = _MOST_CHARACTERS) -> str:
    """Write a name on one line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def listed(parts: Sequence[str]) -> str:
    """Write a list with commas and an "and"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def name_item(row: int, ids: AnyArray, texts: AnyArray | None) -> GroupItem:
    """Return an item's id and, where it has one, its text on a line of at most 120 characters.

    Parameters
    ----------
    row : int
    ids : array of shape (n_items,)
    texts : array of shape (n_items,), or None

    Returns
    -------
    GroupItem
    """
    named: GroupItem = {"id": str(ids[row])}
    if texts is not None and (line := clip(str(texts[row]), most=_LONGEST_TEXT)):
        named["text"] = line
    return named


def quoted(name: str) -> str:
    """Write a name within a sentence: on one line, in quotation marks where it could be two."""
    line = " ".join(name.split())
    plain = line == name and not _JOINS.search(name)
    return line if plain else f'"{line}"'


def _largest_first(reports: Sequence[_Report], verdict: str) -> list[_Report]:
    said = [one for one in reports if one["verdict"] == verdict]
    return sorted(said, key=lambda one: -abs(one["delta"]))


def named(names: Sequence[str]) -> str:
    """Join the first three names, and say how many more there are."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def not_lost(quality: QualityReport) -> bool:
    """Whether accuracy is known to be no lower than its margin allows, and no more is known.

    Parameters
    ----------
    quality : QualityReport

    Returns
    -------
    bool
        Of an ``"undecided"`` one: it was kept, or it is better.
    """
    return quality["verdict"] == "undecided" and quality["interval"][0] >= -quality["margin"]
