"""Old vectors brought into a new space by a map, and what a search among them finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from emblink.adapter._maps import FOLDS, Floats, crossed, ridge, rotation
from emblink.compute import Progress, silent
from emblink.errors import InputError, MatchError
from emblink.matched import in_both, two_of
from emblink.measures import k_means_cells
from emblink.neighbors import nearest_neighbors, neighbors_of
from emblink.stats import error_of_mean, interval_reach, sample_items
from emblink.types import AnyArray, IntArray, Space, SpaceSet
from emblink.wording import percent

K = 10
QUERIES = 2000
LEARNT = 20_000
"""Items that a map is learnt of, at most: more change nothing, and each must be embedded anew."""
FEWEST = 50
_FEWEST_OF_LABEL = 20
_TIED = 0.5
_TIE_DIGITS = 6

Lists = NDArray[np.integer]


@dataclass(frozen=True)
class Route:
    """One way to answer a new query, and what it finds of what a search in the new space finds.

    Attributes
    ----------
    name : str
        ``"as they are"``, ``"rotation"``, ``"linear map"``, or ``"old model"``.
    kept : float
        Share of the 10 nearest neighbours.
    interval : tuple of float
        Of ``kept``, in 95 % of cases.
    first : float
        Share of first answers.
    pays : tuple of (str, float), optional
        The label for which it finds least, and its share; None where no label is worse off than the
        others beyond its error.
    """

    name: str
    kept: float
    interval: tuple[float, float]
    first: float
    pays: tuple[str, float] | None = None


@dataclass(frozen=True)
class Adapter:
    """How much of a change a linear map carries.

    Attributes
    ----------
    old, new : str
    routes : list of Route
        Those that there are, the old model last.
    carried : float
        Share of what changed from the old space to the new that the linear map brings about: 1
        where it finds all that the new space finds, 0 where no more than the old model does.
    n_items, n_learnt, n_asked : int
    """

    old: str
    new: str
    routes: list[Route]
    carried: float
    n_items: int
    n_learnt: int
    n_asked: int


def adapter(
    space_set: SpaceSet,
    *,
    old: str | None = None,
    new: str | None = None,
    learnt: int = LEARNT,
    seed: int = 0,
    progress: Progress = silent,
) -> Adapter:
    """Ask how well old vectors serve new queries once a linear map has brought them over.

    Parameters
    ----------
    space_set : SpaceSet
    old, new : str, optional
        Two of its spaces; by default the first two.
    learnt : int
        Items that a map is learnt of, at most.
    seed : int
        Of folds and of the items that are asked.
    progress : callable

    Returns
    -------
    Adapter

    Raises
    ------
    InputError
        There are no two spaces, one that is named is not there, ``learnt`` is too small, or most
        new vectors are copies of each other.
    MatchError
        They have fewer than 50 items in common.

    Notes
    -----
    Each item is asked for by its new vector, among the old vectors of all others; its own fold is
    not among the items that the map was learnt of (five folds; ridge by a fourth of the others).
    Misleads where queries lie elsewhere than items do. Source: T. Mikolov, Q. V. Le,
    I. Sutskever, *Exploiting Similarities among Languages for Machine Translation*, 2013.
    """
    what, name = "a map is from one space to another", "give two, or name both"
    two = two_of(space_set, old, new, what=what, give="", name=f"{name} (in Python old= and new=)")
    pair = _Pair(space_set, *two)
    if learnt < FEWEST:
        raise InputError(f"a map of {learnt} items is none; learn it of {FEWEST} at least")
    asked = np.sort(sample_items(pair.n, min(pair.n, QUERIES), seed=seed))
    folds = np.random.default_rng(seed).permutation(pair.n) % FOLDS
    found = _Asked(pair, asked, seed=seed)
    ways = [*_ways(pair, folds, learnt)]
    routes: list[Route] = []
    for at, (name, brought) in enumerate(ways):
        progress(at, len(ways) + 1)
        routes.append(found.route(name, found.among(brought())))
    progress(len(ways), len(ways) + 1)
    routes.append(found.route("old model", found.of_old()))
    progress(len(ways) + 1, len(ways) + 1)
    kept, before = routes[-2].kept, routes[-1].kept
    carried = (kept - before) / (1.0 - before) if before < 1.0 else 1.0
    n_learnt = min(learnt, round(pair.n * (FOLDS - 1) / FOLDS))
    return Adapter(pair.a.name, pair.b.name, routes, carried, pair.n, n_learnt, len(asked))


def as_json(found: Adapter) -> str:
    """Return what was found as JSON, ``emblink.adapter/1``.

    Parameters
    ----------
    found : Adapter

    Returns
    -------
    str
    """
    plain = {"schema": "emblink.adapter/1", **msgspec.to_builtins(found)}
    return msgspec.json.format(msgspec.json.encode(plain)).decode() + "\n"


class _Pair:
    """The common items of two spaces."""

    def __init__(self, space_set: SpaceSet, a: str, b: str) -> None:
        self.space_set = space_set
        self.a: Space = space_set.spaces[a]
        self.b: Space = space_set.spaces[b]
        common = in_both(space_set.rows[a], space_set.rows[b], n_items=len(space_set.ids))
        self.items, self._in_a, self._in_b = common.items, common.rows_a, common.rows_b
        self.n = len(self.items)
        if self.n < FEWEST:
            raise MatchError(
                f"{a!r} and {b!r} have {self.n} items in common; a map is learnt of {FEWEST} at "
                "least"
            )

    def old(self, at: IntArray | slice) -> Floats:
        return self._read(self.a, self._in_a[at])

    def new(self, at: IntArray | slice) -> Floats:
        return self._read(self.b, self._in_b[at])

    def _read(self, space: Space, rows: IntArray) -> Floats:
        vectors = np.asarray(space.vectors[rows], np.float64)
        if space.metric == "cosine":
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def _ways(
    pair: _Pair, folds: IntArray, learnt: int
) -> Iterator[tuple[str, Callable[[], AnyArray]]]:
    every = slice(None)
    if pair.a.vectors.shape[1] == pair.b.vectors.shape[1]:
        yield "as they are", lambda: pair.old(every).astype(np.float32)
        yield "rotation", lambda: crossed(pair.old, pair.new, folds, rotation, most=learnt)
    yield "linear map", lambda: crossed(pair.old, pair.new, folds, ridge, most=learnt)


class _Asked:
    """The items that are asked for, and what the new space answers."""

    def __init__(self, pair: _Pair, asked: IntArray, *, seed: int) -> None:
        self._pair, self._asked = pair, asked
        self._k = min(K, pair.n - 1)
        self._metric = pair.b.metric
        new = pair.new(slice(None)).astype(np.float32)
        self._queries = new[asked]
        _refuse_ties(pair, self._queries)
        self._true = self._within(new, self._metric)
        self._cells = k_means_cells(new, metric=self._metric, seed=seed)[asked]
        self._labels = _labels(pair, asked)

    def among(self, vectors: AnyArray) -> Lists:
        """Return the nearest of some vectors to each new query, itself left out."""
        found = neighbors_of(self._queries, vectors, k=self._k + 1, metric=self._metric).indices
        is_other = found != self._asked[:, None]
        last = is_other.all(axis=1)  # itself was not found: the last one is too many
        is_other[last, -1] = False
        others: Lists = found[is_other].reshape(len(found), self._k)
        return others

    def of_old(self) -> Lists:
        """Return what the old model answers to its own queries."""
        return self._within(self._pair.old(slice(None)).astype(np.float32), self._pair.a.metric)

    def route(self, name: str, found: Lists) -> Route:
        kept = (found[:, :, None] == self._true[:, None, :]).any(axis=2).mean(axis=1)
        mean = float(kept.mean())
        reach = interval_reach(error_of_mean(kept, self._cells))
        return Route(
            name,
            mean,
            (max(0.0, mean - reach), min(1.0, mean + reach)),
            float((found[:, 0] == self._true[:, 0]).mean()),
            self._pays(kept),
        )

    def _within(self, vectors: AnyArray, metric: str) -> Lists:
        graph = nearest_neighbors(
            vectors,
            k=self._k,
            metric="cosine" if metric == "cosine" else "euclidean",
            queries=self._asked,
        )
        return graph.indices

    def _pays(self, kept: Floats) -> tuple[str, float] | None:
        """Return the label that is worse off than the others, beyond its error."""
        names, sizes = np.unique(self._labels, return_counts=True)
        enough = [
            name
            for name, size in zip(names.tolist(), sizes.tolist(), strict=True)
            if name not in ("", "nan") and size >= _FEWEST_OF_LABEL and size < len(kept)
        ]
        found = []
        for name in enough:
            here = self._labels == name
            reach = interval_reach(error_of_mean(kept[here], self._cells[here]))
            mean = float(kept[here].mean())
            if float(kept[~here].mean()) - mean > reach * np.sqrt(1 + np.log(len(enough))):
                found.append((str(name), mean))
        return min(found, key=lambda one: one[1], default=None)


def _refuse_ties(pair: _Pair, queries: AnyArray) -> None:
    """Refuse new vectors of which so many are one that which are nearest is a matter of order."""
    _, of = np.unique(np.round(queries, _TIE_DIGITS), axis=0, return_inverse=True)
    crowds = np.bincount(of.ravel())
    tied = float(crowds[crowds > K + 1].sum()) / len(queries)
    if tied > _TIED:
        raise InputError(
            f"{percent(tied)} of the items of {pair.b.name!r} share their vector with more than "
            f"{K} others, so that no {K} are the nearest; expected vectors that tell items apart: "
            "leave out the copies, or check the file"
        )


def _labels(pair: _Pair, asked: IntArray) -> AnyArray:
    column = pair.space_set.roles.get("label")
    if column is None:
        return np.full(len(asked), "")
    values = pair.space_set.items[column][pair.items[asked]].tolist()
    return np.array([str(one) for one in values])
