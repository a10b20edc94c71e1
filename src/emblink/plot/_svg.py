"""A sheet as SVG: text stays text, and nothing in it runs or is fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

import numpy as np

from emblink.plot._marks import MM_PER_POINT, Box, Dots, Font, Lines, Mark, Path, Sheet, Words
from emblink.types import FloatArray, IntArray
from emblink.wording import inert_json, visible

FONTS: dict[Font, str] = {
    "sans-serif": "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif",
    "serif": "'Times New Roman', Times, 'Liberation Serif', 'DejaVu Serif', serif",
    "monospace": "Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace",
}
CREATOR = "<dc:creator>Emblink "
"""What every figure of ours has near its start."""
_SPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_LAYERS = 8
"""Points go down in so many turns, colour by colour, so that no colour covers all others."""
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_svg(sheet: Sheet, *, title: str, caption: str, about: Mapping[str, object]) -> str:
    """Return a sheet as an SVG document.

    Parameters
    ----------
    sheet : Sheet
    title, caption : str
        What those hear who cannot see it.
    about : mapping
        What made it, as Dublin Core's source in the metadata.

    Returns
    -------
    str
    """
    width, height = _number(sheet.width), _number(sheet.height)
    body = "\n".join(line for mark in sheet.marks for line in _lines(mark))
    told = inert_json(json.dumps(about, ensure_ascii=False, sort_keys=True))
    creator = f"{CREATOR}{_words(str(about['version']))}</dc:creator>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}" role="img" font-family="{FONTS[sheet.font]}">\n'
        f"<title>{_words(title)}</title>\n"
        f'<metadata><rdf:RDF {_SPACES}><rdf:Description rdf:about="">{creator}'
        f"<dc:title>{_words(title)}</dc:title><dc:description>{_words(caption)}</dc:description>"
        f"<dc:source>{_whole(told)}</dc:source></rdf:Description></rdf:RDF></metadata>\n"
        f"<desc>{_words(caption)}</desc>\n"
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


def _lines(mark: Mark) -> Iterator[str]:
    match mark:
        case Dots():
            yield from _dots(mark)
        case Lines(ends, color, width, opacity):
            if len(ends):
                at = "".join(
                    f"M{_number(x)},{_number(y)}L{_number(u)},{_number(v)}"
                    for x, y, u, v in ends.tolist()
                )
                faint = f' stroke-opacity="{_number(opacity)}"' if opacity < 1 else ""
                yield (
                    f'<path d="{at}" stroke="{color}" stroke-width="{_number(width)}" '
                    f'stroke-linecap="round" fill="none"{faint}/>'
                )
        case Path(xy, color, width):
            at = " ".join(f"{_number(x)},{_number(y)}" for x, y in xy.tolist())
            yield (
                f'<polyline points="{at}" stroke="{color}" stroke-width="{_number(width)}" '
                'stroke-linejoin="round" fill="none"/>'
            )
        case Box(x, y, width, height, color, edge, opacity):
            faint = f' fill-opacity="{_number(opacity)}"' if opacity < 1 else ""
            line = f' stroke="{edge}" stroke-width="0.2"' if edge else ""
            yield (
                f'<rect x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" '
                f'height="{_number(height)}" fill="{color}"{faint}{line}/>'
            )
        case Words():
            yield _text(mark)


def _dots(dots: Dots) -> Iterator[str]:
    faint = f' stroke-opacity="{_number(dots.opacity)}"' if dots.opacity < 1 else ""
    whole = ' stroke-opacity="1"' if faint else ""
    wide, ring = _number(2 * dots.radius), _number(2 * dots.radius + 0.3)
    yield f'<g stroke-linecap="round" fill="none" stroke-width="{wide}"{faint}>'
    for rows in np.array_split(np.arange(len(dots.xy)), _LAYERS if len(dots.xy) > 200 else 1):
        for code, color in enumerate(dots.colors):
            at = _points(dots.xy, rows[dots.codes[rows] == code])
            if not at:
                continue
            if dots.ring:
                yield f'<path d="{at}" stroke="{dots.ring}" stroke-width="{ring}"{whole}/>'
            yield f'<path d="{at}" stroke="{color}"/>'
    yield "</g>"


def _points(xy: FloatArray, rows: IntArray) -> str:
    """Return very short lines, which round caps make round: shorter than a circle for each."""
    return "".join(f"M{_number(x)},{_number(y)}h.01" for x, y in xy[rows].tolist())


def _text(words: Words) -> str:
    x, y = _number(words.x), _number(words.y)
    anchor = f' text-anchor="{words.anchor}"' if words.anchor != "start" else ""
    bold = ' font-weight="bold"' if words.bold else ""
    turned = f' transform="rotate(-90 {x} {y})"' if words.upward else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{_number(words.size * MM_PER_POINT)}" '
        f'fill="{words.color}"{anchor}{bold}{turned}>{_words(words.text)}</text>'
    )


def _words(text: str) -> str:
    return _whole(visible(text))


def _whole(text: str) -> str:
    return escape(_UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text))


def _number(value: float | Sequence[float]) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-0.", "-.") or "0"
