"""Preprocessing variants as spaces of their own: ``old|center``, ``old|pca:64|l2``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import TypeAlias

import numpy as np

from emblink.errors import InputError, VectorError
from emblink.rows import spans
from emblink.types import FloatArray, IntArray, Space, SpaceSet
from emblink.variants._transforms import SIGN, TRANSFORMS, Transform, Vectors

Bring: TypeAlias = Callable[[FloatArray], FloatArray]


def with_variants(space_set: SpaceSet, names: Sequence[str]) -> SpaceSet:
    """Return the spaces with preprocessed copies of some, each a space of its own.

    Parameters
    ----------
    space_set : SpaceSet
    names : sequence of str
        ``old|center``: the name of a space, then steps, done from left to right: ``center``,
        ``whiten``, ``l2``, ``pca:64``, ``truncate:128``, ``float16``, ``int8``, ``binary``.

    Returns
    -------
    SpaceSet
        Each variant stands right after its space and those of its variants that were asked for
        before it; it is called what it was asked for, has the ids and the metric of its space,
        float32 vectors, and a source that says how it was made.

    Raises
    ------
    InputError
        No space or no step has that name, or a space is called so already.
    VectorError
        A step cannot be done on these vectors, or leaves an item without direction.

    Notes
    -----
    Misleads when a variant is not what is served: a centred space shows what centring *would* do.
    Means, directions and steps of rounding are those of the items given, so that a space with
    other items has another variant.
    """
    if isinstance(names, str):
        names = [names]
    made: dict[str, list[Space]] = {name: [] for name in space_set.spaces}
    for name in dict.fromkeys(names):
        base, steps = _parsed(name, space_set.spaces)
        made[base].append(_variant(space_set.spaces[base], name, steps))
    spaces = {
        one.name: one for base, space in space_set.spaces.items() for one in (space, *made[base])
    }
    rows = {one.name: space_set.rows[base] for base in made for one in made[base]}
    by_name = {**space_set.rows, **rows}
    return replace(space_set, spaces=spaces, rows={name: by_name[name] for name in spaces})


def _parsed(name: str, spaces: Mapping[str, Space]) -> tuple[str, list[str]]:
    """Split a variant's name after the longest part of it that names a space."""
    if not isinstance(name, str):
        raise InputError(f"a variant is named {name!r}; expected words such as 'old{SIGN}center'")
    if name in spaces:
        raise InputError(
            f"there is a space named {name!r} already; rename it, or leave this variant out"
        )
    words = name.split(SIGN)
    for end in range(len(words) - 1, 0, -1):
        base = SIGN.join(words[:end])
        if base in spaces:
            return base, words[end:]
    raise InputError(
        f"variant {name!r} begins with the name of no space; expected SPACE{SIGN}STEP, such as "
        f"'{next(iter(spaces), 'old')}{SIGN}center'; the spaces are: {', '.join(spaces)}"
    )


def _variant(base: Space, name: str, steps: Sequence[str]) -> Space:
    made, _ = learnt(base, name, steps)
    return made


def learnt(base: Space, name: str, steps: Sequence[str]) -> tuple[Space, Bring]:
    """Return a variant of a space, and what brings other vectors of its model into it."""
    planned = [_step(name, step) for step in steps]
    vectors, taken = base.vectors, []
    for step, (transform, size) in zip(steps, planned, strict=True):
        try:
            change, vectors = _applied(transform, vectors, size, base)
        except VectorError as error:
            raise VectorError(f"variant {name!r}, step {step!r}: {error}") from error
        _check(vectors, base, name, step)
        taken.append(change)
    space = Space(
        name=name,
        vectors=vectors,
        ids=base.ids,
        metric=base.metric,
        source=source_of(base, steps),
        matched_by=base.matched_by,
    )
    return space, lambda others: reduce(lambda held, change: change(held), taken, others)


def source_of(base: Space, steps: Sequence[str]) -> str:
    """Say how a variant was made."""
    return f"{base.source}, then {', '.join(steps)}"


def _applied(
    transform: Transform, vectors: FloatArray, size: int, base: Space
) -> tuple[Bring, Vectors]:
    """Do a step; what sums over items sums in the order of their ids, in whichever they came."""
    if not transform.sums:
        change = transform.learn(vectors, size, base.metric)
        return change, change(vectors)
    order = np.argsort(base.ids, kind="stable")
    ordered = vectors[order]
    change = transform.learn(ordered, size, base.metric)
    made = change(ordered)
    as_given = np.empty_like(made)
    as_given[order] = made
    return change, as_given


def _step(name: str, step: str) -> tuple[Transform, int]:
    word, colon, number = step.partition(":")
    transform = TRANSFORMS.get(word)
    if transform is None:
        raise InputError(
            f"variant {name!r} has the step {step!r}; expected one of {', '.join(_offered())}"
        )
    if not transform.sized:
        if colon:
            raise InputError(f"variant {name!r}: {word} takes no number; write {word!r}")
        return transform, 0
    if not (number.isascii() and number.isdigit() and int(number) > 0):
        raise InputError(
            f"variant {name!r} has the step {step!r}; expected a number of dimensions from 1 on: "
            f"'{word}:64'"
        )
    return transform, int(number)


def _offered() -> list[str]:
    return [f"{word}:N" if one.sized else word for word, one in TRANSFORMS.items()]


def _check(vectors: Vectors, base: Space, name: str, step: str) -> None:
    """Refuse what no measure can use, naming the first item."""
    flat, zero, beyond = True, [], []
    for rows in spans(*vectors.shape):
        block = vectors[rows]
        flat = flat and bool((block == vectors[0]).all())
        beyond.append(~np.isfinite(block).all(axis=1))
        zero.append(~block.any(axis=1))
    at = np.flatnonzero(np.concatenate(beyond))
    if len(at):
        kind, most = ("float16", "65,504") if step == "float16" else ("float32", "3.4e38")
        raise VectorError(
            f"variant {name!r} has {_rows(at, base)} with numbers beyond {kind} after {step!r}; "
            f"expected magnitudes below {most}: scale the vectors"
        )
    if flat:
        raise VectorError(
            f"variant {name!r} has the same vector for every item after {step!r}, so that there "
            "is nothing left to compare; leave it out, or center first"
        )
    at = np.flatnonzero(np.concatenate(zero))
    if len(at) and base.metric == "cosine":
        raise VectorError(
            f"variant {name!r} has {_rows(at, base)} with zeros only after {step!r}: they have no "
            'direction under cosine; use metric="euclidean" (--metric euclidean), or leave these '
            "items out"
        )


def _rows(at: IntArray, base: Space) -> str:
    count = "1 row" if len(at) == 1 else f"{len(at):,} rows"
    return f"{count} (first: id {base.ids[at[0]].item()!r})"
