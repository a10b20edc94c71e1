"""From populations that were read to the report of all pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias

import msgspec

from emblink._version import VERSION
from emblink.compute import one_blas_thread
from emblink.errors import InputError
from emblink.population._object import Populations
from emblink.population._pair import measure, pairs_of
from emblink.population._report import adjusted, pair_report
from emblink.population._sought import LEVEL
from emblink.population._union import Population, populations_of
from emblink.types import (
    PopulationFacts,
    PopulationPair,
    PopulationsReport,
    PopulationStep,
    SpaceSet,
)
from emblink.wording import inert_json

SCHEMA = "emblink.populations/1"
PERMUTATIONS = 399
StepProgress: TypeAlias = Callable[[str, int, int], None]
_SEVERAL = 2
"""Pairs up to which permutations alone say how sure a claim is."""


def quiet(step: str, done: int, total: int) -> None:
    """Say nothing."""


@one_blas_thread()
def compare_populations(
    sets: Sequence[SpaceSet],
    *,
    blocks: str | None = None,
    seed: int = 0,
    n_permutations: int = PERMUTATIONS,
    progress: StepProgress = quiet,
) -> Populations:
    """Measure populations that were read, and write the report.

    Parameters
    ----------
    sets : sequence of SpaceSet
        Each of the populations of one source.
    blocks : str, optional
    seed : int
    n_permutations : int
    progress : callable

    Returns
    -------
    Populations

    Raises
    ------
    InputError
        As :func:`populations`.
    """
    found = populations_of(sets)
    _check_blocks(found, blocks)
    planned = pairs_of(found)
    beyond = len(planned) > _SEVERAL
    measured = []
    for at, (first, second) in enumerate(planned):
        progress("pairs of populations", at, len(planned))
        measured.append(
            measure(
                found[first],
                found[second],
                blocks=blocks,
                n_permutations=n_permutations,
                beyond=beyond,
                seed=seed,
            )
        )
    progress("pairs of populations", len(planned), len(planned))
    pairs, members = [], []
    for one, p in zip(measured, adjusted(measured), strict=True):
        pair, rows = pair_report(one, p, beyond=beyond)
        pairs.append(pair)
        members.append(rows)
    report = PopulationsReport(
        schema=SCHEMA,
        version=VERSION,
        seed=seed,
        metric=found[0].metric,
        n_permutations=n_permutations,
        level=LEVEL,
        populations=_facts(found),
        pairs=pairs,
        timeline=_timeline(found, pairs),
        notes=[*dict.fromkeys(note for one in found for note in one.notes)],
    )
    if blocks is not None:
        report["blocks"] = blocks
    return Populations(report, found, measured, members)


def _facts(found: Sequence[Population]) -> list[PopulationFacts]:
    return [
        PopulationFacts(
            name=one.name,
            n=len(one.vectors),
            n_dims=one.vectors.shape[1],
            source=one.source,
            has_ids=one.named,
        )
        for one in found
    ]


def _check_blocks(found: Sequence[Population], blocks: str | None) -> None:
    if blocks is None:
        return
    for one in found:
        if blocks not in one.columns:
            there = ", ".join(one.columns) or "none"
            raise InputError(
                f"population {one.name!r} has no column {blocks!r} of blocks; there are: {there}"
            )


def _timeline(found: Sequence[Population], pairs: Sequence[PopulationPair]) -> list[PopulationStep]:
    by_names = {(one["a"], one["b"]): one for one in pairs}
    first, steps = found[0].name, [PopulationStep(name=found[0].name, told=[])]
    for before, after in pairwise(found):
        pair = by_names[before.name, after.name]
        step = PopulationStep(name=after.name, told=[one["sentence"] for one in pair["groups"]])
        step["apart_before"] = pair["apart"]
        step["apart_first"] = by_names[first, after.name]["apart"]
        steps.append(step)
    return steps


def as_json(report: PopulationsReport) -> str:
    """Return the report as JSON, ``emblink.populations/1``.

    Parameters
    ----------
    report : PopulationsReport

    Returns
    -------
    str
    """
    return inert_json(msgspec.json.format(msgspec.json.encode(report)).decode()) + "\n"
