"""Titles and definitions of the columns that a comparison adds to items and queries."""

from __future__ import annotations

from emblink.wording._words import at_least

STRAYED = "Strayed with its neighbours"
PURITY = "Label purity of the neighbourhood"
TRUST = {
    "trustworthiness": "Trustworthiness",
    "continuity": "Continuity",
    "false_neighbors": "False neighbours",
    "missing_neighbors": "Missing neighbours",
}
TRUST_DEFINITIONS = {
    "trustworthiness": "1 less the penalty for neighbours in the picture that are none in the "
    "space, by how far they rank there (Venna & Kaski 2001, k = {k}).",
    "continuity": "1 less the penalty for neighbours in the space that are none in the picture, "
    "by how far they rank there (Venna & Kaski 2001, k = {k}).",
    "false_neighbors": "Share of the {k} nearest in the picture that are not among the {reach} "
    "nearest in the space.",
    "missing_neighbors": "Share of the {k} nearest in the space that are not among the {reach} "
    "nearest in the picture.",
}


def strayed_definition(threshold: float) -> str:
    """Define how far an item strayed with its neighbours."""
    return (
        "How far the item and its neighbours are from where the other space lets "
        "them be expected, in standard scores of the noise around; above "
        f"{threshold:g} it can be in a change group."
    )


def purity_definition(k: int) -> str:
    """Define the label purity of a neighbourhood."""
    return f"Share of the item's {k} nearest neighbours that carry its own label."


def approximate_words(n_asked: int, recall: float) -> str:
    """Say that values are approximate, but for the items that were asked."""
    return (
        f"Approximate, but for {n_asked:,} items drawn at random: from a "
        f"graph that holds {at_least(recall)} of all neighbours."
    )


def of_picture(what: str, title: str) -> str:
    """Title what was measured of a picture."""
    return f"{TRUST[what]} of the {title} picture"


def rank_title(side: str) -> str:
    """Title the rank of the first relevant result in a space."""
    return f"rank of the first relevant result in {side.upper()}, 0 for none"
