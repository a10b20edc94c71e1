"""The settings of a budget as spaces of a comparison."""

from __future__ import annotations

from emblink.types import BudgetReport, BudgetSetting, QuerySet, SpaceSet
from emblink.variants import with_query_variants, with_variants

MOST = 8


def in_bundle(
    space_set: SpaceSet, found: BudgetReport, queries: QuerySet | None
) -> tuple[SpaceSet, QuerySet | None, BudgetReport]:
    """Return the space beside those settings that are worth a look, and what was found of all.

    Parameters
    ----------
    space_set : SpaceSet
        Of one space.
    found : BudgetReport
    queries : QuerySet or None

    Returns
    -------
    space_set : SpaceSet
        With at most 8 settings: of which none that is as small keeps more, and the chosen one.
    queries : QuerySet or None
        With those of every space.
    found : BudgetReport
        With the names of the spaces, and without what these say themselves.
    """
    shown = _shown(found)
    names = {at: f"{found['space']}|{found['settings'][at]['steps']}" for at in shown}
    with_rungs = with_variants(space_set, [*names.values()])
    asked = None if queries is None else with_query_variants(queries, with_rungs)
    settings = [_short(one) for one in found["settings"]]
    for at, one in enumerate(settings):
        if at in names:
            one["space"] = names[at]
        elif one["name"] == "as they are":
            one["space"] = found["space"]
    return with_rungs, asked, {**found, "settings": settings}


def _short(one: BudgetSetting) -> BudgetSetting:
    told = one.copy()
    if "queries" in told:
        told["queries"] = told["queries"].copy()
        told["queries"].pop("searches", None)
    return told


def _shown(found: BudgetReport) -> list[int]:
    """Return the places of the settings that become spaces, the largest first."""
    settings, best, front = found["settings"], -1.0, []
    made = [at for at, one in enumerate(settings) if one["steps"]]
    for at in sorted(made, key=lambda at: (settings[at]["bytes_per_vector"], -_kept(settings[at]))):
        if _kept(settings[at]) > best:
            best = _kept(settings[at])
            front.append(at)
    chosen = found["chosen"]
    must = [chosen] if chosen is not None and settings[chosen]["steps"] else []
    rest = [at for at in reversed(front) if at not in must]
    return sorted([*must, *rest[: MOST - len(must)]])


def _kept(one: BudgetSetting) -> float:
    held = one.get("queries")
    return one["kept"] if held is None else held["kept"]
