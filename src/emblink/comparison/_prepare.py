"""From what was read to the spaces that are compared: one way, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emblink.load import OnBad, load_queries, sampled
from emblink.replicates import read_specs, with_replicates
from emblink.types import QuerySet, SpaceSet
from emblink.variants import with_query_variants, with_variants


def prepared(
    space_set: SpaceSet,
    *,
    sample: int | None = None,
    variants: Sequence[str] = (),
    replicates: Mapping[str, str | Sequence[str]] | None = None,
    specs: Sequence[str] = (),
    seed: int = 0,
) -> SpaceSet:
    """Return the spaces that are compared: a sample of the items, variants added, replicates named.

    Parameters
    ----------
    space_set : SpaceSet
        As it was read.
    sample : int, optional
        How many of the items, drawn at random.
    variants : sequence of str
        ``"old|center"``.
    replicates : mapping of space name to space names, optional
    specs : sequence of str
        Replicates in place of those, each as ``"SPACE=OTHER"``.
    seed : int
        Of the sample.

    Returns
    -------
    SpaceSet

    Raises
    ------
    InputError
        One of them cannot be had; the message names it and the way out.
    """
    space_set = with_variants(sampled(space_set, sample, seed=seed), variants)
    return with_replicates(space_set, replicates or read_specs(specs, space_set.spaces))


def prepared_queries(
    given: object,
    space_set: SpaceSet,
    *,
    items: object | None = None,
    qrels: object | None = None,
    on_bad: OnBad = "error",
    seed: int = 0,
) -> QuerySet | None:
    """Return the queries of the spaces that are compared, those of variants too.

    Parameters
    ----------
    given : mapping of space name to array or path, "items", int, float, or None
    space_set : SpaceSet
        With its variants.
    items, qrels : data frame, mapping, or path, optional
    on_bad : {"error", "drop"}
    seed : int
        By which items are drawn.

    Returns
    -------
    QuerySet or None

    Raises
    ------
    InputError
        As :func:`emblink.load.load_queries`.
    """
    queries = load_queries(given, space_set, items=items, qrels=qrels, on_bad=on_bad, seed=seed)
    return None if queries is None else with_query_variants(queries, space_set)
