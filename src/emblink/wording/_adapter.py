"""How far a linear map spares embedding everything anew, in words."""

from __future__ import annotations

from emblink.types import AdapterPayer, AdapterReport, AdapterRoute
from emblink.wording._searches import segment_words
from emblink.wording._words import clip, counted, exactly, percent, quoted

_SIMPLER = {
    "as they are": "the old vectors as they are",
    "rotation": "old vectors, rotated,",
}


def adapter_sentence(found: AdapterReport) -> str:
    """Say what a linear map keeps, who pays, what does better, and what the old model gave.

    Parameters
    ----------
    found : AdapterReport
        All of it but its sentence.

    Returns
    -------
    str
    """
    routes = {one["name"]: one for one in found["routes"]}
    ways = [routes[name] for name in ("linear map", "mapped queries")]
    best = max(ways, key=lambda one: one["kept"])
    whose = " of the queries" if best["name"] == "mapped queries" else ""
    said = [
        f"A linear adapter{whose} keeps {_tenths(best['kept'])} of 10 answers and "
        f"{percent(best['first'])} of first answers{_of(found)}{_quality(best)}"
    ]
    if "pays" in best:
        said.append(f"{adapter_payer(best['pays'])} lose {_lost(best['pays'])}")
    said += [
        f"{words} keep more: {_tenths(routes[name]['kept'])}"
        for name, words in _SIMPLER.items()
        if name in routes and routes[name]["interval"][0] > best["kept"]
    ]
    if "old model" in routes:
        before = routes["old model"]
        quality = f" and nDCG {exactly(before['ndcg'])}" if "ndcg" in before else ""
        said.append(f"the old model gave {_tenths(before['kept'])}{quality}")
    asked = f"{found['n_asked']:,} of {found['n_items']:,} asked"
    if found["asked"] == "queries":
        asked = f"{counted(found['n_items'], 'item')} searched"
    return (
        f"{'; '.join(said)}. The map was learnt of {found['n_learnt']:,} items; {asked}, of which "
        f"chance finds {10 * found['chance']:.2g} of 10."
    )


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
