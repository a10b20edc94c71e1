"""How far each picture of a space can be trusted: exactly, or asking a sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from emblink.bundle import Stage, part
from emblink.bundle.schema import NumberField
from emblink.decimals import decimals
from emblink.matched import QUERIES, sensible_k
from emblink.pipeline._run import Run, SpaceStages, exact_of, graph_of, marked
from emblink.projection import neighbor_errors, trust_of_pictures
from emblink.stats import sample_items
from emblink.types import AnyArray
from emblink.wording import TRUST_DEFINITIONS, of_picture

TRUST_NEIGHBORS = 15
REACH = 3
"""A neighbour is false, or missing, beyond the nearest so many times as many as are looked at."""
FULLY_TRUSTED = 5_000
"""Up to so many items, the trust of every item is computed; of more, that of a sample."""


def trust(run: Run, name: str, stages: SpaceStages, pictures: Sequence[tuple[Stage, str]]) -> Stage:
    """Measure all pictures of a space at once, for they share the products of its vectors.

    Parameters
    ----------
    run : Run
    name : str
    stages : SpaceStages
    pictures : sequence of (Stage, str)
        The step that drew each, and the name of its array there.

    Returns
    -------
    Stage
        Arrays ``MEASURE-I`` of picture ``I``; means by the same names in
        ``facts``, beside ``preservation-I``, ``k`` and ``trust_items``.
    """
    n_items = stages.n_items
    k = sensible_k(TRUST_NEIGHBORS, n_items)
    most = n_items if n_items <= FULLY_TRUSTED else QUERIES
    rows = sample_items(n_items, most, seed=run.seed)
    asked = None if stages.asked is None else exact_of(run, name)

    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        run.report_step(f"trust of the pictures of {name}", 0, 1)
        graph = graph_of(run, name, k=REACH * k)
        drawn = [stage.arrays[array] for stage, array in pictures]
        found = trust_of_pictures(
            stages.vectors.arrays["vectors"],
            drawn,
            metric=run.space_set.spaces[name].metric,
            k=k,
            queries=None if len(rows) == n_items else rows,
            graph=graph if asked is None else None,
        )
        arrays: dict[str, AnyArray] = {}
        facts: dict[str, object] = {"k": k, "trust_items": len(rows)}
        for at, (coords, ranked) in enumerate(zip(drawn, found, strict=True)):
            errors = neighbor_errors(asked or graph, coords, k=k, reach=REACH * k)
            measured = {
                "trustworthiness": _spread(ranked[0]),
                "continuity": _spread(ranked[1]),
                "false_neighbors": errors.false_neighbors,
                "missing_neighbors": errors.missing_neighbors,
            }
            for what, values in measured.items():
                arrays[f"{what}-{at}"] = values
                facts[f"{what}-{at}"] = float(np.nanmean(decimals(values)))
            if asked is not None:
                every = neighbor_errors(graph, coords, k=k, reach=REACH * k)
                for what in ("false_neighbors", "missing_neighbors"):
                    exact, near = measured[what], getattr(every, what)
                    arrays[f"{what}-{at}"] = np.concatenate([exact, near[len(exact) :]])
            facts[f"preservation-{at}"] = float(decimals(errors.preservation).mean())
        return arrays, facts

    def _spread(values: AnyArray) -> AnyArray:
        every = np.full(n_items, np.nan, np.float32)
        every[rows] = values
        return every

    keys = [[stage.key, array] for stage, array in pictures]
    sampled = () if stages.asked is None else (stages.asked.key,)
    inputs = (stages.vectors.key, stages.graph.key, keys, len(rows), k, run.seed, *sampled)
    return run.stage("trust", inputs, compute)


def trust_fields(
    run: Run, name: str, measured: Stage, *, at: int, method: str, title: str
) -> list[NumberField]:
    """Describe the trust of each item in one picture.

    Parameters
    ----------
    run : Run
    name : str
        Of the space.
    measured : Stage
        What :func:`trust` returned.
    at : int
        The place of the picture among those measured.
    method, title : str

    Returns
    -------
    list of NumberField
    """
    stages = run.spaces[name]
    over, k = stages.over, measured.facts["k"]
    reach = min(REACH * k, stages.n_items - 1)
    return [
        NumberField(
            name=f"{what}_{method}",
            title=of_picture(what, title),
            values=run.catalog.add(
                f"{over}/{what}_{part(method)}", measured, f"{what}-{at}", kind="values", over=over
            ),
            over=over,
            **marked(
                run,
                [name] if what.endswith("neighbors") else [],
                definition.format(k=k, reach=reach),
                n_items=stages.n_items,
            ),
            range=[0.0, 1.0] if what.endswith("neighbors") else None,
        )
        for what, definition in TRUST_DEFINITIONS.items()
    ]


def trust_means(measured: Stage, at: int) -> dict[str, Any]:
    """Return the means of one picture as :class:`ProjectionInfo` names them.

    Parameters
    ----------
    measured : Stage
        What :func:`trust` returned.
    at : int
        The place of the picture among those measured.

    Returns
    -------
    dict
    """
    facts = measured.facts
    return {
        "trust_k": facts["k"],
        "trust_items": facts["trust_items"],
        **{what: facts[f"{what}-{at}"] for what in (*TRUST_DEFINITIONS, "preservation")},
    }
