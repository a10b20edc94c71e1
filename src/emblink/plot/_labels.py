"""How pure each label is before and after."""

from __future__ import annotations

import numpy as np

from emblink.bundle import Bundle
from emblink.errors import InputError
from emblink.plot._figure import Figure
from emblink.plot._marks import (
    A_INK,
    B_INK,
    EDGE,
    INK,
    LINE,
    MUTE,
    A,
    B,
    Dots,
    Lines,
    Sheet,
    Words,
    lines,
)
from emblink.plot._pair import pair_words
from emblink.plot._palettes import SIGNED
from emblink.plot._style import Style, check_room, finished
from emblink.plot._text import cut, text_width
from emblink.table import PURITY_NEIGHBORS
from emblink.types import LabelReport
from emblink.wording.captions import (
    labels_caption,
)

LABELS = 20
_EDGE = 1.0
_INKS = {"better": SIGNED[-1], "worse": SIGNED[0]}


def labels_figure(bundle: Bundle, spaces: tuple[str, str], style: Style, *, most: int) -> Figure:
    """Draw the purity of the labels that changed most, in both spaces.

    Raises
    ------
    InputError
        Items have no labels.
    """
    labels = _labels_of(bundle, spaces)
    known = sorted(labels, key=lambda one: (one["verdict"] == "too_few", -abs(one["delta"])))
    shown = sorted(known[:most], key=lambda one: -one["delta"])
    said = [_said(one) for one in shown]
    names = min(max(text_width(one["label"], style.text) for one in shown), 0.34 * style.width)
    right = max(text_width(one, style.text) for one in [*said, "change, 95 %"])
    left = _EDGE + names + 2
    wide = style.width - left - right - 2 * _EDGE - 3
    head, foot = 1.6 * style.line, 2.6 * style.line
    tall = 1.12 * style.line
    if style.height is not None:
        tall = min(tall, (style.height - head - foot - 2 * _EDGE) / len(shown))
    check_room((wide, 10), (tall, 0.8))
    sheet = Sheet(style.width, 2 * _EDGE + head + len(shown) * tall + foot, style.font)
    _frame(sheet, style, spaces, place=(left, wide), rows=(head, len(shown) * tall))
    for row, (one, words) in enumerate(zip(shown, said, strict=True)):
        y = _EDGE + head + (row + 0.5) * tall
        base, label = y + style.rise, cut(one["label"], style.text, names)
        sheet.add(Words(left - 2, base, label, style.text, INK, "end"))
        _one(sheet, one, y, place=(left, wide))
        ink = _INKS.get(one["verdict"], MUTE)
        sheet.add(Words(style.width - _EDGE, base, words, style.text, ink, "end"))
    a, b = spaces
    words = labels_caption(len(shown), len(labels), spaces, k=PURITY_NEIGHBORS)
    caption = f"{words} {pair_words(bundle, spaces)}".strip()
    asked = {"a": a, "b": b, "most": most}
    return finished(sheet, style, title=f"Labels, {a} → {b}", caption=caption, asked=asked)


def _labels_of(bundle: Bundle, spaces: tuple[str, str]) -> list[LabelReport]:
    place = bundle.manifest.pairs.index(bundle.pair(*spaces))
    labels = bundle.manifest.report["pairs"][place]["labels"]
    if not labels:
        raise InputError("the items have no labels; compare with labels=…")
    return labels


def _said(one: LabelReport) -> str:
    words = _signed(one["delta"])
    if one["verdict"] == "too_few":
        return f"{words} (n = {one['n']})"
    if "interval" not in one:
        return words
    low, high = map(_signed, one["interval"])
    return f"{words} ({low} to {high})"


def _signed(value: float) -> str:
    words = f"{value:+.2f}".replace("-", "−")
    return "0" if float(f"{value:.2f}") == 0 else words


def _frame(
    sheet: Sheet,
    style: Style,
    spaces: tuple[str, str],
    *,
    place: tuple[float, float],
    rows: tuple[float, float],
) -> None:
    (left, wide), (head, tall) = place, rows
    top, below = _EDGE + head, _EDGE + head + tall
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = left + tick * wide
        sheet.add(Lines(lines([x, top, x, below]), LINE, 0.2))
        text = f"{tick:g}"
        sheet.add(Words(x, below + 0.95 * style.line, text, style.text, MUTE, "middle"))
    axis = "purity: share of neighbours of the same label"
    fitted = cut(axis, style.text, style.width - left)
    sheet.add(Words(left, below + 1.95 * style.line, fitted, style.text, MUTE))
    y = _EDGE + style.line - 0.4
    x = left
    for name, color, ink in zip(spaces, (A, B), (A_INK, B_INK), strict=True):
        dot = np.array([[x + 0.8, y - style.rise]])
        sheet.add(Dots(dot, np.zeros(1, np.int64), [color], 0.8))
        text = cut(name, style.text, wide / 2 - 2, bold=True)
        sheet.add(Words(x + 2.2, y, text, style.text, ink, bold=True))
        x += 2.2 + text_width(text, style.text, bold=True) + 3
    last = style.width - _EDGE
    sheet.add(Words(last, y, "change, 95 %", style.text, MUTE, "end"))


def _one(sheet: Sheet, one: LabelReport, y: float, *, place: tuple[float, float]) -> None:
    left, wide = place
    a, b, chance = (
        left + min(1.0, max(0.0, value)) * wide
        for value in (one["purity_a"], one["purity_b"], one["chance"])
    )
    sheet.add(Lines(lines([chance, y - 0.8, chance, y + 0.8]), MUTE, 0.3))
    sheet.add(Lines(lines([a, y, b, y]), _INKS.get(one["verdict"], EDGE), 0.5))
    at = np.array([[a, y], [b, y]])
    sheet.add(Dots(at, np.array([0, 1]), [A, B], 0.8, ring="#ffffff"))
