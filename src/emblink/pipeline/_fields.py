"""What the per-item measures of a pair are called and mean."""

from __future__ import annotations

from typing import NamedTuple

from emblink.matched import OVERLAP_NEIGHBORS, PURITY_NEIGHBORS, WIDE_NEIGHBORS, sensible_k
from emblink.pipeline._measures import DENSITY_NEIGHBORS


class ItemMeasure(NamedTuple):
    """A per-item measure of a pair: its title, what it is, and its least and greatest value."""

    title: str
    definition: str
    bounds: tuple[float, float] | None


def item_measures(n_common: int) -> dict[str, ItemMeasure]:
    """Return the per-item measures of a pair over ``n_common`` items, the headline first.

    Parameters
    ----------
    n_common : int

    Returns
    -------
    mapping of name to ItemMeasure
    """
    k, k_wide, k_density, k_purity = (
        sensible_k(most, n_common)
        for most in (OVERLAP_NEIGHBORS, WIDE_NEIGHBORS, DENSITY_NEIGHBORS, PURITY_NEIGHBORS)
    )
    shared = "among the items common to both"
    return {
        "neighborhood_overlap": ItemMeasure(
            "Neighbourhood overlap",
            f"Share of the item's {k} nearest neighbours in A that are also among its {k} "
            f"nearest in B, {shared}.",
            (0.0, 1.0),
        ),
        "neighborhood_overlap_50": ItemMeasure(
            f"Neighbourhood overlap, {k_wide} neighbours",
            f"Share of the item's {k_wide} nearest neighbours in A that are also among its "
            f"{k_wide} nearest in B, {shared}.",
            (0.0, 1.0),
        ),
        "rank_biased_overlap": ItemMeasure(
            "Rank-biased overlap",
            f"Agreement of the item's {k_wide} nearest neighbours in order, the nearest counting "
            f"most (p = 0.9), {shared}.",
            (0.0, 1.0),
        ),
        "rank_displacement": ItemMeasure(
            "Rank displacement",
            f"How many ranks the item's {k} nearest neighbours of one space lie further down or up "
            f"in the other, on average, {shared}.",
            None,
        ),
        "log_density_change": ItemMeasure(
            "Change of density",
            f"Log of the mean distance to the item's {k_density} nearest neighbours in A over that "
            "in B, less the median of all items: above 0 where B is denser.",
            None,
        ),
        "hubness_change": ItemMeasure(
            "Change of hubness",
            f"Log2 of how many items have this one among their {k} nearest neighbours, plus one: "
            "in B less in A.",
            None,
        ),
        "purity_change": ItemMeasure(
            "Change of label purity",
            f"Share of the item's {k_purity} nearest neighbours that carry its own label: in "
            "B less in A.",
            (-1.0, 1.0),
        ),
    }
