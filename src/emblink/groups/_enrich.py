"""Which values of the item table are commoner in a group than chance would have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from operator import itemgetter
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from emblink.decimals import decimals
from emblink.stats import benjamini_hochberg
from emblink.types import AnyArray, Enrichment, FloatArray, IntArray, NumberShift, Role
from emblink.words import as_words, categories

MOST_VALUES = 8
MOST_NUMBERS = 5
LEVEL = 0.05

# The rule by which a bundle tells categories from texts.
_MOST_CATEGORIES = 1000
_FEWEST_MEMBERS = 2
_TABLED = 256
_LOG_FACTORIALS = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, _TABLED)))])

Kind = Literal["category", "number", "text"]


@dataclass(frozen=True, eq=False)
class Category:
    """A column of few values.

    Attributes
    ----------
    column : str
    codes : array of shape (n_items,), int32
        -1 where the value is missing.
    names : list of str
        Most frequent first.
    counts : array of shape (n_values,), integer
    is_label : bool
    """

    column: str
    codes: NDArray[np.int32]
    names: list[str]
    counts: IntArray
    is_label: bool = False


@dataclass(frozen=True, eq=False)
class Number:
    """A column of numbers, ranked once.

    Attributes
    ----------
    column : str
    values : array of shape (n_items,), float64
        NaN where missing.
    ranks : array of shape (n_items,), float64
        From 1, tied values sharing their mean rank; NaN where missing.
    n : int
        Items with a number.
    ties : float
        Sum of ``t³ - t`` over runs of ``t`` tied values.
    """

    column: str
    values: NDArray[np.float64]
    ranks: NDArray[np.float64]
    n: int
    ties: float


class Enriched(NamedTuple):
    """What a group has more of, and what numbers of it are larger or smaller."""

    values: list[Enrichment]
    numbers: list[NumberShift]


class _RankSum(NamedTuple):
    auc: float
    p: float


def column_kinds(
    columns: Mapping[str, AnyArray], roles: Mapping[Role, str], *, ids: AnyArray | None = None
) -> dict[str, Kind]:
    """Say what each column of the item table can be asked.

    Parameters
    ----------
    columns : mapping of column name to array of shape (n_items, ...)
    roles : mapping of role to column name
    ids : array of shape (n_items,), optional
        A column that repeats them is left out.

    Returns
    -------
    dict of column name to {"category", "number", "text"}
        By the rule of a bundle: words of at most 1,000 values, and at most half as many values as
        items, are categories; the label always is one. Without pictures, and without whole numbers
        that are all different: they name items.
    """
    kinds = {
        name: _kind(values, is_label=name == roles.get("label"), is_text=name == roles.get("text"))
        for name, values in columns.items()
        if values.ndim == 1
    }
    named = {
        name
        for name, kind in kinds.items()
        if kind == "text" and ids is not None and _repeats(columns[name], ids)
    }
    return {name: kind for name, kind in kinds.items() if kind is not None and name not in named}


def category_of(column: str, values: AnyArray, *, is_label: bool = False) -> Category:
    """Code a column of few values.

    Parameters
    ----------
    column : str
    values : array of shape (n_items,)
        Words or numbers; ``""`` and NaN are missing.
    is_label : bool

    Returns
    -------
    Category
    """
    codes, names = categories(as_words(values))
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    return Category(column, codes, names, counts, is_label)


def number_of(column: str, values: AnyArray) -> Number:
    """Rank a column of numbers.

    Parameters
    ----------
    column : str
    values : array of shape (n_items,)
        What is not finite is missing.

    Returns
    -------
    Number
    """
    given = np.asarray(decimals(values) if values.dtype.kind == "f" else values, np.float64)
    known = np.isfinite(given)
    _, inverse, counts = np.unique(given[known], return_inverse=True, return_counts=True)
    ends = np.cumsum(counts, dtype=np.float64)
    ranks = np.full(len(given), np.nan)
    ranks[known] = (ends - (counts - 1) / 2)[inverse.reshape(-1)]
    runs = counts.astype(np.float64)
    return Number(
        column=column,
        values=np.where(known, given, np.nan),
        ranks=ranks,
        n=int(known.sum()),
        ties=float((runs**3 - runs).sum()),
    )


def enrich(
    members: IntArray, table: Sequence[Category], numbers: Sequence[Number] = ()
) -> Enriched:
    """Values that are commoner, and numbers that are larger or smaller, in a group.

    Parameters
    ----------
    members : array of shape (n_members,)
        Rows of the items.
    table : sequence of Category
        Over all items.
    numbers : sequence of Number
        Over all items.

    Returns
    -------
    Enriched
        Values of the label column first, then by p, at most 8; numbers by p, at most 5. All with
        an adjusted p below 0.05. Independent of the order of the items.

    Notes
    -----
    The hypergeometric tail of every value that at least two items have [1]_ and the rank sum test
    of every column of numbers [2]_ are adjusted together, whether or not members have the value:
    leaving out the values that no two members share would pick questions by their answers.
    Misleads where the group was chosen for its values, and where columns repeat each other: each
    is named.

    References
    ----------
    .. [1] Rivals et al., "Enrichment or depletion of a GO category within a class of genes: which
       test?", Bioinformatics 2007.
    .. [2] Mann and Whitney, "On a test of whether one of two random variables is stochastically
       larger than the other", Annals of Mathematical Statistics 1947.
    """
    hits = [_hits(members, category) for category in table]
    tails = [
        _value_tails(found, category, n_members=len(members))
        for found, category in zip(hits, table, strict=True)
    ]
    sums = [rank_sum(number, members) for number in numbers]
    raw = np.concatenate([np.zeros(0), *tails, [test.p for test in sums]])
    adjusted = benjamini_hochberg(raw)
    ends = np.cumsum([len(tail) for tail in tails], dtype=np.int64)
    parts = np.split(adjusted, ends)
    values = [
        (
            (not category.is_label, float(tails[at][code]), at, code),
            _enrichment(category, code, hits=hits[at], n_members=len(members), p=parts[at]),
        )
        for at, category in enumerate(table)
        for code in np.flatnonzero(parts[at] < LEVEL).tolist()
    ]
    shifts = [
        ((test.p, at), _shift(numbers[at], members, auc=test.auc, p=float(parts[-1][at])))
        for at, test in enumerate(sums)
        if parts[-1][at] < LEVEL
    ]
    return Enriched(
        [value for _, value in sorted(values, key=itemgetter(0))[:MOST_VALUES]],
        [shift for _, shift in sorted(shifts, key=itemgetter(0))[:MOST_NUMBERS]],
    )


def hypergeometric_tail(
    hits: IntArray, marked: IntArray, *, n_drawn: int, n: int
) -> NDArray[np.float64]:
    """Chance of drawing at least ``hits`` marked items, without putting back.

    Parameters
    ----------
    hits, marked : array of shape (n_questions,)
        Marked items among those drawn, and among all.
    n_drawn : int
    n : int
        All items.

    Returns
    -------
    array of shape (n_questions,), float64
        In [0, 1]; 1 where ``hits`` is 0.

    Notes
    -----
    Sums the probabilities themselves, each by logarithms of factorials, over a window beyond
    which they add less than one part in 10³⁰: exact to about nine digits, however small.
    """
    hits, marked = np.asarray(hits, dtype=np.int64), np.asarray(marked, dtype=np.int64)
    share = n_drawn / max(1, n)
    mean = marked * share
    width = 40 + np.ceil(12 * np.sqrt(mean * (1 - share))).astype(np.int64)
    middle = mean.astype(np.int64)
    least = np.maximum(0, n_drawn + marked - n)
    first = np.maximum(np.maximum(hits, least), middle - width)
    last = np.minimum(np.minimum(marked, n_drawn), np.maximum(hits, middle) + width)
    lengths = np.maximum(0, last - first + 1)
    owner = np.repeat(np.arange(len(hits)), lengths)
    starts = np.cumsum(lengths) - lengths
    drawn = first[owner] + np.arange(len(owner)) - starts[owner]
    logs = (
        _log_choose(marked[owner], drawn)
        + _log_choose(n - marked[owner], n_drawn - drawn)
        - _log_choose(np.array([n]), np.array([n_drawn]))
    )
    tail = np.bincount(owner, weights=np.exp(logs), minlength=len(hits))
    return np.where(hits <= least, 1.0, np.minimum(1.0, tail))


def rank_sum(number: Number, members: IntArray) -> _RankSum:
    """Compare a group's numbers with those of the other items by the sum of their ranks.

    Parameters
    ----------
    number : Number
    members : array of shape (n_members,)

    Returns
    -------
    (auc, p)
        How often a member's number is the larger one, ties counting half, in [0, 1]; and the two
        sided p of the normal approximation, corrected for ties and continuity. NaN where either
        side has fewer than two numbers or all numbers are equal. Invariant to any increasing
        transformation.

    References
    ----------
    .. [1] Mann and Whitney, Annals of Mathematical Statistics 1947.
    """
    ranks = number.ranks[members]
    ranks = ranks[~np.isnan(ranks)]
    inside, n = len(ranks), number.n
    outside = n - inside
    if min(inside, outside) < _FEWEST_MEMBERS:
        return _RankSum(np.nan, np.nan)
    larger = float(ranks.sum()) - inside * (inside + 1) / 2
    variance = inside * outside / 12 * (n + 1 - number.ties / (n * (n - 1)))
    if variance <= 0:
        return _RankSum(np.nan, np.nan)
    away = max(0.0, abs(larger - inside * outside / 2) - 0.5)
    return _RankSum(larger / (inside * outside), erfc(away / sqrt(2 * variance)))


def _kind(values: AnyArray, *, is_label: bool, is_text: bool) -> Kind | None:
    if is_label:
        return "category"
    if is_text:
        return "text"
    if values.dtype.kind in "iuf":
        known = values[np.isfinite(values)]
        whole = bool(np.all(known == np.floor(known)))
        return None if whole and len(np.unique(known)) == len(known) else "number"
    distinct = len(set(as_words(values).tolist()))
    return "category" if distinct <= min(_MOST_CATEGORIES, len(values) // 2) else "text"


def _repeats(values: AnyArray, ids: AnyArray) -> bool:
    return bool(np.all(as_words(values) == as_words(ids)))


def _hits(members: IntArray, category: Category) -> NDArray[np.int64]:
    codes = category.codes[members]
    return np.bincount(codes[codes >= 0], minlength=len(category.names)).astype(np.int64)


def _value_tails(hits: IntArray, category: Category, *, n_members: int) -> NDArray[np.float64]:
    """Tails of a column's values; NaN where one item alone has the value, which says nothing."""
    tails = np.ones(len(hits))
    asked = hits >= _FEWEST_MEMBERS
    tails[asked] = hypergeometric_tail(
        hits[asked], category.counts[asked], n_drawn=n_members, n=len(category.codes)
    )
    tails[category.counts < _FEWEST_MEMBERS] = np.nan
    return tails


