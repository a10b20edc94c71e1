"""One limit held against a pair: passed, failed, or left open by its interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from emblink.types import PairReport, PairSearches, Score
from emblink.wording import (
    beside,
)
from emblink.wording.gate import (
    least_words,
    too_few_to_judge,
)

Status = Literal["pass", "fail", "undecided"]
FEWEST = 100
"""Items of which a limit of sizes, neighbours or labels is judged (benchmarks/small_gates.py)."""
_SAME_VECTORS = 1e-6
"""By less than this a Procrustes similarity falls short where vectors change by .1 %."""


@dataclass(frozen=True)
class Check:
    """One limit, and whether it holds.

    Attributes
    ----------
    limit : str
        A name of :class:`Policy`.
    status : {"pass", "fail", "undecided"}
    sentence : str
    about : str
        The label or id that it is about; "" for the pair.
    value, bound : float, optional
    interval : tuple of float, optional
        Of the value, in 95 % of cases.
    """

    limit: str
    status: Status
    sentence: str
    about: str = ""
    value: float | None = None
    bound: float | None = None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Evidence:
    """What a pair is judged by.

    Attributes
    ----------
    pair : PairReport
    accepted : PairReport or None
        Of a comparison that was accepted: what is no worse than there passes.
    kept : mapping of id to float
        Of the ids that must keep their neighbours, the share that each kept; those that are not in
        both spaces are missing.
    warnings : sequence of str
        Of both spaces.
    searches, accepted_searches : PairSearches or None
        Of the pair, and of what was accepted.
    """

    pair: PairReport
    accepted: PairReport | None
    kept: Mapping[str, float]
    warnings: Sequence[str]
    searches: PairSearches | None = None
    accepted_searches: PairSearches | None = None


def least(
    limit: str,
    value: float,
    ends: tuple[float, float] | None,
    bound: float,
    what: str,
    *,
    said: str = "",
    signed: bool = False,
) -> Check:
    """Hold a value, by the ends of its interval, against the least that was asked."""
    low, high = ends or (value, value)
    status: Status = "pass" if low >= bound else "fail" if high < bound else "undecided"
    sentence = least_words(
        said or f"{beside(value, bound)} {what}", ends=ends, bound=bound, signed=signed
    )
    return Check(limit, status, sentence, "", value, bound, ends)


def same_vectors(pair: PairReport) -> bool:
    """Whether the vectors themselves are the same, which takes no number of items to tell."""
    shape = pair["scores"].get("procrustes_similarity")
    return shape is not None and shape["value"] >= 1.0 - _SAME_VECTORS


def too_few(pair: PairReport) -> int:
    """Return how many items a pair was measured by, where these are too few; else 0."""
    score = pair["scores"].get("neighborhood_overlap")
    n = pair["n_common"] if score is None else score["n"]
    return n if n < FEWEST else 0


def judged_of_enough(held: Iterable[Check], pair: PairReport) -> list[Check]:
    """Leave limits open that fewer items than :data:`FEWEST` are within; what is beyond them fails.

    The vectors themselves are excepted where they are the same, but for an old index, which may
    not know them.
    """
    n = too_few(pair)
    if not n:
        return [*held]
    same, said = same_vectors(pair), too_few_to_judge(n, fewest=FEWEST)
    return [
        one
        if one.status == "fail" or (same and one.limit != "min_index_kept")
        else replace(one, status="undecided", sentence=f"{one.sentence} {said}")
        for one in held
    ]


def covered(pair: PairReport) -> float:
    """Return the share of the old items that the new space has."""
    return pair["n_common"] / max(1, pair["n_common"] + pair["only_a"])


def ends_of(score: Score) -> tuple[float, float]:
    """Return the ends of a score's interval; the score twice where it has none."""
    low, high = score.get("interval", [score["value"], score["value"]])
    return low, high


def pair_of(interval: Sequence[float] | None) -> tuple[float, float] | None:
    """Return the two ends of an interval."""
    return None if interval is None else (interval[0], interval[1])
