"""What became of searches, in words."""

from __future__ import annotations

from emblink.types import PairSearches, QualityReport, Score, SegmentReport
from emblink.wording._words import clip, counted, exactly, listed, percent, quoted

_TOPICS = ("topic", "intent", "subject", "theme", "category", "about", "group", "kind", "segment")
_MOST_NAMED = 3
NO_BETTER_THAN_CHANCE = (
    "Neither space answers better than a random order does: quality is not judged; check "
    "that queries and relevance are of these items."
)
_NAMES = {"ndcg": "nDCG", "recall": "recall", "mrr": "MRR"}


def segment_words(column: str, segment: str) -> str:
    """Name queries by the value of a column: ``about refunds``, ``with lang de``."""
    value = quoted(clip(segment))
    if any(word in column.lower() for word in _TOPICS):
        return f"about {value}"
    return f"with {quoted(clip(column))} {value}"


def lost_words(searches: PairSearches) -> tuple[str, str]:
    """Say how many queries lose their first relevant answer, and which most of these are.

    Parameters
    ----------
    searches : PairSearches

    Returns
    -------
    (str, str)
        The subject, ``31 of 400 queries``, and the rest; both empty where none does.
    """
    n = searches.get("n_lost", 0)
    if not n:
        return "", ""
    verb, whose = ("loses", "its") if n == 1 else ("lose", "their")
    said = f"{verb} {whose} first relevant answer"
    parts = [_part(one, n) for one in of_lost(searches)]
    if parts:
        said += f"; {listed(parts[:_MOST_NAMED])}"
    return f"{n:,} of {searches['n_judged']:,} queries", said


def _part(one: SegmentReport, n: int) -> str:
    n_lost = one.get("n_lost", 0)
    count = "all" if n_lost == n > 1 else f"{n_lost:,}"
    return (
        f"{count} {'is' if n_lost == 1 else 'are'} {segment_words(one['column'], one['segment'])}"
    )


def gained_words(n: int) -> str:
    """Say how many queries gain a first relevant answer."""
    return f"{n:,} gain{'s' if n == 1 else ''} one" if n else "none gains one"


def of_lost(searches: PairSearches) -> list[SegmentReport]:
    """Return the segments that hold more of the lost answers than chance deals them.

    Of several columns, the surest one tells.

    Parameters
    ----------
    searches : PairSearches

    Returns
    -------
    list of SegmentReport
    """
    found = [
        one
        for one in searches["segments"]
        if one["verdict"] == "worse" and one.get("p_lost", 1.0) <= _TOLD
    ]
    found.sort(key=lambda one: (one.get("p_lost", 1.0), -one.get("n_lost", 0)))
    return [one for one in found if one["column"] == found[0]["column"]]


_TOLD = 0.025


def search_sentence(searches: PairSearches) -> str:
    """Say what became of the searches of a pair, with the numbers behind it.

    Parameters
    ----------
    searches : PairSearches
        All of it but its sentence.

    Returns
    -------
    str
    """
    scores, n, k = searches["scores"], searches["n"], searches["k"]
    churn = scores["search_churn"]
    first = f"{searches['n_first']:,} ({percent(searches['n_first'] / n)})"
    said = [
        f"Of {counted(n, 'query').replace('querys', 'queries')}, {percent(churn['value'])} of the "
        f"first {k} results are replaced (chance {percent(churn['chance'])}"
        f"{_between(churn)}), and the first one changes for {first}."
    ]
    if "ndcg_change" not in scores:
        return said[0]
    said.append(_relevance(searches))
    subject, lost = lost_words(searches)
    gained = searches.get("n_gained", 0)
    if subject:
        said.append(
            f"{subject} {lost}; {gained_words(gained)}"
            f"{_other_runs(scores['first_relevant_loss'], searches['n_judged'])}."
        )
    else:
        more = f"; {gained_words(gained)}" if gained else ""
        said.append(f"No query loses its first relevant answer{more}.")
    return " ".join(one for one in said if one)


def _between(score: Score) -> str:
    if "noise_floor" not in score:
        return ""
    return f", between reruns {percent(score['noise_floor'])}"


def _other_runs(score: Score, n: int) -> str:
    if "noise_floor" not in score:
        return ""
    return f"; between reruns {n * score['noise_floor']:.0f} lose it"


def _relevance(searches: PairSearches) -> str:
    scores, k = searches["scores"], searches["k"]
    of = f" of the {searches['n_judged']:,} with known answers"
    if searches["n_judged"] == searches["n"]:
        of = ""
    levels = {one["measure"]: one for one in searches["levels"]}
    if not levels:
        return ""
    low, high = (f"{100 * end:+.1f}" for end in scores["ndcg_change"]["interval"])
    rest = listed(
        [
            f"{_NAMES[name]}@{k} {exactly(levels[name]['a'])} → {exactly(levels[name]['b'])}"
            for name in ("recall", "mrr")
        ]
    )
    verdict = searches["quality"]["verdict"] if "quality" in searches else "not judged"
    return (
        f"nDCG@{k}{of} goes from {exactly(levels['ndcg']['a'])} to {exactly(levels['ndcg']['b'])}, "
        f"a change of {low} to {high} points: {verdict}; {rest}."
    )


