"""The report for a program."""

from __future__ import annotations

import json

from emblink.types import Report
from emblink.wording import inert_json


def as_json(report: Report) -> str:
    """Return the report as JSON, schema ``emblink.report/2``.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
    """
    text = json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False)
    return inert_json(text) + "\n"
