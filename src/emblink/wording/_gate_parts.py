"""What a gate says of single labels, items and queries."""

from __future__ import annotations

from emblink.types import LabelReport
from emblink.wording._words import counted, exactly, percent, quoted

NO_QUERY_LOSES = "No query loses its first relevant answer"


def item_must_keep(name: str, share: float | None, *, least: float) -> str:
    """Say that an item that must keep its neighbours does not."""
    said = "is not in both spaces" if share is None else f"keeps {percent(share)} of its neighbours"
    return f"{quoted(name)} {said}; {percent(least)} was asked."


def all_keep(n: int, *, least: float) -> str:
    """Say that all items keep their neighbours that must."""
    return f"{counted(n, 'item')} that must keep {percent(least)} of their neighbours do."


def label_gone(label: str) -> str:
    """Say that a label is gone."""
    return f"Label {quoted(label)} is gone."


def label_got_worse(one: LabelReport, *, accepted: bool) -> str:
    """Say that a label got worse."""
    as_accepted = ", as in the accepted comparison" if accepted else ""
    return f"Label {quoted(one['label'])} got worse: {_fall(one)}{as_accepted}."


def label_too_few(label: str, n: int) -> str:
    """Say that a label has too few items."""
    return f"Label {quoted(label)} has too few items ({n:,}) to tell."


def none_got_worse(n_labels: int) -> str:
    """Say that no label got worse."""
    return f"None of {counted(n_labels, 'label')} got worse."


def label_loss(one: LabelReport, *, bound: float) -> str:
    """Say what a label lost, and what it may."""
    return f"Label {quoted(one['label'])}: {_fall(one)}; a loss of {exactly(bound)} was allowed."


def none_lost_more(n_labels: int, *, most: float, n_unjudged: int) -> str:
    """Say that no label lost more than it may."""
    were = "was" if n_unjudged == 1 else "were"
    more = f"; {counted(n_unjudged, 'label')} of too few items {were} not judged"
    return (
        f"None of {counted(n_labels, 'label')} lost more than {exactly(most)} of purity"
        f"{more if n_unjudged else ''}."
    )


def _fall(one: LabelReport) -> str:
    return (
        f"{exactly(one['purity_a'])} of its neighbours are its own before, "
        f"{exactly(one['purity_b'])} after"
    )


def churn_limit(value: float, *, k: int, ends: tuple[float, float], bound: float) -> str:
    """Say which share of results is replaced, and which may be."""
    return (
        f"{percent(value)} of the first {k} results are replaced (95 % interval "
        f"{exactly(ends[0])} to {exactly(ends[1])}); at most {exactly(bound)} was allowed."
    )


def recall_words(k: int, recall: float) -> str:
    """Say the recall of the new space."""
    return f"Recall@{k} of the new space is {exactly(recall)}"


def ndcg_words(k: int, a: float, b: float) -> str:
    """Say how nDCG changed."""
    return f"nDCG@{k} goes from {exactly(a)} to {exactly(b)}"


def lost_limit(said: str, *, ends: tuple[float, float], bound: float) -> str:
    """Say which share of queries loses its answer, and which may."""
    return f"{said} ({exactly(ends[0])} to {exactly(ends[1])}, 95 %); {exactly(bound)} was allowed."
