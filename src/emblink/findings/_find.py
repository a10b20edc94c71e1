"""What stands out of a pair: claims of groups, labels and items, each told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emblink.findings._claim import Claim
from emblink.findings._evidence import Evidence
from emblink.findings._of_groups import group_claims
from emblink.findings._of_items import item_claims
from emblink.findings._of_labels import label_claims
from emblink.findings._rank import factors, is_sure, score
from emblink.findings._told import told_once
from emblink.limits import ENOUGH_REPLICATES
from emblink.types import FindingReport, GroupItem, IntArray, PairReport
from emblink.wording import claim_sentence, how_sure, next_to, nothing_stands_out

MOST = 9
STRIP = 6
_NOTHING_TO_TELL = ("identical", "misaligned", "too_few")
_TRIED = 3
_TELLING = ("label", "label_pair")
_FAR = 0.3
"""How far labels must have changed for their single items to be told with them."""


@dataclass(frozen=True, eq=False)
class Told:
    """A claim of a pair, with the members that show it."""

    claim: Claim
    exemplars: IntArray
    named: list[GroupItem]
    example: str | None


@dataclass(frozen=True, eq=False)
class PairClaims:
    """What is claimed of a pair, before the number of pairs is allowed for.

    Attributes
    ----------
    a, b : str
    items : array of shape (n_common,)
        Union rows.
    n : int
        Items that shares are of: the common ones, or those of all labels where these alone were
        compared.
    told : list of Told
    n_replicates : int
    nothing : str
        What to say where nothing stands out.
    of_replicates : bool
        Whether other pairs are judged by this one, which is no question of its own then.
    """

    a: str
    b: str
    items: IntArray
    n: int
    told: list[Told]
    n_replicates: int
    nothing: str
    of_replicates: bool = False


@dataclass(frozen=True, eq=False)
class Found:
    """A finding with its items.

    Attributes
    ----------
    finding : FindingReport
    rows : array of shape (n,)
        Rows of the pair's common items.
    items : array of shape (n,)
        The same as union rows.
    exemplars : array of shape (at most 6,)
        Union rows.
    """

    finding: FindingReport
    rows: IntArray
    items: IntArray
    exemplars: IntArray


def pair_claims(
    report: PairReport,
    evidence: Evidence,
    *,
    items: IntArray,
    of_replicates: bool = False,
    searches: Sequence[Claim] = (),
) -> PairClaims:
    """Collect what is claimed of a pair, claims of the same items as one.

    Parameters
    ----------
    report : PairReport
        All of it but the findings.
    evidence : Evidence
    items : array of shape (n_common,)
        Union rows of its items.
    of_replicates : bool
        Whether the pair is a space and its replicate.
    searches : sequence of Claim
        Of its queries.

    Returns
    -------
    PairClaims
    """
    claims: list[Claim] = []
    if report["size"]["grade"] not in _NOTHING_TO_TELL:
        groups, labels = group_claims(report, evidence), label_claims(report, evidence)
        claims = told_once(report, groups, labels, evidence)
        whole = [one.rows for one in claims if one.kind in _TELLING and one.far >= _FAR]
        told = [np.zeros(0, np.int64), *(one.rows for one in groups), *whole]
        inside = np.unique(np.concatenate(told))
        if report["beyond_noise"]["answer"] != "no":
            claims += item_claims(evidence, told=inside, grade=report["size"]["grade"])
    return PairClaims(
        report["a"],
        report["b"],
        items,
        len(items) or sum(one["n"] for one in report["labels"]),
        [_shown(one, evidence) for one in (*searches, *claims)],
        report["beyond_noise"]["n_replicates"],
        nothing(report, evidence),
        of_replicates,
    )


def _shown(claim: Claim, evidence: Evidence) -> Told:
    chosen = evidence.changed_most(claim.rows)
    if claim.kind == "all_labels":
        chosen = evidence.of_each_label(chosen)
    chosen = chosen[:STRIP]
    named = [evidence.item(int(row)) for row in chosen]
    tried = chosen[:_TRIED] if claim.kind not in ("all_labels", "searches") else chosen[:0]
    examples = (_example(int(row), evidence) for row in tried)
    example = claim.example or next((one for one in examples if one), None)
    return Told(claim, chosen, named, example)


def _example(row: int, evidence: Evidence) -> str | None:
    """Name an item, and who was nearest to it before and is so now."""
    name = evidence.name(row)
    if name is None:
        return None
    before, after = (side.tolist() for side in evidence.nearest(row))
    sides = []
    for own, other in ((before, after), (after, before)):
        away = [at for at in own if at not in other][:2]
        sides.append([one for at in away if (one := evidence.name(at))])
    if not all(sides):
        return None
    return next_to(name, *sides)


def pair_findings(pairs: Sequence[PairClaims]) -> list[list[Found]]:
    """Rank what stands out of each pair of a comparison.

    Parameters
    ----------
    pairs : sequence of PairClaims
        All of them: a claim must be clear of chance beside those of the other pairs.

    Returns
    -------
    list of list of Found
        Of each pair at most 9: those first that are sure (p at most 0.05 after Holm's procedure
        over the pairs), and each of both parts by ``sqrt(share) * far``.
    """
    asked = [one for one in pairs if not one.of_replicates]
    by = factors([[told.claim for told in one.told] for one in asked])
    factor = {(one.a, one.b): each for one, each in zip(asked, by, strict=True)}
    return [
        _ranked(one, factor=factor.get((one.a, one.b), 1.0), n_pairs=len(asked)) for one in pairs
    ]


def _ranked(pair: PairClaims, *, factor: float, n_pairs: int) -> list[Found]:
    found = [_found(one, pair, factor=factor, n_pairs=n_pairs) for one in pair.told]
    found.sort(key=lambda one: order(one.finding))
    return found[:MOST]


def order(finding: FindingReport) -> tuple[bool, bool, float, str]:
    """Return by what findings are sorted: of sure ones, what is searched for comes first.

    Parameters
    ----------
    finding : FindingReport

    Returns
    -------
    tuple
    """
    first = finding["kind"] == "searches"
    return (not finding["sure"], not first, -finding["score"], finding["sentence"])


def _found(told: Told, pair: PairClaims, *, factor: float, n_pairs: int) -> Found:
    claim = told.claim
    p = None if claim.p is None else min(1.0, claim.p * factor)
    n = max(pair.n, 1)
    finding = FindingReport(
        kind=claim.kind,
        title=claim.title,
        sentence=claim_sentence(claim.who, claim.did, claim.facts),
        how_sure=how_sure(p, sure=is_sure(p), n_replicates=pair.n_replicates, n_pairs=n_pairs),
        a=pair.a,
        b=pair.b,
        n=claim.n,
        share=min(1.0, claim.n / n),
        far=min(1.0, claim.far),
        score=score(claim, n),
        sure=is_sure(p),
        provisional=pair.n_replicates < ENOUGH_REPLICATES,
        exemplars=told.named,
        picture=claim.picture,
        groups=[*claim.groups],
        labels=[*claim.labels],
    )
    if p is not None:
        finding["p"] = p
    if told.example is not None:
        finding["example"] = told.example
    return Found(finding, claim.rows, pair.items[claim.rows], pair.items[told.exemplars])


def nothing(report: PairReport, evidence: Evidence) -> str:
    """Say that nothing stands out of a pair, and of what.

    Parameters
    ----------
    report : PairReport
    evidence : Evidence

    Returns
    -------
    str
    """
    labels_alone, shares = report["compared_by"] == "labels", evidence.kept_shares
    return nothing_stands_out(
        report["size"]["grade"],
        has_labels=bool(report["labels"]),
        labels_alone=labels_alone,
        kept=float(shares.mean()) if len(shares) and not labels_alone else 0.0,
        k=evidence.k,
        as_reruns=report["beyond_noise"]["answer"] == "no",
    )
