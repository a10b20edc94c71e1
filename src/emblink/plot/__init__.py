"""Figures of a finished bundle, as SVG and PNG, without a plotting library."""

from emblink.plot._figure import DPI, Figure
from emblink.plot._marks import Font
from emblink.plot._plots import KINDS, Plots, budget_figure
from emblink.plot._png import SOFTWARE
from emblink.plot._report import report_figures, still
from emblink.plot._svg import CREATOR

MARKS = (CREATOR.encode(), SOFTWARE)
"""By which a file is known as a figure of ours."""

__all__ = [
    "DPI",
    "KINDS",
    "MARKS",
    "Figure",
    "Font",
    "Plots",
    "budget_figure",
    "report_figures",
    "still",
]
