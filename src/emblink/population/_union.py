"""Populations as they were read, and the union of two: in an order that knows no side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError
from emblink.rows import same_directions
from emblink.types import AnyArray, FloatArray, IntArray, Metric, Role, SpaceSet
from emblink.wording import instead
from emblink.words import WORDS, as_words

FEWEST = 20
"""Items of a population, or more."""


@dataclass(frozen=True, eq=False)
class Population:
    """The items of one side.

    Attributes
    ----------
    name : str
    vectors : array of shape (n_items, n_dims)
        As given.
    ids : array of shape (n_items,)
    named : bool
        Whether ids were given, or rows were numbered.
    metric : {"cosine", "euclidean"}
    source : str
    columns : mapping of column name to array of shape (n_items, ...)
    roles : mapping of role to column name
    notes : tuple of str
    """

    name: str
    vectors: FloatArray
    ids: AnyArray
    named: bool
    metric: Metric = "cosine"
    source: str = "array"
    columns: Mapping[str, AnyArray] = field(default_factory=dict)
    roles: Mapping[Role, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def populations_of(space_sets: Sequence[SpaceSet]) -> list[Population]:
    """Take populations from what was read, each from a set of its own.

    Parameters
    ----------
    space_sets : sequence of SpaceSet

    Returns
    -------
    list of Population

    Raises
    ------
    InputError
        There are fewer than two, two of one name, too few items, or spaces of different dims.
    """
    found = [
        Population(
            name=name,
            vectors=space.vectors,
            ids=space.ids,
            named=space.matched_by == "id",
            metric=space.metric,
            source=space.source,
            columns={key: column[one.rows[name]] for key, column in one.items.items()},
            roles=one.roles,
            notes=one.notes,
        )
        for one in space_sets
        for name, space in one.spaces.items()
    ]
    _check(found)
    return found


def _check(found: Sequence[Population]) -> None:
    names = [one.name for one in found]
    if len(found) < 2:
        raise InputError(
            f"populations are two or more sets of items, and there is {', '.join(names) or 'none'}"
            "; give NAME=FILE for each: jan=a.parquet feb=b.parquet"
        )
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"two populations are named {twice!r}; give NAME=FILE for each")
    for one in found:
        if len(one.vectors) < FEWEST:
            raise InputError(
                f"population {one.name!r} has {len(one.vectors)} items; "
                f"{FEWEST} at least tell anything"
            )
    first = found[0]
    for one in found[1:]:
        if one.vectors.shape[1] != first.vectors.shape[1]:
            given = instead("compare", [(each.name, each.source) for each in (first, one)])
            raise InputError(
                f"{first.name} has {first.vectors.shape[1]} dims and {one.name} "
                f"{one.vectors.shape[1]}: populations lie in one space, and these are of two "
                f"models; compare two models on the same items with: {given}"
            )


@dataclass(frozen=True, eq=False)
class Union:
    """The items of two or more populations together.

    Attributes
    ----------
    populations : list of Population
    order : array of shape (n_items,), int64
        Row of the concatenated populations: drawn from ids, so that ties between copies favour
        no side.
    codes : array of shape (n_items,), int64
        Which population each item is of.
    rows : array of shape (n_items,), int64
        Its row there.
    vectors : array of shape (n_items, n_dims)
    """

    populations: list[Population]
    order: NDArray[np.int64]
    codes: NDArray[np.int64]
    rows: NDArray[np.int64]
    vectors: FloatArray

    @property
    def metric(self) -> Metric:
        """Of all populations."""
        return self.populations[0].metric

    def column(self, name: str) -> AnyArray:
        """Return a column of the items; missing where a population has it not.

        Parameters
        ----------
        name : str

        Returns
        -------
        array of shape (n_items, ...)
        """
        parts = [one.columns.get(name) for one in self.populations]
        held = [part for part in parts if part is not None]
        numbers = all(part.dtype.kind in "iufb" for part in held)
        whole = []
        for part, one in zip(parts, self.populations, strict=True):
            n = len(one.vectors)
            if numbers:
                whole.append(np.full(n, np.nan) if part is None else part.astype(np.float64))
            else:
                missing = np.full(n, "", dtype=WORDS)
                whole.append(missing if part is None else as_words(part))
        return np.concatenate(whole)[self.order]

    @property
    def column_names(self) -> list[str]:
        """Columns of words or numbers that any population has."""
        names: dict[str, None] = {}
        for one in self.populations:
            names |= {key: None for key, column in one.columns.items() if column.ndim == 1}
        return list(names)

    @property
    def roles(self) -> dict[Role, str]:
        """Of the first population that has each."""
        roles: dict[Role, str] = {}
        for one in reversed(self.populations):
            roles |= {role: name for role, name in one.roles.items() if role != "thumbnail"}
        return roles

    @property
    def ids(self) -> AnyArray:
        """Ids as their populations name them."""
        whole = [np.array([str(one) for one in each.ids.tolist()]) for each in self.populations]
        return np.concatenate(whole)[self.order]

    def pairs(self) -> NDArray[np.int64]:
        """Return rows of the union that are one item on both sides of two populations.

        Returns
        -------
        array of shape (n_pairs, 2), int64
            None where ids were numbered.
        """
        first, second = self.populations
        if not (first.named and second.named):
            return np.zeros((0, 2), np.int64)
        mine, theirs = (np.array([str(x) for x in one.ids.tolist()]) for one in (first, second))
        _, a, b = np.intersect1d(mine, theirs, return_indices=True)
        back = np.empty(len(self.order), np.int64)
        back[self.order] = np.arange(len(self.order))
        return np.stack((back[a], back[len(mine) + b]), axis=1)


def union_of(populations: Sequence[Population], *, seed: int = 0) -> Union:
    """Lay populations together, in an order drawn from ids.

    Parameters
    ----------
    populations : sequence of Population
    seed : int

    Returns
    -------
    Union
    """
    key = seed.to_bytes(8, "little", signed=True)
    joined = b"".join(
        blake2b(f"{side}\0{one}".encode(), digest_size=8, key=key).digest()
        for side, each in enumerate(populations)
        for one in each.ids.tolist()
    )
    order = np.argsort(np.frombuffer(joined, dtype="<u8"), kind="stable")
    sizes = [len(one.vectors) for one in populations]
    codes = np.repeat(np.arange(len(sizes)), sizes)
    rows = np.concatenate([np.arange(size) for size in sizes])
    dtype = np.result_type(*(one.vectors.dtype for one in populations))
    whole = np.concatenate([np.asarray(one.vectors) for one in populations], dtype=dtype)
    return Union([*populations], order, codes[order], rows[order], whole[order])


def copies_of(
    union: Union, side: NDArray[np.bool_]
) -> tuple[list[tuple[int, int]], tuple[int, int]]:
    """Find items that have one vector, across the two sides and within each.

    Parameters
    ----------
    union : Union
    side : array of shape (n_items,), bool

    Returns
    -------
    across : list of (int, int)
        Rows of the union, one of the first and one of the second side, for every item of the
        second side that has a copy on the first.
    within : (int, int)
        Items of each side that have the vector of another of it, one of each not counted.
    """
    first = _first_copies(union)
    if first is None:
        return [], (0, 0)
    holder = np.full(len(side), -1, np.int64)
    mine = np.flatnonzero(~side)[::-1]
    holder[first[mine]] = mine
    theirs = np.flatnonzero(side)
    known = holder[first[theirs]]
    across = [(int(a), int(b)) for a, b in zip(known, theirs, strict=True) if a >= 0]
    n_mine, n_theirs = (len(rows) - len(np.unique(first[rows])) for rows in (mine, theirs))
    return across, (n_mine, n_theirs)


def _first_copies(union: Union) -> IntArray | None:
    if union.metric == "cosine":
        return same_directions(union.vectors)
    plain = np.ascontiguousarray(union.vectors + 0.0)
    rows = plain.view(np.dtype((np.void, plain.dtype.itemsize * plain.shape[1]))).ravel()
    _, first, inverse = np.unique(rows, return_index=True, return_inverse=True)
    return None if len(first) == len(rows) else first[inverse.ravel()]
