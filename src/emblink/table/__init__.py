"""The table of measures: what each number of a pair is called, means, reaches and is read against.

Report, answers, manifest, page and docs take names, titles and ranges from here alone. What has no
chance or no floor says why.
"""

from emblink.table._items import ITEM_MEASURES, ItemMeasure
from emblink.table._neighbors import (
    DENSITY_NEIGHBORS,
    NEAR_NEIGHBORS,
    PURITY_NEIGHBORS,
    VOTERS,
    WIDE_NEIGHBORS,
)
from emblink.table._scores import AROUND, HEADLINE, MEASURES, Measure, measure_named, title_of
from emblink.table._searches import SEARCH_MEASURES

__all__ = [
    "AROUND",
    "DENSITY_NEIGHBORS",
    "HEADLINE",
    "ITEM_MEASURES",
    "MEASURES",
    "NEAR_NEIGHBORS",
    "PURITY_NEIGHBORS",
    "SEARCH_MEASURES",
    "VOTERS",
    "WIDE_NEIGHBORS",
    "ItemMeasure",
    "Measure",
    "measure_named",
    "title_of",
]
