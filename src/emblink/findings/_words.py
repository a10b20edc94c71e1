"""Shares, names and counts as they stand in the sentence of a finding."""

from __future__ import annotations

import re

from emblink.wording import clip, counted, percent, quoted

OWN_WORDS = ("label ",)
"""With which a subject may begin that is no name."""


def change(a: float, b: float) -> str:
    """Write two shares as ``94 → 55 %``, with tenths where whole points do not tell them apart.

    Where tenths do not either, they are one: ``still 100 %``.

    Parameters
    ----------
    a, b : float
        In [0, 1].

    Returns
    -------
    str
    """
    if f"{100 * a:.1f}" == f"{100 * b:.1f}":
        return f"still {percent(b)}"
    if abs(b - a) < 0.01:
        return f"{100 * a:.1f} → {100 * b:.1f} %"
    return f"{_bare(a)} → {percent(b)}"


def of_ten(share: float, k: int) -> str:
    """Write how many of ``k`` neighbours stay, on average.

    Parameters
    ----------
    share : float
        In [0, 1].
    k : int

    Returns
    -------
    str
    """
    return f"{k * share:.1f}".removesuffix(".0")


def short(name: str) -> str:
    """Write a name on one line of at most 40 signs, in quotation marks where it could be two.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
    """
    return quoted(clip(name))


def label_name(name: str) -> str:
    """Write a label as a subject: one that is a number, or a letter, is called a label.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
    """
    bare = re.fullmatch(r"[\d.\-+]+|.", name.strip())
    return f"label {short(name)}" if bare else short(name)


def part_of(name: str, n: int, n_all: int) -> str:
    """Name items by what they share: ``Bag (71 of 80)``, ``Bag (80)`` where it is all of them.

    Parameters
    ----------
    name : str
    n, n_all : int

    Returns
    -------
    str
    """
    return f"{name} ({n:,})" if n == n_all else f"{name} ({n:,} of {n_all:,})"


def items(n: int) -> str:
    """Write a number of items.

    Parameters
    ----------
    n : int

    Returns
    -------
    str
    """
    return counted(n, "item")


def _bare(share: float) -> str:
    return percent(share).removesuffix(" %")
