"""Pairs of spaces: what was measured of each, judged beside all the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emblink.bundle import part
from emblink.bundle.schema import MovesInfo, NumberField, PairInfo
from emblink.judge import PairEvidence, pair_evidence, pair_verdicts
from emblink.matched import Floors, sensible_k
from emblink.pipeline._common import Labels, common_items, compared_by
from emblink.pipeline._floors import change_threshold, pair_floors
from emblink.pipeline._groups import ItemTable, PairFound, find_groups, over_all_pairs
from emblink.pipeline._labels import (
    LabelFindings,
    compare_labels,
    compare_labels_only,
    of_identical,
)
from emblink.pipeline._measures import Measured, measure
from emblink.pipeline._moves import moves_report, moves_warnings, pair_moves
from emblink.pipeline._pictures import Drawn
from emblink.pipeline._replicates import is_yardstick, measure_replicates
from emblink.pipeline._reports import report_of_items, report_of_labels
from emblink.pipeline._run import Run, SpaceStages, cells_of
from emblink.table import HEADLINE, ITEM_MEASURES
from emblink.types import GroupTimeline, PairReport, PairVerdict, Unchanging


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
    replicates : list of Measured
        Spaces of the pair against their replicates.
    warnings : list of str
        Of its replicates.
    threshold : float
        The overlap below which an item changed.
    """

    pair: tuple[str, str]
    measured: Measured
    floors: Floors
    evidence: PairEvidence
    findings: LabelFindings | None
    replicates: list[Measured]
    warnings: list[str]
    threshold: float


@dataclass(frozen=True, eq=False)
class AllPairs:
    """What the bundle and the report hold of the pairs.

    Attributes
    ----------
    infos : list of PairInfo
        In the order planned.
    reports : list of PairReport
    timelines : list of GroupTimeline
    unchanging : Unchanging or None
    """

    infos: list[PairInfo]
    reports: list[PairReport]
    timelines: list[GroupTimeline]
    unchanging: Unchanging | None


def compare_pairs(
    run: Run,
    spaces: Mapping[str, SpaceStages],
    planned: Sequence[tuple[str, str]],
    *,
    labels: Labels | None,
    pictures: Drawn,
) -> AllPairs:
    """Compare pairs of spaces on their common items, or by their labels where there are none.

    Every number is computed on the common items alone: the spaces are restricted to them before
    neighbours are counted. Verdicts allow for the number of pairs.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    planned : sequence of (str, str)
    labels : Labels or None
    pictures : mapping of method to Stage
        By which items seem to move.

    Returns
    -------
    AllPairs
    """
    by_items = [pair for pair in planned if compared_by(run.space_set, pair, labels) == "items"]
    compared = {pair: _compare(run, spaces, pair, labels=labels) for pair in by_items}
    # What others are judged by is no question of its own, and makes no other one harder.
    yardsticks = [pair for pair in by_items if is_yardstick(run, pair)]
    verdicts = _verdicts(compared, [pair for pair in by_items if pair not in yardsticks])
    verdicts |= _verdicts(compared, yardsticks)
    table = ItemTable.of(run)
    infos, reports, followed = [], [], []
    for pair in planned:
        if pair in compared:
            verdict, p_noise = verdicts[pair]
            one = compared[pair]
            findings = one.findings
            if findings is not None and verdict == "identical":
                findings = of_identical(findings)
            report = report_of_items(
                run,
                one.measured,
                findings,
                floors=one.floors,
                verdict=verdict,
                p_noise=p_noise,
                warnings=one.warnings,
            )
            moves = pair_moves(
                run,
                spaces,
                one.measured,
                over=_over(pair),
                pictures=pictures,
                replicates=one.replicates,
                threshold=one.threshold,
            )
            report["moves"] = moves_report(moves[0], threshold=one.threshold)
            report["warnings"] += moves_warnings(report["moves"], replicated=bool(one.replicates))
            groups = find_groups(
                run,
                spaces,
                one.measured,
                over=_over(pair),
                table=table,
                replicates=one.replicates,
                verdict=verdict,
            )
            report["groups"], report["group_search"] = groups.reports, groups.search
            if pair not in yardsticks:
                followed.append(groups)
            infos.append(_info(run, one, moves, groups))
            reports.append(report)
        elif labels is not None:
            found = compare_labels_only(run, spaces, pair, labels=labels)
            infos.append(_empty_info(run, pair))
            reports.append(report_of_labels(run, pair, found))
    return AllPairs(infos, reports, *over_all_pairs(followed, table=table))


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
    scores = measured.scores
    k, chance = scores[HEADLINE].k_and_chance
    shape = scores.get("procrustes_similarity")
    return Compared(
        pair=pair,
        measured=measured,
        floors=floors,
        evidence=pair_evidence(
            measured.stage.arrays[HEADLINE],
            hub_chance=chance,
            k=k,
            floor=floors.get(HEADLINE),
            shape=shape.value if shape and measured.is_turned_copy else None,
            alignment=measured.alignment,
            cells=cells_of(spaces[pair[0]])[common.rows_a],
        ),
        findings=None
        if labels is None
        else compare_labels(run, spaces, measured, replicates=replicates, labels=labels),
        replicates=replicates,
        warnings=warnings,
        threshold=change_threshold(run, spaces, measured, replicates=replicates),
    )


def _info(run: Run, one: Compared, moves: list[MovesInfo], groups: PairFound) -> PairInfo:
    a, b = one.pair
    over = _over(one.pair)
    common = one.measured.common
    run.catalog.add_domain(over, common.items)
    stages = dict.fromkeys(one.measured.stage.arrays, one.measured.stage)
    if one.findings is not None:
        change = one.findings.purity_change
        key = (one.measured.stage.key, change)
        stages["purity_change"] = run.stage(
            "purity-change", key, lambda: ({"purity_change": change}, {})
        )
    fields = []
    for item in ITEM_MEASURES:
        if item.name in stages:
            stage, k = stages[item.name], sensible_k(item.k, len(common.items))
            fields.append(
                NumberField(
                    name=item.name,
                    title=item.title.format(k=k),
                    values=run.catalog.add(
                        f"{over}/{item.name}", stage, item.name, kind="values", over=over
                    ),
                    over=over,
                    definition=item.definition.format(k=k),
                    range=None if item.range is None else [*item.range],
                )
            )
    if groups.field is not None:
        fields.append(groups.field)
    return PairInfo(a=a, b=b, over=over, fields=fields, moves=moves, groups=groups.info)


def _empty_info(run: Run, pair: tuple[str, str]) -> PairInfo:
    over = _over(pair)
    run.catalog.add_domain(over, common_items(run.space_set, *pair).items)
    return PairInfo(a=pair[0], b=pair[1], over=over, fields=[], moves=[])


def _over(pair: tuple[str, str]) -> str:
    return f"pair/{part(pair[0])}|{part(pair[1])}"
