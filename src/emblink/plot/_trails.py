"""The ways of items from one picture to the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emblink.ask import findings_of
from emblink.bundle import Bundle
from emblink.bundle.schema import PairInfo
from emblink.errors import InputError, as_whole
from emblink.plot._colours import MOVE_TITLES, Colouring
from emblink.plot._figure import Figure
from emblink.plot._marks import A_INK, ACCENT, B_INK, MUTE, Dots, Lines, Sheet, Words
from emblink.plot._pair import coordinates, meant_words, pair_words
from emblink.plot._palettes import MOVES, OKABE_ITO, PALE
from emblink.plot._panes import GAP, Frame, frames, legend, legend_width, radius_of
from emblink.plot._style import Style, check_room, finished
from emblink.plot._text import cut, text_width
from emblink.types import FloatArray, IntArray
from emblink.wording.captions import (
    trails_caption,
)

TRAILS = 150
_EDGE = 1.0
_BEHIND = 4_000
_CHANGED = 1


@dataclass(frozen=True, eq=False)
class _Ways:
    """Places of a pair's items before and after, and which ways are drawn in which colour."""

    before: FloatArray
    after: FloatArray
    chosen: IntArray
    colors: list[str]
    legend: list[tuple[str, str]]
    n_all: int
    what: str


def trails_figure(
    bundle: Bundle,
    spaces: tuple[str, str],
    style: Style,
    *,
    highlight: tuple[IntArray, str] | None,
    method: str | None,
    trails: int,
) -> Figure:
    """Draw the ways of the items that changed most, or of those that are meant."""
    trails = as_whole(trails, "trails", least=1)
    ways = _ways(bundle, bundle.pair(*spaces), method, highlight, trails)
    colors = Colouring("", np.zeros(0, np.int64), [], ways.legend)
    beside = min(legend_width(colors, style.text), 0.34 * style.width) + 1.5 * GAP
    head = style.line + 1.0
    side = style.width - 2 * _EDGE - beside
    if style.height is not None:
        side = min(side, style.height - head - 2 * _EDGE)
    check_room((side, 8))
    sheet = Sheet(style.width, side + head + 2 * _EDGE, style.font)
    drawn = [ways.before, ways.after]
    frame = frames(drawn, [(_EDGE, _EDGE + head)], side)[0]
    _title(sheet, spaces, style, side)
    sheet.add(frame.edge())
    _draw(sheet, frame, ways)
    at = _EDGE + side + 1.5 * GAP, _EDGE + head - style.line / 2
    sheet.add(*legend(colors, at=at, room=style.width - at[0] - _EDGE, size=style.text))
    a, b = spaces
    caption = trails_caption(
        spaces,
        n=len(ways.chosen),
        n_all=ways.n_all,
        what=ways.what,
        answer=pair_words(bundle, spaces),
    )
    asked: dict[str, object] = {"a": a, "b": b, "method": method or "joint", "trails": trails}
    asked |= meant_words(highlight)
    return finished(sheet, style, title=f"{a} → {b}", caption=caption.strip(), asked=asked)


def _ways(
    bundle: Bundle,
    pair: PairInfo,
    method: str | None,
    highlight: tuple[IntArray, str] | None,
    most: int,
) -> _Ways:
    if not pair.moves:
        raise InputError(
            f"{pair.a} and {pair.b} have no items in common, or were compared by an older Emblink: "
            "there are no ways to draw"
        )
    info = next((one for one in pair.moves if one.method == method), pair.moves[0])
    items = bundle.item_rows(pair.over)
    before, after = (_places(bundle, name, info.method, items) for name in (pair.a, pair.b))
    codes, far = bundle.array(info.codes), np.asarray(bundle.array(info.displacement))
    if highlight is not None:
        sets = [(f"{highlight[1]}", ACCENT, np.isin(items, highlight[0]))]
        what = f"items of {highlight[1]}"
    elif sets := _found(bundle, (pair.a, pair.b), items):
        what = "items of what stands out"
    elif (codes == _CHANGED).any():
        sets = [(MOVE_TITLES[_CHANGED], MOVES[_CHANGED], codes == _CHANGED)]
        what = "items that changed and moved"
    else:
        sets = [("moved", MUTE, far > info.floor)]
        what = "items that moved beyond the movement floor"
    chosen, colors, n_all = _longest(sets, far, most)
    shown = [(color, f"{name} ({int(mask.sum()):,})") for name, color, mask in sets]
    return _Ways(before, after, chosen, colors, [*shown, (PALE, "others")], n_all, what)


