"""Colours that those can tell apart who see fewer hues: the same as the page's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from emblink.types import FloatArray


def _hexes(words: str) -> tuple[str, ...]:
    return tuple(f"#{word}" for word in words.split())


OKABE_ITO = _hexes("e69f00 56b4e9 009e73 d55e00 0072b2 cc79a7 f0e442 7a7a7a")
"""Okabe and Ito (2008): eight categories; a mid grey where theirs is black."""
TEN = _hexes("4e79a7 f28e2b e15759 76b7b2 59a14f edc948 b07aa1 ff9da7 9c755f 9ab82f")
"""Tableau 10 (Stone 2016) without its grey: ten categories."""
MOVES = _hexes("b4b9c1 008a47 e0ac12 b92fb3 b4b9c1 3c2dff")
"""Of the classes of moves, by code."""
OTHERS = "#9a9ea6"
"""Of what has no category of its own."""
PALE = "#dfe2e6"
"""Of what stands behind what is meant."""

SIGNED = _hexes("762a83 a67bb3 d3d5d9 6fb07c 1b7837")
"""From loud through quiet to loud."""

_VIRIDIS = (
    (
        -5.435455855934631, 4.776384997670288, 6.228269936347081, -4.634230498983486,
        -0.3308618287255563, 0.1050930431085774, 0.2777273272234177,
    ),
    (
        4.645852612178535, -13.74514537774601, 14.17993336680509, -5.799100973351585,
        0.214847559468213, 1.404613529898575, 0.005407344544966578,
    ),
    (
        26.3124352495832, -65.35303263337234, 56.69055260068105, -19.33244095627987,
        0.09509516302823659, 1.384590162594685, 0.3340998053353061,
    ),
)  # fmt: skip
"""Degree-6 polynomials in [0, 1] through matplotlib's viridis (CC0), highest power first."""
_QUIET, _LOUD = 232, 0
"""Steps of viridis: the quiet one is still seen on white paper."""

Scale = Literal["amount", "signed"]


def ramp(scale: Scale, *, loud: Literal["low", "high"] = "high") -> NDArray[np.uint8]:
    """Return 256 colours from low to high.

    Parameters
    ----------
    scale : {"amount", "signed"}
    loud : {"low", "high"}
        Which end of an amount stands out.

    Returns
    -------
    array of shape (256, 3), uint8
    """
    if scale == "signed":
        return _through(SIGNED)
    places = np.round(np.linspace(_QUIET, _LOUD, 256)) / 255
    colors = np.stack([np.polyval(one, places) for one in _VIRIDIS], axis=1)
    colors = np.clip(np.round(255 * colors), 0, 255).astype(np.uint8)
    return colors if loud == "high" else colors[::-1]


def hexes(colors: NDArray[np.uint8]) -> list[str]:
    """Return RGB bytes as ``#rrggbb``."""
    return [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in colors.tolist()]


def mixed(color: str, onto: str, share: float) -> str:
    """Return a colour laid over another so that ``share`` of it is seen."""
    over, under = (
        np.array([int(one[at : at + 2], 16) for at in (1, 3, 5)]) for one in (color, onto)
    )
    both: FloatArray = np.round(share * over + (1 - share) * under)
    return hexes(both.astype(np.uint8)[None])[0]


def legible(inks: Sequence[str], fill: str) -> str:
    """Return the ink that is read best on a colour."""
    return max(inks, key=lambda one: contrast(one, fill))


def contrast(a: str, b: str) -> float:
    """Return the contrast of two colours by WCAG, from 1 to 21."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    parts = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def _through(stops: Sequence[str]) -> NDArray[np.uint8]:
    rgb = np.array([[int(one[at : at + 2], 16) for at in (1, 3, 5)] for one in stops])
    places, at = np.linspace(0, len(stops) - 1, 256), np.arange(len(stops))
    parts = [np.round(np.interp(places, at, rgb[:, part])) for part in range(3)]
    return np.stack(parts, axis=1).astype(np.uint8)
