"""The sentences that are said of spaces and of pairs, from what was measured and judged."""

from emblink.wording._answer import pair_answer
from emblink.wording._health_warnings import extreme_rows_warning, health_warnings, heavy_share
from emblink.wording._outer import markdown, visible
from emblink.wording._sentences import pair_sentence, pair_warnings
from emblink.wording._words import (
    at_least,
    clip,
    counted,
    exactly,
    flip_words,
    listed,
    name_item,
    named,
    percent,
    probability,
    quoted,
)

__all__ = [
    "at_least",
    "clip",
    "counted",
    "exactly",
    "extreme_rows_warning",
    "flip_words",
    "health_warnings",
    "heavy_share",
    "listed",
    "markdown",
    "name_item",
    "named",
    "pair_answer",
    "pair_sentence",
    "pair_warnings",
    "percent",
    "probability",
    "quoted",
    "visible",
]
