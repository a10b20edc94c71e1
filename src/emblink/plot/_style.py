"""How large a figure is, and how it is written: the same for every kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from emblink._version import VERSION
from emblink.errors import InputError, check_number
from emblink.plot._axes import draw_on, size_of
from emblink.plot._figure import Figure
from emblink.plot._marks import MM_PER_POINT, Font, Sheet
from emblink.plot._svg import FONTS


class StyleOptions(TypedDict, total=False):
    """What every figure may be told.

    ``width`` and ``height`` in millimetres (the height follows where it is left out), ``text`` in
    points, ``font`` one of ``"sans-serif"``, ``"serif"`` and ``"monospace"``; ``ax`` are
    matplotlib's axes, which give the size.
    """

    width: float
    height: float | None
    text: float
    font: Font
    ax: Any


@dataclass(frozen=True)
class Style:
    """The same, checked."""

    width: float
    height: float | None
    text: float
    font: Font
    ax: Any

    @property
    def line(self) -> float:
        """Millimetres from one line of text to the next."""
        return 1.45 * self.text * MM_PER_POINT

    @property
    def rise(self) -> float:
        """Millimetres from the middle of a line to its base."""
        return 0.36 * self.text * MM_PER_POINT


def style_of(options: StyleOptions, *, width: float) -> Style:
    """Return what a figure was told, or else what is usual for it.

    Raises
    ------
    InputError
        A size or a font cannot be.
    """
    unknown = [name for name in options if name not in StyleOptions.__annotations__]
    if unknown:
        known = ", ".join(StyleOptions.__annotations__)
        raise TypeError(f"figures take no {', '.join(unknown)}; what they all take is: {known}")
    ax = options.get("ax")
    size = size_of(ax) if ax is not None else None
    wide = options.get("width", width) if size is None else size[0]
    tall = options.get("height") if size is None else size[1]
    text, font = options.get("text", 7.0), options.get("font", "sans-serif")
    if font not in FONTS:
        raise InputError(f"the font is {font!r}; expected one of {', '.join(map(repr, FONTS))}")
    check_number(wide, "width", 20, 1000)
    check_number(text, "text", 3, 40)
    if tall is not None:
        check_number(tall, "height", 15, 1000, other=", or None")
    return Style(float(wide), None if tall is None else float(tall), float(text), font, ax)


def check_room(*rooms: tuple[float, float]) -> None:
    """Refuse a figure in which a part has less room, in millimetres, than it can be seen in.

    Raises
    ------
    InputError
        With the way out.
    """
    if any(room < least for room, least in rooms):
        raise InputError(
            "the figure has no room for what it shows; give a larger width or height, or smaller "
            "text"
        )


def finished(
    sheet: Sheet, style: Style, *, title: str, caption: str, asked: Mapping[str, object]
) -> Figure:
    """Return the figure of a sheet, drawn on axes where there are some."""
    size = {"width": style.width, "height": style.height, "text": style.text, "font": style.font}
    about = {"version": VERSION, "figure": title, **asked, **size}
    if style.ax is not None:
        sheet.height = style.height or sheet.height
        draw_on(sheet, style.ax)
    return Figure(sheet, title=title, caption=caption, about=about)
