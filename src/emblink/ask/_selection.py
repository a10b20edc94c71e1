"""A question about a selection, answered in numbers and in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emblink.ask._answer import Answer
from emblink.ask._pair import Pair, Question, sample
from emblink.ask._purity import purity_of
from emblink.ask._scores import HEADLINE, MEASURES
from emblink.ask._words import TITLES, answer_sentence, answer_warnings
from emblink.errors import InputError, VectorError
from emblink.types import IntArray, Score

FEWEST_ITEMS = 4
"""Debiased CKA is undefined for fewer."""

MOST_QUERIES = 2000
"""Items whose neighbours are looked at; the candidates are never thinned."""


def ask_selection(
    pair: Pair,
    rows: IntArray,
    *,
    measures: Sequence[str] = HEADLINE,
    k: int = 10,
    seed: int = 0,
) -> Answer:
    """Compare two spaces at some of their items.

    Parameters
    ----------
    pair : Pair
    rows : array of shape (n_selected,)
        The selected items as rows of the union, in any order.
    measures : sequence of str
        Names of :data:`MEASURES`.
    k : int
        Neighbours compared; fewer where so many would be most of the candidates.
    seed : int
        Of samples and shuffles.

    Returns
    -------
    Answer
        ``neighborhood_overlap`` seeks the selected items' neighbours among all items common to
        both spaces, ``inner_overlap`` among the selected ones; ``linear_cka`` and
        ``procrustes_similarity`` (when asked for, ``rbf_cka`` and ``rsa`` too) are of the selected
        vectors, centred on their own mean; ``rank_biased_overlap`` is among all items. Of more
        than 2,000 items a random 2,000 are asked for their neighbours, and of more than 10,000 a
        random 10,000 are measured by their vectors; each score's ``n`` says how many were.
        Fewer than 4 items in both spaces give no scores and a sentence that says so.

    Raises
    ------
    InputError
        No item is selected, a measure is unknown, or ``k`` is less than 1.

    Notes
    -----
    Misleads when the items were selected *because* they changed: the interval allows for chance
    in which neighbours an item has, not for the choosing. ``inner_overlap`` has a high chance in
    small selections, ``k / (n - 1)``, and values from selections of different sizes do not compare.
    """
    chosen = np.unique(np.asarray(rows))
    _check(chosen, measures, k)
    selected = np.flatnonzero(np.isin(pair.items, chosen))
    n_outside = len(chosen) - len(selected)
    if len(selected) < FEWEST_ITEMS:
        return Answer(
            n=len(selected),
            n_outside=n_outside,
            scores={},
            purity=None,
            sentence=f"Too few to measure: {len(selected)} of the {len(chosen):,} selected items "
            f"are in both spaces, and {FEWEST_ITEMS} are needed.",
            warnings=[],
        )
    queries = sample(selected, most=MOST_QUERIES, seed=seed)
    question = Question(pair, selected, queries, k, seed)
    scores, undefined = _scores(question, measures)
    purity = purity_of(question)
    return Answer(
        n=len(selected),
        n_outside=n_outside,
        scores=scores,
        purity=purity,
        sentence=answer_sentence((pair.a.name, pair.b.name), len(selected), scores, purity=purity),
        warnings=[*answer_warnings(len(selected), n_outside, scores=scores), *undefined],
    )


def _check(chosen: IntArray, measures: Sequence[str], k: int) -> None:
    if not len(chosen):
        raise InputError("no item is selected; select at least one")
    unknown = [name for name in measures if name not in MEASURES]
    if unknown:
        raise InputError(
            f"there is no measure {unknown[0]!r} of a selection; choose from {', '.join(MEASURES)}"
        )
    if k < 1:
        raise InputError(f"k={k} neighbours cannot be compared; give k from 1")


def _scores(question: Question, measures: Sequence[str]) -> tuple[dict[str, Score], list[str]]:
    scores, undefined = {}, []
    for name in MEASURES:
        if name not in measures:
            continue
        try:
            scores[name] = MEASURES[name](question)
        except VectorError as error:
            a, b = question.pair.a.name, question.pair.b.name
            undefined.append(f"No {TITLES[name]} of these items (x is {a}, y is {b}): {error}.")
    return scores, undefined
