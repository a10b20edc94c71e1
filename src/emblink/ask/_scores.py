"""The scores of a selection, each beside its chance, interval and floor."""

from __future__ import annotations

import numpy as np

from emblink.ask._answer import PurityAnswer
from emblink.ask._floor import floors_of
from emblink.ask._pair import Question
from emblink.matched import (
    LABEL_MEASURES,
    LinkedSide,
    RawScores,
    beside_floor,
    flip_scores,
    graph_at,
    label_votes,
    linked,
    purity_at,
    scores_at,
    side_at,
)
from emblink.table import HEADLINE
from emblink.table import MEASURES as TABLE
from emblink.types import IntArray, Score
from emblink.wording import NO_LABELS_TO_FLIP, too_few_to_flip

INNER = "inner_overlap"
MEASURES = tuple(one.name for one in TABLE)
"""What can be asked for, in the order of an answer: the scores of a report, and one more."""

DEFAULT = (HEADLINE, INNER, "linear_cka", "procrustes_similarity")
"""The measures that are taken when none is named."""


def scores_of(
    question: Question, a: LinkedSide, b: LinkedSide
) -> tuple[dict[str, Score], list[str]]:
    """Measure two spaces at the selected items.

    Parameters
    ----------
    question : Question
    a, b : LinkedSide
        Over all common items.

    Returns
    -------
    scores : dict of name to Score
        Those asked for, as far as they are defined.
    warnings : list of str
    """
    selected, names = question.selected, question.names
    found = scores_at(a, b, selected, names=names, k=question.k, seed=question.seed)
    if names & {*LABEL_MEASURES}:
        found |= _flips(question, a, b)
    floors, warnings = floors_of(question)
    scores = {name: beside_floor(name, raw, floors.get(name)) for name, raw in found.raw.items()}
    if INNER in names:
        scores[INNER] = beside_floor(INNER, _inner(question, a, b).raw[HEADLINE], None)
    ordered = {name: scores[name] for name in MEASURES if name in scores}
    return ordered, [*found.warnings, *warnings]


def purity_of(question: Question, a: LinkedSide, b: LinkedSide) -> PurityAnswer | None:
    """Return the label purity of the selected items, or None where there are no labels.

    Parameters
    ----------
    question : Question
    a, b : LinkedSide
        Over all common items.

    Returns
    -------
    PurityAnswer or None
    """
    codes = question.pair.codes
    if codes is None:
        return None
    found = purity_at(a, b, codes, rows=question.selected)
    if found is None:
        return None
    change = found.change
    return PurityAnswer(
        a=change.a,
        b=change.b,
        chance=found.chance,
        n=change.n,
        k=found.k,
        interval=[*change.interval],
    )


def _inner(question: Question, a: LinkedSide, b: LinkedSide) -> RawScores:
    """Compare the selected items' neighbours among the selected items alone."""
    rows = question.selected
    inside = [_alone(side, rows, k=question.k) for side in (a, b)]
    every = np.arange(len(rows))
    return scores_at(
        inside[0], inside[1], every, names={HEADLINE}, k=question.k, seed=question.seed
    )


def _alone(side: LinkedSide, rows: IntArray, *, k: int) -> LinkedSide:
    return linked(side_at(side, rows), graph_at(side.graph, side.vectors, rows, at_least=k))


def _flips(question: Question, a: LinkedSide, b: LinkedSide) -> RawScores:
    codes, rows = question.pair.codes, question.selected
    if codes is None:
        return RawScores(0, warnings=[NO_LABELS_TO_FLIP])
    right_a, right_b = (label_votes(side, codes).correct[rows] for side in (a, b))
    found = flip_scores(right_a, right_b, codes[rows], cells=a.cells[rows]).only(question.names)
    if not found.raw:
        found.warnings.append(too_few_to_flip(found.n))
    return found
