"""The 2-D pictures of all spaces, in one frame, and how far each can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.bundle import Stage, restore_rows
from emblink.bundle.schema import NumberField, ProjectionInfo
from emblink.pipeline._common import sensible_k
from emblink.pipeline._run import Run, SpaceStages, graph_of
from emblink.pipeline._spaces import QUERIES, sample_rows
from emblink.projection import joint_layout, pca_projections, trustworthiness_continuity
from emblink.types import AnyArray, FloatArray

Pictures: TypeAlias = dict[str, list[tuple[ProjectionInfo, list[NumberField]]]]
"""Each space's pictures and their trust, by the space's name."""

LAYOUT_NEIGHBORS = 15
TRUST_NEIGHBORS = 15
FULLY_TRUSTED = 5000
"""Up to so many items, every item's trust is computed."""

LAYOUT = "aligned layout"
SETTLING = "Aligned layout, settling"
TITLES = {"joint": "Aligned layout", "pca": "PCA"}
DEFINITIONS = {
    "trustworthiness": "1 less the penalty for neighbours in the picture that are none in the "
    "space, by how far they rank there (Venna & Kaski 2001, k = {k}).",
    "continuity": "1 less the penalty for neighbours in the space that are none in the picture, "
    "by how far they rank there (Venna & Kaski 2001, k = {k}).",
}


def draw(run: Run, spaces: Mapping[str, SpaceStages]) -> Pictures:
    """Project every space by PCA and by the joint layout.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages

    Returns
    -------
    mapping of name to list of (ProjectionInfo, list of NumberField)
        The joint layout first.
    """
    pca = _pca(run, spaces)
    joint = _joint(run, spaces, pca)
    return {
        name: [
            _describe(run, name, stages, method=method, stage=stage)
            for method, stage in (("joint", joint), ("pca", pca))
        ]
        for name, stages in spaces.items()
    }


def _pca(run: Run, spaces: Mapping[str, SpaceStages]) -> Stage:
    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        pictures = (
            run.sketch.pca
            if run.sketch
            else pca_projections(
                [stages.vectors.arrays["vectors"] for stages in spaces.values()],
                [run.space_set.rows[name] for name in spaces],
                metrics=[run.space_set.spaces[name].metric for name in spaces],
                seed=run.seed,
            )
        )
        return _stored(spaces, pictures), {}

    keys = [[one.vectors.key, run.space_set.spaces[name].metric] for name, one in spaces.items()]
    items = [run.space_set.rows[name] for name in spaces]
    orders = [one.order for one in spaces.values()]
    return run.stage("pca", (keys, run.seed, *items, *orders), compute)


def _joint(run: Run, spaces: Mapping[str, SpaceStages], pca: Stage) -> Stage:
    n_items = len(run.space_set.ids)

    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        pictures = joint_layout(
            [graph_of(run, name, one, k=LAYOUT_NEIGHBORS) for name, one in spaces.items()],
            [run.space_set.rows[name] for name in spaces],
            n_items,
            start=_restored(spaces, pca),
            seed=run.seed,
            n_neighbors=LAYOUT_NEIGHBORS,
            progress=run.progress(LAYOUT),
            watch=_watch(run),
        )
        return _stored(spaces, pictures), {}

    keys = [one.graph.key for one in spaces.values()]
    joint = run.stage("joint", (keys, pca.key, n_items, run.seed, LAYOUT_NEIGHBORS), compute)
    if run.sketch is not None:
        run.sketch.show(_restored(spaces, joint), method="joint", title=TITLES["joint"])
    return joint


def _watch(run: Run) -> Callable[[Sequence[NDArray[np.float32]]], None] | None:
    if run.sketch is None:
        return None
    return partial(run.sketch.show, method="joint", title=SETTLING)


def _stored(
    spaces: Mapping[str, SpaceStages], pictures: list[NDArray[np.float32]]
) -> dict[str, AnyArray]:
    pairs = zip(spaces.values(), pictures, strict=True)
    return {f"coords-{i}": picture[one.order] for i, (one, picture) in enumerate(pairs)}


def _restored(spaces: Mapping[str, SpaceStages], stage: Stage) -> list[FloatArray]:
    return [
        restore_rows(stage.arrays[f"coords-{i}"], one.order)
        for i, one in enumerate(spaces.values())
    ]


def _describe(
    run: Run, name: str, stages: SpaceStages, *, method: str, stage: Stage
) -> tuple[ProjectionInfo, list[NumberField]]:
    coords = f"coords-{[*run.space_set.spaces].index(name)}"
    trust = _trust(run, name, stages, stage=stage, coords=coords)
    over = stages.over
    fields = [
        NumberField(
            name=f"{what}_{method}",
            title=f"{what.capitalize()} of the {TITLES[method]} picture",
            values=run.catalog.add(
                f"{over}/{what}_{method}", trust, what, kind="values", over=over
            ),
            over=over,
            definition=definition.format(k=sensible_k(TRUST_NEIGHBORS, len(stages.order))),
            range=None,
        )
        for what, definition in DEFINITIONS.items()
    ]
    info = ProjectionInfo(
        method=method,
        title=TITLES[method],
        coords=run.catalog.add(f"{over}/{method}", stage, coords, kind="coords", over=over),
        params={"n_neighbors": LAYOUT_NEIGHBORS} if method == "joint" else {},
        trustworthiness=trust.facts["trustworthiness"],
        continuity=trust.facts["continuity"],
    )
    return info, fields


def _trust(run: Run, name: str, stages: SpaceStages, *, stage: Stage, coords: str) -> Stage:
    n_items = len(stages.order)
    most = n_items if n_items <= FULLY_TRUSTED else QUERIES
    k = sensible_k(TRUST_NEIGHBORS, n_items)

    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        rows = sample_rows(n_items, most=most, seed=run.seed)
        run.report_step(f"trust of the picture of {name}", 0, 1)
        found = trustworthiness_continuity(
            stages.vectors.arrays["vectors"],
            restore_rows(stage.arrays[coords], stages.order),
            metric=run.space_set.spaces[name].metric,
            k=k,
            queries=rows,
        )
        arrays: dict[str, AnyArray] = {}
        facts: dict[str, object] = {}
        for what, values in zip(DEFINITIONS, found, strict=True):
            per_item = np.full(n_items, np.nan, dtype=np.float32)
            per_item[rows] = values
            arrays[what] = per_item[stages.order]
            facts[what] = float(np.mean(values, dtype=np.float64))
        return arrays, facts

    return run.stage("trust", (stages.vectors.key, stage.key, coords, most, k, run.seed), compute)
