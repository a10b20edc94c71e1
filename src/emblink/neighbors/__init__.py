"""From vectors to neighbour graphs."""

from emblink.neighbors._affordable import check_affordable, prefers_approximate
from emblink.neighbors._apart import FILES as WORKPLACE_FILES
from emblink.neighbors._approximate import ApproximateGraph, approximate
from emblink.neighbors._bounded import likely_near
from emblink.neighbors._exact import nearest_neighbors, neighbors_of
from emblink.neighbors._recall import Recall
from emblink.neighbors._restrict import restrict
from emblink.neighbors._within import neighbors_within

__all__ = [
    "WORKPLACE_FILES",
    "ApproximateGraph",
    "Recall",
    "approximate",
    "check_affordable",
    "likely_near",
    "nearest_neighbors",
    "neighbors_of",
    "neighbors_within",
    "prefers_approximate",
    "restrict",
]
