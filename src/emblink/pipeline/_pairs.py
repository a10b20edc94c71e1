"""Pairs of spaces: what was measured of each, judged beside all the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from emblink.bundle import Stage, part
from emblink.bundle.schema import MovesInfo, NumberField, PairInfo
from emblink.judge import RunEvidence, beyond_noise, pair_evidence
from emblink.matched import Floors, sensible_k
from emblink.pipeline._beside import beside
from emblink.pipeline._changes import Changes, changes
from emblink.pipeline._common import Labels, common_items, compared_by, labels_gone
from emblink.pipeline._findings import add_findings, claims_of, claims_of_labels
from emblink.pipeline._floors import pair_floors
from emblink.pipeline._group_p import allow_for_pairs
from emblink.pipeline._groups import ItemTable, PairFound, found_groups, over_all_pairs, seek_groups
from emblink.pipeline._labels import (
    LabelFindings,
    compare_labels,
    compare_labels_only,
    of_identical,
)
from emblink.pipeline._measures import Measured, measure
from emblink.pipeline._moves import moves_report, moves_warnings, name_lost, pair_moves
from emblink.pipeline._pictures import Drawn
from emblink.pipeline._queries import with_searches
from emblink.pipeline._recipes import OtherRuns, other_runs_in, recipe_evidence
from emblink.pipeline._replicates import is_replicate_pair, measure_replicates
from emblink.pipeline._reports import report_of_items, report_of_labels
from emblink.pipeline._run import Run, cells_of, marked
from emblink.pipeline._searches import Searched
from emblink.pipeline._size import pair_size, size_report
from emblink.table import AROUND, HEADLINE, ITEM_MEASURES
from emblink.types import (
    BeyondNoiseReport,
    FindingReport,
    Grade,
    GroupSearch,
    GroupTimeline,
    PairReport,
    SizeReport,
    Unchanging,
)


@dataclass(frozen=True, eq=False)
class Compared:
    """One pair before what depends on how many pairs are judged.

    Attributes
    ----------
    pair : (str, str)
    measured : Measured
    floors : mapping of score name to NoiseFloor
    size : SizeReport
    other_runs : OtherRuns
    evidence : RunEvidence or None
    chance : float
        Overlap of unrelated spaces.
    replicates : list of Measured
        Spaces of the pair against their replicates.
    excusing : list of Measured
        Those that say what noise does to an item: none where the pair began together, and these
        elsewhere.
    warnings : list of str
        Of its replicates.
    changes : Changes
        How many neighbours its items kept.
    groups : Stage or GroupSearch
        What was sought among them.
    """

    pair: tuple[str, str]
    measured: Measured
    floors: Floors
    size: SizeReport
    other_runs: OtherRuns
    evidence: RunEvidence | None
    chance: float
    replicates: list[Measured]
    excusing: list[Measured]
    warnings: list[str]
    changes: Changes
    groups: Stage | GroupSearch

    @property
    def grade(self) -> Grade:
        """How large the change is."""
        return self.size["grade"]


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
    findings : list of FindingReport
        Of all pairs.
    """

    infos: list[PairInfo]
    reports: list[PairReport]
    timelines: list[GroupTimeline]
    unchanging: Unchanging | None
    findings: list[FindingReport]


