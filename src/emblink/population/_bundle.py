"""A bundle of populations: their union as one space, which the page draws once, in as many inks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emblink.bundle import Notice, nobody
from emblink.pipeline import build
from emblink.population._compare import StepProgress, quiet
from emblink.population._object import Populations
from emblink.population._pair import Measured, mixed
from emblink.population._union import Union, union_of
from emblink.types import AnyArray, PopulationPair, Report, Role, Space, SpaceSet
from emblink.words import WORDS

POPULATION = "population"


def write_bundle(
    found: Populations,
    out: Path,
    *,
    title: str = "populations",
    progress: StepProgress = quiet,
    notice: Notice = nobody,
) -> Report:
    """Write populations so that ``emblink open`` shows them: one picture of the union.

    Parameters
    ----------
    found : Populations
    out : Path
        A directory; an unfinished or finished bundle of the same is continued.
    title : str
    progress, notice : callable

    Returns
    -------
    Report
        That of the bundle, with what is told of the populations. Items are ``NAME/ID``;
        ``population`` is their label, so that it colours the picture; the label that was given is
        a column like others.
        Each pair has two columns more: the group an item is in, and how much commoner the second
        population is around it.
    """
    report = found.report()
    report = {**report, "pairs": [_with_columns(pair) for pair in report["pairs"]]}
    union = union_of(found.parts, seed=report["seed"])
    columns: dict[str, AnyArray] = {POPULATION: _of_populations(union)}
    for name in union.column_names:
        columns[name if name != POPULATION else f"{name} (given)"] = union.column(name)
    for pair, one, members in zip(report["pairs"], found.measured, found.rows, strict=True):
        where = pair["columns"]
        titles = [group["title"] for group in pair["groups"]]
        place = _place(union, one)
        columns[where["groups"]] = _titled(len(union.order), place, members, titles)
        around = np.full(len(union.order), np.nan, np.float32)
        around[place] = mixed(one.union, one.graph, one.side)
        columns[where["around"]] = around
    ids = np.array(
        [
            f"{union.populations[code].name}/{one}"
            for code, one in zip(union.codes.tolist(), union.ids.tolist(), strict=True)
        ]
    )
    space = Space("union", union.vectors, ids, union.metric, "populations")
    roles: dict[Role, str] = {"label": POPULATION}
    if (text := union.roles.get("text")) is not None:
        roles["text"] = text
    return build(
        SpaceSet(
            {space.name: space},
            ids,
            {space.name: np.arange(len(ids))},
            columns,
            roles,
            tuple(report["notes"]),
        ),
        out=out,
        seed=report["seed"],
        title=title,
        progress=progress,
        notice=notice,
        populations=report,
    )


def _with_columns(pair: PopulationPair) -> PopulationPair:
    a, b = pair["a"], pair["b"]
    return {**pair, "columns": {"groups": f"group {a} → {b}", "around": f"{b} less {a} around it"}}


def _of_populations(union: Union) -> AnyArray:
    names = np.array([one.name for one in union.populations], dtype=WORDS)
    return names[union.codes]


def _place(union: Union, one: Measured) -> NDArray[np.int64]:
    """Return the row in the union of all, of each item of a pair."""
    place = {each.name: code for code, each in enumerate(union.populations)}
    sizes = [len(each.vectors) for each in union.populations]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    back = np.empty(len(union.order), np.int64)
    back[union.order] = np.arange(len(union.order))
    offsets = np.array([starts[place[name]] for name in one.names])
    return back[offsets[one.union.codes] + one.union.rows]


def _titled(
    n: int,
    place: NDArray[np.int64],
    members: list[NDArray[np.int64]],
    titles: list[str],
) -> AnyArray:
    held = np.full(n, "", dtype=WORDS)
    for rows, title in zip(members, titles, strict=True):
        held[place[rows]] = title
    return held
