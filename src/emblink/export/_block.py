"""A column as text: rounded where that is asked for, its bytes by place, deflated, in base 64."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from emblink.types import AnyArray

STEPS = 65_534
"""Between the least and the greatest number of a column that is rounded; one code is "missing"."""
MISSING = STEPS + 1
_LEVEL = 6


@dataclass(frozen=True)
class Block:
    """One column of a copy.

    Attributes
    ----------
    text : str
        Base 64 of the deflated bytes: all first bytes of the numbers, then all second ones …
    low, step : list of float
        Of a rounded column, by place in a row or one for all: code ``c`` is ``low + c * step``.
    shape : tuple of int
    """

    text: str
    shape: tuple[int, ...]
    low: list[float] | None = None
    step: list[float] | None = None

    def described(self, place: int) -> dict[str, Any]:
        """Return how the page reads it, as JSON."""
        rounded = {} if self.low is None else {"low": self.low, "step": self.step}
        return {"block": place, **rounded}


def block_of(array: AnyArray, *, rounded: bool, by_place: bool = False) -> Block:
    """Return a column as text.

    Parameters
    ----------
    array : array
    rounded : bool
        To 1 / ``STEPS`` of its range.
    by_place : bool
        Of the range of each place in a row.

    Returns
    -------
    Block
    """
    if not rounded:
        return Block(text_of(array), array.shape)
    low, step = _range_of(array, by_place=by_place)
    codes = np.full(array.shape, MISSING, dtype="<u2")
    known = np.isfinite(array)
    scaled = np.rint((array.astype(np.float64) - low) / step)
    codes[known] = scaled[known].astype("<u2")
    ends = (np.atleast_1d(one).tolist() for one in (low, step))
    return Block(text_of(codes), array.shape, *ends)


def text_of(array: AnyArray) -> str:
    """Return the numbers of an array as text."""
    plain = np.ascontiguousarray(array)
    plain = plain.astype(plain.dtype.newbyteorder("<"), copy=False)
    places = plain.reshape(-1).view(np.uint8).reshape(-1, max(plain.itemsize, 1)).T
    return base64.b64encode(zlib.compress(places.tobytes(), _LEVEL)).decode("ascii")


def _range_of(array: AnyArray, *, by_place: bool) -> tuple[AnyArray, AnyArray]:
    """Return the least number, and the step from one code to the next."""
    flat = array.reshape(-1, array.shape[-1] if by_place else 1)
    known = np.isfinite(flat)
    low = np.where(known, flat, np.inf).min(axis=0, initial=np.inf).astype(np.float64)
    high = np.where(known, flat, -np.inf).max(axis=0, initial=-np.inf).astype(np.float64)
    low, high = (np.where(np.isfinite(one), one, 0.0) for one in (low, high))
    step = np.where(high > low, (high - low) / STEPS, 1.0)
    return (low, step) if by_place else (low[0], step[0])
