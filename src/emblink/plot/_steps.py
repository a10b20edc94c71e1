"""How much of a sequence's change each step holds, and what became of the labels."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from emblink.bundle import Bundle
from emblink.errors import InputError
from emblink.plot._figure import Figure
from emblink.plot._marks import ACCENT, EDGE, INK, LINE, MUTE, Box, Dots, Lines, Path, Sheet, Words
from emblink.plot._marks import lines as lines_of
from emblink.plot._palettes import OKABE_ITO
from emblink.plot._style import Style, check_room, finished
from emblink.plot._text import cut, text_width, wrapped
from emblink.types import PairReport, Report
from emblink.wording.captions import (
    steps_caption,
)

LABELS = 6
_EDGE = 1.0
_ENDS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


def steps_figure(bundle: Bundle, style: Style, *, most: int) -> Figure:
    """Draw the size of each step, and the purity of the labels that changed most over all.

    Raises
    ------
    InputError
        The spaces are no sequence.
    """
    report = bundle.manifest.report
    steps = _chain(report, [info.name for info in bundle.manifest.spaces])
    names = [steps[0]["a"], *(pair["b"] for pair in steps)]
    labels = _labels(report, names)
    shown = dict([*labels.items()][: min(most, len(OKABE_ITO))])
    beside = max([text_width(one, style.text) for one in shown] or [0.0])
    beside = min(beside, 0.3 * style.width) + 2
    left = _EDGE + text_width("0.00", style.text) + 1.5
    wide = style.width - left - beside - _EDGE
    height = style.height or (style.width * (0.62 if shown else 0.36))
    parts = (height - 2 * _EDGE - 5.3 * style.line) / (2 if shown else 1)
    check_room((wide, 10), (parts, 5))
    sheet = Sheet(style.width, height, style.font)
    places = left + wide * (np.arange(len(names)) + 0.5) / len(names)
    top = _EDGE + 1.4 * style.line
    _sizes(sheet, style, steps, places=places, rows=(top, parts), ends=(left, left + wide))
    below = top + parts
    if shown:
        below += 1.6 * style.line
        _purities(sheet, style, shown, places=places, rows=(below, parts), ends=(left, left + wide))
        below += parts
    _names(sheet, style, names, places=places, y=below + style.line, each=wide / len(names))
    caption = steps_caption(names, n_steps=len(steps), shown=len(shown), known=len(labels))
    return finished(sheet, style, title="Steps", caption=caption, asked={"most": most})


def _chain(report: Report, order: list[str]) -> list[PairReport]:
    """Return the steps: pairs of neighbours in the order of the spaces, without other runs."""
    replicates = {one["name"] for one in report["spaces"] if "replicate_of" in one}
    names = [name for name in order if name not in replicates]
    pairs = {(one["a"], one["b"]): one for one in report["pairs"] if "w" in one["size"]}
    steps = [pairs[step] for step in pairwise(names) if step in pairs]
    if len(steps) < 2 or len(steps) != len(names) - 1:
        raise InputError(
            "steps need three spaces or more in a row, of which each was compared with the next; "
            'compare with pairs="consecutive" or pairs="all"'
        )
    return steps


def _labels(report: Report, names: list[str]) -> dict[str, list[float]]:
    """Return the purity of each label in each space, those first that changed most."""
    purity = {
        space["name"]: {one["label"]: one["purity"] for one in space["labels"]}
        for space in report["spaces"]
    }
    every = dict.fromkeys(label for name in names for label in purity[name])
    found = {label: [purity[name].get(label, np.nan) for name in names] for label in every}
    spans = {label: np.nanmax(values) - np.nanmin(values) for label, values in found.items()}
    return {label: found[label] for label in sorted(spans, key=lambda one: -spans[one])}


def _axis(
    sheet: Sheet,
    style: Style,
    title: str,
    *,
    top: float,
    rows: tuple[float, float],
    ends: tuple[float, float],
) -> None:
    y, tall = rows
    sheet.add(Words(ends[0], y - 0.4 * style.line, title, style.text, MUTE))
    for share in (0.0, 0.5, 1.0):
        at = y + tall * (1 - share)
        sheet.add(Lines(lines_of([ends[0], at, ends[1], at]), LINE if share else EDGE, 0.2))
        text = f"{top * share:.2g}"
        sheet.add(Words(ends[0] - 1, at + style.rise, text, style.text, MUTE, "end"))


def _sizes(
    sheet: Sheet,
    style: Style,
    steps: list[PairReport],
    *,
    places: np.ndarray,
    rows: tuple[float, float],
    ends: tuple[float, float],
) -> None:
    y, tall = rows
    highest = max(max(one["size"].get("interval", [0, one["size"]["w"]])) for one in steps)
    top = next((one for one in _ENDS if one >= highest), 1.0)
    _axis(sheet, style, "size of the step (w)", top=top, rows=rows, ends=ends)
    for step, (here, there) in zip(steps, pairwise(places.tolist()), strict=True):
        size, middle = step["size"], (here + there) / 2
        bar = 0.5 * (there - here)
        up = tall * min(1.0, size["w"] / top)
        sheet.add(Box(middle - bar / 2, y + tall - up, bar, up, ACCENT, opacity=0.75))
        if "interval" in size:
            low, high = (y + tall * (1 - min(1.0, one / top)) for one in size["interval"])
            sheet.add(Lines(lines_of([middle, low, middle, high]), INK, 0.3))
        if "runs" in size:
            at = y + tall * (1 - min(1.0, size["runs"] / top))
            sheet.add(Lines(lines_of([middle - bar / 2, at, middle + bar / 2, at]), INK, 0.4))


def _purities(
    sheet: Sheet,
    style: Style,
    labels: dict[str, list[float]],
    *,
    places: np.ndarray,
    rows: tuple[float, float],
    ends: tuple[float, float],
) -> None:
    y, tall = rows
    _axis(sheet, style, "purity of labels", top=1.0, rows=rows, ends=ends)
    last: list[tuple[float, float, str, str]] = []
    for color, (label, values) in zip(OKABE_ITO, labels.items(), strict=False):
        at = np.column_stack([places, y + tall * (1 - np.clip(values, 0, 1))])
        at = at[np.isfinite(at).all(axis=1)]
        sheet.add(Path(at, color, 0.5))
        sheet.add(Dots(at, np.zeros(len(at), np.int64), [color], 0.7, ring="#ffffff"))
        last.append((float(at[-1, 1]), float(at[-1, 0]), label, color))
    last.sort()
    heights = _apart([y for y, *_ in last], style, y + tall)
    for (from_y, from_x, label, color), at_y in zip(last, heights, strict=True):
        x = ends[1] + 1
        text = cut(label, style.text, sheet.width - x - _EDGE)
        sheet.add(Lines(lines_of([from_x, from_y, x - 0.6, at_y]), color, 0.2))
        sheet.add(Words(x, at_y + style.rise, text, style.text, INK))


def _apart(wished: list[float], style: Style, floor: float) -> list[float]:
    """Return heights for names, as near to their lines as their own height lets them be."""
    heights: list[float] = []
    for y in wished:
        heights.append(max(y, heights[-1] + 0.85 * style.line) if heights else y)
    for at in range(len(heights) - 1, -1, -1):
        heights[at] = min(heights[at], floor)
        floor = heights[at] - 0.85 * style.line
    return heights


def _names(
    sheet: Sheet, style: Style, names: list[str], *, places: np.ndarray, y: float, each: float
) -> None:
    every = max(1, int(np.ceil(text_width("00000", style.text) / each)))
    for at in range(0, len(names), every):
        for below, text in enumerate(wrapped(names[at], style.text, each * every - 0.5)):
            height = y + 0.85 * below * style.line
            sheet.add(Words(float(places[at]), height, text, style.text, INK, "middle"))