_Sets = list[tuple[str, str, NDArray[np.bool_]]]


def _found(bundle: Bundle, pair: tuple[str, str], items: IntArray) -> _Sets:
    """Return what stands out as sets of items; one that is in several is of the smallest."""
    found = [one for one in findings_of(bundle, *pair) if 0 < len(one) < len(items) / 2]
    found = found[: len(OKABE_ITO) - 1]
    of = np.full(len(items), -1)
    for at in sorted(range(len(found)), key=lambda at: -len(found[at])):
        of[np.isin(items, found[at].rows)] = at
    sets = [(one.name, OKABE_ITO[at], of == at) for at, one in enumerate(found)]
    return [one for one in sets if one[2].any()]


def _longest(sets: _Sets, far: FloatArray, most: int) -> tuple[IntArray, list[str], int]:
    """Return the longest ways of each set in turn, their colours, and how many there are."""
    each = max(1, most // max(1, len(sets)))
    chosen, colors = [], []
    for _, color, mask in sets:
        rows = np.flatnonzero(mask)
        rows = rows[np.argsort(-far[rows], kind="stable")][:each]
        chosen.append(rows)
        colors += [color] * len(rows)
    n_all = sum(int(mask.sum()) for *_, mask in sets)
    return np.concatenate([np.zeros(0, np.int64), *chosen]), colors, n_all


def _places(bundle: Bundle, name: str, method: str, items: IntArray) -> FloatArray:
    coords, rows = coordinates(bundle, name, method)
    return coords[np.searchsorted(rows, items)]


def _title(sheet: Sheet, spaces: tuple[str, str], style: Style, side: float) -> None:
    room = side / 2 - style.text * 0.4
    a, b = (cut(name, style.text, room, bold=True) for name in spaces)
    x, y = _EDGE, _EDGE + style.line - 0.4
    sheet.add(Words(x, y, a, style.text, A_INK, bold=True))
    x += text_width(f"{a} ", style.text, bold=True)
    sheet.add(Words(x, y, "→", style.text))
    x += text_width("→ ", style.text, bold=True)
    sheet.add(Words(x, y, b, style.text, B_INK, bold=True))


def _draw(sheet: Sheet, frame: Frame, ways: _Ways) -> None:
    n = len(ways.after)
    radius = radius_of(min(n, _BEHIND), frame.side)
    back = frame.place(ways.after[:_BEHIND])
    sheet.add(Dots(back, np.zeros(len(back), np.int64), [PALE], 0.8 * radius))
    before, after = frame.place(ways.before[ways.chosen]), frame.place(ways.after[ways.chosen])
    colors = np.array(ways.colors)
    width = max(0.15, 0.5 * radius)
    for color in dict.fromkeys(ways.colors):
        of = colors == color
        half = (before[of] + after[of]) / 2
        # Thin where it begins, so that it is seen where it goes.
        sheet.add(Lines(np.hstack([before[of], half]), color, 0.5 * width, 0.55))
        sheet.add(Lines(np.hstack([half, after[of]]), color, width, 0.55))
    kinds = [*dict.fromkeys(ways.colors)]
    codes = np.array([kinds.index(color) for color in ways.colors], np.int64)
    sheet.add(Dots(after, codes, kinds, max(0.35, radius), ring="#ffffff"))
