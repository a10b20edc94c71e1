"""Questions about a selection of items, answered from a finished bundle."""

from emblink.ask._answer import Answer, PurityAnswer
from emblink.ask._asker import Asker
from emblink.ask._pair import Pair, Rerun, Side
from emblink.ask._projections import Projections
from emblink.ask._rows import select_rows
from emblink.ask._scores import HEADLINE, MEASURES
from emblink.ask._selection import ask_selection

__all__ = [
    "HEADLINE",
    "MEASURES",
    "Answer",
    "Asker",
    "Pair",
    "Projections",
    "PurityAnswer",
    "Rerun",
    "Side",
    "ask_selection",
    "select_rows",
]
