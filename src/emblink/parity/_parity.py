"""One model twice: which vectors differ, by how much, and in which way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from emblink.compute import Progress, silent
from emblink.errors import InputError, MatchError
from emblink.parity._order import moved_rows
from emblink.parity._precision import precision_of
from emblink.parity._ways import ALIKE, Floats, Way, lengths_apart, unit, way_of
from emblink.parity._who import who_changed
from emblink.stats import sample_items
from emblink.types import IntArray, Space, SpaceSet
from emblink.wording import counted, name_item

TOLERANCE = 0.01
"""Of a vector's length: far below what changes neighbours, above what half precision rounds."""
SAMPLED = 4000
_BLOCK = 8192
_LISTED = 20
_LEAST = 1e-4
"""Tolerance in the search for what was done to all: a fit is never exact."""
_SOME = 0.25
"""Share of vectors that are the same, from which on the others are told by themselves."""
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
    a, b = _two(space_set, old, new)
    pair = _Pair(space_set, a, b, tolerance)
    plain = np.full(pair.n, np.inf)
    if pair.a.vectors.shape[1] == pair.b.vectors.shape[1]:
        plain = pair.changes(None, progress)
    within = float((plain <= tolerance).mean())
    if within >= ALIKE:
        return _same(pair, plain) if within == 1.0 else _some(pair, plain)
    rows = np.random.default_rng(seed).permutation(sample_items(pair.n, SAMPLED, seed=seed))
    way = way_of(*pair.block(rows), cosine=pair.cosine, tolerance=max(tolerance, _LEAST))
    if way is not None:
        return _all(pair, plain, way, pair.changes(way, progress))
    if np.isfinite(plain).any():
        moved = moved_rows(pair.compared(rows), pair.blocks(), rows, tolerance=tolerance)
        if moved is not None:
            return _found(pair, plain, kind="rows", sentence=moved)
    return _some(pair, plain) if within >= _SOME else _different(pair, plain)


class _Pair:
    """The common items of two spaces, a block at a time."""

    def __init__(self, space_set: SpaceSet, a: str, b: str, tolerance: float) -> None:
        self.space_set = space_set
        self.tolerance = tolerance
        self.a: Space = space_set.spaces[a]
        self.b: Space = space_set.spaces[b]
        self.cosine = self.a.metric == "cosine"
        self.items, self.in_a, self.in_b = np.intersect1d(
            space_set.rows[a], space_set.rows[b], assume_unique=True, return_indices=True
        )
        self.n = len(self.items)
        if not self.n:
            raise MatchError(
                f"{a!r} and {b!r} have no items in common; expected the same items twice: "
                "check their ids"
            )

    def block(self, at: IntArray | slice) -> tuple[Floats, Floats]:
        """Return old and new vectors of some common items."""
        old, new = self.a.vectors[self.in_a[at]], self.b.vectors[self.in_b[at]]
        return np.asarray(old, np.float64), np.asarray(new, np.float64)

    def compared(self, at: IntArray) -> Floats:
        """Return new vectors as distances between them are taken."""
        new = self.block(at)[1]
        return unit(new) if self.cosine else new

    def blocks(self) -> Iterator[tuple[int, Floats]]:
        """Yield all old vectors likewise, and where each block starts."""
        for start in range(0, self.n, _BLOCK):
            old = self.block(slice(start, start + _BLOCK))[0]
            yield start, unit(old) if self.cosine else old

    def changes(self, way: Way | None, progress: Progress) -> Floats:
        """Return how far each item is from where it is expected."""
        found = np.empty(self.n)
        for start in range(0, self.n, _BLOCK):
            progress(start, self.n)
            at = slice(start, start + _BLOCK)
            old, new = self.block(at)
            expected = old if way is None else way.change(old)
            found[at] = lengths_apart(new, expected, cosine=self.cosine)
        progress(self.n, self.n)
        return found


def _two(space_set: SpaceSet, old: str | None, new: str | None) -> tuple[str, str]:
    names = [*space_set.spaces]
    for name in (old, new):
        if name is not None and name not in names:
            raise InputError(f"there is no space {name!r}; the spaces are: {', '.join(names)}")
    first = old or next((one for one in names if one != new), None)
    second = new or next((one for one in names if one != first), None)
    if first is None or second is None or first == second:
        raise InputError(f"parity is of two spaces, not of {', '.join(names)}; give two files")
    return first, second


def _same(pair: _Pair, plain: Floats) -> Parity:
    kind, said = "close", "Nearly the same numbers, as another library or machine computes them"
    if float(plain.max()) == 0.0:
        kind, said = "equal", "The same numbers"
    elif rounding := _rounding(pair):
        kind, said = "rounded", rounding
    return _found(pair, plain, kind=kind, sentence=f"{said}.{_lengths(pair)}", same=True)


def _some(pair: _Pair, plain: Floats) -> Parity:
    """Tell of items that changed where the others did not."""
    n = int((plain > pair.tolerance).sum())
    rounding = _rounding(pair) if float(plain.max()) < _LARGE else ""
    if rounding:
        said = f"{rounding}, which changes {counted(n, 'vector')} by more than is allowed."
        return _found(pair, plain, kind="rounded", sentence=said, beside=plain)
    said = f"{counted(n, 'item')} of {pair.n:,} changed, the others did not."
    return _found(pair, plain, kind="some items", sentence=said, beside=plain)


def _all(pair: _Pair, plain: Floats, way: Way, beside: Floats) -> Parity:
    """Tell what was done to all, and of items that changed besides."""
    n = int((beside > max(pair.tolerance, _LEAST)).sum())
    more = f" Beside that, {counted(n, 'item')} of {pair.n:,} changed." if n else ""
    return _found(
        pair, plain, kind=way.kind, sentence=f"{way.sentence}{more}", beside=beside if n else None
    )


def _different(pair: _Pair, plain: Floats) -> Parity:
    dims = pair.a.vectors.shape[1], pair.b.vectors.shape[1]
    had = "" if dims[0] == dims[1] else f" ({dims[0]:,} dims, now {dims[1]:,})"
    said = (
        f"These are other vectors{had}: no order of rows or dims, no scale, shift, rotation or "
        "linear map brings the old to the new. To see what it changes: emblink compare."
    )
    return _found(pair, plain, kind="different", sentence=said)


def _rounding(pair: _Pair) -> str:
    """Say to what the new numbers were rounded, where the old were not."""
    old, new = (
        precision_of(one.vectors[np.sort(rows[:SAMPLED])])
        for one, rows in ((pair.a, pair.in_a), (pair.b, pair.in_b))
    )
    return new if new != old else ""


def _lengths(pair: _Pair) -> str:
    """Say where lengths differ, which cosine does not see."""
    if not pair.cosine:
        return ""
    old, new = (np.linalg.norm(one, axis=1) for one in pair.block(slice(0, SAMPLED)))
    factor = float(np.median(new / old))
    spread = float(np.abs(new / old - 1).max())
    if spread <= _LENGTHS:
        return ""
    long = f"are {factor:.3g} times as long" if abs(factor - 1) > _LENGTHS else "differ in length"
    return f" They {long}: cosine does not see that, a dot product and Euclidean distance do."


def _found(
    pair: _Pair,
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


def _named(pair: _Pair, at: int, change: float) -> Changed:
    column = pair.space_set.roles.get("text")
    texts = pair.space_set.items[column] if column else None
    named = name_item(pair.items[at], pair.space_set.ids, texts)
    return Changed(named["id"], named.get("text", ""), float(change))
