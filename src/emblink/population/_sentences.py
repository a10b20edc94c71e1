"""Sentences of populations: how large first, then what, then how sure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from emblink.types import (
    DriftScope,
    Metric,
    Partners,
    PopulationGroup,
    PopulationPair,
    PopulationVerdict,
)
from emblink.wording import clip, counted, instead, listed, percent, probability, quoted

_NAMED = 3
NOT_MUCH = 0.05


def group_sentence(group: PopulationGroup, a: str, b: str) -> str:
    """Say how a group changed: shares, counts, and what it is of.

    Parameters
    ----------
    group : PopulationGroup
        Its sentence is not read.
    a, b : str

    Returns
    -------
    str
    """
    before, after = percent(group["share_a"]), percent(group["share_b"])
    counts = f"{group['n_a']:,} → {counted(group['n_b'], 'item')}"
    what, kind = quoted(group["title"]), group["kind"]
    a, b = quoted(a), quoted(b)
    if kind == "new":
        held = f"nothing of {a}" if not group["n_a"] else f"{before} of {a}"
        said = f"{after} of {b} is new: {what} ({held}; {counts})"
    elif kind == "vanished":
        held = f"nothing of {b}" if not group["n_b"] else f"{after} of {b}"
        said = f"{before} of {a} vanished: {what} ({held}; {counts})"
    else:
        said = f"{before} → {after}: {what} {kind} from {a} to {b} ({counts})"
    low, high = group["interval"]
    why = _why(group)
    points = f"{100 * group['change']:+.1f} points, {100 * low:+.1f} to {100 * high:+.1f}"
    points = points.replace("-", "−")
    return f"{said}, {points}.{f' {why}' if why else ''}{_elsewhere(group)}"


def _elsewhere(group: PopulationGroup) -> str:
    """Say that members are no news, where their partners are on the other side."""
    n = group.get("n_partnered", 0)
    apart = n - group.get("n_together", 0)
    return f" {apart:,} of {n:,} have their partner elsewhere." if apart else ""


def _why(group: PopulationGroup) -> str:
    parts = [
        f"{one['n']:,} of {group['n']:,} are {quoted(one['value'])} "
        f"({one['expected']:.2g} by chance)"
        for one in group["enriched"][:2]
    ]
    words = [quoted(one["word"]) for one in group["words"][:_NAMED]]
    if words:
        parts.append(f"words of theirs: {listed(words)}")
    parts += [
        f"{quoted(one['column'])} {one['median']:.4g} (others {one['median_others']:.4g})"
        for one in group["numbers"][:1]
    ]
    return f"{_capital('; '.join(parts))}." if parts else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def apart_words(apart: float) -> str:
    """Write how far apart two populations are, on a scale from mixed to no neighbour in common.

    Parameters
    ----------
    apart : float

    Returns
    -------
    str
    """
    return f"{percent(max(0.0, apart))} apart"


def drift_sentence(pair: PopulationPair) -> str:
    """Say how far what is left, or all, drifted.

    Parameters
    ----------
    pair : PopulationPair

    Returns
    -------
    str
    """
    a, b = quoted(pair["a"]), quoted(pair["b"])
    scale = "(0 %: one population; 100 %: no neighbour in common)"
    if pair["scope"] == "all":
        return f"{apart_words(pair['apart'])}: {b} differs from {a} nearly everywhere {scale}."
    where = "outside the groups too" if pair["groups"] else "a little everywhere"
    return f"{apart_words(pair['rest'])}: {b} differs from {a} {where} {scale}."


def gap_sentence(pair: PopulationPair) -> str:
    """Say how wide a gap is, and whether taking off the means closes it.

    Parameters
    ----------
    pair : PopulationPair

    Returns
    -------
    str
    """
    before, after = pair["apart_asked"], pair["apart_centred"]
    a, b = quoted(pair["a"]), quoted(pair["b"])
    closes = f"with the mean of each side taken off {percent(max(0.0, after))}: " + (
        "the gap is a shift" if after < before / 2 else "the gap is more than a shift"
    )
    return (
        f"{apart_words(pair['apart'])}: hardly any neighbour of {a} is of {b}, nor the other way "
        f"round; the means are {pair['gap']:.2g} spreads from each other; {closes}."
    )


def partner_sentence(partners: Partners, a: str, b: str) -> str:
    """Say how often the nearest item of the other side is an item's partner.

    Parameters
    ----------
    partners : Partners
    a, b : str

    Returns
    -------
    str
    """
    there, back = partners["there"], partners["back"]
    sampled = "" if there["n"] == partners["n"] else f" of {there['n']:,} asked"
    return (
        f"{percent(there['recall_at_1'])} of partners are nearest from {quoted(a)} to {quoted(b)}, "
        f"{percent(back['recall_at_1'])} back{sampled} (chance {percent(there['chance'])}); with "
        f"the mean of each side taken off {percent(there['recall_at_1_centred'])} and "
        f"{percent(back['recall_at_1_centred'])}."
    )


def pair_sentence(pair: PopulationPair) -> str:
    """Say the verdict of a pair, its size first.

    Parameters
    ----------
    pair : PopulationPair
        Its sentence is not read.

    Returns
    -------
    str
    """
    heads: dict[PopulationVerdict, Callable[[PopulationPair], str]] = {
        "same_population": _same,
        "drifted": _drifted,
        "paired": _paired,
        "gap": gap_sentence,
    }
    said = f"{heads[pair['verdict']](pair).rstrip('.')}."
    if pair["verdict"] in ("paired", "gap") and pair["groups"]:
        first = pair["groups"][0]
        said += (
            f" {counted(len(pair['groups']), 'place')} hold more of one side than of the other, "
            f"the largest {quoted(first['title'])} ({percent(first['share_a'])} → "
            f"{percent(first['share_b'])})."
        ).replace("1 place hold ", "1 place holds ")
    return said


def _same(pair: PopulationPair) -> str:
    return (
        f"{apart_words(pair['apart'])}: {quoted(pair['a'])} and {quoted(pair['b'])} are mixed as "
        f"one population is ({probability(pair['apart_p'])}); no group is surely more or less"
    )


def _paired(pair: PopulationPair) -> str:
    partners = pair.get("partners")
    assert partners is not None
    there, back = partners["there"], partners["back"]
    return (
        f"{percent(there['recall_at_1'])} of {counted(partners['n'], 'item')} of "
        f"{quoted(pair['a'])} have their partner in {quoted(pair['b'])} as the nearest, "
        f"{percent(back['recall_at_1'])} the other way (chance {percent(there['chance'])}); "
        f"the two are {apart_words(pair['apart'])}"
    )


def _drifted(pair: PopulationPair) -> str:
    scope: DriftScope = pair["scope"]
    if scope == "all":
        return drift_sentence(pair).rstrip(".")
    if scope == "rest":
        said = drift_sentence(pair).rstrip(".")
        return f"{said}; {_groups(pair['groups'])}" if pair["groups"] else said
    return (
        f"{_groups(pair['groups'])}; the rest of {quoted(pair['a'])} and {quoted(pair['b'])} is "
        f"mixed as one population is ({apart_words(pair['rest'])}, {probability(pair['rest_p'])})"
    )


def _groups(groups: Sequence[PopulationGroup]) -> str:
    said = [
        f"{quoted(one['title'])} {'is ' if one['kind'] == 'new' else ''}{one['kind']} "
        f"({percent(one['share_a'])} → {percent(one['share_b'])})"
        for one in groups[:_NAMED]
    ]
    more = len(groups) - _NAMED
    return listed([*said, *([f"{more:,} more"] if more > 0 else [])])


def same_id_warning(kept: float, given: Sequence[tuple[str, str]]) -> str:
    """Say that populations look like two models of the same items.

    Parameters
    ----------
    kept : float
        Share of neighbours in common.
    given : sequence of (str, str)
        Name and source of both.

    Returns
    -------
    str
    """
    return (
        "The partners are found no more often than by chance, and yet the same items have "
        f"{percent(kept)} of their neighbours in common: the axes of the two are unrelated, as "
        f"those of two models are. Compare two models with: {instead('compare', given)}"
    )


def copies_sentence(pair: PopulationPair, *, named: bool, metric: Metric) -> str:
    """Say how many items of the second side are items of the first.

    Parameters
    ----------
    pair : PopulationPair
        With at least one copy.
    named : bool
        Whether ids were given for both sides; rows that were numbered have no other id.
    metric : {"cosine", "euclidean"}

    Returns
    -------
    str
    """
    copies, first = pair["copies"], pair["copies"]["examples"][0]
    a, b = (clip(one.get("text") or one["id"]) for one in (first["a"], first["b"]))
    have = "has" if copies["n"] == 1 else "have"
    same = f"{counted(copies['n'], 'item')} of {pair['b']} {have} {_one_vector(metric)} {pair['a']}"
    if named:
        return f"{same}, {copies['n_other_ids']:,} of them under another id: {a} and {b}, for one."
    return f"{same}: {b} of {pair['b']} that of {a} of {pair['a']}, for one."


def twice_warning(name: str, n_twice: int, n: int, *, metric: Metric) -> str:
    """Say that a side holds the same vectors more than once.

    Parameters
    ----------
    name : str
    n_twice : int
        Items with the vector of another, one of each not counted.
    n : int
        Items of the side.
    metric : {"cosine", "euclidean"}

    Returns
    -------
    str
    """
    return (
        f"{n_twice:,} of the {n:,} items of {name} have {_one_vector(metric)} the others. Each "
        "counts as an item, and items that come several times on one side make even two halves "
        "of one source look apart: give one of each."
    )


def _one_vector(metric: Metric) -> str:
    return "the direction of one of" if metric == "cosine" else "the very vector of one of"
