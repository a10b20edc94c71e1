"""One model twice: which vectors differ, by how much, and in which way."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from emblink.compute import Progress, silent
from emblink.errors import InputError
from emblink.matched import two_of
from emblink.parity._order import moved_rows
from emblink.parity._pair import Pair
from emblink.parity._precision import precision_of
from emblink.parity._sought import sought_in_vain
from emblink.parity._ways import (
    ALIKE,
    Floats,
    Way,
    scaled,
    way_of,
)
from emblink.parity._who import one_run, who_changed
from emblink.stats import sample_items
from emblink.types import IntArray, SpaceSet
from emblink.wording import (
    name_item,
)
from emblink.wording.parity import (
    NEARLY_SAME,
    SAME_NUMBERS,
    beside_that,
    lengths_words,
    other_vectors,
    rounded_words,
    some_changed,
    times_as_long,
)

TOLERANCE = 0.01
"""Of a vector's length: far below what changes neighbours, above what half precision rounds."""
SAMPLED = 4000
_LISTED = 20
_LEAST = 1e-4
"""Tolerance in the search for what was done to all: a fit is never exact."""
_SOME = 0.25
"""Share of vectors that are the same, from which on the others are told by themselves; of one
run of rows they are told whatever its share."""
_LENGTHS = 0.01
_LARGE = 0.2
"""How far rounding goes at most; what differs by more is no rounding."""


@dataclass(frozen=True)
class Changed:
    """An item whose vector is not the same.

    Attributes
    ----------
    id : str
    text : str
        "" where there is none.
    change : float
        How far its new vector is from the old, as a share of the old one's length; under cosine,
        both at length 1.
    """

    id: str
    text: str
    change: float


