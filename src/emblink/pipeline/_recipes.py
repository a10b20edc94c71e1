"""What other runs of the recipes of a pair differ by, on a sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from emblink.decimals import decimals
from emblink.judge import (
    RunEvidence,
    odd_runs,
    of_both_recipes,
    run_evidence,
    stands_out_more,
)
from emblink.matched import (
    FEWEST_COMMON,
    Common,
    Sampled,
    few_at_a_time,
    replicates_of,
    row_of_item,
    sampled,
)
from emblink.measures import neighborhood_overlap
from emblink.pipeline._asked import asked_of
from emblink.pipeline._measures import Measured
from emblink.pipeline._run import Run
from emblink.types import IntArray
from emblink.wording import odd_run_words

_SIGNIFICANCE = 0.05


@dataclass(frozen=True, eq=False)
class OtherRuns:
    """The other runs of a pair's recipes that count, by name."""

    of_a: list[str]
    of_b: list[str]

    @property
    def most(self) -> tuple[int, list[str]]:
        """Which space of the pair has more of them, and which they are."""
        return (0, self.of_a) if len(self.of_a) >= len(self.of_b) else (1, self.of_b)


def other_runs_in(run: Run, pair: tuple[str, str], counted: Sequence[Measured]) -> OtherRuns:
    """Return the other runs of a pair's recipes.

    Parameters
    ----------
    run : Run
    pair : (str, str)
    counted : sequence of Measured
        Spaces against their replicates, as far as they count.

    Returns
    -------
    OtherRuns
    """
    return OtherRuns(*replicates_of(pair, run.space_set.replicates, [one.pair for one in counted]))


@dataclass(frozen=True, eq=False)
class RunsAsked:
    """What the other runs of a pair's recipes say.

    Attributes
    ----------
    evidence : RunEvidence or None
        None without replicates that hold enough of the items.
    few : RunEvidence or None
        The same among few items, as the share of noise is measured.
    other_runs : OtherRuns
        Without those that are no runs of the recipe.
    warnings : list of str
        Which these are.
    """

    evidence: RunEvidence | None
    few: RunEvidence | None
    other_runs: OtherRuns
    warnings: list[str]

    @property
    def began_elsewhere(self) -> bool:
        """Whether the pair agrees more than the runs do, so that they excuse nothing."""
        return self.evidence is not None and self.evidence.p_closer <= _SIGNIFICANCE


def recipe_evidence(
    run: Run,
    pair: tuple[str, str],
    common: Common,
    other_runs: OtherRuns,
) -> RunsAsked:
    """Compare the spaces of a pair with the runs of each other's recipes, over what all hold.

    Parameters
    ----------
    run : Run
    pair : (str, str)
    common : Common
        Of the pair.
    other_runs : OtherRuns

    Returns
    -------
    RunsAsked
    """
    names = [*pair, *other_runs.of_a, *other_runs.of_b]
    items, rows = _in_all(run, names, common.items)
    if len(names) == len(pair) or len(items) < FEWEST_COMMON:
        return RunsAsked(None, None, other_runs, [])
    overlaps = _overlaps(run, names, rows, [sampled(len(items), seed=run.seed)])
    of_few = _overlaps(run, names, rows, few_at_a_time(len(items), seed=run.seed))
    found: list[RunEvidence] = []
    few: list[RunEvidence] = []
    counted, warnings = [], []
    for own, other, again in ((0, 1, other_runs.of_a), (1, 0, other_runs.of_b)):
        runs = [own, *(names.index(name) for name in again)]
        odd = [runs[place] for place in odd_runs(overlaps[np.ix_(runs, runs)])] if again else []
        runs = [place for place in runs if place not in odd]
        counted.append([names[place] for place in runs[1:]])
        warnings += [
            odd_run_words(names[place], pair[own], kept=float(overlaps[place, runs].mean()))
            for place in odd
        ]
        if len(runs) > 1:
            for evidence, table in ((found, overlaps), (few, of_few)):
                evidence.append(run_evidence(table[np.ix_(runs, runs)], table[other, runs]))
    asked = few[stands_out_more(found)] if found else None
    return RunsAsked(of_both_recipes(found), asked, OtherRuns(*counted), warnings)


def _overlaps(
    run: Run, names: Sequence[str], rows: Sequence[IntArray], draws: Sequence[Sampled]
) -> NDArray[np.float64]:
    """Return the mean overlap of every two spaces at the items asked."""
    lists = [
        [asked_of(run, name, of[one.items], one) for one in draws]
        for name, of in zip(names, rows, strict=True)
    ]
    overlaps = np.eye(len(names))
    for i, j in combinations(range(len(names)), 2):
        kept = [
            neighborhood_overlap(a, b, k=one.k)
            for a, b, one in zip(lists[i], lists[j], draws, strict=True)
        ]
        overlaps[i, j] = overlaps[j, i] = decimals(np.concatenate(kept)).mean()
    return overlaps


def _in_all(run: Run, names: Sequence[str], items: IntArray) -> tuple[IntArray, list[IntArray]]:
    n_items = len(run.space_set.ids)
    places = [row_of_item(run.space_set.rows[name], n_items=n_items) for name in names]
    held = items[np.all([of[items] >= 0 for of in places], axis=0)]
    return held, [of[held] for of in places]
