"""What noise alone would leave of the selected items: other runs of the recipe, or rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emblink.ask._pair import Pair, Question, ReplicatePair
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
    replicate_counts,
    rounded,
    rounding_floors,
    run_floors,
    runs_held,
    scores_at,
)
from emblink.measures import hub_chance_at, neighborhood_overlap
from emblink.types import IntArray
from emblink.wording import replicate_too_small


@dataclass(frozen=True, eq=False)
class ReplicateSides:
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
    for replicate_pair in pair.other_runs:
        both_runs = sides_of_replicate(pair, replicate_pair, k=question.k)
        held = items[:0] if both_runs is None else both_runs.common.items
        rows = np.flatnonzero(np.isin(held, items))
        if both_runs is None or len(rows) < FEWEST_COMMON:
            warnings.append(replicate_too_small(replicate_pair.names[1]))
            continue
        counts, wrong = replicate_counts(
            replicate_pair.names,
            at_chance=both_runs.at_chance,
            overlap=both_runs.overlap,
            missing=1 - len(rows) / len(items),
        )
        warnings += wrong
        if counts:
            found = scores_at(
                both_runs.a,
                both_runs.b,
                rows,
                names=question.names,
                k=question.k,
                seed=question.seed,
            )
            runs.append((replicate_pair.names[0], found.raw))
            counted.append((replicate_pair.names, both_runs.common))
    if runs:
        return {**run_floors(runs), **_flips(question, counted)}, warnings
    sides = zip(pair.names, (pair.common.rows_a, pair.common.rows_b), strict=True)
    floors, scrambled = rounding_floors(
        [(name, _rounding(question, name, rows)) for name, rows in sides]
    )
    return floors, [*warnings, *scrambled]


def sides_of_replicate(
    pair: Pair, replicate_pair: ReplicatePair, *, k: int = 0
) -> ReplicateSides | None:
    """Take both runs of a recipe over the items of a pair, or return None where these are too few.

    Parameters
    ----------
    pair : Pair
    replicate_pair : ReplicatePair
    k : int

    Returns
    -------
    ReplicateSides or None
    """
    shared = among(replicate_pair.common, pair.common.items)
    if shared is None:
        return None
    a, b = (
        pair.spaces.linked(name, rows, k=k)
        for name, rows in zip(replicate_pair.names, (shared.rows_a, shared.rows_b), strict=True)
    )
    near = depths_of(a.graph).near
    overlap = neighborhood_overlap(a.graph, b.graph, k=near)
    chance = hub_chance_at(a.graph, b.graph, rows=np.arange(len(overlap)), k=near)
    return ReplicateSides(
        common=shared,
        a=a,
        b=b,
        overlap=float(overlap.mean(dtype=np.float64)),
        at_chance=at_chance(overlap, hub_chance=chance, k=near),
    )


def _flips(question: Question, other_runs: Sequence[tuple[tuple[str, str], Common]]) -> Floors:
    """Ask runs of the recipe how many of the selected items they flip among themselves."""
    pair, codes = question.pair, question.pair.codes
    if FLIPS not in question.names or codes is None:
        return {}
    runs = runs_held(pair.names, pair.common, other_runs, replicates=pair.replicates)
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
