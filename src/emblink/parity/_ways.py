"""Ways in which all vectors can differ alike, each sought in half a sample, tried on the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.wording.parity import (
    AT_LENGTH_1,
    MAPPED,
    ROTATED,
    SHIFTED,
    dims_words,
    first_dims,
    padded_dims,
    scaled_words,
)

Floats: TypeAlias = NDArray[np.float64]
Change: TypeAlias = Callable[[Floats], Floats]

ALIKE = 0.75
"""Share of the vectors that a way has to explain: the others may have changed besides."""
_FEWEST = 4
FEWEST = 2 * _FEWEST
"""Items of which a half can be sought in, and the other tried on."""
_TRIMMED = (0.8, 0.7, 0.7)
"""Shares of the rows that a fit is made of again, each time those that it fits best."""


@dataclass(frozen=True)
class Way:
    """How all vectors differ.

    Attributes
    ----------
    kind : str
    sentence : str
        What was done to them, and what follows.
    change : callable
        Brings old vectors of shape (n, d_old) to where the new ones should be, (n, d_new).
    """

    kind: str
    sentence: str
    change: Change


def lengths_apart(new: Floats, expected: Floats, *, cosine: bool) -> Floats:
    """Return how far each vector is from where it is expected, as a share of its length there.

    Parameters
    ----------
    new, expected : array of shape (n, d)
    cosine : bool
        Whether both are brought to length 1 first.

    Returns
    -------
    array of shape (n,)
        0 where both have no length, infinity where only the expected one has none.
    """
    if cosine:
        new, expected = unit(new), unit(expected)
    apart = np.linalg.norm(new - expected, axis=1)
    length = np.linalg.norm(expected, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(apart == 0, 0.0, apart / length)


def unit(vectors: Floats) -> Floats:
    """Return vectors at length 1; those without any stay."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(length == 0, 1.0, length)


def way_of(old: Floats, new: Floats, *, cosine: bool, tolerance: float) -> Way | None:
    """Return the first and simplest way in which nearly all of a sample differ.

    Parameters
    ----------
    old, new : array of shape (n, d_old) and (n, d_new)
        The same items in a random order.
    cosine : bool
        Whether lengths are free.
    tolerance : float
        Of :func:`lengths_apart`.

    Returns
    -------
    Way or None
    """
    half = len(old) // 2
    if half < _FEWEST:
        return None
    for way in _of_lengths(old[:half], new[:half], cosine=cosine):
        apart = lengths_apart(new[half:], way.change(old[half:]), cosine=cosine)
        if (apart <= tolerance).mean() >= ALIKE:
            return way
    return None


def _of_lengths(old: Floats, new: Floats, *, cosine: bool) -> Iterator[Way]:
    """Yield ways of the vectors as they are and, where lengths are free, of all at length 1."""
    yield from _ways(old, new, cosine=cosine)
    if cosine:
        for way in _ways(unit(old), unit(new), cosine=cosine):
            yield replace(way, change=_at_length_1(way.change))


def _at_length_1(change: Change) -> Change:
    return lambda some: change(unit(some))


def _ways(old: Floats, new: Floats, *, cosine: bool) -> Iterator[Way]:
    d_old, d_new = old.shape[1], new.shape[1]
    if d_old == d_new:
        yield from _same_dims(old, new, cosine=cosine)
    elif d_new < d_old:
        yield Way(
            "first dims",
            first_dims(d_new, d_old, unit=False),
            lambda some: some[:, :d_new],
        )
        if not cosine:
            yield Way(
                "first dims",
                first_dims(d_new, d_old, unit=True),
                lambda some: unit(some[:, :d_new]),
            )
    else:
        yield Way(
            "more dims",
            padded_dims(d_old, d_new),
            lambda some: np.pad(some, ((0, 0), (0, d_new - d_old))),
        )
    may_turn, may_map = _may(len(old), d_old, d_new)
    if may_turn:
        yield _turned(old, new)
    if may_map:
        yield _mapped(old, new)


