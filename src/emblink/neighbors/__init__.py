"""From vectors to neighbour graphs."""

from emblink.neighbors._affordable import check_affordable
from emblink.neighbors._approximate import approximate
from emblink.neighbors._exact import nearest_neighbors, neighbors_of
from emblink.neighbors._restrict import restrict
from emblink.neighbors._within import neighbors_within

__all__ = [
    "approximate",
    "check_affordable",
    "nearest_neighbors",
    "neighbors_of",
    "neighbors_within",
    "restrict",
]
