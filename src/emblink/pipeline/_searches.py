"""The step that searches both spaces of a pair, and says what becomes of the results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from emblink.findings import Claim, search_claims
from emblink.matched import Common, in_both, replicate_pairs_of
from emblink.neighbors import nearest_neighbors, neighbors_of
from emblink.pipeline._common import common_items
from emblink.pipeline._run import Run
from emblink.searches import (
    DEPTH,
    Measured,
    Names,
    Segment,
    measured,
    relevant_among,
    rows_of,
    searches_report,
    segmenting,
    segments_of,
    within,
)
from emblink.types import (
    AnyArray,
    IntArray,
    PairSearches,
    QuerySet,
    SearchesReport,
    SegmentReport,
)

Pair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class PairSearched:
    """The searches of one pair.

    Attributes
    ----------
    report : PairSearches
    measured : Measured
    queries : array of shape (n_queries,)
        Which of all queries were asked, ascending.
    items : array of shape (n_common,)
        Union rows of the items that results are rows of.
    segments : mapping of (column, value) to array
        Rows of the queries measured.
    """

    report: PairSearches
    measured: Measured
    queries: IntArray
    items: IntArray
    segments: Mapping[tuple[str, str], IntArray]

    def claims(self) -> list[Claim]:
        """Claim what queries lost."""
        return search_claims(self.report, lost=self._lost(), replaced=self._replaced)

    def _lost(self) -> IntArray:
        answers = self.measured.answers
        if answers is None:
            return np.zeros(0, np.int64)
        return np.unique(answers.item_a[answers.lost])

    def _replaced(self, segment: SegmentReport) -> IntArray:
        rows = self.segments[segment["column"], segment["segment"]]
        a, b = self.measured.a[rows], self.measured.b[rows]
        gone = ~(a[:, :, None] == b[:, None, :]).any(axis=2)
        found: IntArray = np.unique(a[gone]).astype(np.int64)
        return found


@dataclass(frozen=True, eq=False)
class Searched:
    """The searches of all pairs.

    Attributes
    ----------
    queries : QuerySet
    report : SearchesReport
    pairs : mapping of pair to PairSearched
    answers : array of shape (n_judgements,)
        Item row of each judgement; -1 where the item is not there.
    """

    queries: QuerySet
    report: SearchesReport
    pairs: Mapping[Pair, PairSearched] = field(default_factory=dict)
    answers: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, eq=False)
class _Asked:
    """Searches of two spaces over the items that both have."""

    common: Common
    queries: IntArray
    measured: Measured


def search_pairs(run: Run, queries: QuerySet | None, planned: Sequence[Pair]) -> Searched | None:
    """Search every pair whose spaces both have queries.

    Parameters
    ----------
    run : Run
    queries : QuerySet or None
    planned : sequence of (str, str)
        Pairs compared on their items.

    Returns
    -------
    Searched or None
        None without queries.
    """
    if queries is None:
        return None
    relevance = queries.relevance
    answers: IntArray = np.zeros(0, np.int64)
    if relevance is not None:
        answers = rows_of(run.space_set.ids, relevance.items)
    names = segmenting(queries.columns, text=queries.text)
    segments = segments_of(queries.columns, names)
    pairs = {}
    for done, pair in enumerate(planned):
        run.report_step("searching", done, len(planned))
        asked = _asked(run, queries, answers, pair)
        if asked is not None:
            runs = [
                other.measured
                for replicate_pair in replicate_pairs_of(
                    run.space_set.replicates, [*run.space_set.spaces], pair
                )
                if {*replicate_pair} != {*pair}
                and (other := _asked(run, queries, answers, replicate_pair)) is not None
            ]
            pairs[pair] = _told(run, queries, pair, asked, runs=runs, segments=segments)
    if planned:
        run.report_step("searching", len(planned), len(planned))
    report = SearchesReport(
        name=queries.name,
        n_queries=len(queries.ids),
        n_judgements=len(answers),
        columns=names,
        pairs=[one.report for one in pairs.values()],
    )
    return Searched(queries, report, pairs, answers)


def _told(
    run: Run,
    queries: QuerySet,
    pair: Pair,
    asked: _Asked,
    *,
    runs: Sequence[Measured],
    segments: Sequence[Segment],
) -> PairSearched:
    of_pair = within(segments, asked.queries)
    texts = None if queries.text is None else queries.columns[queries.text][asked.queries]
    items = asked.common.items
    report = searches_report(
        pair,
        asked.measured,
        names=Names(queries.ids[asked.queries], texts, run.space_set.ids[items], queries.name),
        segments=of_pair,
        runs=runs,
        n_items=len(items),
    )
    return PairSearched(
        report,
        asked.measured,
        asked.queries,
        items,
        {(one.column, one.value): one.rows for one in of_pair},
    )


def _asked(run: Run, queries: QuerySet, answers: IntArray, pair: Pair) -> _Asked | None:
    common = common_items(run.space_set, *pair)
    if queries.are_items:
        own = rows_of(run.space_set.ids[common.items], queries.ids)
        rows: IntArray = np.flatnonzero(own >= 0)
        sides = [own[rows]] * 2
    elif all(name in queries.rows for name in pair):
        a, b = (queries.rows[name] for name in pair)
        asked = in_both(a, b, n_items=len(queries.ids))
        rows, sides = asked.items, [asked.rows_a, asked.rows_b]
    else:
        return None
    n_found = len(common.items) - queries.are_items
    if not len(rows) or n_found < 2:
        return None
    depth = min(DEPTH, n_found)
    lists = [
        _lists(run, queries, name, items=of_space, asked=side, depth=depth)
        for name, of_space, side in zip(pair, (common.rows_a, common.rows_b), sides, strict=True)
    ]
    relevant = relevant_among(queries, answers, common.items, rows)
    found = measured(lists[0], lists[1], n_found=n_found, relevant=relevant)
    return _Asked(common, rows, found)


def _lists(
    run: Run, queries: QuerySet, name: str, *, items: IntArray, asked: IntArray, depth: int
) -> NDArray[np.int32]:
    """Return the results of each query, as rows of the given items of a space."""
    space = run.space_set.spaces[name]
    whole = len(items) == len(space.ids)
    given = np.zeros((0, 0), np.float32) if queries.are_items else queries.vectors[name][asked]
    own = asked if queries.are_items else asked[:0]
    of_items = np.zeros(0, np.int64) if whole else items
    inputs = (run.vectors[name].key, space.metric, of_items, own, given, depth)

    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        vectors = space.vectors if whole else space.vectors[items]
        told = run.progress(f"searching {name}")
        if queries.are_items:
            graph = nearest_neighbors(
                vectors, k=depth, metric=space.metric, queries=own, progress=told
            )
        else:
            graph = neighbors_of(given, vectors, k=depth, metric=space.metric, progress=told)
        return {"results": graph.indices}, {}

    results: NDArray[np.int32] = run.stage("searches", inputs, compute).arrays["results"]
    return results
