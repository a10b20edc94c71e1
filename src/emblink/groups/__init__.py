"""Change groups: items that changed together, found, tested and explained."""

from emblink.groups._enrich import enrich, hypergeometric_tail
from emblink.groups._explain import Background, Explained, Found, explain
from emblink.groups._find import FEWEST_ITEMS, SURROUNDINGS, Changes, Surroundings, change_groups
from emblink.groups._keywords import distinctive_words
from emblink.groups._pair import Items, PairChanges, pair_changes
from emblink.groups._points import principal_points
from emblink.groups._storage import storage_rounding
from emblink.groups._surroundings import surroundings
from emblink.groups._timelines import PairGroups, timelines, unchanging

__all__ = [
    "FEWEST_ITEMS",
    "SURROUNDINGS",
    "Background",
    "Changes",
    "Explained",
    "Found",
    "Items",
    "PairChanges",
    "PairGroups",
    "Surroundings",
    "change_groups",
    "distinctive_words",
    "enrich",
    "explain",
    "hypergeometric_tail",
    "pair_changes",
    "principal_points",
    "storage_rounding",
    "surroundings",
    "timelines",
    "unchanging",
]