def _may(n: int, d_old: int, d_new: int) -> tuple[bool, bool]:
    return d_old == d_new < n, 2 * max(d_old, d_new) < n


def asks_of(n: int, d_old: int, d_new: int) -> tuple[bool, bool]:
    """Say whether a sample of n items is enough to seek a rotation, and a linear map.

    Parameters
    ----------
    n, d_old, d_new : int

    Returns
    -------
    tuple of (bool, bool)
    """
    return _may(n // 2, d_old, d_new)


def _same_dims(old: Floats, new: Floats, *, cosine: bool) -> Iterator[Way]:
    if not cosine:
        yield scaled(old, new)[1]
        yield Way(
            "length 1",
            AT_LENGTH_1,
            unit,
        )
    shift = np.median(new - old, axis=0)
    yield Way(
        "shifted",
        SHIFTED,
        lambda some: some + shift,
    )
    found = _permutation(old, new)
    if found is not None:
        permutation, signs = found
        yield Way(
            "dims",
            dims_words(*_how(permutation, signs)),
            lambda some: some[:, permutation] * signs,
        )


def scaled(old: Floats, new: Floats) -> tuple[float, Way]:
    """Return by what number all vectors would be multiplied, and that as a way.

    Parameters
    ----------
    old, new : array of shape (n, d)

    Returns
    -------
    tuple of (float, Way)
    """
    scale = _scale(old, new)
    return scale, Way(
        "scaled",
        scaled_words(scale),
        lambda some: scale * some,
    )


def _how(permutation: NDArray[np.intp], signs: Floats) -> tuple[bool, int]:
    """Return whether dims moved, and how many have the other sign."""
    return bool((permutation != np.arange(len(permutation))).any()), int((signs < 0).sum())


def _scale(old: Floats, new: Floats) -> float:
    length = np.linalg.norm(old, axis=1)
    some = length > 0
    if not some.any():
        return 1.0
    return float(np.median(np.linalg.norm(new, axis=1)[some] / length[some]))


def _permutation(old: Floats, new: Floats) -> tuple[NDArray[np.intp], Floats] | None:
    """Return which old dim each new one is, and with which sign; None where that is not clear."""
    a, b = (one - np.median(one, axis=0) for one in (old, new))
    norms = np.linalg.norm(a, axis=0), np.linalg.norm(b, axis=0)
    if min(norms[0].min(), norms[1].min()) == 0:
        return None
    correlation = (b / norms[1]).T @ (a / norms[0])
    permutation = np.argmax(np.abs(correlation), axis=1)
    if len(set(permutation.tolist())) < len(permutation):
        return None
    return permutation, np.sign(correlation[np.arange(len(permutation)), permutation])


def _turned(old: Floats, new: Floats) -> Way:
    rotation = _trimmed(old, new, _rotation)
    return Way(
        "rotated",
        ROTATED,
        lambda some: some @ rotation,
    )


def _mapped(old: Floats, new: Floats) -> Way:
    ends = _trimmed(_affine(old), new, _least_squares)
    return Way(
        "mapped",
        MAPPED,
        lambda some: _affine(some) @ ends,
    )


def _affine(vectors: Floats) -> Floats:
    return np.hstack([vectors, np.ones((len(vectors), 1))])


def _rotation(old: Floats, new: Floats) -> Floats:
    left, values, right = np.linalg.svd(old.T @ new)
    scale = values.sum() / max(float(np.square(old).sum()), np.finfo(np.float64).tiny)
    turned: Floats = scale * (left @ right)
    return turned


def _least_squares(old: Floats, new: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(old, new, rcond=None)[0], np.float64)


def _trimmed(old: Floats, new: Floats, fit: Callable[[Floats, Floats], Floats]) -> Floats:
    """Fit, leave out the rows that fit worst, and fit again: some may have changed besides."""
    made = fit(old, new)
    for share in _TRIMMED:
        apart = np.linalg.norm(new - old @ made, axis=1)
        best = np.argsort(apart, kind="stable")[: max(1, round(share * len(old)))]
        made = fit(old[best], new[best])
    return made
