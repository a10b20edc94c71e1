"""A budget as lines and a table."""

from __future__ import annotations

from emblink.report._tables import Rows
from emblink.types import BudgetReport, BudgetSetting, Report
from emblink.wording import payer


def budget_lines(report: Report) -> list[str]:
    """Return what a budget comes to, in words; nothing where the comparison is of none."""
    if "budget" not in report:
        return []
    return [f"Budget: {report['budget']['sentence']}", *report["budget"]["notes"]]


def budget_rows(found: BudgetReport) -> Rows:
    """Return one row for each setting, the largest first."""
    first = found["settings"][0]
    searched = "queries" in first
    judged = "ndcg" in first.get("queries", {})
    titles = ["setting", "bytes", "MB in all", "kept", "95 %"]
    titles += ["results", "95 %"] if searched else []
    titles += ["nDCG", "change, 95 %"] if judged else []
    rows = [
        [
            f"{'→ ' if at == found['chosen'] else ''}{one['name']}",
            f"{one['bytes_per_vector']:,}",
            _megabytes(one["index_bytes"]),
            *_numbers(one),
            payer(one),
        ]
        for at, one in enumerate(found["settings"])
    ]
    return Rows((*titles, "who pays"), rows, last_is_words=True)


def _megabytes(n_bytes: int) -> str:
    size = n_bytes / 1e6
    return f"{size:,.1f}" if size >= 10 else f"{size:.3g}"


def _numbers(one: BudgetSetting) -> list[str]:
    told = [f"{one['kept']:.3f}", "{:.3f} to {:.3f}".format(*one["interval"])]
    held = one.get("queries")
    if held is not None:
        told += [f"{held['kept']:.3f}", "{:.3f} to {:.3f}".format(*held["interval"])]
        if "ndcg" in held:
            told += [f"{held['ndcg']:.3f}", "{:+.3f} to {:+.3f}".format(*held["ndcg_interval"])]
    return told
