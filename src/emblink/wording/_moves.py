"""Spaces and moves in short words, for a terminal, a document and a figure."""

from __future__ import annotations

from math import ceil

from emblink.limits import NEARLY_ALL
from emblink.types import MovesReport, PairReport, Report, SpaceReport
from emblink.wording._words import at_least, percent

NO_PAIRS = "No pair was compared; give two spaces or more to learn what changed."

NOISE_LEAVES_NONE = (
    "Noise leaves some items none of their neighbours, so no single item can be said to "
    "have changed; read the scores of the pair and of its labels."
)
_FLOORS = {
    "replicate": "the replicates' noise",
    "layout": "the layout's own noise",
    "none": "the least visible step",
}
_CHANGED = {
    "replicate": "; changed: fewer neighbours kept than another run keeps there",
    "copy": "; nothing changed but ties and rounding",
}
_NAMED = 3


def coverage(space: SpaceReport) -> str:
    """Say which share of all items a space holds."""
    return percent(space["coverage"])


def method_words(report: Report) -> str:
    """Say of how many items numbers are, and what is approximate; "" where all is exact."""
    method = report.get("method")
    if method is None:
        return ""
    found = [one["recall"] for one in method["graphs"].values()]
    return (
        f"Numbers are measured on {method['queries']:,} items drawn at random, each asked for its "
        "exact neighbours among all; pictures and the numbers of other single items are from a "
        f"graph that holds {at_least(min(found))} of all neighbours."
    )


def matched(space: SpaceReport) -> str:
    """Say how a space's rows found their items, and whose replicate it is."""
    way = "id" if space["matched_by"] == "id" else "row position"
    return f"{way}, replicate of {space['replicate_of']}" if "replicate_of" in space else way


def moves_words(pair: PairReport) -> str:
    """Say how many items of a pair moved, changed, both or neither; "" where that is unknown."""
    if "moves" not in pair:
        return ""
    moves = pair["moves"]
    judge = moves.get("judged_by")
    if judge is None:
        return "moves: counted by an older Emblink; compare again"
    if judge == "nothing":
        return "moves: mean nothing, for the spaces share no more neighbours than chance"
    counts = moves["counts"]
    of_moves = f"{counts['moved_not_changed']:,} moved, not changed"
    floor = f"moved: over {moves['movement_floor']:.3f} radii, {_FLOORS[moves['floor_kind']]}"
    if judge == "amount":
        parts = []
        if counts["moved_not_changed"]:
            parts = [f"{of_moves} ({floor}; not changed: {_nearly_all(moves['k'])} kept or more)"]
    else:
        parts = [
            f"{counts['changed_and_moved']:,} changed and moved; "
            f"{counts['changed_not_shown'] + counts['lost_and_still']:,} changed, not shown; "
            f"{of_moves}; {counts['still']:,} still ({floor}{_CHANGED[judge]})"
        ]
    if "carried" in moves:
        parts.append(f"{moves['carried']:,} taken along: they went elsewhere with their neighbours")
    return "; ".join([f"moves: {_kept(moves)}", *parts, *_lost(moves)])


def _nearly_all(k: int) -> str:
    """Say how many of ``k`` neighbours an item keeps that did not change."""
    return f"{ceil(NEARLY_ALL * k)} of {k}"


def _kept(moves: MovesReport) -> str:
    beside = f", another run keeps {moves['expected']:.1f}" if "expected" in moves else ""
    return f"an item keeps {moves['kept']:.1f} of {moves['k']} neighbours{beside}"


def _lost(moves: MovesReport) -> list[str]:
    lost = moves.get("lost_and_still")
    if lost is None or not lost["n"]:
        return []
    named = ", ".join(one.get("text", one["id"]) for one in lost["first"][:_NAMED])
    more = ", …" if lost["n"] > _NAMED else ""
    look = "looks" if lost["n"] == 1 else "look"
    return [f"{lost['n']:,} lost every neighbour and {look} still ({named}{more})"]


def misleading_layout(unchanged: float, unseen: float) -> str:
    """Say that the aligned layout misleads about many items."""
    parts = {"move though they did not change": unchanged, "changed and look still": unseen}
    told = [f"{percent(share)} {what}" for what, share in parts.items() if share > 0]
    return (
        f"The aligned layout misleads about {percent(sum(parts.values()))} of these items: "
        f"{', '.join(told)}."
    )
