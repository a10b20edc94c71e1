"""What noise alone would leave of the selected items: other runs of the recipe, or rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emblink.ask._pair import Pair, Question, Rerun
from emblink.judge import at_chance
from emblink.matched import (
    FEWEST_COMMON,
    FLIPS,
    Common,
    Floors,
    LinkedSide,
    Rounded,
    among,
    depths_of,
    flip_floors,
    label_votes,
    rerun_counts,
    rounded,
    rounding_floors,
    run_floors,
    runs_held,
    scores_at,
)
from emblink.measures import hub_chance_at, neighborhood_overlap
from emblink.types import IntArray
from emblink.wording import too_few_again


@dataclass(frozen=True, eq=False)
class Again:
    """Both runs of a recipe over the items of a pair that they hold.

    Attributes
    ----------
    common : Common
    a, b : LinkedSide
    overlap : float
        Mean overlap of the two.
    at_chance : bool
        Whether that is no more than chance.
    """

    common: Common
    a: LinkedSide
    b: LinkedSide
    overlap: float
    at_chance: bool


def floors_of(question: Question) -> tuple[Floors, list[str]]:
    """Return the noise floor of each score of a selection, as the report does of a whole pair.

    Parameters
    ----------
    question : Question

    Returns
    -------
    floors : mapping of score name to NoiseFloor
    warnings : list of str
        What is wrong with the replicates.
    """
    pair = question.pair
    items = pair.common.items[question.selected]
    runs, counted, warnings = [], [], []
    for rerun in pair.reruns:
        again = run_again(pair, rerun, k=question.k)
        held = items[:0] if again is None else again.common.items
        rows = np.flatnonzero(np.isin(held, items))
        if again is None or len(rows) < FEWEST_COMMON:
            warnings.append(too_few_again(rerun.names[1]))
            continue
        counts, wrong = rerun_counts(
            rerun.names,
            at_chance=again.at_chance,
            overlap=again.overlap,
            missing=1 - len(rows) / len(items),
        )
        warnings += wrong
        if counts:
            found = scores_at(
                again.a, again.b, rows, names=question.names, k=question.k, seed=question.seed
            )
            runs.append((rerun.names[0], found.raw))
            counted.append((rerun.names, again.common))
    if runs:
        return {**run_floors(runs), **_flips(question, counted)}, warnings
    sides = zip(pair.names, (pair.common.rows_a, pair.common.rows_b), strict=True)
    floors, scrambled = rounding_floors(
        [(name, _rounding(question, name, rows)) for name, rows in sides]
    )
    return floors, [*warnings, *scrambled]


def run_again(pair: Pair, rerun: Rerun, *, k: int = 0) -> Again | None:
    """Take both runs of a recipe over the items of a pair, or return None where these are too few.

    Parameters
    ----------
    pair : Pair
    rerun : Rerun
    k : int

    Returns
    -------
    Again or None
    """
    shared = among(rerun.common, pair.common.items)
    if shared is None:
        return None
    a, b = (
        pair.spaces.linked(name, rows, k=k)
        for name, rows in zip(rerun.names, (shared.rows_a, shared.rows_b), strict=True)
    )
    near = depths_of(a.graph).near
    overlap = neighborhood_overlap(a.graph, b.graph, k=near)
    chance = hub_chance_at(a.graph, b.graph, rows=np.arange(len(overlap)), k=near)
    return Again(
        common=shared,
        a=a,
        b=b,
        overlap=float(overlap.mean(dtype=np.float64)),
        at_chance=at_chance(overlap, hub_chance=chance, k=near),
    )


def _flips(question: Question, reruns: Sequence[tuple[tuple[str, str], Common]]) -> Floors:
    """Ask runs of the recipe how many of the selected items they flip among themselves."""
    pair, codes = question.pair, question.pair.codes
    if FLIPS not in question.names or codes is None:
        return {}
    runs = runs_held(pair.names, pair.common, reruns, replicates=pair.replicates)
    if runs is None:
        return {}
    known = codes[np.searchsorted(pair.common.items, runs.items)]
    asked = np.isin(runs.items, pair.common.items[question.selected])
    votes = [
        label_votes(question.linked(name, rows), known).correct
        for name, rows in zip(runs.names, runs.rows, strict=True)
    ]
    return flip_floors(votes, known, rows=np.flatnonzero(asked))


def _rounding(question: Question, name: str, rows: IntArray) -> Rounded:
    """Ask the selected items what rounding leaves of them."""
    side = question.linked(name, rows)
    return rounded(
        side,
        rows=question.selected,
        depths=depths_of(side.graph, k=question.k),
        seed=question.seed,
        names=question.names,
    )
