"""Names, counts and p-values as they stand in a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from emblink.types import Enrichment

_MOST_SIGNS = 40
_JOINS = re.compile(r"[,;:()→]| and ")


def clip(text: str) -> str:
    """Write a name on one line of at most 40 signs.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    line = " ".join(text.split())
    return line if len(line) <= _MOST_SIGNS else f"{line[: _MOST_SIGNS - 1].rstrip()}…"


def quoted(name: str) -> str:
    """Write a name within a sentence, in quotation marks where it could be read as two.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
    """
    line = clip(name)
    return line if line == name and not _JOINS.search(name) else f'"{line}"'


def counted(count: int, noun: str) -> str:
    """Write a count before its noun, which gets an s where it is not one.

    Parameters
    ----------
    count : int
    noun : str

    Returns
    -------
    str
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(parts: Sequence[str]) -> str:
    """Write a list with commas and an "and".

    Parameters
    ----------
    parts : sequence of str

    Returns
    -------
    str
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


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
    """Write how many were expected: two digits below ten, whole above, never 0.

    Parameters
    ----------
    number : float

    Returns
    -------
    str
    """
    if number < 0.01:
        return "under 0.01"
    return f"{number:.2g}" if number < 9.95 else f"{number:,.0f}"


def probability(p: float) -> str:
    """Write a p-value with two digits, never less than ``p < 0.001``.

    Parameters
    ----------
    p : float

    Returns
    -------
    str
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"
