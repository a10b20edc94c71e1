"""The report of one pair, from what was measured of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emblink.judge import NoiseFloor, common_shift
from emblink.matched import FLIPS, beside_floor
from emblink.pipeline._common import common_items
from emblink.pipeline._labels import LabelFindings
from emblink.pipeline._measures import Measured
from emblink.pipeline._run import Run
from emblink.types import (
    BeyondNoiseReport,
    LabelReport,
    LabelShift,
    MatchedBy,
    PairReport,
    PairSearches,
    Score,
    SizeReport,
)
from emblink.wording import (
    ANOTHER_RUN,
    noise_floor_words,
    pair_answer,
    pair_sentence,
    pair_warnings,
)


def report_of_items(
    run: Run,
    measured: Measured,
    findings: LabelFindings | None,
    *,
    gone: list[str],
    floors: Mapping[str, NoiseFloor],
    size: SizeReport,
    beyond_noise: BeyondNoiseReport,
    warnings: Sequence[str],
    searches: PairSearches | None = None,
) -> PairReport:
    """Return the report of a pair that was compared on its common items.

    Parameters
    ----------
    run : Run
    measured : Measured
    findings : LabelFindings or None
    gone : list of str
        Labels that the second space has no more.
    floors : mapping of score name to NoiseFloor
    size : SizeReport
    beyond_noise : BeyondNoiseReport
    warnings : sequence of str
        Of the pair's replicates.
    searches : PairSearches, optional
        Of queries, whose quality comes before that of labels.

    Returns
    -------
    PairReport
    """
    raw = measured.scores | (findings.scores.raw if findings else {})
    floors = {**floors, **(findings.floors if findings else {})}
    scores = {name: beside_floor(name, facts, floors.get(name)) for name, facts in raw.items()}
    overlap = scores["neighborhood_overlap"]
    report = _outline(run, measured.pair)
    if len(measured.kept) < report["n_common"]:
        report["queries"] = len(measured.kept)
    matched_by = _matched_by(run, measured.pair)
    report["scores"] = scores
    report["overlap_curve"] = measured.curve
    report["size"], report["beyond_noise"] = size, beyond_noise
    if findings is not None:
        _add_labels(report, findings)
    if searches is not None and "quality" in searches:
        if "quality" in report:
            report["label_quality"] = report["quality"]
        report["quality"] = searches["quality"]
    if gone:
        report["labels_gone"] = gone
    own = _noise_floor(run, measured.pair, overlap) if not measured.at_chance else ""
    report["sentence"] = own or pair_sentence(
        size,
        score=overlap,
        noise=beyond_noise,
        quality=report.get("quality"),
        flips=scores.get(FLIPS),
        matched_by=matched_by,
        rematched=measured.alignment.rematched if measured.alignment else None,
        labels=report["labels"],
        label_pairs=report["label_pairs"],
        label_shift=report.get("label_shift"),
    )
    report["answer"] = (
        ANOTHER_RUN
        if own
        else pair_answer(
            size,
            noise=beyond_noise,
            quality=report.get("quality"),
            flips=scores.get(FLIPS),
            gone=gone,
            searches=searches,
            n_compared=report["n_common"],
            n_missing=report["only_a"],
        )
    )
    report["warnings"] = [
        *pair_warnings(
            size["grade"], score=overlap, coverage=report["coverage"], matched_by=matched_by
        ),
        *measured.stage.facts["warnings"],
        *warnings,
        *(searches["warnings"] if searches else ()),
    ]
    return report


def report_of_labels(
    run: Run, pair: tuple[str, str], labels: list[LabelReport], *, gone: list[str]
) -> PairReport:
    """Return the report of a pair that shares labels but no items.

    Parameters
    ----------
    run : Run
    pair : (str, str)
    labels : list of LabelReport
    gone : list of str
        Labels that the second space has no more.

    Returns
    -------
    PairReport
    """
    report = _outline(run, pair)
    report["compared_by"] = "labels"
    report["size"] = SizeReport(grade="labels_only")
    report["labels"] = labels
    report["sentence"] = pair_sentence(report["size"], labels=labels)
    report["answer"] = pair_answer(report["size"], labels=labels, gone=gone)
    if gone:
        report["labels_gone"] = gone
    return report


def _add_labels(report: PairReport, findings: LabelFindings) -> None:
    report["labels"] = findings.labels
    report["label_pairs"] = findings.pairs.reports
    report["n_label_pairs"] = findings.pairs.n_judged
    if findings.quality is not None:
        report["quality"] = findings.quality
    shift = LabelShift()
    purity = common_shift(findings.labels)
    if purity is not None:
        shift["purity"] = purity
    if findings.pairs.shift is not None:
        shift["separation"] = findings.pairs.shift
    if shift:
        report["label_shift"] = shift


def _outline(run: Run, pair: tuple[str, str]) -> PairReport:
    """Return a report that says which items there are, and nothing of them yet."""
    a, b = (run.space_set.spaces[name] for name in pair)
    n_common = len(common_items(run.space_set, *pair).items)
    return PairReport(
        a=a.name,
        b=b.name,
        compared_by="items",
        n_common=n_common,
        only_a=len(a.ids) - n_common,
        only_b=len(b.ids) - n_common,
        coverage=n_common / (len(a.ids) + len(b.ids) - n_common),
        scores={},
        overlap_curve=[],
        size=SizeReport(grade="unrelated"),
        beyond_noise=BeyondNoiseReport(answer="unknown", n_replicates=0),
        answer="",
        sentence="",
        labels=[],
        label_pairs=[],
        n_label_pairs=0,
        groups=[],
        warnings=[],
    )


def _matched_by(run: Run, pair: tuple[str, str]) -> MatchedBy:
    ways = {run.space_set.spaces[name].matched_by for name in pair}
    return "row" if "row" in ways else "id"


def _noise_floor(run: Run, pair: tuple[str, str], overlap: Score) -> str:
    """Say of two runs of one recipe that they are what others are judged by."""
    for name, other in (pair, pair[::-1]):
        if other in run.space_set.replicates.get(name, ()):
            return noise_floor_words(
                name,
                other,
                kept=overlap["value"],
                k=overlap.get("k", 10),
                chance=overlap.get("hub_chance", 0.0),
                n=overlap["n"],
            )
    return ""
