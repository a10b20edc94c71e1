"""A score of every pair as a matrix."""

from __future__ import annotations

import numpy as np

from emblink.bundle import Bundle
from emblink.errors import InputError
from emblink.plot._figure import Figure
from emblink.plot._marks import ACCENT, EDGE, INK, MUTE, PAPER, Box, Dots, Mark, Sheet, Words
from emblink.plot._palettes import legible, mixed
from emblink.plot._style import Style, check_room, finished
from emblink.plot._text import cut, text_width
from emblink.table import HEADLINE, MEASURES, title_of
from emblink.types import PairReport, Report
from emblink.wording.captions import (
    matrix_caption,
    matrix_note,
)

_EDGE = 1.0
_NAMES = 0.32
_ENDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


def matrix_figure(bundle: Bundle, style: Style, *, measure: str | None) -> Figure:
    """Draw how much every two spaces agree.

    Raises
    ------
    InputError
        There is no such score, or no pair has it.
    """
    report = bundle.manifest.report
    names = [space["name"] for space in report["spaces"]]
    values = _values(report, measure)
    n = len(names)
    wide = min(max(text_width(f"{n} {name}", style.text) for name in names), _NAMES * style.width)
    head, foot = 1.4 * style.line, 1.4 * style.line
    left = _EDGE + wide + 1.5
    cell = (style.width - left - _EDGE) / n
    cell = min(cell, 14.0 if style.height is None else (style.height - head - foot - 2) / n)
    check_room((cell, 0.8))
    sheet = Sheet(style.width, 2 * _EDGE + head + n * cell + foot, style.font)
    top = max([0.0, *values.values()])
    end = next((one for one in _ENDS if one >= top), 1.0)
    replicates = _replicates(report)
    for row, a in enumerate(names):
        y = _EDGE + head + row * cell
        text = cut(a, style.text, wide - text_width(f"{n} ", style.text))
        middle = y + cell / 2 + style.rise
        sheet.add(Words(_EDGE, middle, str(row + 1), style.text, MUTE))
        sheet.add(Words(_EDGE + text_width(f"{n} ", style.text), middle, text, style.text, INK))
        at = left + (row + 0.5) * cell, _EDGE + head - 0.35 * style.line
        sheet.add(Words(*at, str(row + 1), style.text, MUTE, "middle"))
        for column, b in enumerate(names):
            box = left + column * cell, y, cell
            value = None if a == b else values.get((a, b))
            sheet.add(*_cell(box, value, end, style, floor=(a, b) in replicates, own=a == b))
    words, title = _words(measure), "Pairs"
    below = _EDGE + head + n * cell + 0.9 * style.line
    note = matrix_note(end, replicates=bool(replicates))
    sheet.add(Words(left, below, cut(note, style.text, n * cell), style.text, MUTE))
    caption = matrix_caption(
        words, len(values) // 2, is_kappa=measure is None, replicates=bool(replicates)
    )
    asked = {"measure": measure or "kappa"}
    return finished(sheet, style, title=title, caption=caption, asked=asked)


def _words(measure: str | None) -> str:
    return f"kappa of the {title_of(HEADLINE)}" if measure is None else title_of(measure)


def _values(report: Report, measure: str | None) -> dict[tuple[str, str], float]:
    """Return the score of each pair, from both sides: those that are agreements have no side."""
    known = [one.name for one in MEASURES if one.direction == "agreement"]
    if measure is not None and measure not in known:
        raise InputError(
            f"there is no matrix of {measure!r}; agreements are: {', '.join(known)}; None is the "
            "overlap above chance"
        )
    found: dict[tuple[str, str], float] = {}
    for pair in report["pairs"]:
        value = _value(pair, measure)
        if value is not None:
            found[pair["a"], pair["b"]] = found[pair["b"], pair["a"]] = value
    if not found:
        raise InputError(f"no pair has {_words(measure)}; compare spaces with items in common")
    return found


def _value(pair: PairReport, measure: str | None) -> float | None:
    score = pair["scores"].get(HEADLINE if measure is None else measure)
    if score is None:
        return None
    return score.get("kappa") if measure is None else score["value"]


def _replicates(report: Report) -> set[tuple[str, str]]:
    recipe = {one["name"]: one.get("replicate_of", one["name"]) for one in report["spaces"]}
    return {(a, b) for a in recipe for b in recipe if a != b and recipe[a] == recipe[b]}


def _cell(
    box: tuple[float, float, float],
    value: float | None,
    end: float,
    style: Style,
    *,
    floor: bool,
    own: bool,
) -> list[Mark]:
    x, y, side = box
    if own:
        return []
    inner = side - 0.5
    if value is None:
        return [Box(x + 0.25, y + 0.25, inner, inner, PAPER, EDGE)]
    depth = 0.06 + 0.94 * min(1.0, max(0.0, value / end))
    fill = mixed(ACCENT, PAPER, depth)
    marks: list[Mark] = [Box(x + 0.25, y + 0.25, inner, inner, fill)]
    ink = legible((INK, PAPER), fill)
    text = f"{value:.2f}".replace("0.", ".", 1) if abs(value) < 0.995 else f"{value:.1f}"
    if text_width(text, style.text) < inner - 0.6 and inner > 1.1 * style.line:
        middle = y + side / 2 + style.rise
        marks.append(Words(x + side / 2, middle, text, style.text, ink, "middle"))
    if floor:
        at = np.array([[x + side - 1.1, y + 1.1]])
        marks.append(Dots(at, np.zeros(1, np.int64), [ink], min(0.45, side / 8)))
    return marks
