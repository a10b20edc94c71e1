"""Which items answer which of the queries that are put to some of the items."""

from __future__ import annotations

import numpy as np

from emblink.measures import Relevant
from emblink.types import AnyArray, IntArray, QuerySet


def relevant_among(
    queries: QuerySet, answers: IntArray, items: IntArray, rows: IntArray
) -> Relevant | None:
    """Return what answers some queries among some items.

    Parameters
    ----------
    queries : QuerySet
    answers : array of shape (n_judgements,)
        Item row of each judgement; -1 where the item is not there.
    items : array of shape (n_items,)
        Rows of the items that can be found.
    rows : array of shape (n_asked,)
        Rows of the queries that are asked.

    Returns
    -------
    Relevant or None
        By places among ``rows`` and ``items``; None where nothing is known of relevance.
    """
    if queries.relevance is None:
        return None
    query = rows_of(rows, queries.relevance.queries)
    item = rows_of(items, answers)
    kept = (query >= 0) & (item >= 0) & (answers >= 0)
    order = np.lexsort((item[kept], query[kept]))
    counts = np.bincount(query[kept], minlength=len(rows))
    gains = np.asarray(queries.relevance.gains, np.float64)
    return Relevant(np.append(0, np.cumsum(counts)), item[kept][order], gains[kept][order])


def rows_of(ids: AnyArray, wanted: AnyArray) -> IntArray:
    """Return the row of each wanted id among unique ids, -1 where it is not there.

    Parameters
    ----------
    ids : array of shape (n,)
    wanted : array of shape (m,)

    Returns
    -------
    array of shape (m,)
    """
    if not len(ids) or not len(wanted):
        return np.full(len(wanted), -1, np.int64)
    order = np.argsort(ids)
    at = np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)
    rows = order[at]
    return np.where(ids[rows] == wanted, rows, -1).astype(np.int64)
