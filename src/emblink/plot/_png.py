"""A sheet as PNG, by Pillow, which is optional."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from emblink.errors import InputError, check_number
from emblink.plot._marks import (
    MM_PER_POINT,
    PAPER,
    Box,
    Dots,
    Font,
    Lines,
    Mark,
    Path,
    Sheet,
    Words,
)
from emblink.wording import inert_json

SOFTWARE = b"Software\0\0\0\0\0Emblink "
"""What every PNG of ours has near its start."""
_FINER = 3
"""Drawn so many times larger and then made smaller: its edges are soft."""
_MOST_PIXELS = 60_000_000
_FILES: dict[Font, tuple[str, ...]] = {
    "sans-serif": ("DejaVuSans", "LiberationSans-Regular", "Arial", "Helvetica"),
    "serif": ("DejaVuSerif", "LiberationSerif-Regular", "Times New Roman", "Times"),
    "monospace": ("DejaVuSansMono", "LiberationMono-Regular", "Menlo", "Consolas"),
}


def as_png(
    sheet: Sheet, *, title: str, caption: str, about: Mapping[str, object], dpi: float
) -> bytes:
    """Return a sheet as the bytes of a PNG file.

    Parameters
    ----------
    sheet : Sheet
    title, caption : str
        Written into it, as is ``about``.
    about : mapping
    dpi : float
        Dots per inch, 72 to 1,200.

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        Pillow is not installed, or there would be too many pixels.
    """
    try:
        from PIL import Image, ImageDraw
        from PIL.PngImagePlugin import PngInfo
    except ImportError as error:
        raise InputError(
            "a PNG needs Pillow: `pip install 'emblink[images]'`; SVG needs nothing: "
            'save("figure.svg")'
        ) from error
    scale = _scale(sheet, dpi)
    finer = _FINER if sheet.width * sheet.height * (scale * _FINER) ** 2 <= _MOST_PIXELS else 1
    size = round(sheet.width * scale), round(sheet.height * scale)
    image = Image.new("RGB", (size[0] * finer, size[1] * finer), PAPER)
    pen = ImageDraw.Draw(image, "RGBA")
    for mark in sheet.marks:
        if not isinstance(mark, Words):
            _draw(pen, mark, scale * finer)
    image = image.resize(size, Image.Resampling.BOX) if finer > 1 else image
    for mark in sheet.marks:
        if isinstance(mark, Words):
            _write(image, mark, font=sheet.font, scale=scale)
    info = PngInfo()
    told = inert_json(json.dumps(about, ensure_ascii=False, sort_keys=True))
    software = f"Emblink {about['version']}"
    for key, value in (("Software", software), ("Title", title), ("Description", caption)):
        info.add_itxt(key, value)
    info.add_itxt("Source", told)
    file = io.BytesIO()
    image.save(file, format="PNG", dpi=(dpi, dpi), pnginfo=info)
    return file.getvalue()


def _scale(sheet: Sheet, dpi: float) -> float:
    check_number(dpi, "dpi", 72, 1200)
    scale = dpi / 25.4
    if sheet.width * sheet.height * scale**2 > _MOST_PIXELS:
        raise InputError(
            f"{sheet.width:g} × {sheet.height:g} mm at {dpi:g} dpi are over "
            f"{_MOST_PIXELS / 1e6:.0f} million pixels; give a smaller dpi or width"
        )
    return scale


def _draw(pen: Any, mark: Mark, scale: float) -> None:
    match mark:
        case Dots(xy, codes, colors, radius, opacity, ring):
            inks = [_ink(color, opacity) for color in colors]
            wide = max(1, round(0.15 * scale)) if ring else 0
            for (x, y), code in zip((xy * scale).tolist(), codes.tolist(), strict=True):
                r = radius * scale
                if ring:
                    pen.ellipse((x - r - wide, y - r - wide, x + r + wide, y + r + wide), ring)
                pen.ellipse((x - r, y - r, x + r, y + r), inks[code])
        case Lines(ends, color, width, opacity):
            for one in (ends * scale).tolist():
                pen.line(one, _ink(color, opacity), max(1, round(width * scale)))
        case Path(xy, color, width):
            at = [tuple(one) for one in (xy * scale).tolist()]
            pen.line(at, color, max(1, round(width * scale)), joint="curve")
        case Box(x, y, width, height, color, edge, opacity):
            corners = [x * scale, y * scale, (x + width) * scale, (y + height) * scale]
            line = max(1, round(0.2 * scale)) if edge else 0
            pen.rectangle(corners, _ink(color, opacity), edge or None, line)


def _write(image: Any, words: Words, *, font: Font, scale: float) -> None:
    from PIL import Image, ImageDraw

    pixels = max(4.0, words.size * MM_PER_POINT * scale)
    face = _face(font, bold=words.bold, pixels=round(pixels * 4) / 4)
    anchor = {"start": "ls", "middle": "ms", "end": "rs"}[words.anchor]
    at = words.x * scale, words.y * scale
    if not words.upward:
        ImageDraw.Draw(image).text(at, words.text, words.color, face, anchor)
        return
    left, top, right, bottom = face.getbbox(words.text, anchor="ls")
    around = int(np.ceil(right - left)) + 2, int(np.ceil(bottom - top)) + 2
    mask = Image.new("L", around, 0)
    ImageDraw.Draw(mask).text((1 - left, 1 - top), words.text, 255, face, "ls")
    mask = mask.rotate(90, expand=True)
    before = {"start": 0.0, "middle": 0.5, "end": 1.0}[words.anchor] * (right - left)
    corner = round(at[0] + top - 1), round(at[1] + before - around[0] + 1)
    image.paste(words.color, corner, mask)


@cache
def _face(font: Font, *, bold: bool, pixels: float) -> Any:
    """Return a font of the system, or else the one that Pillow has."""
    from PIL import ImageFont

    for name in _FILES[font]:
        heavy = f"{name.removesuffix('-Regular')}{'' if ' ' in name else '-'}Bold"
        for file in (heavy, name) if bold else (name,):
            try:
                return ImageFont.truetype(f"{file}.ttf", pixels)
            except OSError:
                continue
    return ImageFont.load_default(pixels)


def _ink(color: str, opacity: float) -> tuple[int, ...] | None:
    if color == "none":
        return None
    return (*(int(color[at : at + 2], 16) for at in (1, 3, 5)), round(255 * opacity))
