"""How wide words are, near enough to lay them out: what draws them has the font, we do not."""

from __future__ import annotations

import unicodedata

from emblink.plot._marks import MM_PER_POINT

_NARROW = set("iljtfrI.,:;'|!()[]{} -/\\")
_WIDE = set("mwMW@%—→")
_EM = {"narrow": 0.37, "wide": 0.93, "capital": 0.7, "digit": 0.63, "other": 0.61, "full": 1.05}
"""Of the wider ones among common fonts."""


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how many millimetres a line of text takes.

    Parameters
    ----------
    text : str
    size : float
        In points.
    bold : bool

    Returns
    -------
    float
    """
    ems = sum(_EM[_kind(sign)] for sign in text if not unicodedata.combining(sign))
    return ems * size * MM_PER_POINT * (1.12 if bold else 1.0)


def cut(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Shorten a text to the millimetres there are, with an ellipsis where some of it is gone."""
    one_line = " ".join(text.split())
    if text_width(one_line, size, bold=bold) <= room:
        return one_line
    while one_line and text_width(one_line + "…", size, bold=bold) > room:
        one_line = one_line[:-1]
    return f"{one_line.rstrip()}…"


def wrapped(text: str, size: float, room: float) -> list[str]:
    """Return a text in one line or two, the second shortened where it must be."""
    first, rest = "", text.split()
    while rest and text_width(f"{first} {rest[0]}", size) <= room:
        first = f"{first} {rest.pop(0)}".strip()
    if not first:
        return [cut(text, size, room)]
    return [first, cut(" ".join(rest), size, room)] if rest else [first]


def _kind(sign: str) -> str:
    if unicodedata.east_asian_width(sign) in "WF":
        return "full"
    if sign in _NARROW:
        return "narrow"
    if sign in _WIDE:
        return "wide"
    if sign.isdigit():
        return "digit"
    return "capital" if sign.isupper() else "other"
