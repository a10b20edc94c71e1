"""Who changed between two spaces of one model, and how far, in words."""

from __future__ import annotations

from emblink.wording._words import clip, counted, percent, quoted


def stand_together(first: str, last: str) -> str:
    """Say that changed items stand in one run of rows."""
    return f"They stand together, from {first} to {last}: was a batch computed otherwise?"


def by_text_length(*, longer: bool, inside: int, outside: int) -> str:
    """Say that changed items have the longer or shorter texts."""
    way, why = "shorter", "is text padded, or given a prefix?"
    if longer:
        way, why = "longer", "is text cut elsewhere, or no more?"
    return f"They have the {way} texts ({inside:,} signs in the middle, others {outside:,}): {why}"


def by_label_share(label: str, share: float, *, n: int, base: float) -> str:
    """Say which label most changed items carry."""
    return (
        f"{percent(share)} of them are {quoted(label)} "
        f"({counted(n, 'item')} of all, {percent(base)})."
    )


def parity_verdict(
    same: bool, *, missing: bool, n_changed: int, n_common: int, counted_ones: bool
) -> str:
    """Say whether parity holds."""
    if same:
        return "Fail: items are missing." if missing else "Pass: the vectors are the same."
    if not counted_ones:
        return "Fail: the vectors are not the same."
    return f"Fail: {counted(n_changed, 'vector')} of {n_common:,} changed."


def amounts_changed(
    *, n_changed: int, n_common: int, tolerance: float, median: float, largest: float
) -> str:
    """Say how many vectors changed by how much; none changed where `n_changed` is 0."""
    within = percent(tolerance)
    said = f"all {counted(n_common, 'vector')} changed by at most {within} of their length"
    if n_changed:
        said = (
            f"{n_changed:,} of {counted(n_common, 'vector')} changed by more than "
            f"{within} of their length"
        )
    return f"{said} (half by {percent(median)} or less, the most by {percent(largest)})."


def changed_item(name: str, text: str, by: float) -> str:
    """Name an item and how far its vector changed."""
    told = f"{name} “{clip(text)}”" if text and text != name else name
    return f"{told} by {percent(by)}"
