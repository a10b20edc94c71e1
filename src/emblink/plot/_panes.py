"""Pictures of spaces side by side, in one frame, and the legend beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emblink.plot._colours import Colouring, number_words
from emblink.plot._marks import EDGE, MM_PER_POINT, MUTE, Box, Dots, Mark, Words
from emblink.plot._text import cut, text_width, wrapped
from emblink.types import FloatArray, IntArray

GAP = 2.0
_FAR = 99.7
"""Percent of the points that set the frame: a far one does not make all others small."""
_BAR = 22.0
"""Millimetres of a ramp."""


@dataclass(frozen=True)
class Frame:
    """Where on the sheet a part of the plane is drawn."""

    x: float
    y: float
    side: float
    middle: tuple[float, float]
    reach: float

    def place(self, coords: FloatArray) -> FloatArray:
        """Return places on the sheet, those beyond the frame at its edge."""
        half = self.side / 2
        at = (np.asarray(coords, np.float64) - self.middle) / self.reach * half
        at = np.clip(at, -half, half) * (1, -1)
        corner: FloatArray = np.array([self.x + half, self.y + half])
        return at + corner

    def edge(self) -> Box:
        """Return the outline."""
        return Box(self.x, self.y, self.side, self.side, "none", EDGE)


def frames(
    pictures: Sequence[FloatArray], corners: Sequence[tuple[float, float]], side: float
) -> list[Frame]:
    """Return a frame for each corner, all of one part of the plane, which holds all pictures."""
    every = np.concatenate([one[np.isfinite(one).all(axis=1)] for one in pictures])
    if not len(every):
        return [Frame(x, y, side, (0.0, 0.0), 1.0) for x, y in corners]
    low, high = np.percentile(every, (100 - _FAR, _FAR), axis=0)
    middle = float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2
    reach = max(float((high - low).max()) / 2, 1e-6) * 1.06
    return [Frame(x, y, side, middle, reach) for x, y in corners]


def radius_of(n: int, side: float) -> float:
    """Return the radius of dots, of which so many lie in a square of that side."""
    return float(np.clip(side / (3.4 * np.sqrt(max(n, 1))), 0.14, 0.9))


def points(frame: Frame, coords: FloatArray, colors: Colouring, rows: IntArray) -> Dots:
    """Return the items of a picture as dots; ``rows`` says which item each is."""
    codes = colors.codes[rows]
    order = np.argsort(codes > 0, kind="stable") if colors.behind else np.arange(len(codes))
    radius = radius_of(len(coords), frame.side)
    return Dots(frame.place(coords)[order], codes[order], colors.colors, radius, 0.85)


def legend_width(colors: Colouring, size: float) -> float:
    """Return how many millimetres a legend would like."""
    if colors.ends is not None:
        head = text_width(colors.title, size, bold=True)
        return max(head, _BAR, *(text_width(words, size) for words in number_words(colors.ends)))
    longest = max((text_width(words, size) for _, words in colors.legend), default=0.0)
    head = text_width(colors.title, size, bold=True)
    return max(longest + 2.2 * size * MM_PER_POINT, head) if colors.legend else 0.0


def legend(colors: Colouring, *, at: tuple[float, float], room: float, size: float) -> list[Mark]:
    """Return the legend, its upper left corner at a place."""
    x, y = at
    line = 1.45 * size * MM_PER_POINT
    marks: list[Mark] = []
    if colors.title and (colors.legend or colors.ends):
        y += line
        marks.append(Words(x, y, cut(colors.title, size, room, bold=True), size, bold=True))
        y += 0.3 * line
    if colors.ends is not None:
        bar, y = _bar(colors, colors.ends, at=(x, y), room=room, size=size)
        marks += bar
    dot = 0.36 * size * MM_PER_POINT
    for color, words in colors.legend:
        y += line
        middle = np.array([[x + dot, y - 0.36 * size * MM_PER_POINT]])
        marks.append(Dots(middle, np.zeros(1, np.int64), [color], dot))
        for at_line, text in enumerate(wrapped(words, size, room - 3.2 * dot)):
            y += 0.85 * line * at_line
            marks.append(Words(x + 3.2 * dot, y, text, size))
    return marks


def _bar(
    colors: Colouring,
    ends: tuple[float, float],
    *,
    at: tuple[float, float],
    room: float,
    size: float,
) -> tuple[list[Mark], float]:
    """Return the ramp and the numbers at its ends, and where it ends below."""
    low, high = number_words(ends)
    n = len(colors.colors) - 1
    wide, tall = min(room, _BAR), 0.9 * size * MM_PER_POINT
    x, y = at[0], at[1] + 0.6 * size * MM_PER_POINT
    each = wide / n
    marks: list[Mark] = [
        Box(x + i * each, y, each + 0.02, tall, color) for i, color in enumerate(colors.colors[:n])
    ]
    below = y + tall + 1.15 * size * MM_PER_POINT
    marks.append(Words(x, below, low, size, MUTE))
    if text_width(f"{low}  {high}", size) > wide:
        below += 1.2 * size * MM_PER_POINT
    marks.append(Words(x + wide, below, high, size, MUTE, "end"))
    return marks, below
