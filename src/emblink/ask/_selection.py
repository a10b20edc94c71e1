"""A question about a selection, answered in numbers and in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emblink.ask._answer import SelectionAnswer
from emblink.ask._pair import Pair, Question
from emblink.ask._scores import DEFAULT, MEASURES, purity_of, scores_of
from emblink.errors import InputError
from emblink.matched import FEWEST_COMMON
from emblink.types import IntArray
from emblink.wording import answer_sentence, answer_warnings, too_few_selected


def ask_selection(
    pair: Pair,
    rows: IntArray,
    *,
    measures: Sequence[str] = DEFAULT,
    k: int = 10,
    seed: int = 0,
) -> SelectionAnswer:
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
    SelectionAnswer
        Of all items, every score that a report has too is the report's, whatever the order of
        ``rows``. ``inner_overlap`` seeks neighbours among the selected items, the other measures
        of neighbour lists among all items common to both spaces; measures of vectors are of the
        selected ones, centred on their own mean. Each score's ``n`` says of how many items it is.
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
    selected = np.flatnonzero(np.isin(pair.common.items, chosen))
    n, n_outside = len(selected), len(chosen) - len(selected)
    if n < FEWEST_COMMON:
        return SelectionAnswer(
            n=n,
            n_outside=n_outside,
            scores={},
            purity=None,
            sentence=too_few_selected(n, len(chosen), fewest=FEWEST_COMMON),
            warnings=[],
        )
    needed = {"procrustes_similarity"} if "angular_shape_distance" in measures else set()
    question = Question(pair, selected, frozenset({*measures, *needed}), k, seed)
    rows_a, rows_b = pair.common.rows_a, pair.common.rows_b
    a, b = question.linked(pair.names[0], rows_a), question.linked(pair.names[1], rows_b)
    found, warnings = scores_of(question, a, b)
    scores = {name: one for name, one in found.items() if name in measures}
    purity = purity_of(question, a, b)
    of_own_label = None if purity is None else (purity["a"], purity["b"], purity["chance"])
    return SelectionAnswer(
        n=n,
        n_outside=n_outside,
        scores=scores,
        purity=purity,
        sentence=answer_sentence(pair.names, n, scores, purity=of_own_label),
        warnings=[*answer_warnings(n, n_outside, scores=scores), *warnings],
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