@dataclass(frozen=True)
class Parity:
    """Whether the vectors are the same.

    Attributes
    ----------
    old, new : str
        The spaces.
    same : bool
        Whether no vector changed by more than the tolerance.
    kind : str
        ``"equal"``, ``"rounded"``, ``"close"``, ``"some items"``, ``"rows"``, ``"different"``, or
        the way in which all differ: ``"scaled"``, ``"length 1"``, ``"shifted"``, ``"dims"``,
        ``"first dims"``, ``"more dims"``, ``"rotated"``, ``"mapped"``.
    sentence : str
    tolerance : float
    n_common, n_changed : int
        Items in both; those that changed by more than the tolerance.
    median, p99, largest : float
        Of the items' changes; infinite where the dims differ.
    n_beside : int
        Items that changed by more than the tolerance beside what all did.
    changed : list of Changed
        Those of them that changed most, at most 20.
    notes : list of str
        Who they are.
    only_old, only_new : int
        Items of one space alone.
    """

    old: str
    new: str
    same: bool
    kind: str
    sentence: str
    tolerance: float
    n_common: int
    n_changed: int
    median: float
    p99: float
    largest: float
    n_beside: int
    changed: list[Changed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    only_old: int = 0
    only_new: int = 0


def parity(
    space_set: SpaceSet,
    *,
    old: str | None = None,
    new: str | None = None,
    tolerance: float = TOLERANCE,
    seed: int = 0,
    progress: Progress = silent,
) -> Parity:
    """Say whether two spaces hold the same vectors, and what was done to them if not.

    Parameters
    ----------
    space_set : SpaceSet
    old, new : str, optional
        Two of its spaces; by default the first two.
    tolerance : float
        The share of its length by which a vector may change.
    seed : int
        Of the sample in which a change of all is sought.
    progress : callable

    Returns
    -------
    Parity

    Raises
    ------
    InputError
        There are no two spaces, one that is named is not there, or the tolerance is no share.
    MatchError
        They have no items in common.

    Notes
    -----
    Under cosine both vectors are brought to length 1 first: their lengths are free.
    """
    if not 0.0 <= tolerance < 1.0:
        raise InputError(f"the tolerance is {tolerance}; expected a share such as 0.01")
    a, b = two_of(
        space_set,
        old,
        new,
        what="parity is of two spaces",
        give="; give two files",
        name="give two files, or name both spaces (--old, --new)",
    )
    pair = Pair(space_set, a, b, tolerance)
    plain = np.full(pair.n, np.inf)
    if pair.a.vectors.shape[1] == pair.b.vectors.shape[1]:
        plain = pair.changes(None, progress)
    within = float((plain <= tolerance).mean())
    if within >= ALIKE:
        return _same(pair, plain) if within == 1.0 else _some(pair, plain)
    rows = np.random.default_rng(seed).permutation(sample_items(pair.n, SAMPLED, seed=seed))
    if same := pair.all_one(rows):
        return _found(pair, plain, kind="different", sentence=same)
    way = way_of(*pair.block(rows), cosine=pair.cosine, tolerance=max(tolerance, _LEAST))
    if way is not None:
        return _all(pair, plain, way, pair.changes(way, progress))
    if np.isfinite(plain).any():
        moved = moved_rows(pair.compared(rows), pair.blocks(), rows, tolerance=tolerance)
        if moved is not None:
            return _found(pair, plain, kind="rows", sentence=moved)
    if within >= _SOME or one_run(plain > tolerance):
        return _some(pair, plain)
    return _rounded(pair, plain, rows, progress) or _different(pair, plain)


def _same(pair: Pair, plain: Floats) -> Parity:
    kind, said = "close", NEARLY_SAME
    if float(plain.max()) == 0.0:
        kind, said = "equal", SAME_NUMBERS
    elif rounding := _rounding(pair):
        kind, said = "rounded", rounding
    return _found(pair, plain, kind=kind, sentence=_and(f"{said}.", _lengths(pair)), same=True)


def _some(pair: Pair, plain: Floats) -> Parity:
    """Tell of items that changed where the others did not."""
    n = int((plain > pair.tolerance).sum())
    rounding = _rounding(pair) if float(plain.max()) < _LARGE else ""
    if rounding:
        said = rounded_words(rounding, n)
        return _found(pair, plain, kind="rounded", sentence=said, beside=plain)
    return _found(pair, plain, kind="some items", sentence=some_changed(n, pair.n), beside=plain)


def _all(pair: Pair, plain: Floats, way: Way, beside: Floats) -> Parity:
    """Tell what was done to all, and of items that changed besides."""
    n = int((beside > max(pair.tolerance, _LEAST)).sum())
    said = _and(way.sentence, beside_that(n, pair.n) if n else "")
    return _found(pair, plain, kind=way.kind, sentence=said, beside=beside if n else None)


def _rounded(pair: Pair, plain: Floats, rows: IntArray, progress: Progress) -> Parity | None:
    """Tell of rounding that changes nearly all by more than is allowed."""
    rounding = _rounding(pair)
    if not rounding:
        return None
    more, beside = "", plain
    if not float(plain.max()) < _LARGE and not pair.cosine and np.isfinite(plain).any():
        factor, way = scaled(*pair.block(rows))
        more, beside = times_as_long(factor), pair.changes(way, progress)
    if not float(beside.max()) < _LARGE:
        return None
    n = int((plain > pair.tolerance).sum())
    said = _and(rounded_words(rounding, n), more)
    return _found(pair, plain, kind="rounded", sentence=said, beside=beside)


def _different(pair: Pair, plain: Floats) -> Parity:
    dims = pair.a.vectors.shape[1], pair.b.vectors.shape[1]
    said = other_vectors(*dims, sought_in_vain(pair.n, min(pair.n, SAMPLED), *dims))
    return _found(pair, plain, kind="different", sentence=said)


def _and(said: str, more: str) -> str:
    return f"{said} {more}" if more else said


def _rounding(pair: Pair) -> str:
    """Say to what the new numbers were rounded, where the old were not."""
    old, new = (
        precision_of(one.vectors[np.sort(rows[:SAMPLED])])
        for one, rows in ((pair.a, pair.in_a), (pair.b, pair.in_b))
    )
    return new if new != old else ""


def _lengths(pair: Pair) -> str:
    """Say where lengths differ, which cosine does not see."""
    if not pair.cosine:
        return ""
    old, new = (np.linalg.norm(one, axis=1) for one in pair.block(slice(0, SAMPLED)))
    factor = float(np.median(new / old))
    spread = float(np.abs(new / old - 1).max())
    if spread <= _LENGTHS:
        return ""
    if float(np.abs(new / old / factor - 1).max()) <= _LENGTHS:
        return lengths_words("factor", factor, factor)
    at_one = float(np.abs(new - 1).max()) <= _LENGTHS
    return lengths_words(
        "unit" if at_one else "spread", float((new / old).min()), float((new / old).max())
    )


def _found(
    pair: Pair,
    plain: Floats,
    *,
    kind: str,
    sentence: str,
    same: bool = False,
    beside: Floats | None = None,
) -> Parity:
    tolerance, rows = pair.tolerance, pair.space_set.rows
    changed = np.zeros(pair.n, dtype=bool) if beside is None else beside > tolerance
    worst = np.flatnonzero(changed)
    if beside is not None:
        worst = worst[np.argsort(-beside[worst], kind="stable")[:_LISTED]]
    return Parity(
        old=pair.a.name,
        new=pair.b.name,
        same=same,
        kind=kind,
        sentence=sentence,
        tolerance=tolerance,
        n_common=pair.n,
        n_changed=int((plain > tolerance).sum()),
        median=float(np.median(plain)),
        p99=float(np.quantile(plain, 0.99)) if np.isfinite(plain).all() else np.inf,
        largest=float(plain.max()),
        n_beside=int(changed.sum()),
        changed=[] if beside is None else [_named(pair, int(at), beside[at]) for at in worst],
        notes=who_changed(pair.space_set, pair.items, changed),
        only_old=len(rows[pair.a.name]) - pair.n,
        only_new=len(rows[pair.b.name]) - pair.n,
    )


def _named(pair: Pair, at: int, change: float) -> Changed:
    column = pair.space_set.roles.get("text")
    texts = pair.space_set.items[column] if column else None
    named = name_item(pair.items[at], pair.space_set.ids, texts)
    return Changed(named["id"], named.get("text", ""), float(change))
