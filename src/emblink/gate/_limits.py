"""Each limit of a policy held against the report of a pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from emblink.errors import InputError
from emblink.gate._check import Check, Evidence, Status, covered, ends_of, least, pair_of
from emblink.gate._label_limits import of_labels
from emblink.gate._policy import SIZES, Policy
from emblink.gate._query_limits import of_queries
from emblink.judge import STEPS
from emblink.types import PairReport, PairSearches, Score
from emblink.wording import counted, exactly, named, percent, quoted, segment_words


def checks(evidence: Evidence, policy: Policy, must_keep: Sequence[str]) -> list[Check]:
    """Hold every limit of a policy against a pair.

    Parameters
    ----------
    evidence : Evidence
    policy : Policy
    must_keep : sequence of str
        The ids of ``policy.must_keep``.

    Returns
    -------
    list of Check
        In the order of the policy; one of a label or id that fails for each.

    Raises
    ------
    InputError
        A limit asks for what the comparison lacks: labels, replicates, an index of the same dims.
    """
    found = [
        *_size(evidence, policy),
        *_kept(evidence, policy),
        *_quality(evidence, policy),
        *of_labels(evidence, policy),
        *_flips(evidence, policy),
        *of_queries(evidence, policy.queries),
        *_coverage(evidence, policy),
        *_must_keep(evidence, policy, must_keep),
    ]
    if policy.data_health:
        warnings = [*dict.fromkeys([*evidence.warnings, *evidence.pair["warnings"]])]
        found += [Check("data_health", "fail", warning) for warning in warnings]
        if not warnings:
            found.append(Check("data_health", "pass", "No warning of the data."))
    return found


def _size(evidence: Evidence, policy: Policy) -> Iterator[Check]:
    if policy.max_size is None:
        return
    pair, accepted = evidence.pair, evidence.accepted
    most = SIZES.index(policy.max_size)
    if accepted is not None:
        most = max(most, _place(accepted))
    size, place = pair["size"], _place(pair)
    name = "unrelated" if place == len(SIZES) else SIZES[place]
    share = f", as if {percent(size['w'])} of every vector were noise" if "w" in size else ""
    bound = SIZES[min(most, len(SIZES) - 1)]
    noise = pair["beyond_noise"]
    status: Status = "pass"
    more = ""
    excused = noise["answer"] == "no" and not noise.get("closer", False)
    if place > most and policy.noise and excused:
        runs = counted(noise["n_replicates"], "replicate")
        more = f"; it is no larger than between runs of one recipe ({runs})"
    elif place > most:
        status = "undecided" if _smallest(pair) <= most else "fail"
    yield Check(
        "max_size",
        status,
        f"The size is “{name}”{share}{more}; at most “{bound}” was allowed.",
        value=size.get("w"),
        interval=pair_of(size.get("interval")),
    )


def _place(pair: PairReport) -> int:
    grade = pair["size"]["grade"].replace("_", " ")
    return next((place for place, size in enumerate(SIZES) if size == grade), len(SIZES))


def _smallest(pair: PairReport) -> int:
    """Return the place of the smallest size that the intervals leave open."""
    size = pair["size"]
    score = pair["scores"].get("neighborhood_overlap")
    if "interval" not in size or "reason" in size or score is None:
        return _place(pair)
    steps = [SIZES.index(_words(step.grade)) for step in STEPS]
    for step, place in zip(STEPS, steps, strict=True):
        if size["interval"][0] <= step.share and ends_of(score)[1] >= step.kept:
            return place
    return _place(pair)


def _words(grade: str) -> Literal["same", "interchangeable", "like another run", "reworked"]:
    return grade.replace("_", " ")  # type: ignore[return-value]


def _kept(evidence: Evidence, policy: Policy) -> Iterator[Check]:
    pair, accepted = evidence.pair, evidence.accepted
    if policy.min_kept is not None:
        score = pair["scores"]["neighborhood_overlap"]
        before = accepted["scores"]["neighborhood_overlap"] if accepted else None
        bound = min(policy.min_kept, *([ends_of(before)[0]] if before else []), 1.0)
        yield least("min_kept", score["value"], ends_of(score), bound, "of neighbours stay")
    if policy.min_index_kept is not None:
        if "index_kept" not in pair["size"]:
            raise InputError(
                "min_index_kept asks an old index, which takes spaces of the same dims and metric; "
                f"{pair['a']} and {pair['b']} are not: drop that limit"
            )
        value = pair["size"]["index_kept"]
        bound = policy.min_index_kept
        if accepted and "index_kept" in accepted["size"]:
            bound = min(bound, accepted["size"]["index_kept"])
        yield least("min_index_kept", value, None, bound, "of neighbours are found by an old index")


def _quality(evidence: Evidence, policy: Policy) -> Iterator[Check]:
    pair, accepted = evidence.pair, evidence.accepted
    score = _quality_score(pair, evidence.searches)
    asked = policy.min_quality
    if asked is None or (asked == "kept" and "quality" not in pair):
        return
    if score is None or "quality" not in pair:
        raise InputError(
            "min_quality asks for labels or for queries with answers, and this comparison has "
            "none: name --label, or give --queries and --qrels"
        )
    quality = pair["quality"]
    of = "Accuracy by neighbours"
    if quality["measure"] == "ndcg":
        of = f"nDCG@{quality.get('k', 10)} of {quality['n']:,} queries"
    said = f"{of} goes from {exactly(quality['a'])} to {exactly(quality['b'])}"
    before = None if accepted is None else _quality_score(accepted, evidence.accepted_searches)
    if asked == "kept":
        accepted_loss = before is not None and score["value"] >= ends_of(before)[0]
        status: Status = "undecided" if quality["verdict"] == "undecided" else "pass"
        if quality["verdict"] == "lost" and not accepted_loss:
            status = "fail"
        lost = [quoted(one["label"]) for one in quality["lost"]]
        lost += [
            f"queries {segment_words(one['column'], one['segment'])}"
            for one in quality.get("segments", [])
        ]
        more = f"; lost: {named(lost)}" if lost else ""
        margin = f"a loss of {exactly(quality['margin'])} was allowed"
        yield Check(
            "min_quality",
            status,
            f"{said}: {quality['verdict']}{more}; {margin}.",
            value=score["value"],
            bound=-quality["margin"],
            interval=pair_of(quality["interval"]),
        )
        return
    bound = min(float(asked), *([ends_of(before)[0]] if before else []), 1.0)
    yield least("min_quality", score["value"], ends_of(score), bound, "", said=said, signed=True)


def _quality_score(pair: PairReport, searches: PairSearches | None) -> Score | None:
    """Return the change that the pair's quality is of."""
    if "quality" in pair and pair["quality"]["measure"] == "ndcg":
        return searches["scores"].get("ndcg_change") if searches is not None else None
    return pair["scores"].get("knn_accuracy_change")


