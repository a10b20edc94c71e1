"""Queries and their results as columns of the bundle."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from emblink.bundle.schema import (
    ColumnKind,
    NumberField,
    PairInfo,
    QueriesInfo,
    SearchColumns,
    TextField,
    Words,
)
from emblink.pipeline._run import Run
from emblink.pipeline._searches import PairSearched, Searched
from emblink.searches import Measured
from emblink.types import AnyArray
from emblink.wording import rank_title
from emblink.words import as_words, pack

OVER = "queries"


class _Kept:
    """Arrays of one step, and what columns they become."""

    def __init__(self) -> None:
        self.arrays: dict[str, AnyArray] = {}
        self.columns: dict[str, tuple[str, ColumnKind]] = {}

    def put(self, column: str, values: AnyArray, kind: ColumnKind) -> str:
        array = f"{len(self.arrays)}-{kind}"
        self.arrays[array] = values
        self.columns[column] = (array, kind)
        return column

    def words(self, column: str, values: AnyArray) -> Words:
        offsets, utf8 = pack(as_words(values))
        return Words(
            offsets=self.put(f"{column}/offsets", offsets, "offsets"),
            utf8=self.put(f"{column}/utf8", utf8, "utf8"),
        )

    def store(self, run: Run, what: str) -> None:
        stage = run.catalog.store.keep("queries", self.arrays, what=what)
        for column, (array, kind) in self.columns.items():
            run.catalog.add(column, stage, array, kind=kind, over=OVER)


def queries_info(run: Run, searched: Searched | None) -> QueriesInfo | None:
    """Put the queries into the catalog.

    Parameters
    ----------
    run : Run
    searched : Searched or None

    Returns
    -------
    QueriesInfo or None
    """
    if searched is None:
        return None
    queries, kept = searched.queries, _Kept()
    fields: list[NumberField | TextField] = []
    for at, (name, values) in enumerate(queries.columns.items()):
        if name == queries.text:
            continue
        column = f"{OVER}/column {at}"
        if values.dtype.kind in "iuf":
            held = kept.put(f"{column}/values", values, "values")
            fields.append(NumberField(name=name, title=name, values=held, over=OVER))
        else:
            fields.append(TextField(name=name, title=name, words=kept.words(column, values)))
    text = None
    if queries.text is not None:
        text = kept.words(f"{OVER}/text", queries.columns[queries.text])
    answers = dict(_answers(kept, searched))
    info = QueriesInfo(
        n=len(queries.ids),
        ids=kept.words(f"{OVER}/ids", queries.ids),
        text=text,
        fields=fields,
        **answers,
    )
    kept.store(run, "the queries")
    return info


def _answers(kept: _Kept, searched: Searched) -> Iterator[tuple[str, str]]:
    relevance = searched.queries.relevance
    if relevance is None:
        return
    order = np.argsort(relevance.queries, kind="stable")
    counts = np.bincount(relevance.queries, minlength=len(searched.queries.ids))
    offsets = np.append(0, np.cumsum(counts)).astype(np.int64)
    items = searched.answers[order].astype(np.int32)
    gains = np.asarray(relevance.gains, np.float32)[order]
    yield "relevant", kept.put(f"{OVER}/relevant", offsets, "offsets")
    yield "answers", kept.put(f"{OVER}/answers", items, "results")
    yield "gains", kept.put(f"{OVER}/gains", gains, "values")


def with_searches(run: Run, info: PairInfo, one: PairSearched | None) -> PairInfo:
    """Return what is stored of a pair, with the results of its queries.

    Parameters
    ----------
    run : Run
    info : PairInfo
    one : PairSearched or None

    Returns
    -------
    PairInfo
    """
    if one is None:
        return info
    kept, at = _Kept(), f"{info.over}/searches"
    fields = [
        NumberField(
            name=name,
            title=title,
            values=kept.put(f"{at}/{name}", np.asarray(values, np.float32), "values"),
            over=OVER,
            range=[*span],
        )
        for name, title, values, span in _columns(one.measured)
    ]
    columns = SearchColumns(
        queries=kept.put(f"{at}/queries", one.queries.astype(np.int32), "codes"),
        a=kept.put(f"{at}/a", one.items[one.measured.a].astype(np.int32), "results"),
        b=kept.put(f"{at}/b", one.items[one.measured.b].astype(np.int32), "results"),
        fields=fields,
    )
    kept.store(run, f"the searches of {info.a} → {info.b}")
    return msgspec.structs.replace(info, searches=columns)


def _columns(found: Measured) -> Iterator[tuple[str, str, AnyArray, tuple[float, float]]]:
    share, k = (0.0, 1.0), found.k
    yield "churn", f"first {k} results replaced", found.churn, share
    yield "first_changed", "first result changed", found.first, share
    yield "rank_biased_overlap", "rank-biased overlap of results", found.rbo, share
    if found.delta is None or found.answers is None:
        return
    for name, title in (("ndcg", "nDCG"), ("recall", "recall"), ("mrr", "reciprocal rank")):
        for side in "ab":
            values = getattr(found.delta, f"{name}_{side}")
            yield f"{name}_{side}", f"{title} at {k} in {side.upper()}", values, share
    known = np.isfinite(found.delta.ndcg)
    for side in "ab":
        rank = getattr(found.answers, f"rank_{side}").astype(np.float32)
        title = rank_title(side)
        yield f"rank_{side}", title, np.where(known, rank, np.nan), (0.0, float(k))
    for name, flips in (("lost", found.answers.lost), ("gained", found.answers.gained)):
        title = f"first relevant answer {name}"
        yield name, title, np.where(known, flips, np.nan), share
