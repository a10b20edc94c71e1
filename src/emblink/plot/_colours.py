"""What each item is coloured by, and what the colours mean."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from emblink.bundle import Bundle
from emblink.bundle.schema import CategoryField, NumberField, PairInfo, TextField
from emblink.errors import InputError
from emblink.plot._marks import ACCENT
from emblink.plot._palettes import MOVES, OKABE_ITO, OTHERS, PALE, TEN, hexes, ramp
from emblink.table import HEADLINE
from emblink.types import MOVE_CLASSES, AnyArray, FloatArray, IntArray
from emblink.words import categories, unpack

_STEPS = 24
"""Colours of a ramp that a figure holds: more are not told apart in dots."""

MOVE_TITLES = (
    "still",
    "changed and moved",
    "moved, not changed",
    "changed, not shown",
    "not classed",
    "lost all, looks still",
)
"""By code; as the page calls them."""
assert len(MOVE_TITLES) == len(MOVE_CLASSES)


@dataclass(frozen=True, eq=False)
class Colouring:
    """A colour for every item of the bundle.

    Attributes
    ----------
    title : str
    codes : array of shape (n_items,)
        Which of ``colors``.
    colors : sequence of "#rrggbb"
    legend : sequence of (color, words)
        Of categories; of numbers what stands beside the ramp.
    ends : tuple of float, or None
        The numbers at both ends of the ramp.
    behind : bool
        Whether the first colour lies behind all others.
    """

    title: str
    codes: IntArray
    colors: Sequence[str]
    legend: Sequence[tuple[str, str]] = ()
    ends: tuple[float, float] | None = None
    behind: bool = False


def colouring(bundle: Bundle, pair: PairInfo | None, name: str | None) -> Colouring:
    """Return what items are coloured by.

    Parameters
    ----------
    bundle : Bundle
    pair : PairInfo, optional
        Whose measures there are.
    name : str, optional
        A column of the items, a measure of the pair, or ``"move"``. Default: the label, else the
        overlap of the pair's neighbourhoods, else nothing.

    Returns
    -------
    Colouring

    Raises
    ------
    InputError
        There is nothing of that name.
    """
    manifest = bundle.manifest
    fields = {field.name: field for field in manifest.fields}
    measures = {field.name: field for field in (pair.fields if pair else ())}
    if name is None:
        name = manifest.roles.label or (HEADLINE if HEADLINE in measures else None)
    if name is None:
        return Colouring("", np.zeros(manifest.n_items, np.int64), [OTHERS])
    if name == "move" and pair is not None and pair.moves:
        return _of_moves(bundle, pair)
    if name in measures:
        return _of_numbers(measures[name].title, _spread(bundle, measures[name]))
    field = fields.get(name)
    if isinstance(field, NumberField):
        return _of_numbers(field.title, _spread(bundle, field))
    if isinstance(field, CategoryField):
        words = bundle.array(field.words.offsets), bundle.array(field.words.utf8)
        return _of_names(field.title, bundle.array(field.codes), [str(w) for w in unpack(*words)])
    if isinstance(field, TextField) and name == manifest.roles.label:
        texts = unpack(bundle.array(field.words.offsets), bundle.array(field.words.utf8))
        return _of_names(field.title, *categories(texts))
    known = [*(name for name, one in fields.items() if _paints(one)), *measures]
    known += ["move"] if pair is not None and pair.moves else []
    raise InputError(
        f"items cannot be coloured by {name!r}; what there is: {', '.join(map(repr, known))}"
    )


def highlighted(n: int, rows: IntArray, color: str, words: str) -> Colouring:
    """Return a colouring that shows some items, and the others pale behind them."""
    codes = np.zeros(n, np.int64)
    codes[rows] = 1
    return Colouring("", codes, [PALE, color], [(color, words), (PALE, "others")], behind=True)


def _paints(field: object) -> bool:
    return isinstance(field, NumberField | CategoryField)


def _spread(bundle: Bundle, field: NumberField) -> FloatArray:
    values = np.full(bundle.manifest.n_items, np.nan)
    values[bundle.item_rows(field.over)] = bundle.array(field.values)
    return values


def _of_moves(bundle: Bundle, pair: PairInfo) -> Colouring:
    codes = np.full(bundle.manifest.n_items, len(MOVES))
    codes[bundle.item_rows(pair.over)] = bundle.array(pair.moves[0].codes)
    counts = np.bincount(codes, minlength=len(MOVES) + 1)
    shown = [code for code in (1, 3, 2, 5, 4, 0) if counts[code]]
    legend = [(MOVES[code], f"{MOVE_TITLES[code]} ({counts[code]:,})") for code in shown]
    return Colouring("Move", codes, [*MOVES, PALE], legend)


def _of_names(title: str, codes: AnyArray, names: Sequence[str]) -> Colouring:
    """Colour up to ten categories; a hierarchy by its first parts, of more the most frequent."""
    of, heads = _families(names)
    unit = np.append(of, -1)[codes.astype(np.int64)]
    palette = OKABE_ITO if len(heads) <= len(OKABE_ITO) else TEN
    shown = heads[: len(palette)]
    colors = [*palette[: len(shown)], OTHERS]
    codes = np.where((unit < 0) | (unit >= len(shown)), len(shown), unit)
    counts = np.bincount(codes, minlength=len(colors))
    legend = [(palette[i], one) for i, one in enumerate(shown)]
    if more := len(heads) - len(shown):
        legend.append((OTHERS, f"{more:,} other{'' if more == 1 else 's'}"))
    elif counts[-1]:
        legend.append((OTHERS, "none"))
    return Colouring(title, codes, colors, legend)


def _families(names: Sequence[str]) -> tuple[IntArray, list[str]]:
    """Return which unit each name is of: the part before its first ``/`` where most have one."""
    parts = [name.partition("/")[0].strip() for name in names]
    heads = list(dict.fromkeys(parts))
    deep = sum("/" in name.strip("/") for name in names)
    if len(names) <= len(TEN) or 2 * deep < len(names) or not 2 <= len(heads) <= len(names) / 2:
        return np.arange(len(names)), [*names]
    place = {head: at for at, head in enumerate(heads)}
    return np.array([place[part] for part in parts]), heads


def _of_numbers(title: str, values: FloatArray) -> Colouring:
    known = values[np.isfinite(values)]
    missing = [] if len(known) == len(values) else [(PALE, "none")]
    if not len(known) or known.min() == known.max():
        one = [(ACCENT, next(iter(number_words(known[:1])), ""))] if len(known) else []
        codes = np.where(np.isfinite(values), 0, 1)
        return Colouring(title, codes, [ACCENT, PALE], [*one, *missing])
    low, high = (float(one) for one in np.percentile(known, (1, 99)))
    if high <= low:
        low, high = float(known.min()), float(known.max())
    signed = low < 0 < high
    if signed:
        high = max(-low, high)
        low = -high
    # Of agreement it is what was lost that has to stand out.
    loud: Literal["low", "high"] = "low" if "overlap" in title.lower() else "high"
    colors = hexes(ramp("signed" if signed else "amount", loud=loud)[:: 256 // _STEPS][:_STEPS])
    # Halves, so that no difference is beyond what a number can be.
    share = (np.clip(np.nan_to_num(values), low, high) / 2 - low / 2) / (high / 2 - low / 2)
    codes = np.minimum(share * len(colors), len(colors) - 1).astype(np.int64)
    codes[~np.isfinite(values)] = len(colors)
    return Colouring(title, codes, [*colors, PALE], missing, ends=(low, high))


def number_words(values: Iterable[float]) -> list[str]:
    """Return numbers in as few digits as tell them apart: years as years, large ones by powers."""
    numbers = [float(one) for one in values]
    largest = max(map(abs, numbers), default=0.0)
    span = max(numbers, default=0.0) / 2 - min(numbers, default=0.0) / 2
    least = 3 if span == 0 or not 1e-3 <= largest < 1e6 else 6
    if least == 6:
        places = 1 - math.floor(math.log10(2 * span))
        numbers = [round(one, places) if places > 0 else round(one) for one in numbers]
    for digits in range(least, 17):
        told = [f"{one:.{digits}g}" for one in numbers]
        if len({*told}) == len({*numbers}):
            break
    return told
