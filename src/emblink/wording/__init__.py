"""The sentences that are said of spaces and of pairs, from what was measured and judged."""

from emblink.wording._adapter import adapter_payer, adapter_sentence
from emblink.wording._answer import pair_answer
from emblink.wording._budget import budget_sentence, payer, payer_words
from emblink.wording._health_warnings import extreme_rows_warning, health_warnings, heavy_share
from emblink.wording._outer import markdown, visible
from emblink.wording._searches import (
    gained_words,
    lost_words,
    of_lost,
    search_findings,
    search_loss,
    search_quality_words,
    search_sentence,
    segment_words,
)
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
    "adapter_payer",
    "adapter_sentence",
    "at_least",
    "budget_sentence",
    "clip",
    "counted",
    "exactly",
    "extreme_rows_warning",
    "flip_words",
    "gained_words",
    "health_warnings",
    "heavy_share",
    "listed",
    "lost_words",
    "markdown",
    "name_item",
    "named",
    "of_lost",
    "pair_answer",
    "pair_sentence",
    "pair_warnings",
    "payer",
    "payer_words",
    "percent",
    "probability",
    "quoted",
    "search_findings",
    "search_loss",
    "search_quality_words",
    "search_sentence",
    "segment_words",
    "visible",
]
