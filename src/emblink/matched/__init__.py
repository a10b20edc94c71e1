"""What two spaces share: their common items, both sides of a pair, and scores beside chance."""

from emblink.matched._geometry import geometry_scores
from emblink.matched._items import (
    FEWEST_COMMON,
    QUERIES,
    Common,
    among,
    in_both,
    sample,
    sample_rows,
    sensible_k,
    take,
)
from emblink.matched._scores import RawScores
from emblink.matched._sides import WIDE_NEIGHBORS, Side, ks_of

__all__ = [
    "FEWEST_COMMON",
    "QUERIES",
    "WIDE_NEIGHBORS",
    "Common",
    "RawScores",
    "Side",
    "among",
    "geometry_scores",
    "in_both",
    "ks_of",
    "sample",
    "sample_rows",
    "sensible_k",
    "take",
]
