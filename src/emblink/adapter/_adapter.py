"""Old vectors brought into a new space by a map, and what a search among them finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from emblink.adapter._items import AskedItems, K
from emblink.adapter._pair import FEWEST, Pair
from emblink.adapter._queries import AskedQueries
from emblink.compute import Progress, silent
from emblink.errors import InputError
from emblink.matched import two_of
from emblink.types import AdapterReport, AdapterRoute, QuerySet, SpaceSet
from emblink.wording import adapter_sentence, any_rotation_words, inert_json

LEARNT = 20_000
"""Items that a map is learnt of, at most: more change nothing, and each must be embedded anew."""


def adapter(
    space_set: SpaceSet,
    *,
    old: str | None = None,
    new: str | None = None,
    queries: QuerySet | None = None,
    learnt: int = LEARNT,
    seed: int = 0,
    progress: Progress = silent,
) -> AdapterReport:
    """Ask how well old vectors serve new queries once a linear map has brought them over.

    Parameters
    ----------
    space_set : SpaceSet
    old, new : str, optional
        Two of its spaces; by default the first two.
    queries : QuerySet, optional
        With vectors of the new model; those of the old one say what stays with it. Or items, which
        ask by their new vectors, each among all others: without queries up to 2,000 of them.
    learnt : int
        Items that a map is learnt of, at most.
    seed : int
        Of folds and of the items that are asked.
    progress : callable

    Returns
    -------
    AdapterReport

    Raises
    ------
    InputError
        There are no two spaces, one that is named is not there, ``learnt`` is too small, most
        new vectors are copies of each other, or no query has a vector of the new model.
    MatchError
        They have fewer than 50 items in common.

    Notes
    -----
    An item is brought over by a map that was learnt of others (five folds; ridge by a fourth of
    the others), and so is what is asked for. Without queries, misleads where these lie elsewhere
    than items do. Source: T. Mikolov, Q. V. Le, I. Sutskever, *Exploiting Similarities among
    Languages for Machine Translation*, 2013.
    """
    what, name = "a map is from one space to another", "give two, or name both"
    two = two_of(space_set, old, new, what=what, give="", name=f"{name} (in Python old= and new=)")
    if learnt < FEWEST:
        raise InputError(f"a map of {learnt} items is none; learn it of {FEWEST} at least")
    pair = Pair(space_set, *two, learnt=learnt, seed=seed)
    by_items = queries is None or queries.are_items
    asked = (
        AskedItems(pair, queries, seed=seed)
        if queries is None or by_items
        else AskedQueries(pair, queries, seed=seed)
    )
    ways = [*_ways(pair, asked)]
    routes: list[AdapterRoute] = []
    for at, way in enumerate(ways):
        progress(at, len(ways))
        routes.append(way())
    progress(len(ways), len(ways))
    found = AdapterReport(
        old=pair.a.name,
        new=pair.b.name,
        asked="items" if by_items else "queries",
        routes=routes,
        carried=_carried(routes),
        chance=K / max(K, pair.n - by_items),
        n_items=pair.n,
        n_learnt=pair.n_learnt,
        n_asked=asked.n,
        notes=_notes(pair),
        sentence="",
    )
    found["sentence"] = adapter_sentence(found)
    return found


def _ways(pair: Pair, asked: AskedItems | AskedQueries) -> Iterator[Callable[[], AdapterRoute]]:
    if pair.as_wide:
        yield lambda: asked.among("as they are", pair.old_vectors)
        if not pair.any_rotation_fits:
            yield lambda: asked.among("rotation", pair.rotated())
    yield lambda: asked.back("mapped queries")
    yield lambda: asked.among("linear map", pair.mapped())
    if isinstance(asked, AskedItems) or asked.knows_old:
        yield lambda: asked.of_old("old model")


def _carried(routes: list[AdapterRoute]) -> float | None:
    held = {one["name"]: one["kept"] for one in routes}
    if "old model" not in held:
        return None
    kept, before = held["linear map"], held["old model"]
    return (kept - before) / (1.0 - before) if before < 1.0 else 1.0


def _notes(pair: Pair) -> list[str]:
    if not pair.any_rotation_fits:
        return []
    n_dims = pair.a.vectors.shape[1]
    return [any_rotation_words(pair.n_learnt, n_dims, left_out=pair.as_wide)]


def as_json(found: AdapterReport) -> str:
    """Return what was found as JSON, ``emblink.adapter/1``.

    Parameters
    ----------
    found : AdapterReport

    Returns
    -------
    str
    """
    plain = {"schema": "emblink.adapter/1", **found}
    return inert_json(msgspec.json.format(msgspec.json.encode(plain)).decode()) + "\n"
