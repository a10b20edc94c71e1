"""What is answered, as plain data."""

from __future__ import annotations

from typing import TypedDict

from emblink.bundle.schema import GroupRows
from emblink.types import GroupReport, GroupSearch, Score


class PurityAnswer(TypedDict):
    """Mean share of the selected items' labelled neighbours that carry the item's own label.

    ``chance`` is that of spaces unrelated to the labels; ``interval`` holds ``b - a`` in 95 % of
    cases; ``n`` counts the selected items that have a label.
    """

    a: float
    b: float
    chance: float
    n: int
    k: int
    interval: list[float]


class SelectionAnswer(TypedDict):
    """What the selected items say of a pair.

    ``n`` of them are in both spaces, ``n_outside`` are not. ``scores`` and ``purity`` are empty
    and None where there is nothing to be measured; ``sentence`` then says why.
    """

    n: int
    n_outside: int
    scores: dict[str, Score]
    purity: PurityAnswer | None
    sentence: str
    warnings: list[str]


class SuggestedGroups(TypedDict):
    """The change groups among the selected items, and the items that the report of each names."""

    groups: list[GroupReport]
    rows: list[GroupRows]
    search: GroupSearch
