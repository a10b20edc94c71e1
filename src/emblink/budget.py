"""How small vectors may become: fewer dims and bits, and what each keeps of a search."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from emblink.compute import Progress, silent
from emblink.errors import EmblinkError, InputError
from emblink.measures import k_means_cells, neighborhood_overlap
from emblink.neighbors import nearest_neighbors
from emblink.stats import error_of_mean, interval_reach, sample_items
from emblink.types import FloatArray, IntArray, NeighborGraph, Space, SpaceSet
from emblink.variants import with_variants
from emblink.wording import untrained_words

K = 10
QUERIES = 2000
RESCORED = 4
"""Candidates of which the vectors as they are choose, as a multiple of those wanted."""
LEAST_DIMS = 16
TRAINED = 0.02
"""By how much principal axes may keep more where the first dims are trained for truncation."""
_FEW = 10
_FEWEST = 20
"""Items of a label, of those asked, from which on it can be named."""
_ALLOW = re.compile(r"(?:recall\s+)?(?P<share>\d*\.?\d+)\s*(?P<sign>%)?")


@dataclass(frozen=True)
class Setting:
    """One way to store the vectors, and what a search among them keeps.

    Attributes
    ----------
    name : str
    steps : str
        As a variant of :func:`emblink.variants.with_variants`; "" where it is none.
    n_dims, bytes_per_vector : int
    index_bytes : int
        Of all vectors, without what an index adds.
    kept : float
        Of the 10 nearest neighbours, the mean share that is found still.
    interval : tuple of float
        Of ``kept``, in 95 % of cases.
    pays : tuple of (str, float), optional
        The label that loses most, and by how much fewer of its neighbours are its own; None where
        no label loses beyond its error.
    """

    name: str
    steps: str
    n_dims: int
    bytes_per_vector: int
    index_bytes: int
    kept: float
    interval: tuple[float, float]
    pays: tuple[str, float] | None = None


@dataclass(frozen=True)
class Budget:
    """A ladder of settings, the largest first.

    Attributes
    ----------
    settings : list of Setting
    allowed : float
        The share of neighbours that must be kept.
    chosen : int or None
        The smallest setting that surely keeps so many; None where none does.
    notes : list of str
    n_items, n_asked : int
    """

    settings: list[Setting]
    allowed: float
    chosen: int | None
    notes: list[str]
    n_items: int
    n_asked: int


def read_allowed(text: str) -> float:
    """Read the share of neighbours that must be kept: ``0.98``, ``98%`` or ``recall 0.98``.

    Parameters
    ----------
    text : str

    Returns
    -------
    float

    Raises
    ------
    InputError
        It is no share.
    """
    match = _ALLOW.fullmatch(text.strip())
    share = float(match["share"]) / (100 if match["sign"] else 1) if match else -1.0
    if not 0.0 < share <= 1.0:
        raise InputError(f"--allow {text}: expected a share such as 0.98, 98% or 'recall 0.98'")
    return share


def budget(
    space_set: SpaceSet, *, allowed: float = 0.9, seed: int = 0, progress: Progress = silent
) -> Budget:
    """Find how small the vectors of a space may become.

    Parameters
    ----------
    space_set : SpaceSet
        Of one space.
    allowed : float
        The share of the 10 nearest neighbours that must be kept.
    seed : int
        Of the items asked: 2,000 where there are more, each among all others.
    progress : callable

    Returns
    -------
    Budget

    Raises
    ------
    InputError
        There are several spaces, or fewer than 20 items.

    Notes
    -----
    Misleads where queries are no items: they may lie elsewhere than the items do.
    """
    if len(space_set.spaces) != 1:
        raise InputError(
            f"a budget is of one space, not of {', '.join(space_set.spaces)}; give one file"
        )
    (space,) = space_set.spaces.values()
    n = len(space.vectors)
    if n < 2 * K:
        raise InputError(f"{space.name} has {n} items; a budget takes {2 * K} at least")
    asked = np.sort(sample_items(n, min(n, QUERIES), seed=seed))
    found = _Ladder(space_set, asked, seed=seed)
    rungs = [*_rungs(space.vectors.shape[1])]
    if n < _FEW * RESCORED * K:  # candidates would be a large part of all items
        rungs = [one for one in rungs if not one[1].endswith(" rescored")]
    settings: list[Setting] = []
    notes: list[str] = []
    for at, (name, steps, n_bytes, n_dims) in enumerate(rungs):
        progress(at, len(rungs))
        try:
            settings.append(found.setting(name, steps, n_bytes, n_dims))
        except EmblinkError as error:
            notes.append(f"left out: {name} ({error})")
    progress(len(rungs), len(rungs))
    settings.sort(key=lambda one: (-one.bytes_per_vector, -one.kept))
    fitting = [at for at, one in enumerate(settings) if one.interval[0] >= allowed]
    chosen = max(
        fitting, key=lambda at: (-settings[at].bytes_per_vector, settings[at].kept), default=None
    )
    return Budget(settings, allowed, chosen, [*notes, *_untrained(settings)], n, len(asked))


def _rungs(n_dims: int) -> Iterator[tuple[str, str, Callable[[int], int], int]]:
    """Yield the name, steps, bytes for so many dims, and dims of each setting."""
    yield "as they are", "", _bytes(4), n_dims
    yield "float16", "float16", _bytes(2), n_dims
    yield "int8", "int8", _bytes(1), n_dims
    yield "binary", "binary", _bits, n_dims
    yield f"binary, {RESCORED} × rescored", "binary rescored", _bits, n_dims
    held = n_dims // 2
    while held >= LEAST_DIMS:
        for steps, name in (("truncate", f"first {held} dims"), ("pca", f"{held} principal dims")):
            yield name, f"{steps}:{held}", _bytes(4), held
            yield f"{name}, int8", f"{steps}:{held}|int8", _bytes(1), held
        held //= 2


def _bytes(each: int) -> Callable[[int], int]:
    return lambda n_dims: each * n_dims


def _bits(n_dims: int) -> int:
    return -(-n_dims // 8)


class _Ladder:
    """The space, and those of its items that are asked."""

    def __init__(self, space_set: SpaceSet, asked: IntArray, *, seed: int) -> None:
        (self._space,) = space_set.spaces.values()
        self._space_set = space_set
        self._asked = asked
        self._codes = _codes(space_set, self._space)
        self._true = self._search(self._space.vectors, K)
        cells = k_means_cells(self._space.vectors, metric=self._space.metric, seed=seed)
        self._cells = cells[asked]

    def setting(self, name: str, steps: str, n_bytes: Callable[[int], int], n_dims: int) -> Setting:
        found = self._found(steps)
        per_item = neighborhood_overlap(self._true, found, k=K)
        kept = float(per_item.mean(dtype=np.float64))
        reach = interval_reach(error_of_mean(per_item, self._cells))
        size = n_bytes(n_dims)
        return Setting(
            name=name,
            steps="" if steps in ("float16", "binary rescored") else steps,
            n_dims=n_dims,
            bytes_per_vector=size,
            index_bytes=size * len(self._space.vectors),
            kept=kept,
            interval=(max(0.0, kept - reach), min(1.0, kept + reach)),
            pays=self._pays(found),
        )

    def _found(self, steps: str) -> NeighborGraph:
        vectors = self._space.vectors
        if not steps:
            return self._search(vectors, K)
        if steps == "float16":
            return self._search(np.asarray(vectors, np.float16), K)
        rescored = steps.endswith(" rescored")
        name = f"{self._space.name}|{steps.removesuffix(' rescored')}"
        made = with_variants(self._space_set, [name]).spaces[name]
        most = min(len(vectors) - 1, RESCORED * K)
        found = self._search(made.vectors, most if rescored else K)
        return self._rescored(found) if rescored else found

    def _search(self, vectors: FloatArray, k: int) -> NeighborGraph:
        return nearest_neighbors(vectors, k=k, metric=self._space.metric, queries=self._asked)

    def _rescored(self, found: NeighborGraph) -> NeighborGraph:
        """Choose among the candidates by the vectors as they are."""
        vectors, cosine = self._space.vectors, self._space.metric == "cosine"
        indices = np.empty((len(found.indices), K), np.int32)
        distances = np.empty(indices.shape, np.float32)
        for at, (row, candidates) in enumerate(zip(self._asked, found.indices, strict=True)):
            query = np.asarray(vectors[row], np.float64)
            there = np.asarray(vectors[candidates], np.float64)
            if cosine:
                query = query / np.linalg.norm(query)
                there = there / np.linalg.norm(there, axis=1, keepdims=True)
            apart = np.linalg.norm(there - query, axis=1)
            best = np.argsort(apart, kind="stable")[:K]
            indices[at], distances[at] = candidates[best], apart[best]
        return NeighborGraph(indices, distances, found.metric)

    def _pays(self, found: NeighborGraph) -> tuple[str, float] | None:
        """Return the label whose items lose most neighbours of their own, beyond their error."""
        if self._codes is None:
            return None
        names, codes = self._codes
        own = codes[self._asked]
        before, after = (
            (codes[one.indices[:, :K]] == own[:, None]).mean(axis=1) for one in (self._true, found)
        )
        losses = []
        labels = [code for code in range(len(names)) if (own == code).sum() >= _FEWEST]
        for code in labels:
            here = np.flatnonzero(own == code)
            lost = (before - after)[here]
            cells = self._cells[here]
            reach = interval_reach(error_of_mean(lost, cells))
            if lost.mean() > reach * np.sqrt(1 + np.log(len(labels))):
                losses.append((names[code], float(lost.mean())))
        return max(losses, key=lambda one: one[1], default=None)


def _codes(space_set: SpaceSet, space: Space) -> tuple[list[str], IntArray] | None:
    """Return the names of the labels, and the code of each row of the space, -1 without one."""
    column = space_set.roles.get("label")
    if column is None:
        return None
    values = [str(one) for one in space_set.items[column][space_set.rows[space.name]].tolist()]
    names = sorted({*values} - {"", "nan"})
    place = {name: code for code, name in enumerate(names)}
    return names, np.array([place.get(one, -1) for one in values])


def _untrained(settings: Sequence[Setting]) -> list[str]:
    """Say where principal axes keep more than the first dims do."""
    by_steps = {one.steps: one for one in settings}
    for one in settings:
        axes = by_steps.get(one.steps.replace("truncate", "pca"))
        if not re.fullmatch(r"truncate:\d+", one.steps) or axes is None:
            continue
        if axes.interval[0] - one.interval[1] > TRAINED:
            return [untrained_words(one.n_dims, axes=axes.kept, first=one.kept)]
    return []


def as_json(found: Budget) -> str:
    """Return a budget as JSON, ``emblink.budget/1``.

    Parameters
    ----------
    found : Budget

    Returns
    -------
    str
    """
    plain = {"schema": "emblink.budget/1", **msgspec.to_builtins(found)}
    return msgspec.json.format(msgspec.json.encode(plain)).decode() + "\n"
