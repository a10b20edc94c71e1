"""Replicates: the same recipe run again with another seed, so that what differs is noise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from emblink.errors import InputError, MatchError
from emblink.types import SpaceSet


def read_specs(specs: Sequence[str], names: Collection[str]) -> dict[str, list[str]]:
    """Read what the command line says of replicates.

    Parameters
    ----------
    specs : sequence of str
        ``SPACE=OTHER``.
    names : collection of str
        Of the spaces; they may hold equal signs themselves.

    Returns
    -------
    dict of space name to list of space names

    Raises
    ------
    InputError
        One is not so written.
    """
    found: dict[str, list[str]] = {}
    for spec in specs:
        name, equals, other = spec.partition("=")
        if not (name and equals and other):
            raise InputError(f"--replicate {spec}: expected SPACE=OTHER_SPACE")
        words = spec.split("=")
        for end in range(1, len(words)):
            parts = "=".join(words[:end]), "=".join(words[end:])
            name, other = parts if all(part in names for part in parts) else (name, other)
        found.setdefault(name, []).append(other)
    return found


def with_replicates(space_set: SpaceSet, replicates: Mapping[str, str | Sequence[str]]) -> SpaceSet:
    """Return the spaces with a record of which are replicates of which.

    Parameters
    ----------
    space_set : SpaceSet
    replicates : mapping of space name to space name or sequence of space names
        All of them are spaces of the set.

    Returns
    -------
    SpaceSet
        With ``replicates``; nothing else differs.

    Raises
    ------
    InputError
        A name is that of no space, a space is its own replicate, a replicate has replicates
        itself, or one space is a replicate of two.
    MatchError
        A replicate has no item in common with its space.

    Notes
    -----
    Misleads when a "replicate" differs by more than its seed (data, epochs, prompt): real change
    then counts as noise, and disappears from the verdicts.
    """
    if not isinstance(replicates, Mapping):
        raise InputError(
            f"replicates are {replicates!r}; expected a mapping of a space to its replicates: "
            '{"model": ["model_seed1"]} (--replicate model=model_seed1)'
        )
    tidy = {
        name: (given,) if isinstance(given, str) else tuple(dict.fromkeys(given))
        for name, given in replicates.items()
    }
    tidy = {name: others for name, others in tidy.items() if others}
    check_replicates(tidy, [*space_set.spaces])
    for name, others in tidy.items():
        for other in others:
            if not np.isin(space_set.rows[other], space_set.rows[name]).any():
                raise MatchError(
                    f"{other!r} is given as a replicate of {name!r}, but they have no items in "
                    "common; expected the same recipe run on the same items: check their ids"
                )
    return replace(space_set, replicates=tidy)


def check_replicates(replicates: Mapping[str, Sequence[str]], names: Sequence[str]) -> None:
    """Refuse replicates that cannot tell noise from change.

    Parameters
    ----------
    replicates : mapping of space name to sequence of space names
    names : sequence of str
        The spaces there are.

    Raises
    ------
    InputError
        A name is that of no space, a space is its own replicate, a replicate has replicates
        itself, or one space is a replicate of two.
    """
    owner: dict[str, str] = {}
    for name, others in replicates.items():
        for one in (name, *others):
            if one not in names:
                raise InputError(
                    f"replicates name {one!r}, but there is no such space; the spaces are: "
                    f"{', '.join(names)}"
                )
        for other in others:
            if other == name:
                raise InputError(
                    f"space {name!r} is given as its own replicate; expected another space, of the "
                    "same recipe run with another seed"
                )
            if other in replicates:
                raise InputError(
                    f"{other!r} is a replicate of {name!r} and has replicates itself; give all of "
                    f"them to {name!r}"
                )
            if other in owner:
                raise InputError(
                    f"{other!r} is given as a replicate of {owner[other]!r} and of {name!r}; "
                    "a space is a replicate of one"
                )
            owner[other] = name
