"""From what was measured to the report: groups named, verdicts given, findings ranked."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

import numpy as np
from numpy.typing import NDArray

from emblink.population._groups import named_groups, share_of
from emblink.population._pair import Measured
from emblink.population._partners import Way
from emblink.population._sentences import (
    copies_sentence,
    drift_sentence,
    gap_sentence,
    pair_sentence,
    partner_sentence,
    same_id_warning,
    twice_warning,
)
from emblink.population._shares import kind_of, wilson
from emblink.population._sought import LEVEL, gumbel_p, p_of, scores
from emblink.stats import Z95, holm, standard_error
from emblink.types import (
    Copies,
    DriftScope,
    LabelShare,
    Partners,
    PartnerWay,
    PopulationFinding,
    PopulationPair,
    PopulationVerdict,
)
from emblink.wording import counted, name_item, probability

GAP = 0.9
"""How far apart populations are between which there is a gap, where taking off the means closes it
by half, or the means are as far apart as items are wide, or both sides are of the same items."""
PAIRED = 0.25
"""Mean reciprocal rank of partners, both ways, from which on populations are paired."""
_FEWEST_PAIRS = 20
_MOST_PAIRED = 0.5
"""Of the smaller side, what must have a partner."""
_COPIES = 10
_MANY_TWICE = 0.05
"""Share of a side that copies within it make up, from which on a claim says so."""
_ALL_GROUPS = 12
"""Groups told where populations differ everywhere: the largest."""


def adjusted(measured: Sequence[Measured]) -> list[tuple[float, float]]:
    """Adjust the p-values of groups and of drift for all questions asked.

    Parameters
    ----------
    measured : sequence of Measured

    Returns
    -------
    list of (float, float)
        By pair: of the group that stands out most, and of drift beyond groups (Holm).
    """
    raw = [p for one in measured for p in (one.judged.search.p, one.judged.drift_p)]
    found = holm(raw).reshape(-1, 2)
    return [(float(groups), float(drift)) for groups, drift in found]


def pair_report(
    found: Measured, p: tuple[float, float], *, beyond: bool = False
) -> tuple[PopulationPair, list[NDArray[np.int64]]]:
    """Write down a pair.

    Parameters
    ----------
    found : Measured
    p : (float, float)
        By :func:`adjusted`.
    beyond : bool

    Returns
    -------
    pair : PopulationPair
    members : list of array
        Rows of the union, by group.
    """
    judged = found.judged
    factor = p[0] / judged.search.p
    told = judged.claimed(factor)
    drifts = p[1] <= LEVEL
    everywhere = judged.everywhere and drifts
    if everywhere:
        told = told[:_ALL_GROUPS]
    pair = _bare(found, p)
    groups = named_groups(found, told, factor)
    order = sorted(range(len(groups)), key=lambda at: -abs(groups[at]["change"]))
    pair["groups"] = [groups[at] for at in order]
    pair["labels"] = _labels(found, factor, beyond=beyond)
    pair["scope"] = _scope(bool(told), drifts, everywhere)
    if (partners := _partners(found)) is not None:
        pair["partners"] = partners
    pair["verdict"] = _verdict(found, pair)
    if found.two_models is not None:
        given = [(one.name, one.source) for one in found.union.populations]
        pair["warnings"].append(same_id_warning(found.two_models, given))
    for name, n, n_twice in zip(found.names, found.sizes, found.twice, strict=True):
        if n_twice >= _MANY_TWICE * n and pair["scope"] != "none":
            pair["warnings"].append(twice_warning(name, n_twice, n, metric=found.union.metric))
    if everywhere and groups and judged.everywhere:
        pair["warnings"].append(
            "Groups hold most of the items of a side: read them as places where both differ."
        )
    pair["sentence"] = pair_sentence(pair)
    pair["findings"] = _findings(pair, found)
    return pair, [told[at].members for at in order]


def _bare(found: Measured, p: tuple[float, float]) -> PopulationPair:
    judged, (a, b), (n_a, n_b) = found.judged, found.names, found.sizes
    return PopulationPair(
        a=a,
        b=b,
        n_a=n_a,
        n_b=n_b,
        verdict="same_population",
        scope="none",
        sentence="",
        k=found.graph.indices.shape[1],
        recall=found.graph.recall,
        apart=judged.apart,
        apart_interval=_apart_interval(found),
        apart_p=min(1.0, judged.apart_p * (p[1] / judged.drift_p)),
        rest=judged.rest,
        rest_p=min(1.0, judged.rest_p * (p[1] / judged.drift_p)),
        n_rest=judged.n_rest,
        gap=found.gap,
        apart_centred=found.apart_centred,
        apart_asked=found.apart_asked,
        groups=[],
        labels=[],
        copies=_copies(found),
        findings=[],
        warnings=[],
    )


def _apart_interval(found: Measured) -> list[float]:
    shares, side = found.judged.other, found.side
    errors = [standard_error(shares[of].astype(np.float64)) for of in (side, ~side)]
    reach = Z95 * hypot(*errors)
    return [found.judged.apart - reach, found.judged.apart + reach]


def _scope(groups: bool, drifts: bool, everywhere: bool) -> DriftScope:
    if everywhere:
        return "all"
    if drifts:
        return "rest"
    return "groups" if groups else "none"


def _verdict(found: Measured, pair: PopulationPair) -> PopulationVerdict:
    partners = pair.get("partners")
    most = _MOST_PAIRED * min(found.sizes)
    shared = partners is not None and partners["n"] >= max(_FEWEST_PAIRS, most)
    closes = pair["apart_centred"] < pair["apart_asked"] / 2 or pair["gap"] >= 1.0
    if pair["apart"] >= GAP and pair["scope"] != "none" and (shared or closes):
        return "gap"
    ways = [] if partners is None else [partners["there"]["mrr"], partners["back"]["mrr"]]
    if shared and min(ways) >= PAIRED:
        return "paired"
    return "same_population" if pair["scope"] == "none" else "drifted"


def _labels(found: Measured, factor: float, *, beyond: bool) -> list[LabelShare]:
    if found.labels is None:
        return []
    names, codes = found.labels
    side, (n_a, n_b) = found.side, found.sizes
    firsts = np.bincount(codes[~side & (codes >= 0)], minlength=len(names))
    seconds = np.bincount(codes[side & (codes >= 0)], minlength=len(names))
    draws = found.judged.search.draws
    reach = gumbel_p if beyond else p_of
    scored = scores(seconds, firsts + seconds, n_b / (n_a + n_b))
    reports = []
    for name, first, second, score in zip(
        names, firsts.tolist(), seconds.tolist(), scored.tolist(), strict=True
    ):
        share = share_of((first, second), (n_a, n_b), reach(score, draws) * factor)
        one = LabelShare(**share, label=name)  # type: ignore[typeddict-item]
        if share["p"] <= LEVEL:
            one["kind"] = kind_of(share["share_a"], share["share_b"])
        reports.append(one)
    return sorted(reports, key=lambda one: (one["p"], -abs(one["change"])))


def _partners(found: Measured) -> Partners | None:
    ranked = found.ranked
    if ranked is None:
        return None
    first, second = found.union.populations
    return Partners(
        n=len(found.pairs),
        there=_way(ranked.there, ranked.there_centred, [str(x) for x in second.ids.tolist()]),
        back=_way(ranked.back, ranked.back_centred, [str(x) for x in first.ids.tolist()]),
    )


def _way(way: Way, centred: Way, ids: Sequence[str]) -> PartnerWay:
    hub, hub_n = way.hub
    return PartnerWay(
        n=len(way.ranks),
        n_others=way.n_others,
        recall_at_1=way.recall,
        recall_at_10=way.recall_at(10),
        mrr=way.mrr,
        chance=1.0 / way.n_others,
        median_rank=float(np.median(way.ranks)),
        recall_at_1_centred=centred.recall,
        interval=[*wilson(int((way.ranks == 1).sum()), len(way.ranks))],
        found=way.found,
        hub={"id": ids[hub]},
        hub_n=hub_n,
    )


def _copies(found: Measured) -> Copies:
    ids, text = found.union.ids, found.union.roles.get("text")
    texts = None if text is None else found.union.column(text)
    other = [(a, b) for a, b in found.copies if found.named and ids[a] != ids[b]]
    shown = [
        {"a": name_item(a, ids, texts), "b": name_item(b, ids, texts)}
        for a, b in [*other, *found.copies][:_COPIES]
    ]
    return Copies(n=len(found.copies), n_other_ids=len(other), examples=shown)  # type: ignore[typeddict-item]


def _findings(pair: PopulationPair, measured: Measured) -> list[PopulationFinding]:
    found: list[PopulationFinding] = []
    if pair["verdict"] == "gap":
        found.append(_finding("gap", "A gap", gap_sentence(pair), pair["apart_p"], pair))
    elif pair["scope"] in ("rest", "all"):
        p = pair["apart_p"] if pair["scope"] == "all" else pair["rest_p"]
        found.append(_finding("drift", "Drift beside groups", drift_sentence(pair), p, pair))
    if (partners := pair.get("partners")) is not None:
        said = partner_sentence(partners, pair["a"], pair["b"])
        one = _finding("partners", "Partners", said, 0.0, pair)
        one["n"] = partners["n"]
        one["how_sure"] = f"Of {counted(partners['there']['n'], 'item')} asked, each among all."
        found.append(one)
    for at, group in enumerate(pair["groups"]):
        one = _finding("group", group["title"], group["sentence"], group["p"], pair)
        one |= {"n": group["n"], "exemplars": group["exemplars"], "group": at}
        found.append(one)
    if (copies := pair["copies"])["n"]:
        said = copies_sentence(pair, named=measured.named, metric=measured.union.metric)
        one = _finding("copies", "The same vectors", said, 0.0, pair)
        one |= {"n": copies["n"], "how_sure": "Compared number by number."}
        found.append(one)
    return found


def _finding(
    kind: str, title: str, sentence: str, p: float, pair: PopulationPair
) -> PopulationFinding:
    return PopulationFinding(
        kind=kind,  # type: ignore[typeddict-item]
        title=title,
        sentence=sentence,
        how_sure=f"Clear of chance, all questions allowed for: {probability(p)}.",
        n=pair["n_a"] + pair["n_b"],
        sure=p <= LEVEL,
        exemplars=[],
    )
