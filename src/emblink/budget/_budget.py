"""The ladder of settings, tried one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
import numpy as np

from emblink.budget._allowed import Allowed
from emblink.budget._queries import queries_kept
from emblink.budget._rungs import RESCORED, Rung, rungs
from emblink.budget._stored import K, Lists, Seekers, Shelf
from emblink.budget._who import Who
from emblink.compute import Progress, silent
from emblink.errors import EmblinkError, InputError
from emblink.searches import Asked, asked_of
from emblink.stats import sample_items
from emblink.types import BudgetReport, BudgetSetting, QuerySet, Space, SpaceSet
from emblink.wording import (
    budget_sentence,
    few_rescored_words,
    inert_json,
    left_out_words,
    untrained_words,
)

QUERIES = 2000
TRAINED = 0.02
"""By how much principal axes may keep more where the first dims are trained for truncation."""
_FEW = 10


def budget(
    space_set: SpaceSet,
    *,
    allowed: Allowed | None = None,
    queries: QuerySet | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> BudgetReport:
    """Find how small the vectors of a space may become.

    Parameters
    ----------
    space_set : SpaceSet
        Of one space.
    allowed : Allowed, optional
        What must be kept: by default 0.9 of the 10 nearest neighbours of items, or of the first 10
        results of queries where there are some.
    queries : QuerySet, optional
    seed : int
        Of the items asked: 2,000 where there are more, each among all others.
    progress : callable

    Returns
    -------
    BudgetReport
        The largest setting first.

    Raises
    ------
    InputError
        There are several spaces, fewer than 20 items, or nothing that nDCG could be of.

    Notes
    -----
    Without queries, misleads where those that come are no items: they may lie elsewhere.
    """
    if len(space_set.spaces) != 1:
        raise InputError(
            f"a budget is of one space, not of {', '.join(space_set.spaces)}; give one file"
        )
    allowed = allowed or Allowed()
    ladder = _Ladder(space_set, queries, allowed, seed=seed)
    tried = [*ladder.rungs()]
    settings: list[BudgetSetting] = []
    left_out: dict[str, str] = {}
    for at, rung in enumerate(tried):
        progress(at, len(tried))
        try:
            settings.append(ladder.setting(rung))
        except EmblinkError as error:
            if not rung.steps:
                raise
            left_out[rung.name] = str(error)
    progress(len(tried), len(tried))
    settings.sort(key=lambda one: (-one["bytes_per_vector"], -_value(one, allowed)))
    fitting = [at for at, one in enumerate(settings) if one["fits"]]
    report = BudgetReport(
        space=ladder.space.name,
        measure=allowed.measure,
        allowed=allowed.share,
        chosen=max(
            fitting,
            key=lambda at: (-settings[at]["bytes_per_vector"], _value(settings[at], allowed)),
            default=None,
        ),
        settings=settings,
        notes=[*left_out_words(left_out), *ladder.notes, *_untrained(settings)],
        n_items=ladder.n,
        n_asked=ladder.n_asked,
        sentence="",
    )
    report["sentence"] = budget_sentence(report)
    return report


class _Ladder:
    """A space, what is looked for in it, and what is found by the vectors as they are."""

    def __init__(
        self, space_set: SpaceSet, queries: QuerySet | None, allowed: Allowed, *, seed: int
    ) -> None:
        (self.space,) = space_set.spaces.values()
        self._allowed, self.n = allowed, len(self.space.vectors)
        if self.n < 2 * K:
            raise InputError(
                f"{self.space.name} has {self.n} items; a budget takes {2 * K} at least"
            )
        self._shelf = Shelf(self.space)
        whole = Rung("as they are", (), self.space.vectors.shape[1], 0)
        asked = np.sort(sample_items(self.n, min(self.n, QUERIES), seed=seed))
        self.n_asked = len(asked)
        self._items = Seekers.items(self.space, asked)
        true = self._found(self._items, whole)
        self._who = Who(space_set, self.space, asked, true=true, seed=seed)
        self._asked = _queries(space_set, self.space, queries)
        self._seekers: Seekers | None = None
        if self._asked is not None and queries is not None:
            self._seekers = _seekers(self.space, self._asked, queries)
            self._results = self._found(self._seekers, whole)
        self._check()

    @property
    def notes(self) -> list[str]:
        """What is to be said of settings that are not tried."""
        return [few_rescored_words(self.n, RESCORED * K)] if self._few else []

    @property
    def _few(self) -> bool:
        """Whether the candidates that are rescored would be a large part of all items."""
        return self.n < _FEW * RESCORED * K

    def rungs(self) -> list[Rung]:
        """Return the settings that there are, but for those that would prove nothing."""
        width = 1 if self.space.in_bytes else self.space.vectors.dtype.itemsize
        found = rungs(self.space.vectors.shape[1], width=width)
        return [one for one in found if not (self._few and one.rescored)]

    def setting(self, rung: Rung) -> BudgetSetting:
        """Try one.

        Raises
        ------
        EmblinkError
            The vectors cannot be stored so.
        """
        made, bring = self._shelf.stored(rung)
        found = self._items.found(rung, made, bring)
        per_item = self._who.kept(found)
        kept, interval = self._who.mean(per_item, certain=not rung.steps)
        size = rung.bytes_per_vector
        told = BudgetSetting(
            name=rung.name,
            steps="" if rung.rescored else "|".join(rung.steps),
            n_dims=rung.n_dims,
            bytes_per_vector=size,
            index_bytes=size * self.n,
            kept=kept,
            interval=[*interval],
            fits=False,
            labels=self._who.labels(per_item, found),
        )
        if self._asked is not None and self._seekers is not None:
            results = self._seekers.found(rung, made, bring)
            pair = "as they are", rung.name
            told["queries"] = queries_kept(self._asked, self._results, results, pair)
        told["fits"] = _fits(told, self._allowed)
        return told

    def _found(self, seekers: Seekers, whole: Rung) -> Lists:
        return seekers.found(whole, *self._shelf.stored(whole))

    def _check(self) -> None:
        if self._allowed.measure != "ndcg":
            return
        if self._asked is None or self._asked.relevant is None:
            raise InputError(
                "nDCG is of queries and their answers; give --queries and --qrels, or allow "
                "'recall 0.98'"
            )


def _queries(space_set: SpaceSet, space: Space, queries: QuerySet | None) -> Asked | None:
    if queries is None:
        return None
    items = space_set.rows[space.name]
    asked = asked_of(queries, [space.name], ids=space_set.ids, items=items)
    if not len(asked.rows):
        raise InputError(f"there are no queries for {space.name}; give --queries FILE")
    return asked


def _seekers(space: Space, asked: Asked, queries: QuerySet) -> Seekers:
    if asked.own is not None:
        return Seekers.items(space, asked.own)
    rows = queries.rows[space.name]
    order = np.argsort(rows, kind="stable")
    at = order[np.searchsorted(rows[order], asked.rows)]
    return Seekers(space, vectors=queries.vectors[space.name][at])


def _value(one: BudgetSetting, allowed: Allowed) -> float:
    """Return what a setting keeps of what is asked for."""
    held = one.get("queries")
    if held is None:
        return one["kept"]
    return held.get("ndcg", 0.0) if allowed.measure == "ndcg" else held["kept"]


def _fits(one: BudgetSetting, allowed: Allowed) -> bool:
    held = one.get("queries")
    if held is None:
        return one["interval"][0] >= allowed.share
    if allowed.measure == "recall":
        return held["interval"][0] >= allowed.share
    if "ndcg" not in held:
        return False
    before = held["ndcg"] - held["ndcg_change"]
    return before > 0 and before + held["ndcg_interval"][0] >= allowed.share * before


def _untrained(settings: Sequence[BudgetSetting]) -> list[str]:
    """Say where principal axes keep more than the first dims do."""
    by_steps = {one["steps"]: one for one in settings}
    for one in settings:
        axes = by_steps.get(one["steps"].replace("truncate", "pca"))
        if not re.fullmatch(r"truncate:\d+", one["steps"]) or axes is None:
            continue
        if axes["interval"][0] - one["interval"][1] > TRAINED:
            return [untrained_words(one["n_dims"], axes=axes["kept"], first=one["kept"])]
    return []


def as_json(found: BudgetReport) -> str:
    """Return a budget as JSON, ``emblink.budget/1``.

    Parameters
    ----------
    found : BudgetReport

    Returns
    -------
    str
    """
    plain = {"schema": "emblink.budget/1", **found}
    return inert_json(msgspec.json.format(msgspec.json.encode(plain)).decode()) + "\n"