def search_quality_words(quality: QualityReport) -> str:
    """Say whether queries are answered as well as before.

    Parameters
    ----------
    quality : QualityReport
        Of nDCG.

    Returns
    -------
    str
    """
    a, b = exactly(quality["a"]), exactly(quality["b"])
    of = f"nDCG@{quality.get('k', 10)} of {quality['n']:,} queries"
    if quality["verdict"] == "kept":
        return f"Queries are answered as well as before ({of} {a} → {b})."
    if quality["verdict"] == "better":
        return f"Queries are answered better ({of} {a} → {b})."
    if quality["verdict"] == "undecided":
        low, high = (f"{100 * end:+.1f}" for end in quality["interval"])
        return (
            f"Whether queries are answered as well is open: {of} {a} → {b}, a change of {low} to "
            f"{high} points."
        )
    parts = _segments(quality)
    return f"Queries are answered less well: {of} {a} → {b}{f'; {parts}' if parts else ''}."


def search_loss(quality: QualityReport, searches: PairSearches | None) -> str:
    """Say what queries lost, for the answer to whether a space may be swapped.

    Parameters
    ----------
    quality : QualityReport
        Of nDCG, with the verdict ``"lost"``.
    searches : PairSearches or None

    Returns
    -------
    str
    """
    subject, lost = lost_words(searches) if searches is not None else ("", "")
    if subject and searches is not None and searches["n_lost"] > searches["n_gained"]:
        return f"{subject} {lost}"
    fell = (
        f"nDCG@{quality.get('k', 10)} fell from {exactly(quality['a'])} to {exactly(quality['b'])}"
    )
    parts = _segments(quality)
    return f"{fell}; {parts}" if parts else fell


def _segments(quality: QualityReport) -> str:
    """Name the segments that find less."""
    lost = quality.get("segments", [])
    named = [
        f"queries {segment_words(one['column'], one['segment'])} fell from {exactly(one['a'])} to "
        f"{exactly(one['b'])}"
        for one in lost[:_MOST_NAMED]
    ]
    more = len(lost) - len(named)
    return f"{listed(named)}{f' and {more:,} more' if more > 0 else ''}" if named else ""


def search_findings(searches: PairSearches) -> list[str]:
    """Say what stands out of the searches of a pair, a sentence each.

    Parameters
    ----------
    searches : PairSearches
        All of it but its findings.

    Returns
    -------
    list of str
        Lost answers first, then segments that are not told with them.
    """
    subject, lost = lost_words(searches)
    found = []
    if subject:
        gained = searches["n_gained"]
        found.append(f"{subject} {lost}; {gained_words(gained)}.")
    told = {(one["column"], one["segment"]) for one in of_lost(searches)}
    alike, apart = as_a_whole(searches)
    if alike:
        who, did, facts = whole_words(searches, alike[0])
        found.append(f"{who} {did}: {facts}.")
    others = (
        _segment(one, searches) for one in apart if (one["column"], one["segment"]) not in told
    )
    return [*found, *(words for words in others if words)]


def as_a_whole(searches: PairSearches) -> tuple[list[SegmentReport], list[SegmentReport]]:
    """Part the segments that find less or more, but no less or more than the rest, from others.

    Parameters
    ----------
    searches : PairSearches

    Returns
    -------
    alike, apart : list of SegmentReport
    """
    every = searches["segments"]
    claimed = [one for one in every if one["verdict"] in ("worse", "better")]
    alike = [one for one in claimed if not one.get("apart", True)]
    return alike, [one for one in every if one not in alike]


def whole_words(searches: PairSearches, one: SegmentReport) -> tuple[str, str, str]:
    """Say that queries find less, or more, and none of their segments more so than the rest.

    Parameters
    ----------
    searches : PairSearches
    one : SegmentReport
        The first of these.

    Returns
    -------
    who, did, facts : str
    """
    levels = {level["measure"]: level for level in searches["levels"]}
    a, b = exactly(levels["ndcg"]["a"]), exactly(levels["ndcg"]["b"])
    did = "find less" if one["verdict"] == "worse" else "find more"
    who = f"Queries as a whole ({searches['n_judged']:,})"
    return who, did, f"nDCG@{searches['k']} {a} → {b}"


def _segment(one: SegmentReport, searches: PairSearches) -> str:
    who = f"Queries {segment_words(one['column'], one['segment'])} ({one['n']:,})"
    if one["verdict"] in ("worse", "better") and "ndcg_b" in one:
        word = "less" if one["verdict"] == "worse" else "more"
        a, b = exactly(one["ndcg_a"]), exactly(one["ndcg_b"])
        return f"{who} find {word}: nDCG@{searches['k']} {a} → {b}."
    if one["verdict"] in ("churned", "steady"):
        every = searches["scores"]["search_churn"]["value"]
        word = "more" if one["verdict"] == "churned" else "less"
        return (
            f"{who} change {word} than the others: {percent(one['churn'])} of their results are "
            f"replaced, of all {percent(every)}."
        )
    return ""


def too_few_judged(n: int, *, fewest: int) -> str:
    """Say that too few queries have known answers for quality to be judged."""
    return (
        f"Only {n:,} of the queries have known answers: quality is not judged ({fewest} at least)."
    )
