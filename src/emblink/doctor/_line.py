"""One line of what was found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One thing that was looked at.

    Attributes
    ----------
    name : str
    found : str
        In words.
    way_out : str
        What to do about it; empty where nothing is wrong.
    """

    name: str
    found: str
    way_out: str = ""
