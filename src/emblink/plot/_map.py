"""All spaces as points of a plane."""

from __future__ import annotations

import numpy as np

from emblink.bundle import Bundle
from emblink.errors import InputError
from emblink.plot._figure import Figure
from emblink.plot._marks import ACCENT, EDGE, INK, MUTE, Dots, Lines, Sheet, Words, lines
from emblink.plot._style import Style, check_room, finished
from emblink.plot._text import cut, text_width
from emblink.table import title_of
from emblink.types import FloatArray, Report
from emblink.wording.captions import (
    map_caption,
)

_EDGE = 2.0
_SHAPE = 0.72
_BARS = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01)


def map_figure(bundle: Bundle, style: Style) -> Figure:
    """Draw the spaces near where they agree.

    Raises
    ------
    InputError
        There are fewer than three, or not every two of them were compared.
    """
    report = bundle.manifest.report
    if "map" not in report:
        raise InputError(
            "a map needs three spaces or more of which every two were compared; compare with "
            'pairs="all", or draw plot.matrix()'
        )
    found = report["map"]
    names = [*found["coords"]]
    coords = np.array([found["coords"][name] for name in names], np.float64)
    height = style.height or _SHAPE * style.width
    check_room((height, 4 * style.line + 10))
    sheet = Sheet(style.width, height, style.font)
    at, scale = _fitted(coords, names, style, height)
    sheet.add(_runs(report, dict(zip(names, at, strict=True))))
    sheet.add(Dots(at, np.zeros(len(at), np.int64), [ACCENT], 1.1, ring="#ffffff"))
    sheet.add(*_names(names, at, style, sheet.width))
    sheet.add(*_bar(scale, style, height))
    measure = title_of(found["measure"])
    caption = map_caption(len(names), measure, kept=found["kept"])
    return finished(sheet, style, title="Map of spaces", caption=caption, asked={})


def _fitted(
    coords: FloatArray, names: list[str], style: Style, height: float
) -> tuple[FloatArray, float]:
    """Return places on the sheet with room for the names, and millimetres per unit."""
    wide = max(min(text_width(name, style.text), style.width / 3) for name in names)
    room = np.array([style.width - 2 * _EDGE - 2 * wide, height - 2 * _EDGE - 4 * style.line])
    low, high = coords.min(axis=0), coords.max(axis=0)
    span = np.maximum(high - low, 1e-9)
    scale = float((np.maximum(room, 5) / span).min())
    middle = np.array([style.width, height - 1.5 * style.line]) / 2
    at = middle + (coords - (low + high) / 2) * (1, -1) * scale
    return at, scale


def _runs(report: Report, at: dict[str, FloatArray]) -> Lines:
    """Return lines between a space and other runs of its recipe."""
    ends = [
        [*at[space["replicate_of"]], *at[space["name"]]]
        for space in report["spaces"]
        if space.get("replicate_of") in at and space["name"] in at
    ]
    return Lines(lines(*ends), EDGE, 0.3)


def _names(names: list[str], at: FloatArray, style: Style, width: float) -> list[Words]:
    """Put each name right of its point, or left of it, or where it covers fewest others."""
    room = width / 3
    taken: list[tuple[float, float, float, float]] = [
        (x - 1.1, y - 1.1, x + 1.1, y + 1.1) for x, y in at.tolist()
    ]
    placed = []
    for place in np.argsort(-at[:, 0], kind="stable").tolist():
        (x, y), text = at[place].tolist(), cut(names[place], style.text, room)
        wide, tall = text_width(text, style.text), style.line
        best: tuple[float, tuple[float, float]] | None = None
        for left, top in _around(x, y, wide, tall):
            box = (left, top, left + wide, top + 0.8 * tall)
            cost = sum(_shared(box, other) for other in taken)
            cost += 1e6 * (box[0] < 0 or box[2] > width)
            if best is None or cost < best[0] - 1e-9:
                best = cost, (left, top)
        left, top = best[1] if best else (x, y)
        taken.append((left, top, left + wide, top + 0.8 * tall))
        placed.append(Words(left, top + 0.4 * tall + style.rise, text, style.text, INK))
    return placed


def _around(x: float, y: float, wide: float, tall: float) -> list[tuple[float, float]]:
    up, down, level = y - 1.2 - 0.8 * tall, y + 1.2, y - 0.4 * tall
    right, left, middle = x + 1.8, x - 1.8 - wide, x - wide / 2
    return [
        (right, level), (left, level), (middle, up), (middle, down),
        (right, up), (right, down), (left, up), (left, down),
        (right, up - tall), (right, down + tall), (left, up - tall), (left, down + tall),
    ]  # fmt: skip


def _shared(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, tall)


def _bar(scale: float, style: Style, height: float) -> list[Lines | Words]:
    length = next((one for one in _BARS if one * scale <= style.width / 4), _BARS[-1])
    y = height - _EDGE
    return [
        Lines(lines([_EDGE, y, _EDGE + length * scale, y]), MUTE, 0.35),
        Words(_EDGE, y - 1.0, f"{length:g} (1 is chance)", style.text, MUTE),
    ]