def _flips(evidence: Evidence, policy: Policy) -> Iterator[Check]:
    asked = policy.flips()
    if asked is None:
        return
    beyond, most = asked
    score = evidence.pair["scores"].get("negative_flip_rate")
    if score is None:
        raise InputError("max_flips asks for labels, and this comparison has none: name --label")
    said = f"{percent(score['value'])} of items turn from right to wrong"
    if beyond:
        if "excess_interval" not in score:
            raise InputError(
                "max_flips asks for replicates, and this comparison has none: give --replicate, or "
                'a share such as max_flips = "2%"'
            )
        value, ends = score["excess"], pair_of(score["excess_interval"])
        said += f", between runs of one recipe {percent(score['noise_floor'])}"
        allowed = f"{exactly(most)} more was allowed"
    else:
        value, ends, allowed = score["value"], ends_of(score), f"{exactly(most)} was allowed"
        before = (
            evidence.accepted["scores"].get("negative_flip_rate") if evidence.accepted else None
        )
        if before is not None:
            most = max(most, ends_of(before)[1])
    low, high = ends or (value, value)
    status: Status = "pass" if high <= most else "fail" if low > most else "undecided"
    yield Check("max_flips", status, f"{said}; {allowed}.", "", value, most, ends)


def _coverage(evidence: Evidence, policy: Policy) -> Iterator[Check]:
    if policy.coverage is None:
        return
    pair, accepted = evidence.pair, evidence.accepted
    share = covered(pair)
    bound = min(policy.coverage, covered(accepted) if accepted else 1.0)
    gone = f", {pair['only_a']:,} are missing" if pair["only_a"] else ""
    yield Check(
        "coverage",
        "pass" if share >= bound else "fail",
        f"{percent(share)} of the old items are in the new space{gone}; at least {percent(bound)} "
        "was asked.",
        value=share,
        bound=bound,
    )


def _must_keep(evidence: Evidence, policy: Policy, ids: Sequence[str]) -> Iterator[Check]:
    least = policy.must_keep_share
    failed = False
    for one in ids:
        share = evidence.kept.get(one)
        if share is not None and share >= least:
            continue
        failed = True
        said = (
            "is not in both spaces"
            if share is None
            else f"keeps {percent(share)} of its neighbours"
        )
        yield Check(
            "must_keep",
            "fail",
            f"{quoted(one)} {said}; {percent(least)} was asked.",
            one,
            share,
            least,
        )
    if ids and not failed:
        yield Check(
            "must_keep",
            "pass",
            f"{counted(len(ids), 'item')} that must keep {percent(least)} of their neighbours do.",
            bound=least,
        )
