"""Verdicts of a gate and what each limit says, in words."""

from __future__ import annotations

from collections.abc import Sequence

from emblink.types import LabelReport
from emblink.wording._words import beside, counted, exactly, named, percent, quoted

NO_QUERY_LOSES = "No query loses its first relevant answer"

NOT_BY_LABELS = (
    "Not comparable: the spaces have no items in common, and labels alone decide nothing."
)
NOT_SHUFFLED = "Not comparable: the rows look shuffled; mend their order, or give ids."
NO_DATA_WARNING = "No warning of the data."
OF_NEIGHBOURS = "of neighbours stay"
OF_OLD_INDEX = "of neighbours are found by an old index"
OF_OLD_ITEMS = "of the old items are in the new space"
OF_PARTNERS = "of partners are nearest, the less of both ways"


def populations_apart(apart: float) -> str:
    """Say how far populations are apart, for a limit to follow."""
    return f"The populations are {percent(max(0.0, apart))} apart"


def in_new_groups(share: float, name: str) -> str:
    """Say how much of a population is in groups that are new, for a limit to follow."""
    return f"{percent(share)} of {name} is in groups that are new"


def at_most_words(what: str, ends: tuple[float, float] | None, bound: float) -> str:
    """Say a number, its interval and the most that was asked.

    Parameters
    ----------
    what : str
        The number, in words.
    ends : tuple of float or None
        Of its interval.
    bound : float

    Returns
    -------
    str
    """
    between = ""
    if ends:
        low, high = (exactly(max(0.0, one)) for one in ends)
        between = f" (95 % interval {low} to {high})"
    return f"{what}{between}; at most {exactly(bound)} was asked."


def too_few_to_judge(n: int, *, fewest: int) -> str:
    """Say that so few items are not judged, and how many are."""
    return f"{counted(n, 'item')} {'is' if n == 1 else 'are'} too few to judge: at least {fewest}."


def why_failed(failed: Sequence[str], *, n_limits: int, n_open: int) -> str:
    """Say which limits do not hold, or that open ones count as failed."""
    of = counted(n_limits, "limit")
    if not failed:
        return f"Fail: {n_open:,} of {of} may hold or not, which counts as failed."
    names = ", ".join(dict.fromkeys(failed))
    verb = "does" if len(failed) == 1 else "do"
    return f"Fail: {len(failed):,} of {of} {verb} not hold ({names})."


def why_undecided(n_limits: int, n_open: int) -> str:
    """Say how many limits are open."""
    of = counted(n_limits, "limit")
    return f"Undecided: {n_open:,} of {of} may hold or not; compare more items, or more runs."


def why_passed(n_limits: int, n_open: int) -> str:
    """Say that limits hold."""
    of = counted(n_limits, "limit")
    if n_open:
        return f"Pass: {n_limits - n_open:,} of {of} hold, and {n_open:,} may."
    return "Pass: the only limit holds." if n_limits == 1 else f"Pass: all {of} hold."


def least_words(words: str, *, ends: tuple[float, float] | None, bound: float, signed: bool) -> str:
    """Say a value, its interval and the least that was asked."""
    between = ""
    if ends is not None:
        low, high = (_share(end, signed) for end in ends)
        between = f" (95 % interval {low} to {high})"
    return f"{words}{between}; at least {_share(bound, signed)} was asked."


def _share(value: float, signed: bool) -> str:
    return f"{'+' if signed and value > 0 else ''}{exactly(value)}"


def size_limit(
    name: str, *, share: float | None, n_excusing: int, bound: str, n_few: int = 0
) -> str:
    """Say how large a change is, how large it may be, and of how few items that is said."""
    as_if = "" if share is None else f", as if {percent(share)} of every vector were noise"
    runs = counted(n_excusing, "replicate")
    more = f"; it is no larger than between runs of one recipe ({runs})" if n_excusing else ""
    few = f", for which {counted(n_few, 'item')} are too few to tell" if n_few else ""
    return f"The size is “{name}”{as_if}{more}; at most “{bound}” was allowed{few}."


def quality_words(a: float, b: float, *, n_queries: int, k: int) -> str:
    """Say how quality changed: nDCG of queries where there are some, else accuracy."""
    of = f"nDCG@{k} of {n_queries:,} queries" if n_queries else "Accuracy by neighbours"
    return f"{of} goes from {exactly(a)} to {exactly(b)}"


def quality_limit(said: str, verdict: str, *, lost: Sequence[str], margin: float) -> str:
    """Say whether quality is kept, what lost, and which loss was allowed."""
    more = f" ({named(lost)})" if lost else ""
    return f"{said}: {verdict}{more}; a loss of {exactly(margin)} was allowed."


def flips_limit(share: float, *, runs: float | None, most: float) -> str:
    """Say how many items turn wrong, and how many may."""
    there = beside(share, most) if runs is None else percent(share)
    said = f"{there} of items turn from right to wrong"
    if runs is None:
        return f"{said}; {exactly(most)} was allowed."
    return f"{said}, between runs of one recipe {percent(runs)}; {exactly(most)} more was allowed."


def coverage_limit(share: float, *, n_missing: int, bound: float) -> str:
    """Say which share of the old items is there."""
    gone = f", {n_missing:,} are missing" if n_missing else ""
    there = beside(share, bound)
    return (
        f"{there} of the old items are in the new space{gone}; at least {percent(bound)} was asked."
    )


def item_must_keep(name: str, share: float | None, *, least: float) -> str:
    """Say that an item that must keep its neighbours does not."""
    said = (
        "is not in both spaces"
        if share is None
        else f"keeps {beside(share, least)} of its neighbours"
    )
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


def none_got_worse(n_judged: int, *, n_unjudged: int) -> str:
    """Say that no label got worse, and how many have too few items to tell."""
    return f"None of {counted(n_judged, 'label')} got worse{_unjudged(n_unjudged)}."


def few_were_judged(n_judged: int, n_items: int, *, n_unjudged: int) -> str:
    """Say how few of the items with a label have one that could be judged."""
    return (
        f"{counted(n_unjudged, 'label')} of too few items could not be judged; the others hold "
        f"{n_judged:,} of {counted(n_items, 'item')} with a label, and half of these were asked."
    )


def label_stays(one: LabelReport) -> str:
    """Say how a label changed that is within its limit."""
    return f"Label {quoted(one['label'])}: {_fall(one)}."


def cases_not_listed(n: int) -> str:
    """Say how many labels hold without a case of their own."""
    return f"{counted(n, 'more label')} within the limits {'is' if n == 1 else 'are'} not listed."


def label_loss(one: LabelReport, *, bound: float) -> str:
    """Say what a label lost, and what it may."""
    return f"Label {quoted(one['label'])}: {_fall(one)}; a loss of {exactly(bound)} was allowed."


def none_lost_more(n_labels: int, *, most: float, n_unjudged: int) -> str:
    """Say that no label lost more than it may."""
    return (
        f"None of {counted(n_labels, 'label')} lost more than {exactly(most)} of purity"
        f"{_unjudged(n_unjudged)}."
    )


def _unjudged(n_labels: int) -> str:
    if not n_labels:
        return ""
    were = "was" if n_labels == 1 else "were"
    return f"; {counted(n_labels, 'label')} of too few items {were} not judged"


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
