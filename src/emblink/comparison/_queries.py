"""The queries of a pair as a table."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from emblink.bundle import Bundle
from emblink.bundle.schema import NumberField, QueriesInfo, Words
from emblink.comparison._table import Table
from emblink.errors import BundleError
from emblink.types import AnyArray
from emblink.words import WORDS, as_words, unpack


def query_table(bundle: Bundle, a: str, b: str) -> Table:
    """Return one row for each query of a pair.

    Parameters
    ----------
    bundle : Bundle
    a, b : str

    Returns
    -------
    Table

    Raises
    ------
    BundleError
        The pair was not compared, or not searched.
    """
    info, queries = bundle.pair(a, b).searches, bundle.manifest.queries
    if info is None or queries is None:
        raise BundleError(
            f"the pair {a} → {b} has no searches; compare with queries= (--queries) for both"
        )
    rows = bundle.array(info.queries)
    own = _own(bundle, queries)
    columns = {name: values[rows] for name, values in own.items()}
    for field in info.fields:
        columns[_free(field.name, columns)] = bundle.array(field.values)
    ids = np.append(as_words(bundle.space_set().ids), np.array([""], WORDS))
    for name, column in (("results_a", info.a), ("results_b", info.b)):
        found = ids[bundle.array(column)].tolist()
        columns[name] = np.array([", ".join(one for one in row if one) for row in found], WORDS)
    return Table(columns)


def _own(bundle: Bundle, queries: QueriesInfo) -> dict[str, AnyArray]:
    columns = {"id": _words(bundle, queries.ids)}
    if queries.text is not None:
        columns["text"] = _words(bundle, queries.text)
    for field in queries.fields:
        held = (
            bundle.array(field.values)
            if isinstance(field, NumberField)
            else _words(bundle, field.words)
        )
        columns[_free(field.name, columns)] = held
    if queries.relevant is not None and queries.answers is not None:
        ends = bundle.array(queries.relevant).tolist()
        columns["n_relevant"] = np.array([end - start for start, end in pairwise(ends)])
    return columns


def _words(bundle: Bundle, words: Words) -> AnyArray:
    return unpack(bundle.array(words.offsets), bundle.array(words.utf8))


def _free(name: str, taken: dict[str, AnyArray]) -> str:
    while name in taken:
        name = f"{name}'"
    return name
