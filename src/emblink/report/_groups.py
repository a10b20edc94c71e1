"""Items that changed together, as rows of words."""

from __future__ import annotations

from emblink.report._tables import Rows
from emblink.types import GroupReport, PairReport, Report
from emblink.wording import EXPLORATORY

MOST_GROUPS = 8
MOST_TIMELINES = 8


def search_words(pair: PairReport) -> list[str]:
    """Say what a search for groups found and what to beware of; nothing where none was made."""
    search = pair.get("group_search")
    if search is None:
        return []
    words = search["sentence"]
    if search["exploratory"] and pair.get("groups"):
        words = f"{words} {EXPLORATORY}"
    return [words, search["note"]] if "note" in search else [words]


def group_rows(pair: PairReport) -> Rows | None:
    """Return the heaviest groups of a pair, a sentence at the end of each; None without groups."""
    groups = pair.get("groups", [])
    if not groups:
        return None
    left_out = len(groups) - MOST_GROUPS
    more = f"and {left_out:,} more in the page and in --json" if left_out > 0 else ""
    return Rows(
        ("items that changed together", "type", "n", "mass", "p", "what changed"),
        [_cells(group) for group in groups[:MOST_GROUPS]],
        words=2,
        last_is_words=True,
        more=more,
    )


def timeline_rows(report: Report) -> Rows | None:
    """Return when the heaviest groups of several pairs changed; None for one pair, or no group."""
    lines = report.get("timelines", [])
    if len(report["pairs"]) < 2 or not lines:
        return None
    left_out = len(lines) - MOST_TIMELINES
    return Rows(
        ("over the pairs", "when they changed"),
        [[line["title"], line["sentence"]] for line in lines[:MOST_TIMELINES]],
        words=2,
        last_is_words=True,
        more=f"and {left_out:,} more in the page and in --json" if left_out > 0 else "",
    )


def unchanging_words(report: Report) -> str:
    """Say who strayed in none of several pairs; "" where that is unknown."""
    if len(report["pairs"]) < 2 or "unchanging" not in report:
        return ""
    return report["unchanging"]["sentence"]


def _cells(group: GroupReport) -> list[str]:
    p = group["p"]
    return [
        group["title"],
        group["type"],
        f"{group['n']:,}",
        f"{group['mass']:,.1f}",
        "< 0.001" if p < 0.001 else f"{p:.3f}",
        group["sentence"],
    ]
