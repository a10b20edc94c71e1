"""What each setting of a budget keeps, by its size."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

import numpy as np

from emblink.plot._figure import Figure
from emblink.plot._marks import (
    ACCENT,
    INK,
    LINE,
    MUTE,
    PAPER,
    A,
    B,
    Dots,
    Lines,
    Path,
    Sheet,
    Words,
    lines,
)
from emblink.plot._style import Style, check_room, finished
from emblink.plot._text import cut, text_width
from emblink.types import BudgetReport, BudgetSetting
from emblink.wording import percent

_EDGE = 1.0
_FAMILIES = (("all dims", INK), ("principal dims", A), ("first dims", B))
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def budget_of(found: BudgetReport, style: Style) -> Figure:
    """Draw what is kept against the bytes of a vector: what is allowed, and what to take."""
    plane = _Plane(found, style)
    plane.frame()
    for family, color in _FAMILIES:
        plane.family([one for one in found["settings"] if _family(one) == family], color)
    plane.chosen()
    asked = {"allowed": found["allowed"], "measure": found["measure"], "space": found["space"]}
    caption = (
        f"{plane.what[:1].upper()}{plane.what[1:]} against the bytes of a vector of "
        f"{found['space']}, with intervals of 95 %; hollow: int8; the dashed line is what is "
        f"allowed ({percent(found['allowed'])}). {found['sentence']}"
    )
    title = f"Budget of {found['space']}"
    return finished(plane.sheet, style, title=title, caption=caption, asked=asked)


def _family(one: BudgetSetting) -> str:
    step = one["steps"].partition(":")[0]
    return {"pca": "principal dims", "truncate": "first dims"}.get(step, "all dims")


class _Plane:
    """Bytes to the right, each step twice as many; what is kept upwards."""

    def __init__(self, found: BudgetReport, style: Style) -> None:
        self._found, self._style = found, style
        held = found["settings"][0].get("queries")
        self._ndcg = found["measure"] == "ndcg" and held is not None
        self._searched = held is not None
        kept = "results of queries kept" if self._searched else "neighbours kept"
        self.what = "share of nDCG kept" if self._ndcg else f"share of {kept}"
        height = style.height or 0.62 * style.width
        self.sheet = Sheet(style.width, height, style.font)
        self._left = _EDGE + text_width("100 %", style.text) + 1.5
        self._top = _EDGE + 3.8 * style.line
        self._right, self._below = style.width - _EDGE - 2, height - _EDGE - 2.4 * style.line
        check_room((self._right - self._left, 25), (self._below - self._top, 12))
        sizes = [one["bytes_per_vector"] for one in found["settings"]]
        self._sizes = log2(min(sizes)) - 0.3, log2(max(sizes)) + 0.3
        self._whole = held.get("ndcg", 1.0) if held is not None and self._ndcg else 1.0

    def frame(self) -> None:
        """Draw the axes, the line of what is allowed, and which colour is what."""
        style, sheet = self._style, self.sheet
        for tick in _TICKS:
            y = self._y(tick)
            sheet.add(Lines(lines([self._left, y, self._right, y]), LINE, 0.2))
            text, at = f"{100 * tick:.0f} %", self._left - 1.2
            sheet.add(Words(at, y + style.rise, text, style.text, MUTE, "end"))
        last = -np.inf
        for size in sorted({one["bytes_per_vector"] for one in self._found["settings"]}):
            x, text = self._x(size), f"{size:,}"
            if x - last > text_width(text, style.text) + 1.5:
                last = x
                below = self._below + 1.1 * style.line
                sheet.add(Words(x, below, text, style.text, MUTE, "middle"))
        foot = cut("bytes a vector", style.text, self._right - self._left)
        sheet.add(Words(self._right, self._below + 2.2 * style.line, foot, style.text, MUTE, "end"))
        head = cut(self.what, style.text, self._right - self._left)
        sheet.add(Words(self._left, _EDGE + style.line - 0.4, head, style.text, INK, bold=True))
        self._legend(_EDGE + 2 * style.line)
        y, dash = self._y(self._found["allowed"]), 2.0
        starts = np.arange(self._left, self._right - dash / 2, 2 * dash)
        ends = [[x, y, min(x + dash, self._right), y] for x in starts]
        sheet.add(Lines(lines(*ends), ACCENT, 0.3))

    def _legend(self, y: float) -> None:
        x = self._left
        here = {_family(one) for one in self._found["settings"]}
        for name, color in (one for one in _FAMILIES if one[0] in here):
            if x + 2.2 + text_width(name, self._style.text) > self._right:
                return
            dot = np.array([[x + 0.8, y - self._style.rise]])
            self.sheet.add(Dots(dot, np.zeros(1, np.int64), [color], 0.8))
            self.sheet.add(Words(x + 2.2, y, name, self._style.text, MUTE))
            x += 2.2 + text_width(name, self._style.text) + 3

    def family(self, settings: Sequence[BudgetSetting], color: str) -> None:
        """Draw the settings of one family; lines join those that differ by dims alone."""
        for rounded in (False, True):
            some = [one for one in settings if one["steps"].endswith("int8") == rounded]
            if len(some) > 1 and color != INK:
                at = np.array([self._at(one) for one in some])
                self.sheet.add(Path(at, color, 0.25))
        for one in settings:
            (x, y), (low, high) = self._at(one), self._interval(one)
            self.sheet.add(Lines(lines([x, self._y(low), x, self._y(high)]), color, 0.3, 0.6))
            fill = PAPER if one["steps"].endswith("int8") else color
            self.sheet.add(
                Dots(np.array([[x, y]]), np.zeros(1, np.int64), [color], 0.9),
                Dots(np.array([[x, y]]), np.zeros(1, np.int64), [fill], 0.55),
            )

    def chosen(self) -> None:
        """Mark the smallest setting that is within what is allowed."""
        if self._found["chosen"] is None:
            return
        one, style = self._found["settings"][self._found["chosen"]], self._style
        x, y = self._at(one)
        around = np.linspace(0.0, 2 * np.pi, 33)
        ring = np.stack((x + 1.7 * np.cos(around), y + 1.7 * np.sin(around)), axis=1)
        self.sheet.add(Path(ring, ACCENT, 0.45))
        text = cut(one["name"], style.text, self._right - self._left - 6, bold=True)
        wide = text_width(text, style.text, bold=True)
        start = min(max(x - wide / 2, self._left), self._right - wide)
        above = y - 2.4 - style.line > _EDGE + 2 * style.line
        base = y - 2.4 if above else y + 2.0 + style.line
        self.sheet.add(Words(start, base, text, style.text, ACCENT, bold=True))

    def _interval(self, one: BudgetSetting) -> tuple[float, float]:
        held = one.get("queries")
        if held is None:
            low, high = one["interval"]
        elif self._ndcg and "ndcg" in held:
            before = self._whole or 1.0
            low, high = (1 + end / before for end in held["ndcg_interval"])
        else:
            low, high = held["interval"]
        return low, high

    def _at(self, one: BudgetSetting) -> tuple[float, float]:
        held = one.get("queries")
        value = one["kept"]
        if held is not None:
            value = held["kept"]
            if self._ndcg:
                value = held.get("ndcg", 0.0) / (self._whole or 1.0)
        return self._x(one["bytes_per_vector"]), self._y(value)

    def _x(self, size: float) -> float:
        low, high = self._sizes
        return self._left + (log2(size) - low) / (high - low) * (self._right - self._left)

    def _y(self, share: float) -> float:
        held = min(1.05, max(0.0, share))
        return self._below - held / 1.05 * (self._below - self._top)
