"""How sure a finding is, and that nothing stands out, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emblink.limits import ENOUGH_REPLICATES
from emblink.types import Grade
from emblink.wording._claims import of_ten
from emblink.wording._words import clip, counted, percent, probability, quoted

CHANGE_MORE = "change more than the others"
CHANGE_LESS = "change less than the others"
AS_COUNTED = "As counted."
_NOTHING: Mapping[Grade, str] = {
    "identical": "Nothing stands out: the spaces are the same but for rounding.",
    "misaligned": "Nothing can be told while the rows look shuffled.",
    "too_few": "Nothing can be told of so few items.",
    "unrelated": "Nothing stands out: everything changed alike, as far as chance lets one see.",
}


def how_sure(p: float | None, *, sure: bool, n_replicates: int, n_pairs: int) -> str:
    """Say how sure a finding is.

    Parameters
    ----------
    p : float or None
        None where it was counted and not tested.
    sure : bool
    n_replicates : int
    n_pairs : int
        Beside whose claims it must be clear of chance.

    Returns
    -------
    str
    """
    runs = "no rerun says what noise does"
    if n_replicates:
        few = n_replicates < ENOUGH_REPLICATES
        runs = f"provisional, by {counted(n_replicates, 'rerun')} of {ENOUGH_REPLICATES}"
        runs = runs if few else ""
    if p is None:
        said = "counted, not tested"
    elif sure:
        said = f"clear of chance ({probability(p)})"
    else:
        of_all = f"beside {n_pairs:,} pairs it" if n_pairs > 1 else "it"
        said = f"{of_all} may be chance ({probability(p)})"
    words = f"{said}; {runs}." if runs else f"{said}."
    return f"{words[0].upper()}{words[1:]}"


def nothing_stands_out(
    grade: Grade, *, has_labels: bool, labels_alone: bool, kept: float, k: int, as_reruns: bool
) -> str:
    """Say that nothing stands out of a pair, and of what.

    Parameters
    ----------
    grade : Grade
    has_labels : bool
    labels_alone : bool
        Whether labels are all that was compared.
    kept : float
        Mean share of the neighbours that stay.
    k : int
    as_reruns : bool
        Whether runs of one recipe differ as much.

    Returns
    -------
    str
    """
    if grade in _NOTHING:
        return _NOTHING[grade]
    if labels_alone:
        return "Nothing stands out: no label changed more than the rest."
    what = ["no group of items", *(["no label"] if has_labels else [])]
    runs = ", as between reruns" if as_reruns else ""
    return (
        f"Nothing stands out: {', '.join(what)} and no single item changed more than the rest; "
        f"{of_ten(kept, k)} of {k} neighbours stay{runs}."
    )


def step_title(a: str, b: str) -> str:
    """Head the claim that one step holds most of the change."""
    return f"most changes at {a} → {b}"


def step_sentence(kept: float, others: Sequence[float], k: int) -> str:
    """Say that one step holds most of the change.

    Parameters
    ----------
    kept : float
        Share of the neighbours that stay there.
    others : sequence of float
        The least and the most that stay at the other steps.
    k : int

    Returns
    -------
    str
    """
    rest = sorted({of_ten(end, k) for end in others}, key=float)
    return (
        f"Most changes at this step: {of_ten(kept, k)} of {k} neighbours stay, at the others "
        f"{' to '.join(rest)}."
    )


def lost_answer(query: str, answer: str, *, before: int, now: int) -> str:
    """Say of a query which answer it had, and where one stands now.

    Parameters
    ----------
    query, answer : str
    before, now : int
        Ranks of the first relevant result; 0 where none is found.

    Returns
    -------
    str
    """
    there = f"the first one is now at {now}" if now else "none is found now"
    return f"{quoted(clip(query))}: {quoted(clip(answer))} stood at {before}, {there}"


def replaced_words(churn: float, every: float) -> str:
    """Say which share of some queries' results is replaced, beside that of all."""
    return f"{percent(churn)} of their results are replaced, of all {percent(every)}"
