"""The numbers that each item of a pair has."""

from __future__ import annotations

import msgspec

from emblink.table._neighbors import (
    DENSITY_NEIGHBORS,
    NEAR_NEIGHBORS,
    PURITY_NEIGHBORS,
    WIDE_NEIGHBORS,
)
from emblink.table._scores import HEADLINE


class ItemMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """One number of each item of a pair; ``{k}`` stands for how many neighbours were looked at."""

    name: str
    title: str
    definition: str
    range: tuple[float, float] | None = None
    """None where there is no least or greatest value."""
    k: int
    page: str


_SHARED = "among the items common to both"
ITEM_MEASURES: tuple[ItemMeasure, ...] = (
    ItemMeasure(
        name=HEADLINE,
        title="Neighbourhood overlap",
        definition="Neighbours kept: the share of the item's {k} nearest in A that are also among "
        f"its {{k}} nearest in B, {_SHARED}.",
        range=(0.0, 1.0),
        k=NEAR_NEIGHBORS,
        page="neighborhood_overlap",
    ),
    ItemMeasure(
        name="neighborhood_overlap_50",
        title="Wide neighbourhood overlap, {k} neighbours",
        definition="Neighbours kept: the share of the item's {k} nearest in A that are also among "
        f"its {{k}} nearest in B, {_SHARED}.",
        range=(0.0, 1.0),
        k=WIDE_NEIGHBORS,
        page="neighborhood_overlap",
    ),
    ItemMeasure(
        name="rank_biased_overlap",
        title="Rank-biased overlap",
        definition="Agreement of the item's {k} nearest neighbours in order, the nearest counting "
        f"most (p = 0.9), {_SHARED}.",
        range=(0.0, 1.0),
        k=WIDE_NEIGHBORS,
        page="rank_biased_overlap",
    ),
    ItemMeasure(
        name="rank_displacement",
        title="Rank displacement",
        definition="How many ranks the item's {k} nearest neighbours of one space lie further down "
        f"or up in the other, on average, {_SHARED}.",
        k=NEAR_NEIGHBORS,
        page="rank_displacement",
    ),
    ItemMeasure(
        name="log_density_change",
        title="Change of log density",
        definition="Log of the mean distance to the item's {k} nearest neighbours in A over that "
        "in B, less the median of all items: above 0 where B is denser.",
        k=DENSITY_NEIGHBORS,
        page="log_density_change",
    ),
    ItemMeasure(
        name="hubness_change",
        title="Change of hubness",
        definition="Log2 of how many items have this one among their {k} nearest neighbours, plus "
        "one: in B less in A.",
        k=NEAR_NEIGHBORS,
        page="hubness",
    ),
    ItemMeasure(
        name="purity_change",
        title="Change of label purity",
        definition="Share of the item's {k} nearest neighbours that carry its own label: in B less "
        "in A.",
        range=(-1.0, 1.0),
        k=PURITY_NEIGHBORS,
        page="knn_label_purity",
    ),
)
"""The headline first."""
