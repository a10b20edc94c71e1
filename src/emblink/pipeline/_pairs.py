"""Pairs of spaces: what was measured of each, judged beside all the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emblink.bundle import part
from emblink.bundle.schema import NumberField, PairInfo
from emblink.measures import PairEvidence, pair_evidence, pair_verdicts
from emblink.pipeline._common import Labels, common_items, compared_by
from emblink.pipeline._fields import item_measures
from emblink.pipeline._floors import Floors, pair_floors
from emblink.pipeline._labels import LabelFindings, compare_labels, compare_labels_only
from emblink.pipeline._measures import Measured, measure
from emblink.pipeline._replicates import is_yardstick, measure_replicates
from emblink.pipeline._reports import report_of_items, report_of_labels
from emblink.pipeline._run import Run, SpaceStages, cells_of
from emblink.types import PairReport, PairVerdict


@dataclass(frozen=True, eq=False)
class Compared:
    """One pair before its verdict, which depends on how many pairs are judged.

    Attributes
    ----------
    pair : (str, str)
    measured : Measured
    floors : mapping of score name to NoiseFloor
    evidence : PairEvidence
    findings : LabelFindings or None
    warnings : list of str
        Of its replicates.
    """

    pair: tuple[str, str]
    measured: Measured
    floors: Floors
    evidence: PairEvidence
    findings: LabelFindings | None
    warnings: list[str]


def compare_pairs(
    run: Run,
    spaces: Mapping[str, SpaceStages],
    planned: Sequence[tuple[str, str]],
    *,
    labels: Labels | None,
) -> list[tuple[PairInfo, PairReport]]:
    """Compare pairs of spaces on their common items, or by their labels where there are none.

    Every number is computed on the common items alone: the spaces are restricted to them before
    neighbours are counted. Verdicts allow for the number of pairs.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    planned : sequence of (str, str)
    labels : Labels or None

    Returns
    -------
    list of (PairInfo, PairReport)
        In the order planned.
    """
    by_items = [pair for pair in planned if compared_by(run.space_set, pair, labels) == "items"]
    compared = {pair: _compare(run, spaces, pair, labels=labels) for pair in by_items}
    # What others are judged by is no question of its own, and makes no other one harder.
    yardsticks = [pair for pair in by_items if is_yardstick(run, pair)]
    verdicts = _verdicts(compared, [pair for pair in by_items if pair not in yardsticks])
    verdicts |= _verdicts(compared, yardsticks)
    found = []
    for pair in planned:
        if pair in compared:
            verdict, p_noise = verdicts[pair]
            one = compared[pair]
            report = report_of_items(
                run,
                one.measured,
                one.findings,
                floors=one.floors,
                verdict=verdict,
                p_noise=p_noise,
                warnings=one.warnings,
            )
            found.append((_info(run, one), report))
        elif labels is not None:
            reports = compare_labels_only(run, spaces, pair, labels=labels)
            found.append((_empty_info(run, pair), report_of_labels(run, pair, reports)))
    return found


def _verdicts(
    compared: Mapping[tuple[str, str], Compared], pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[PairVerdict, float | None]]:
    found = pair_verdicts([compared[pair].evidence for pair in pairs])
    return dict(zip(pairs, found, strict=True))


def _compare(
    run: Run, spaces: Mapping[str, SpaceStages], pair: tuple[str, str], *, labels: Labels | None
) -> Compared:
    common = common_items(run.space_set, *pair)
    measured = measure(run, spaces, pair, common)
    replicates, warnings = measure_replicates(run, spaces, pair, common)
    floors = pair_floors(run, spaces, measured, replicates=replicates)
    overlap = measured.scores["neighborhood_overlap"]
    shape = measured.scores.get("procrustes_similarity")
    return Compared(
        pair=pair,
        measured=measured,
        floors=floors,
        evidence=pair_evidence(
            measured.per_item("neighborhood_overlap"),
            hub_chance=overlap["hub_chance"],
            k=overlap["k"],
            floor=floors.get("neighborhood_overlap"),
            shape=shape["value"] if shape and measured.is_turned_copy else None,
            alignment=measured.alignment,
            cells=cells_of(spaces[pair[0]])[common.rows_a],
        ),
        findings=None
        if labels is None
        else compare_labels(run, spaces, measured, replicates=replicates, labels=labels),
        warnings=warnings,
    )


def _info(run: Run, one: Compared) -> PairInfo:
    a, b = one.pair
    over = _over(one.pair)
    common = one.measured.common
    order = run.catalog.add_domain(over, common.items, run.places)
    stages = dict.fromkeys(one.measured.stage.arrays, one.measured.stage)
    if one.findings is not None:
        change = one.findings.purity_change[order]
        key = (one.measured.stage.key, change)
        stages["purity_change"] = run.stage(
            "purity-change", key, lambda: ({"purity_change": change}, {})
        )
    fields = [
        NumberField(
            name=name,
            title=title,
            values=run.catalog.add(f"{over}/{name}", stages[name], name, kind="values", over=over),
            over=over,
            definition=definition,
            range=None if bounds is None else [*bounds],
        )
        for name, (title, definition, bounds) in item_measures(len(common.items)).items()
        if name in stages
    ]
    return PairInfo(a=a, b=b, over=over, fields=fields)


def _empty_info(run: Run, pair: tuple[str, str]) -> PairInfo:
    over = _over(pair)
    run.catalog.add_domain(over, common_items(run.space_set, *pair).items, run.places)
    return PairInfo(a=pair[0], b=pair[1], over=over, fields=[])


def _over(pair: tuple[str, str]) -> str:
    return f"pair/{part(pair[0])}|{part(pair[1])}"