def compare_pairs(
    run: Run,
    planned: Sequence[tuple[str, str]],
    *,
    labels: Labels | None,
    pictures: Drawn,
    searched: Searched | None = None,
    later: Collection[tuple[str, str]] = (),
) -> AllPairs:
    """Compare pairs of spaces on their common items, or by their labels where there are none.

    Every number is computed on the common items alone: the spaces are restricted to them before
    neighbours are counted. Verdicts allow for the number of pairs.

    Parameters
    ----------
    run : Run
    planned : sequence of (str, str)
    labels : Labels or None
    pictures : mapping of method to Stage
        By which items seem to move.
    searched : Searched or None
        What became of searches.
    later : collection of (str, str)
        Pairs whose change groups are sought another time.

    Returns
    -------
    AllPairs
    """
    searches = {} if searched is None else searched.pairs
    by_items = [pair for pair in planned if compared_by(run.space_set, pair, labels) == "items"]
    table = ItemTable.of(run)

    def compare(led: Run, pair: tuple[str, str]) -> Compared:
        return _compare(led, pair, pictures, table=table, later=pair in later)

    compared = dict(zip(by_items, beside(run, compare, by_items), strict=True))
    # What others are judged by is no question of its own, and makes no other one harder.
    replicate_pairs = [pair for pair in by_items if is_replicate_pair(run, pair)]
    noise = _beyond_noise(compared, [pair for pair in by_items if pair not in replicate_pairs])
    noise |= _beyond_noise(compared, replicate_pairs)
    infos, reports, followed, claims = [], [], [], []
    for pair in planned:
        if pair in compared:
            one = compared[pair]
            findings = None
            if labels is not None:
                findings = _label_findings(run, one, noise[pair], labels=labels)
            report = report_of_items(
                run,
                one.measured,
                findings,
                gone=[] if labels is None else labels_gone(run.space_set, pair, labels),
                floors=one.floors,
                size=one.size,
                beyond_noise=noise[pair],
                warnings=one.warnings,
                searches=searches[pair].report if pair in searches else None,
            )
            moves, lost, counts = pair_moves(
                run,
                one.measured,
                over=_over(pair),
                pictures=pictures,
                replicates=one.excusing,
                changes=one.changes,
            )
            named = name_lost(one.measured, table.items, lost)
            report["moves"] = moves_report(moves[0], counts, changes=one.changes, lost=named)
            report["warnings"] += moves_warnings(report["moves"], telling=one.changes.telling)
            groups = found_groups(run, one.measured, one.groups, over=_over(pair))
            report["groups"], report["group_search"] = groups.reports, groups.search
            if pair not in replicate_pairs:
                followed.append(groups)
            info = _info(run, one, findings, moves, groups)
            infos.append(with_searches(run, info, searches.get(pair)))
            reports.append(report)
            claims.append(
                claims_of(
                    run,
                    one.measured,
                    report,
                    labels=labels,
                    groups=groups,
                    lost=lost,
                    of_replicates=pair in replicate_pairs,
                    searches=searches[pair].claims() if pair in searches else (),
                )
            )
        elif labels is not None:
            found = compare_labels_only(run, pair, labels=labels)
            infos.append(_empty_info(run, pair))
            gone = labels_gone(run.space_set, pair, labels)
            reports.append(report_of_labels(run, pair, found, gone=gone))
            claims.append(claims_of_labels(reports[-1]))
    allow_for_pairs([one for one in reports if (one["a"], one["b"]) not in replicate_pairs])
    over_pairs = add_findings(run, infos, reports, claims)
    return AllPairs(infos, reports, *over_all_pairs(followed, table=table), over_pairs)


def _beyond_noise(
    compared: Mapping[tuple[str, str], Compared], pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], BeyondNoiseReport]:
    asked = [compared[pair] for pair in pairs]
    found = beyond_noise(
        [one.evidence for one in asked],
        [one.grade for one in asked],
        [one.chance for one in asked],
    )
    return dict(zip(pairs, found, strict=True))


def _compare(
    run: Run, pair: tuple[str, str], pictures: Drawn, *, table: ItemTable, later: bool
) -> Compared:
    common = common_items(run.space_set, *pair)
    measured = measure(run, pair, common)
    replicates, warnings = measure_replicates(run, pair, common)
    floors, scrambled = pair_floors(run, measured, replicates=replicates)
    other_runs = other_runs_in(run, pair, replicates)
    asked = recipe_evidence(run, pair, common, other_runs)
    scores = measured.scores
    k, chance = scores[HEADLINE].k_and_chance
    shape = scores.get("procrustes_similarity")
    basis = pair_evidence(
        measured.kept,
        hub_chance=chance,
        k=k,
        floor=floors.get(HEADLINE),
        shape=shape.value if shape and measured.is_turned_copy else None,
        alignment=measured.alignment,
        cells=cells_of(run, pair[0])[common.rows_a][: len(measured.kept)],
    )
    size = size_report(basis, pair_size(run, measured), around=scores[AROUND].value, asked=asked)
    excusing = [] if asked.began_elsewhere else replicates
    return Compared(
        pair=pair,
        measured=measured,
        floors=floors,
        size=size,
        other_runs=asked.other_runs,
        evidence=asked.evidence,
        chance=chance,
        replicates=replicates,
        warnings=[*warnings, *asked.warnings, *scrambled],
        excusing=excusing,
        changes=changes(run, measured, replicates=excusing, joint=pictures["joint"]),
        groups=seek_groups(
            run,
            measured,
            table=table,
            replicates=replicates,
            grade=size["grade"],
            later=later,
        ),
    )


def _label_findings(
    run: Run,
    one: Compared,
    noise: BeyondNoiseReport,
    *,
    labels: Labels,
) -> LabelFindings:
    """Judge labels by the runs, unless the pair is closer than these, which then excuse nothing."""
    found = compare_labels(
        run,
        one.measured,
        replicates=one.replicates,
        other_runs=OtherRuns([], []) if noise.get("closer") else one.other_runs,
        labels=labels,
    )
    return of_identical(found) if one.grade == "identical" else found


def _info(
    run: Run,
    one: Compared,
    findings: LabelFindings | None,
    moves: list[MovesInfo],
    groups: PairFound,
) -> PairInfo:
    a, b = one.pair
    over = _over(one.pair)
    common = one.measured.common
    run.catalog.add_domain(over, common.items)
    stages = dict.fromkeys(one.measured.stage.arrays, one.measured.stage)
    if findings is not None:
        change = findings.purity_change
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
                    **marked(run, one.pair, item.definition.format(k=k), n_items=len(common.items)),
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
