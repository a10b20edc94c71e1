"""Names, values and expected counts as they stand in the sentence of a group."""

from __future__ import annotations

from emblink.types import Enrichment
from emblink.wording._words import clip, quoted


def short(name: str) -> str:
    """Write a name within a sentence: cut where it is long, quoted where it could be two."""
    line = clip(name)
    return quoted(line) if line == name else f'"{line}"'


def value_of(one: Enrichment, label: str | None) -> str:
    """Name a value: a label by itself, another with its column before it.

    Parameters
    ----------
    one : Enrichment
    label : str or None
        The column with the role of label.

    Returns
    -------
    str
    """
    return one["value"] if one["column"] == label else f"{one['column']} {one['value']}"


def expected(number: float) -> str:
    """Write how many were expected: two digits below ten, whole above, never 0."""
    if number < 0.01:
        return "under 0.01"
    return f"{number:.2g}" if number < 9.95 else f"{number:,.0f}"
