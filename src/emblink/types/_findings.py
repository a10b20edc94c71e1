"""What stands out of a pair or of a whole comparison, in words: one entry a fact."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from emblink.types._groups import GroupItem
from emblink.types._words import FindingKind, FindingPicture


class FindingPair(TypedDict):
    """Another pair that shows the same."""

    a: str
    b: str


class FindingReport(TypedDict):
    """One thing that changed from ``a`` to ``b``: what, how much, how sure, and which items."""

    kind: FindingKind
    title: str
    sentence: str
    """What happened, and how much, in plain words."""
    how_sure: str
    """What is known of noise and chance, in a second sentence."""
    example: NotRequired[str]
    """One item, and who was next to it before and after."""
    a: str
    b: str
    n: int
    """Items."""
    share: float
    """Of the pair's common items."""
    far: float
    """How far these items changed beside the others, in [0, 1]."""
    score: float
    """``sqrt(share) * far``: findings that are sure come first, and each by this."""
    sure: bool
    """Whether it is clear of chance after all pairs are allowed for."""
    p: NotRequired[float]
    """Of the surest claim told here, adjusted for the pairs of the comparison (Holm)."""
    provisional: bool
    """Fewer than three replicates say what noise changes."""
    exemplars: list[GroupItem]
    """At most six members, those that changed most."""
    picture: FindingPicture
    groups: list[int]
    """Places of the change groups told here among those of the pair."""
    labels: list[str]
    """Labels whose claims are told here."""
    pairs: NotRequired[list[FindingPair]]
    """Of a whole comparison: the other pairs that show the same items."""
