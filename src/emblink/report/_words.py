"""Short words about spaces that a terminal and a document share."""

from __future__ import annotations

from emblink.types import MovesReport, PairReport, SpaceReport
from emblink.wording import percent

NO_PAIRS = "No pair was compared; give two spaces or more to learn what changed."

_FLOORS = {
    "replicate": "the replicates' noise",
    "layout": "the layout's own noise",
    "none": "the least visible step",
}


def coverage(space: SpaceReport) -> str:
    """Say which share of all items a space holds."""
    return percent(space["coverage"])


def matched(space: SpaceReport) -> str:
    """Say how a space's rows found their items, and whose replicate it is."""
    way = "id" if space["matched_by"] == "id" else "row position"
    return f"{way}, replicate of {space['replicate_of']}" if "replicate_of" in space else way


def moves_words(pair: PairReport) -> str:
    """Say how many items of a pair moved, changed, both or neither; "" where that is unknown."""
    if "moves" not in pair:
        return ""
    moves: MovesReport = pair["moves"]
    counts = moves["counts"]
    return (
        f"moves: {counts['real']:,} real, {counts['layout_only']:,} layout only, "
        f"{counts['hidden']:,} hidden, {counts['still']:,} still "
        f"(moved: over {moves['movement_floor']:.3f} radii, {_FLOORS[moves['floor_kind']]}; "
        f"changed: overlap under {moves['change_threshold']:.2f})"
    )
