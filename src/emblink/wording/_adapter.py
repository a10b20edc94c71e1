"""How far a linear map spares embedding everything anew, in words."""

from __future__ import annotations

from emblink.types import AdapterPayer, AdapterReport, AdapterRoute
from emblink.wording._searches import segment_words
from emblink.wording._words import clip, counted, exactly, percent, quoted


def adapter_sentence(found: AdapterReport) -> str:
    """Say what a linear map keeps, who pays, and what the old model gave.

    Parameters
    ----------
    found : AdapterReport
        All of it but its sentence.

    Returns
    -------
    str
    """
    routes = {one["name"]: one for one in found["routes"]}
    mapped = routes["linear map"]
    said = [
        f"A linear adapter keeps {_tenths(mapped['kept'])} of 10 answers and "
        f"{percent(mapped['first'])} of first answers{_of(found)}{_quality(mapped)}"
    ]
    if "pays" in mapped:
        said.append(f"{adapter_payer(mapped['pays'])} lose {_lost(mapped['pays'])}")
    if "old model" in routes:
        said.append(f"the old model gave {_tenths(routes['old model']['kept'])}")
    asked = f"{found['n_asked']:,} of {found['n_items']:,} asked"
    if found["asked"] == "queries":
        asked = f"{counted(found['n_items'], 'item')} searched"
    return f"{'; '.join(said)}. The map was learnt of {found['n_learnt']:,} items; {asked}."


def adapter_payer(pays: AdapterPayer) -> str:
    """Name who finds least.

    Parameters
    ----------
    pays : AdapterPayer

    Returns
    -------
    str
    """
    if "column" in pays:
        return f"queries {segment_words(pays['column'], pays['name'])}"
    return f"items of {quoted(clip(pays['name']))}"


def _lost(pays: AdapterPayer) -> str:
    return f"{percent(1.0 - pays['kept'])} of theirs"


def _tenths(share: float) -> str:
    """Write a share as so many of 10, which is 10.0 only where it is all."""
    return f"{min(10 * share, 9.9) if share < 1 else 10.0:.1f}"


def _of(found: AdapterReport) -> str:
    if found["asked"] == "items":
        return ""
    return f" of {counted(found['n_asked'], 'query').replace('querys', 'queries')}"


def _quality(route: AdapterRoute) -> str:
    if "ndcg" not in route:
        return ""
    low, high = (f"{100 * end:+.1f}" for end in route["ndcg_interval"])
    before = route["ndcg"] - route["ndcg_change"]
    return f", nDCG {exactly(before)} → {exactly(route['ndcg'])} ({low} to {high} points)"


def any_rotation_words(n_learnt: int, n_dims: int, *, left_out: bool) -> str:
    """Say that a rotation fits whatever so few items do.

    Parameters
    ----------
    n_learnt, n_dims : int
    left_out : bool
        Whether the rotation is not told for that.

    Returns
    -------
    str
    """
    rotation = ": it is left out" if left_out else ""
    return (
        f"a map is learnt of {n_learnt:,} items, and the old vectors have "
        f"{n_dims:,} dims: any rotation fits so few{rotation}, and a linear map "
        "of more items would keep more; give more items, or a larger --learn"
    )
