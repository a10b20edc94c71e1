"""Which pairs of spaces to compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any, Literal, TypeAlias

from emblink.errors import InputError
from emblink.replicates import check_replicates

Pairs: TypeAlias = Literal["all", "reference", "consecutive"] | Sequence[tuple[str, str]]


def plan_pairs(
    names: Sequence[str],
    pairs: Pairs = "all",
    reference: str | None = None,
    *,
    replicates: Mapping[str, Sequence[str]] | None = None,
) -> list[tuple[str, str]]:
    """Return the ordered pairs to compare.

    A replicate is compared with its own space only, after all other pairs; pairs that are listed
    are taken as they are.

    Parameters
    ----------
    names : sequence of str
        The spaces, in order.
    pairs : {"all", "reference", "consecutive"} or sequence of (str, str)
    reference : str, optional
        The space that ``"reference"`` compares the others with; default the first.
    replicates : mapping of space name to sequence of space names, optional

    Returns
    -------
    list of (str, str)

    Raises
    ------
    InputError
        A named space does not exist, a pair is not two names, ``reference`` is a replicate, or it
        stands beside other pairs than ``"reference"``.
    """
    replicates = replicates or {}
    check_replicates(replicates, names)
    again = [(name, one) for name in names for one in replicates.get(name, ())]
    if reference is not None:
        _check_names([reference], names)
        if pairs not in ("all", "reference"):
            raise InputError(
                f"reference={reference!r} asks for other pairs than pairs={pairs!r}; give one of "
                "the two (--reference or --pairs)"
            )
        for name, one in again:
            if one == reference:
                raise InputError(
                    f"reference={reference!r} is a replicate of {name!r}; give the space itself: "
                    f"reference={name!r} (--reference {name})"
                )
    if not isinstance(pairs, str):
        return _listed(pairs, names)
    seconds = {one for _, one in again}
    own = [name for name in names if name not in seconds]
    if pairs == "consecutive":
        return [*pairwise(own), *again]
    if pairs == "reference" or reference is not None:
        first = reference or own[0]
        return [*((first, name) for name in own if name != first), *again]
    if pairs == "all":
        return [*combinations(own, 2), *again]
    raise InputError(f"pairs={pairs!r} is not one of 'all', 'reference', 'consecutive'")


def _listed(pairs: object, names: Sequence[str]) -> list[tuple[str, str]]:
    listed: list[Any] = [*pairs] if isinstance(pairs, Iterable) else [pairs]
    for pair in listed:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise InputError(
                f"pairs holds {pair!r}; expected 'all', 'reference', 'consecutive', or pairs of "
                "names: [('old', 'new')]"
            )
        _check_names(pair, names)
    return list(dict.fromkeys((a, b) for a, b in listed))


def _check_names(asked: Sequence[str], names: Sequence[str]) -> None:
    for name in asked:
        if name not in names:
            raise InputError(f"there is no space {name!r}; the spaces are: {', '.join(names)}")
