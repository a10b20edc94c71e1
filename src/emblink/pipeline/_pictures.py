"""The 2-D pictures of all spaces, in one frame, and how far each can be trusted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from emblink.bundle import Stage, part, restore_rows
from emblink.bundle.schema import NumberField, ProjectionInfo
from emblink.pipeline._given import Pictures, coords_name, frame_given
from emblink.pipeline._run import Run, SpaceStages, graph_of
from emblink.pipeline._trust import trust, trust_fields, trust_means
from emblink.projection import joint_layout, pca_projections
from emblink.types import AnyArray, FloatArray

LAYOUT_NEIGHBORS = 15

TITLES = {"joint": "Aligned layout", "pca": "PCA"}


def draw(
    run: Run, spaces: Mapping[str, SpaceStages], given: Pictures
) -> dict[str, list[tuple[ProjectionInfo, list[NumberField]]]]:
    """Project every space by the joint layout and by PCA, and take in the user's pictures.

    Parameters
    ----------
    run : Run
    spaces : mapping of name to SpaceStages
    given : Pictures

    Returns
    -------
    mapping of name to list of (ProjectionInfo, list of NumberField)
        The joint layout first.
    """
    pca = _pca(run, spaces)
    joint = _joint(run, spaces, pca)
    pictures = {"joint": joint, "pca": pca}
    for method, one in given.items():
        pictures[method] = frame_given(run, spaces, method, one, joint=joint)
    return {name: _describe(run, name, stages, pictures) for name, stages in spaces.items()}


def _pca(run: Run, spaces: Mapping[str, SpaceStages]) -> Stage:
    def compute() -> tuple[dict[str, AnyArray], dict[str, object]]:
        pictures = pca_projections(
            [stages.vectors.arrays["vectors"] for stages in spaces.values()],
            [run.space_set.rows[name] for name in spaces],
            metrics=[run.space_set.spaces[name].metric for name in spaces],
            seed=run.seed,
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
            progress=run.progress("aligned layout"),
        )
        return _stored(spaces, pictures), {}

    keys = [one.graph.key for one in spaces.values()]
    return run.stage("joint", (keys, pca.key, n_items, run.seed, LAYOUT_NEIGHBORS), compute)


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
    run: Run, name: str, stages: SpaceStages, pictures: Mapping[str, Stage]
) -> list[tuple[ProjectionInfo, list[NumberField]]]:
    array, over = coords_name(run, name), stages.over
    drawn = {method: stage for method, stage in pictures.items() if array in stage.arrays}
    measured = trust(run, name, stages, [(stage, array) for stage in drawn.values()])
    found = []
    for at, (method, stage) in enumerate(drawn.items()):
        title = TITLES.get(method, method)
        info = ProjectionInfo(
            method=method,
            title=title,
            coords=run.catalog.add(
                f"{over}/{part(method)}", stage, array, kind="coords", over=over
            ),
            params={"n_neighbors": LAYOUT_NEIGHBORS} if method == "joint" else {},
            **trust_means(measured, at),
        )
        fields = trust_fields(run, stages, measured, at=at, method=method, title=title)
        found.append((info, fields))
    return found
