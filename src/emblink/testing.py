"""Assertions about embedding spaces, for pytest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from emblink.comparison import compare, judge
from emblink.errors import InputError
from emblink.gate import Policy, read_policy
from emblink.types import Metric

__all__ = ["assert_interchangeable"]

_MOST_FINDINGS = 3


def assert_interchangeable(
    old: Any,
    new: Any,
    *,
    ids: object | None = None,
    items: object | None = None,
    labels: object | None = None,
    metric: Metric = "cosine",
    replicates: Mapping[str, Any] | None = None,
    policy: Policy | str | Path | None = None,
    queries: object | None = None,
    query_items: object | None = None,
    qrels: object | None = None,
    seed: int = 0,
    out: str | Path | None = None,
) -> None:
    """Fail where a new space may not take an old one's place.

    Parameters
    ----------
    old, new : array of shape (n_items, n_dims), data frame, or path
        What :func:`emblink.compare` takes.
    ids, items, labels, metric
        As for :func:`emblink.compare`.
    replicates : mapping of name to array, optional
        Runs of the old recipe with other seeds: what changes no more than these do passes.
    policy : Policy or path of TOML, optional
        The limits; by default those of ``emblink gate``.
    queries, query_items, qrels
        As for :func:`emblink.compare`; the spaces are called ``"old"`` and ``"new"``.
    seed : int
        Of every random choice.
    out : str or Path, optional
        Directory to keep the comparison in, to be opened after a failure.

    Raises
    ------
    AssertionError
        A limit does not hold, is left open by its interval, or the two cannot be compared; the
        message says which, and what stands out.
    InputError
        Something given cannot be used, or the spaces have no ids in common.
    """
    limits = policy if isinstance(policy, Policy | None) else read_policy(Path(policy))
    again = replicates or {}
    if taken := {"old", "new"} & {*again}:
        raise InputError(f"a replicate is called {min(taken)!r}; give it a name of its own")
    compared = compare(
        {"old": old, "new": new, **again},
        ids=ids,
        items=items,
        labels=labels,
        metric=metric,
        replicates={"old": [*again]} if again else None,
        queries=queries,
        query_items=query_items,
        qrels=qrels,
        seed=seed,
        out=out,
    )
    found = judge(compared, limits, old="old", new="new")
    if found.verdict == "pass":
        return
    broken = [one.sentence for one in found.checks if one.status != "pass"]
    raise AssertionError("\n".join([found.why, *_listed(broken), *_listed(found.findings)]))


def _listed(sentences: Sequence[str]) -> list[str]:
    return [f"  - {one}" for one in sentences[:_MOST_FINDINGS]]
