"""The step that tells what stands out of each pair, and of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec
import numpy as np

from emblink.bundle.schema import FindingRows, FindingsInfo, PairInfo
from emblink.findings import (
    Claim,
    Evidence,
    Found,
    PairClaims,
    comparison_findings,
    pair_claims,
    pair_findings,
)
from emblink.pipeline._common import Labels
from emblink.pipeline._groups import PairFound
from emblink.pipeline._held import exact_row
from emblink.pipeline._labels import label_side
from emblink.pipeline._measures import Measured
from emblink.pipeline._run import Run
from emblink.table import HEADLINE
from emblink.types import AnyArray, FindingReport, IntArray, PairReport


def claims_of(
    run: Run,
    measured: Measured,
    report: PairReport,
    *,
    labels: Labels | None,
    groups: PairFound,
    lost: IntArray,
    of_replicates: bool,
    searches: Sequence[Claim] = (),
) -> PairClaims:
    """Collect what is claimed of a pair that was compared on its items.

    Parameters
    ----------
    run : Run
    measured : Measured
    report : PairReport
        All of it but the findings.
    labels : Labels or None
    groups : PairFound
    lost : array of shape (n_lost,)
        Which of the common items lost every neighbour and look still.
    of_replicates : bool
        Whether other pairs are judged by this one.
    searches : sequence of Claim
        Of its queries.

    Returns
    -------
    PairClaims
    """
    items, sides = measured.common.items, _sides(measured)
    column = run.space_set.roles.get("text")
    of_groups = groups.over_pairs
    evidence = Evidence(
        ids=run.space_set.ids[items],
        kept=measured.stage.arrays[HEADLINE],
        nearest=partial(_nearest, run, sides, items),
        k=report["scores"][HEADLINE].get("k", 10),
        texts=None if column is None else run.space_set.items[column][items],
        labels=None if labels is None else labels.codes[items],
        label_names=[] if labels is None else labels.names,
        correct=None if labels is None else _correct(run, sides, labels.codes[items]),
        groups=None if of_groups is None else _codes(items, of_groups.groups),
        exemplars=_exemplars(items, groups),
        strayed=None if of_groups is None else of_groups.evidence / (of_groups.threshold or 1.0),
        still=np.isin(np.arange(len(items)), lost),
    )
    return pair_claims(
        report, evidence, items=items, of_replicates=of_replicates, searches=searches
    )


def claims_of_labels(report: PairReport) -> PairClaims:
    """Collect what is claimed of a pair that was compared on its labels.

    Parameters
    ----------
    report : PairReport

    Returns
    -------
    PairClaims
        Of no items.
    """
    nobody = np.zeros(0, np.int64)
    evidence = Evidence(
        ids=nobody, kept=np.zeros(0, np.float32), nearest=lambda _: (nobody, nobody)
    )
    return pair_claims(report, evidence, items=nobody)


def add_findings(
    run: Run,
    infos: list[PairInfo],
    reports: Sequence[PairReport],
    claims: Sequence[PairClaims],
) -> list[FindingReport]:
    """Put what stands out of each pair into its report and into the bundle.

    Parameters
    ----------
    run : Run
    infos : list of PairInfo
        Those of pairs with findings are replaced.
    reports : sequence of PairReport
    claims : sequence of PairClaims
        Of the same pairs.

    Returns
    -------
    list of FindingReport
        Of the comparison as a whole.
    """
    found = pair_findings(claims)
    for at, (report, of_pair) in enumerate(zip(reports, found, strict=True)):
        report["findings"] = [one.finding for one in of_pair]
        if not of_pair:
            report["nothing"] = claims[at].nothing
        elif report["compared_by"] == "items":
            infos[at] = msgspec.structs.replace(
                infos[at], findings=_stored(run, infos[at], of_pair)
            )
    asked = [at for at, one in enumerate(claims) if not one.of_replicates]
    return comparison_findings([reports[at] for at in asked], [found[at] for at in asked])


def _stored(run: Run, info: PairInfo, found: Sequence[Found]) -> FindingsInfo:
    bits = np.zeros(run.catalog.domains[info.over].n, np.int32)
    for at, one in enumerate(found):
        bits[one.rows] |= 1 << at
    stage = run.stage("findings", (info.over, bits), lambda: ({"bits": bits}, {}))
    return FindingsInfo(
        members=run.catalog.add(
            f"{info.over}/findings", stage, "bits", kind="bits", over=info.over
        ),
        rows=[FindingRows(exemplars=one.exemplars.tolist()) for one in found],
    )


Sides = tuple[tuple[str, IntArray], tuple[str, IntArray]]


def _sides(measured: Measured) -> Sides:
    (a, b), common = measured.pair, measured.common
    return (a, common.rows_a), (b, common.rows_b)


def _nearest(run: Run, sides: Sides, items: IntArray, row: int) -> tuple[IntArray, IntArray]:
    """Return the neighbours of a common item in each space, those that are common items."""
    found = []
    for name, rows in sides:
        near = exact_row(run, name, int(rows[row]))
        known = run.space_set.rows[name][near]
        at = np.minimum(np.searchsorted(items, known), len(items) - 1)
        found.append(at[items[at] == known])
    return found[0], found[1]


def _exemplars(items: IntArray, groups: PairFound) -> list[list[int]]:
    named = [] if groups.info is None else groups.info.rows
    return [np.searchsorted(items, np.array(one.exemplars, int)).tolist() for one in named]


def _correct(run: Run, sides: Sides, codes: IntArray) -> tuple[AnyArray, AnyArray]:
    a, b = (label_side(run, name, rows=rows, codes=codes).correct for name, rows in sides)
    return a, b


def _codes(items: IntArray, groups: Sequence[IntArray]) -> IntArray:
    codes = np.full(len(items), -1, np.int64)
    for at, members in enumerate(groups):
        codes[np.searchsorted(items, members)] = at
    return codes
