"""Each limit of a policy held against the report of a pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from emblink.errors import InputError
from emblink.gate._check import (
    Check,
    Evidence,
    Status,
    covered,
    ends_of,
    judged_of_enough,
    least,
    pair_of,
    same_vectors,
    too_few,
)
from emblink.gate._label_limits import labels_gone, of_labels
from emblink.gate._policy import SIZES, Policy
from emblink.gate._query_limits import of_queries
from emblink.judge import STEPS
from emblink.stats import share_interval
from emblink.types import PairReport, PairSearches, Score
from emblink.wording import (
    quoted,
    segment_words,
)
from emblink.wording.gate import (
    NO_DATA_WARNING,
    OF_NEIGHBOURS,
    OF_OLD_INDEX,
    all_keep,
    coverage_limit,
    flips_limit,
    item_must_keep,
    quality_limit,
    quality_words,
    size_limit,
)


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
    pair = evidence.pair
    quality = [*_quality(evidence, policy)]
    if "quality" in pair and pair["quality"]["measure"] != "ndcg":
        quality = judged_of_enough(quality, pair)
    found = [
        *judged_of_enough([*_size(evidence, policy), *_kept(evidence, policy)], pair),
        *quality,
        *labels_gone(evidence, policy),
        *judged_of_enough([*of_labels(evidence, policy), *_flips(evidence, policy)], pair),
        *of_queries(evidence, policy.queries),
        *_coverage(evidence, policy),
        *_must_keep(evidence, policy, must_keep),
    ]
    if policy.data_health:
        warnings = [*dict.fromkeys([*evidence.warnings, *evidence.pair["warnings"]])]
        found += [Check("data_health", "fail", warning) for warning in warnings]
        if not warnings:
            found.append(Check("data_health", "pass", NO_DATA_WARNING))
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
    bound = SIZES[min(most, len(SIZES) - 1)]
    noise = pair["beyond_noise"]
    status: Status = "pass"
    excuses = 0
    excused = noise["answer"] == "no" and not noise.get("closer", False)
    if place > most and policy.noise and excused:
        excuses = noise["n_replicates"]
    elif place > most:
        status = "undecided" if _smallest(pair) <= most else "fail"
    few = 0 if place > most else _too_few(pair, most)
    yield Check(
        "max_size",
        "undecided" if few else status,
        size_limit(name, share=size.get("w"), n_excusing=excuses, bound=bound, n_few=few),
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


def _too_few(pair: PairReport, most: int) -> int:
    """Return how many items there are, where one more that lost all could be beyond the limit.

    0 where there are enough, or the vectors themselves are the same.
    """
    score = pair["scores"].get("neighborhood_overlap")
    if score is None or same_vectors(pair) or too_few(pair):
        return 0
    if most == len(SIZES) - 1:
        return 0
    n, step = score["n"], STEPS[max(0, most - 1)]
    return n if _with_one_more(score)[0] < step.kept else 0


def _with_one_more(score: Score) -> tuple[float, float]:
    """Return the ends of a share's interval, with a width even where no item shows any."""
    low, high = ends_of(score)
    one_low, one_high = share_interval(np.full(score["n"], score["value"]))
    return min(low, one_low), max(high, one_high)


def _words(grade: str) -> Literal["same", "interchangeable", "like another run", "reworked"]:
    return grade.replace("_", " ")  # type: ignore[return-value]


def _kept(evidence: Evidence, policy: Policy) -> Iterator[Check]:
    pair, accepted = evidence.pair, evidence.accepted
    if policy.min_kept is not None:
        score = pair["scores"]["neighborhood_overlap"]
        before = accepted["scores"]["neighborhood_overlap"] if accepted else None
        bound = min(policy.min_kept, *([ends_of(before)[0]] if before else []), 1.0)
        yield least("min_kept", score["value"], _with_one_more(score), bound, OF_NEIGHBOURS)
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
        yield least("min_index_kept", value, None, bound, OF_OLD_INDEX)


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
    n_queries = quality["n"] if quality["measure"] == "ndcg" else 0
    k = quality.get("k", 10)
    said = quality_words(quality["a"], quality["b"], n_queries=n_queries, k=k)
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
        yield Check(
            "min_quality",
            status,
            quality_limit(said, quality["verdict"], lost=lost, margin=quality["margin"]),
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
    runs = None
    bound = most
    if beyond:
        if "excess_interval" not in score:
            raise InputError(
                "max_flips asks for replicates, and this comparison has none: give --replicate, or "
                'a share such as max_flips = "2%"'
            )
        value, ends = score["excess"], pair_of(score["excess_interval"])
        runs = score["noise_floor"]
    else:
        value, ends = score["value"], ends_of(score)
        before = (
            evidence.accepted["scores"].get("negative_flip_rate") if evidence.accepted else None
        )
        if before is not None:
            bound = max(most, ends_of(before)[1])
    low, high = ends or (value, value)
    status: Status = "pass" if high <= bound else "fail" if low > bound else "undecided"
    sentence = flips_limit(score["value"], runs=runs, most=most)
    yield Check("max_flips", status, sentence, "", value, bound, ends)


def _coverage(evidence: Evidence, policy: Policy) -> Iterator[Check]:
    if policy.coverage is None:
        return
    pair, accepted = evidence.pair, evidence.accepted
    share = covered(pair)
    bound = min(policy.coverage, covered(accepted) if accepted else 1.0)
    yield Check(
        "coverage",
        "pass" if share >= bound else "fail",
        coverage_limit(share, n_missing=pair["only_a"], bound=bound),
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
        yield Check(
            "must_keep",
            "fail",
            item_must_keep(one, share, least=least),
            one,
            share,
            least,
        )
    if ids and not failed:
        yield Check(
            "must_keep",
            "pass",
            all_keep(len(ids), least=least),
            bound=least,
        )
