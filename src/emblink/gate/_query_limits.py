"""Limits of what searches may lose."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from emblink.errors import InputError
from emblink.gate._check import Check, Evidence, Status, ends_of, least, pair_of
from emblink.types import PairSearches
from emblink.wording import (
    lost_words,
)
from emblink.wording.gate import (
    NO_QUERY_LOSES,
    churn_limit,
    lost_limit,
    ndcg_words,
    recall_words,
)


class QueryLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of what searches may lose; ``None`` sets none.

    Attributes
    ----------
    min_recall : float, optional
        Least recall of the new space's first 10 results, in [0, 1].
    max_churn : float, optional
        Most of the first 10 results that may be replaced, mean share over queries.
    min_ndcg_change : float, optional
        Least change of nDCG at 10, such as -0.01.
    max_lost : float, optional
        Most queries that may lose their first relevant answer, as a share.
    """

    min_recall: float | None = None
    max_churn: float | None = None
    min_ndcg_change: float | None = None
    max_lost: float | None = None

    def __post_init__(self) -> None:
        for name in ("min_recall", "max_churn", "max_lost"):
            value = getattr(self, name)
            if value is not None and not 0.0 <= value <= 1.0:
                raise ValueError(f"queries.{name} is {value:g}; expected a share from 0 to 1")
        change = self.min_ndcg_change
        if change is not None and not -1.0 <= change <= 1.0:
            raise ValueError(
                f"queries.min_ndcg_change is {change:g}; expected -1 to 1, such as -0.01"
            )


def of_queries(evidence: Evidence, limits: QueryLimits) -> Iterator[Check]:
    """Hold the limits of searches against a pair."""
    asked = [name for name in QueryLimits.__struct_fields__ if getattr(limits, name) is not None]
    if not asked:
        return
    found, before = evidence.searches, evidence.accepted_searches
    if found is None:
        raise InputError(
            f"queries.{asked[0]} asks for queries, and this comparison has none: give --queries"
        )
    if limits.max_churn is not None:
        yield _churn(found, before, limits.max_churn)
    if asked == ["max_churn"]:
        return
    if not found["levels"]:
        name = next(one for one in asked if one != "max_churn")
        raise InputError(
            f"queries.{name} asks for relevance, and this comparison has none: give --qrels"
        )
    if limits.min_recall is not None:
        yield _recall(found, before, limits.min_recall)
    if limits.min_ndcg_change is not None:
        yield _ndcg(found, before, limits.min_ndcg_change)
    if limits.max_lost is not None:
        yield _lost(found, before, limits.max_lost)


def _named(limit: str, check: Check, name: str) -> Check:
    """Return a check that is about a set of queries."""
    return Check(
        f"queries.{limit}",
        check.status,
        check.sentence,
        name,
        check.value,
        check.bound,
        check.interval,
    )


def _most(ends: tuple[float, float], bound: float) -> Status:
    return "pass" if ends[1] <= bound else "fail" if ends[0] > bound else "undecided"


def _churn(found: PairSearches, before: PairSearches | None, bound: float) -> Check:
    score = found["scores"]["search_churn"]
    if before is not None:
        bound = max(bound, ends_of(before["scores"]["search_churn"])[1])
    ends = ends_of(score)
    said = churn_limit(score["value"], k=found["k"], ends=ends, bound=bound)
    status = _most(ends, bound)
    check = Check("", status, said, "", score["value"], bound, ends)
    return _named("max_churn", check, found["name"])


def _recall(found: PairSearches, before: PairSearches | None, bound: float) -> Check:
    level = next(one for one in found["levels"] if one["measure"] == "recall")
    if before is not None and before["levels"]:
        accepted = next(one for one in before["levels"] if one["measure"] == "recall")
        bound = min(bound, accepted["interval_b"][0])
    said = recall_words(found["k"], level["b"])
    check = least("", level["b"], pair_of(level["interval_b"]), bound, "", said=said)
    return _named("min_recall", check, found["name"])


def _ndcg(found: PairSearches, before: PairSearches | None, bound: float) -> Check:
    score = found["scores"]["ndcg_change"]
    level = next(one for one in found["levels"] if one["measure"] == "ndcg")
    if before is not None and "ndcg_change" in before["scores"]:
        bound = min(bound, ends_of(before["scores"]["ndcg_change"])[0])
    said = ndcg_words(found["k"], level["a"], level["b"])
    check = least("", score["value"], ends_of(score), bound, "", said=said, signed=True)
    return _named("min_ndcg_change", check, found["name"])


def _lost(found: PairSearches, before: PairSearches | None, bound: float) -> Check:
    score = found["scores"]["first_relevant_loss"]
    if before is not None and "first_relevant_loss" in before["scores"]:
        bound = max(bound, ends_of(before["scores"]["first_relevant_loss"])[1])
    ends = ends_of(score)
    subject, lost = lost_words(found)
    said = f"{subject} {lost}" if subject else NO_QUERY_LOSES
    sentence = lost_limit(said, ends=ends, bound=bound)
    status = _most(ends, bound)
    check = Check("", status, sentence, "", score["value"], bound, ends)
    return _named("max_lost", check, found["name"])
