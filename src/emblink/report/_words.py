"""Short words about spaces that a terminal and a document share."""

from __future__ import annotations

from emblink.measures import percent
from emblink.types import SpaceReport

NO_PAIRS = "No pair was compared; give two spaces or more to learn what changed."


def coverage(space: SpaceReport) -> str:
    """Say which share of all items a space holds."""
    return percent(space["coverage"])


def matched(space: SpaceReport) -> str:
    """Say how a space's rows found their items, and whose replicate it is."""
    way = "id" if space["matched_by"] == "id" else "row position"
    return f"{way}, replicate of {space['replicate_of']}" if "replicate_of" in space else way
