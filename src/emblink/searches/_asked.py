"""Queries put to the same items by several ways: what each way's results are beside another's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from emblink.measures import Relevant
from emblink.searches._measured import Measured, measured
from emblink.searches._relevance import relevant_among, rows_of
from emblink.searches._report import Names, searches_report
from emblink.searches._segments import Segment, judged_segments, segmenting, segments_of, within
from emblink.types import AnyArray, IntArray, PairSearches, QuerySet, SegmentReport

Results = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Asked:
    """The queries that are asked, and the items that they may find.

    Attributes
    ----------
    rows : array of shape (n_asked,)
        Rows of the queries.
    own : array of shape (n_asked,), or None
        Of items as queries, the place of each among the items.
    n_items : int
    names : Names
    relevant : Relevant or None
    segments : sequence of Segment
    """

    rows: IntArray
    own: IntArray | None
    n_items: int
    names: Names
    relevant: Relevant | None
    segments: Sequence[Segment]

    @property
    def n_found(self) -> int:
        """How many items a query may find."""
        return self.n_items - (self.own is not None)

    def measured(self, a: Results, b: Results) -> Measured:
        """Measure two ways' results, given as places of items, best first."""
        return measured(a, b, n_found=self.n_found, relevant=self.relevant)

    def report(self, pair: tuple[str, str], found: Measured) -> PairSearches:
        """Return what is to be said of two ways' results."""
        return searches_report(
            pair, found, names=self.names, segments=self.segments, n_items=self.n_items
        )

    def churned(self, found: Measured) -> list[SegmentReport]:
        """Return the segments whose results are replaced more than the others', the surest first.

        Whatever is known of relevance.
        """
        plain = replace(found, relevant=None, delta=None, answers=None)
        told = judged_segments(plain, self.segments)
        return [one for one in told if one["verdict"] == "churned"]


def asked_of(queries: QuerySet, spaces: Sequence[str], *, ids: AnyArray, items: IntArray) -> Asked:
    """Return the queries that have vectors in some spaces, put to the items that these share.

    Parameters
    ----------
    queries : QuerySet
    spaces : sequence of str
    ids : array of shape (n,)
        Of all items.
    items : array of shape (n_items,)
        Rows of those that can be found.

    Returns
    -------
    Asked
    """
    own = None
    if queries.are_items:
        place = rows_of(ids[items], queries.ids)
        rows: IntArray = np.flatnonzero(place >= 0)
        own = place[rows]
    else:
        rows = np.arange(len(queries.ids))
        for name in spaces:
            rows = np.intersect1d(rows, queries.rows[name], assume_unique=True)
    relevance = queries.relevance
    relevant = None
    if relevance is not None:
        relevant = relevant_among(queries, rows_of(ids, relevance.items), items, rows)
    columns = segmenting(queries.columns, text=queries.text)
    texts = None if queries.text is None else queries.columns[queries.text][rows]
    return Asked(
        rows=rows,
        own=own,
        n_items=len(items),
        names=Names(queries.ids[rows], texts, ids[items], queries.name),
        relevant=relevant,
        segments=within(segments_of(queries.columns, columns), rows),
    )
