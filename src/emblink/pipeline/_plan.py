"""Which pairs of spaces to compare."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Literal, TypeAlias

from emblink.errors import InputError

Pairs: TypeAlias = Literal["all", "reference", "consecutive"] | Sequence[tuple[str, str]]


def plan_pairs(
    names: Sequence[str], pairs: Pairs = "all", reference: str | None = None
) -> list[tuple[str, str]]:
    """Return the ordered pairs to compare.

    Parameters
    ----------
    names : sequence of str
        The spaces, in order.
    pairs : {"all", "reference", "consecutive"} or sequence of (str, str)
    reference : str, optional
        The space that ``"reference"`` compares the others with; default the first.

    Returns
    -------
    list of (str, str)

    Raises
    ------
    InputError
        A named space does not exist.
    """
    asked = [pairs] if isinstance(pairs, str) else [name for pair in pairs for name in pair]
    unknown = [name for name in asked if not isinstance(pairs, str) and name not in names]
    if reference is not None and reference not in names:
        unknown.append(reference)
    if unknown:
        raise InputError(f"there is no space {unknown[0]!r}; the spaces are: {', '.join(names)}")
    if not isinstance(pairs, str):
        return [(a, b) for a, b in pairs]
    if pairs == "consecutive":
        return list(pairwise(names))
    if pairs == "reference" or reference is not None:
        first = reference or names[0]
        return [(first, name) for name in names if name != first]
    if pairs == "all":
        return list(combinations(names, 2))
    raise InputError(f"pairs={pairs!r} is not one of 'all', 'reference', 'consecutive'")
