"""What a figure is made of: marks on a sheet, in millimetres from its upper left corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np

from emblink.types import FloatArray, IntArray
from emblink.wording import visible

MM_PER_POINT = 25.4 / 72

Anchor: TypeAlias = Literal["start", "middle", "end"]
Font: TypeAlias = Literal["sans-serif", "serif", "monospace"]

INK, MUTE, EDGE, LINE, PAPER = "#1c1e22", "#646b76", "#c4c9d0", "#e2e5e9", "#ffffff"
"""The greys of the page on light paper."""
A_INK, B_INK, ACCENT = "#1a5fb4", "#a84e00", "#7a3cf0"
A, B = "#2474d6", "#e07412"


@dataclass(frozen=True, eq=False)
class Dots:
    """Round points, the later ones above.

    Attributes
    ----------
    xy : array of shape (n, 2)
    codes : array of shape (n,)
        Which of ``colors`` each has.
    colors : sequence of "#rrggbb"
    radius : float
    opacity : float
    ring : str
        Colour of their edge; empty for none.
    """

    xy: FloatArray
    codes: IntArray
    colors: Sequence[str]
    radius: float
    opacity: float = 1.0
    ring: str = ""


@dataclass(frozen=True, eq=False)
class Lines:
    """Straight lines of one colour: ``ends[i]`` is ``x, y, x, y``."""

    ends: FloatArray
    color: str
    width: float
    opacity: float = 1.0


@dataclass(frozen=True, eq=False)
class Path:
    """One line through points of shape (n, 2)."""

    xy: FloatArray
    color: str
    width: float


@dataclass(frozen=True)
class Box:
    """A filled rectangle; ``edge`` is the colour of its outline, if it has one."""

    x: float
    y: float
    width: float
    height: float
    color: str
    edge: str = ""
    opacity: float = 1.0


@dataclass(frozen=True)
class Words:
    """One line of text; ``y`` is that of its base line, ``size`` in points."""

    x: float
    y: float
    text: str
    size: float
    color: str = INK
    anchor: Anchor = "start"
    bold: bool = False
    upward: bool = False
    """Turned so that it is read from below."""


Mark: TypeAlias = Dots | Lines | Path | Box | Words


@dataclass(eq=False)
class Sheet:
    """Marks in the order in which they are drawn."""

    width: float
    height: float
    font: Font = "sans-serif"
    marks: list[Mark] = field(default_factory=list)

    def add(self, *marks: Mark) -> None:
        """Draw marks above those that are there; words that others wrote as they can be seen."""
        for mark in marks:
            if isinstance(mark, Words):
                mark = replace(mark, text=visible(mark.text))
            self.marks.append(mark)


def lines(*ends: Sequence[float]) -> FloatArray:
    """Return the ends of some lines as an array."""
    return np.array(ends, dtype=np.float64).reshape(-1, 4)