def _enrichment(
    category: Category, code: int, *, hits: IntArray, n_members: int, p: FloatArray
) -> Enrichment:
    n_all = int(category.counts[code])
    return {
        "column": category.column,
        "value": category.names[code],
        "n": int(hits[code]),
        "n_all": n_all,
        "expected": n_members * n_all / len(category.codes),
        "p": float(p[code]),
    }


def _shift(number: Number, members: IntArray, *, auc: float, p: float) -> NumberShift:
    others = np.ones(len(number.values), dtype=bool)
    others[members] = False
    return {
        "column": number.column,
        "median": float(np.nanmedian(number.values[members])),
        "median_others": float(np.nanmedian(number.values[others])),
        "auc": auc,
        "p": p,
    }


def _log_choose(n: IntArray, k: IntArray) -> NDArray[np.float64]:
    chosen: NDArray[np.float64] = _log_factorial(n) - _log_factorial(k) - _log_factorial(n - k)
    return chosen


def _log_factorial(n: IntArray) -> NDArray[np.float64]:
    """Stirling's series from 256 on, where three terms are exact in double precision."""
    z = np.maximum(n, _TABLED).astype(np.float64)
    series = (1 / 12 - (1 / 360 - 1 / (1260 * z**2)) / z**2) / z
    large = (z + 0.5) * np.log(z) - z + 0.5 * np.log(2 * np.pi) + series
    logs: NDArray[np.float64] = np.where(
        n < _TABLED, _LOG_FACTORIALS[np.minimum(n, _TABLED - 1)], large
    )
    return logs
