"""Questions about a selection of items, answered from a finished bundle."""

from emblink.ask._answer import PurityAnswer, SelectionAnswer, SuggestedGroups
from emblink.ask._asker import Asker
from emblink.ask._chosen import Chosen
from emblink.ask._findings import findings_of, findings_of_all
from emblink.ask._ground import Ground
from emblink.ask._groups import (
    SimilarGroup,
    SimilarGroups,
    Suggestion,
    groups_of,
    similar_groups,
    suggest_groups,
)
from emblink.ask._near import NearItems, near_items
from emblink.ask._pair import Pair, ReplicatePair, Spaces
from emblink.ask._pictures import placed_vectors, realigned_pictures
from emblink.ask._rows import select_rows
from emblink.ask._scores import DEFAULT, MEASURES
from emblink.ask._selection import ask_selection

__all__ = [
    "DEFAULT",
    "MEASURES",
    "Asker",
    "Chosen",
    "Ground",
    "NearItems",
    "Pair",
    "PurityAnswer",
    "ReplicatePair",
    "SelectionAnswer",
    "SimilarGroup",
    "SimilarGroups",
    "Spaces",
    "SuggestedGroups",
    "Suggestion",
    "ask_selection",
    "findings_of",
    "findings_of_all",
    "groups_of",
    "near_items",
    "placed_vectors",
    "realigned_pictures",
    "select_rows",
    "similar_groups",
    "suggest_groups",
]
