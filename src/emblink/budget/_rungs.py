"""The settings of a ladder: their names, steps and sizes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

LEAST_DIMS = 16
RESCORED = 4
"""Candidates of which the vectors as they are choose, as a multiple of those wanted."""


@dataclass(frozen=True)
class Rung:
    """One way to store vectors.

    Attributes
    ----------
    name : str
    steps : tuple of str
        As those of a variant.
    n_dims, bytes_per_vector : int
    rescored : bool
        Candidates are chosen from by the vectors as they are.
    """

    name: str
    steps: tuple[str, ...]
    n_dims: int
    bytes_per_vector: int
    rescored: bool = False


def rungs(n_dims: int, *, width: int = 4) -> Iterator[Rung]:
    """Yield the settings for vectors of so many dims.

    Parameters
    ----------
    n_dims : int
    width : int
        Bytes of a number as it is: 4, 2 of half precision, or 1.

    Yields
    ------
    Rung
    """
    yield Rung("as they are", (), n_dims, width * n_dims)
    if width > 2:
        yield Rung("float16", ("float16",), n_dims, 2 * n_dims)
    if width > 1:
        yield Rung("int8", ("int8",), n_dims, n_dims)
    bits = -(-n_dims // 8)
    yield Rung("binary", ("binary",), n_dims, bits)
    yield Rung(f"binary, {RESCORED} × rescored", ("binary",), n_dims, bits, rescored=True)
    held = n_dims // 2
    while held >= LEAST_DIMS:
        for step, name in (("truncate", f"first {held} dims"), ("pca", f"{held} principal dims")):
            if width > 1 or step == "truncate":
                yield Rung(name, (f"{step}:{held}",), held, width * held)
            if width == 1 and step == "truncate":
                continue
            yield Rung(f"{name}, int8", (f"{step}:{held}", "int8"), held, held)
        held //= 2
