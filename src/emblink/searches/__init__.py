"""What a change of space does to searches: per query, in all, and by segment."""

from emblink.searches._asked import Asked, asked_of
from emblink.searches._measured import DEPTH, RESULTS, Measured, measured
from emblink.searches._relevance import relevant_among, rows_of
from emblink.searches._report import Names, searches_report
from emblink.searches._segments import Segment, segmenting, segments_of, within

__all__ = [
    "DEPTH",
    "RESULTS",
    "Asked",
    "Measured",
    "Names",
    "Segment",
    "asked_of",
    "measured",
    "relevant_among",
    "rows_of",
    "searches_report",
    "segmenting",
    "segments_of",
    "within",
]
