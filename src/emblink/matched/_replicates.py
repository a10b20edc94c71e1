"""Other runs of a pair's recipes, by which it is judged: which they are, and whether they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from emblink.matched._items import FEWEST_COMMON, Common
from emblink.types import IntArray
from emblink.wording import at_chance_words, copy_words, lacks_most, lacks_some

MOST_MISSING = 0.1
"""Share of a pair's items that a replicate may lack before that is said."""
TOO_MANY_MISSING = 0.5
"""And before it is no reference."""


def replicate_pairs_of(
    replicates: Mapping[str, Sequence[str]], names: Sequence[str], pair: tuple[str, str]
) -> list[tuple[str, str]]:
    """Return the pairs of one recipe run twice that a pair is judged against.

    Of a replicate pair itself these are the other replicates, when there are any.

    Parameters
    ----------
    replicates : mapping of space name to sequence of space names
    names : sequence of str
        All spaces, in order.
    pair : (str, str)

    Returns
    -------
    list of (str, str)
        A space and its replicate.
    """
    recipes = [name for name in names if name in replicates and {*pair} & {name, *replicates[name]}]
    other_runs = [(name, other) for name in recipes for other in replicates[name]]
    return [one for one in other_runs if {*one} != {*pair}] or other_runs


def replicate_counts(
    replicate_pair: tuple[str, str], *, at_chance: bool, overlap: float, missing: float
) -> tuple[bool, list[str]]:
    """Say whether a space and its replicate show what noise does, and what is wrong with them.

    Parameters
    ----------
    replicate_pair : (str, str)
        A space and its replicate.
    at_chance : bool
        Whether they share no more neighbours than chance.
    overlap : float
        Mean overlap of the two.
    missing : float
        Share of the items compared that they lack.

    Returns
    -------
    counts : bool
    warnings : list of str
    """
    name, other = replicate_pair
    if at_chance:
        return False, [at_chance_words(name, other)]
    if overlap == 1.0:
        return False, [copy_words(name, other)]
    if missing > TOO_MANY_MISSING:
        return False, [lacks_most(other, missing)]
    return True, [lacks_some(other, missing)] if missing > MOST_MISSING else []


class RunsHeld(NamedTuple):
    """The runs of a recipe, and the items that all of them hold."""

    names: list[str]
    items: IntArray
    rows: list[IntArray]


def runs_held(
    pair: tuple[str, str],
    common: Common,
    other_runs: Sequence[tuple[tuple[str, str], Common]],
    *,
    replicates: Mapping[str, Sequence[str]],
) -> RunsHeld | None:
    """Return the runs by which answers of a pair are judged, over the items that all of them hold.

    Parameters
    ----------
    pair : (str, str)
    common : Common
        Of the pair.
    other_runs : sequence of ((str, str), Common)
        Spaces and their replicates, as far as they count, over the pair's items.
    replicates : mapping of space name to sequence of space names

    Returns
    -------
    RunsHeld or None
        Of the first space's recipe, itself first; where that was run once, of the second's. None
        where neither was run again, and where too few items are held by all.
    """
    of_a, of_b = replicates_of(pair, replicates, [names for names, _ in other_runs])
    own, others = (0, of_a) if of_a else (1, of_b)
    held = {pair[own]: (common.items, (common.rows_a, common.rows_b)[own])}
    for names, shared in other_runs:
        for name, rows in zip(names, (shared.rows_a, shared.rows_b), strict=True):
            held.setdefault(name, (shared.items, rows))
    runs = [held[name] for name in (pair[own], *others)]
    items = reduce(np.intersect1d, [of for of, _ in runs])
    if not others or len(items) < FEWEST_COMMON:
        return None
    rows_of = [rows[np.searchsorted(of, items)] for of, rows in runs]
    return RunsHeld([pair[own], *others], items, rows_of)


def replicates_of(
    pair: tuple[str, str], replicates: Mapping[str, Sequence[str]], runs: Sequence[tuple[str, str]]
) -> tuple[list[str], list[str]]:
    """Return the other runs of each space's recipe.

    Parameters
    ----------
    pair : (str, str)
    replicates : mapping of space name to sequence of space names
    runs : sequence of (str, str)
        Spaces and their replicates, as far as they count.

    Returns
    -------
    of_a, of_b : list of str
        Without the spaces of the pair.
    """
    recipe = {other: name for name, others in replicates.items() for other in (name, *others)}
    others = [
        name for name in dict.fromkeys(name for one in runs for name in one) if name not in pair
    ]
    of_a, of_b = ([name for name in others if recipe.get(own, own) == recipe[name]] for own in pair)
    return of_a, of_b
