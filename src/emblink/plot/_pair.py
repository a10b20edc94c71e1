"""Two pictures side by side."""

from __future__ import annotations

import numpy as np

from emblink.bundle import Bundle
from emblink.errors import BundleError
from emblink.plot._colours import Colouring, colouring, highlighted
from emblink.plot._figure import Figure
from emblink.plot._marks import A_INK, ACCENT, B_INK, Sheet, Words
from emblink.plot._panes import GAP, frames, legend, legend_width, points
from emblink.plot._style import Style, check_room, finished
from emblink.plot._text import cut
from emblink.types import FloatArray, IntArray
from emblink.wording.captions import (
    coloured_by,
    drawn_items,
    pair_caption,
)

MOST = 20_000
"""Points of a picture: of more items the first are drawn, which are a random sample."""
_EDGE = 1.0
_LEGEND = 0.24


def pair_figure(
    bundle: Bundle,
    spaces: tuple[str, str],
    style: Style,
    *,
    color: str | None,
    highlight: tuple[IntArray, str] | None,
    method: str | None,
    most: int,
) -> Figure:
    """Draw the pictures of two spaces beside each other."""
    colors = colours_of(bundle, spaces, color, highlight)
    pictures = [picture(bundle, name, method, most, highlight) for name in spaces]
    beside = min(legend_width(colors, style.text), _LEGEND * style.width)
    beside += 1.5 * GAP if beside else 0.0
    head = style.line + 1.0
    side = (style.width - 2 * _EDGE - GAP - beside) / 2
    if style.height is not None:
        side = min(side, style.height - head - 2 * _EDGE)
    check_room((side, 8))
    sheet = Sheet(style.width, side + head + 2 * _EDGE, style.font)
    lefts = _EDGE, _EDGE + side + GAP
    drawn = frames([coords for coords, _ in pictures], [(x, _EDGE + head) for x in lefts], side)
    named = zip(spaces, (A_INK, B_INK), drawn, pictures, strict=True)
    for name, ink, frame, (coords, rows) in named:
        title = cut(name, style.text, side, bold=True)
        sheet.add(Words(frame.x, _EDGE + style.line - 0.4, title, style.text, ink, bold=True))
        sheet.add(frame.edge(), points(frame, coords, colors, rows))
    at = lefts[1] + side + 1.5 * GAP, _EDGE + head - style.line / 2
    sheet.add(*legend(colors, at=at, room=style.width - at[0] - _EDGE, size=style.text))
    a, b = spaces
    shown = shown_words([len(rows) for _, rows in pictures], bundle, spaces)
    caption = pair_caption(
        spaces,
        method=method or "joint",
        shown=f"{shown}{coloured_by(colors.title)}",
        answer=pair_words(bundle, spaces),
    )
    asked: dict[str, object] = {
        "a": a,
        "b": b,
        "color": color,
        "method": method or "joint",
        "most": most,
    }
    asked |= meant_words(highlight)
    return finished(sheet, style, title=f"{a} and {b}", caption=caption.strip(), asked=asked)


def meant_words(highlight: tuple[IntArray, str] | None) -> dict[str, object]:
    """Return what stood out in a figure, for what is said of how it was made."""
    return {} if highlight is None else {"highlight": highlight[1], "n": len(highlight[0])}


def colours_of(
    bundle: Bundle,
    spaces: tuple[str, str],
    color: str | None,
    highlight: tuple[IntArray, str] | None,
) -> Colouring:
    """Return the colours of items: of some that are meant, else of a column or measure."""
    if highlight is not None:
        rows, words = highlight
        return highlighted(bundle.manifest.n_items, rows, ACCENT, f"{words} ({len(rows):,})")
    pairs = bundle.manifest.pairs
    pair = next((one for one in pairs if (one.a, one.b) == spaces), None)
    return colouring(bundle, pair, color)


def picture(
    bundle: Bundle,
    name: str,
    method: str | None,
    most: int,
    highlight: tuple[IntArray, str] | None,
) -> tuple[FloatArray, IntArray]:
    """Return the places of a space's first items and of those that are meant, and which they are.

    Raises
    ------
    BundleError
        There is no such space, or no picture of it.
    """
    coords, rows = coordinates(bundle, name, method)
    first = np.arange(len(rows)) < most
    if highlight is not None:
        meant = np.isin(rows, highlight[0])
        first |= meant & (np.cumsum(meant) <= most)
    return coords[first], rows[first]


def coordinates(bundle: Bundle, name: str, method: str | None) -> tuple[FloatArray, IntArray]:
    """Return where each item of a space is drawn, and which items these are.

    Raises
    ------
    BundleError
        There is no such space, or no picture of it by that method.
    """
    infos = {one.name: one for one in bundle.manifest.spaces}
    if name not in infos:
        raise BundleError(f"there is no space {name!r}; the spaces are: {', '.join(infos)}")
    drawn = {one.method: one.coords for one in infos[name].projections}
    wanted = next(iter(drawn), None) if method is None else method
    if wanted not in drawn:
        known = ", ".join(map(repr, drawn)) or "none"
        raise BundleError(f"there is no picture {wanted!r} of {name!r}; there are: {known}")
    coords = np.asarray(bundle.array(drawn[wanted]), np.float64)
    return coords, bundle.item_rows(infos[name].over)


def shown_words(shown: list[int], bundle: Bundle, spaces: tuple[str, str]) -> str:
    """Say how many items are drawn, and that they are a sample where they are not all."""
    sizes = {info.name: info.n_items for info in bundle.manifest.spaces}
    n = [sizes[name] for name in spaces]
    return drawn_items(shown, n)


def pair_words(bundle: Bundle, spaces: tuple[str, str]) -> str:
    """Return what the report says of a pair, one line to quote; nothing of one not compared."""
    for pair in bundle.manifest.report["pairs"]:
        if (pair["a"], pair["b"]) == spaces:
            return pair["answer"]
    return ""
