"""How small vectors may become, in words."""

from __future__ import annotations

from collections.abc import Mapping

from emblink.types import BudgetLabel, BudgetQueries, BudgetReport, BudgetSetting, SegmentReport
from emblink.wording._searches import segment_words
from emblink.wording._words import clip, counted, exactly, listed, percent, quoted


def budget_sentence(found: BudgetReport) -> str:
    """Say which setting to take, and what it keeps.

    Parameters
    ----------
    found : BudgetReport
        All of it but its sentence.

    Returns
    -------
    str
    """
    settings = found["settings"]
    whole = next(one for one in settings if one["name"] == "as they are")
    asked = f"{found['n_asked']:,} of {found['n_items']:,} items asked"
    if found["chosen"] is None or settings[found["chosen"]]["name"] == whole["name"]:
        return (
            f"No setting smaller than the vectors as they are ({whole['bytes_per_vector']:,} bytes "
            f"a vector) surely keeps {percent(found['allowed'])} {_of_what(found)}; {asked}."
        )
    best = settings[found["chosen"]]
    smaller = whole["bytes_per_vector"] / best["bytes_per_vector"]
    name = f"{best['name'][0].upper()}{best['name'][1:]}"
    said = (
        f"{name}: {counted(best['bytes_per_vector'], 'byte')} a vector, {smaller:,.3g} times "
        f"smaller, {_keeps(best)} ({percent(found['allowed'])} {_wanted(found)}; {asked})."
    )
    pays = payer_words(best)
    return f"{said} Who pays: {pays}." if pays else said


def payer_words(one: BudgetSetting) -> str:
    """Name who pays for a setting: a segment of the queries, else a label.

    Parameters
    ----------
    one : BudgetSetting

    Returns
    -------
    str
        "" where nobody does beyond chance.
    """
    first, label = _first_to_pay(one)
    if first is not None:
        who = f"queries {segment_words(first['column'], first['segment'])}"
        if "ndcg_b" in first:
            return f"{who}, nDCG {exactly(first['ndcg_a'])} → {exactly(first['ndcg_b'])}"
        return f"{who}, {percent(first['churn'])} of results replaced"
    if label is None:
        return ""
    return f"{quoted(clip(label['label']))}, {exactly(label['lost'])} fewer neighbours of its own"


def payer(one: BudgetSetting) -> str:
    """Name who pays for a setting, and how much, in as few words as a table has room for.

    Parameters
    ----------
    one : BudgetSetting

    Returns
    -------
    str
        "" where nobody does beyond chance.
    """
    first, label = _first_to_pay(one)
    if first is not None:
        who = f"{clip(first['column'])}: {clip(first['segment'])}"
        if "delta" in first:
            return f"{who} {100 * first['delta']:+.1f} nDCG"
        return f"{who} {percent(first['churn'])} replaced"
    return "" if label is None else f"{clip(label['label'])} −{exactly(label['lost'])}"


def left_out_words(errors: Mapping[str, str]) -> list[str]:
    """Say which settings are left out, and why the first of them is.

    Parameters
    ----------
    errors : mapping of setting to str

    Returns
    -------
    list of str
        One, or none where there are none.
    """
    if not errors:
        return []
    return [f"left out: {listed([*errors])} ({next(iter(errors.values()))})"]


def few_rescored_words(n_items: int, n_candidates: int) -> str:
    """Say that candidates would be so many of so few items that finding them proves nothing.

    Parameters
    ----------
    n_items, n_candidates : int

    Returns
    -------
    str
    """
    return (
        f"left out: binary, rescored ({n_candidates} candidates of {counted(n_items, 'item')} are "
        f"no search; give {10 * n_candidates} items or more)"
    )


def _of_what(found: BudgetReport) -> str:
    if found["measure"] == "ndcg":
        return "of nDCG"
    if "queries" in found["settings"][0]:
        return "of the first 10 results of queries"
    return "of the 10 nearest neighbours"


def _wanted(found: BudgetReport) -> str:
    return "of nDCG asked" if found["measure"] == "ndcg" else "asked"


def _keeps(best: BudgetSetting) -> str:
    held = best.get("queries")
    if held is None:
        return f"with {percent(best['kept'])} of the 10 nearest neighbours kept"
    n = counted(held["n"], "query").replace("querys", "queries")
    said = f"with {percent(held['kept'])} of the first 10 results of {n} kept"
    return f"{said}{_quality(held)}"


def _quality(held: BudgetQueries) -> str:
    if "ndcg" not in held:
        return ""
    low, high = (f"{100 * end:+.1f}" for end in held["ndcg_interval"])
    before = held["ndcg"] - held["ndcg_change"]
    return (
        f" and nDCG {exactly(before)} → {exactly(held['ndcg'])}, a change of {low} to {high} points"
    )


def _first_to_pay(one: BudgetSetting) -> tuple[SegmentReport | None, BudgetLabel | None]:
    """Return the first segment of queries and the first label that pay, where some do."""
    held = one.get("queries")
    segment = held["pays"][0] if held is not None and held["pays"] else None
    return segment, next((label for label in one["labels"] if label["pays"]), None)
