"""A report in words and tables: for a terminal, for a document, for a program."""

from emblink.report._blocks import NUMBERS
from emblink.report._facts import facts_as_terminal
from emblink.report._html import as_html, findings_as_html
from emblink.report._json import as_json
from emblink.report._markdown import as_markdown
from emblink.report._terminal import as_terminal, budget_as_terminal

__all__ = [
    "NUMBERS",
    "as_html",
    "as_json",
    "as_markdown",
    "as_terminal",
    "budget_as_terminal",
    "facts_as_terminal",
    "findings_as_html",
]
