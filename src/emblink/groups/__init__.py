"""Change groups: items that changed together, found, tested and explained."""

from emblink.groups._explain import Background, Explained, Found, explain
from emblink.groups._find import Changes, Surroundings, change_groups
from emblink.groups._points import principal_points
from emblink.groups._timelines import PairGroups, timelines, unchanging

__all__ = [
    "Background",
    "Changes",
    "Explained",
    "Found",
    "PairGroups",
    "Surroundings",
    "change_groups",
    "explain",
    "principal_points",
    "timelines",
    "unchanging",
]
